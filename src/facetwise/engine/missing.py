"""Which official files, by the names CMS gives them, would answer more about claims."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date

from facetwise.engine.answer import ClaimAnswer, Found, NotChecked
from facetwise.tables.catalogue import Catalogue
from facetwise.tables.official import files_by_name


def missing_files(
    answers: Iterable[ClaimAnswer], days: Iterable[date], catalogue: Catalogue
) -> Counter[str]:
    """File name to the number of answers it would give or make newer.

    Args:
        days: the dates of service of the claims.
        catalogue: of the tables held.
    """
    readable = files_by_name(catalogue, days)
    wanted: Counter[str] = Counter()
    for answer in answers:
        named = asked_for(answer.not_checked, answer.findings)
        wanted.update(name for name in named if name in readable)
    return wanted


def asked_for(gaps: Iterable[NotChecked], findings: Iterable[Found]) -> Iterator[str]:
    """The files that unanswered questions, and findings from carried editions, name."""
    for gap in gaps:
        yield gap.supplied_by
    for finding in findings:
        for citation in finding.citations:
            if citation.carried:
                newer = citation.note.partition("Newer file: ")[2]
                yield newer.partition(". The same")[0].rstrip(".")
