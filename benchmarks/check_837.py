"""How fast claims are checked, against pyx12's validation of the same file, in one run.

    uv run --with pyx12 python -m benchmarks.check_837 [--claims 100000] [--peer-claims 2000]

Prints claims a second and ratios, and writes them to benchmarks/results.json. The peer is slow, so
it validates the first claims of the same file only; its rate does not depend on the length.
Then what one claim costs: of a pattern met before, of none met before, of codes never asked for in
this process, and in a process of its own. Set FACETWISE_DATA to measure with official files added.
"""

import argparse
import io
import json
import os
import platform
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

from benchmarks.read_837 import segments
from facetwise.claim import Claim
from facetwise.engine.check import Checker
from facetwise.engine.run import check_all
from facetwise.formats import read
from facetwise.tables.store import shipped

ROOT = Path(__file__).parent.parent
AS_OF = date(2026, 11, 24)


def main() -> None:
    """Generate, check, validate with the peer, report."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--claims", type=int, default=100_000)
    parser.add_argument("--peer-claims", type=int, default=2_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        large, small = Path(folder) / "large.837", Path(folder) / "small.837"
        write(large, options.claims)
        write(small, options.peer_claims)
        ours = options.claims / timed(lambda: count(large))
        peer = options.peer_claims / timed(lambda: validate(small))
    warm = warm_claim()
    unlike, new = unlike_claims(), claims_of_new_codes()
    cold = cold_claims()
    results = {
        "claims": options.claims,
        "checked_claims_per_second": round(ours),
        "pyx12_validated_claims_per_second": round(peer),
        "ratio": round(ours / peer, 1),
        "warm_claim_microseconds": round(warm * 1e6),
        "claim_unlike_any_before_microseconds": round(unlike * 1e6),
        "claim_of_codes_not_asked_before_microseconds": round(new * 1e6),
        "cold_claim_milliseconds_best": round(min(cold) * 1e3),
        "cold_claim_milliseconds_median": round(statistics.median(cold) * 1e3),
        "rules": len(Checker(shipped(), as_of=AS_OF).rules),
        "python": platform.python_version(),
    }
    for name, value in results.items():
        print(f"{name:36} {value}")
    path = ROOT / "benchmarks" / "results.json"
    held = json.loads(path.read_text("utf-8")) if path.exists() else {}
    path.write_text(json.dumps({**held, "check_837": results}, indent=2) + "\n", "utf-8")


def write(path: Path, claims: int) -> None:
    """The file that the reading benchmark uses: five lines a claim."""
    path.write_text("".join(f"{segment}~\n" for segment in segments(claims)), "ascii")


def count(path: Path) -> None:
    """Check a whole file in one process."""
    checker = Checker(shipped(), as_of=AS_OF)
    answers = sum(1 for _ in check_all(read(path), checker))
    assert answers > 0


def validate(path: Path) -> None:
    """What the peer does with a file: walk and validate every segment."""
    import pyx12.params
    import pyx12.x12n_document

    with path.open(encoding="ascii") as file:
        pyx12.x12n_document.x12n_document(pyx12.params.params(), file, io.StringIO(), None, None)


def warm_claim() -> float:
    """Seconds to check one claim of five lines, all caches warm."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "one.837"
        write(path, 1)
        claim = next(item for item in read(path) if isinstance(item, Claim))
    checker = Checker(shipped(), as_of=AS_OF)
    for _ in range(20):
        checker.check(claim)
    return timed(lambda: [checker.check(claim) for _ in range(500)]) / 500


def unlike_claims() -> float:
    """Seconds for a claim of five lines whose pattern was not met before, tables warm."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "some.837"
        write(path, 200)
        claims = [item for item in read(path) if isinstance(item, Claim)]
    checker = Checker(shipped(), as_of=AS_OF)
    for claim in claims:
        checker.check(claim)

    def each_anew() -> None:
        for claim in claims:
            checker.alike.clear()
            checker.check(claim)

    return timed(each_anew) / len(claims)


def claims_of_new_codes() -> float:
    """Seconds for a claim of five codes of which none was asked before; the middle of all."""
    store = shipped()
    schedule = store.table("rvu").editions[-1].id
    codes = sorted({row["code"] for row in store.all_rows("rvu", edition=schedule)})
    random.Random(9).shuffle(codes)
    fives = [codes[at : at + 5] for at in range(0, min(len(codes), 2_000) - 4, 5)]
    lines = ["claim_id,line_no,code,units,service_date,claim_type,place_of_service"]
    lines += [
        f"{claim},{number},{code},1,2026-08-03,practitioner,11"
        for claim, five in enumerate(fives, 1)
        for number, code in enumerate(five, 1)
    ]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "new.csv"
        path.write_text("\n".join(lines) + "\n", "utf-8")
        claims = [item for item in read(path) if isinstance(item, Claim)]
    checker = Checker(store, as_of=AS_OF)
    return statistics.median(timed(lambda c=claim: checker.check(c)) for claim in claims)


def cold_claims() -> list[float]:
    """Wall seconds of `facetwise check` on one claim, ten times, byte code written before."""
    command = [sys.executable, "-m", "facetwise", "check", "--fail-on", "never"]
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    times: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "one.837"
        write(path, 1)
        for _ in range(11):
            start = time.perf_counter()
            subprocess.run([*command, str(path)], check=True, capture_output=True, env=environment)
            times.append(time.perf_counter() - start)
    return times[1:]


def timed(work: Callable[[], object]) -> float:
    """Processor seconds the work takes."""
    start = time.process_time()
    work()
    return time.process_time() - start


if __name__ == "__main__":
    main()
