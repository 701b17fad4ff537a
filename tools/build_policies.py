"""Build the policy files and their manifest from the fact files, byte for byte the same.

    python tools/build_policies.py [--facts ../shared/facts] [--out src/facetwise/policies]

Reads `medicare-policies/*.csv` and `payer-policies/codes.csv`, and `tools/policies.toml` for what
they do not hold. A statement that no entry there names, or two, stops the build. Unverified rows
(M, X) are left out.
"""

import argparse
import csv
import hashlib
import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

from facetwise.policies.read import read_policy
from facetwise.procedure import Guidance, Purpose, Sedation, Technique

try:
    from tools import toml_text
except ImportError:  # run as a script
    import toml_text  # type: ignore[import-not-found, no-redef]

ROOT = Path(__file__).parent.parent
POLICIES = ROOT / "src" / "facetwise" / "policies"
CONFIDENCE = {
    "P": "primary",
    **dict.fromkeys(("P-quoted", "P-pooled", "P-draft", "S", "D", "C2"), "secondary"),
}
UNVERIFIED = {"M", "X"}
UNKNOWN = "NF"
APPLIES = {str(word) for kind in (Purpose, Technique) for word in kind}
WORDS = {str(word) for kind in (Guidance, Sedation, Technique) for word in kind}
COVERAGE = "https://www.cms.gov/medicare-coverage-database/view/"
HEAD = (
    "# Written by tools/build_policies.py; do not edit. "
    "Correct the fact files, or tools/policies.toml.\n"
)
Raw = dict[str, Any]
Row = dict[str, str]


class UnmappedError(Exception):
    """A row of the fact files that tools/policies.toml does not say how to read."""


