"""Add official files to the user's data folder: each whole or not at all."""

import errno
import hashlib
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from facetwise.errors import BadSourceFileError, UnwritableError
from facetwise.tables import folder as folders
from facetwise.tables.period import Period
from facetwise.tables.plausible import check_localities
from facetwise.tables.reading import Asked, Beside, Reading
from facetwise.tables.recognise import period_in, recognise
from facetwise.tables.store import Store
from facetwise.tables.unpack import Found, files_in
from facetwise.tables.whole import ends_early, pairs_in
from facetwise.tables.write_file import write_file

_CHUNK = 1 << 20
_FULL = "database or disk is full"
_PREFERRED = (".csv", ".txt", ".xlsx")
"""Where CMS ships one edition in several forms, the first of these is read."""
Held = list[tuple[Path, dict[str, Any]]]
"""Entries of the index, each with the path of its database."""
_SAYS_LESS = ("icd10cm_codes", "icd10cm-codes")


@dataclass(frozen=True, slots=True)
class Added:
    """What became of one file.

    Attributes:
        outcome: `added`, `held` (it was there), `twin` (the same edition in another form),
            `part` (read with another file), `doubtful` (added, but a remark says why to look at
            it again) or `unknown` (not a file of a kind we read).
        editions: (table, edition id, rows) of what it holds.
    """

    name: str
    outcome: str
    editions: tuple[tuple[str, str, int], ...] = ()
    remarks: tuple[str, ...] = ()


def add_files(
    given: Iterable[Path],
    base: Store,
    *,
    asked: Asked | None = None,
    folder: Path | None = None,
    told: Callable[[Added], None] = lambda _: None,
) -> list[Added]:
    """Add files, archives and folders; all of what the user named, or nothing.

    Args:
        base: the shipped tables.
        asked: what the user says of files that do not say it themselves.
        folder: the data folder; the user's own by default.
        told: called as each file is done.

    Raises:
        BadSourceFileError: a file is altered, cut, hostile, or not of a kind we read.
        UnreadableInputError: there is no such file.
        UnwritableError: the disk is full, or the folder is not to be written to.
    """
    target = folder or folders.data_folder()
    try:
        with folders.workshop(target) as place:
            return _add(list(given), base, asked or Asked(), target, place, told)
    except sqlite3.Error as error:
        raise _unwritable(target, str(error)) from error
    except OSError as error:
        why = _FULL if error.errno in (errno.ENOSPC, errno.EDQUOT) else str(error.strerror)
        raise _unwritable(target, why) from error


def _unwritable(target: Path, why: str) -> UnwritableError:
    full = "the disk is full" if "full" in why else f"the files cannot be stored ({why})"
    return UnwritableError(
        f"{full}; nothing was added.",
        where=str(target),
        todo="Free some space, or set FACETWISE_DATA to a folder elsewhere.",
    )


def _add(
    given: list[Path],
    base: Store,
    asked: Asked,
    target: Path,
    place: Path,
    told: Callable[[Added], None],
) -> list[Added]:
    held: Held = [(target / e["database"], e) for e in folders.read_index(target)]
    done: list[Added] = []
    new: Held = []
    seen: set[tuple[str, ...]] = set()
    for at, path in enumerate(given):
        unpacked = place / f"from-{at}"
        unpacked.mkdir()
        found = _in_order(files_in(path, unpacked))
        known = False
        for one, beside in found:
            outcome, entry = _one(one, beside, base, asked, held, seen, place)
            known = known or outcome.outcome != "unknown"
            done.append(outcome)
            told(outcome)
            if entry:
                new.append((place / entry["database"], entry))
                held.append(new[-1])
        if not known:
            raise BadSourceFileError(
                "it holds no official file of a kind we read.",
                where=path.name,
                todo="docs/tables.md lists the kinds.",
            )
    for doubt in _doubts(new, held, base):
        done.append(doubt)
        told(doubt)
    _publish(target, new)
    return done


def _doubts(new: Held, held: Held, base: Store) -> Iterator[Added]:
    """Files that are whole as far as they go, and may not go far enough."""
    every = list(pairs_in(held))
    for file in pairs_in(new):
        if remark := ends_early(file, [o for o in every if o != file], base):
            yield Added(file.name, "doubtful", (), (remark,))


def _in_order(found: Iterator[Found]) -> list[tuple[Found, Beside]]:
    """Files with their neighbours, the form we prefer first."""
    files = sorted(found, key=lambda one: (one.beside, _form(one), one.name))
    periods: dict[str, set[Period]] = {}
    neighbours: dict[str, dict[str, Path]] = {}
    for one in files:
        called = one.name.rpartition("/")[2].lower()
        neighbours.setdefault(one.beside, {})[called] = one.path
        if period := period_in(one):
            periods.setdefault(one.beside, set()).add(period)
    only = {beside: next(iter(p)) for beside, p in periods.items() if len(p) == 1}
    return [(one, Beside(only.get(one.beside), neighbours[one.beside])) for one in files]


