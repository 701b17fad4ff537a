"""Did the code exist on the date of service?"""

from datetime import date

from facetwise.rules.declare import Findings, Line, Rows, every, fail, rule


@rule(
    "dates/code-life",
    trigger=every("line"),
    scope="line",
    reads=("code", "service_date"),
    uses=("rvu", "code_facts"),
    verdicts=("fail", "review"),
    advice="Use the code that was valid on the date of service.",
    denial_codes=("181", "N657"),
    binds="medicare",
)
def code_life(line: Line, rows: Rows) -> Findings:
    silent = rows.absent("rvu")
    for entry in rows.of("code_facts"):
        if entry["fact"] == "begins" and line.day and line.day < date.fromisoformat(entry["value"]):
            text = f"{line.code} began on {entry['value']}, after the date of service."
            yield fail(line, text, cite=(entry, *silent), field="code")
            return
    if silent:
        edition = silent[0].citation.edition.id
        text = f"{edition}, the fee schedule in force on the date, does not list {line.code}."
        yield fail(line, text, cite=silent, field="code")
