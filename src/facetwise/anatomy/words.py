"""The words of anatomy in a free text: levels, sides, what they are nouns of, and what joins them.

A scanner only: it says what stands where. What a level means is decided in `levels`.
"""

import re
from collections.abc import Iterator
from enum import Enum
from itertools import pairwise
from typing import NamedTuple

from facetwise.anatomy.spine import BOTH, LEFT, RIGHT, ImpossibleLevelError, Side


class Mark(Enum):
    """What a piece of text is."""

    LEVEL = "level"
    BARE = "bare"
    """Digits that may go on with a list of levels: the 5 of `L3, L4, 5`."""
    ALA = "ala"
    TON = "third occipital nerve"
    SIDE = "side"
    NOUN = "noun"
    JOIN = "join"
    OPEN = "open"
    CLOSE = "close"
    COUNT = "count"
    MEASURE = "measure"
    WORD = "word"


class Noun(Enum):
    """What a level is said to be a level of."""

    NERVES = "nerves"
    """Said in the plural: the medial branches themselves."""
    BRANCH = "branch"
    """Said in the singular, or of the procedure: `medial branch block`."""
    JOINTS = "joints"
    FACET = "facet"
    LEVELS = "levels"
    LATERAL = "lateral branches"
    LANDMARK = "landmark"


class Token(NamedTuple):
    """A piece of text and its meaning.

    Attributes:
        value: a `Noun`, a set of sides, or a stated count of levels; else None.
    """

    mark: Mark
    text: str
    start: int
    end: int
    value: Noun | frozenset[Side] | int | None = None


_DOSE = r"%|mg|mcg|ug|mls?\b|cc\b|gauge|iu\b|units?\b|°|º|deg(?:rees?)?\b"
_UNIT = (
    rf"{_DOSE}|gm?\b|ga\b|hz|volts?|ohms?|mm|cm|inch|min(?:ute)?s?\b|sec(?:ond)?s?\b|h(?:ou)?rs?\b"
    r"|days?|weeks?|months?|years?|muscles?|needles?|sites?|injections?|times"
)
_NUMBER = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "single": 1}
_ATOM = r"[ctls]\s?\d{1,4}"
_SPAN = r"\s*[-/]\s*|\s+(?:to|thru|through)\s+"
_TAIL = rf"(?:{_SPAN})(?:{_ATOM}|\d{{1,2}}(?!\d|\.\d|\s*(?:{_DOSE})))|[ctls]\d{{1,2}}"
_BRANCH = r"medial\s+branch|mb"
_DESTROY = (
    r"(?:pulsed\s+|cooled\s+|thermal\s+|conventional\s+)*(?:radio-?frequency|rf[an]?|ablations?|"
    r"neurotom(?:y|ies)|rhizotom(?:y|ies)|denervations?|neurolysis|thermocoagulation)"
)
_PATTERNS: tuple[tuple[Mark, Noun | frozenset[Side] | None, str], ...] = (
    (Mark.MEASURE, None, r"\d{4}-\d{2}-\d{2}|\d{1,2}/\d{1,2}/\d{2,4}"),
    (
        Mark.COUNT,
        None,
        r"(?:\d{1,2}|one|two|three|four|five|six|single)[\s-]*(?:levels?|joints?)\b",
    ),
    (Mark.MEASURE, None, r"\d{2,3}\s*(?:°|º|deg(?:rees?)?)?\s*c(?:elsius|entigrade)?\b(?!\s*\d)"),
    (
        Mark.MEASURE,
        None,
        rf"\d+(?:\.\d+)?\s*(?:{_UNIT})|\d+\.\d+|[x#]\s*\d+\b(?!\s*-?(?:levels?|joints?)\b)",
    ),
    (Mark.ALA, None, r"(?:the\s+)?sacral\s+al(?:a|ae|ar)\b"),
    (Mark.NOUN, Noun.LATERAL, r"(?:sacral\s+)?lateral\s+branch(?:es)?|lbb\b"),
    (
        Mark.NOUN,
        Noun.LANDMARK,
        r"transverse\s+process(?:es)?|tps?\b|(?:superior\s+)?articular\s+(?:process(?:es)?|pillars?)"
        r"|saps?\b|pedicles?|vertebral\s+bod(?:y|ies)",
    ),
    (
        Mark.NOUN,
        Noun.BRANCH,
        rf"(?:{_BRANCH})\s+(?:nerve\s+)?(?:blocks?|injections?|{_DESTROY})"
        rf"|mbn?bs?\b|(?:facet|joint)\s+(?:joint\s+)?nerves?\s+(?:blocks?|injections?|{_DESTROY})",
    ),
    (
        Mark.NOUN,
        Noun.NERVES,
        r"medial\s+branches(?:\s+(?:of\s+the\s+)?(?:dorsal\s+(?:primary\s+)?rami|nerves?))?"
        r"|medial\s+branch\s+nerves?|mbs\b|mbns?\b|(?:primary\s+)?dorsal\s+(?:primary\s+)?ram(?:us|i)"
        r"|drs?\b|nerves\b",
    ),
    (Mark.NOUN, Noun.BRANCH, rf"(?:{_BRANCH})\b"),
    (Mark.NOUN, Noun.FACET, rf"facets?\s+(?:joints?\s+)?(?={_DESTROY})"),
    (
        Mark.NOUN,
        Noun.JOINTS,
        r"facet\s+joints?|facets\b|z-?\s?joints?|zygapophys(?:e|i)al\s+joints?|apophyseal\s+joints?"
        r"|joints?\b(?!\s+nerve)",
    ),
    (Mark.NOUN, Noun.FACET, r"facet\b|zygapophys(?:e|i)al\b"),
    (Mark.NOUN, Noun.LEVELS, r"levels?\b"),
    (
        Mark.SIDE,
        BOTH,
        r"bi-?lat(?:eral(?:ly)?)?\b\.?|bil\b\.?|b\s?/\s?l\b|bl\b|both\s+sides|r\s?/\s?l\b|l\s?/\s?r\b"
        r"|(?:right|rt|r)\s*(?:and|&|\+|/)\s*(?:left|lt|l)\b(?!\s?\d)"
        r"|(?:left|lt|l)\s*(?:and|&|\+|/)\s*(?:right|rt|r)\b",
    ),
    (Mark.SIDE, RIGHT, r"right(?:-?\s?sided?)?\b|rt\b\.?|r\b"),
    (Mark.SIDE, LEFT, r"left(?:-?\s?sided?)?\b|lt\b\.?|l\b(?!\s?-?\d)"),
    (Mark.TON, None, r"(?:ton|(?:3rd|third)\s+occipital(?:\s+nerves?)?)\b"),
    (Mark.LEVEL, None, rf"{_ATOM}(?:{_TAIL})*(?![a-z0-9]|\.\d)"),
    (Mark.BARE, None, r"\d{1,2}(?:\s*[-/]\s*\d{1,2})?(?!\d|\.\d)\b"),
    (Mark.JOIN, None, r"[,;+&]|and\b|plus\b"),
    (Mark.OPEN, None, r"[(\[]"),
    (Mark.CLOSE, None, r"[)\]]"),
    (Mark.WORD, None, r"[^\s()\[\],;+&]+"),
)
_MASTER = re.compile(
    "|".join(
        f"(?P<p{at}>{body})" if mark in (Mark.JOIN, Mark.OPEN, Mark.CLOSE, Mark.WORD)
        else f"(?<![a-z0-9.])(?P<p{at}>{body})"
        for at, (mark, _, body) in enumerate(_PATTERNS)
    ),
    re.IGNORECASE,
)  # fmt: skip
_TO = re.compile(r"\s+(?:to|thru|through)\s+", re.IGNORECASE)
_DASHES = dict.fromkeys((*range(8208, 8214), 8722), "-")
"""Every hyphen and dash a word processor makes of a minus key."""
_GLUED = re.compile(r"(?<=\d)(?=(?:mbn?b?s?|dr)\b)", re.IGNORECASE)


