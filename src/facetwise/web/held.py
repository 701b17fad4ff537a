"""The tables and rules this server answers from; they follow the user's data folder.

A file added or removed, here or by the command, is answered from at the next request.
"""

from datetime import date
from functools import cache

from facetwise.engine.check import Checker
from facetwise.errors import UnwritableError
from facetwise.tables.folder import data_folder
from facetwise.tables.store import Store, shipped

_CHECKERS_KEPT = 4


class HeldTables:
    """One set of tables, and checkers of it by the day of the check."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.digest = store.catalogue.digest
        self._checkers: dict[date, Checker] = {}

    def checker(self, as_of: date) -> Checker:
        """A checker that has answered before, which is quicker than a new one."""
        if as_of not in self._checkers:
            if len(self._checkers) >= _CHECKERS_KEPT:
                del self._checkers[next(iter(self._checkers))]
            self._checkers[as_of] = Checker(self.store, as_of=as_of)
        return self._checkers[as_of]


def held() -> HeldTables:
    """What is held now."""
    return _held(_state_of_folder())


@cache
def _held(_: tuple[int, int]) -> HeldTables:
    _held.cache_clear()
    shipped.cache_clear()
    return HeldTables(shipped())


def _state_of_folder() -> tuple[int, int]:
    """What changes when the index of added files does: its time and its inode."""
    try:
        state = (data_folder() / "index.json").stat()
    except (OSError, UnwritableError):
        return (0, 0)
    return (state.st_mtime_ns, state.st_ino)
