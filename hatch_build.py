"""Compile the shipped tables and policies when the package is built."""

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompileTables(BuildHookInterface):
    """Runs before a wheel or an editable install is made."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Write both beside their sources; a source archive is left as it is."""
        if self.target_name != "wheel":
            return
        source = Path(self.root) / "src"
        sys.path.insert(0, str(source))  # the package is not installed while it is being built
        from facetwise.policies.compile import compile_policies
        from facetwise.tables.compile import compile_tables

        tables, policies = (source / "facetwise" / name for name in ("tables", "policies"))
        compile_tables(tables, tables / "compiled.sqlite")
        compile_policies(policies, policies / "compiled.json")
