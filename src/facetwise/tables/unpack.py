"""Take official files out of folders, archives and workbooks, none of which is trusted.

Names inside an archive are never used as paths, and what is unpacked is counted, not believed.
"""

import csv
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

from facetwise.errors import BadSourceFileError, UnreadableInputError

MOST_BYTES = 4 << 30
"""The largest official archive known unpacks to a tenth of this."""
MOST_RATIO = 200
"""Official text shrinks tenfold, blank-padded text fortyfold."""
MOST_MEMBERS = 5000
MOST_DEPTH = 2
_CHUNK = 1 << 20
_RATIO_FROM = 50 << 20
_NOT_TABLES = (".pdf", ".doc", ".docx", ".htm", ".html", ".png", ".jpg", ".md", ".xml", ".dtd")


class Found(NamedTuple):
    """One file to read: where its bytes are, and what it is called.

    Attributes:
        name: as the publisher named it, with the archive it came from: `RVU26C.zip/GPCI2026.csv`.
        beside: the folder or archive it came from; its other files can tell its edition.
        alone: the user named this very file.
    """

    path: Path
    name: str
    beside: str
    alone: bool


def files_in(given: Path, place: Path) -> Iterator[Found]:
    """Every file that may be a table in a file, folder or archive.

    Args:
        given: what the user named.
        place: a folder of ours to unpack into.

    Raises:
        UnreadableInputError: there is no such file.
        BadSourceFileError: an archive is damaged or hostile.
    """
    if given.is_dir():
        for path in sorted(given.rglob("*")):
            if path.is_file() and path.suffix.lower() not in _NOT_TABLES:
                name = path.relative_to(given).as_posix()
                yield from _opened(path, name, str(path.parent), False, place, 0)
    elif given.is_file():
        yield from _opened(given, given.name, str(given.parent), True, place, 0)
    else:
        raise UnreadableInputError("there is no such file or folder.", where=str(given))


def _opened(
    path: Path, name: str, beside: str, alone: bool, place: Path, depth: int
) -> Iterator[Found]:
    with path.open("rb") as file:
        starts = file.read(4)
    if starts != b"PK\x03\x04":
        yield Found(path, name, beside, alone)
        return
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise BadSourceFileError(
            "the archive is damaged or cut short.", where=name, todo="Download it again."
        ) from error
    with closing(archive):
        if "xl/workbook.xml" in archive.namelist():
            yield Found(_as_text(path, archive, name, place), name, beside, alone)
            return
        yield from _members(archive, name, place, depth)


def _members(archive: zipfile.ZipFile, name: str, place: Path, depth: int) -> Iterator[Found]:
    if depth >= MOST_DEPTH:
        raise BadSourceFileError("archives inside archives inside archives.", where=name)
    members = [m for m in archive.infolist() if not m.is_dir()]
    if len(members) > MOST_MEMBERS:
        raise BadSourceFileError(f"{len(members)} files in one archive.", where=name)
    for member in members:
        called = member.filename.replace("\\", "/").rpartition("/")[2]
        if called.startswith(".") or Path(called).suffix.lower() in _NOT_TABLES:
            continue
        path = place / f"{depth}-{len(list(place.iterdir()))}"
        _unpack(archive, member, path, f"{name}/{called}")
        yield from _opened(path, f"{name}/{called}", name, False, place, depth + 1)


def _unpack(archive: zipfile.ZipFile, member: zipfile.ZipInfo, path: Path, name: str) -> None:
    written = sum(p.stat().st_size for p in path.parent.iterdir() if p.is_file())
    size = 0
    try:
        with archive.open(member) as source, path.open("wb") as target:
            while chunk := source.read(_CHUNK):
                size += len(chunk)
                _measured(size, written + size, member, name)
                target.write(chunk)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        why = "is locked with a password" if member.flag_bits & 1 else "is damaged or cut short"
        raise BadSourceFileError(
            f"the archive {why}.", where=name, todo="Download it again."
        ) from error


def _measured(size: int, total: int, member: zipfile.ZipInfo, name: str) -> None:
    ratio = size / max(member.compress_size, 1)
    if total > MOST_BYTES or (size > _RATIO_FROM and ratio > MOST_RATIO):
        raise BadSourceFileError(
            f"it unpacks to {size >> 20:,} MB and more, from {member.compress_size >> 10:,} kB: "
            "no official file does.",
            where=name,
        )


def _as_text(path: Path, archive: zipfile.ZipFile, name: str, place: Path) -> Path:
    """The first sheet of a workbook as comma-separated text, a line a row.

    Raises:
        BadSourceFileError: the workbook is damaged, or holds formulas.
    """
    try:
        import python_calamine  # here, because only workbooks need it
    except ImportError as error:
        raise BadSourceFileError(
            "reading workbooks needs the package python-calamine.",
            where=name,
            todo="Install facetwise[xlsx], or add the txt or csv that CMS ships beside it.",
        ) from error
    _without_formulas(archive, name)
    target = place / f"sheet-{len(list(place.iterdir()))}"
    try:
        book: Any = python_calamine.CalamineWorkbook.from_path(str(path))  # pyright: ignore[reportUnknownMemberType]
        rows = book.get_sheet_by_index(0).iter_rows()
        with target.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerows([_cell(cell) for cell in row] for row in rows)
    except (python_calamine.CalamineError, IndexError, ValueError) as error:
        raise BadSourceFileError(
            "the workbook cannot be read.", where=name, todo="Download it again."
        ) from error
    return target


def _without_formulas(archive: zipfile.ZipFile, name: str) -> None:
    size = 0
    for member in archive.infolist():
        if not member.filename.startswith("xl/worksheets/"):
            continue
        tail = b""
        try:
            with archive.open(member) as sheet:
                while chunk := sheet.read(_CHUNK):
                    size += len(chunk)
                    _measured(size, size, member, name)
                    seen = tail + chunk
                    if b"<f>" in seen or b"<f " in seen:
                        raise BadSourceFileError(
                            "the workbook holds formulas; the official ones hold values only.",
                            where=name,
                            todo="Add the file as CMS ships it.",
                        )
                    tail = chunk[-3:]
        except (zipfile.BadZipFile, zlib.error, EOFError) as error:
            raise BadSourceFileError(
                "the workbook is damaged or cut short.", where=name, todo="Download it again."
            ) from error


def _cell(value: object) -> str:
    """A cell as the csv twin of the workbook would state it, on one line."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return " ".join(str(value).split())
