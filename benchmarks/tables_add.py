"""How long adding official files takes, and what claims cost with all of them added.

    uv run python -m benchmarks.tables_add [--data ../shared/data]

Adds the 2.5 million practitioner pairs of 2024 Q3 in a process of their own, then everything else,
then checks claims of any codes, warm and cold. Prints the figures and writes them to
benchmarks/results.json.
"""

import argparse
import json
import os
import platform
import random
import resource
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

ROOT = Path(__file__).parent.parent
PAIRS = "ncci/ptp_2024q3_prac.parquet"
AS_OF = date(2026, 11, 24)
_ADD = (
    "import resource, sys; from pathlib import Path; from facetwise.tables.add import add_files;"
    "from facetwise.tables.store import packaged;"
    "add_files([Path(sys.argv[1])], packaged());"
    "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)"
)


def main() -> None:
    """Add, check, report."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["FACETWISE_DATA"] = folder
        started, cpu = time.perf_counter(), _children()
        peak = _run(_ADD, str(options.data / PAIRS))
        pairs, pairs_cpu = time.perf_counter() - started, _children() - cpu
        started = time.perf_counter()
        for name in ("pfs", "ncci", "asc", "codes"):
            _run(_ADD, str(options.data / name))
        rest = time.perf_counter() - started
        results = {
            "pairs_seconds": round(pairs, 1),
            "pairs_processor_seconds": round(pairs_cpu, 1),
            "pairs_peak_megabytes": int(peak),
            "everything_else_seconds": round(rest, 1),
            "folder_megabytes": sum(p.stat().st_size for p in Path(folder).iterdir()) >> 20,
            **_claims(Path(folder)),
            "python": platform.python_version(),
        }
    for name, value in results.items():
        print(f"{name:36} {value}")
    path = ROOT / "benchmarks" / "results.json"
    held = json.loads(path.read_text("utf-8")) if path.exists() else {}
    path.write_text(json.dumps({**held, "tables_add": results}, indent=2) + "\n", "utf-8")


def _run(code: str, *arguments: str) -> str:
    command = [sys.executable, "-c", code, *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _claims(folder: Path) -> dict[str, float]:
    from facetwise.engine.check import Checker
    from facetwise.engine.run import check_all
    from facetwise.formats import read
    from facetwise.tables.store import shipped

    store = shipped()
    chance = random.Random(9)
    codes = sorted({row["code"] for row in store.all_rows("rvu", edition="RVU26C")})
    path = folder / "claims.csv"
    lines = ["claim_id,line,code,units,service_date,claim_type"]
    lines += [
        f"{claim},{line + 1},{chance.choice(codes)},1,2026-08-03,practitioner"
        for claim in range(200)
        for line in range(5)
    ]
    path.write_text("\n".join(lines) + "\n", "utf-8")
    claims = list(read(path))
    checker = Checker(store, as_of=AS_OF)
    list(check_all(claims[:5], checker))
    started = time.perf_counter()
    list(check_all(claims, checker))
    unlike = (time.perf_counter() - started) / len(claims)
    started = time.perf_counter()
    list(check_all(claims, checker))
    warm = (time.perf_counter() - started) / len(claims)
    path.write_text("\n".join(lines[:6]) + "\n", "utf-8")
    times: list[float] = []
    for _ in range(5):
        started = time.perf_counter()
        subprocess.run(
            [sys.executable, "-m", "facetwise", "check", str(path), "--fail-on", "never"],
            check=True, capture_output=True,
        )  # fmt: skip
        times.append(time.perf_counter() - started)
    return {
        "warm_claim_microseconds": round(warm * 1e6),
        "claim_of_new_codes_microseconds": round(unlike * 1e6),
        "cold_claim_milliseconds": round(min(times) * 1e3),
    }


if __name__ == "__main__":
    main()
