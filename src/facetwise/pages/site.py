"""The static site: every code, index, rule and document, made from the same tables and rules.

It opens from a folder without a server, asks nothing of the network, and two builds of the same
tables for the same date are the same to the byte.
"""

import tomllib
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple
from xml.sax.saxutils import escape

from facetwise.pages.code_page import code_page
from facetwise.pages.html import indexes
from facetwise.pages.html.docs import Document, documents
from facetwise.pages.html.labels import labels_css, table_class
from facetwise.pages.html.listing import Group, Link, Listed, Listing
from facetwise.pages.html.payers import by_payer
from facetwise.pages.html.policy_pages import (
    CRITERIA_COLUMNS,
    payer_titles,
    policy_address,
    policy_view,
)
from facetwise.pages.html.render import ASSETS, Shell, columns_of, page_html, render
from facetwise.pages.html.rule_pages import (
    CASE_COLUMNS,
    RuleView,
    rule_address,
    rule_listing,
    rule_view,
)
from facetwise.pages.html.search_index import search_script
from facetwise.pages.html.site_files import write_site
from facetwise.pages.html.view import newest, slug, tips_of
from facetwise.pages.model import Page
from facetwise.policies import shipped as shipped_policies
from facetwise.rules.registry import all_rules
from facetwise.sources import Citation
from facetwise.tables.store import Store
from facetwise.version import __version__

_GLOSSARY = ASSETS.parent / "glossary.toml"


class Site(NamedTuple):
    """A site before it is written.

    Attributes:
        files: path from the top to text.
        modified: path of each page to the day of the newest edition it rests on, ISO 8601.
    """

    files: dict[str, str]
    modified: dict[str, str]


def checkout() -> Path | None:
    """The source checkout this package runs from; None where it is installed without one."""
    top = Path(__file__).parents[3]
    return top if (top / "docs").is_dir() and (top / "tests" / "cases").is_dir() else None


def build_site(
    store: Store,
    folder: Path,
    day: date,
    *,
    source: Path | None = None,
    base_url: str = "",
    progress: Callable[[str], None] = lambda _: None,
) -> Site:
    """Make every page for a date of service and write them below a folder.

    Args:
        source: a checkout, whose `docs` and `tests/cases` become pages; None leaves them out.
        base_url: address the site will have; with it a `sitemap.xml` is written.
        progress: told each step.

    Raises:
        UnwritableError: the folder cannot be written, or holds something else.
    """
    site = make_site(store, day, source=source, base_url=base_url, progress=progress)
    about = {
        "facetwise": __version__,
        "tables": store.catalogue.digest,
        "date": day.isoformat(),
        "modified": site.modified,
    }
    write_site(folder, site.files, about)
    return site


def make_site(
    store: Store,
    day: date,
    *,
    source: Path | None = None,
    base_url: str = "",
    progress: Callable[[str], None] = lambda _: None,
) -> Site:
    """Every file of the site, in memory; the arguments are those of `build_site`."""
    progress(f"reading {len(store.scope)} codes")
    pages = [code_page(store, code, day) for code in store.scope]
    docs = documents(source / "docs") if source else ()
    addresses = {page.code: indexes.code_address(page.code) for page in pages}
    addresses |= {rule_id: rule_address(rule_id) for rule_id in all_rules()}
    addresses |= {policy.id: policy_address(policy.id) for policy in shipped_policies().all}
    top = Shell(day, store.catalogue.digest, "", addresses)
    listings = _listings(store, pages, docs, day)
    progress("writing pages")
    newest_of_all = newest(c for page in pages for c in page.citations)
    told = _told(store, source, day)
    files: dict[str, str] = {}
    modified: dict[str, str] = {}
    for page in pages:
        path = indexes.code_address(page.code)
        files[path] = page_html(store, page, _below(top, path))
        modified[path] = newest(page.citations)
    others = (*_listed(top, listings, newest_of_all), *_rules(top, told, newest_of_all),
              *_docs(top, docs), *_alone(top))  # fmt: skip
    for path, text in others:
        files[path] = text
        modified[path] = newest_of_all
    for path, text, changed in _policies(store, top, told):
        files[path] = text
        modified[path] = changed
    for asset in ("facetwise.css", "search.js"):
        files[f"assets/{asset}"] = (ASSETS / asset).read_text("utf-8")
    searched = [listing for listing in listings if not listing.cards]
    words = _glossary_listing()
    tips = (tip for page in pages for tip in tips_of(page))
    columns = (names for page in pages for names in columns_of(page))
    files["assets/labels.css"] = labels_css(tips, [*columns, CASE_COLUMNS, CRITERIA_COLUMNS])
    files["assets/search-index.js"] = search_script(
        pages, all_rules().values(), [*searched, words], docs
    )
    if base_url:
        files["sitemap.xml"] = _sitemap(base_url, modified)
    return Site(files, modified)


