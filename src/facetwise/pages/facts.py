"""Every fact a page or `why` can give of a code, by name: from which table, or how derived.

The names are a published contract (`docs/facts.md`).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from facetwise.errors import UnknownCodeError, UnknownFieldError
from facetwise.pages.model import FactAnswer, Value
from facetwise.pages.nearby import nearest
from facetwise.pricing.physician import Setting, amount, unsure
from facetwise.sources import Basis, Fact
from facetwise.tables.answer import Absent, Answer, Held, NotHeld
from facetwise.tables.code_life import valid_from, valid_to
from facetwise.tables.store import Store

Read = Callable[[Store, str, date, str], FactAnswer]


@dataclass(frozen=True, slots=True)
class FactKind:
    """A fact that exists for every code.

    Attributes:
        meaning: one line for people, with the unit.
        read: gives the fact of a code on a date; the last argument is what follows a colon in
            the name asked for (`rvu_work:26`, `ptp_practitioner:77003`), else blank.
        takes: what may follow the colon; blank when nothing may.
    """

    name: str
    meaning: str
    read: Read
    takes: str = ""


def _value_of(answer: Answer, column: str, convert: Callable[[str], Value] = str) -> FactAnswer:
    match answer:
        case Held():
            fact = answer.entry.fact(column)
            return Fact(convert(fact.value) if fact.value else None, fact.citations)
        case Absent(citation, reason):
            return Fact(None, (citation,), reason)
        case NotHeld():
            return answer


def _column(table: str, column: str, convert: Callable[[str], Value] = str) -> Read:
    return lambda store, code, day, _: _value_of(store.find(table, day, code=code), column, convert)


def _outpatient(column: str) -> Read:
    """From addendum B where one in force was added, else from addendum FF."""

    def read(store: Store, code: str, day: date, _: str) -> FactAnswer:
        whole = store.find("opps_addendum_b", day, code=code)
        listed = store.find("opps_rates", day, code=code)
        usual = whole if isinstance(listed, NotHeld) and not isinstance(whole, NotHeld) else listed
        return _value_of(whole if _in_force(whole) else usual, column)

    return read


def _in_force(answer: Answer) -> bool:
    match answer:
        case Held():
            return answer.entry.citation.basis is Basis.IN_FORCE
        case Absent(citation, _):
            return citation.basis is Basis.IN_FORCE
        case NotHeld():
            return False


def _schedule(column: str) -> Read:
    return lambda store, code, day, modifier: _value_of(
        store.find("rvu", day, code=code, modifier=modifier), column
    )


def _about(fact: str) -> Read:
    def read(store: Store, code: str, day: date, _: str) -> FactAnswer:
        answer = store.find("code_facts", day, code=code, fact=fact)
        if not isinstance(answer, Held):
            reason = f"no source held states the {fact.replace('_', ' ')} of {code} on {day}."
            return NotHeld(reason, "a later release of Facetwise")
        entry = answer.entry
        return Fact(entry.row["value"], (entry.citation,), entry.row["note"])

    return read


def _amount(setting: Setting) -> Read:
    def read(store: Store, code: str, day: date, modifier: str) -> FactAnswer:
        answer = store.find("rvu", day, code=code, modifier=modifier)
        if not isinstance(answer, Held):
            return _value_of(answer, "status")
        row, citation = answer.entry.row, answer.entry.citation
        if unsure(store, row, setting):
            return NotHeld(
                f"the copy of {row['edition']} held lost its NA marks, and a later release marks "
                f"{code} as not given in the {setting} setting.",
                f"the official file of {row['edition']}",
            )
        dollars = amount(row, setting)
        if dollars is None:
            na = row[f"{setting}_na"] == "NA"
            why = f"marked NA in the {setting} setting" if na else "no relative values"
            return Fact(None, (citation,), f"{why}; status {row['status']}")
        how = (
            f"({row['work']} + {row[f'{setting}_pe']} + {row['mp']}) x "
            f"{row['conversion_factor']}, rounded half up"
        )
        return Fact(str(dollars), (citation,), how)

    return read


def _linked(asked: str, wanted: str) -> Read:
    def read(store: Store, code: str, day: date, _: str) -> FactAnswer:
        answer = store.find("add_on_edits", day, **{asked: code})
        if isinstance(answer, Held):
            citations = tuple(entry.citation for entry in answer.entries)
            return Fact([entry.row[wanted] for entry in answer.entries], citations)
        if isinstance(answer, Absent):
            return Fact(list[str](), (answer.citation,), answer.reason)
        return answer

    return read


def _pair(setting: str) -> Read:
    def read(store: Store, code: str, day: date, other: str) -> FactAnswer:
        if not other:
            raise UnknownFieldError(
                f"ptp_{setting} is a fact of a pair.", todo=f"Ask for ptp_{setting}:OTHER_CODE."
            )
        found: list[Answer] = []
        for one, two in ((code, other), (other, code)):
            answer = store.find(f"ptp_{setting}", day, column_1=one, column_2=two)
            if isinstance(answer, Held):
                entry = answer.entry
                how = f"{one} is column 1, {two} is column 2; the value is the modifier indicator"
                return Fact(entry.row["modifier"], (entry.citation,), how)
            found.append(answer)
        open_ends = [answer for answer in found if isinstance(answer, NotHeld)]
        return open_ends[0] if open_ends else _value_of(found[0], "modifier")

    return read


def _stated_first(store: Store, code: str, day: date, _: str) -> FactAnswer:
    return valid_from(store, code, day)


def _stated_last(store: Store, code: str, day: date, _: str) -> FactAnswer:
    return valid_to(store, code, day)


_KINDS = (
    FactKind("name", "what the code stands for, in our own words", _about("name")),
    FactKind("family", "the procedure family it belongs to", _about("family")),
    FactKind("region", "cervical-thoracic or lumbar-sacral, where it has one", _about("region")),
    FactKind("object", "what is treated", _about("object")),
    FactKind("unit", "what one unit counts", _about("unit")),
    FactKind("level_role", "first, second, third and further level, ...", _about("level_role")),
    FactKind("guidance_included", "imaging guidance inside the code", _about("guidance_included")),
    FactKind("once_per_day", "reported at most once a day", _about("once_per_day")),
    FactKind("replaces", "codes it replaced", _about("replaces")),
    FactKind("add_on_of", "primaries in force on the date", _linked("add_on", "primary")),
    FactKind("add_ons", "add-on codes that take it as primary", _linked("primary", "add_on")),
    FactKind("valid_from", "first day of the code, ISO 8601", _stated_first),
    FactKind("valid_to", "last day of the code, ISO 8601; null while it is listed", _stated_last),
    FactKind("status", "fee-schedule status letter", _schedule("status"), "26 or TC"),
    FactKind("global_period", "global days: 000, 010, ZZZ, ...", _schedule("global_days")),
    FactKind("pctc", "professional/technical indicator", _schedule("pctc")),
    FactKind("multiple_procedures", "multiple-procedure indicator", _schedule("multiple")),
    FactKind("bilateral", "bilateral indicator", _schedule("bilateral")),
    FactKind("assistant", "assistant-at-surgery indicator", _schedule("assistant")),
    FactKind("co_surgeon", "co-surgeon indicator", _schedule("co_surgeon")),
    FactKind("team_surgeon", "team-surgery indicator", _schedule("team_surgeon")),
    FactKind("rvu_work", "work relative value", _schedule("work"), "26 or TC"),
    FactKind(
        "rvu_pe_nonfacility", "practice expense, office", _schedule("nonfacility_pe"), "26 or TC"
    ),
    FactKind("rvu_pe_facility", "practice expense, facility", _schedule("facility_pe"), "26 or TC"),
    FactKind("rvu_mp", "malpractice relative value", _schedule("mp"), "26 or TC"),
    FactKind("rvu_total_nonfacility", "total, office", _schedule("nonfacility_total"), "26 or TC"),
    FactKind("rvu_total_facility", "total, facility", _schedule("facility_total"), "26 or TC"),
    FactKind("conversion_factor", "dollars per relative value", _schedule("conversion_factor")),
    FactKind(
        "amount_national_nonfacility",
        "national amount in dollars, office",
        _amount(Setting.NONFACILITY),
        "26 or TC",
    ),
    FactKind(
        "amount_national_facility",
        "national amount in dollars, facility",
        _amount(Setting.FACILITY),
        "26 or TC",
    ),
    FactKind(
        "asc_indicator", "ASC payment indicator, addendum AA", _column("asc_surgical", "indicator")
    ),
    FactKind(
        "asc_rate", "ASC national rate in dollars, addendum AA", _column("asc_surgical", "rate")
    ),
    FactKind(
        "asc_discounting",
        "subject to ASC multiple-procedure discounting, Y or N",
        _column("asc_surgical", "discounting"),
    ),
    FactKind(
        "asc_ancillary_indicator",
        "ASC payment indicator, addendum BB",
        _column("asc_ancillary", "indicator"),
    ),
    FactKind(
        "asc_ancillary_rate",
        "ASC national rate in dollars, addendum BB",
        _column("asc_ancillary", "rate"),
    ),
    FactKind(
        "asc_excluded",
        "the code, where addendum EE excludes it from ASC payment",
        _column("asc_excluded", "code"),
    ),
    FactKind(
        "apc",
        "hospital ambulatory payment classification, addendum B where added, else FF",
        _outpatient("apc"),
    ),
    FactKind(
        "opps_rate",
        "hospital outpatient national rate in dollars, addendum B where added, else FF",
        _outpatient("rate"),
    ),
    FactKind(
        "opps_status",
        "hospital outpatient status indicator, addendum B where added",
        _column("opps_addendum_b", "status"),
    ),
    FactKind(
        "opps_copayment",
        "national unadjusted copayment in dollars, addendum B where added",
        _column("opps_addendum_b", "copayment"),
    ),
    FactKind(
        "mue_practitioner",
        "most units a day, practitioner and ASC",
        _column("mue_practitioner", "units", int),
    ),
    FactKind(
        "mue_mai", "MUE adjudication indicator, practitioner", _column("mue_practitioner", "mai")
    ),
    FactKind(
        "mue_hospital",
        "most units a day, hospital outpatient",
        _column("mue_hospital", "units", int),
    ),
    FactKind(
        "mue_hospital_mai", "MUE adjudication indicator, hospital", _column("mue_hospital", "mai")
    ),
    FactKind(
        "ptp_practitioner",
        "modifier indicator of a pair, practitioner and ASC",
        _pair("practitioner"),
        "CODE",
    ),
    FactKind(
        "ptp_hospital",
        "modifier indicator of a pair, hospital outpatient",
        _pair("hospital"),
        "CODE",
    ),
)

_CODE_LENGTH = 5
"""Characters of a HCPCS or CPT code."""
FACTS: Mapping[str, FactKind] = {kind.name: kind for kind in _KINDS}


def facts_of(store: Store, code: str, day: date) -> dict[str, FactAnswer]:
    """Every fact of a code that needs no second code, in the order of `FACTS`."""
    return {
        name: kind.read(store, code, day, "")
        for name, kind in FACTS.items()
        if kind.takes != "CODE"
    }


def fact_of(store: Store, code: str, field: str, day: date) -> FactAnswer:
    """One fact by name; `rvu_work:26` and `ptp_practitioner:77003` take a second part.

    Raises:
        UnknownCodeError: no table held knows the code.
        UnknownFieldError: the name is not a fact, or takes no second part.
    """
    code = require_known(store, code)
    name, _, argument = field.strip().partition(":")
    argument = argument.strip().upper()
    kind = FACTS.get(name)
    if kind and kind.takes == "CODE" and argument:
        argument = require_known(store, argument)
    elif kind and argument and argument not in kind.takes.split(" or "):
        kind = None
    if kind is None:
        close = ", ".join(nearest(name, FACTS))
        raise UnknownFieldError(f"{field[:40]!r} is not a fact.", todo=f"Did you mean {close}?")
    return kind.read(store, code, day, argument)


def require_known(store: Store, code: str) -> str:
    """The code as tables write it; refused when it is not one of the codes held.

    Raises:
        UnknownCodeError: with the nearest codes and the file that would answer.
    """
    asked = code.strip().upper()
    if store.knows(asked):
        return asked
    close = ", ".join(nearest(asked[:40], store.scope))
    shape = len(asked) == _CODE_LENGTH and asked.isalnum()
    what = f"is not one of the {len(store.scope)} codes held" if shape else "is not a code"
    raise UnknownCodeError(
        f"{asked[:40]!r} {what}; near matches: {close}.",
        todo="The PPRRVU file of its quarter would answer.",
    )