def main() -> None:
    """Build, write, and say which files changed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--facts", type=Path, default=ROOT.parent / "shared" / "facts")
    parser.add_argument("--out", type=Path, default=POLICIES)
    options = parser.parse_args()
    if not options.facts.is_dir():
        parser.error(f"{options.facts} is not a folder; --facts names the fact files")
    before = _held(options.out)
    try:
        build(options.facts, options.out)
    except UnmappedError as error:
        parser.exit(2, f"{error}\n")
    after = _held(options.out)
    for name in sorted(before.keys() | after.keys()):
        if before.get(name) != after.get(name):
            state = "new" if name not in before else "gone" if name not in after else "changed"
            print(f"{name}: {state}")
    print(f"{len(after)} policies")


def build(facts: Path, out: Path, plan: Raw | None = None) -> None:
    """Write every policy file below `out`, and the manifest; files no longer built are removed."""
    plan = plan or tomllib.loads((ROOT / "tools" / "policies.toml").read_text("utf-8"))
    files = dict(sorted(_policies(facts, plan)))
    for path in out.glob("*/*.toml"):
        if path.relative_to(out).as_posix() not in files:
            path.unlink()
    manifest = [HEAD]
    for name, policy in files.items():
        read_policy(policy)
        text = HEAD + _toml(policy)
        (out / name).parent.mkdir(parents=True, exist_ok=True)
        (out / name).write_text(text, "utf-8", newline="\n")
        digest = hashlib.sha256(text.encode("utf-8")).hexdigest()
        manifest.append(f'\n[[policy]]\nfile = "{name}"\nsha256 = "{digest}"\n')
    (out / "manifest.toml").write_text("".join(manifest), "utf-8", newline="\n")


def _policies(facts: Path, plan: Raw) -> Iterator[tuple[str, Raw]]:
    yield from _medicare(facts / "medicare-policies", plan)
    yield from _authorizations(facts / "payer-policies" / "codes.csv", plan)
    for written in plan["written"]:
        yield written["file"], {key: value for key, value in written.items() if key != "file"}


# ------------------------------------------------------------------ Medicare documents


def _medicare(folder: Path, plan: Raw) -> Iterator[tuple[str, Raw]]:
    rules, codes = _by_document(folder / "rules.csv", "document"), _by_document(
        folder / "codes.csv", "article"
    )  # fmt: skip
    subjects = {name: subject for subject in plan["subject"] for name in subject["documents"]}
    for name in sorted(rules.keys() | codes.keys()):
        if name not in subjects:
            raise UnmappedError(f"{name}: no subject in tools/policies.toml lists it.")
        policy = _document(name, rules[name], codes[name], subjects[name], plan)
        yield f"medicare/{name}.toml", policy


def _by_document(path: Path, column: str) -> defaultdict[str, list[Row]]:
    held: defaultdict[str, list[Row]] = defaultdict(list)
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["confidence"] in UNVERIFIED:
                continue
            if row["confidence"] not in CONFIDENCE:
                raise UnmappedError(f"{row[column]}: confidence {row['confidence']!r}.")
            held[row[column]].append(row)
    return held


def _document(name: str, rules: list[Row], codes: list[Row], subject: Raw, plan: Raw) -> Raw:
    more = plan["document"].get(name, {})
    reach = more.get("reach") or [{"contractor": one} for one in _contractors([*rules, *codes])]
    names = sorted({plan["contractors"][one["contractor"]] for one in reach})
    article = name.startswith("A")
    kind, words = ("article", "article.aspx?articleid=") if article else (
        "determination", "lcd.aspx?lcdid=")  # fmt: skip
    policy: Raw = {
        "id": name,
        "title": f"{subject['title']}: billing article" if article else subject["title"],
        "kind": kind,
        "payer": "medicare",
        "lines_of_business": ["medicare"],
        "publisher": f"{', '.join(names)}, in the CMS Medicare Coverage Database",
        "url": f"{COVERAGE}{words}{name[1:]}",
        "subjects": [subject["name"]] if subject["name"] else [],
    }
    if "procedures" in subject:
        policy["procedures"] = subject["procedures"]
    companions = {row["lcd"] for row in codes} | set(more.get("companions", ()))
    if companions:
        policy["companions"] = sorted(companions)
    if "began" in more:
        policy["began"] = more["began"]
    archive = "current_article.zip" if article else "current_lcd.zip"
    policy["supplied_by"] = f"{name} in {archive} of the Medicare Coverage Database"
    versions = _versions(name, rules, codes, policy["url"], plan)
    policy |= {"reach": reach, "version": versions}
    statements = [row for row in rules if not _is_version(row)]
    made = [one for row in statements for one in _criteria(row, subject["name"], plan)]
    policy["criterion"] = [one for one in made if "counts" not in one]
    policy["limit"] = [one for one in made if "counts" in one]
    policy["codes"] = _code_lists(codes, set(more.get("complete", ())), plan)
    return policy


def _contractors(rows: Iterable[Row]) -> list[str]:
    return sorted({one for row in rows for one in row["contractor_ids"].split()})


def _is_version(row: Row) -> bool:
    return row["topic"].endswith("version")


def _versions(name: str, rules: list[Row], codes: list[Row], url: str, plan: Raw) -> list[Raw]:
    held: dict[str, Raw] = {}
    for row in [*rules, *codes]:
        reading = plan["reading"][row["source"]]
        label = _label(row, plan)
        version = held.setdefault(
            label, {"name": label, "edition": _edition(name, label), "text": "not held", "note": ""}
        )
        if label.isdigit():
            version["url"] = f"{url}&ver={label}"
        if row["first_known"]:
            version |= {"first": date.fromisoformat(row["first_known"]), "first_is": "known"}
        if row["last_known"]:
            version |= {"last": date.fromisoformat(row["last_known"]), "last_is": "known"}
        for end, pick in (("first", min), ("last", max)):
            if end in reading:
                key = f"seen_{end}"
                version[key] = pick(version.get(key, reading[end]), reading[end])
        if reading["note"] not in version["note"]:
            version["note"] = f"{version['note']} {reading['note']}".strip()
        version["text"] = _text_held(version["text"], row, reading)
    ordered = sorted(held.values(), key=_in_order)
    return [_dated(version, ordered) for version in ordered]


def _label(row: Row, plan: Raw) -> str:
    """The version's number; else its first day, else how it was read."""
    number = row["version"]
    if number.isdigit():
        return number
    return row["first_known"] or plan["reading"][row["source"]]["label"]