_NAMED = (
    (re.compile(r"atlanto-?\s?axial(?:\s+facet)?", re.IGNORECASE), "C1-C2 facet"),
    (re.compile(r"atlanto-?\s?occipital(?:\s+facet)?", re.IGNORECASE), "C0-C1 facet"),
)


_DIGITS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "eleven": 11, "twelve": 12,
}  # fmt: skip
_ONE_OF = rf"\d{{1,2}}|{'|'.join(_DIGITS)}"
_SPELLED = re.compile(
    rf"\b(cervical|thoracic|lumbar)\s+({_ONE_OF})\s*[-/]\s*"
    rf"(?:(cervical|thoracic|lumbar|sacral)\s+)?({_ONE_OF})\b(?!\s*[-/\d]|\s*(?:{_DOSE}|{_UNIT}"
    r"|levels?|joints?|nerves?))",
    re.IGNORECASE,
)
"""`lumbar 4-5`, `lumbar four-five`, `lumbar 5-sacral 1`."""


def _levels_of(found: re.Match[str]) -> str:
    region, upper, other, lower = (part.lower() if part else "" for part in found.groups())
    first, last = (_DIGITS.get(number, number) for number in (upper, lower))
    return f"{region[0].upper()}{first}-{other[:1].upper()}{last}"


def plain(text: str) -> str:
    """The text with one kind of dash, `L5DR` set apart, and joints in words as levels."""
    said = _GLUED.sub(" ", text.translate(_DASHES))
    for pattern, level in _NAMED:
        said = pattern.sub(level, said)
    return _SPELLED.sub(_levels_of, said)


def scan(text: str) -> Iterator[Token]:
    """Every token of a `plain` text, in order."""
    for found in _MASTER.finditer(text):
        assert found.lastgroup is not None
        mark, value, _ = _PATTERNS[int(found.lastgroup[1:])]
        said = found.group().lower()
        number = _count(said) if mark is Mark.COUNT else None
        yield Token(mark, found.group(), found.start(), found.end(), value or number)


