"""Find a code, rule, modifier, diagnosis, denial code or place of service by the words people use.

The words of procedures are those that `procedure` reads ("rfa", "mbb", "under fluoro"); each is
put into the words our own names use, and then every word of the query must begin a word of the
entry. Where no entry has all of them, those that have most are shown as nearest.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from facetwise.pages.html.listing import Link, Listing
from facetwise.procedure.words import GUIDANCES, Tag, tags
from facetwise.rules.registry import all_rules
from facetwise.sources import Window
from facetwise.tables.answer import Held
from facetwise.tables.store import Store

SHOWN = 40
LONGEST = 200
"""Characters of a query that are read."""
_WORD = re.compile(r"[a-z0-9]+(?:\.[a-z0-9]+)?")
_ASIDE = frozenset(
    _WORD.findall(
        "a an and at code codes cpt for from hcpcs icd in is of on or the to under what which with"
    )
)
"""Words of a query that say nothing of what is looked for."""
_STANDS_FOR: Mapping[Tag, str] = {
    Tag.TRANSFORAMINAL: "transforaminal epidural",
    Tag.INTERLAMINAR: "interlaminar epidural",
    Tag.EPIDURAL: "epidural",
    Tag.SI_JOINT: "sacroiliac joint",
    Tag.LATERAL: "sacroiliac nerves",
    Tag.TRIGGER: "trigger point",
    Tag.BRANCH_BLOCK: "facet injection",
    Tag.INTRA_ARTICULAR: "facet injection",
    Tag.FACET_INJECTION: "facet injection",
    Tag.FACET_BLOCK: "facet injection",
    Tag.BRANCH: "facet",
    Tag.FACET: "facet",
    Tag.ABLATION: "ablation",
    Tag.INJECTION: "injection",
}
"""What a technique is called in our names of codes; other techniques keep their own word."""
_ROLES: Mapping[str, str] = {
    "first": "first 1st initial primary",
    "first-joint": "first 1st initial primary level",
    "second": "second 2nd two additional further add-on addon",
    "third-and-further": "third 3rd fourth 4th additional further add-on addon",
    "each-additional": "second 2nd third 3rd fourth 4th additional further add-on addon level",
}
_REGIONS: Mapping[str, str] = {"cervical-thoracic": "neck", "lumbar-sacral": "low back"}
_KIND_FIRST = ("code", "modifier", "diagnosis", "denial code", "place of service", "rule")


class Hit(NamedTuple):
    """An entry that answers a query.

    Attributes:
        kind: what it is: code, rule, modifier, diagnosis, denial code or place of service.
        source: edition its words are of; blank for rules, which name theirs on their page.
    """

    kind: str
    title: str
    note: str
    source: str
    address: str
    links: tuple[Link, ...] = ()


class Found(NamedTuple):
    """What a query finds.

    Attributes:
        hits: best first, at most `SHOWN`.
        whole: whether the hits have every word of the query.
        many: how many there are in all.
    """

    hits: tuple[Hit, ...]
    whole: bool
    many: int


class _Entry(NamedTuple):
    hit: Hit
    title: tuple[str, ...]
    words: frozenset[str]
    place: int


def search(store: Store, families: Listing, query: str, day: date) -> Found:
    """The entries that have the words of a query, best first.

    Args:
        families: codes by family, in the order in which equals are shown.
    """
    asked = _asked(query[:LONGEST])
    if not asked:
        return Found((), True, 0)
    entries = _entries(store, families, day)
    scored = [(entry, *_score(entry, asked)) for entry in entries]
    whole = [(entry, score) for entry, score, had in scored if had == len(asked)]
    found = whole or [
        (entry, score) for entry, score, had in scored if had and had * 2 >= len(asked)
    ]
    found.sort(key=lambda one: (-one[1], one[0].place))
    return Found(tuple(e.hit for e, _ in found[:SHOWN]), bool(whole), len(found))


def _asked(query: str) -> list[str]:
    """The words looked for: phrases of procedures in our own words, the others as they stand."""
    text = query.lower()
    for found in reversed(tags(text)):
        text = f"{text[: found.start]} {_STANDS_FOR.get(found.tag, found.text)} {text[found.end :]}"
    for guidance, pattern in GUIDANCES:
        text = pattern.sub(f" {guidance} ", text)
    return list(dict.fromkeys(word for word in _WORD.findall(text) if word not in _ASIDE))


def _score(entry: _Entry, asked: Sequence[str]) -> tuple[int, int]:
    """How well an entry answers, and how many of the words it has."""
    score = had = 0
    for word in asked:
        if word in entry.title:
            score, had = score + 40, had + 1
        elif word in entry.words:
            score, had = score + 12, had + 1
        elif len(word) > 1 and any(one.startswith(word) for one in (*entry.title, *entry.words)):
            score, had = score + 8, had + 1
    if had and entry.hit.kind == "code":
        score += 6
    return score, had


@lru_cache(maxsize=8)
def _entries(store: Store, families: Listing, day: date) -> tuple[_Entry, ...]:
    hits = (
        *_codes(store, families, day),
        *_modifiers(store, day),
        *_diagnoses(store, day),
        *_denials(store, day),
        *_places(store, day),
        *_rules(),
    )
    return tuple(
        _Entry(hit, _split(hit.title), frozenset(_split(f"{hit.note} {more}")), at)
        for at, (hit, more) in enumerate(hits)
    )


def _split(text: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(text.lower()))


def _codes(store: Store, families: Listing, day: date) -> Iterator[tuple[Hit, str]]:
    for group in families.groups:
        for entry in group.entries:
            facts = {
                fact: _fact(store, entry.title, fact, day)
                for fact in ("region", "level_role", "guidance_included", "unit")
            }
            more = " ".join(
                (group.title, *facts.values(), _ROLES.get(facts["level_role"], ""),
                 _REGIONS.get(facts["region"], ""))
            )  # fmt: skip
            hit = Hit("code", entry.title, entry.note, entry.source, f"/codes/{entry.title}")
            yield hit, more


def _fact(store: Store, code: str, fact: str, day: date) -> str:
    answer = store.find("code_facts", day, code=code, fact=fact)
    return answer.entry["value"] if isinstance(answer, Held) else ""


def _current(store: Store, table: str, day: date, key: str) -> dict[str, dict[str, str]]:
    """The row in force of each key of a table kept by hand."""
    held: dict[str, dict[str, str]] = {}
    for row in store.all_rows(table):
        first, last = row.get("first_day"), row.get("last_day")
        window = Window(
            date.fromisoformat(first) if first else None, date.fromisoformat(last) if last else None
        )
        if day in window:
            held.setdefault(row[key], dict(row))
    return held


def _modifiers(store: Store, day: date) -> Iterator[tuple[Hit, str]]:
    for modifier, row in _current(store, "modifiers", day, "modifier").items():
        named = re.compile(rf"\bmodifiers? {modifier}\b|\b{modifier} modifier\b", re.I)
        links = tuple(
            Link(f"/rules/{rule.id}", rule.id)
            for rule in all_rules().values()
            if named.search(f"{rule.question} {rule.advice}")
        )
        note = f"{row['name']}; for {row['for']}."
        yield Hit("modifier", f"Modifier {modifier}", note, row["edition"], "", links), row["class"]


def _diagnoses(store: Store, day: date) -> Iterator[tuple[Hit, str]]:
    listed: dict[str, list[str]] = {}
    editions: dict[str, list[str]] = {}
    codes: dict[str, dict[str, None]] = {}
    of_article: dict[str, list[str]] = {}
    rows = list(store.all_rows("article_codes"))
    for row in rows:
        if row["system"] == "CPT" and row["list"] == "covered":
            of_article.setdefault(row["article"], []).append(row["code"])
    for row in rows:
        if row["system"] == "ICD10CM":
            listed.setdefault(row["code"], []).append(f"{row['list']} in {row['article']}")
            editions.setdefault(row["code"], []).append(row["edition"])
            codes.setdefault(row["code"], {}).update(
                dict.fromkeys(of_article.get(row["article"], ()))
            )
    for code in sorted(listed):
        links = tuple(
            Link(f"/codes/{one}?date={day}#diagnoses", one) for one in sorted(codes[code])
        )
        note = f"Medicare billing articles: {', '.join(dict.fromkeys(listed[code]))}."
        source = ", ".join(dict.fromkeys(editions[code]))
        shown = f"{code[:3]}.{code[3:]}" if len(code) > 3 else code
        yield Hit("diagnosis", shown, note, source, "", links), f"{code} diagnosis icd10"


def _denials(store: Store, day: date) -> Iterator[tuple[Hit, str]]:
    for code, row in _current(store, "denial_codes", day, "code").items():
        links = tuple(
            Link(f"/rules/{rule.id}", rule.id)
            for rule in all_rules().values()
            if code in rule.denial_codes
        )
        title = f"{row['kind']} {code}"
        yield Hit("denial code", title, f"{row['meaning']}.", row["edition"], "", links), "denial"


def _places(store: Store, day: date) -> Iterator[tuple[Hit, str]]:
    for pos, row in _current(store, "places_of_service", day, "pos").items():
        note = f"{row['name']}; {row['setting']} amounts." if row["setting"] else f"{row['name']}."
        yield Hit("place of service", f"Place of service {pos}", note, row["edition"], ""), "pos"


def _rules() -> Iterable[tuple[Hit, str]]:
    for rule in all_rules().values():
        words = rule.id.replace("/", " ").replace("-", " ")
        yield Hit("rule", rule.id, rule.question, "", f"/rules/{rule.id}"), f"{rule.advice} {words}"
