"""Where compiled tables are kept for the next run."""

import os
import sys
from pathlib import Path


def cache_folder() -> Path | None:
    """`FACETWISE_CACHE`, else the platform's cache folder; None when the user has no home."""
    if chosen := os.environ.get("FACETWISE_CACHE"):
        return Path(chosen)
    if sys.platform == "win32" and (local := os.environ.get("LOCALAPPDATA")):
        return Path(local) / "facetwise" / "cache"
    try:
        home = Path.home()
    except RuntimeError:
        return None
    if sys.platform == "darwin":
        return home / "Library" / "Caches" / "facetwise"
    return Path(os.environ.get("XDG_CACHE_HOME") or home / ".cache") / "facetwise"
