"""What whole lists of other contractors say, where the contractor's own is not held."""

from functools import lru_cache

from facetwise.policies import Policies
from facetwise.policies.model import ICD, CodeList, Policy
from facetwise.rules.diagnosis.pointed import shown
from facetwise.rules.policy_view import PolicyView


def for_orientation(view: PolicyView, procedure: str, codes: tuple[str, ...]) -> str:
    """A sentence on the first whole list of the same payer; blank when none names the procedure."""
    found = _whole_list(view.policies, view.book.payer, procedure)
    if not found:
        return ""
    policy, lists = found
    standing = {code: held.list for held in lists for code in held.codes}
    covered = tuple(code for code in codes if standing.get(code) == "covered")
    limited = tuple(code for code in codes if standing.get(code) == "limited")
    verb = "lists" if covered else "lists with limits" if limited else "does not list"
    having = covered or limited or codes
    publisher = policy.publisher.partition(",")[0]
    return f" For orientation, {lists[0].edition} of {publisher} {verb} {shown(having)}."


@lru_cache(maxsize=4096)
def _whole_list(
    policies: Policies, payer: str, procedure: str
) -> tuple[Policy, tuple[CodeList, ...]] | None:
    for policy in policies.all:
        lists = tuple(held for held in policy.codes if held.system == ICD and held.complete)
        if lists and policy.payer == payer and procedure in policy.named_codes:
            return policy, lists
    return None
