"""Levels and sides that a text gives to a complaint or finding, not to what was done."""

import re
from collections.abc import Iterator

from facetwise.anatomy import read_levels
from facetwise.procedure.words import FINDINGS, HEADS, tags

_BOUNDARY = re.compile(
    r"[;:.]|\b(?:for|with|due\s+to|secondary\s+to|because\s+of)\b", re.IGNORECASE
)
_PLACE = re.compile(r"\s+(?:at|of|in|from|on|involving)\b[^;.]*", re.IGNORECASE)


def levels_of_findings(text: str) -> list[str]:
    """The findings in a `plain` text without which its levels or sides read differently.

    `right L4-5 MBB for right low back pain` reads the same without its finding;
    `right L4-5 pain; left L4-5 MBB` does not, and is asked about.

    Raises:
        ImpossibleLevelError: a level no spine has.
    """
    found = list(_phrases(text))
    if not found:
        return []
    whole = _read(text)
    return [
        word for word, first, last in found if _read(f"{text[:first]} . {text[last:]}") != whole
    ]


def _phrases(text: str) -> Iterator[tuple[str, int, int]]:
    """Each finding with the stretch of text that may be about it."""
    ends = [tag.end for tag in tags(text) if tag.tag in HEADS]
    ends += [mark.end() for mark in _BOUNDARY.finditer(text)]
    for found in FINDINGS.finditer(text):
        first = max((end for end in ends if end <= found.start()), default=0)
        place = _PLACE.match(text, found.end())
        yield found.group(), first, place.end() if place else found.end()


def _read(text: str) -> object:
    reading = read_levels(text)
    mentions = {(mention.kind, mention.name, mention.sides) for mention in reading.mentions}
    return mentions, [(question.id, question.ask) for question in reading.questions]
