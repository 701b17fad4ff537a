"""What is shown as the place of a finding is what stands there."""

import io
import sqlite3
from pathlib import Path

import pytest

from benchmarks.fuzz_837 import mutant
from facetwise.claim import Fault, Place
from facetwise.formats import x12
from facetwise.web.places import Places, Row, keep_places
from tests.formats.build_837 import ClaimText, LineText, Marks, interchange, transaction

_MUTANTS = 120


def places(tmp_path: Path, data: bytes) -> Places:
    path = tmp_path / "input"
    path.write_bytes(data)
    db = sqlite3.connect(":memory:", isolation_level=None)
    keep_places(db, path)
    return Places(db, path)


def shown(rows: tuple[Row, ...]) -> str:
    return next("".join(part.text for part in row.parts) for row in rows if row.here)


def marked(rows: tuple[Row, ...]) -> str:
    return next(part.text for row in rows for part in row.parts if part.marked)


def test_the_segment_shown_is_the_one_counted_however_broken_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(x12, "CHUNK", 700)
    compared = 0
    for seed in range(_MUTANTS):
        data = mutant(seed)
        found = places(tmp_path, data)
        for item in x12.Cutter(io.BytesIO(data), ""):
            if isinstance(item, Fault):
                continue
            for at, text in enumerate(item.segments, item.first):
                rows = found.at(Place("f", "segment", at))
                if rows:
                    assert shown(rows) == text[:600] + ("…" if len(text) > 600 else ""), (seed, at)
                    compared += 1
    assert compared > 5_000


def test_an_overlong_segment_does_not_shift_those_after_it(tmp_path: Path) -> None:
    claims = [ClaimText("LONG" + "X" * 3000), ClaimText("NEXT")]
    data = interchange(transaction(claims))
    whole = data.decode().replace("\n", "").split("~")
    at = next(n for n, text in enumerate(whole, 1) if text.startswith("CLM*NEXT"))
    assert shown(places(tmp_path, data).at(Place("f", "segment", at))) == whole[at - 1]


@pytest.mark.parametrize(
    ("element", "value"),
    [("SV101-2", "64493"), ("SV101-3", "RT"), ("SV102", "100.00"), ("SV105", ""), ("SV109", "")],
)
def test_the_element_that_must_change_is_marked_and_an_absent_one_is_empty(
    tmp_path: Path, element: str, value: str
) -> None:
    line = LineText(modifiers=("RT",))
    data = interchange(
        transaction([ClaimText(lines=(line,))]), marks=Marks("|", ">", "^", "\n", "")
    )
    segments = data.decode().split("\n")
    at = next(n for n, text in enumerate(segments, 1) if text.startswith("SV1"))
    rows = places(tmp_path, data).at(Place("f", "segment", at, element))
    assert marked(rows) == value
    assert [row.label for row in rows] == [str(at + step) for step in range(-2, 3)]


def test_a_row_is_found_past_quoted_breaks_and_any_line_end(tmp_path: Path) -> None:
    for end in ("\n", "\r\n", "\r"):
        lines = [f'C{at},"a, {at}",6449{at % 9}' for at in range(40_000)]
        data = ("claim_id,name,code" + end + end.join(lines) + end).encode()
        rows = places(tmp_path, data).at(Place("f", "row", 30_002, "code"))
        assert [(row.label, row.parts[0].text) for row in rows] == [
            ("claim_id", "C30000"), ("name", "a, 30000"), ("code", "64493"),
        ]  # fmt: skip
        assert marked(rows) == "64493"


def test_a_value_in_json_is_marked_with_its_neighbours(tmp_path: Path) -> None:
    claim = '{"claim_id": "A", "lines": [{"code": "64493", "units": 2}, {"code": "64494"}]}'
    whole = places(tmp_path, b'{"claims": [' + claim.encode() + b"]}")
    assert marked(whole.at(Place("f", "item", 1, "lines[0].units"))) == '"units": 2'
    assert marked(whole.at(Place("f", "item", 1, "lines[1].modifiers[0]"))) == "{"
    by_line = places(tmp_path, (claim + "\n").encode() * 3)
    assert marked(by_line.at(Place("f", "line", 3, "lines[1].code"))) == '"code": "64494"'


@pytest.mark.parametrize(
    "place",
    [("segment", 0), ("segment", 10**9), ("row", 10**9), ("line", 10**9), ("item", 9), ("file", 0)],
)
def test_a_place_that_is_not_there_shows_nothing(tmp_path: Path, place: tuple[str, int]) -> None:
    for data in (interchange(transaction([ClaimText()])), b"a,b\n1,2\n", b"[]", b"%PDF", b""):
        assert places(tmp_path, data).at(Place("f", *place)) == ()
