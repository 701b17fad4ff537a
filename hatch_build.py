"""Compile the shipped CSV tables into one SQLite file when the package is built."""

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompileTables(BuildHookInterface):
    """Runs before a wheel or an editable install is made."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Write `compiled.sqlite` beside the tables; a source archive is left as it is."""
        if self.target_name != "wheel":
            return
        source = Path(self.root) / "src"
        sys.path.insert(0, str(source))  # the package is not installed while it is being built
        from facetwise.tables.compile import compile_tables

        folder = source / "facetwise" / "tables"
        compile_tables(folder, folder / "compiled.sqlite")
