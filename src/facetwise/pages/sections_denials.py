"""What commonly goes wrong, the denials it brings, and which of our rules would catch it."""

from facetwise.pages.content import Said, citations, of_page, statements
from facetwise.pages.gather import Context, ends_well, once
from facetwise.pages.model import Grid, Section
from facetwise.rules.declare import Rule
from facetwise.rules.registry import all_rules
from facetwise.sources import Citation
from facetwise.tables.answer import Entry, Held

_KINDS = ("CARC", "RARC")
_LOOKED_UP = ("pair", "sum_over")
"""Triggers that are about two lines or their sum, so that a code alone cannot clear them."""


def denials(page: Context) -> Section:
    """Common mistakes, likely denials with their prevention, and the rules that ask."""
    said = statements(page, "wrong")
    grids = tuple(grid for grid in (_likely(page), _rules(page)) if grid.rows)
    return Section("denials", "Common denials and how to prevent them", said, grids)


def _likely(page: Context) -> Grid:
    rows: list[tuple[str, ...]] = []
    cited: list[Citation] = []
    for said in of_page(page, "denial"):
        answer = page.store.find("likely_denials", page.day, situation=said["situation"])
        if not isinstance(answer, Held):
            continue
        cited += [*citations(page, said), *(entry.citation for entry in answer.entries)]
        rows.append(_row(page, said, answer.entries, cited))
    columns = ("what happened", "likely reason", "likely remark", "how to prevent it")
    return Grid("denials", "Likely denials", columns, tuple(rows), once(cited))


def _row(
    page: Context, said: Said, entries: tuple[Entry, ...], cited: list[Citation]
) -> tuple[str, ...]:
    codes = [
        "; ".join(
            _meant(page, kind, value, cited)
            for value in dict.fromkeys(entry[kind.lower()] for entry in entries)
            if value
        )
        for kind in _KINDS
    ]
    return (entries[0]["situation_text"], *codes, said["prevent"])


def _meant(page: Context, kind: str, value: str, cited: list[Citation]) -> str:
    """A denial code with its meaning, where one is held on the date."""
    answer = page.store.find("denial_codes", page.day, kind=kind, code=value)
    if not isinstance(answer, Held):
        return f"{kind} {value}"
    cited.append(answer.entry.citation)
    return f"{kind} {value}: {answer.entry['meaning']}"


def _rules(page: Context) -> Grid:
    """Rules that look the code up in a table, and find it there on the date."""
    rows: list[tuple[str, ...]] = []
    cited: list[Citation] = []
    for rule in all_rules().values():
        if not rule.denial_codes or not _meets(page, rule):
            continue
        told = ", ".join(_known(page, value, cited) for value in rule.denial_codes)
        rows.append((rule.id, rule.question, told, ends_well(rule.advice)))
    columns = ("rule", "what the checker asks", "likely denial", "what to do")
    title = "What facetwise check asks of this code, besides what it asks of every claim"
    return Grid("rules", title, columns, tuple(rows) if cited else (), once(cited))


def _known(page: Context, value: str, cited: list[Citation]) -> str:
    """A denial code with its kind."""
    for kind in _KINDS:
        answer = page.store.find("denial_codes", page.day, kind=kind, code=value)
        if isinstance(answer, Held):
            cited.append(answer.entry.citation)
            return f"{kind} {value}"
    return value


def _meets(page: Context, rule: Rule) -> bool:
    """Whether a line of the code can meet the rule; rules of every claim are left out."""
    trigger = rule.trigger
    if trigger.kind in _LOOKED_UP:
        return bool(page.text("object"))
    if trigger.kind != "known":
        return False
    answer = page.store.find(trigger.table, page.day, **{trigger.column: page.code})
    entries = answer.entries if isinstance(answer, Held) else ()
    return any(all(e[name] == value for name, value in trigger.where) for e in entries)