def _edition(name: str, label: str) -> str:
    return f"{name} v{label}" if label.isdigit() else f"{name} {label}"


def _text_held(before: str, row: Row, reading: Raw) -> str:
    if "topic" in row and _is_version(row):
        return before
    return "read" if reading.get("whole") or before == "read" else "part"


def _in_order(version: Raw) -> tuple[bool, int, str]:
    name = version["name"]
    return not name.isdigit(), int(name) if name.isdigit() else 0, name


def _dated(version: Raw, versions: list[Raw]) -> Raw:
    """Close a version on the last day it was seen, unless it was read and no later one is known."""
    seen_first, seen_last = version.pop("seen_first", None), version.pop("seen_last", None)
    if "first" not in version and seen_first:
        version |= {"first": seen_first, "first_is": "seen"}
    if "last" not in version and "first" in version:
        only_listed = version["text"] == "not held"
        if only_listed or version["first_is"] == "seen" or _has_later(version, versions):
            version |= {"last": seen_last or version["first"], "last_is": "seen"}
    order = ("name", "edition", "first", "first_is", "last", "last_is", "text", "url", "note")
    return {key: version[key] for key in order if key in version}


def _has_later(version: Raw, versions: list[Raw]) -> bool:
    numbered = version["name"].isdigit()
    for other in versions:
        if numbered and other["name"].isdigit() and int(other["name"]) > int(version["name"]):
            return True
        if other.get("first_is") == "known" and other["first"] > version["first"]:
            return True
    return False


def _criteria(row: Row, subject: str, plan: Raw) -> Iterator[Raw]:
    entry = _entry(row, subject, plan)
    common = {"topic": entry.get("as", row["topic"]), "applies": entry.get("applies", [])}
    if strange := set(common["applies"]) - APPLIES:
        raise UnmappedError(f"{entry['id']}: {', '.join(strange)} is no technique or purpose.")
    source = _edition(row["document"], _label(row, plan))
    tail = {"source": source, "confidence": CONFIDENCE[row["confidence"]]}
    made: Raw = {"id": entry["id"], **common, "asks": row["statement"]}
    if "compare" in entry and row["number"]:
        made |= {entry["compare"]: _number(row["number"]), "unit": row["unit"]}
    for word in ("one_of", "none_of", "marks"):
        if word in entry:
            made[word] = _closed(entry[word], word, entry["id"])
    limit = entry.get("limit", {}) if row["number"] else {}
    yield {**made, **limit, **tail}
    for other in entry.get("also", ()):
        second: Raw = {"id": other["id"], **common, "asks": row["statement"]}
        if "finds" in other:
            found = re.search(other["finds"], row["statement"])
            if not found:
                raise UnmappedError(
                    f"{other['id']}: {other['finds']!r} not in {row['statement']!r}."
                )
            second |= {other["compare"]: _number(found[1]), "unit": other["unit"]}
        for word in ("one_of", "none_of"):
            if word in other:
                second[word] = _closed(other[word], word, other["id"])
        yield {**second, **tail}


def _closed(words: list[str], kind: str, name: str) -> list[str]:
    if kind != "marks" and (strange := set(words) - WORDS):
        raise UnmappedError(f"{name}: {', '.join(strange)} is no guidance, sedation or technique.")
    return words


def _entry(row: Row, subject: str, plan: Raw) -> Raw:
    text = row["statement"]
    matching = [
        entry
        for entry in plan["statement"]
        if entry["subject"] == subject
        and entry["topic"] == row["topic"]
        and text.startswith(entry.get("starts", ""))
        and entry.get("has", "") in text
        and ("lacks" not in entry or entry["lacks"] not in text)
    ]
    if len(matching) != 1:
        ids = ", ".join(entry["id"] for entry in matching) or "none"
        raise UnmappedError(f"{row['document']}, {row['topic']}: {text!r} is named by {ids}.")
    return matching[0]


def _number(text: str) -> int | float:
    return float(text) if "." in text else int(text)


