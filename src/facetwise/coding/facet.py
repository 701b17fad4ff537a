"""Facet levels to lines: which joint is first, which code each level has, how sides are written."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from facetwise.anatomy import BOTH, JOINTS, RIGHT, Question, Region, Side
from facetwise.coding import questions, remarks
from facetwise.coding.codebook import Code, Codebook
from facetwise.coding.count import Levels
from facetwise.coding.model import Line, Step
from facetwise.coding.questions import listed
from facetwise.coding.rulesets import ASK, Rules, Switch
from facetwise.coding.steps import Explainer, declared

INJECTION = "facet-injection"
ULTRASOUND = "facet-injection-ultrasound"
ABLATION = "facet-ablation"
_CERVICAL, _LUMBAR = Region.CERVICAL_THORACIC, Region.LUMBAR_SACRAL
_JUNCTION, _BELOW = "T12-L1", "L1-L2"
FIRST = frozenset({"first", "first-joint"})


class Written(NamedTuple):
    """Lines, and the questions met on the way to them."""

    lines: list[Line]
    questions: list[Question]


class Slot(NamedTuple):
    """One code and the joints it stands for."""

    code: Code
    joints: Sequence[str]
    step: Step
    mixed: bool = False
    """Whether the levels counted together are not all on the same side."""


class Setting(NamedTuple):
    """What every facet line of a procedure shares.

    Attributes:
        shared: steps that hold for each line, such as the guidance that chose the family.
        diagnostic: whether the lines are said to be diagnostic.
    """

    family: str
    book: Codebook
    rules: Rules
    explain: Explainer
    shared: Sequence[Step]
    diagnostic: bool


def facet_lines(levels: Levels, steps: dict[str, tuple[Step, ...]], setting: Setting) -> Written:
    """Lines for joints of one family.

    Args:
        levels: treated joints from above with their sides; at least one, each with a facet code.
        steps: how each joint was found.
    """
    slots, asked = _slots(levels, setting)
    lines: list[Line] = []
    for slot in slots:
        forms = _forms(slot, levels, setting)
        if isinstance(forms, Question):
            asked.append(forms)
            continue
        if _sides_differ(slot, levels):
            asked.append(remarks.third_level_sides(slot.code.code))
        found = [step for joint in slot.joints for step in steps[joint]]
        for modifiers, units, how in forms:
            lines.append(
                _line(slot, modifiers, units, [*found, slot.step, *setting.shared, how], setting)
            )
    return Written(lines, asked)


def _slots(levels: Levels, setting: Setting) -> tuple[list[Slot], list[Question]]:
    """Levels to codes: regions apart, except where T12-L1 takes L1-L2 along."""
    upper = [name for name in levels if JOINTS[name].region is _CERVICAL]
    lower = [name for name in levels if JOINTS[name].region is _LUMBAR]
    if _JUNCTION not in upper or _BELOW not in lower:
        return [
            *_region(_CERVICAL, upper, levels, setting),
            *_region(_LUMBAR, lower, levels, setting),
        ], []
    name = "t12-l1-ablation" if setting.family == ABLATION else "t12-l1-injection"
    switch = setting.rules.switch(name, setting.family)
    if upper != [_JUNCTION]:  # sources speak of the pair alone
        switch = switch._replace(derived=True)
    above = _region(_CERVICAL, upper, levels, setting)
    below = _region(_LUMBAR, lower, levels, setting)
    joined = _region(_LUMBAR, lower, levels, setting, switch)
    if switch.value == ASK:
        day = setting.explain.day
        assert day is not None
        codes = [slots[0].code.code for slots in (above, joined, below)]
        return [], [questions.t12_l1(day, *codes)]
    if switch.value == "apart":
        return [*above, *below], []
    asked = []
    if switch.review:
        written = list(dict.fromkeys((above[0].code.code, joined[0].code.code)))
        asked = [remarks.conflict("t12-l1", switch.review, written)]
    if upper == [_JUNCTION]:
        step = _junction_step(above[0].step.text, setting, switch)
        above = [above[0]._replace(step=step)]
    return _mixed([*above, *joined], [*upper, *lower], levels), asked


def _mixed(slots: list[Slot], names: Sequence[str], levels: Levels) -> list[Slot]:
    """The slots, told whether the levels they are counted with are on different sides."""
    if len(slots) < 2 or len({levels[name] for name in names}) < 2:
        return slots
    return [slot._replace(mixed=True) for slot in slots]


def _region(
    region: Region,
    names: Sequence[str],
    levels: Levels,
    setting: Setting,
    junction: Switch | None = None,
) -> list[Slot]:
    """The slots of one region; with a junction switch its first level is added to T12-L1."""
    if not names:
        return []
    ordered = names
    if junction or len({levels[name] for name in names}) > 1:
        ordered = sorted(
            names, key=lambda n: (junction is not None and n != _BELOW, levels[n] != BOTH)
        )
    head = [] if junction else [_first(region, ordered, levels, setting)]
    rest = ordered if junction else ordered[1:]
    if setting.family == ABLATION:
        slots = head + _each_additional(region, rest, levels, setting, junction)
    else:
        slots = head + _second_and_further(region, rest, setting, junction)
    return _mixed(slots, names, levels)


def _first(region: Region, ordered: Sequence[str], levels: Levels, setting: Setting) -> Slot:
    role = "first-joint" if setting.family == ABLATION else "first"
    code = setting.book.of(setting.family, region, role)
    name = ordered[0]
    if name == _JUNCTION:
        rule, text = "coding/t12-l1", f"{name} goes under the {region} code: {code.code}."
    elif levels[name] == BOTH and any(levels[n] != BOTH for n in ordered):
        rule = "coding/first-of-unequal-sides"
        text = f"{name}, done on both sides, is taken as the first {region} level: {code.code}."
    else:
        rule, text = "coding/first-level", f"{name} is the first {region} level: {code.code}."
    return Slot(code, [name], setting.explain.step(rule, text))


def _second_and_further(
    region: Region, rest: Sequence[str], setting: Setting, junction: Switch | None
) -> list[Slot]:
    slots: list[Slot] = []
    if rest:
        code = setting.book.of(setting.family, region, "second")
        text = f"{rest[0]} is the second level: {code.code}."
        step = _further("coding/second-level", text, rest[:1], setting, junction)
        if junction:
            step = _beside_junction(rest[0], code, setting, junction)
        slots.append(Slot(code, rest[:1], step))
    if len(rest) > 1:
        code = setting.book.of(setting.family, region, "third-and-further")
        what = "is the third level" if len(rest) == 2 else "are the third and further levels"
        text = f"{listed(rest[1:])} {what}: {code.code}, once a day for all of them."
        step = _further("coding/third-and-further-levels", text, rest[1:], setting, junction)
        slots.append(Slot(code, rest[1:], step))
    return slots


def _each_additional(
    region: Region, rest: Sequence[str], levels: Levels, setting: Setting, junction: Switch | None
) -> list[Slot]:
    """One slot for each pattern of sides, because each is a line of its own."""
    slots: list[Slot] = []
    code = setting.book.of(setting.family, region, "each-additional")
    for sides in dict.fromkeys(levels[name] for name in rest):
        names = [name for name in rest if levels[name] == sides]
        verb = "is an additional joint" if len(names) == 1 else "are additional joints"
        text = f"{listed(names)} {verb}: {code.code}, once for each."
        step = _further("coding/each-additional-joint", text, names, setting, junction)
        if junction and _BELOW in names:
            step = _beside_junction(_BELOW, code, setting, junction)
        slots.append(Slot(code, names, step))
    return slots


def _further(
    rule: str, text: str, names: Sequence[str], setting: Setting, junction: Switch | None
) -> Step:
    """No source works T12-L1 as a further level, or a further level beside its pair."""
    if junction or _JUNCTION in names:
        return setting.explain.resting_on(rule, text, declared()[rule].sources, derived=True)
    return setting.explain.step(rule, text)


def _beside_junction(name: str, code: Code, setting: Setting, junction: Switch) -> Step:
    text = f"{name} is added to {_JUNCTION} and not counted as a first lumbar level: {code.code}."
    return _junction_step(text, setting, junction)


def _junction_step(text: str, setting: Setting, junction: Switch) -> Step:
    return setting.explain.resting_on("coding/t12-l1", text, junction.sources, junction.derived)


Form = tuple[tuple[str, ...], int, Step]


def _forms(slot: Slot, levels: Levels, setting: Setting) -> list[Form] | Question:
    """Modifiers and units of the one or two lines that a slot is written as."""
    sides = [levels[name] for name in slot.joints]
    each = slot.code.role == "each-additional"
    number = len(slot.joints) if each else 1
    both = BOTH in sides
    if not both:
        return _one_sided(slot, sides, number, setting)
    name = "bilateral-first" if slot.code.role in FIRST else "bilateral-add-on"
    return bilateral(slot.code.code, name, number, listed(slot.joints), setting)


def _one_sided(
    slot: Slot, sides: Sequence[frozenset[Side]], number: int, setting: Setting
) -> list[Form]:
    step = setting.explain.step
    if len(set(sides)) > 1:
        if setting.rules.switch("bilateral-add-on", setting.family).value == "two-lines":
            text = f"{listed(slot.joints)} are on different sides: one line for each side."
            how = step("coding/sides-at-different-levels", text)
            return [(("RT",), number, how), (("LT",), number, how)]
        text = f"{listed(slot.joints)} are on different sides: one line without a side."
        return [((), number, step("coding/sides-at-different-levels", text))]
    modifier = side_modifier(sides[0])
    if slot.mixed:
        text = f"{listed(slot.joints)} on one side, other levels on another: {modifier}."
        return [((modifier,), number, step("coding/sides-at-different-levels", text))]
    others = "" if number == 1 else f", {number} units for {number} joints"
    text = f"One side: {modifier}, no modifier 50{others or ', one unit'}."
    return [((modifier,), number, step("coding/side", text))]


def side_modifier(sides: frozenset[Side]) -> str:
    """RT or LT."""
    return "RT" if sides == RIGHT else "LT"


def bilateral(
    code: str, name: str, number: int, what: str, setting: Setting
) -> list[Form] | Question:
    """Both sides of `number` levels in the way the ruleset asks for.

    Args:
        name: the switch that decides.
        what: the levels, for the words of the step.
    """
    switch = setting.rules.switch(name, setting.family)
    who = setting.rules.ruleset.id

    def step(text: str) -> Step:
        return setting.explain.resting_on("coding/bilateral", text, switch.sources, switch.derived)

    units = "one unit" if number == 1 else f"{number} units, one a joint"
    match switch.value:
        case "modifier-50":
            text = f"Both sides of {what}: one line, modifier 50, {units} ({who})."
            return [(("50",), number, step(text))]
        case "twice":
            text = (
                f"Both sides of {what}: an add-on is reported twice, without modifier 50 ({who})."
            )
            return [((), 2 * number, step(text))]
        case "two-lines":
            how = step(f"Both sides of {what}: one RT line and one LT line, {units} each ({who}).")
            return [(("RT",), number, how), (("LT",), number, how)]
        case _:
            ask = (
                questions.bilateral_first
                if name == "bilateral-first"
                else questions.bilateral_add_on
            )
            return ask(code)


def _sides_differ(slot: Slot, levels: Levels) -> bool:
    sides = {levels[name] for name in slot.joints}
    return slot.code.role == "third-and-further" and len(sides) > 1 and BOTH not in sides


def _line(
    slot: Slot, modifiers: tuple[str, ...], units: int, steps: Iterable[Step], setting: Setting
) -> Line:
    found = list(steps)
    switch = setting.rules.switch("diagnostic-kx", setting.family)
    if setting.diagnostic and switch.value == "yes" and setting.family == INJECTION:
        modifiers = (*modifiers, "KX")
        found.append(
            setting.explain.resting_on(
                "coding/diagnostic-kx",
                "A diagnostic facet injection carries KX on every line.",
                switch.sources,
                switch.derived,
            )
        )
    if slot.code.role not in FIRST:
        found.append(
            setting.explain.step(
                "coding/add-on-order", "An add-on line follows its first level and never takes 51."
            )
        )
    note = setting.rules.notes.get("third-level")
    if note and slot.code.role == "third-and-further":
        found.append(setting.explain.step(note.rule, note.text))
    return Line(slot.code.code, modifiers, units, tuple(found), tuple(slot.joints))
