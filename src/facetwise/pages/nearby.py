"""What a user may have meant."""

from collections.abc import Iterable
from difflib import get_close_matches


def nearest(asked: str, known: Iterable[str], count: int = 3) -> list[str]:
    """The known words closest to the one asked, best first."""
    return get_close_matches(asked, list(known), n=count, cutoff=0)
