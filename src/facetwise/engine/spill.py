"""Claims on disk, for inputs too large to hold."""

import os
import pickle
import sqlite3
import tempfile
from io import BytesIO
from pathlib import Path
from typing import Any

from facetwise.claim import Claim, Layout


class Spill:
    """Claims in a temporary SQLite file, by their place in the input."""

    def __init__(self) -> None:
        handle, name = tempfile.mkstemp(prefix="facetwise-", suffix=".claims")  # mode 0600
        os.close(handle)
        self._path = Path(name)
        self._db = sqlite3.connect(self._path)
        self._db.execute("pragma journal_mode = off")
        self._db.execute("pragma synchronous = off")
        self._db.execute("create table claim (at integer primary key, bytes blob)")
        self._count = 0
        self._layouts: list[Layout] = []

    def add(self, claim: Claim) -> None:
        """Keep the next claim."""
        buffer = BytesIO()
        _Pickler(buffer, self._layouts).dump(claim)
        self._db.execute("insert into claim values (?, ?)", (self._count, buffer.getvalue()))
        self._count += 1

    def get(self, at: int) -> Claim:
        """The claim at a place, from 0."""
        row = self._db.execute("select bytes from claim where at = ?", (at,)).fetchone()
        claim: Claim = _Unpickler(BytesIO(row[0]), self._layouts).load()
        return claim

    def close(self) -> None:
        """Remove the file."""
        self._db.close()
        self._path.unlink(missing_ok=True)


class _Pickler(pickle.Pickler):
    """Leaves the layouts, shared by all nouns of a file, out of every record."""

    def __init__(self, file: BytesIO, layouts: list[Layout]) -> None:
        super().__init__(file, protocol=pickle.HIGHEST_PROTOCOL)
        self._layouts = layouts

    def persistent_id(self, obj: Any) -> int | None:
        if not isinstance(obj, Layout):
            return None
        for at, layout in enumerate(self._layouts):
            if layout is obj:
                return at
        self._layouts.append(obj)
        return len(self._layouts) - 1


class _Unpickler(pickle.Unpickler):
    """Reads only what this process wrote to its own private file."""

    def __init__(self, file: BytesIO, layouts: list[Layout]) -> None:
        super().__init__(file)
        self._layouts = layouts

    def persistent_load(self, pid: Any) -> Layout:
        return self._layouts[int(pid)]