def _form(one: Found) -> int:
    """Workbooks come last, and the ICD-10-CM code file after the order file, which says more."""
    name = one.name.rpartition("/")[2].lower()
    suffix = Path(name).suffix
    form = _PREFERRED.index(suffix) if suffix in _PREFERRED else len(_PREFERRED)
    return form + name.startswith(_SAYS_LESS)


def _one(
    one: Found,
    beside: Beside,
    base: Store,
    asked: Asked,
    held: Held,
    seen: set[tuple[str, ...]],
    place: Path,
) -> tuple[Added, dict[str, Any] | None]:
    sha256 = _hash(one.path)
    alike = [entry for _, entry in held if entry["sha256"] == sha256]
    try:
        readings = recognise(one, sha256, base, asked, beside)
    except BadSourceFileError:
        if alike and not asked.edition:  # what it is was said when it was added
            return Added(one.name, "held", _shown(alike[0])), None
        raise
    for entry in alike:
        if not readings or {_named(r) for r in readings} <= {_of(e) for e in entry["editions"]}:
            return Added(one.name, "held", _shown(entry)), None
    if not readings:
        return Added(one.name, "unknown" if readings is None else "part"), None
    marks = {(r.kind.table, str(r.entry["id"]), r.part, one.beside) for r in readings}
    if marks <= seen and not one.alone:
        editions = tuple((r.kind.table, str(r.entry["id"]), 0) for r in readings)
        return Added(one.name, "twin", editions), None
    database = f"{sha256}-{readings[0].entry['id']}.sqlite"
    rows = write_file(place / database, readings, one.name)
    for at, reading in enumerate(readings):
        if reading.kind.table == "gpci" and reading.entry.get("scope") != "listed":
            check_localities(place / database, f"e{at}", base, one.name)
    seen |= marks
    folders.sync_file(place / database)
    entry = {
        "sha256": sha256,
        "name": one.name,
        "database": database,
        "database_sha256": _hash(place / database),
        "added": str(datetime.now(UTC).date()),
        "editions": [_edition(r, count) for r, count in zip(readings, rows, strict=True)],
    }
    remarks = tuple(dict.fromkeys(remark for r in readings for remark in r.remarks))
    return Added(one.name, "added", _shown(entry), remarks), entry


def _named(reading: Reading) -> tuple[str, str]:
    """A file may be the same to the byte in two quarters, and is of both then."""
    return reading.kind.table, str(reading.entry["id"])


def _of(edition: dict[str, Any]) -> tuple[str, str]:
    return str(edition["table"]), str(edition["id"])


def _edition(reading: Reading, rows: int) -> dict[str, Any]:
    return {
        **reading.entry,
        "table": reading.kind.table,
        "part": reading.part,
        "rows": rows,
        "columns": list(reading.columns),
    }


def _shown(entry: dict[str, Any]) -> tuple[tuple[str, str, int], ...]:
    return tuple((e["table"], e["id"], int(e["rows"])) for e in entry["editions"])


def _publish(target: Path, new: Held) -> None:
    """Move what was built to its place and name it in the index, in one locked step."""
    with folders.locked(target):
        index = folders.read_index(target)
        folders.sweep(target)
        if not new:
            return
        held = {entry["database"] for entry in index}
        for path, entry in new:
            if entry["database"] not in held:
                path.replace(target / path.name)
                index.append(entry)
        folders.sync_folder(target)
        folders.write_index(target, index)


def remove(names: Iterable[str], folder: Path | None = None) -> list[str]:
    """Remove files by edition id, file name or sha256; the names of those removed.

    Raises:
        BadSourceFileError: nothing held answers to a name.
    """
    target = folder or folders.data_folder()
    wanted = list(names)
    with folders.locked(target):
        index = folders.read_index(target)
        gone: list[dict[str, Any]] = []
        for name in wanted:
            matching = [entry for entry in index if _answers_to(entry, name)]
            if not matching:
                raise BadSourceFileError(
                    f"no added file or edition is called {name[:60]!r}.",
                    todo="`facetwise tables list` names them.",
                )
            gone += [entry for entry in matching if entry not in gone]
        folders.write_index(target, [entry for entry in index if entry not in gone])
        for entry in gone:
            (target / entry["database"]).unlink(missing_ok=True)
    return [str(entry["name"]) for entry in gone]


def _answers_to(entry: dict[str, Any], name: str) -> bool:
    file = str(entry["name"])
    by_sha = len(name) >= 8 and str(entry["sha256"]).startswith(name.lower())
    ids = {str(edition["id"]) for edition in entry["editions"]}
    return by_sha or name in ids or name in (file, file.rpartition("/")[2])


def verify(folder: Path | None = None) -> list[tuple[str, str]]:
    """Each file held and what is wrong with it; blank when its hash is the one recorded."""
    target = folder or folders.data_folder()
    told: list[tuple[str, str]] = []
    for entry in folders.read_index(target):
        path = target / entry["database"]
        if not path.is_file():
            told.append((entry["name"], "missing"))
        elif _hash(path) != entry["database_sha256"]:
            told.append((entry["name"], "altered"))
        else:
            told.append((entry["name"], ""))
    return told


def _hash(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
