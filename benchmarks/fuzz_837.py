"""A million mutated 837 files, seeded: no crash, no hang, no claim lost without a word, no leak.

    .venv/bin/python benchmarks/fuzz_837.py [--count N] [--seconds S] [--seed N]

Ends with 1 and the seed of the first input that broke a promise; `mutant(seed)` makes it again.
"""

import argparse
import io
import random
import re
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path

from facetwise.claim import Claim, Fault
from facetwise.formats import read

EXAMPLES = Path(__file__).parents[1] / "examples" / "claims" / "facet.837"
CANARIES = ("SAMPLE01", "SAMPLE02", "SYN000001", "SYN000002", "19510101", "1 SAMPLE LN")
SLOWEST = 10.0  # seconds for an input of some kilobytes: beyond it, call it a hang
_CLAIMS = 2


def base() -> bytes:
    """Two interchanges of the first example claims, each with separators of its own."""
    segments = EXAMPLES.read_text().replace("\n", "").split("~")
    starts = [at for at, text in enumerate(segments) if text.startswith("HL*")]
    body = segments[2 : starts[_CLAIMS + 1]]
    trailer = [f"SE*{len(body) + 1}*0001", "GE*1*1", "IEA*1*000000001"]
    whole = [*segments[:2], *body, *trailer]
    first = "".join(text + "~" for text in whole)
    retired = [text.replace("*005010X222A1", "*004010X098A1") for text in whole]
    retired[2] = "ST*837*0001"
    second = "".join(text + "~\n" for text in retired)
    other = first.replace("*", "|").replace(":", ">").replace("~", "\n")
    return (first + other + second).encode()


BASE = base()
PIECES = [BASE[at : at + 1] for at in range(0, len(BASE), 7)] + [
    *(b"~", b"*", b":", b"^", b"\n", b"\r\n", b"|", b">", b"\0", b"\xff", b"\xc3\x28", b"ISA"),
    *(b"~CLM*X*1***11:B:1~", b"~LX*1~", b"~SE*1*1~", b"~HL*1**20*1~", b"~ST*837*1~", b"~~~~"),
    *(b"9" * 40, b"-", b"NaN", b"1e9", b"005010X999", b"~SV1*HC:64493*1*UN*1***1~"),
]


def mutant(seed: int) -> bytes:
    """The input of a seed: the base with one to six changes."""
    chance = random.Random(seed)
    data = BASE
    for _ in range(chance.randint(1, 6)):
        data = chance.choice(CHANGES)(data, chance)
    return data


def _cut(data: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(data) + 1)
    return data[:at] + data[at + chance.choice((1, 1, 3, 20, 400)) :]


def _truncate(data: bytes, chance: random.Random) -> bytes:
    return data[: chance.randrange(len(data) + 1)]


def _insert(data: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(data) + 1)
    return data[:at] + chance.choice(PIECES) + data[at:]


def _flip(data: bytes, chance: random.Random) -> bytes:
    if not data:
        return data
    at = chance.randrange(len(data))
    return data[:at] + bytes([chance.randrange(256)]) + data[at + 1 :]


def _repeat(data: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(data) + 1)
    end = at + chance.choice((5, 60, 600))
    return data[:end] + data[at:end] + data[end:]


def _move(data: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(data) + 1)
    end = at + chance.choice((5, 60, 300))
    rest = data[:at] + data[end:]
    to = chance.randrange(len(rest) + 1)
    return rest[:to] + data[at:end] + rest[to:]


def _swap_byte(data: bytes, chance: random.Random) -> bytes:
    old, new = chance.choice(b"*~:^|>\n1A"), chance.choice(b"*~:^|>\n\t !1A")
    return data.replace(bytes([old]), bytes([new]), chance.choice((1, 5, -1)))


CHANGES: list[Callable[[bytes, random.Random], bytes]] = [
    *(_cut, _cut, _truncate, _insert, _insert, _insert),
    *(_flip, _flip, _repeat, _move, _swap_byte),
]


def broken_promise(data: bytes) -> str:
    """What the reader did wrong with an input; empty when it kept every promise."""
    begun = time.perf_counter()
    claims = 0
    faults: list[Fault] = []
    for item in read(io.BytesIO(data)):
        if isinstance(item, Claim):
            claims += 1
            faults += item.faults
            if any(canary in repr(item) for canary in CANARIES):
                return "patient data in the repr of a claim"
            if any(fault.lost for fault in item.faults) and item.complete:
                return "a claim that lost something calls itself complete"
        else:
            faults.append(item)
    if time.perf_counter() - begun > SLOWEST:
        return "too slow"
    said = "\n".join(map(str, faults))
    if any(canary in said for canary in CANARIES):
        return "patient data in a fault"
    stated = sum(
        part.count(b"\nCLM|FW")
        if part.startswith(b"ISA|")
        else part.count(b"~CLM*FW") + part.count(b"~\nCLM*FW")
        for part in re.split(rb"(?=ISA[*|])", data)
        if part.startswith(b"ISA")
    )
    if claims < stated and not any(fault.lost or fault.id == "x12/count" for fault in faults):
        return f"{stated} claims stand in the file, {claims} were read, and no fault says so"
    return ""


def run(count: int, seconds: float, seed: int) -> int:
    """Try seeds until the count or the time is over; 1 when one breaks a promise."""
    begun = time.perf_counter()
    tried = 0
    while tried < count and time.perf_counter() - begun < seconds:
        at = seed + tried
        try:
            broken = broken_promise(mutant(at))
        except Exception as error:  # any exception at all is the finding
            broken = f"{type(error).__name__}: {error}"
        if broken:
            print(f"seed {at}: {broken}")
            return 1
        tried += 1
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    took = time.perf_counter() - begun
    print(f"{tried:,} mutants in {took:.0f} s, all promises kept, peak {peak:.0f} MB")
    return 0


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--count", type=int, default=1_000_000)
    options.add_argument("--seconds", type=float, default=float("inf"))
    options.add_argument("--seed", type=int, default=0)
    given = options.parse_args()
    sys.exit(run(given.count, given.seconds, given.seed))
