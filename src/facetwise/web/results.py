"""The answers about one file in a file of their own: written claim by claim, read page by page.

Most claims repeat a few answers, so what is the same is kept once: a finding without its place,
and the list of what was asked. Only this user can read the file, and only this program wrote it.
"""

import json
import pickle
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self, cast

from facetwise.claim import Claim, ClaimType, Fault, Place
from facetwise.engine.answer import ClaimAnswer, Found, NotChecked
from facetwise.engine.check import Checker
from facetwise.engine.missing import asked_for
from facetwise.engine.output import head
from facetwise.engine.run import check_all
from facetwise.formats import read
from facetwise.tables.official import files_by_name
from facetwise.web.places import keep_places

INPUT = "input"
RESULTS = "results"
_STEP = 500
_MOST_ALIKE = 20_000
_TABLES = """
    create table claim (
        at integer primary key, claim_id text, worst text, asked integer, findings text, place text
    );
    create table asked (id integer primary key, answers blob);
    create table shape (id integer primary key, rule text, verdict text, found blob);
    create table told (shape integer, claim integer, primary key (shape, claim)) without rowid;
    create table unanswered (asked integer, rule text);
    create table whole (name text primary key, value blob);
    create index claim_asked on claim (asked);
    create index claim_worst on claim (worst);
"""


class Given(NamedTuple):
    """What is checked: where it is, what places call it, and what its claims are."""

    path: Path
    name: str
    claim_type: ClaimType | None


class Progress(NamedTuple):
    """How far a check is.

    Attributes:
        read: bytes read.
        done: claims answered.
        of: claims read in all; 0 while reading.
        fails: claims among those answered that fail.
        reviews: and those to review.
    """

    read: int = 0
    done: int = 0
    of: int = 0
    fails: int = 0
    reviews: int = 0


class RuleCount(NamedTuple):
    """How often a rule said something, and of how many claims."""

    rule: str
    verdict: str
    findings: int
    claims: int


class Unanswered(NamedTuple):
    """A rule that could not be answered: of how many claims, why, and what would answer it."""

    rule: str
    claims: int
    reasons: tuple[str, ...]
    supplied_by: tuple[str, ...]


class Summary(NamedTuple):
    """What came of a whole file.

    Attributes:
        head: how its JSON begins.
        worst: claims by their worst verdict.
        rules: findings by rule, most telling first.
        passed: rules asked that found nothing, and of how many claims.
        files: official files that would answer more, and how many answers.
    """

    head: dict[str, Any]
    claims: int
    lines: int
    days: tuple[str, ...]
    worst: dict[str, int]
    rules: tuple[RuleCount, ...]
    unanswered: tuple[Unanswered, ...]
    passed: tuple[tuple[str, int], ...]
    files: tuple[tuple[str, int], ...]
    faults: tuple[Fault, ...]


def check_into(
    results: Path, given: Given, checker: Checker, say: Callable[[Progress], None] | None = None
) -> None:
    """Check a file and write every answer, the summary and the places of its parts.

    Args:
        say: told the progress now and then.
    """
    writer = _Writer(results, checker, say)
    with given.path.open("rb", buffering=0) as stream, writer:

        def items() -> Iterator[Claim | Fault]:
            for item in read(stream, name=given.name, claim_type=given.claim_type):
                if isinstance(item, Claim):
                    writer.saw(item, stream.tell)
                yield item

        for answer in check_all(items(), checker, progress=writer.reached):
            writer.add(answer)
        writer.finish()
        keep_places(writer.db, given.path)


