"""One session under one ruleset: every intervention to its lines, and what they ask together."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import NamedTuple

from facetwise.anatomy import JOINTS, Kind, Question, Region
from facetwise.coding import questions, remarks
from facetwise.coding.codebook import Codebook
from facetwise.coding.count import Counted, Levels, count
from facetwise.coding.drugs import drug_lines
from facetwise.coding.facet import ABLATION, INJECTION, ULTRASOUND, Setting, Written, facet_lines
from facetwise.coding.limits import over_limit
from facetwise.coding.model import Level, Line, Step
from facetwise.coding.relatives import (
    interlaminar,
    sacroiliac,
    transforaminal,
    trigger_points,
    unlisted,
)
from facetwise.coding.rulesets import Rules
from facetwise.coding.steps import Explainer
from facetwise.procedure import Guidance, Intervention, Procedure, Sedation, Technique
from facetwise.procedure.model import FACET_INJECTIONS, OTHER_ABLATIONS, THERMAL_ABLATIONS

_FACET_KINDS = frozenset({Kind.JOINT, Kind.NERVE, Kind.SACRAL})
_QUIET = (None, Sedation.NONE, Sedation.LOCAL)
_POINTERS = 4
"""Diagnosis pointers a service line has (837P, SV107)."""


class Session(NamedTuple):
    """Lines, treated levels and questions of a whole procedure."""

    lines: list[Line]
    levels: list[Level]
    questions: list[Question]


class Group(NamedTuple):
    """Interventions of one kind under one guidance: their levels are counted together."""

    kind: str
    done: list[Intervention]

    @property
    def guidance(self) -> Guidance | None:
        """The guidance they share."""
        return self.done[0].guidance


INJECT, HEAT, NO_HEAT, CYST, OTHER = "injection", "thermal", "not thermal", "cyst", "other"


def session(
    procedure: Procedure, rules: Rules, book: Codebook, explain: Explainer, settled: bool
) -> Session:
    """Work through a procedure.

    Args:
        settled: whether its source leaves no question open; a level that such a question is
            about is missing here, so nothing is asked of the count.
    """
    base = Setting(INJECTION, book, rules, explain, (), diagnostic=False)
    groups, asked = _groups(procedure.interventions, rules)
    counts = [_count(group, explain, settled) for group in groups]
    for counted in counts:
        asked += counted.questions
    if len(groups) > 1:
        _drop_injected(groups, counts, explain)
    crossing = _crosses_regions(counts)
    lines: list[Line] = []
    for group, counted in zip(groups, counts, strict=True):
        written = _write(group, counted, base, crossing)
        lines += written.lines
        asked += written.questions
    asked += _together(groups, counts, lines, book)
    if not settled:
        asked = [question for question in asked if question.id != "levels"]
    if procedure.diagnoses:
        lines, more = _pointed(procedure, lines, len(groups), explain)
        asked += more
    if procedure.agents:
        drugs = drug_lines(procedure, base)
        lines += drugs.lines
        asked += drugs.questions
    if procedure.sedation not in _QUIET:
        asked.append(remarks.sedation(str(procedure.sedation)))
    asked += over_limit(lines, rules, explain)
    return Session(lines, _levels(counts, groups), asked)


def _groups(
    interventions: Sequence[Intervention], rules: Rules
) -> tuple[list[Group], list[Question]]:
    groups: dict[object, Group] = {}
    asked: list[Question] = []
    for at, done in enumerate(interventions):
        kind = _kind(done, rules)
        if isinstance(kind, Question):
            asked.append(kind)
            continue
        wrong = [t.name for t in done.targets if t.kind not in _FACET_KINDS]
        if kind != OTHER and wrong:
            asked.append(questions.wrong_target(wrong, str(done.technique)))
            continue
        key = at if kind == OTHER else (kind, done.guidance)
        groups.setdefault(key, Group(kind, [])).done.append(done)
    return list(groups.values()), asked


def _kind(done: Intervention, rules: Rules) -> str | Question:
    technique = done.technique
    if technique is None:
        return questions.technique()
    if technique in FACET_INJECTIONS:
        return INJECT
    if technique in OTHER_ABLATIONS:
        return NO_HEAT
    if technique is Technique.CYST:
        return CYST
    if technique not in THERMAL_ABLATIONS:
        return OTHER
    threshold = Decimal(rules.switch("thermal-from-celsius").value)
    if done.temperature is not None:
        return HEAT if done.temperature >= threshold else NO_HEAT
    if technique is Technique.COOLED:
        return questions.temperature(
            {
                f"{threshold} C or more": "the facet ablation codes, by joint",
                f"below {threshold} C": "the unlisted code",
            }
        )
    return HEAT


def _count(group: Group, explain: Explainer, settled: bool) -> Counted:
    if group.kind == OTHER:
        return Counted({}, {}, [])
    targets = [target for done in group.done for target in done.targets]
    counted = count(targets, explain)
    if not settled:
        return counted
    if not targets:
        return counted._replace(questions=[questions.levels()])
    stated = group.done[0].levels_stated if len(group.done) == 1 else None
    if stated and not counted.questions and stated != len(counted.levels):
        return counted._replace(questions=[questions.level_count(stated, len(counted.levels))])
    return counted


def _drop_injected(groups: Sequence[Group], counts: list[Counted], explain: Explainer) -> None:
    """A joint that is ablated and injected on one side in one session is only ablated."""
    ablated: Levels = {}
    for group, counted in zip(groups, counts, strict=True):
        if group.kind == HEAT:
            ablated.update(counted.levels)
    for group, counted in zip(groups, counts, strict=True):
        if group.kind != INJECT or ablated.keys().isdisjoint(counted.levels):
            continue
        for name in ablated.keys() & counted.levels.keys():
            left = counted.levels[name] - ablated[name]
            text = f"{name} was also injected in this session: only the ablation is reported."
            step = explain.step("coding/destruction-over-injection", text)
            for other, done in zip(groups, counts, strict=True):
                if other.kind == HEAT and name in done.steps:
                    done.steps[name] += (step,)
            if left:
                counted.levels[name] = left
            else:
                del counted.levels[name]


def _crosses_regions(counts: Iterable[Counted]) -> bool:
    """Whether facet work reaches both regions; T12-L1 with L1-L2 counts as one."""
    names = {name for counted in counts for name in counted.levels}
    if len(names) < 2:
        return False
    if "L1-L2" in names:
        names.discard("T12-L1")
    return len({JOINTS[name].region for name in names}) > 1


def _write(group: Group, counted: Counted, base: Setting, crossing: bool) -> Written:
    done = group.done[0]
    match group.kind:
        case "injection":
            return _injection(group, counted, base, crossing)
        case "thermal":
            return _ablation(group, counted, base, crossing)
        case "not thermal":
            what = f"Below the thermal threshold at {done.temperature} C"
            if done.technique in OTHER_ABLATIONS:
                what = f"Denervation by {done.technique} technique is not thermal"
            return _unlisted(counted, what, base, "non-thermal")
        case "cyst":
            return Written([], [questions.cyst()])
        case _:
            return _relative(done, base)


def _relative(done: Intervention, base: Setting) -> Written:
    match done.technique:
        case Technique.INTERLAMINAR:
            return interlaminar(done, base)
        case Technique.TRANSFORAMINAL:
            return transforaminal(done, base)
        case Technique.TRIGGER_POINT:
            return trigger_points(done.muscles, base, done.guidance)
        case _:
            return sacroiliac(done, base)


def _injection(group: Group, counted: Counted, base: Setting, crossing: bool) -> Written:
    done = group.done[0]
    match group.guidance:
        case Guidance.FLUOROSCOPY | Guidance.CT:
            family = INJECTION
        case Guidance.ULTRASOUND:
            family = ULTRASOUND
        case Guidance.NONE:
            return _unguided(group, counted, base)
        case Guidance.MRI:
            return Written([], [questions.guidance_without_code("mri", "a facet injection")])
        case _:
            return Written([], [questions.guidance(_by_guidance(base.book))])
    kx = base.rules.switch("diagnostic-kx", family).value == "yes" and family == INJECTION
    purposes = [item.purpose.diagnostic if item.purpose else None for item in group.done]
    asked: list[Question] = []
    if kx and any(purpose is not purposes[0] for purpose in purposes):
        asked = [remarks.mixed_purposes()]
    elif kx and purposes[0] is None:
        asked = [remarks.purpose()]
    if not counted.levels:
        uncoded = any(question.id == "no-code-joint" for question in counted.questions)
        return Written([], [] if uncoded else asked)
    shared = _shared(f"Injection under {done.guidance}", family, base, crossing)
    setting = Setting(family, base.book, base.rules, base.explain, shared, purposes[0] is True)
    written = facet_lines(counted.levels, counted.steps, setting)
    return Written(written.lines, [*asked, *written.questions])


def _ablation(group: Group, counted: Counted, base: Setting, crossing: bool) -> Written:
    match group.guidance:
        case Guidance.FLUOROSCOPY | Guidance.CT:
            if not counted.levels:
                return Written([], [])
            shared = _shared(f"Thermal ablation under {group.guidance}", ABLATION, base, crossing)
            setting = Setting(ABLATION, base.book, base.rules, base.explain, shared, False)
            return facet_lines(counted.levels, counted.steps, setting)
        case Guidance.NONE:
            return _unlisted(counted, "Ablation without image guidance", base, "unguided")
        case None:
            first = _first_codes(base.book, ABLATION, "first-joint")
            answers = {
                "fluoroscopy or ct": f"{first} and their add-ons",
                "none": base.book.singles("unlisted")[0].code,
                "ultrasound": "no code is known here: ask the payer",
            }
            return Written([], [questions.guidance(answers)])
        case other:
            return Written([], [questions.guidance_without_code(str(other), "a facet ablation")])


def _shared(what: str, family: str, base: Setting, crossing: bool) -> list[Step]:
    """Steps that every line of a family shares."""
    step = base.explain.step
    steps = [
        step(
            "coding/guidance-chooses-family",
            f"{what}: the {family} family, which includes the imaging.",
        )
    ]
    notes = base.rules.notes
    if family == ULTRASOUND and "ultrasound" in notes:
        steps.append(step(notes["ultrasound"].rule, notes["ultrasound"].text))
    if crossing:
        steps.append(step("coding/region", "Each region has a first level of its own."))
        if "two-regions" in notes:
            steps.append(step(notes["two-regions"].rule, notes["two-regions"].text))
    return steps


def _unguided(group: Group, counted: Counted, base: Setting) -> Written:
    step = base.explain.step
    text = "Without image guidance no facet injection code applies: trigger point codes instead."
    shared = [step("coding/no-guidance", text)]
    if note := base.rules.notes.get("unguided"):
        shared.append(step(note.rule, note.text))
    muscles = [done.muscles for done in group.done if done.muscles]
    return trigger_points(sum(muscles) if muscles else None, base._replace(shared=shared))


def _unlisted(counted: Counted, text: str, base: Setting, why: str) -> Written:
    if not counted.levels:
        return Written([], [])
    steps = [step for found in counted.steps.values() for step in found]
    return unlisted(list(counted.levels), steps, text, why, base)


def _by_guidance(book: Codebook) -> dict[str, str]:
    few, many = book.singles("trigger-point")
    return {
        "fluoroscopy or ct": f"{_first_codes(book, INJECTION, 'first')} and their add-ons",
        "ultrasound": f"{_first_codes(book, ULTRASOUND, 'first')} and their add-ons",
        "none": f"no facet code: {few.code} or {many.code} by the number of muscles",
    }


def _first_codes(book: Codebook, family: str, role: str) -> str:
    return " or ".join(book.of(family, region, role).code for region in Region)


def _together(
    groups: Sequence[Group], counts: Sequence[Counted], lines: Sequence[Line], book: Codebook
) -> list[Question]:
    """Ablation and injection lines side by side meet an edit."""
    if len(groups) < 2:
        return []
    kinds = {group.kind for group, done in zip(groups, counts, strict=True) if done.levels}
    if not kinds >= {HEAT, INJECT}:
        return []
    ablated = [x.code for x in lines if book.codes[x.code].family == ABLATION]
    injected = [x.code for x in lines if book.codes[x.code].family in (INJECTION, ULTRASOUND)]
    return [remarks.same_session(ablated[0], injected[0])] if ablated and injected else []


def _pointed(
    procedure: Procedure, lines: list[Line], groups: int, explain: Explainer
) -> tuple[list[Line], list[Question]]:
    """Point every line to the diagnoses, where it is plain which belong to it."""
    number = len(procedure.diagnoses)
    regions = {JOINTS[name].region for line in lines for name in line.joints if name in JOINTS}
    if number > 1 and (groups > 1 or len(regions) > 1):
        return lines, [remarks.which_diagnosis()]
    pointers = tuple(range(1, min(number, _POINTERS) + 1))
    text = f"Points to diagnosis {questions.listed(str(p) for p in pointers)}, in the order given."
    step = explain.step("coding/diagnosis-pointers", text)
    return [line._replace(diagnoses=pointers, steps=(*line.steps, step)) for line in lines], []


def _levels(counts: Sequence[Counted], groups: Sequence[Group]) -> list[Level]:
    if len(counts) == 1 and groups[0].kind != OTHER:
        return [Level(name, sides) for name, sides in counts[0].levels.items()]
    found: Levels = {}
    for counted in counts:
        for name, sides in counted.levels.items():
            found[name] = found.get(name, frozenset()) | sides
    levels = [Level(name, found[name]) for name in sorted(found, key=lambda name: JOINTS[name].at)]
    for group in groups:
        if group.kind == OTHER:
            levels += [Level(t.name, t.sides or frozenset()) for t in group.done[0].targets]
    return levels
