"""Look up policies, criteria, limits and code lists for a payer's book on a date of service.

Answers are those of the tables: `Held` entries with citations, a cited `Absent`, or `NotHeld` with
the reason and the file that would answer. A text is also used before the first day it is known
for, and after the last; its citation then says so and can never decide.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import lru_cache
from typing import NamedTuple, Protocol

from facetwise.policies.model import (
    ICD,
    Book,
    CodeList,
    Criterion,
    Policy,
    Text,
    UnknownPolicyError,
    Version,
)
from facetwise.policies.standing import Place, basis_on, cite, place_of, rank
from facetwise.policies.words import criterion_row, document_of, list_row, named, nothing
from facetwise.sources import Basis, Citation, Confidence
from facetwise.tables.answer import Absent, Answer, Entry, Held, NotHeld

PRIOR_AUTHORIZATION = "prior_auth"
DIAGNOSTIC = "diagnostic"
_DAYS_KEPT = 4096
"""Books and dates whose answers are remembered; a decade of one contractor."""


class PolicyOn(NamedTuple):
    """A policy as it stands for one book on one date.

    Attributes:
        in_force: the version known to be in force; None when not known.
        text: the version whose text is used; None when none was read whole.
        citation: of the text, else of the version in force, else of the nearest version.
    """

    policy: Policy
    in_force: Version | None
    text: Version | None
    citation: Citation


class _Standing(NamedTuple):
    """What a policy says to a book on a date: one criterion for each question."""

    policy: Policy
    place: Place
    day: date
    said: tuple[tuple[Criterion, Entry], ...]


class Policies:
    """Read-only access to one compiled set of policies."""

    def __init__(self, digest: str, policies: Iterable[Policy]) -> None:
        self.digest = digest
        """Names the exact set of policy files."""
        self.all: tuple[Policy, ...] = tuple(policies)
        self._by_id = {policy.id: policy for policy in self.all}
        self._versions = {v.edition.id: v for p in self.all for v in p.versions}
        self._rows = {
            id(one): criterion_row(policy, one) for policy in self.all for one in policy.criteria
        }
        self._subjects = {
            code: frozenset(s for p in self.all if code in p.named_codes for s in p.subjects)
            for policy in self.all
            for code in policy.named_codes
        }
        self._standings = lru_cache(maxsize=_DAYS_KEPT)(self._stand)
        self._cite = lru_cache(maxsize=_DAYS_KEPT)(self._cited)

    def policy(self, policy_id: str) -> Policy:
        """A document by its id.

        Raises:
            UnknownPolicyError: no policy held bears the id.
        """
        try:
            return self._by_id[policy_id]
        except KeyError:
            raise UnknownPolicyError(
                f"no policy is called {policy_id!r}.",
                todo="Ids are those of the documents, such as those of the coverage database.",
            ) from None

    def policies_for(self, book: Book, day: date, *, subject: str = "") -> tuple[PolicyOn, ...]:
        """Every policy that speaks to a book, with the version in force, carried or read back."""
        return tuple(self._policy_on(standing) for standing in self._of_subject(book, day, subject))

    def criteria(
        self,
        book: Book,
        day: date,
        *,
        subject: str = "",
        topic: str = "",
        applies: Iterable[str] = (),
        name: str = "",
    ) -> Answer:
        """What the documents ask, limits included.

        Args:
            subject: `facet`, `sacroiliac`, `epidural`, `basivertebral`; blank for all.
            topic: `indication`, `levels`, `frequency`, `sedation`, ...; blank for all.
            applies: techniques and purposes asked about; none for all.
            name: id of a criterion.

        Returns:
            Held: rows with `policy`, `id`, `topic`, `asks`, `compare`, `number`, `unit`, ...
            NotHeld: no document reaches the book, or none that does was read on this. Silence of
                a document is never an answer, so there is no Absent.
        """
        asked = _widened(applies)
        found = tuple(
            entry
            for standing in self._of_subject(book, day, subject)
            for criterion, entry in standing.said
            if criterion.meets(topic, asked, name)
        )
        return Held(found) if found else self._nothing(book, day, subject, name or topic or subject)

    def limits(
        self,
        book: Book,
        day: date,
        *,
        subject: str = "",
        counts: str = "",
        applies: Iterable[str] = (),
    ) -> Answer:
        """The limits on sessions, levels, regions or intervals, as `criteria` gives them.

        Args:
            counts: `sessions`, `levels`, `regions` or `interval`; blank for all.
        """
        answer = self.criteria(book, day, subject=subject, applies=applies)
        if not isinstance(answer, Held):
            return answer
        found = tuple(e for e in answer.entries if e["counts"] and counts in ("", e["counts"]))
        return Held(found) if found else self._nothing(book, day, subject, counts or "limits")

    def procedure(self, book: Book, day: date, code: str) -> Answer:
        """Whether billing articles list a procedure code as covered or not.

        Returns:
            Held: a row a document, with `list` of `covered` or `noncovered`, `group` and `note`.
            NotHeld: no list held for the book names the code.
        """
        return self._listed(book, day, code, lambda held: held.system != ICD)

    def diagnosis(self, book: Book, day: date, procedure: str, code: str) -> Answer:
        """Whether a diagnosis supports a procedure under the book's documents.

        Args:
            procedure: the procedure code, which selects the documents.
            code: ICD-10-CM code without dot.

        Returns:
            Held: a row a document; `list` is `covered`, or `limited` with its `note`.
            Absent: a complete list does not have the code. Its citation tells whether the list
                is in force, carried or read back.
            NotHeld: no diagnosis list is held for the book and procedure, or only a list that
                is not complete and does not have the code.
        """
        subjects = self._subjects.get(procedure, frozenset())
        about = [
            s
            for s in self._standings(book, day)
            if procedure in s.policy.named_codes or not subjects.isdisjoint(s.policy.subjects)
        ]
        listing = [s for s in about if any(held.system == ICD for held in s.policy.codes)]
        if not listing:
            articles = [s.policy for s in about if s.policy.kind == "article"]
            named = ", ".join(policy.id for policy in articles) or "a billing article"
            return NotHeld(
                f"the diagnosis list for {procedure} ({named}) is not held.",
                articles[0].supplied_by if articles else document_of(book),
            )
        return self._among(listing, code, lambda held: held.system == ICD)

    def authorization(self, book: Book, day: date, code: str, *, place: str = "") -> Answer:
        """Whether the book's authorization lists name a procedure code.

        Args:
            place: place of service; lists for other places are left out. Blank for any.

        Returns:
            Held: a row a list, with `vendor`, `claim_types`, `places`, `note`.
            Absent: a list known whole no longer has, or does not yet have, a code that it has on
                another date.
            NotHeld: no list for the book and place names the code.
        """
        standings = [
            s
            for s in self._standings(book, day)
            if (not place or not s.policy.places or place in s.policy.places)
            and place not in s.policy.except_places
            and any(held.list == PRIOR_AUTHORIZATION for held in s.policy.codes)
            and code in s.policy.named_codes
        ]
        if not standings:
            return NotHeld(
                f"no authorization list held for {named(book)} names {code}.",
                "the payer's own authorization list for the date",
            )
        return self._among(standings, code, lambda held: held.list == PRIOR_AUTHORIZATION)

    def _listed(self, book: Book, day: date, code: str, kind: "_Kind") -> Answer:
        standings = [
            s
            for s in self._standings(book, day)
            if code in s.policy.named_codes
            and any(held.list != PRIOR_AUTHORIZATION for held in s.policy.codes)
        ]
        if not standings:
            return NotHeld(f"no code list held for {named(book)} names {code}.", document_of(book))
        return self._among(
            standings, code, lambda held: held.list != PRIOR_AUTHORIZATION and kind(held)
        )

    def _among(self, standings: Sequence[_Standing], code: str, kind: "_Kind") -> Answer:
        """The lists with the code, else the best cited absence, else why nothing is known."""
        entries: list[Entry] = []
        absences: list[Absent] = []
        for standing in standings:
            version, basis, lists = self._best_lists(standing, kind, code)
            policy, place = standing.policy, standing.place
            having = [held for held in lists if code in held.codes and _since(held, standing.day)]
            for held in having:
                citation = self._cite(policy.id, version.edition.id, basis, place, held.confidence)
                entries.append(Entry(list_row(policy, held, code), citation))
            later = [held for held in lists if code in held.codes and held not in having]
            if not having and (later or any(held.complete for held in lists)):
                weak = any(held.confidence is Confidence.SECONDARY for held in lists)
                stated = Confidence.SECONDARY if weak else Confidence.PRIMARY
                citation = self._cite(policy.id, version.edition.id, basis, place, stated)
                reason = f"{version.edition.id} does not list {code}"
                since = f" before {later[0].since}" if later else ""
                absences.append(Absent(citation, f"{reason}{since}."))
        if entries:
            return Held(tuple(entries))
        if absences:
            return absences[0]
        policy = standings[0].policy
        return NotHeld(
            f"{code} is not in the list of {policy.id}, which is not held whole.",
            policy.supplied_by or f"the whole list of {policy.title}",
        )

    def _best_lists(
        self, standing: _Standing, kind: "_Kind", code: str
    ) -> tuple[Version, Basis, list[CodeList]]:
        """The lists of the version that stands best; one that is complete or has the code first."""
        lists = [held for held in standing.policy.codes if kind(held)]
        telling = [held for held in lists if held.complete or code in held.codes] or lists

        def standing_of(held: CodeList) -> tuple[int, bool, int]:
            version = self._versions[held.edition]
            basis = basis_on(version, standing.place, standing.day)
            return rank(version, basis, standing.day)

        best = self._versions[min(telling, key=standing_of).edition]
        chosen = [held for held in lists if held.edition == best.edition.id]
        return best, basis_on(best, standing.place, standing.day), chosen

    def _of_subject(self, book: Book, day: date, subject: str) -> Iterator[_Standing]:
        return (
            standing
            for standing in self._standings(book, day)
            if not subject or subject in standing.policy.subjects
        )

    def _nothing(self, book: Book, day: date, subject: str, what: str) -> NotHeld:
        policies = [standing.policy for standing in self._of_subject(book, day, subject)]
        return nothing(policies, book, what)

    def _stand(self, book: Book, day: date) -> tuple[_Standing, ...]:
        placed = ((policy, place_of(policy, book, day)) for policy in self.all)
        return tuple(
            _Standing(policy, place, day, tuple(self._said(policy, place, day)))
            for policy, place in placed
            if place
        )

    def _said(self, policy: Policy, place: Place, day: date) -> Iterator[tuple[Criterion, Entry]]:
        best: dict[str, tuple[tuple[int, bool, int], Criterion, Basis]] = {}
        for criterion in policy.criteria:
            version = self._versions[criterion.edition]
            basis = basis_on(version, place, day)
            standing = rank(version, basis, day)
            if criterion.id not in best or standing < best[criterion.id][0]:
                best[criterion.id] = standing, criterion, basis
        for _, criterion, basis in best.values():
            citation = self._cite(policy.id, criterion.edition, basis, place, criterion.confidence)
            yield criterion, Entry(self._rows[id(criterion)], citation)

    def _policy_on(self, standing: _Standing) -> PolicyOn:
        policy, place, day, _ = standing

        def standing_of(version: Version) -> tuple[int, bool, int]:
            return rank(version, basis_on(version, place, day), day)

        read = [version for version in policy.versions if version.text is Text.READ]
        text = min(read, key=standing_of) if read else None
        shown = text or place.in_force or min(policy.versions, key=standing_of)
        basis = basis_on(shown, place, day)
        citation = self._cite(policy.id, shown.edition.id, basis, place, Confidence.PRIMARY)
        return PolicyOn(policy, place.in_force, text, citation)

    def _cited(
        self, policy_id: str, edition: str, basis: Basis, place: Place, stated: Confidence
    ) -> Citation:
        return cite(self._by_id[policy_id], self._versions[edition], basis, place, stated)


class _Kind(Protocol):
    def __call__(self, held: CodeList, /) -> bool: ...


def _widened(applies: Iterable[str]) -> frozenset[str]:
    """The words asked about; a first or second diagnostic procedure is a diagnostic one."""
    asked = frozenset(applies)
    if any(word.startswith(f"{DIAGNOSTIC}-") for word in asked):
        return asked | {DIAGNOSTIC}
    return asked


def _since(held: CodeList, day: date) -> bool:
    return held.since is None or held.since <= day