class _Writer:
    """Writes answers into a new file and counts them."""

    def __init__(
        self, path: Path, checker: Checker, say: Callable[[Progress], None] | None
    ) -> None:
        self.db = sqlite3.connect(path, isolation_level=None)
        self.db.execute("pragma journal_mode = off")
        self.db.execute("pragma synchronous = off")
        self.db.executescript(_TABLES)
        self.db.execute("begin")
        self._checker = checker
        self._say = say
        self._progress = Progress()
        self._lines = 0
        self._days: set[date] = set()
        self._faults: list[Fault] = []
        self._worst: Counter[str] = Counter()
        self._at = 0
        self._claims_of: Counter[tuple[str, str]] = Counter()
        self._shapes: dict[tuple[object, ...], tuple[int, Found]] = {}
        self._asked: dict[tuple[object, ...], int] = {}
        self._of_shape: Counter[int] = Counter()
        self._of_asked: Counter[int] = Counter()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:  # fmt: skip
        self.db.close()

    def saw(self, claim: Claim, read_to: Callable[[], int]) -> None:
        """Count what a claim holds, as it is read."""
        self._lines += len(claim.lines)
        self._days.update(line.service_date for line in claim.lines if line.service_date)
        self._at += 1
        if self._say and self._at % _STEP == 0:
            self._progress = self._progress._replace(read=read_to())
            self._say(self._progress)

    def reached(self, done: int, of: int) -> None:
        """Tell how many claims are answered."""
        if self._say:
            told = self._worst
            self._say(self._progress._replace(
                done=done, of=of, fails=told["fail"], reviews=told["review"]
            ))  # fmt: skip

    def add(self, answer: ClaimAnswer | Fault) -> None:
        """Keep an answer."""
        if isinstance(answer, Fault):
            self._faults.append(answer)
            return
        at = self._worst.total() + 1
        asked = self._asked_id(answer)
        shapes = [(self._shape_id(found), found.where) for found in answer.findings]
        self._of_asked[asked] += 1
        self._of_shape.update(shape for shape, _ in shapes)
        self._claims_of.update({(str(found.verdict), found.rule) for found in answer.findings})
        self._worst[str(answer.worst)] += 1
        self.db.execute(
            "insert into claim values (?, ?, ?, ?, ?, ?)",
            (
                at, answer.claim_id, str(answer.worst), asked,
                json.dumps([(shape, where[1:]) for shape, where in shapes]) if shapes else "",
                json.dumps(answer.where[1:]),
            ),
        )  # fmt: skip
        self.db.executemany(
            "insert or ignore into told values (?, ?)", [(shape, at) for shape, _ in shapes]
        )

    def _asked_id(self, answer: ClaimAnswer) -> int:
        key = (answer.passes, answer.not_checked)
        found = self._asked.get(key)
        if found is None:
            if len(self._asked) >= _MOST_ALIKE:
                self._asked.clear()
            row = self.db.execute("insert into asked values (null, ?)", (pickle.dumps(key),))
            found = self._asked[key] = cast("int", row.lastrowid)
            rules = dict.fromkeys(gap.rule for gap in answer.not_checked)
            self.db.executemany(
                "insert into unanswered values (?, ?)", [(found, rule) for rule in rules]
            )
        return found

    def _shape_id(self, found: Found) -> int:
        """The finding without its place; kept objects hold their citations' identity."""
        key = (*found[:6], id(found.citations), found.denial_codes)
        held = self._shapes.get(key)
        if held is None:
            if len(self._shapes) >= _MOST_ALIKE:
                self._shapes.clear()
            bare = found._replace(where=Place("", "", 0))
            row = self.db.execute(
                "insert into shape values (null, ?, ?, ?)",
                (found.rule, str(found.verdict), pickle.dumps(bare)),
            )
            held = self._shapes[key] = (cast("int", row.lastrowid), found)
        return held[0]

    def finish(self) -> None:
        """Write the summary."""
        findings: Counter[tuple[str, str]] = Counter()
        files: Counter[str] = Counter()
        gaps: dict[str, tuple[Counter[str], Counter[str], Counter[int]]] = {}
        passed: Counter[str] = Counter()
        for shape, bytes_ in self.db.execute("select id, found from shape"):
            found: Found = pickle.loads(bytes_)  # noqa: S301 (written by this very process)
            findings[str(found.verdict), found.rule] += self._of_shape[shape]
            for name in asked_for((), [found]):
                files[name] += self._of_shape[shape]
        for asked, bytes_ in self.db.execute("select id, answers from asked"):
            passes, unanswered = pickle.loads(bytes_)  # noqa: S301 (as above)
            number = self._of_asked[asked]
            passed.update(dict.fromkeys(passes, number))
            for name in asked_for(unanswered, ()):
                files[name] += number
            for gap in cast("tuple[NotChecked, ...]", unanswered):
                reasons, suppliers, claims = gaps.setdefault(
                    gap.rule, (Counter(), Counter(), Counter())
                )
                reasons[gap.reason] += number
                suppliers[gap.supplied_by] += number
                claims[asked] = number
        readable = files_by_name(self._checker.look.store.catalogue, self._days)
        order = {"fail": 0, "review": 1}
        summary = Summary(
            head(self._checker),
            self._worst.total(),
            self._lines,
            tuple(day.isoformat() for day in (min(self._days), max(self._days)))
            if self._days
            else (),
            dict(self._worst),
            tuple(
                RuleCount(rule, verdict, number, self._claims_of[verdict, rule])
                for (verdict, rule), number in sorted(
                    findings.items(), key=lambda item: (order[item[0][0]], -item[1], item[0][1])
                )
            ),
            tuple(
                Unanswered(rule, claims.total(), _most(reasons), _most(suppliers))
                for rule, (reasons, suppliers, claims) in sorted(gaps.items())
            ),
            tuple(sorted(passed.items())),
            tuple((name, n) for name, n in files.most_common() if name in readable),
            tuple(self._faults),
        )
        self.db.execute("insert into whole values ('summary', ?)", (pickle.dumps(summary),))
        self.db.execute("commit")