def _count(said: str) -> int:
    head = re.match(r"\d+|[a-z]+", said)
    assert head is not None
    return int(head.group()) if head.group().isdigit() else _NUMBER[head.group()]


LAST = {"C": 8, "T": 12, "L": 6, "S": 5}
"""Highest number written with each letter: C8 is a nerve, L6 a transitional vertebra."""
_NEXT_LETTER = {"C": "T", "T": "L", "L": "S"}
_TURNS = {("C", 7), ("C", 8), ("T", 12), ("L", 5), ("L", 6)}


class Written(NamedTuple):
    """A level as it is written.

    Attributes:
        names: vertebra or nerve names in the order written, `("L4", "L5")`.
        of_joints: written from joint to joint (`L3-4 to L5-S1`), so it can only be joints.
    """

    names: tuple[str, ...]
    of_joints: bool = False


def spell(text: str) -> list[Written]:
    """The levels in a level token: `L45`, `L4/5` and `L4-L5` are all `L4`, `L5`.

    Raises:
        ImpossibleLevelError: a number that its part of the spine does not have.
    """
    ends: list[list[str]] = []
    for part in _TO.split(text):
        ends.append(_names(part, text, ends[-1][-1] if ends else ""))
    if len(ends) > 1:
        joints = any(len(end) > 1 for end in ends)
        return [Written((ends[0][0], ends[-1][-1]), of_joints=joints)]
    names = ends[0]
    pairs = list(zip(names[::2], names[1::2], strict=False))
    seams = list(zip(names[1::2], names[2::2], strict=False))
    if len(names) > 2 and len(names) % 2 == 0 and not all(_adjoin(*seam) for seam in seams):
        return [Written(pair, of_joints=all(a == b for a, b in seams)) for pair in pairs]
    return [Written(tuple(names))]


def _adjoin(upper: str, lower: str) -> bool:
    """Whether the second name comes next below the first."""
    return (
        lower == _onward(upper, int(lower[1:]))
        and upper != lower
        and (upper[0] != lower[0] or int(lower[1:]) == int(upper[1:]) + 1)
    )


def follow(before: str, text: str) -> Written | None:
    """The names in bare digits after `before`: `L3`, `4` is `L4`. None when they do not go on."""
    numbers = [int(part) for part in re.split(r"\s*[-/]\s*", text)]
    letter, last = before[0], int(before[1:])
    if numbers[0] < last or (numbers[0] == last and len(numbers) == 1):
        return None
    names = [f"{letter}{numbers[0]}"]
    for number in numbers[1:]:
        names.append(_onward(names[-1], number))
    if any(int(name[1:]) > LAST[name[0]] for name in names):
        return None
    return Written(tuple(names))


def _names(part: str, text: str, before: str) -> list[str]:
    names: list[str] = []
    for letter, digits in re.findall(r"([ctls]?)\s?(\d{1,4})", part, re.IGNORECASE):
        if letter:
            names += _split(letter.upper(), digits, text)
        else:
            last = names[-1] if names else before
            if not last:
                raise _impossible(digits, text)
            names.append(_checked(_onward(last, int(digits)), text))
    return names


def _split(letter: str, digits: str, text: str) -> list[str]:
    """`45` to 4 and 5, `1112` to 11 and 12; a number that exists is never cut."""
    if int(digits) <= LAST[letter] and (int(digits) > 0 or letter == "C"):
        return [f"{letter}{int(digits)}"]
    for run in _runs(digits):
        if len(run) > 1 and all(b == a + 1 for a, b in pairwise(run)):
            return [_checked(f"{letter}{number}", text) for number in run]
    raise _impossible(f"{letter}{digits}", text)


def _runs(digits: str) -> Iterator[list[int]]:
    if not digits:
        yield []
    for size in (1, 2):
        if len(digits) >= size and digits[0] != "0":
            for rest in _runs(digits[size:]):
                yield [int(digits[:size]), *rest]


def _onward(before: str, number: int) -> str:
    """The name a bare number stands for after another: 5 after L4 is L5, 1 after L5 is S1."""
    letter, last = before[0], int(before[1:])
    if number == 1 and (letter, last) in _TURNS:
        return f"{_NEXT_LETTER[letter]}1"
    return f"{letter}{number}"


def _checked(name: str, text: str) -> str:
    number = int(name[1:])
    if number > LAST[name[0]] or (number == 0 and name[0] != "C"):
        raise _impossible(name, text)
    return name


def _impossible(name: str, text: str) -> ImpossibleLevelError:
    return ImpossibleLevelError(
        f"{name} is not a level of the spine.",
        where=f"level {text!r}" if text.upper() != name.upper() else "",
        todo="Levels run from C0 to C7, T1 to T12, L1 to L5 and S1; write joints such as L4-L5.",
    )
