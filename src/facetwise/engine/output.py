"""Answers about claims as they are written out: JSON, one claim a line, and CSV."""

import csv
import io
import json
from collections.abc import Iterable, Iterator
from textwrap import indent
from typing import Any

from facetwise.claim import Fault
from facetwise.engine.answer import ClaimAnswer, Found, fault_dict
from facetwise.engine.check import Checker
from facetwise.version import header

_COLUMNS = (
    "claim_id", "line", "verdict", "rule", "message", "advice", "sources", "denial_codes",
    "file", "at", "element",
)  # fmt: skip


def head(checker: Checker) -> dict[str, Any]:
    """How every JSON answer about claims begins."""
    digest = checker.look.store.catalogue.digest
    policies = checker.policies.digest[:16]
    return {**header("check", digest), "as_of": checker.as_of.isoformat(), "policies": policies}


def ndjson(
    begins: dict[str, Any], claims: Iterable[ClaimAnswer], faults: Iterable[Fault]
) -> Iterator[str]:
    """A line for each claim, and at the end one for the faults of the input, if there are any.

    Args:
        begins: what `head` gives.
        faults: read after the claims, so it may grow while they are.
    """
    for claim in claims:
        yield json.dumps({**begins, **claim.as_dict()}, ensure_ascii=False)
    if told := [fault_dict(fault) for fault in faults]:
        yield json.dumps({**begins, "faults": told}, ensure_ascii=False)


def json_document(
    begins: dict[str, Any], claims: Iterable[ClaimAnswer], faults: Iterable[Fault]
) -> Iterator[str]:
    """The contract `facetwise.check/1` in pieces, so that no more than a claim is in memory."""
    whole = json.dumps({**begins, "claims": []}, indent=2, ensure_ascii=False)
    yield whole.removesuffix("]\n}")
    anything = False
    for claim in claims:
        text = json.dumps(claim.as_dict(), indent=2, ensure_ascii=False)
        yield f"{',' if anything else ''}\n{indent(text, '    ')}"
        anything = True
    told = {"faults": [fault_dict(fault) for fault in faults]}
    end = json.dumps(told, indent=2, ensure_ascii=False).removeprefix("{\n")
    yield f"{chr(10) + '  ' if anything else ''}],\n{end}\n"


def csv_rows(claims: Iterable[ClaimAnswer], faults: Iterable[Fault]) -> Iterator[str]:
    """One row a finding, the names of the columns first; a claim without findings has one row."""
    yield _row(_COLUMNS)
    for fault in faults:
        place = fault.place
        yield _row(
            ["", "", "review", fault.id, _plain(fault.message), _plain(fault.todo), "", "",
             _plain(place.file), place.at, _plain(place.element)]
        )  # fmt: skip
    for claim in claims:
        if not claim.findings:
            yield _row(_without_findings(claim))
        for finding in claim.findings:
            yield _row(_finding(claim, finding))


def printable(text: str) -> str:
    """Text without anything that a terminal or a spreadsheet would obey."""
    return text if text.isprintable() else "".join(c if c.isprintable() else "?" for c in text)


def _row(cells: Iterable[object]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow(cells)
    return text.getvalue()


def _without_findings(claim: ClaimAnswer) -> list[object]:
    where = claim.where
    told = f"{len(claim.passes)} rules passed, {len(claim.not_checked)} not checked"
    return [
        _plain(claim.claim_id), "", str(claim.worst), "", told, "", "", "",
        _plain(where.file), where.at, _plain(where.element),
    ]  # fmt: skip


def _finding(claim: ClaimAnswer, found: Found) -> list[object]:
    sources = " ".join(dict.fromkeys(citation.edition.id for citation in found.citations))
    return [
        _plain(claim.claim_id), found.line or "", str(found.verdict), found.rule,
        _plain(found.message), _plain(found.advice), sources, " ".join(found.denial_codes),
        _plain(found.where.file), found.where.at, _plain(found.where.element),
    ]  # fmt: skip


def _plain(text: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    text = printable(text)
    return f"'{text}" if text[:1] in ("=", "+", "-", "@") else text