def _below(shell: Shell, path: str) -> Shell:
    """The same shell for a page further down."""
    return shell._replace(root="../" * path.count("/"))


def _listings(
    store: Store, pages: Sequence[Page], docs: Sequence[Document], day: date
) -> tuple[Listing, ...]:
    entries = tuple(Listed(slug(d.path), d.title, address=d.path) for d in docs)
    lead = "How to use Facetwise, what its answers mean, and why it is built as it is."
    return (
        indexes.by_family(pages),
        indexes.by_modifier(pages),
        indexes.by_taxonomy(pages),
        indexes.by_diagnosis(pages),
        by_payer(store, shipped_policies(), day),
        indexes.sources(store, pages),
        indexes.not_held(pages),
        rule_listing(),
        Listing("docs/index.html", "Docs", lead, (Group("docs", "", entries),), cards=True),
    )


def _listed(
    top: Shell, listings: Sequence[Listing], newest_of_all: str
) -> Iterator[tuple[str, str]]:
    for listing in listings:
        template = "home.html.j2" if listing.path == "index.html" else "listing.html.j2"
        shell = _below(top, listing.path)
        yield listing.path, render(template, shell, newest=newest_of_all, listing=listing)


def _told(store: Store, source: Path | None, day: date) -> tuple[RuleView, ...]:
    """Every rule as its page tells it."""
    cases = source / "tests" / "cases" / "rules" if source else None
    known = [policy.id for policy in shipped_policies().all]
    return tuple(rule_view(store, rule, day, cases, known) for rule in all_rules().values())


def _rules(top: Shell, views: Sequence[RuleView], newest_of_all: str) -> Iterator[tuple[str, str]]:
    for told in views:
        path = rule_address(told.rule.id)
        yield (
            path,
            render(
                "rule.html.j2",
                _below(top, path),
                newest=newest_of_all,
                told=told,
                case_columns=CASE_COLUMNS,
                case_table=table_class(CASE_COLUMNS),
            ),
        )


def _policies(
    store: Store, top: Shell, views: Sequence[RuleView]
) -> Iterator[tuple[str, str, str]]:
    """Address, page, and day of the newest version, of every document of a payer."""
    titles = payer_titles(store)
    for policy in shipped_policies().all:
        path = policy_address(policy.id)
        rules = tuple(
            Link(rule_address(one.rule.id), one.rule.id)
            for one in views
            if policy.id in one.policies
        )
        told = policy_view(policy, titles, rules, store.scope, top.day)
        changed = newest(Citation(version.edition) for version in policy.versions)
        page = render(
            "policy.html.j2",
            _below(top, path)._replace(here=policy.id),
            newest=changed,
            told=told,
            criteria_columns=CRITERIA_COLUMNS,
            criteria_table=table_class(CRITERIA_COLUMNS),
        )
        yield path, page, changed


def _docs(top: Shell, docs: Sequence[Document]) -> Iterator[tuple[str, str]]:
    for doc in docs:
        shell = _below(top, doc.path)
        yield doc.path, render("doc.html.j2", shell, newest="", doc=doc, documents=docs)


def _alone(top: Shell) -> Iterator[tuple[str, str]]:
    words = [(e.title, e.note, e.anchor) for g in _glossary_listing().groups for e in g.entries]
    yield "glossary.html", render("glossary.html.j2", top, newest="", words=words)
    yield "search.html", render("search.html.j2", top, newest="")


def _glossary_listing() -> Listing:
    words = tomllib.loads(_GLOSSARY.read_text("utf-8"))["word"]
    entries = tuple(Listed(slug(w["word"]), w["word"], w["meaning"]) for w in words)
    return Listing("glossary.html", "Glossary", "", (Group("words", "", entries),))


def _sitemap(base_url: str, modified: dict[str, str]) -> str:
    """Addresses of all pages with the day of their newest edition; no clock is read."""
    base = base_url.rstrip("/")
    places = "\n".join(
        f"<url><loc>{escape(f'{base}/{path}')}</loc><lastmod>{day}</lastmod></url>"
        for path, day in sorted(modified.items())
    )
    head = '<?xml version="1.0" encoding="UTF-8"?>'
    opening = '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
    return f"{head}\n{opening}\n{places}\n</urlset>\n"
