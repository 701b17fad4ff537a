"""Encounters: all lines of one patient on one date, across the claims of one input."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from types import TracebackType
from typing import TYPE_CHECKING, Self

from facetwise.claim import Claim, ClaimType
from facetwise.rules.subject import Encounter, Line, line_of

if TYPE_CHECKING:
    from facetwise.engine.spill import Spill

_REPLACEMENT, VOID = "7", "8"
"""Claim frequency codes (X12 837, CLM05-3)."""


def encounters(
    claim: Claim, lines: tuple[Line, ...], patient: Sequence[Claim]
) -> dict[date | None, Encounter]:
    """The encounter of each day of a claim, in the order of the input.

    A line without a date is in an encounter of its own claim's lines. A void bills nothing beside
    others, and a claim that a replacement stands for is left out. A practitioner's claim and the
    facility's for the same session are two encounters: no edit compares them.
    """
    standing = [other for other in patient if other is claim or _stands(other, claim, patient)]
    everyone = [
        line
        for other in standing
        for line in (lines if other is claim else (line_of(other, item) for item in other.lines))
    ]
    whole = all(other.complete for other in standing)
    days: dict[date | None, Encounter] = {}
    for day in {line.day for line in lines}:
        alike = tuple(line for line in everyone if line.day == day) if day else lines
        days[day] = Encounter(alike, whole)
    return days


def _stands(other: Claim, claim: Claim, patient: Sequence[Claim]) -> bool:
    """Whether another claim of the patient still stands beside this one."""
    if VOID in (other.frequency_code, claim.frequency_code):
        return False
    types = {other.claim_type, claim.claim_type} - {ClaimType.UNKNOWN}
    if len(types) > 1 or _replaces(other, claim, patient):
        return False
    return not any(_replaces(newer, other, patient) for newer in patient)


def _replaces(newer: Claim, older: Claim, patient: Sequence[Claim]) -> bool:
    """Whether a replacement or void takes the place of another claim of the same patient.

    It names the payer's number of the old claim, which the old claim itself cannot know, so the
    claim id links them. A replacement stands for the original wherever it comes, and for earlier
    replacements; a void for what comes before it, since what follows is billed anew. A replacement
    whose id no other claim bears stands for an original with one of its codes on the same day.
    """
    if newer is older or newer.frequency_code not in (_REPLACEMENT, VOID):
        return False
    first = older.frequency_code not in (_REPLACEMENT, VOID)
    same = [other for other in patient if other.claim_id == newer.claim_id and newer.claim_id]
    if len(same) > 1:
        places = {id(other): at for at, other in enumerate(same)}
        before = places.get(id(older), len(same)) < places[id(newer)]
        return before or (first and newer.frequency_code == _REPLACEMENT and id(older) in places)
    services = {(line.code, line.service_date) for line in newer.lines}
    alike = any((line.code, line.service_date) in services for line in older.lines)
    return first and alike and newer.frequency_code == _REPLACEMENT


class Patients:
    """The claims of one input in order, and for each the claims of its patient.

    Up to `hold` claims stay in memory; beyond that all go to a temporary file that only its owner
    can read and that is removed at the end.
    """

    def __init__(self, claims: Iterable[Claim], hold: int = 20_000) -> None:
        self._held: list[Claim] = []
        self._of: dict[str, list[int]] = {}
        self._spill: Spill | None = None
        self._count = 0
        try:
            for claim in claims:
                self._add(claim, hold)
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:  # fmt: skip
        self.close()

    def close(self) -> None:
        """Remove the temporary file, if there is one."""
        if self._spill:
            self._spill.close()

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[tuple[Claim, Sequence[Claim]]]:
        """Each claim with all claims of its patient in order, itself among them."""
        for at in range(self._count):
            claim = self._claim(at)
            mine = self._of.get(claim.patient_key, [at])
            yield claim, [claim if other == at else self._claim(other) for other in mine]

    def _add(self, claim: Claim, hold: int) -> None:
        if claim.patient_key:
            self._of.setdefault(claim.patient_key, []).append(self._count)
        self._count += 1
        if self._spill is None and len(self._held) >= hold:
            from facetwise.engine.spill import Spill  # few inputs are so large

            self._spill = Spill()
            for held in self._held:
                self._spill.add(held)
            self._held = []
        if self._spill is None:
            self._held.append(claim)
        else:
            self._spill.add(claim)

    def _claim(self, at: int) -> Claim:
        return self._held[at] if self._spill is None else self._spill.get(at)
