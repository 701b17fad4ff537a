"""Could any procedure produce these lines? What speaks against it, with who says so."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from facetwise.anatomy import JOINTS, Region
from facetwise.coding.codebook import Code, codebook
from facetwise.coding.facet import FIRST
from facetwise.coding.lines import Billed
from facetwise.coding.questions import listed
from facetwise.coding.rulesets import Rules
from facetwise.coding.steps import Explainer
from facetwise.coding.tally import Sides, Tally, by_role, sides_of
from facetwise.sources import Citation
from facetwise.tables.answer import Held

Group = Sequence[tuple[Billed, Code]]
Key = tuple[str, str]
_SIDE_MARKS = ("50", "RT", "LT")
_ABLATION = "facet-ablation"
_FACET = ("facet-injection", "facet-injection-ultrasound", _ABLATION)
_WITHOUT_SIDE = ("epidural-interlaminar", "epidural-catheter")


class Problem(NamedTuple):
    """Why no procedure could produce the lines.

    Attributes:
        lines: 1-based numbers of the lines it is about.
    """

    text: str
    rule: str
    citations: tuple[Citation, ...]
    lines: tuple[int, ...]


def problems_of(
    groups: Mapping[Key, Group],
    tallies: Mapping[Key, Tally],
    rules: Rules | None,
    explain: Explainer,
) -> list[Problem]:
    """Everything that speaks against the lines, by line."""
    found: list[Problem] = []
    for key, group in groups.items():
        for line, _ in group:
            found += _modifiers(line, key[0], rules, explain)
        found += _one_joint(group, rules, explain)
        found += _missing_level(group, explain)
        found += _too_many(key, tallies[key], group, explain)
    every = [line for group in groups.values() for line in group]
    for line, code in every:
        found += _add_on(line, code, [c.code for _, c in every], rules, explain)
    return sorted(dict.fromkeys(found), key=lambda problem: problem.lines)


def notes_of(groups: Mapping[Key, Group], explain: Explainer) -> list[Problem]:
    """Readings worth knowing: a second lumbar level without a first stands beside T12-L1."""
    found: list[Problem] = []
    for (family, region), group in groups.items():
        roles = by_role(group)
        if region != Region.LUMBAR_SACRAL or family not in _FACET or roles.keys() & FIRST:
            continue
        if (family, Region.CERVICAL_THORACIC) in groups:
            lines = [line for line, _ in group]
            text = f"{lines[0].code} without a first lumbar level is read as L1-L2 beside T12-L1."
            found.append(_problem("coding/t12-l1", text, lines, explain))
    return found


def _problem(rule: str, text: str, lines: Sequence[Billed], explain: Explainer) -> Problem:
    step = explain.step(rule, text)
    return Problem(text, rule, step.citations, tuple(line.number for line in lines))


def _modifiers(
    line: Billed, family: str, rules: Rules | None, explain: Explainer
) -> Iterator[Problem]:
    marks = [mark for mark in _SIDE_MARKS if mark in line.modifiers]
    if len(marks) > 1:
        text = f"{line.code} carries {listed(marks)}: each of them says another side."
        yield _problem("coding/decode-modifiers", text, [line], explain)
    elif marks and family in _WITHOUT_SIDE:
        text = f"{line.code} has no side, but carries {marks[0]}."
        yield _problem("coding/decode-modifiers", text, [line], explain)
    if "50" in marks and rules and rules.switch("bilateral-first").value == "two-lines":
        text = f"{line.code} carries 50; {rules.ruleset.id} writes an RT and an LT line."
        yield _problem("coding/bilateral", text, [line], explain)


def _one_joint(group: Group, rules: Rules | None, explain: Explainer) -> Iterator[Problem]:
    """A first or second level is one joint; nothing has more than two sides."""
    family = group[0][1].family
    style = rules.switch("bilateral-add-on", family).value if rules else ""
    for role, lines in by_role(group).items():
        if role == "each-additional":
            continue
        sides = sides_of(lines)
        both = 2 * sides.fifty + sides.right + sides.left + sides.plain
        alone = role in ("first", "first-joint", "single")
        twice_allowed = not alone and style in ("twice", "ask", "")
        code = lines[0].code
        if both > 2 or sides.right > 1 or sides.left > 1:
            text = f"{_as_billed(lines)} {_sides_claimed(sides, both)}."
            yield _problem("coding/decode-units", text, lines, explain)
        elif sides.plain > 1 and not twice_allowed:
            text = f"{code} is claimed twice without a side, but stands for one joint."
            yield _problem("coding/decode-units", text, lines, explain)
        elif sides.plain and both > sides.plain:
            text = f"{code} is claimed with a side and without one, but stands for one joint."
            yield _problem("coding/decode-units", text, lines, explain)


def _as_billed(lines: Sequence[Billed]) -> str:
    """Lines with their sides and units, and the verb they need: `64493-50 with 2 units claims`."""
    written = [
        "-".join((line.code, *(mark for mark in _SIDE_MARKS if mark in line.modifiers)))
        + (f" with {line.units} units" if line.units != 1 else "")
        for line in lines
    ]
    return f"{listed(written)} {'claims' if len(lines) == 1 else 'claim'}"


def _sides_claimed(sides: Sides, both: int) -> str:
    if both > 2:
        return f"{both} sides of one joint"
    return f"the {'right' if sides.right > 1 else 'left'} side of one joint twice"


def _missing_level(group: Group, explain: Explainer) -> Iterator[Problem]:
    roles = by_role(group)
    if "third-and-further" in roles and "second" not in roles:
        lines = roles["third-and-further"]
        text = f"{lines[0].code} claims a third level, but no second level is on the claim."
        yield _problem("coding/decode-add-on", text, lines, explain)


def _too_many(key: Key, counted: Tally, group: Group, explain: Explainer) -> Iterator[Problem]:
    family, region = key
    if not region:
        return
    joints = sum(1 for j in JOINTS.values() if j.coded and j.region == region)
    room = joints + (family == "epidural-transforaminal" and region == Region.LUMBAR_SACRAL)
    if counted.levels > room:
        text = f"The lines claim {counted.levels} {region} levels; a spine has {room}."
        yield _problem("coding/decode-units", text, [line for line, _ in group], explain)


def _add_on(
    line: Billed, code: Code, claimed: Sequence[str], rules: Rules | None, explain: Explainer
) -> Iterator[Problem]:
    """An add-on needs one of its primaries; before the edit began, a first level of its family."""
    if code.role in ("first", "first-joint", "single"):
        return
    book = codebook(explain.store)
    first = "first-joint" if code.family == _ABLATION else "first"
    wanted = [book.of(code.family, code.region, first).code]
    citations: tuple[Citation, ...] = ()
    if explain.day:
        answer = explain.store.find("add_on_edits", explain.day, add_on=line.code)
        if isinstance(answer, Held):
            wanted = [entry.row["primary"] for entry in answer.entries]
            citations = tuple(entry.citation for entry in answer.entries)
    else:
        rows = explain.store.all_rows("add_on_edits", add_on=line.code)
        wanted += [row["primary"] for row in rows]
    if code.family == _ABLATION and rules and rules.switch("t12-l1-ablation").value == "add-on":
        wanted.append(book.of(_ABLATION, Region.CERVICAL_THORACIC, "first-joint").code)
    if set(wanted).isdisjoint(claimed):
        text = f"{line.code} is an add-on; none of {listed(dict.fromkeys(wanted))} is on the claim."
        found = _problem("coding/decode-add-on", text, [line], explain)
        yield found._replace(citations=citations or found.citations)
