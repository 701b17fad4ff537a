"""A page for each rule: its question, how it answers, what it rests on, and its cases."""

import re
import tomllib
from collections import Counter
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import NamedTuple

from facetwise.finding import Verdict
from facetwise.pages.html.listing import Group, Listed, Listing
from facetwise.pages.html.view import window_text
from facetwise.rules.declare import Rule, Trigger
from facetwise.rules.registry import all_rules
from facetwise.tables.answer import Held
from facetwise.tables.store import Store

_VERDICTS = {
    Verdict.FAIL: "The payer would deny it: a primary source in force on the date says so.",
    Verdict.REVIEW: "A person must decide, or the record must show something.",
    Verdict.PASS: "The question was asked, and nothing speaks against the claim.",
    Verdict.NOT_CHECKED: "It could not be answered; the reason and the missing file are named.",
}
_TRIGGERS = {
    "known": "the table {table} lists the code of the line ({column})",
    "unknown": "the table {table} does not list what the line says ({column})",
    "modifier": "the line carries a modifier of the class {column}",
    "pair": "the table {table} lists two lines of one encounter as a pair",
    "sum_over": "the units of a code exceed the limit in {table} ({column})",
    "every": "always, of every {column}",
}


CASE_COLUMNS = ("case", "answer", "date of service", "source")
"""Of the table of cases on a rule's page."""


class Case(NamedTuple):
    """A sourced case that the rule is tested against."""

    name: str
    verdict: str
    day: str
    source: str


class TableView(NamedTuple):
    """A table the rule looks into, and its editions that speak for the date."""

    name: str
    title: str
    editions: tuple[str, ...]


class RuleView(NamedTuple):
    """All that the template of a rule shows."""

    rule: Rule
    asked: str
    binds: str
    verdicts: tuple[tuple[str, str], ...]
    tables: tuple[TableView, ...]
    documents: tuple[tuple[str, str, str], ...]
    denials: tuple[tuple[str, str, str], ...]
    cases: tuple[Case, ...]
    counts: tuple[tuple[str, int], ...]
    policies: tuple[str, ...] = ()


def rule_address(rule_id: str) -> str:
    """Where the page of a rule is, from the top of the site."""
    return f"rules/{rule_id}.html"


def rule_listing() -> Listing:
    """Every rule by area."""
    lead = (
        "Every question that is asked of a claim. A rule fails a claim only with a primary source "
        "in force on the date of service; otherwise it asks a person to look."
    )
    areas: dict[str, list[Listed]] = {}
    for rule in all_rules().values():
        verdicts = tuple(str(verdict) for verdict in rule.verdicts)
        entry = Listed(rule.id, rule.id, rule.question, "", (), rule_address(rule.id), verdicts)
        areas.setdefault(rule.id.partition("/")[0], []).append(entry)
    groups = tuple(Group(area, area.capitalize(), tuple(areas[area])) for area in sorted(areas))
    return Listing("rules/index.html", "Rules", lead, groups, cards=True)


def rule_view(
    store: Store, rule: Rule, day: date, cases: Path | None, policies: Iterable[str] = ()
) -> RuleView:
    """A rule with the editions and documents it rests on for a date.

    Args:
        cases: folder of the case files (`tests/cases/rules` of a checkout); None when absent.
        policies: ids of the documents held; those that the rule or its cases cite are named.
    """
    names = dict.fromkeys(t for t in (rule.trigger.table, *rule.needs, *rule.uses) if t)
    told = _cases(cases, rule.id)
    verdicts = dict.fromkeys((*rule.verdicts, Verdict.PASS, Verdict.NOT_CHECKED))
    counts = Counter(case.verdict for case in told)
    return RuleView(
        rule,
        _asked(rule.trigger),
        rule.binds.capitalize() or "every payer",
        tuple((str(verdict), _VERDICTS[verdict]) for verdict in verdicts),
        tuple(_table(store, name, day) for name in names),
        tuple(_document(store, edition) for edition in rule.cites),
        tuple(_denial(store, code, day) for code in rule.denial_codes),
        told,
        tuple(sorted(counts.items())),
        _policies(rule, told, policies),
    )


def _policies(rule: Rule, cases: Iterable[Case], known: Iterable[str]) -> tuple[str, ...]:
    """Documents that the rule, or a case of it, cites by their ids."""
    cited = " ".join((*rule.cites, *(case.source for case in cases)))
    return tuple(one for one in known if re.search(rf"(?<![\w-]){re.escape(one)}(?!\w)", cited))


def _asked(trigger: Trigger) -> str:
    words = _TRIGGERS.get(trigger.kind, trigger.kind)
    return words.format(table=trigger.table, column=trigger.column.replace("_", " "))


def _table(store: Store, name: str, day: date) -> TableView:
    if name not in store.catalogue.tables:
        return TableView(name, name.replace("_", " "), ())
    table = store.table(name)
    speaking = tuple(
        f"{edition.id} ({window_text(edition.window)}, {basis})"
        for edition in reversed(table.editions)
        if (basis := edition.basis_on(day))
    )
    return TableView(name, table.title, speaking[:_EDITIONS_SHOWN])


def _document(store: Store, edition_id: str) -> tuple[str, str, str]:
    edition = store.edition(edition_id)
    told = f"{edition.source.title}, {edition.source.publisher}; {window_text(edition.window)}"
    return edition.id, told, edition.source.url


def _denial(store: Store, code: str, day: date) -> tuple[str, str, str]:
    answer = store.find("denial_codes", day, code=code)
    if not isinstance(answer, Held):
        return code, "meaning not held", ""
    entry = answer.entry
    return code, entry["meaning"], f"{entry['kind']}, {entry.citation.edition.id}"


def _cases(folder: Path | None, rule_id: str) -> tuple[Case, ...]:
    path = folder / f"{rule_id}.toml" if folder else None
    if path is None or not path.is_file():
        return ()
    raw = tomllib.loads(path.read_text("utf-8")).get("case", [])
    return tuple(
        Case(str(c["name"]), str(c["verdict"]), str(c.get("date", "")), str(c.get("source", "")))
        for c in raw
    )


_EDITIONS_SHOWN = 3
"""Editions named for a table; the sources page lists them all."""
