"""What the Spine screen answers: lines by ruleset, the steps to them, questions, and checks."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple

from facetwise.anatomy import JOINTS, Kind, Question, Side, completed
from facetwise.coding import Coding, Line, Step, code, compare, questions, rulesets
from facetwise.coding.as_text import written
from facetwise.coding.rulesets import ruleset_named
from facetwise.coding.steps import explainer
from facetwise.engine.answer import ClaimAnswer, Found
from facetwise.engine.check import Checker
from facetwise.finding import Verdict
from facetwise.pages.html.view import badges_of, source_anchor, window_text
from facetwise.procedure import Procedure
from facetwise.rules.registry import all_rules
from facetwise.sources import Citation
from facetwise.tables.store import Store
from facetwise.web.frame import today
from facetwise.web.spine_claim import claim_of
from facetwise.web.spine_drawing import Marks
from facetwise.web.spine_options import ANSWERED_BY, FIELDS, WHAT_WAS_DONE, Option, few
from facetwise.web.spine_state import EPIDURAL, SACROILIAC, Picked, address

_SIDES = (Side.LEFT, Side.RIGHT)


class Mark(NamedTuple):
    """An edition beside a statement: its name, its place in the list, and all of it as a tip."""

    label: str
    anchor: str
    tip: str


class Said(NamedTuple):
    """A statement with what it rests on."""

    text: str
    marks: tuple[Mark, ...]
    badges: tuple[str, ...]


class Asked(NamedTuple):
    """A question with its answers.

    Attributes:
        control: where on the screen to answer it; blank where it is answered elsewhere.
        options: what answers it at once, each with the address of the state it leads to.
    """

    id: str
    ask: str
    why: Said
    answers: tuple[tuple[str, str], ...]
    blocks: bool
    control: str
    options: tuple[Option, ...]


class Who(NamedTuple):
    """A ruleset in the comparison."""

    id: str
    title: str
    address: str
    chosen: bool
    fails: int
    reviews: int


class Column(NamedTuple):
    """Rulesets that write the same lines, and those lines or what stands in the way."""

    who: tuple[Who, ...]
    lines: tuple[str, ...]
    asked: tuple[str, ...]
    reason: str
    chosen: bool


class Explained(NamedTuple):
    """A line and the steps to it."""

    number: int
    line: Line
    written: str
    joints: str
    steps: tuple[Said, ...]


class FoundHere(NamedTuple):
    """What a rule finds, of each line it speaks of, with one advice for all."""

    rule: str
    verdict: Verdict
    advice: str
    denial_codes: tuple[str, ...]
    said: tuple[tuple[str, Said], ...]


class Gap(NamedTuple):
    """Why some rules could not be asked, of each code it is said of, and what would answer."""

    reasons: tuple[str, ...]
    supplied_by: str
    rules: tuple[str, ...]


class Checks(NamedTuple):
    """What the lines meet as a claim."""

    findings: tuple[FoundHere, ...]
    gaps: tuple[Gap, ...]
    passes: tuple[tuple[str, str], ...]
    number: int
    unanswered: int

    @property
    def worst(self) -> str:
        """The class of the number of findings: `fail`, `review` or `pass`."""
        verdicts = {one.verdict for one in self.findings}
        return next((str(v) for v in (Verdict.FAIL, Verdict.REVIEW) if v in verdicts), "pass")


class Origin(NamedTuple):
    """An edition in the list of sources."""

    label: str
    anchor: str
    title: str
    publisher: str
    url: str
    window: str
    badges: tuple[str, ...]
    note: str


class Answer(NamedTuple):
    """All that the screen shows of a state.

    Attributes:
        coding: under the ruleset that is explained, or with the question whose rules apply.
        title: of that ruleset; blank while it is open.
        levels: treated levels in words.
    """

    coding: Coding
    title: str
    levels: tuple[str, ...]
    columns: tuple[Column, ...]
    lines: tuple[Explained, ...]
    blocking: tuple[Asked, ...]
    settling: tuple[Asked, ...]
    checks: Checks | None
    sources: tuple[Origin, ...]
    marks: Marks

    @property
    def summary(self) -> str:
        """One sentence for a screen reader, said anew when anything changes."""
        if self.blocking:
            return f"No lines yet. {self.blocking[0].ask}"
        if self.coding.reason:
            return f"Not checked. {self.coding.reason}"
        told = ", ".join(line.written for line in self.lines)
        return f"{self.title}: {told}." if told else "No lines yet."


def answer(store: Store, checker: Checker, picked: Picked, done: Procedure) -> Answer:
    """Code the procedure under every ruleset and check what comes out.

    Raises:
        UnknownRulesetError: the address names a ruleset that does not exist.
    """
    coding = _coded(store, picked, done)
    codings = compare(done, store=store) if done.day else []
    answers = {c.ruleset: _checked(checker, picked, c) for c in codings if c.lines}
    if coding.lines and coding.ruleset:
        answers[coding.ruleset] = _checked(checker, picked, coding)
    cited = _Cited()
    asked = [_asked(store, picked, question, coding, cited) for question in coding.questions]
    lines = tuple(_explained(n, line, coding, cited) for n, line in enumerate(coding.lines, 1))
    checked = answers.get(coding.ruleset) if coding.lines else None
    return Answer(
        coding,
        rulesets()[coding.ruleset].title if coding.ruleset else "",
        tuple(f"{level.joint} {_sides(level.sides)}".strip() for level in coding.levels),
        tuple(_columns(picked, coding, codings, answers)),
        lines,
        tuple(one for one in asked if one.blocks),
        tuple(one for one in asked if not one.blocks),
        _checks(checked, cited) if checked else None,
        cited.listed(),
        marks_of(done),
    )


def _coded(store: Store, picked: Picked, done: Procedure) -> Coding:
    if done.day:
        return code(done, picked.ruleset or None, store=store)
    if picked.ruleset:
        ruleset_named(picked.ruleset)
    undated = code(done, store=store)
    lone = sorted(marks_of(done).lone)
    more = [] if not lone else [questions.lone_nerves([(name, str(side)) for name, side in lone])]
    every = (*more, *done.questions, *undated.questions)
    return undated._replace(questions=tuple({q.id: q for q in every}.values()))


def marks_of(done: Procedure) -> Marks:
    """What to light: joints named or completed; nerves that complete none stay unlit."""
    lit: set[tuple[str, Side]] = set()
    lone: set[tuple[str, Side]] = set()
    unsided: set[str] = set()
    for item in done.interventions:
        kind = EPIDURAL.get(item.technique, Kind.JOINT)
        facet = item.technique not in EPIDURAL and item.technique not in SACROILIAC
        unsided |= {t.name for t in item.targets if not t.sides and t.name in JOINTS}
        for side in Side:
            here = [t for t in item.targets if side in (t.sides or ())]
            joints = [t.name for t in here if t.kind is kind and t.name in JOINTS]
            lit |= {(name, side) for name in joints}
            nerves = [t.name for t in here if t.kind is Kind.NERVE] if facet else []
            made = completed(nerves, [name for name in joints if kind is Kind.JOINT])
            lit |= {(joint.name, side) for joint in made.joints}
            lone |= {(nerve.name, side) for nerve in made.lone}
        if kind is Kind.INTERSPACE:
            lit |= {(name, side) for name in unsided for side in Side}
            unsided.clear()
    return Marks(frozenset(lit), frozenset(lone), frozenset(unsided))


def _checked(checker: Checker, picked: Picked, coding: Coding) -> ClaimAnswer:
    assert coding.ruleset is not None
    held = rulesets()[coding.ruleset]
    fits = not held.places or picked.place in held.places
    if not held.claim_type:
        coding = coding._replace(procedure=replace(coding.procedure, claim_type=picked.claim_type))
    return checker.check(claim_of(coding, picked.place if fits else "", picked.state))


def _columns(
    picked: Picked,
    coding: Coding,
    codings: Sequence[Coding],
    answers: dict[str | None, ClaimAnswer],
) -> Iterable[Column]:
    """Rulesets that say the same stand together, in the order of the first of them."""
    found: dict[tuple[tuple[str, ...], tuple[str, ...], str], list[Who]] = {}
    here = address(picked, ruleset="")
    for one in codings:
        assert one.ruleset is not None
        lines = tuple(written(line) for line in one.lines)
        asked = (
            () if lines else tuple(question.ask for question in one.questions if question.blocks)
        )
        checked = answers.get(one.ruleset) if lines else None
        findings = checked.findings if checked else ()
        who = Who(
            one.ruleset,
            rulesets()[one.ruleset].title,
            f"{here}&ruleset={one.ruleset}",
            one.ruleset == coding.ruleset,
            sum(f.verdict is Verdict.FAIL for f in findings),
            sum(f.verdict is Verdict.REVIEW for f in findings),
        )
        found.setdefault((lines, asked, one.reason), []).append(who)
    for (lines, asked, reason), who in found.items():
        yield Column(tuple(who), lines, asked, reason, any(one.chosen for one in who))


class _Cited:
    """Citations met on the way, for the list of sources."""

    def __init__(self) -> None:
        self._met: dict[str, Citation] = {}

    def said(self, text: str, citations: Iterable[Citation], derived: bool = False) -> Said:
        cited = tuple({c.edition.id: c for c in citations}.values())
        for one in cited:
            self._met.setdefault(one.edition.id, one)
        badges = badges_of(cited)
        if derived and "derived" not in badges:
            badges = ("derived", *badges)
        return Said(text, tuple(_mark(one) for one in cited), badges)

    def listed(self) -> tuple[Origin, ...]:
        return tuple(_origin(self._met[name]) for name in sorted(self._met))


def _mark(cited: Citation) -> Mark:
    edition = cited.edition
    row = f"; row {cited.row}" if cited.row else ""
    tip = f"{edition.source.title}; {window_text(cited.in_window)}; {cited.basis}{row}"
    return Mark(edition.id, source_anchor(edition.id), tip)


def _origin(cited: Citation) -> Origin:
    edition = cited.edition
    return Origin(
        edition.id,
        source_anchor(edition.id),
        edition.source.title,
        edition.source.publisher,
        edition.source.url,
        window_text(edition.window),
        badges_of((cited,)),
        " ".join(dict.fromkeys(note for note in (cited.note, edition.note) if note)),
    )


def _explained(number: int, line: Line, coding: Coding, cited: _Cited) -> Explained:
    sides = {level.joint: _sides(level.sides) for level in coding.levels}
    joints = ", ".join(f"{name} {sides.get(name, '')}".strip() for name in line.joints)
    steps = tuple(_step(step, cited) for step in line.steps)
    return Explained(number, line, written(line), joints, steps)


def _step(step: Step, cited: _Cited) -> Said:
    return cited.said(step.text, step.citations, step.derived)


def _asked(
    store: Store, picked: Picked, question: Question, coding: Coding, cited: _Cited
) -> Asked:
    step = explainer(store, coding.day).step(question.rule, question.why)
    control = ANSWERED_BY.get(question.id, "")
    if picked.words and control in WHAT_WAS_DONE:
        control = "words"
    return Asked(
        question.id,
        question.ask,
        _step(step, cited),
        tuple(question.answers.items()),
        question.blocks,
        control,
        tuple(_options(store, picked, control)),
    )


def _options(store: Store, picked: Picked, control: str) -> Iterable[Option]:
    if control == "date" and not picked.day:
        day = today()
        label = f"Today, {day.day} {day:%B %Y}"
        yield Option(address(picked._replace(day=day)), label)
    for option in few(store, control):
        changed = {FIELDS.get(control, control): option.value, "ruleset": ""}
        yield Option(address(picked, **changed), option.label)


def _checks(told: ClaimAnswer, cited: _Cited) -> Checks:
    alike: dict[tuple[str, Verdict, str, tuple[str, ...]], list[tuple[str, Said]]] = {}
    for found in told.findings:
        key = (found.rule, found.verdict, found.advice, found.denial_codes)
        said = cited.said(found.message, found.citations)
        alike.setdefault(key, []).append((_numbers(found), said))
    rules = all_rules()
    return Checks(
        tuple(FoundHere(*key, tuple(said)) for key, said in alike.items()),
        tuple(_gaps(told)),
        tuple((name, rules[name].question if name in rules else "") for name in told.passes),
        len(told.findings),
        len({gap.rule for gap in told.not_checked}),
    )


def _gaps(told: ClaimAnswer) -> Iterable[Gap]:
    """Rules with one reason stand together, and reasons that keep the same rules from answering."""
    rules: dict[tuple[str, str], list[str]] = {}
    for gap in told.not_checked:
        rules.setdefault((gap.reason, gap.supplied_by), []).append(gap.rule)
    reasons: dict[tuple[tuple[str, ...], str], list[str]] = {}
    for (reason, by), names in rules.items():
        reasons.setdefault((tuple(names), by), []).append(reason)
    return (Gap(tuple(why), by, names) for (names, by), why in reasons.items())


def _numbers(found: Found) -> str:
    numbers = sorted({*found.lines, *((found.line,) if found.line else ())})
    if not numbers:
        return "the claim"
    return f"line{'s' if len(numbers) > 1 else ''} {', '.join(map(str, numbers))}"


def _sides(sides: frozenset[Side]) -> str:
    if len(sides) > 1:
        return "both sides"
    return next((str(side) for side in _SIDES if side in sides), "")
