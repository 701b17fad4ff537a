"""Pairs of a code with codes of other fields, as far as the NCCI files a user added hold them.

There are thousands, so they are read by edition and not one by one; which edition speaks for a
pair is decided as in every look-up: in force first, then carried, then read back.
"""

from collections.abc import Iterator
from datetime import date

from facetwise.pages.gather import Context, once
from facetwise.pages.model import Grid
from facetwise.sources import Basis, Citation, Edition, Scope
from facetwise.tables.answer import Row
from facetwise.tables.catalogue import Table

Pair = tuple[str, str]
_ORDER = (Basis.IN_FORCE, Basis.CARRIED, Basis.DERIVED)
_NO_EDIT = "no edit"
_NOT_CHECKED = "not checked"


def other_pairs(page: Context, settings: tuple[str, ...], columns: tuple[str, ...]) -> Grid:
    """A row a pair with a code out of scope, and what each setting's edition says of it."""
    found = {setting: _Setting(page, f"ptp_{setting}") for setting in settings}
    pairs = {pair for one in found.values() for pair in one.rows}
    rows = tuple(
        (
            two if one == page.code else one, "", one, two,
            *(cell for setting in settings for cell in found[setting].cells((one, two))),
        )
        for one, two in sorted(pairs, key=lambda pair: (pair[0] != page.code, pair))
    )  # fmt: skip
    cited = once(citation for one in found.values() for citation in one.cited.values())
    return Grid("ptp-others", "Pairs with other codes", columns, rows, cited if rows else ())


class _Setting:
    """What the editions of one setting say of the code's pairs on the page's date."""

    def __init__(self, page: Context, name: str) -> None:
        self._page = page
        self.rows: dict[Pair, Row] = {}
        self.cited: dict[str, Citation] = {}
        self._silent: Edition | None = None
        """The complete edition whose silence speaks; none where only single codes are listed."""
        if page.store.added is None:
            return
        table = page.store.table(name)
        decided: set[tuple[str, ...]] = set()
        columns: tuple[str, ...] = ()
        for edition in _usable(page, table):
            for row in self._listed(table, edition):
                pair = (row["column_1"], row["column_2"])
                if tuple(row[column] for column in columns) not in decided or not columns:
                    self.rows.setdefault(pair, row)
            if edition.scope is not Scope.LISTED:
                self._silent = edition
                break
            columns = tuple(edition.listed_by)
            decided = {
                tuple(row[column] for column in columns)
                for row in page.store.all_rows(name, edition=edition.id)
            }
        for row in self.rows.values():
            if row["edition"] not in self.cited:
                self.cited[row["edition"]] = page.store.entry_of(table, row, page.day).citation

    def cells(self, pair: Pair) -> tuple[str, str]:
        """Indicator and edition of a pair, or what its absence means."""
        row = self.rows.get(pair)
        if row is not None:
            return row["modifier"], _with_standing(self.cited[row["edition"]])
        silent = self._silent
        if silent is not None and silent.basis_on(self._page.day) is Basis.IN_FORCE:
            return _NO_EDIT, silent.id
        return _NOT_CHECKED, ""

    def _listed(self, table: Table, edition: Edition) -> Iterator[Row]:
        scope = frozenset(self._page.store.scope)
        for column, other in (("column_1", "column_2"), ("column_2", "column_1")):
            key = {column: self._page.code, "edition": edition.id}
            for row in self._page.store.all_rows(table.name, **key):
                if row[other] not in scope and _speaks(row, self._page.day):
                    yield row


def _usable(page: Context, table: Table) -> list[Edition]:
    """Editions the user added that may speak for the date, the one to ask first in front."""
    mine = page.store.added.of_table(table.name) if page.store.added else ()
    found = [(e.basis_on(page.day), e) for e in reversed(table.editions) if e.id in mine]
    return [edition for basis in _ORDER for held, edition in found if held is basis]


def _speaks(row: Row, day: date) -> bool:
    """Whether the row's own dates, ISO 8601, where it has any, hold the day."""
    asked = day.isoformat()
    first, last = row.get("first_day"), row.get("last_day")
    return (not first or first <= asked) and (not last or asked <= last)


def _with_standing(citation: Citation) -> str:
    return citation.edition.id + (" (carried)" if citation.carried else "")
