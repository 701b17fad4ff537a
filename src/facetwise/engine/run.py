"""Check a whole input: its claims in order, then what was wrong with it outside any claim."""

from collections.abc import Callable, Iterable, Iterator

from facetwise.claim import Claim, Fault
from facetwise.engine.answer import ClaimAnswer
from facetwise.engine.check import Checker
from facetwise.engine.encounters import Patients


def check_all(
    items: Iterable[Claim | Fault],
    checker: Checker,
    history: Iterable[Claim] = (),
    progress: Callable[[int, int], None] | None = None,
) -> Iterator[ClaimAnswer | Fault]:
    """An answer for every claim, in order; faults of the input first, as they were read.

    Args:
        items: what a reader yields.
        checker: rules and tables.
        history: earlier claims; each reaches the claims of its own patient.
        progress: told (claims answered, claims in all) now and then.
    """
    faults: list[Fault] = []

    def claims() -> Iterator[Claim]:
        for item in items:
            if isinstance(item, Claim):
                yield item
            else:
                faults.append(item)

    earlier: dict[str, list[Claim]] = {}
    for claim in history:
        earlier.setdefault(claim.patient_key, []).append(claim)
    with Patients(claims()) as patients:
        yield from faults
        for at, (claim, patient) in enumerate(patients, 1):
            past = earlier.get(claim.patient_key, ()) if claim.patient_key else ()
            yield checker.check(claim, patient, past)
            if progress and at % 500 == 0:
                progress(at, len(patients))
