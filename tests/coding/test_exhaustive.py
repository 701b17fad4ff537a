"""Every run of up to four joints, on either side or both, under every ruleset and guidance.

The lines must satisfy the unit limits, the add-on file and the modifier indicators as the ruleset
applies them, or a question must say why there are none.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date
from functools import cache
from itertools import product

import pytest

from facetwise.anatomy import BOTH, JOINTS, LEFT, RIGHT, Kind, Side
from facetwise.coding import Coding, Line, code, rulesets
from facetwise.coding.codebook import codebook
from facetwise.coding.decoding import decode
from facetwise.procedure import Guidance, Intervention, Procedure, Purpose, Target, Technique
from facetwise.tables.answer import Held
from facetwise.tables.store import shipped

DAY = date(2026, 10, 1)
CODED = [joint.name for joint in JOINTS.values() if joint.coded]
RUNS = [
    CODED[at : at + size] for size in range(1, 5) for at in range(len(CODED) - size + 1)
]  # fmt: skip
IMAGED = (Guidance.FLUOROSCOPY, Guidance.ULTRASOUND)
FAMILIES = ("facet-injection", "facet-injection-ultrasound", "facet-ablation")


def procedures(technique: Technique, guidance: Guidance | None) -> Iterator[Procedure]:
    for run in RUNS:
        for sides in product((RIGHT, LEFT, BOTH), repeat=len(run)):
            targets = tuple(
                Target(Kind.JOINT, name, side) for name, side in zip(run, sides, strict=True)
            )
            done = Intervention(technique, targets, Purpose.THERAPEUTIC, guidance)
            yield Procedure((done,), DAY)


@cache
def limit(table: str, procedure_code: str) -> int | None:
    answer = shipped().find(table, DAY, code=procedure_code)
    return int(answer.entry.row["units"]) if isinstance(answer, Held) else None


@cache
def primaries(procedure_code: str) -> frozenset[str]:
    answer = shipped().find("add_on_edits", DAY, add_on=procedure_code)
    entries = answer.entries if isinstance(answer, Held) else ()
    return frozenset(entry.row["primary"] for entry in entries)


@cache
def bilateral(procedure_code: str) -> str:
    answer = shipped().find("rvu", DAY, code=procedure_code, modifier="")
    assert isinstance(answer, Held)
    return answer.entry.row["bilateral"]


def broken_units(coding: Coding) -> list[str]:
    ruleset = rulesets()[coding.ruleset or ""]
    if not ruleset.mue:
        return []
    units: Counter[tuple[str, ...]] = Counter()
    for line in coding.lines:
        side = line.modifiers[:1] if ruleset.mue_by_side else ()
        units[line.code, *side] += line.units
    found: list[str] = []
    for key, number in units.items():
        allowed = limit(ruleset.mue, key[0])
        if allowed is not None and number > allowed:
            found.append(f"{key} {number} > {allowed}")
    return found


def broken_add_ons(coding: Coding) -> list[str]:
    codes = {line.code for line in coding.lines}
    asked = {question.id for question in coding.questions}
    return [
        name
        for name in codes
        if primaries(name) and not primaries(name) & codes and "t12-l1" not in asked
    ]


def broken_modifiers(line: Line) -> bool:
    sides = {"50", "RT", "LT"} & set(line.modifiers)
    return (
        len(sides) > 1
        or "51" in line.modifiers
        or ("50" in sides and bilateral(line.code) in ("0", "2", "9"))
    )


@pytest.mark.parametrize("guidance", IMAGED, ids=str)
@pytest.mark.parametrize("technique", [Technique.MEDIAL_BRANCH_BLOCK, Technique.THERMAL], ids=str)
@pytest.mark.parametrize("ruleset", list(rulesets()))
def test_no_procedure_is_written_so_that_an_edit_denies_it(
    ruleset: str, technique: Technique, guidance: Guidance
) -> None:
    for procedure in procedures(technique, guidance):
        coding = code(procedure, ruleset)
        if not coding.lines:
            assert any(question.blocks for question in coding.questions), procedure
            continue
        assert not broken_units(coding), procedure
        assert not broken_add_ons(coding), procedure
        assert not any(broken_modifiers(line) for line in coding.lines), procedure


@pytest.mark.parametrize("guidance", [Guidance.NONE, Guidance.MRI, None], ids=str)
@pytest.mark.parametrize("ruleset", list(rulesets()))
def test_without_a_family_for_the_guidance_nobody_bills_a_facet_code(
    ruleset: str, guidance: Guidance | None
) -> None:
    book = codebook(shipped())
    for technique in (Technique.INTRA_ARTICULAR, Technique.THERMAL):
        for procedure in procedures(technique, guidance):
            coding = code(procedure, ruleset)
            assert not [x for x in coding.lines if book.codes[x.code].family in FAMILIES]
            assert coding.lines or any(question.blocks for question in coding.questions)


def sides_by_region(procedure: Procedure) -> dict[str, Counter[frozenset[Side]]]:
    found: dict[str, Counter[frozenset[Side]]] = defaultdict(Counter)
    for target in procedure.interventions[0].targets:
        found[JOINTS[target.name].region][target.sides or frozenset()] += 1
    return found


@pytest.mark.parametrize("technique", [Technique.MEDIAL_BRANCH_BLOCK, Technique.THERMAL], ids=str)
@pytest.mark.parametrize("ruleset", list(rulesets()))
def test_what_is_billed_reads_back_as_what_was_done(ruleset: str, technique: Technique) -> None:
    """Lines to levels and sides and back, wherever the ruleset's lines can express them."""
    for procedure in procedures(technique, Guidance.FLUOROSCOPY):
        coding = code(procedure, ruleset)
        if not coding.lines:
            continue
        back = decode(coding.lines, ruleset, DAY)
        assert back.possible, (procedure, back.problems)
        wanted = sides_by_region(procedure)
        assert {claimed.region for claimed in back.claimed} == set(wanted)
        for claimed in back.claimed:
            levels = wanted[claimed.region]
            number = sum(levels.values())
            assert claimed.levels <= number <= claimed.at_most, procedure
            if claimed.levels == number and claimed.at_most == number:
                got = (claimed.both, claimed.right, claimed.left)
                assert got == (levels[BOTH], levels[RIGHT], levels[LEFT]), procedure
