"""Lines of the relatives: epidurals, sacroiliac joint and nerves, trigger points, unlisted work."""

from collections.abc import Sequence

from facetwise.anatomy import BOTH, JOINTS, Kind, Question, Region, Side
from facetwise.coding import questions, remarks
from facetwise.coding.codebook import Code
from facetwise.coding.facet import Setting, Written, bilateral, side_modifier
from facetwise.coding.model import Line, Step
from facetwise.coding.questions import listed
from facetwise.procedure import Guidance, Intervention, Technique

IMAGED = (Guidance.FLUOROSCOPY, Guidance.CT)
CAUDAL = "caudal"
_JUNCTION = "T12-L1"


def interlaminar(done: Intervention, setting: Setting) -> Written:
    """One code by region, imaging and catheter; no side."""
    step = setting.explain.step
    places = [t.name for t in done.targets if t.kind is Kind.INTERSPACE]
    if not places:
        return Written([], [questions.levels()])
    asked: list[Question] = []
    if _JUNCTION in places:
        asked.append(questions.interlaminar_region())
    if done.guidance not in (*IMAGED, Guidance.NONE):
        asked.append(_unknown_guidance(setting, done.guidance, "an interlaminar epidural"))
    if asked:
        return Written([], asked)
    lines: list[Line] = []
    family = "epidural-catheter" if done.catheter else "epidural-interlaminar"
    for region in Region:
        here = [name for name in places if _region_of(name) is region]
        if not here:
            continue
        wanted = "none" if done.guidance is Guidance.NONE else "imaging"
        code = next(c for c in setting.book.singles(family, region) if c.guidance == wanted)
        imaging = "without imaging" if wanted == "none" else f"under {done.guidance}"
        how = "through an indwelling catheter, " if done.catheter else ""
        text = (
            f"Interlaminar or caudal, {listed(here)}, {region}, {how}{imaging}: {code.code}, "
            "one unit, no side."
        )
        lines.append(
            Line(code.code, (), 1, (step("coding/interlaminar-region", text),), tuple(here))
        )
    return Written(lines, [])


def _region_of(place: str) -> Region:
    return Region.LUMBAR_SACRAL if place in (CAUDAL, "S1") else JOINTS[place].region


def transforaminal(done: Intervention, setting: Setting) -> Written:
    """A first foramen and each further one, by region and side."""
    sides: dict[str, frozenset[Side]] = {}
    unsided: list[str] = []
    for target in done.targets:
        if target.kind is not Kind.FORAMEN:
            continue
        if target.sides is None:
            unsided.append(target.name)
        else:
            sides[target.name] = BOTH & (sides.get(target.name, frozenset()) | target.sides)
    asked: list[Question] = []
    if unsided:
        asked.append(questions.side(unsided))
    if not sides and not unsided:
        asked.append(questions.levels())
    if high := [name for name in sides if name != "S1" and not JOINTS[name].coded]:
        asked.append(questions.no_code(high))
    if done.guidance not in IMAGED:
        asked.append(_unknown_guidance(setting, done.guidance, "a transforaminal epidural"))
    if asked:
        return Written([], asked)
    return _foramina(sides, setting._replace(family="epidural-transforaminal"))


def _foramina(sides: dict[str, frozenset[Side]], setting: Setting) -> Written:
    lines: list[Line] = []
    asked: list[Question] = []
    for region in Region:
        here = sorted(
            (name for name in sides if _region_of(name) is region),
            key=lambda name: (
                sides[name] != BOTH,
                JOINTS[name].at if name != "S1" else len(JOINTS),
            ),
        )
        if not here:
            continue
        first = setting.book.of(setting.family, region, "first")
        further = setting.book.of(setting.family, region, "each-additional")
        groups = [(first, here[:1])]
        groups += [
            (further, [name for name in here[1:] if sides[name] == pattern])
            for pattern in dict.fromkeys(sides[name] for name in here[1:])
        ]
        for code, names in groups:
            written = _foramen_lines(code, names, sides[names[0]], setting)
            lines += written.lines
            asked += written.questions
    return Written(lines, asked)


def _foramen_lines(
    code: Code, names: Sequence[str], sides: frozenset[Side], setting: Setting
) -> Written:
    what = "first foramen" if code.role == "first" else "further foramen, once for each"
    counted = setting.explain.step(
        "coding/transforaminal-levels", f"{listed(names)}: {what}: {code.code}."
    )
    switch = "bilateral-first" if code.role == "first" else "bilateral-add-on"
    return _sided(code.code, switch, sides, names, counted, setting)


