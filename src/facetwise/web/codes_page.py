"""A code page inside the frame of the workbench, and the codes by family."""

from datetime import date
from functools import lru_cache

from facetwise.pages.code_page import code_page
from facetwise.pages.html.indexes import by_family
from facetwise.pages.html.labels import labels_css
from facetwise.pages.html.listing import Listing
from facetwise.pages.html.render import Shell, columns_of, page_html
from facetwise.pages.html.view import tips_of
from facetwise.pages.model import FactAnswer, Page
from facetwise.sources import Fact
from facetwise.tables.answer import Held, NotHeld
from facetwise.tables.store import Store

_OF_FAMILIES = ("family", "name", "level_role", "region")


@lru_cache(maxsize=64)
def page_of(store: Store, code: str, day: date) -> Page:
    """The page of a code, kept for the next request that needs it.

    Raises:
        UnknownCodeError: no table held knows the code.
    """
    return code_page(store, code, day)


def body_of(store: Store, page: Page, shell: Shell) -> str:
    """The HTML of a code page between the frame's top and its foot."""
    whole = page_html(store, page, shell)
    return whole.partition("</header>")[2].rpartition("<footer>")[0]


def labels_of(page: Page) -> str:
    """The stylesheet of one page: tips of its sources, and names of columns on a phone."""
    return labels_css(tips_of(page), columns_of(page))


def name_of(page: Page) -> str:
    """Our own short name of the code; blank where none is held."""
    fact = page.facts.get("name")
    return str(fact.value or "") if isinstance(fact, Fact) else ""


def missing_of(page: Page) -> int:
    """How many facts of a page no table held can answer on its date."""
    return sum(isinstance(fact, NotHeld) for fact in page.facts.values())


@lru_cache(maxsize=8)
def families(store: Store, day: date) -> Listing:
    """Codes by family on a date, facets first."""
    return by_family([_short(store, code, day) for code in store.scope])


def _short(store: Store, code: str, day: date) -> Page:
    """A page of no sections, with the facts by which codes are grouped and named."""
    facts: dict[str, FactAnswer] = {}
    for name in _OF_FAMILIES:
        answer = store.find("code_facts", day, code=code, fact=name)
        if isinstance(answer, Held):
            facts[name] = Fact(answer.entry["value"], (answer.entry.citation,))
    return Page(code, day, facts, (), store.catalogue.digest)
