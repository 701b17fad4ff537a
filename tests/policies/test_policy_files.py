"""The policy files are what the fact files say: nothing lost, nothing added, nothing unverified."""

import csv
import shutil
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from facetwise.policies import BrokenPolicyError, Policies, load, shipped
from facetwise.policies.compile import compile_policies, gather
from facetwise.policies.shipped import COMPILED, FOLDER
from facetwise.tables.store import Store
from tests.conftest import ROOT, SHARED, need
from tools import build_policies


@pytest.fixture(scope="module")
def facts() -> Path:
    return need(SHARED / "facts", "the fact files")


def rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text("utf-8").splitlines()))


def files(folder: Path) -> dict[str, str]:
    paths = sorted([*folder.glob("*/*.toml"), folder / "manifest.toml"])
    return {path.relative_to(folder).as_posix(): path.read_text("utf-8") for path in paths}


def parts(kind: str) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    for path in sorted(FOLDER.glob("*/*.toml")):
        policy = tomllib.loads(path.read_text("utf-8"))
        yield from ((policy, one) for one in policy.get(kind, ()))


def copied(facts: Path, tmp_path: Path, *changes: tuple[str, str, str]) -> Path:
    """The fact files, changed: (file, what it says, what it shall say)."""
    target = tmp_path / "facts"
    shutil.copytree(facts, target)
    for name, was, now in changes:
        path = target / name
        path.chmod(0o644)
        text = path.read_text("utf-8")
        assert was in text
        path.write_text(text.replace(was, now, 1), "utf-8")
    return target


def test_a_second_build_is_byte_identical_to_what_is_shipped(facts: Path, tmp_path: Path) -> None:
    build_policies.build(facts, tmp_path)
    assert files(tmp_path) == files(FOLDER)


def test_no_statement_of_a_contractor_is_lost_or_changed(facts: Path) -> None:
    stated = Counter(
        (one["id"], c["asks"], c["source"], c["confidence"])
        for kind in ("criterion", "limit")
        for one, c in parts(kind)
    )
    held = {(policy, asks, confidence) for policy, asks, _, confidence in stated}
    for row in rows(facts / "medicare-policies" / "rules.csv"):
        if not row["topic"].endswith("version"):
            primary = "primary" if row["confidence"] == "P" else "secondary"
            assert (row["document"], row["statement"], primary) in held, row


def test_a_threshold_is_the_number_and_unit_of_its_row(facts: Path) -> None:
    numbered = {
        (row["document"], row["statement"]): (float(row["number"]), row["unit"])
        for row in rows(facts / "medicare-policies" / "rules.csv")
        if row["number"]
    }
    seen = 0
    for kind in ("criterion", "limit"):
        for policy, one in parts(kind):
            number = one.get("at_least", one.get("at_most"))
            if number is None or str(number) in one["asks"]:
                continue  # the second number of a statement stands in its words
            seen += 1
            assert (float(number), one["unit"]) == numbered[policy["id"], one["asks"]]
    assert seen > 100


def test_no_version_of_a_document_is_lost(facts: Path) -> None:
    held = {(policy["id"], one["name"]): one for policy, one in parts("version")}
    for row in rows(facts / "medicare-policies" / "rules.csv"):
        if row["version"].isdigit():
            version = held[row["document"], row["version"]]
            if row["first_known"]:
                assert str(version["first"]) == row["first_known"]
                assert version["first_is"] == "known"
            else:
                assert version.get("first_is") != "known", row
            if row["last_known"]:
                assert str(version["last"]) == row["last_known"]


def test_the_code_lists_are_those_of_the_article_table(store: Store) -> None:
    """A rule that reads the table and a page that reads the policy must not disagree."""
    table = {(r["article"], r["list"], r["code"].replace(".", "")) for r in
             store.all_rows("article_codes")}  # fmt: skip
    policies = {
        (policy["id"], one["list"], code)
        for policy, one in parts("codes")
        if policy["kind"] == "article"
        for code in one["codes"]
    }
    assert policies == table


def test_a_corrected_threshold_is_one_line_of_one_file(facts: Path, tmp_path: Path) -> None:
    was = "ngs-j6 ngs-jk,L35936,58,,,indication,pain present at least,3,months"
    changed = copied(
        facts, tmp_path, ("medicare-policies/rules.csv", was, was.replace("3,months", "4,months"))
    )
    build_policies.build(changed, tmp_path / "out")
    before, after = files(FOLDER), files(tmp_path / "out")
    differing = [name for name in before if before[name] != after[name]]
    assert differing == ["manifest.toml", "medicare/L35936.toml"]
    old, new = before["medicare/L35936.toml"].splitlines(), after[differing[1]].splitlines()
    lines = [(a, b) for a, b in zip(old, new, strict=True) if a != b]
    assert lines == [("at_least = 3", "at_least = 4")]


