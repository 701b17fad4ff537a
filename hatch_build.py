"""Compile the shipped CSV tables into one SQLite file when the package is built."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompileTables(BuildHookInterface):
    """Runs before a wheel or an editable install is made."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Write `compiled.sqlite` beside the tables; a source archive is left as it is."""
        if self.target_name == "wheel":
            folder = Path(self.root) / "src" / "facetwise" / "tables"
            load_compiler(folder).compile_tables(folder, folder / "compiled.sqlite")


def load_compiler(folder: Path) -> ModuleType:
    """Load `compile.py` by path: the package is not importable while it is being built."""
    spec = importlib.util.spec_from_file_location("facetwise_compile", folder / "compile.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module