def _sided(
    code: str,
    switch: str,
    sides: frozenset[Side],
    names: Sequence[str],
    counted: Step,
    setting: Setting,
) -> Written:
    """One code on one side or both."""
    if sides == BOTH:
        forms = bilateral(code, switch, len(names), listed(names), setting)
        if isinstance(forms, Question):
            return Written([], [forms])
        return Written(
            [
                Line(code, mods, units, (counted, *setting.shared, how), tuple(names))
                for mods, units, how in forms
            ],
            [],
        )
    modifier = side_modifier(sides)
    how = setting.explain.step("coding/side", f"One side: {modifier}, no modifier 50.")
    return Written(
        [Line(code, (modifier,), len(names), (counted, *setting.shared, how), tuple(names))], []
    )


_SACROILIAC = {
    Technique.SI_NERVE_BLOCK: "si-nerve-block",
    Technique.SI_NERVE_ABLATION: "si-nerve-ablation",
}


def sacroiliac(done: Intervention, setting: Setting) -> Written:
    """The sacroiliac joint or its nerves: once a side."""
    targets = [t for t in done.targets if t.kind is Kind.SI_JOINT]
    sides = BOTH & frozenset[Side]().union(*(t.sides or () for t in targets))
    asked: list[Question] = []
    if not sides:
        asked.append(questions.side(["the sacroiliac joint"]))
    if done.guidance not in IMAGED:
        asked.append(_unknown_guidance(setting, done.guidance, "a sacroiliac procedure"))
    if asked:
        return Written([], asked)
    if done.technique is Technique.SI_JOINT:
        switch = setting.rules.switch("si-joint-code")
        code = switch.value
        counted = setting.explain.resting_on(
            "coding/si-joint",
            f"Sacroiliac joint injection on this kind of claim: {code}.",
            switch.sources,
            switch.derived,
        )
        return _sided(code, "si-joint-bilateral", sides, ["SI joint"], counted, setting)
    assert done.technique is not None
    code = setting.book.singles(_SACROILIAC[done.technique])[0].code
    counted = setting.explain.step(
        "coding/si-nerves", f"The nerves of one sacroiliac joint count once a side: {code}."
    )
    return _sided(code, "bilateral-first", sides, ["SI joint"], counted, setting)


def trigger_points(
    muscles: int | None, setting: Setting, guidance: Guidance | None = None
) -> Written:
    """One code by the number of muscles, whatever the number of needles."""
    codes = setting.book.singles("trigger-point")
    if muscles is None:
        return Written([], [questions.muscles(_by_muscles(codes))])
    code = [c for c in codes if c.counts_from <= muscles][-1]
    number = "1 muscle" if muscles == 1 else f"{muscles} muscles"
    text = f"{number}: {code.code}, one unit, no side."
    counted = setting.explain.step("coding/trigger-points", text)
    imaged = guidance not in (None, Guidance.NONE)
    asked = [remarks.trigger_point_imaging(str(guidance))] if imaged else []
    return Written([Line(code.code, (), 1, (*setting.shared, counted))], asked)


def _by_muscles(codes: Sequence[Code]) -> dict[str, str]:
    few, many = codes
    return {
        f"{few.counts_from} to {many.counts_from - 1}": few.code,
        f"{many.counts_from} or more": many.code,
    }


def unlisted(
    joints: Sequence[str], steps: Sequence[Step], text: str, why: str, setting: Setting
) -> Written:
    """The unlisted code of the nervous system, once, with a description.

    Args:
        text: what made it unlisted, for the words of the step.
        why: the note of the ruleset that says whether such work is covered.
    """
    code = setting.book.singles("unlisted")[0].code
    said = f"{text}: {code}, one unit, no side; describe the service on the claim."
    found = [*steps, setting.explain.step("coding/non-thermal", said)]
    notes = setting.rules.notes
    found += [
        setting.explain.step(notes[w].rule, notes[w].text) for w in (why, "unlisted") if w in notes
    ]
    return Written([Line(code, (), 1, tuple(found), tuple(joints))], [])


def _unknown_guidance(setting: Setting, guidance: Guidance | None, what: str) -> Question:
    if guidance is None:
        return questions.guidance(
            {
                "fluoroscopy or ct": f"the code of {what} with imaging",
                "none": "the code without imaging, where there is one",
                "ultrasound": "no code is known here: ask the payer",
            }
        )
    said = "no imaging" if guidance is Guidance.NONE else str(guidance)
    return questions.guidance_without_code(said, what)
