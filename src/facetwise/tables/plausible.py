"""Whether a file's rows can be what they say, judged by the shipped edition before them."""

import re
import sqlite3
from contextlib import closing
from pathlib import Path

from facetwise.errors import BadSourceFileError
from facetwise.tables.store import Store

_LEAST_SHARE = 0.8
"""Localities are renamed or split one at a time; a fifth of them at once is another file."""


def check_localities(database: Path, table: str, base: Store, name: str) -> None:
    """Compare the localities of a GPCI file with those of the last shipped edition.

    Raises:
        BadSourceFileError: too many are ones that nobody knows.
    """
    last = base.table("gpci").editions[-1].id
    known = {
        (row["contractor"], row["locality"], _plain(row["name"]))
        for row in base.all_rows("gpci", edition=last)
    }
    with closing(sqlite3.connect(database)) as db:
        query = f'select contractor, locality, name from "{table}"'  # noqa: S608
        stated = {(c, n, _plain(called)) for c, n, called in db.execute(query)}
    share = len(stated & known) / max(len(stated), 1)
    if share < _LEAST_SHARE:
        odd = sorted(stated - known)[0]
        raise BadSourceFileError(
            f"{len(stated - known)} of {len(stated)} localities are not those of {last}, "
            f"such as contractor {odd[0]} locality {odd[1]}.",
            where=name,
            todo="Add the GPCI file as CMS ships it.",
        )


def _plain(name: str) -> str:
    return re.sub(r"[^A-Z]", "", name.upper())