def _code_lists(rows: list[Row], complete: set[str], plan: Raw) -> list[Raw]:
    grouped: defaultdict[tuple[str, ...], list[str]] = defaultdict(list)
    for row in rows:
        label = _label(row, plan)
        group = "" if row["group"] == UNKNOWN else row["group"]
        key = (label, row["list"], _system(row), group, row["confidence"], row["note"],
               _edition(row["article"], label))  # fmt: skip
        grouped[key].append(row["code"].replace(".", ""))
    return [
        _codes(name, system, source, CONFIDENCE[tag], codes, group=group, note=note,
               complete=f"{label} {system}" in complete)
        for (label, name, system, group, tag, note, source), codes in sorted(grouped.items())
    ]  # fmt: skip


def _system(row: Row) -> str:
    hcpcs = row["code_system"] == "CPT" and row["code"][:1].isalpha()
    return "HCPCS" if hcpcs else row["code_system"]


def _codes(
    name: str, system: str, source: str, confidence: str, codes: Iterable[str], **more: Any
) -> Raw:
    said = {key: value for key, value in more.items() if value}
    head = {"list": name, "system": system, "source": source, "confidence": confidence}
    return {**head, **said, "codes": sorted(codes)}


# ------------------------------------------------------------------ payers' authorization lists


def _authorizations(path: Path, plan: Raw) -> Iterator[tuple[str, Raw]]:
    with path.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["list"] == "prior_auth"]
    listed: defaultdict[tuple[str, ...], list[Row]] = defaultdict(list)
    for row in rows:
        if row["confidence"] not in UNVERIFIED:
            listed[row["payer"], row["document"], row["version"]].append(row)
    for entry in plan["authorization"]:
        policy = {key: value for key, value in entry.items() if key not in ("version", "reach")}
        policy = {**policy, "kind": "authorization-list", "subjects": []}
        policy["supplied_by"] = f"{entry['title']}, of the date of service"
        versions, codes = [], []
        for version in entry["version"]:
            found = listed.pop(tuple(version["rows"]), [])
            if not found:
                raise UnmappedError(f"{entry['id']}: no row of {version['rows']}.")
            edition = f"{entry['id']} {version['name']}"
            notes = {plan["reading"][row["source"]]["note"] for row in found}
            head = {"name": version["name"], "edition": edition}
            window = {k: v for k, v in version.items() if k not in ("name", "rows", "since")}
            versions.append({**head, **window, "text": "part", "note": " ".join(sorted(notes))})
            codes += _listed_codes(found, edition, version.get("since"))
        yield f"authorization/{entry['id']}.toml", {
            **policy, "reach": entry.get("reach", [{}]), "version": versions, "codes": codes,
        }  # fmt: skip
    if listed:
        left = "; ".join(" | ".join(key) for key in sorted(listed))
        raise UnmappedError(f"authorization lists that tools/policies.toml does not name: {left}")


def _listed_codes(rows: list[Row], edition: str, began: date | None) -> list[Raw]:
    grouped: defaultdict[tuple[str, str, str], list[str]] = defaultdict(list)
    for row in rows:
        grouped[_system(row), row["note"], row["confidence"]].append(row["code"])
    made: list[Raw] = []
    for (system, note, tag), codes in sorted(grouped.items()):
        stated = re.search(r"on the list since (\d{4}-\d\d-\d\d)", note)
        since = date.fromisoformat(stated[1]) if stated else began
        more = {"note": note, "since": since}
        made.append(_codes("prior_auth", system, edition, CONFIDENCE[tag], codes, **more))
    return made


# ------------------------------------------------------------------ writing


def _held(folder: Path) -> dict[str, str]:
    paths = sorted(folder.glob("*/*.toml"))
    return {path.relative_to(folder).as_posix(): path.read_text("utf-8") for path in paths}


def _toml(policy: Raw) -> str:
    parts = ("reach", "version", "criterion", "limit", "codes")
    lines = [
        f"{key} = {toml_text.value(value)}" for key, value in policy.items() if key not in parts
    ]
    for part in parts:
        for entry in policy.get(part, ()):
            lines += [
                "",
                f"[[{part}]]",
                *(f"{key} = {toml_text.value(value)}" for key, value in entry.items()),
            ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