def _most(counted: Counter[str]) -> tuple[str, ...]:
    return tuple(text for text, _ in counted.most_common() if text)


class Filters(NamedTuple):
    """Which claims to show; a blank is no filter."""

    verdict: str = ""
    rule: str = ""
    claim: str = ""


class Results:
    """Reads what `check_into` wrote; used by one thread at a time."""

    def __init__(self, path: Path, name: str) -> None:
        self._db = sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, check_same_thread=False)
        self.name = name

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:  # fmt: skip
        self._db.close()

    @property
    def db(self) -> sqlite3.Connection:
        """The open file, for what else is kept in it."""
        return self._db

    def summary(self) -> Summary:
        """What came of the whole file."""
        (held,) = self._db.execute("select value from whole where name = 'summary'").fetchone()
        summary: Summary = pickle.loads(held)  # noqa: S301 (our own private file)
        return summary

    def count(self, filters: Filters) -> int:
        """How many claims the filters leave."""
        where, values = _where(filters)
        (number,) = self._db.execute(f"select count(*) from claim {where}", values).fetchone()  # noqa: S608
        return int(number)

    def claims(
        self, filters: Filters | None = None, first: int = 0, most: int = -1
    ) -> Iterator[tuple[int, ClaimAnswer]]:
        """Claims that the filters leave, in the order of the file, each with its number from 1."""
        where, values = _where(filters or Filters())
        rows = self._db.execute(
            "select claim.at, claim_id, asked.answers, findings, place from claim "  # noqa: S608
            f"join asked on asked.id = claim.asked {where} order by claim.at limit ? offset ?",
            (*values, most, first),
        )
        shapes: dict[int, Found] = {}
        for at, claim_id, asked, findings, place in rows:
            passes, gaps = pickle.loads(asked)  # noqa: S301 (our own private file)
            found = tuple(
                self._shape(shape, shapes)._replace(where=Place(self.name, *where_))
                for shape, where_ in (json.loads(findings) if findings else ())
            )
            yield (
                at,
                ClaimAnswer(claim_id, passes, gaps, found, Place(self.name, *json.loads(place))),
            )

    def _shape(self, shape: int, known: dict[int, Found]) -> Found:
        if shape not in known:
            if len(known) >= _MOST_ALIKE:
                known.clear()
            (held,) = self._db.execute("select found from shape where id = ?", (shape,)).fetchone()
            known[shape] = pickle.loads(held)  # noqa: S301 (our own private file)
        return known[shape]


def _where(filters: Filters) -> tuple[str, list[str]]:
    """The condition on claims, and its values."""
    terms: list[str] = []
    values: list[str] = []
    verdict, rule, claim = filters
    told = "claim.at in (select claim from told where shape in (select id from shape where {}))"
    open_ = "claim.asked in (select asked from unanswered{})"
    if verdict in ("fail", "review"):
        more = " and rule = ?" if rule else ""
        terms.append(told.format(f"verdict = ?{more}"))
        values += [verdict, rule] if rule else [verdict]
    elif verdict == "not_checked":
        terms.append(open_.format(" where rule = ?" if rule else ""))
        values += [rule] if rule else []
    else:
        if verdict:
            terms.append("worst = ?")
            values.append(verdict)
        if rule:
            terms.append(f"({told.format('rule = ?')} or {open_.format(' where rule = ?')})")
            values += [rule, rule]
    if claim:
        terms.append("instr(upper(claim_id), upper(?)) > 0")
        values.append(claim)
    return (f"where {' and '.join(terms)}" if terms else ""), values
