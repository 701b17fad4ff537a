"""Reading one generated X222A1 file: ours against pyx12 and x12sdk, ratios in one run.

    uv run --with pyx12 --with x12sdk python benchmarks/read_837.py [--claims N] [--rounds N]
        [-o benchmarks/results.json]

Ours reads every claim with all its fields, each of which knows its place; a second figure also asks
each claim for four places and each line for six. pyx12 iterates its
`X12ContextReader`, x12sdk its validated models. A peer that is not installed is named as such and
not guessed at. Each round measures all of them, on processor time, and the best of each counts.
"""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from facetwise.claim import Claim
from facetwise.formats import read

PLACES = ("code", "modifiers.0", "units", "charge", "place_of_service", "pointers")
CLAIM_PLACES = ("claim_id", "claim_total", "payer_id", "diagnoses.0")
ISA = (
    "ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       "
    "*260901*0900*^*00501*000000001*0*T*:"
)
_LINES = 5


def segments(claims: int) -> Iterator[str]:
    """A file of claims with five lines each, all different in what differs in life."""
    yield ISA
    yield "GS*HC*SENDER*RECEIVER*20260901*0900*1*X*005010X222A1"
    body = list(_transaction(claims))
    yield from body
    yield f"SE*{len(body) + 1}*0001"
    yield "GE*1*1"
    yield "IEA*1*000000001"


def _transaction(claims: int) -> Iterator[str]:
    yield "ST*837*0001*005010X222A1"
    yield "BHT*0019*00*1*20260901*0900*CH"
    yield "NM1*41*2*EXAMPLE BILLING*****46*990000001"
    yield "PER*IC*EXAMPLE CONTACT*TE*6145550100"
    yield "NM1*40*2*EXAMPLE RECEIVER*****46*990000009"
    yield from ("HL*1**20*1", "PRV*BI*PXC*208VP0014X", "NM1*85*2*CLINIC*****XX*1234567893")
    yield from ("N3*1 EXAMPLE ST", "N4*COLUMBUS*OH*432150001", "REF*EI*990000001")
    for number in range(claims):
        yield f"HL*{number + 2}*1*22*0"
        yield "SBR*P*18*******MB"
        yield f"NM1*IL*1*SAMPLE*PAT{number}****MI*SYN{number:06}"
        yield from ("N3*2 SAMPLE LN", "N4*COLUMBUS*OH*43215")
        yield f"DMG*D8*19{40 + number % 50}0{1 + number % 9}01*M"
        yield "NM1*PR*2*MEDICARE OHIO*****PI*15202"
        yield f"CLM*C{number}*{_LINES * (100 + number % 150)}.50***11:B:1*Y*A*Y*Y"
        yield f"REF*G1*AUTH{number}"
        yield "HI*ABK:M47816*ABF:M5450"
        yield from ("NM1*82*1*EXAMPLE*DOCTOR****XX*1000000111", "PRV*PE*PXC*208VP0014X")
        for line in range(1, _LINES + 1):
            yield f"LX*{line}"
            yield f"SV1*HC:6449{line}:50:KX*{100 + number % 150}.10*UN*1***1:2"
            yield f"DTP*472*D8*202608{1 + number % 28:02}"
            yield f"REF*6R*C{number}L{line}"


def ours(path: Path) -> int:
    """Every claim with all its fields and where they stand."""
    count = 0
    for claim in read(path):
        assert isinstance(claim, Claim)
        assert len(claim.lines) == _LINES
        count += 1
    return count


def ours_with_places(path: Path) -> int:
    """The same, and the places of its values written out."""
    count = 0
    for claim in read(path):
        assert isinstance(claim, Claim)
        assert not claim.faults
        for field in CLAIM_PLACES:
            claim.where(field)
        for line in claim.lines:
            for field in PLACES:
                line.where(field)
        count += 1
    return count


def with_pyx12(path: Path) -> int:
    """Every segment node of the context reader."""
    from pyx12.error_handler import errh_null
    from pyx12.params import params
    from pyx12.x12context import X12ContextReader

    with path.open(encoding="ascii") as file:
        nodes = X12ContextReader(params(), errh_null(), file).iter_segments()
        return sum(1 for node in nodes if node.id == "CLM")


def with_x12sdk(path: Path) -> int:
    """Every validated transaction model."""
    from x12sdk.io import X12ModelReader

    with X12ModelReader(str(path)) as reader:
        return sum(1 for _ in reader.models())


def seconds(work: Callable[[Path], int], path: Path) -> float:
    """Processor time of one reading, which must have found something."""
    begun = time.process_time()
    found = work(path)
    took = time.process_time() - begun
    assert found, work.__name__
    return took


def measure(claims: int, rounds: int) -> dict[str, object]:
    """Best times in microseconds a claim, and how many times faster ours is."""
    peers = {"pyx12 X12ContextReader": with_pyx12, "x12sdk models": with_x12sdk}
    missing: list[str] = []
    best: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "claims.837"
        text = "".join(f"{segment}~\n" for segment in segments(claims))
        path.write_text(text)
        mine = {"facetwise": ours, "facetwise, places asked": ours_with_places}
        for _ in range(rounds):
            for name, work in {**mine, **peers}.items():
                if name in missing:
                    continue
                try:
                    took = seconds(work, path)
                except ImportError:
                    missing.append(name)
                    continue
                best[name] = min(took, best.get(name, took))
    return {
        "claims": claims,
        "segments": text.count("~"),
        "bytes": len(text),
        "microseconds_a_claim": {name: round(t / claims * 1e6, 1) for name, t in best.items()},
        "segments_a_second": {name: round(text.count("~") / t) for name, t in best.items()},
        "facetwise_is_times_faster": {
            name: round(best[name] / best["facetwise"], 1) for name in peers if name in best
        },
        "not_installed": missing,
    }


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--claims", type=int, default=2000)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("-o", "--output", type=Path)
    given = options.parse_args()
    result = {"read_837": measure(given.claims, given.rounds)}
    print(json.dumps(result, indent=2))
    if given.output:
        known = json.loads(given.output.read_text()) if given.output.exists() else {}
        given.output.write_text(json.dumps(known | result, indent=2) + "\n")
    sys.exit(0)
