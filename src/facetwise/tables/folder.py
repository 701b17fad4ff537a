"""The user's data folder: official files added by hand, one immutable SQLite file each.

`index.json` says which files are held; it is replaced by rename, so that it is always the old or
the new one. What a killed import leaves behind is ignored, and swept away by the next one.
"""

import contextlib
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Generator
from pathlib import Path
from typing import IO, Any

from facetwise.errors import BrokenTableError, UnwritableError

FORMAT = 1
"""Of the index; a folder written by a later version is not guessed at."""
_LIVE = "live"


def data_folder() -> Path:
    """Where official files are kept: `FACETWISE_DATA`, else the platform's data folder.

    Raises:
        UnwritableError: the user has no home and named no folder.
    """
    if chosen := os.environ.get("FACETWISE_DATA"):
        return Path(chosen)
    if sys.platform == "win32" and (local := os.environ.get("LOCALAPPDATA")):
        return Path(local) / "facetwise" / "data"
    try:
        home = Path.home()
    except RuntimeError:
        raise UnwritableError(
            "there is no home folder to keep official files in.",
            todo="Set FACETWISE_DATA to a folder of yours.",
        ) from None
    if sys.platform == "darwin":
        return home / "Library" / "Application Support" / "facetwise"
    return Path(os.environ.get("XDG_DATA_HOME") or home / ".local" / "share") / "facetwise"


def read_index(folder: Path) -> list[dict[str, Any]]:
    """The entries of the files held; none when nothing was added yet.

    Raises:
        BrokenTableError: the index cannot be read, or a later version wrote it.
    """
    path = folder / "index.json"
    try:
        raw = path.read_text("utf-8")
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as error:
        raise BrokenTableError(
            f"the index of added files cannot be read ({error.strerror}).", where=str(path)
        ) from error
    try:
        index = json.loads(raw)
        version, files = index["format"], index["files"]
    except (ValueError, KeyError, TypeError) as error:
        raise BrokenTableError(
            "the index of added files is damaged.",
            where=str(path),
            todo="Delete it and add the files again.",
        ) from error
    if version != FORMAT:
        raise BrokenTableError(
            "a later version of Facetwise wrote this folder.",
            where=str(path),
            todo="Update Facetwise, or set FACETWISE_DATA to another folder.",
        )
    return list(files)


def write_index(folder: Path, files: list[dict[str, Any]]) -> None:
    """Replace the index, on disk before it shows; the caller holds the lock."""
    handle, name = tempfile.mkstemp(prefix="index-", suffix=".part", dir=folder)
    draft = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            json.dump({"format": FORMAT, "files": files}, file, indent=1, sort_keys=True)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(folder / "index.json")
    finally:
        draft.unlink(missing_ok=True)
    sync_folder(folder)


def sync_folder(folder: Path) -> None:
    """Put renames inside a folder on disk, where the platform can."""
    if sys.platform == "win32":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_file(path: Path) -> None:
    """Put a file's content on disk."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


@contextlib.contextmanager
def locked(folder: Path) -> Generator[None]:
    """Hold the folder's lock; another import waits for it."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("a+b") as file:
        _lock(file, wait=True)
        yield


@contextlib.contextmanager
def workshop(folder: Path, prefix: str = "import-") -> Generator[Path]:
    """A folder of this work's own inside another, such as the data folder, gone when it ends.

    It holds a locked file while the work lives, so that a sweep can tell leftovers from work.
    """
    folder.mkdir(parents=True, exist_ok=True)
    place = Path(tempfile.mkdtemp(prefix=prefix, suffix=".part", dir=folder))
    try:
        with (place / _LIVE).open("a+b") as file:
            _lock(file, wait=False)
            yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)


def sweep(folder: Path) -> None:
    """Remove what killed imports left; the caller holds the lock."""
    held = {entry["database"] for entry in read_index(folder)}
    for path in folder.iterdir():
        draft = path.name.startswith("index-") and path.suffix == ".part"
        if path.name.startswith("import-") and path.is_dir() and not is_live(path):
            shutil.rmtree(path, ignore_errors=True)
        elif draft or (path.suffix == ".sqlite" and path.name not in held):
            path.unlink(missing_ok=True)


def is_live(place: Path) -> bool:
    """Whether the work whose folder this is still runs."""
    try:
        with (place / _LIVE).open("r+b") as file:
            return not _lock(file, wait=False)
    except FileNotFoundError:
        return False
    except OSError:
        return True


def _lock(file: IO[bytes], *, wait: bool) -> bool:
    """Lock an open file until it is closed; whether it was free, or became so."""
    if sys.platform == "win32":
        import msvcrt

        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
    import fcntl

    try:
        fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except BlockingIOError:
        return False
    return True
