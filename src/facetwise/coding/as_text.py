"""Coding and decoding as plain text a biller can read: lines first, then why, then what is open."""

from collections.abc import Iterable, Iterator, Sequence

from facetwise.anatomy import Question
from facetwise.coding.decoding import Claimed, Decoding
from facetwise.coding.model import Coding, Line, Step
from facetwise.coding.rulesets import rulesets
from facetwise.finding import Verdict
from facetwise.sources import Citation

_SIDES = ("right", "left")


def code_text(coding: Coding) -> str:
    """The answer for one ruleset."""
    title = rulesets()[coding.ruleset].title if coding.ruleset else "no ruleset chosen"
    out = [f"{title} · {coding.day or 'no date'} · {_verdict(coding.verdict)}", ""]
    if coding.lines:
        out += [*_line_table(coding.lines), ""]
    if coding.levels:
        levels = ", ".join(f"{level.joint} ({_sides(level.sides)})" for level in coding.levels)
        out += [f"Treated: {levels.replace(' ()', '')}", ""]
    if coding.reason:
        out += [f"Not checked: {coding.reason}"]
        out += [f"Would be answered by: {coding.supplied_by}"] if coding.supplied_by else []
        out += [""]
    out += _questions(coding.questions)
    if coding.lines:
        out += [*_why(coding.lines), ""]
    if coding.procedure.unread:
        out += [f"Not read: {', '.join(coding.procedure.unread)}", ""]
    out += _sources(s.citations for line in coding.lines for s in line.steps)
    return "\n".join([*out, *_NOTICE])


_NOTICE = (
    "CPT is the American Medical Association's. Decision support, not legal or medical advice.",
)


def compare_text(codings: Sequence[Coding]) -> str:
    """Every ruleset side by side, one row each."""
    rows = [("ruleset", "lines", "verdict", "open questions")]
    for coding in codings:
        lines = "  ".join(written(line) for line in coding.lines) or "-"
        asked = ", ".join(question.id for question in coding.questions)
        rows.append((coding.ruleset or "", lines, _verdict(coding.verdict), asked or coding.reason))
    questions = {question.id: question for coding in codings for question in coding.questions}
    out = [f"{codings[0].day or 'no date'}", "", *_aligned(rows), ""]
    return "\n".join([*out, *_questions(tuple(questions.values())), *_NOTICE])


def written(line: Line) -> str:
    """`64494-50`, `64636 x4`."""
    return "-".join((line.code, *line.modifiers)) + (f" x{line.units}" if line.units > 1 else "")


def _line_table(lines: Iterable[Line]) -> list[str]:
    rows = [("code", "modifiers", "units", "stands for", "confidence")]
    for line in lines:
        joints = ", ".join(line.joints)
        confidence = "derived" if line.derived else "stated"
        rows.append((line.code, " ".join(line.modifiers), str(line.units), joints, confidence))
    return _aligned(rows)


def _why(lines: Iterable[Line]) -> Iterator[str]:
    yield "Why"
    for line in lines:
        yield f"  {written(line)}"
        for step in line.steps:
            yield f"    {step.text} [{_named(step)}]"


def _named(step: Step) -> str:
    ids = ", ".join(dict.fromkeys(citation.edition.id for citation in step.citations))
    return f"{ids}; derived" if step.derived else ids


def _questions(questions: Sequence[Question]) -> Iterator[str]:
    for question in questions:
        yield f"{'Question' if question.blocks else 'To settle'} ({question.id}): {question.ask}"
        yield f"  Why: {question.why}"
        for answer, effect in question.answers.items():
            yield f"  - {answer}: {effect}"
        yield ""


def _sources(groups: Iterable[tuple[Citation, ...]]) -> Iterator[str]:
    known = {citation.edition.id: citation for group in groups for citation in group}
    if not known:
        return
    yield "Sources"
    for name in sorted(known):
        citation = known[name]
        edition = citation.edition
        note = f" {citation.note}" if citation.note else ""
        window = "" if str(edition.window) == "../.." else f", {edition.window}"
        yield f"  {name}: {edition.source.title}, {edition.source.publisher}{window}.{note}"
    yield ""


def _sides(sides: Iterable[object]) -> str:
    said = {str(side) for side in sides}
    return "both sides" if len(said) > 1 else "".join(side for side in _SIDES if side in said)


def _verdict(verdict: Verdict) -> str:
    return str(verdict).replace("_", " ")


def _aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(len(row[at]) for row in rows) for at in range(len(rows[0]))]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]


def decode_text(decoding: Decoding) -> str:
    """What the lines claim, and what speaks against them."""
    who = rulesets()[decoding.ruleset].title if decoding.ruleset else "no ruleset chosen"
    out = [f"{who} · {decoding.day or 'no date'} · {_verdict(decoding.verdict)}", ""]
    out += [_claimed(claimed) for claimed in decoding.claimed]
    if decoding.reason:
        out += [f"Not checked: {decoding.reason}"]
    if decoding.possible is not None:
        out += [
            "",
            "A procedure could produce these lines."
            if decoding.possible
            else "No procedure could produce these lines:",
        ]
    for problem in decoding.problems:
        numbers = ", ".join(str(number) for number in problem.lines)
        ids = ", ".join(citation.edition.id for citation in problem.citations)
        out += [f"  line {numbers}: {problem.text} [{problem.rule}: {ids}]"]
    for note in decoding.notes:
        out += [f"  note: {note.text} [{note.rule}]"]
    for line in decoding.beside:
        out += [f"  line {line.line}: {line.code} not decoded, {line.reason}"]
    return "\n".join([*out, "", *_NOTICE])


def _claimed(claimed: Claimed) -> str:
    numbers = (
        (claimed.both, "on both sides"),
        (claimed.right, "right"),
        (claimed.left, "left"),
        (claimed.unstated, "no side stated"),
    )
    sides = ", ".join(f"{number} {name}" for number, name in numbers if number)
    plural = "level" if claimed.levels == 1 else "levels"
    more = f", at most {claimed.at_most}" if claimed.at_most > claimed.levels else ""
    region = f", {claimed.region}" if claimed.region else ""
    return f"{claimed.family}{region}: {claimed.levels} {plural}{more} ({sides})"
