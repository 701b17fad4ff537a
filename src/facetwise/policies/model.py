"""What a payer's document asks: versions, criteria, limits and code lists, each with its source.

One document is one `Policy`. It may be a Medicare determination, a billing article, a regulation,
a commercial policy or a list of codes that need authorization.
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from facetwise.errors import FacetwiseError
from facetwise.sources import Confidence, Edition, Window


class BrokenPolicyError(FacetwiseError):
    """A policy file that is missing, altered, or not of the shape it should have."""

    id = "policy/broken"


class UnknownPolicyError(FacetwiseError):
    """A document id that no policy held bears."""

    id = "policy/unknown"


class Text(StrEnum):
    """How much of a version was read."""

    READ = "read"
    """The whole text, put into criteria and limits."""
    PART = "part"
    """Single statements or lists."""
    NOT_HELD = "not held"
    """Only that the version exists, and when."""


class Book(NamedTuple):
    """Whose rules are asked for: one line of business of one payer.

    Attributes:
        payer: id of the payer, `medicare` or as in the payers table.
        line_of_business: `medicare`, `medicare-advantage`, `commercial`, `medicaid`, ...
        contractor: Medicare contractor and jurisdiction, `cgs-j15`; blank when there is none.
        state: where the provider is, two letters; blank when not known.
    """

    payer: str
    line_of_business: str
    contractor: str = ""
    state: str = ""


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a document.

    Attributes:
        name: number or date within the document; `edition.id` names it everywhere else.
        edition: its source, and the dates on which it is known to have been in force.
        dated: False when no date at all is known.
        starts: whether its first day is known; without it the version never decides.
        ends: whether its last day is known, rather than the last day it was seen.
    """

    name: str
    edition: Edition
    text: Text
    dated: bool
    starts: bool
    ends: bool


@dataclass(frozen=True, slots=True)
class Reach:
    """Who must follow a document, and since when.

    Attributes:
        contractor: blank where the payer has none, or all of them follow it.
        states: two letters each; empty for every state.
        except_states: states it does not reach.
        replaces: id of the document these followed before.
    """

    contractor: str = ""
    states: tuple[str, ...] = ()
    except_states: tuple[str, ...] = ()
    window: Window = field(default_factory=Window)
    confidence: Confidence = Confidence.PRIMARY
    replaces: str = ""

    def names(self, book: Book) -> bool:
        """Whether a book is among those meant, on whatever date."""
        if self.contractor:
            return self.contractor == book.contractor
        return (not self.states or book.state in self.states) and (
            book.state not in self.except_states
        )


class Limit(NamedTuple):
    """How a number limits what is done.

    Attributes:
        counts: what is counted: `sessions`, `levels`, `regions`, `interval`.
        per: within what: `region`, `session`, `joint`, ...
        within: length of the period in `within_unit`; None for no period.
        period: `rolling` or `calendar`; blank when not stated.
    """

    counts: str
    per: tuple[str, ...] = ()
    within: Decimal | None = None
    within_unit: str = ""
    period: str = ""


class Criterion(NamedTuple):
    """One statement of a version, in our own words.

    Attributes:
        id: the same for the same question in every document of a subject.
        applies: techniques and purposes it is about (words of `procedure`); empty for all.
        asks: the statement.
        compare: how to compare: `at_least`, `at_most`, `one_of`, `none_of`; blank for words only.
        number: the threshold in `unit`; None when it has none.
        values: the words that `one_of` and `none_of` compare with, or what marks the statement.
        edition: id of the version's edition.
        limit: set when the number limits sessions, levels, regions or an interval.
    """

    id: str
    topic: str
    applies: tuple[str, ...]
    asks: str
    compare: str
    number: Decimal | None
    unit: str
    values: tuple[str, ...]
    edition: str
    confidence: Confidence
    limit: Limit | None = None

    def meets(self, topic: str, applies: frozenset[str], name: str) -> bool:
        """Whether it answers a request; blanks ask for everything."""
        return (
            (not topic or topic == self.topic)
            and (not name or name == self.id)
            and (not applies or not self.applies or not applies.isdisjoint(self.applies))
        )


class CodeList(NamedTuple):
    """Codes that a version lists alike.

    Attributes:
        list: `covered`, `limited`, `noncovered`, `prior_auth`.
        system: `CPT`, `HCPCS` or `ICD10CM`.
        codes: without dot.
        since: first day the codes are on the list, where it says so.
        complete: whether the version's silence about another code of the system is an answer.
    """

    list: str
    system: str
    codes: tuple[str, ...]
    edition: str
    confidence: Confidence
    group: str = ""
    note: str = ""
    since: date | None = None
    complete: bool = False


@dataclass(frozen=True, slots=True)
class Policy:
    """One document of a payer, with every version known of it.

    Attributes:
        id: of the document: `L38801`, `cigna-precertification`.
        kind: `determination`, `article`, `regulation`, `notice`, `policy`, `authorization-list`.
        subjects: `facet`, `sacroiliac`, `epidural`, `basivertebral`; empty when not recorded.
        vendor: who decides for the payer; blank for itself.
        claim_types: kinds of claim it binds; empty for all.
        places: places of service it binds; empty for all.
        except_places: places of service it leaves out.
        procedures: procedure codes it is about, besides those of its lists.
        companions: ids of the documents that go with it.
        began: first day of its first version; None when not found.
        supplied_by: the file that would give the text that is missing.
    """

    id: str
    title: str
    kind: str
    payer: str
    lines_of_business: tuple[str, ...]
    publisher: str
    subjects: tuple[str, ...]
    reaches: tuple[Reach, ...]
    versions: tuple[Version, ...]
    criteria: tuple[Criterion, ...]
    codes: tuple[CodeList, ...]
    vendor: str = ""
    claim_types: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    except_places: tuple[str, ...] = ()
    procedures: tuple[str, ...] = ()
    companions: tuple[str, ...] = ()
    began: date | None = None
    supplied_by: str = ""

    named_codes: frozenset[str] = field(init=False, default=frozenset())
    """Procedure codes that it is about, in any version."""

    def __post_init__(self) -> None:
        listed = (code for held in self.codes if held.system != ICD for code in held.codes)
        object.__setattr__(self, "named_codes", frozenset((*self.procedures, *listed)))


ICD = "ICD10CM"
"""Code system of the diagnosis lists."""
