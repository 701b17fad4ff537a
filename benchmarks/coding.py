"""How many procedures one core codes in a second, and how long the parts take.

Run: `python benchmarks/coding.py`. Every procedure is different; nothing is answered from a cache
of answers. Goal: 10,000 codings a second from the Procedure noun.
"""

import random
import time
from collections.abc import Callable
from datetime import date, timedelta
from itertools import pairwise

from facetwise.anatomy import BOTH, JOINTS, LEFT, NERVES, RIGHT, Kind
from facetwise.coding import code, decode, rulesets
from facetwise.coding.as_json import code_json
from facetwise.procedure import (
    Guidance,
    Intervention,
    Procedure,
    Purpose,
    Target,
    Technique,
    read_text,
)

COUNT = 5_000
ROUNDS = 5
SEED = 64494
FIRST = date(2026, 1, 15)


def procedures(number: int) -> list[tuple[Procedure, str]]:
    """Random sessions: one to four joints or two to five nerves, any side, any ruleset."""
    chance = random.Random(SEED)
    joints = [joint.name for joint in JOINTS.values() if joint.coded]
    nerves = list(NERVES)[1:]
    names = list(rulesets())
    made: list[tuple[Procedure, str]] = []
    while len(made) < number:
        by_nerve = chance.random() < 0.5
        pool, size = (nerves, chance.randint(2, 5)) if by_nerve else (joints, chance.randint(1, 4))
        start = chance.randrange(len(pool) - size)
        side = chance.choice((RIGHT, LEFT, BOTH))
        kind = Kind.NERVE if by_nerve else Kind.JOINT
        targets = tuple(Target(kind, name, side) for name in pool[start : start + size])
        ablation = chance.random() < 0.3
        done = Intervention(
            Technique.THERMAL if ablation else Technique.MEDIAL_BRANCH_BLOCK,
            targets,
            Purpose.ABLATION if ablation else chance.choice(list(Purpose)[:4]),
            chance.choice((Guidance.FLUOROSCOPY, Guidance.CT)),
        )
        day = FIRST + timedelta(days=chance.randrange(330))
        made.append((Procedure((done,), day), chance.choice(names)))
    return made


def rate(what: str, number: int, run: Callable[[], object]) -> float:
    """Print and return how many a second: the best of five, for other work shares the machine."""
    best = min(timed(run) for _ in range(ROUNDS)) / number
    print(f"{what:<34}{1 / best:>12,.0f} /s {best * 1e6:>9.1f} us each")
    return 1 / best


def timed(run: Callable[[], object]) -> float:
    """Seconds of processor time."""
    start = time.process_time()
    run()
    return time.process_time() - start


def main() -> None:
    """Measure and compare with the goal."""
    work = procedures(COUNT)
    for procedure, ruleset in work[:500]:
        code(procedure, ruleset)
    speed = rate("procedure -> lines and steps", COUNT, lambda: all(code(p, r) for p, r in work))
    coded = [(code(p, r), r) for p, r in work]
    rate(
        "lines -> procedure",
        COUNT,
        lambda: all(decode(c.lines, r, c.day) for c, r in coded if c.lines),
    )
    some = [c for c, _ in coded[:1_000]]
    rate("as JSON, with every source", len(some), lambda: all(code_json(c) for c in some))
    texts = [
        f"{side} {a}, {b} medial branch block, fluoroscopy"
        for side in ("right", "left", "bilateral")
        for a, b in pairwise(j.name for j in JOINTS.values() if j.coded)
    ]
    rate("words -> procedure", len(texts), lambda: all(read_text(t) for t in texts))
    print(f"goal 10,000 /s: {speed / 10_000:.2f} times")


if __name__ == "__main__":
    main()
