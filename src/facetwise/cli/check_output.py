"""How answers about claims are shown to people: a table."""

from collections import Counter
from collections.abc import Iterator
from textwrap import wrap

from facetwise.claim import Fault
from facetwise.engine.answer import ClaimAnswer, Found
from facetwise.engine.output import printable
from facetwise.sources import Citation
from facetwise.version import NOTICE

_MOST_NAMED = 3


def table(claims: list[ClaimAnswer], faults: list[Fault], *, quiet_pass: bool) -> str:
    """Each claim with its findings, then what was asked and what could not be answered."""
    lines = [line for fault in faults for line in _fault(fault)]
    for claim in claims:
        if claim.findings or not quiet_pass:
            lines += _claim(claim)
    return "\n".join([*lines, *_summary(claims, faults)])


def _fault(fault: Fault) -> Iterator[str]:
    yield f"input  review  {fault.id}"
    yield from _told(str(fault))


def _claim(claim: ClaimAnswer) -> Iterator[str]:
    asked = len(claim.passes)
    gaps = sorted({gap.rule for gap in claim.not_checked})
    named = f" ({', '.join(gaps)})" if 0 < len(gaps) <= _MOST_NAMED else ""
    found = Counter(str(finding.verdict) for finding in claim.findings)
    counts = [f"{found[verdict]} {verdict}" for verdict in ("fail", "review") if found[verdict]]
    told = ", ".join([*counts, f"{asked} passed", f"{len(gaps)} not checked{named}"])
    yield f"claim {printable(claim.claim_id) or '(no id)'}: {told}"
    for finding in claim.findings:
        yield from _finding(finding)


def _finding(found: Found) -> Iterator[str]:
    place = f"line {found.line}" if found.line else "claim"
    yield f"  {str(found.verdict).upper():6}  {place}  {found.rule}"
    yield from _told(found.message)
    if found.advice:
        yield from _told(f"Do: {found.advice}")
    sources = "; ".join(dict.fromkeys(
        f"{cited.edition.id} ({cited.edition.source.title}{_when(cited)})"
        for cited in found.citations
    ))  # fmt: skip
    yield from _told(f"Source: {sources}")
    if found.denial_codes:
        yield from _told(f"Likely denial: {', '.join(found.denial_codes)}")


def _when(cited: Citation) -> str:
    """The window and how it stands to the date; nothing for a document without dates."""
    window = cited.in_window
    return f", {window}, {cited.basis}" if window.first or window.last else ""


def _told(text: str, indent: str = "          ") -> list[str]:
    return wrap(printable(text), 96, initial_indent=indent, subsequent_indent="          ")


def _summary(claims: list[ClaimAnswer], faults: list[Fault]) -> Iterator[str]:
    worst = Counter(str(claim.worst) for claim in claims)
    verdicts = ("fail", "review", "not_checked", "pass")
    counts = ", ".join(f"{worst[verdict]} {verdict}" for verdict in verdicts if worst[verdict])
    yield ""
    yield f"{len(claims)} claims ({counts or 'none'}), {len(faults)} faults of the input."
    passed = Counter(rule for claim in claims for rule in claim.passes)
    if passed:
        told = ", ".join(f"{rule} {n}" for rule, n in sorted(passed.items()))
        yield from _told(f"Passed, by rule: {told}", "")
    suppliers: dict[str, Counter[str]] = {}
    for claim in claims:
        for gap in claim.not_checked:
            suppliers.setdefault(gap.rule, Counter())[gap.supplied_by] += 1
    for rule, files in sorted(suppliers.items()):
        named = "; ".join(file for file, _ in files.most_common(_MOST_NAMED))
        more = f"; and {len(files) - _MOST_NAMED} more" if len(files) > _MOST_NAMED else ""
        times = f"{files.total():,} times" if files.total() > 1 else "once"
        yield from _told(f"Not checked: {rule} ({times}). Would answer: {named}{more}.", "")
    yield NOTICE
