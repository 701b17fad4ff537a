"""Both sides and several levels: the rule in words, and lines worked by `coding` by ruleset."""

from collections.abc import Sequence

from facetwise.coding import Coding, as_procedure, code, rulesets
from facetwise.coding.as_text import written
from facetwise.pages.content import of_page, statements
from facetwise.pages.gather import Context, once
from facetwise.pages.model import Grid, NotAvailable, Section

_ASK = "ask the payer"
_NOT_CHECKED = "not checked"


def reporting(page: Context) -> Section:
    """Worked lines for every ruleset on the date, those that answer alike in one column."""
    said = statements(page, "reporting")
    cases = of_page(page, "worked")
    worked = [
        [code(done, ruleset, store=page.store) for ruleset in rulesets()]
        for done in (as_procedure(case["procedure"], page.day) for case in cases)
    ]
    groups: dict[tuple[str, ...], list[str]] = {}
    for at, ruleset in enumerate(rulesets().values()):
        column = tuple(_cell(codings[at]) for codings in worked)
        groups.setdefault(column, []).append(ruleset.title)
    heads = ("what was done", *("; ".join(titles) for titles in groups.values()))
    rows = tuple(
        (case["title"], *(column[at] for column in groups)) for at, case in enumerate(cases)
    )
    cited = once(
        citation
        for codings in worked
        for coding in codings
        for line in coding.lines
        for step in line.steps
        for citation in step.citations
    )
    grid = Grid("worked-lines", "Worked lines", heads, rows if cited else (), cited)
    return Section(
        "reporting", "Both sides and several levels", said, (grid,) if grid.rows else (),
        _open(worked),
    )  # fmt: skip


def _cell(coding: Coding) -> str:
    """The lines, and whether a step of theirs is derived; else what stands in the way."""
    if coding.lines:
        lines = ", ".join(written(line) for line in coding.lines)
        open_ends = [f"to be settled: {question.id}" for question in coding.questions]
        derived = ["derived"] if any(line.derived for line in coding.lines) else []
        marks = "; ".join((*derived, *open_ends))
        return f"{lines} ({marks})" if marks else lines
    return _NOT_CHECKED if coding.reason else _ASK


def _open(worked: Sequence[Sequence[Coding]]) -> tuple[NotAvailable, ...]:
    """What must be asked of the payer, or would be answered by a file, once each."""
    gaps: dict[NotAvailable, None] = {}
    for codings in worked:
        for coding in codings:
            if coding.reason:
                gaps[NotAvailable(coding.reason, coding.supplied_by)] = None
            for question in coding.questions:
                if question.blocks or coding.lines:
                    what = f'An answer to "{question.ask}"'
                    gaps[NotAvailable(what, "the payer's own billing guide")] = None
    return tuple(gaps)
