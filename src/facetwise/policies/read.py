"""Policy files as read (TOML, or the JSON compiled from it) turned into `Policy`."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from facetwise.errors import FacetwiseError
from facetwise.policies.model import (
    BrokenPolicyError,
    CodeList,
    Criterion,
    Limit,
    Policy,
    Reach,
    Text,
    Version,
)
from facetwise.sources import Confidence, Edition, Source, Window

Raw = Mapping[str, Any]
LISTS = ("one_of", "none_of")
COMPARES = ("at_least", "at_most", *LISTS)
KNOWN = "known"


def read_policy(raw: Raw) -> Policy:
    """One policy.

    Raises:
        BrokenPolicyError: a part is missing, unreadable, or cites a version that is not there.
    """
    try:
        policy = _policy(raw)
    except (KeyError, ValueError, TypeError, ArithmeticError, FacetwiseError) as error:
        raise BrokenPolicyError(
            f"the policy cannot be read ({error}).",
            where=str(raw.get("id", "a policy file")),
            todo="Run tools/build_policies.py, or reinstall Facetwise.",
        ) from error
    known = {version.edition.id for version in policy.versions}
    cited = {one.edition for one in (*policy.criteria, *policy.codes)}
    if stray := cited - known:
        raise BrokenPolicyError(
            f"it cites {', '.join(sorted(stray))}, which is none of its versions.",
            where=policy.id,
            todo="Run tools/build_policies.py.",
        )
    return policy


def _policy(raw: Raw) -> Policy:
    return Policy(
        id=raw["id"],
        title=raw["title"],
        kind=raw["kind"],
        payer=raw["payer"],
        lines_of_business=tuple(raw["lines_of_business"]),
        publisher=raw["publisher"],
        subjects=tuple(raw["subjects"]),
        reaches=tuple(_reach(one) for one in raw["reach"]),
        versions=tuple(_version(raw, one) for one in raw["version"]),
        criteria=tuple(_criterion(one) for one in raw.get("criterion", ()))
        + tuple(_criterion(one, _limit(one)) for one in raw.get("limit", ())),
        codes=tuple(_codes(one) for one in raw.get("codes", ())),
        vendor=raw.get("vendor", ""),
        claim_types=tuple(raw.get("claim_types", ())),
        places=tuple(raw.get("places", ())),
        except_places=tuple(raw.get("except_places", ())),
        procedures=tuple(raw.get("procedures", ())),
        companions=tuple(raw.get("companions", ())),
        began=_day(raw.get("began")),
        supplied_by=raw.get("supplied_by", ""),
    )


def _version(policy: Raw, raw: Raw) -> Version:
    url = raw.get("url", policy.get("url", ""))
    source = Source(policy["id"], policy["title"], policy["publisher"], url)
    first, last = _day(raw.get("first")), _day(raw.get("last"))
    starts = raw.get("first_is") == KNOWN
    edition = Edition(
        id=raw["edition"],
        source=source,
        window=Window(first, last),
        answers=Window(),
        confidence=Confidence.PRIMARY if starts else Confidence.SECONDARY,
        note=raw.get("note", ""),
    )
    dated = first is not None or last is not None
    return Version(
        raw["name"], edition, Text(raw["text"]), dated, starts, raw.get("last_is") == KNOWN
    )


def _reach(raw: Raw) -> Reach:
    return Reach(
        contractor=raw.get("contractor", ""),
        states=tuple(raw.get("states", ())),
        except_states=tuple(raw.get("except_states", ())),
        window=Window(_day(raw.get("first")), _day(raw.get("last"))),
        confidence=Confidence(raw.get("confidence", Confidence.PRIMARY)),
        replaces=raw.get("replaces", ""),
    )


def _criterion(raw: Raw, limit: Limit | None = None) -> Criterion:
    compare = next((word for word in COMPARES if word in raw), "")
    words = compare in LISTS
    number = None if words or not compare else Decimal(str(raw[compare]))
    listed: Sequence[str] = raw[compare] if words else raw.get("marks", ())
    return Criterion(
        id=raw["id"],
        topic=raw["topic"],
        applies=tuple(raw.get("applies", ())),
        asks=raw["asks"],
        compare=compare,
        number=number,
        unit=raw.get("unit", ""),
        values=tuple(listed),
        edition=raw["source"],
        confidence=Confidence(raw["confidence"]),
        limit=limit,
    )


def _limit(raw: Raw) -> Limit:
    within = raw.get("within")
    return Limit(
        raw["counts"],
        tuple(raw.get("per", ())),
        Decimal(str(within)) if within is not None else None,
        raw.get("within_unit", ""),
        raw.get("period", ""),
    )


def _codes(raw: Raw) -> CodeList:
    return CodeList(
        list=raw["list"],
        system=raw["system"],
        codes=tuple(raw["codes"]),
        edition=raw["source"],
        confidence=Confidence(raw["confidence"]),
        group=raw.get("group", ""),
        note=raw.get("note", ""),
        since=_day(raw.get("since")),
        complete=raw.get("complete", False),
    )


def _day(value: str | date | None) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value
