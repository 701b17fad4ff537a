"""The coverage register: of whom and when each rule can decide, can ask, or cannot say anything.

It follows from what rules declare and what is held: editions of tables, versions of policies. It
reads no clock and no claim, so that nobody need take the silence of a rule for approval.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple, TypeVar

from facetwise.claim import ClaimType
from facetwise.engine.lookups import Lookups
from facetwise.finding import Verdict
from facetwise.policies import Book, Policies, Policy
from facetwise.policies.find import PRIOR_AUTHORIZATION
from facetwise.policies.model import ICD
from facetwise.policies.payers import MEDICARE
from facetwise.policies.standing import basis_on, cite, place_of
from facetwise.policies.words import document_of
from facetwise.rules.declare import Rule
from facetwise.sources import Basis, Confidence, Edition, Window
from facetwise.tables.catalogue import Table
from facetwise.tables.naming import file_for
from facetwise.tables.store import Store

K = TypeVar("K")
V = TypeVar("V")
_DAY = timedelta(days=1)
_KINDS_OF_CLAIM = {
    "practitioner and ASC claims": ClaimType.PRACTITIONER,
    "hospital claims": ClaimType.HOSPITAL_OUTPATIENT,
}
_HOW = {
    Basis.IN_FORCE: "in force", Basis.CARRIED: "carried", Basis.DERIVED: "read back",
    Basis.ELSEWHERE: "of unknown dates",
}  # fmt: skip
_BEST_FIRST = (*_HOW, None)
_AUTHORIZATION, _DIAGNOSIS = "authorization", "diagnosis"
"""Rules whose ids have one of these words ask code lists; other policy rules ask the texts."""


_BY_KIND = ("practitioners and hospitals have tables of their own", "the claim type")
_ALONE = ("it reads the claim alone", "")
_LACKING = {"": "text", _DIAGNOSIS: "diagnosis list", _AUTHORIZATION: "list"}
_PAYER_NOT_TOLD = (
    "a payer the claim does not tell", "whose rules apply is not known",
    "the payer's name or id, SBR09 and the provider's state",
)  # fmt: skip
_TEXTS = ("determination", "policy")
"""Kinds of document that state what is covered; single statements of others do not count here."""


class Standing(StrEnum):
    """What a rule can do; a claim can still be `not_checked` for what it lacks itself."""

    DECIDE = "decide"
    """It may say `fail`, `review` or pass."""
    ASK = "ask"
    """It may say `review` or pass, never `fail`."""
    CANNOT = "cannot"
    """It answers `not_checked`."""


class Covered(NamedTuple):
    """One row of the register.

    Attributes:
        payer: in plain words, with the kind of claim or subject where that makes a difference.
        window: dates of service.
        because: what is held, and how it stands to those dates.
        supplied_by: the file that would change it; blank where none would.
    """

    rule: str
    payer: str
    window: Window
    standing: Standing
    because: str
    supplied_by: str


class _Said(NamedTuple):
    """How one source stands on one day."""

    name: str
    edition: str
    basis: Basis | None
    decides: bool
    supplied_by: str = ""


class _Stretch(NamedTuple):
    """Dates on which every source stands alike."""

    window: Window
    said: tuple[_Said, ...]


def coverage(rules: Mapping[str, Rule], store: Store, policies: Policies) -> tuple[Covered, ...]:
    """The whole register, in order of rule, payer and date."""
    register = _Register(store, policies)
    return tuple(row for _, rule in sorted(rules.items()) for row in register.of(rule))


class _Register:
    def __init__(self, store: Store, policies: Policies) -> None:
        self.store = store
        self.policies = policies

    def of(self, rule: Rule) -> Iterator[Covered]:
        # a rule that cites a document of its own asks policies only for whose rules apply
        if rule.policies and not rule.cites:
            yield from self._by_policies(rule)
        else:
            yield from self._by_tables(rule)

    def _by_tables(self, rule: Rule) -> Iterator[Covered]:
        split = any(not Lookups.named(name, ClaimType.UNKNOWN) for name in _needed(rule))
        kinds = _KINDS_OF_CLAIM if split else {"": ClaimType.PRACTITIONER}
        for who, why_not in _payers(rule):
            for kind, claim_type in kinds.items():
                payer = ", ".join(part for part in (who, kind) if part)
                for stretch in self._stretches(rule, claim_type):
                    yield _row(rule, payer, stretch, why_not, all, _ALONE)
            if split:
                yield _cannot(rule, f"{who}, kind of claim not said", *_BY_KIND)
        if rule.policies:
            yield _cannot(rule, *_PAYER_NOT_TOLD)

    def _stretches(self, rule: Rule, claim_type: ClaimType) -> Iterator[_Stretch]:
        names = dict.fromkeys(Lookups.named(name, claim_type) for name in _needed(rule))
        tables = [self.store.table(name) for name in names]
        editions = [e for table in tables if table.by == "edition" for e in table.editions]
        cited = [] if editions else [self.store.edition(name) for name in rule.cites]

        def on(day: date) -> tuple[_Said, ...]:
            return (*(_table(t, day) for t in tables), *(_document(e, day) for e in cited))

        return _cut([w for e in (*editions, *cited) for w in (e.window, e.answers)], on)

    def _by_policies(self, rule: Rule) -> Iterator[Covered]:
        asked = _asked(rule)
        held = [policy for policy in self.policies.all if _tells(policy, asked)]
        for subject in self._subjects(rule) if asked != _AUTHORIZATION else ("",):
            about = [p for p in held if not subject or subject in p.subjects]
            for book, payer in self._books(about):
                label = f"{payer}, {subject}" if subject else payer
                nothing = "no document held speaks to it", document_of(book)
                for stretch in _of_policies(about, book, asked):
                    yield _row(rule, label, stretch, _why_not(rule), any, nothing)
        yield _cannot(rule, "any other payer", "no document of it is held", "the payer's policy")
        yield _cannot(rule, *_PAYER_NOT_TOLD)

    def _books(self, policies: Iterable[Policy]) -> Iterator[tuple[Book, str]]:
        """Every Medicare contractor, and whoever else the policies are of."""
        rows = self.store.all_rows("contractors")
        titles = {row["id"]: f"{row['contractor']} {row['jurisdiction']}" for row in rows}
        for contractor, title in sorted(titles.items(), key=lambda item: item[1]):
            yield Book(MEDICARE, MEDICARE, contractor), f"Medicare, {title}"
        others = {
            Book(policy.payer, line, state=state)
            for policy in policies
            if policy.payer != MEDICARE
            for line in policy.lines_of_business
            for reach in policy.reaches
            for state in reach.states or ("",)
        }
        for book in sorted(others):
            words = (book.payer, book.line_of_business, book.state)
            yield book, ", ".join(word.replace("-", " ") for word in words if word)

    def _subjects(self, rule: Rule) -> tuple[str, ...]:
        """What the codes that meet the trigger are about; everything where it names none."""
        where = dict(rule.trigger.where)
        named = "value" in where and rule.trigger.table == "code_facts"
        rows = self.store.all_rows("code_facts", **where) if named else ()
        codes = {row["code"] for row in rows}
        every = {subject for policy in self.policies.all for subject in policy.subjects}
        about = {s for p in self.policies.all if codes & p.named_codes for s in p.subjects}
        return tuple(sorted(about or every))


def _needed(rule: Rule) -> tuple[str, ...]:
    """Tables whose silence leaves the rule unanswered."""
    return tuple(name for name in (rule.trigger.table, *rule.needs, *rule.uses) if name)


def _why_not(rule: Rule) -> str:
    return "" if Verdict.FAIL in rule.verdicts else "it only asks"


def _payers(rule: Rule) -> tuple[tuple[str, str], ...]:
    """Whom the rule speaks to, and why it may not deny there; blank where it may."""
    only_asks = _why_not(rule)
    if rule.policies:
        return (("every payer that is known", only_asks),)
    if rule.binds == MEDICARE:
        return (("Medicare", only_asks), ("any other payer", only_asks or "it binds only Medicare"))
    return (("every payer", only_asks),)


def _table(table: Table, day: date) -> _Said:
    """How the edition that would answer stands to a day, as a look-up chooses it."""
    if table.by != "edition":
        return _Said(table.name, "", Basis.IN_FORCE, decides=True)
    wanted = file_for(table.supplied_by, day)
    found = [(basis, e) for e in reversed(table.editions) if (basis := e.basis_on(day))]
    if not found:
        return _Said(table.name, "", None, decides=False, supplied_by=wanted)
    basis, edition = min(found, key=lambda one: _BEST_FIRST.index(one[0]))
    decides = basis is Basis.IN_FORCE and edition.confidence is Confidence.PRIMARY
    return _Said(table.name, edition.id, basis, decides, "" if basis is Basis.IN_FORCE else wanted)


def _document(edition: Edition, day: date) -> _Said:
    basis = edition.basis_on(day) or Basis.CARRIED
    if basis is Basis.CARRIED and edition.window.first and day < edition.window.first:
        basis = Basis.DERIVED
    decides = basis is Basis.IN_FORCE and edition.confidence is Confidence.PRIMARY
    better = "" if basis is Basis.IN_FORCE else f"{edition.source.title}, as of the date"
    return _Said("", edition.id, basis, decides, better)


def _asked(rule: Rule) -> str:
    """What a policy rule asks: `authorization` or `diagnosis` lists, or blank for texts."""
    return next((word for word in (_AUTHORIZATION, _DIAGNOSIS) if word in rule.id), "")


def _telling(policy: Policy, asked: str) -> frozenset[str]:
    """Editions of a policy that hold what is asked."""
    if not asked:
        return frozenset(criterion.edition for criterion in policy.criteria)
    return frozenset(
        held.edition
        for held in policy.codes
        if (held.list == PRIOR_AUTHORIZATION if asked == _AUTHORIZATION else held.system == ICD)
    )


def _tells(policy: Policy, asked: str) -> bool:
    """Whether a policy answers what is asked, or is the document that should."""
    if not asked:
        return policy.kind in _TEXTS
    return bool(_telling(policy, asked)) or (asked == _DIAGNOSIS and policy.kind == "article")


def _of_policies(policies: Iterable[Policy], book: Book, asked: str) -> Iterator[_Stretch]:
    def on(day: date) -> tuple[_Said, ...]:
        said = (_policy(policy, book, day, asked) for policy in policies)
        return tuple(one for one in said if one)

    binding = [
        policy
        for policy in policies
        if policy.payer == book.payer and any(reach.names(book) for reach in policy.reaches)
    ]
    windows = [v.edition.window for p in binding for v in p.versions if v.dated]
    return _cut([*windows, *(reach.window for p in binding for reach in p.reaches)], on)


def _policy(policy: Policy, book: Book, day: date, asked: str) -> _Said | None:
    """How the best version of a policy that tells something stands; None where it binds nobody."""
    place = place_of(policy, book, day)
    if place is None:
        return None
    telling = _telling(policy, asked)
    versions = [version for version in policy.versions if version.edition.id in telling]
    if not versions:
        lacking = f"the {_LACKING[asked]} of {policy.id}"
        return _Said(lacking, "", None, decides=False, supplied_by=policy.supplied_by)
    standing = [(basis_on(version, place, day), version) for version in versions]
    basis, best = min(standing, key=lambda one: (_BEST_FIRST.index(one[0]), not one[1].starts))
    decides = best.starts and cite(policy, best, basis, place, Confidence.PRIMARY).decides
    return _Said("", best.edition.id, basis, decides, "" if decides else policy.supplied_by)


def _cut(windows: Iterable[Window], on: Callable[[date], tuple[_Said, ...]]) -> Iterator[_Stretch]:
    """Dates parted where a window begins or ends, and joined again where nothing changes."""
    begins = {w.first for w in windows if w.first}
    ends = {w.last + _DAY for w in windows if w.last and w.last < date.max}
    cuts = sorted(begins | ends)
    starts: list[date | None] = [None, *cuts]
    now: _Stretch | None = None
    for start, following in zip(starts, [*cuts, None], strict=True):
        day = start or (following - _DAY if following else date.min)
        said = on(day)
        last = following - _DAY if following else None
        if now and _key(now.said) == _key(said):
            now = _Stretch(Window(now.window.first, last), tuple(map(_joined, now.said, said)))
            continue
        if now:
            yield now
        now = _Stretch(Window(start, last), said)
    if now:
        yield now


def _key(said: Iterable[_Said]) -> list[tuple[object, ...]]:
    """What makes dates differ: of a table in force, not which of its editions answers."""
    return [
        (one.name, one.basis, one.decides, "" if _in_force(one) else one.edition) for one in said
    ]


def _in_force(one: _Said) -> bool:
    return bool(one.name) and one.basis is Basis.IN_FORCE


def _joined(one: _Said, other: _Said) -> _Said:
    first, last = one.edition.split(" to ")[0], other.edition
    same = first == last or not _in_force(one)
    return one if same else one._replace(edition=f"{first} to {last}")


def _row(
    rule: Rule,
    payer: str,
    stretch: _Stretch,
    why_not: str,
    need: Callable[[Iterable[object]], bool],
    nothing: tuple[str, str],
) -> Covered:
    """A row that needs `all` its sources or `any`; `nothing` is told where it has none."""
    said = stretch.said
    standing = Standing.ASK
    if not need(one.basis for one in said):
        standing = Standing.CANNOT
    elif said and not why_not and need(one.decides for one in said):
        standing = Standing.DECIDE
    words = [_words(one) for one in said] or [nothing[0]]
    better = dict.fromkeys(one.supplied_by for one in said if one.supplied_by)
    if why_not and standing is Standing.ASK:
        words.insert(0, why_not)
    supplied_by = "; ".join(better) if said else nothing[1]
    return Covered(rule.id, payer, stretch.window, standing, "; ".join(words), supplied_by)


def _words(one: _Said) -> str:
    name = " ".join(part for part in (one.name, one.edition) if part)
    if one.basis is None:
        return f"{name} not held"
    return f"{name} {_HOW[one.basis]}" if one.edition else f"{name}, row by row"


def _cannot(rule: Rule, payer: str, because: str, supplied_by: str) -> Covered:
    return Covered(rule.id, payer, Window(), Standing.CANNOT, because, supplied_by)


def as_markdown(rows: Iterable[Covered]) -> str:
    """The register as a page; rules of which the same is true stand together."""
    by_rule = _grouped((row.rule, _cells(row)) for row in rows)
    alike = _grouped((tuple(cells), rule) for rule, cells in by_rule.items())
    parts = [_HEAD]
    for cells, rules in alike.items():
        table = [_line(("payer", "dates of service", "can", "because", "a better answer needs"))]
        table += ["|---|---|---|---|---|", *(_line(row) for row in _together(cells))]
        parts.append("\n".join([f"## {', '.join(f'`{rule}`' for rule in rules)}", "", *table]))
    return "\n\n".join(parts) + "\n"


def _together(cells: Iterable[tuple[str, ...]]) -> Iterator[tuple[str, ...]]:
    """Payers of whom the same is true on the same dates share their rows."""
    by_payer = _grouped((payer, tuple(others)) for payer, *others in cells)
    for rows, payers in _grouped((tuple(rows), payer) for payer, rows in by_payer.items()).items():
        yield from (("; ".join(payers), *row) for row in rows)


def _grouped(pairs: Iterable[tuple[K, V]]) -> dict[K, list[V]]:
    groups: dict[K, list[V]] = {}
    for key, value in pairs:
        groups.setdefault(key, []).append(value)
    return groups


_HEAD = """# What each rule can say, for whom and when

This page is written from the rules, tables and policies; do not edit it. **decide**: the rule may
say `fail`. **ask**: at most `review`. **cannot**: `not_checked`. A claim that lacks what a rule
reads is `not_checked` whatever stands here, and a row of a table or policy that is secondary never
decides. *Carried* is an edition used after its own dates, *read back* before them; the finding says
so. Of policies only texts of coverage, diagnosis lists and authorization lists count here: a single
statement of a billing article can still bring a `review` where the text is not held."""


def _cells(row: Covered) -> tuple[str, ...]:
    return row.payer, _dates(row.window), str(row.standing), row.because, row.supplied_by


def _dates(window: Window) -> str:
    if window.first and window.last:
        return f"{window.first} to {window.last}"
    if window.first:
        return f"from {window.first}"
    return f"to {window.last}" if window.last else "every date"


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |"
