"""Build the shipped CSV tables and their manifest from official files, byte for byte the same.

    python tools/build_tables.py [--data ../shared/data] [--out src/facetwise/tables]

Reads `tools/tables.toml` (what to build from what), writes `data/*.csv` and `manifest.toml`, and
prints in words what changed. Tables kept by hand are checked, sorted and hashed only.
"""

import argparse
import csv
import hashlib
import io
import tomllib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from facetwise.tables.importers import articles, asc, gpci, ncci, pprrvu

try:
    from tools import table_changes, toml_text
except ImportError:  # run as a script
    import table_changes  # type: ignore[import-not-found, no-redef]
    import toml_text  # type: ignore[import-not-found, no-redef]

ROOT = Path(__file__).parent.parent
TABLES = ROOT / "src" / "facetwise" / "tables"
Reader = Callable[..., Iterator[dict[str, str]]]

READERS: dict[str, tuple[Reader, tuple[str, ...]]] = {
    "pprrvu": (pprrvu.read_csv, ()),
    "pprrvu-history": (pprrvu.read_history, ("release",)),
    "gpci": (gpci.read_gpci, ()),
    "gpci-history": (gpci.read_gpci_history, ("release",)),
    "anesthesia": (gpci.read_anesthesia, ()),
    "anesthesia-history": (gpci.read_anesthesia_history, ("release",)),
    "zip5": (gpci.read_zip5, ()),
    "ptp-parquet": (ncci.read_ptp_parquet, ()),
    "ptp-parquet-active": (ncci.read_ptp_parquet_active, ()),
    "ptp-transcript": (ncci.read_ptp_transcript, ()),
    "mue": (ncci.read_mue, ()),
    "mue-2024": (ncci.read_mue_2024, ()),
    "mue-transcript": (ncci.read_mue_transcript, ("setting",)),
    "add-ons": (ncci.read_add_ons, ()),
    "icd10": (ncci.read_icd10, ()),
    "asc-surgical": (asc.read_surgical, ()),
    "asc-ancillary": (asc.read_ancillary, ()),
    "asc-excluded": (asc.read_excluded, ()),
    "opps": (asc.read_opps, ()),
    "asc-wage-index": (asc.read_wage_index, ()),
    "article-codes": (articles.read_article_codes, ("article", "version")),
}
EDITION_FIELDS = (
    "id", "table", "source", "first", "last", "answers_first", "answers_last", "released",
    "scope", "listed_by", "confidence", "note",
)  # fmt: skip
TABLE_FIELDS = (
    "name", "title", "key", "also_by", "by", "scope", "scope_columns", "scope_needs", "expand",
    "hand_kept", "supplied_by", "licence",
)  # fmt: skip
Rows = list[dict[str, str]]


