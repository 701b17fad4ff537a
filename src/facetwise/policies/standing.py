"""How a version of a policy stands to a date of service, and the citation that says so.

A statement decides only inside dates that are known: its version's first day is known, it is
primary, and whoever asks is bound by it on that day. Everything else can ask for review.
"""

from datetime import date
from typing import NamedTuple

from facetwise.policies.model import Book, Policy, Reach, Text, Version
from facetwise.sources import Basis, Citation, Confidence

_ORDER = {Basis.IN_FORCE: 0, Basis.CARRIED: 1, Basis.DERIVED: 2, Basis.ELSEWHERE: 3}


class Place(NamedTuple):
    """Where a policy stands for one book on one date.

    Attributes:
        reach: why the policy binds the book.
        early: whether the date lies before the book came under it.
        in_force: the version known to be in force; None when not known.
    """

    reach: Reach
    early: bool
    in_force: Version | None


def place_of(policy: Policy, book: Book, day: date) -> Place | None:
    """Whether a policy speaks to a book on a date; None when it does not."""
    if policy.payer != book.payer or book.line_of_business not in policy.lines_of_business:
        return None
    for reach in policy.reaches:
        if reach.names(book) and (reach.window.last is None or day <= reach.window.last):
            early = reach.window.first is not None and day < reach.window.first
            return Place(reach, early, None if early else in_force(policy, day))
    return None


def in_force(policy: Policy, day: date) -> Version | None:
    """The version known to be in force on a date, read or not; the latest where two overlap."""
    held = [v for v in policy.versions if v.dated and day in v.edition.window]
    return max(held, key=_certainty) if held else None


def _certainty(version: Version) -> tuple[bool, date]:
    return version.starts, version.edition.window.first or date.min


def basis_on(version: Version, place: Place, day: date) -> Basis:
    """How a version stands to a date, for a book."""
    if not version.dated:
        return Basis.ELSEWHERE
    window = version.edition.window
    if window.last is not None and day > window.last:
        return Basis.CARRIED
    if place.early or (window.first is not None and day < window.first):
        return Basis.DERIVED
    return Basis.IN_FORCE


def rank(version: Version, basis: Basis, day: date) -> tuple[int, bool, int]:
    """The smaller the better: in force, then the nearest carried, then the nearest read back."""
    window = version.edition.window
    if basis is Basis.CARRIED and window.last is not None:
        away = (day - window.last).days
    elif basis is Basis.DERIVED and window.first is not None:
        away = (window.first - day).days
    else:
        away = 0
    return _ORDER[basis], not version.starts, away


def cite(
    policy: Policy, version: Version, basis: Basis, place: Place, stated: Confidence
) -> Citation:
    """The citation of a statement or list of a version."""
    weak = Confidence.SECONDARY in (stated, version.edition.confidence, place.reach.confidence)
    return Citation(
        version.edition,
        basis,
        confidence=Confidence.SECONDARY if weak else Confidence.PRIMARY,
        note=_note(policy, version, basis, place),
    )


def _note(policy: Policy, version: Version, basis: Basis, place: Place) -> str:
    window = version.edition.window
    said: list[str] = []
    if basis is Basis.CARRIED:
        verb = "In force" if version.ends else "Last seen in force"
        said.append(f"{verb} to {window.last}; used for a later date.")
    elif basis is Basis.DERIVED:
        if not place.early or _follows(window.first, place.reach.window.first):
            verb = "In force" if version.starts else "Read only"
            said.append(f"{verb} from {window.first}; read back to an earlier date.")
        if policy.began:
            said.append(f"{policy.id} itself began on {policy.began}.")
    elif basis is Basis.ELSEWHERE:
        said.append("The dates of this version are not known.")
    elif not version.starts:
        said.append(f"The first day of this version is not known; it was read {_read(version)}.")
    if place.in_force and place.in_force.starts and place.in_force is not version:
        whole = "whole " if place.in_force.text is Text.PART else ""
        unread = "" if place.in_force.text is Text.READ else f", whose {whole}text is not held"
        said.append(f"In force on the date: {place.in_force.edition.id}{unread}.")
    return " ".join([*said, *_reach_said(place)])


def _follows(first: date | None, other: date | None) -> bool:
    return first is not None and other is not None and first >= other


def _read(version: Version) -> str:
    window = version.edition.window
    if window.first == window.last or window.last is None:
        return f"as it stood on {window.first}"
    return f"between {window.first} and {window.last}"


def _reach_said(place: Place) -> list[str]:
    reach = place.reach
    before = f" in place of {reach.replaces}" if reach.replaces else ""
    if place.early:
        return [f"It binds {reach.contractor} only from {reach.window.first}{before}."]
    if reach.confidence is Confidence.SECONDARY:
        since = f" from {reach.window.first}" if reach.window.first else ""
        return [f"That it binds {reach.contractor}{since}{before} rests on a secondary source."]
    return []
