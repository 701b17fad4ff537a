"""The stylesheet of a set of pages: tips of sources, and column names for tables shown as cards.

Both repeat on every page; as rules of one stylesheet they are sent once, and need no script.
"""

import hashlib
from collections.abc import Iterable, Iterator

_PHONE = "@media screen and (max-width: 47.99rem)"
"""Where tables become cards; the same width as in `facetwise.css`."""


def table_class(columns: tuple[str, ...]) -> str:
    """The class of all tables that have these columns."""
    return f"t{hashlib.sha256(chr(31).join(columns).encode()).hexdigest()[:7]}"


def labels_css(tips: Iterable[tuple[str, str]], columns: Iterable[tuple[str, ...]]) -> str:
    """Rules in a stable order.

    Args:
        tips: anchor of a source and what is shown over a mark that leads to it.
        columns: of each table; the first one needs no label, it is the title of its card.
    """
    told = [f'.by a[href="#{anchor}"]{{--tip:{_string(tip)}}}' for anchor, tip in sorted(set(tips))]
    cards = [rule for names in sorted(set(columns)) for rule in _names(names)]
    return "\n".join([*told, _PHONE + "{", *cards, "}"]) + "\n"


def _names(columns: tuple[str, ...]) -> Iterator[str]:
    kind = table_class(columns)
    for at, name in enumerate(columns[1:], 2):
        yield f".{kind} td:nth-child({at})::before{{content:{_string(name)}}}"


def _string(text: str) -> str:
    """A CSS string; what could end it, or the style element around it, is escaped."""
    kept = (c if c.isalnum() or c in " .,;:/()-'$%+" else f"\\{ord(c):x} " for c in text)
    return f'"{"".join(kept)}"'
