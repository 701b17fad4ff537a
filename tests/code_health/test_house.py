"""House rules that a reviewer would otherwise have to look for by hand."""

import ast
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from importlib import import_module
from itertools import pairwise
from pathlib import Path

import pytest

import facetwise
from facetwise.errors import FacetwiseError
from facetwise.pages.facts import FACTS
from facetwise.tables.store import Store
from tests.conftest import ROOT

SRC = ROOT / "src" / "facetwise"
CODE = re.compile(r"^(\d{5}|\d{4}T|[AGJQ]\d{4}|[A-TV-Z]\d[0-9A-Z](\.?[0-9A-Z]{1,4}))$")
REGISTRY_HOSTS = ("pypi" + ".org", "pythonhosted" + ".org", "registry.npmjs" + ".org",
                  "deb.debian" + ".org", "crates" + ".io")  # fmt: skip
RULE_FOLDERS = ("rules", "coding", "pages", "pricing", "policies", "authorization")


def _tracked() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True,
        check=True,
    ).stdout.splitlines()  # fmt: skip
    return [ROOT / name for name in listed if (ROOT / name).is_file()]


def _modules(*folders: str) -> list[Path]:
    return [path for folder in folders for path in sorted((SRC / folder).rglob("*.py"))]


@pytest.mark.parametrize("path", _modules(*RULE_FOLDERS), ids=lambda p: str(p.relative_to(SRC)))
def test_no_code_or_date_is_written_into_a_rule_or_page(path: Path) -> None:
    tree = ast.parse(path.read_text("utf-8"))
    documented = {
        node.body[0].value
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
        and isinstance(node.body[0].value, ast.Constant)
    }
    for keyword in (node for node in ast.walk(tree) if isinstance(node, ast.keyword)):
        if keyword.arg == "denial_codes":  # what payers answer, not what a claim is judged by
            documented |= set(ast.walk(keyword.value))
    for node, following in pairwise(tree.body):
        told = isinstance(following, ast.Expr) and isinstance(following.value, ast.Constant)
        if isinstance(node, ast.Assign) and told:  # a constant that names the standard setting it
            documented |= set(ast.walk(node.value))
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or node in documented:
            continue
        if isinstance(node.value, str):
            assert not CODE.match(node.value), f"line {node.lineno}: {node.value}"
            assert not re.match(r"^\d{4}-\d{2}-\d{2}$", node.value), f"line {node.lineno}"


@pytest.mark.parametrize("path", sorted(SRC.rglob("*.py")), ids=lambda p: str(p.relative_to(SRC)))
def test_modules_stay_short(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= 400


def test_no_file_names_a_package_registry() -> None:
    for path in _tracked():
        text = path.read_bytes()
        for host in REGISTRY_HOSTS:
            assert host.encode() not in text, f"{path.relative_to(ROOT)} names {host}"


def test_no_lock_file_that_records_hosts_is_committed() -> None:
    assert ROOT / "uv.lock" not in _tracked()


def test_every_edition_cited_in_a_table_is_known(store: Store) -> None:
    for name, table in store.catalogue.tables.items():
        known = store.catalogue.editions
        for row in store.all_rows(name) if name != "icd10cm" else ():
            assert row["edition"] in known, f"{name}: {dict(row)}"
        for edition in table.editions:
            assert edition.sha256, edition.id
            assert edition.window.first, edition.id


def test_every_manifest_entry_matches_its_file(store: Store) -> None:
    import hashlib

    manifest = tomllib.loads((SRC / "tables" / "manifest.toml").read_text("utf-8"))
    listed = {table["file"] for table in manifest["table"]}
    assert listed == {path.name for path in (SRC / "tables" / "data").glob("*.csv")}
    for table in manifest["table"]:
        raw = (SRC / "tables" / "data" / table["file"]).read_bytes()
        assert hashlib.sha256(raw).hexdigest() == table["sha256"], table["file"]
        assert raw.count(b"\n") - 1 == table["rows"], table["file"]
        assert b"\r" not in raw, table["file"]
    assert any(table.get("codes_in_scope") == len(store.scope) for table in manifest["table"])


def test_the_error_catalogue_is_complete() -> None:
    for path in SRC.rglob("*.py"):  # every module that declares an error
        if "(FacetwiseError)" in path.read_text("utf-8"):
            import_module(".".join(path.relative_to(SRC.parent).with_suffix("").parts))
    catalogue = (ROOT / "docs" / "errors.md").read_text("utf-8")
    kinds = FacetwiseError.__subclasses__()
    assert kinds
    for kind in kinds:
        assert f"| `{kind.id}` | `{kind.__name__}` |" in catalogue, kind.__name__
    assert len({kind.id for kind in kinds}) == len(kinds)


def test_every_fact_is_documented_with_its_meaning() -> None:
    listed = (ROOT / "docs" / "facts.md").read_text("utf-8")
    for kind in FACTS.values():
        assert f"| `{kind.name}` | {kind.meaning} | {kind.takes} |" in listed


def test_every_public_name_exists() -> None:
    for name in facetwise.__all__:
        assert hasattr(facetwise, name)


def test_importing_the_package_loads_nothing_heavy() -> None:
    code = (
        "import sys, json, datetime, facetwise; facetwise.page('64494', datetime.date(2026, 8, 1));"
        "print(json.dumps(sorted(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(json.loads(done.stdout))
    assert not loaded & {"duckdb", "numpy", "fastapi", "mcp", "pydantic", "python_calamine"}


def test_layers_only_look_down() -> None:
    _quality("lint-imports", "--no-cache")


def test_the_code_is_clean_and_formatted() -> None:
    _quality("ruff", "check", "--no-cache")
    _quality("ruff", "format", "--check", "--no-cache")


def test_types_hold_strictly() -> None:
    if not shutil.which("node") and os.environ.get("CI") != "true":
        pytest.skip("pyright needs Node.js, which is not on this machine")
    _quality("pyright")


def _quality(*command: str) -> None:
    program = Path(sys.executable).with_name(command[0])
    done = subprocess.run(
        [str(program), *command[1:]], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-2000:]
