"""Put the files of a site into a folder: nothing that is not ours is touched or removed."""

import json
from collections.abc import Mapping
from pathlib import Path

from facetwise.errors import UnwritableError

MARKER = "site.json"
"""Lists the files of the last build, so that the next one can remove what is no longer made."""


def write_site(folder: Path, files: Mapping[str, str], about: Mapping[str, object]) -> None:
    """Write all files, and remove those of an earlier build that are not made any more.

    Args:
        files: path from the top of the site to text.
        about: what the marker says of the build besides its files.

    Raises:
        UnwritableError: the folder holds other files than those of a site, or cannot be written.
    """
    try:
        earlier = _earlier(folder)
        for name in sorted(earlier - files.keys()):
            (folder / name).unlink(missing_ok=True)
        for name, text in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8", newline="\n")
        marker = {**about, "files": sorted(files)}
        text = json.dumps(marker, indent=1, ensure_ascii=False) + "\n"
        (folder / MARKER).write_text(text, "utf-8", newline="\n")
    except OSError as error:
        why = error.strerror or "not a folder name"
        raise UnwritableError(f"the site cannot be written ({why}).", where=str(folder)) from error


def _earlier(folder: Path) -> set[str]:
    """Files of the last build in a folder; refuses a folder that holds something else."""
    if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
        return set()
    try:
        listed = json.loads((folder / MARKER).read_text("utf-8"))["files"]
        names = {str(name) for name in listed}
    except (OSError, ValueError, KeyError, TypeError):
        raise UnwritableError(
            "the folder holds other files than those of a site.",
            where=str(folder),
            todo="Name a new or empty folder.",
        ) from None
    top = folder.resolve()
    return {name for name in names if top in (folder / name).resolve().parents}
