"""Does every line have a date of service that is not in the future?"""

from facetwise.rules.declare import Findings, Line, Rows, every, review, rule


@rule(
    "dates/service-date",
    trigger=every("line"),
    scope="line",
    reads=("service_date", "last_service_date"),
    cites=("X12-837P",),
    verdicts=("review",),
    advice="Correct the date of service.",
    denial_codes=("16", "M52"),
)
def service_date(line: Line, rows: Rows) -> Findings:
    first, last = line.item.service_date, line.item.last_service_date
    if first is None:
        text = "The line has no readable date of service."
        yield review(line, text, cite=rows.said, field="service_date")
    elif max(first, last or first) > rows.as_of:
        text = "The date of service lies after the day of this check."
        yield review(line, text, cite=rows.said, field="service_date")
    elif last is not None and last < first:
        text = "The last day of service lies before the first."
        yield review(line, text, cite=rows.said, field="service_date")