def main() -> None:
    """Build, write, and say what changed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--out", type=Path, default=TABLES)
    parser.add_argument(
        "--hand-kept", action="store_true", help="only check and hash the tables kept by hand"
    )
    options = parser.parse_args()
    if not options.hand_kept and not options.data.is_dir():
        parser.error(f"{options.data} is not a folder; --data names the official files")
    if options.hand_kept and not (options.out / "manifest.toml").exists():
        parser.error(f"{options.out} has no manifest yet; build it once without --hand-kept")
    before = {p.name: p.read_text("utf-8") for p in sorted((options.out / "data").glob("*.csv"))}
    build(options.data, options.out, hand_kept_only=options.hand_kept)
    after = {p.name: p.read_text("utf-8") for p in sorted((options.out / "data").glob("*.csv"))}
    declared = {f"{table['name']}.csv": table for table in _plan()["table"]}
    for line in table_changes.in_words(before, after, declared):
        print(line)


def build(data: Path, out: Path, *, hand_kept_only: bool = False) -> None:
    """Write every table and the manifest below `out`; hand-kept tables are read from `TABLES`."""
    plan = _plan()
    (out / "data").mkdir(parents=True, exist_ok=True)
    scope = {row["code"] for row in _read(TABLES / "data" / "code_facts.csv")}
    old = _old_manifest(out) if hand_kept_only else {"table": [], "edition": []}
    manifest: dict[str, Rows | list[dict[str, Any]]] = {"table": [], "edition": []}
    for table in plan["table"]:
        editions = [e for e in plan["edition"] if e["table"] == table["name"]]
        target = out / "data" / f"{table['name']}.csv"
        if table.get("hand_kept"):
            rows = _read(TABLES / "data" / target.name)
        elif hand_kept_only:
            rows = _read(target)
        else:
            rows = _gather(table, editions, data, scope)
        _write(target, sorted(rows, key=lambda row: _order(table, row)))
        counts = _counts(rows, editions)
        manifest["table"].append(_table_entry(table, target, len(rows), len(scope)))
        kept = {e["id"]: e for e in old["edition"]}
        for edition in editions:
            entry = kept.get(edition["id"]) or _edition_entry(edition, data)
            manifest["edition"].append({**entry, "rows": counts[edition["id"]]})
    (out / "manifest.toml").write_text(_toml(manifest), "utf-8", newline="\n")


def _plan() -> dict[str, Any]:
    return tomllib.loads((ROOT / "tools" / "tables.toml").read_text("utf-8"))


def _old_manifest(out: Path) -> dict[str, Any]:
    return tomllib.loads((out / "manifest.toml").read_text("utf-8"))


def _gather(
    table: dict[str, Any], editions: list[dict[str, Any]], data: Path, scope: set[str]
) -> Rows:
    if table["name"] == "icd10cm":
        return list(ncci.read_icd10(data / editions[0]["path"]))
    rows: Rows = []
    for edition in editions:
        reader, wanted = READERS[edition["reader"]]
        for row in reader(data / edition["path"], **{name: edition[name] for name in wanted}):
            if _kept(table, row, scope):
                source_row = row.pop("source_row")
                rows.append({**row, "edition": edition["id"], "source_row": source_row})
    return rows


def _kept(table: dict[str, Any], row: dict[str, str], scope: set[str]) -> bool:
    if table["scope"] != "spine":
        return True
    needs = any if table.get("scope_needs") == "any" else all
    return needs(row[column] in scope for column in table["scope_columns"])


def _order(table: dict[str, Any], row: dict[str, str]) -> tuple[str, ...]:
    first = table["expand"][:1] if "expand" in table else table["key"]
    tail = ("edition", "last_day", "first_day", "source_row")
    return tuple(row[c] for c in first) + tuple(row[c] for c in tail if c in row)


def _counts(rows: Rows, editions: list[dict[str, Any]]) -> dict[str, int]:
    counts = {edition["id"]: 0 for edition in editions}
    for row in rows:
        if "listed" in row:
            for edition, letter in zip(editions, row["listed"], strict=True):
                counts[edition["id"]] += letter != "-"
        elif row.get("edition") in counts:
            counts[row["edition"]] += 1
    return counts


def _table_entry(
    table: dict[str, Any], target: Path, rows: int, codes_in_scope: int
) -> dict[str, Any]:
    entry = {name: table[name] for name in TABLE_FIELDS if name in table}
    entry |= {"file": target.name, "rows": rows, "sha256": _sha256(target)}
    if table["scope"] == "spine":
        entry["codes_in_scope"] = codes_in_scope
    return entry


def _edition_entry(edition: dict[str, Any], data: Path) -> dict[str, Any]:
    entry = {name: edition[name] for name in EDITION_FIELDS if name in edition}
    path = data / edition["path"]
    return entry | {"file": edition["path"].removeprefix("../"), "sha256": _sha256(path)}


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _read(path: Path) -> Rows:
    return list(csv.DictReader(path.read_text("utf-8").splitlines()))


def _write(path: Path, rows: Iterable[dict[str, str]]) -> None:
    rows = list(rows)
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    path.write_text(text.getvalue(), "utf-8", newline="\n")


def _toml(manifest: dict[str, Any]) -> str:
    lines = ["# Written by tools/build_tables.py; do not edit. What is shipped, from which files."]
    for kind, entries in manifest.items():
        for entry in entries:
            lines += ["", f"[[{kind}]]", *(f"{k} = {toml_text.value(v)}" for k, v in entry.items())]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
