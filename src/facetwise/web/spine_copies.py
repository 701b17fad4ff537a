"""The answer of the Spine screen to take along: text, JSON (the published contract) and CSV."""

import csv
import io
import json
from collections.abc import Iterable, Sequence

from facetwise.coding import Coding
from facetwise.coding.as_json import code_json, compare_json
from facetwise.coding.as_text import code_text, compare_text

_COLUMNS = (
    "ruleset", "date_of_service", "line", "code", "modifiers", "units", "stands_for", "basis",
    "verdict", "open",
)  # fmt: skip


def as_text(codings: Sequence[Coding]) -> str:
    """As `facetwise code` prints it."""
    text = code_text(codings[0]) if len(codings) == 1 else compare_text(codings)
    return f"{text}\n"


def as_json(codings: Sequence[Coding]) -> str:
    """The contract `facetwise.code/1`."""
    body = code_json(codings[0]) if len(codings) == 1 else compare_json(codings)
    return json.dumps(body, indent=2, ensure_ascii=False) + "\n"


def as_csv(codings: Sequence[Coding]) -> str:
    """One row a line; a ruleset without lines has one row that says what is open."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for coding in codings:
        writer.writerows(_rows(coding))
    return out.getvalue()


def _rows(coding: Coding) -> Iterable[tuple[object, ...]]:
    who, day = coding.ruleset or "", coding.day or ""
    asked = " ".join(q.ask for q in coding.questions) or coding.reason
    for number, line in enumerate(coding.lines, 1):
        basis = "derived" if line.derived else "stated"
        yield (
            who, day, number, line.code, " ".join(line.modifiers), line.units,
            " ".join(line.joints), basis, coding.verdict, asked,
        )  # fmt: skip
    if not coding.lines:
        yield who, day, "", "", "", "", "", "", coding.verdict, asked
