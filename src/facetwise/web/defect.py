"""What may be said of a defect of ours: its kind and place, never its message."""

from pathlib import Path


def told(error: BaseException) -> str:
    """One line for whoever runs the server; a message might hold what was sent."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = ""
    if trace is not None:
        place = f" in {Path(trace.tb_frame.f_code.co_filename).name}, line {trace.tb_lineno}"
    return f"facetwise: internal error, {type(error).__name__}{place}."