def test_a_statement_nobody_named_stops_the_build_and_is_shown(facts: Path, tmp_path: Path) -> None:
    changed = copied(
        facts, tmp_path, ("medicare-policies/rules.csv", "pain present at least", "a new demand")
    )
    with pytest.raises(build_policies.UnmappedError, match="L38773, indication: 'a new demand'"):
        build_policies.build(changed, tmp_path / "out")


@pytest.mark.parametrize("tag", ["M", "X"])
def test_an_unverified_statement_never_reaches_a_policy(
    facts: Path, tmp_path: Path, tag: str
) -> None:
    line = "wps-j5 wps-j8,L38841,20,,,scales,"
    text = (facts / "medicare-policies" / "rules.csv").read_text("utf-8")
    row = next(one for one in text.splitlines() if one.startswith(line))
    changed = copied(
        facts, tmp_path, ("medicare-policies/rules.csv", row, row.removesuffix("P") + tag)
    )
    build_policies.build(changed, tmp_path / "out")
    assert 'id = "scales"' in files(FOLDER)["medicare/L38841.toml"]
    assert 'id = "scales"' not in files(tmp_path / "out")["medicare/L38841.toml"]


def test_an_authorization_list_nobody_placed_stops_the_build(facts: Path, tmp_path: Path) -> None:
    changed = copied(
        facts,
        tmp_path,
        ("payer-policies/codes.csv", "Alabama Medicaid,Alert 16374", "Alabama Medicaid,Alert 2"),
    )
    with pytest.raises(build_policies.UnmappedError, match="does not name: Alabama Medicaid"):
        build_policies.build(changed, tmp_path / "out")


def test_the_compiled_policies_are_the_files_people_review(tmp_path: Path) -> None:
    compile_policies(FOLDER, tmp_path / COMPILED)
    shutil.copytree(FOLDER, tmp_path / "copy", ignore=shutil.ignore_patterns("*.json", "*.py"))
    by_hand = load(tmp_path / "copy")
    shutil.copy(tmp_path / COMPILED, tmp_path / "copy")
    assert load(tmp_path / "copy").all == by_hand.all
    assert by_hand.digest == shipped().digest


def test_no_toml_is_parsed_once_the_policies_are_compiled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(FOLDER, tmp_path / "copy", ignore=shutil.ignore_patterns("*.py"))
    compile_policies(tmp_path / "copy", tmp_path / "copy" / COMPILED)

    def refuse(_: str) -> dict[str, object]:
        raise AssertionError("TOML was parsed")

    monkeypatch.setattr(tomllib, "loads", refuse)
    assert len(load(tmp_path / "copy").all) == len(shipped().all)


def test_a_policy_file_changed_by_hand_is_refused_by_name(tmp_path: Path) -> None:
    folder = tmp_path / "copy"
    shutil.copytree(FOLDER, folder, ignore=shutil.ignore_patterns("*.py", "*.json"))
    with (folder / "medicare" / "L38801.toml").open("a", encoding="utf-8") as file:
        file.write("# a remark\n")
    with pytest.raises(BrokenPolicyError, match=r"medicare/L38801\.toml"):
        gather(folder)


def test_a_damaged_compiled_file_is_made_again(tmp_path: Path) -> None:
    folder = tmp_path / "copy"
    shutil.copytree(FOLDER, folder, ignore=shutil.ignore_patterns("*.py", "*.json"))
    (folder / COMPILED).write_text("{", "utf-8")
    assert load(folder).digest == shipped().digest
    assert (folder / COMPILED).stat().st_size > 1000


def test_every_version_names_its_source_and_how_it_was_read() -> None:
    policies: Policies = shipped()
    for policy in policies.all:
        for version in policy.versions:
            assert version.edition.source.title
            assert version.edition.source.publisher
            assert version.edition.note, version.edition.id
    ids = [version.edition.id for policy in policies.all for version in policy.versions]
    assert len(ids) == len(set(ids))


def test_the_example_in_the_docs_prints_what_it_says(capsys: pytest.CaptureFixture[str]) -> None:
    page = (ROOT / "docs" / "policies.md").read_text("utf-8")
    code = page.split("```python\n")[1].split("```")[0]
    exec(compile(code, "docs/policies.md", "exec"), {})
    promised = [line.removeprefix("# ") for line in code.splitlines() if line.startswith("# ")]
    assert capsys.readouterr().out.splitlines() == promised
