"""The index by payer: every document held, its versions, and the codes it speaks of."""

from datetime import date

from facetwise.pages.html.indexes import code_address
from facetwise.pages.html.listing import Group, Link, Listed, Listing
from facetwise.pages.html.policy_pages import TEXTS, payer_titles, policy_address
from facetwise.pages.html.view import slug, window_text
from facetwise.policies import Policies, Policy
from facetwise.tables.store import Store


def by_payer(store: Store, policies: Policies, day: date) -> Listing:
    """Documents by payer, with the version that speaks for the date and who must follow it."""
    lead = (
        "Documents of payers that are held: determinations, billing articles, regulations, and "
        "lists of codes that need authorization. What they ask is in our own words."
    )
    titles = payer_titles(store)
    groups: dict[str, list[Listed]] = {}
    for policy in policies.all:
        title = titles.get(policy.payer, policy.payer)
        groups.setdefault(title, []).append(_document(store, policy, day))
    told = tuple(Group(slug(name), name, tuple(groups[name])) for name in sorted(groups))
    return Listing("by-payer.html", "Payers and their documents", lead, told)


def _document(store: Store, policy: Policy, day: date) -> Listed:
    version = next((v for v in policy.versions if v.dated and day in v.edition.window), None)
    shown = version or policy.versions[-1]
    standing = "" if version else ", not known to be in force on the date"
    window = window_text(shown.edition.window)
    who = ", ".join(dict.fromkeys(reach.contractor for reach in policy.reaches if reach.contractor))
    states = ", ".join(dict.fromkeys(s for reach in policy.reaches for s in reach.states))
    parts = (
        policy.title,
        policy.kind.replace("-", " "),
        f"version {shown.name} ({window}, {TEXTS[shown.text]}{standing})",
        f"binds {who}" if who else "",
        f"in {states}" if states else "",
        f"decided by {policy.vendor}" if policy.vendor else "",
    )
    codes = sorted(policy.named_codes & set(store.scope))
    return Listed(
        slug(policy.id),
        policy.id,
        "; ".join(part for part in parts if part) + ".",
        f"{policy.publisher}; edition {shown.edition.id}",
        tuple(Link(code_address(code), code) for code in codes),
        policy_address(policy.id),
    )
