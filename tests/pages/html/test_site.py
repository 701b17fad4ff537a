"""The site as a folder: whole, the same each time, small, and careful with what is not its own."""

import json
import re
from datetime import date
from html import escape
from html.parser import HTMLParser
from pathlib import Path
from posixpath import dirname, join, normpath

import pytest

from facetwise.errors import UnwritableError
from facetwise.pages.html.docs import documents
from facetwise.pages.html.site_files import write_site
from facetwise.pages.site import Site, checkout, make_site
from facetwise.policies import shipped
from facetwise.rules.registry import all_rules
from facetwise.tables.store import Store
from tests.pages.html.conftest import DAY

Built = tuple[Site, Path]
_MOST_BYTES = 150_000


class _Links(HTMLParser):
    """Ids, and every address a page asks for or leads to."""

    def __init__(self) -> None:
        super().__init__()
        self.ids: set[str] = set()
        self.links: list[str] = []
        self.asked: list[str] = []
        self.inline: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        if told.get("id"):
            self.ids.add(str(told["id"]))
        if tag in ("a", "form"):
            self.links.append(str(told.get("href") or told.get("action") or ""))
        self.asked += [str(told[name]) for name in ("src", "srcset", "poster") if name in told]
        self.asked += [str(told["href"])] if tag == "link" else []
        risky = tag == "style" or (tag == "script" and "src" not in told)
        self.inline += [tag] if risky else []
        self.inline += [name for name in told if name == "style" or name.startswith("on")]


@pytest.fixture(scope="session")
def parsed(built: Built) -> dict[str, _Links]:
    pages: dict[str, _Links] = {}
    for path, text in built[0].files.items():
        if path.endswith(".html"):
            pages[path] = _Links()
            pages[path].feed(text)
    return pages


def test_every_code_rule_and_document_has_a_page(store: Store, built: Built) -> None:
    files = built[0].files
    assert {f"code/{code}.html" for code in store.scope} <= files.keys()
    assert {f"rules/{rule_id}.html" for rule_id in all_rules()} <= files.keys()
    assert {"docs/rules.html", "index.html", "by-payer.html", "by-modifier.html",
            "by-taxonomy.html", "by-diagnosis.html", "sources.html", "coverage.html",
            "glossary.html", "search.html"} <= files.keys()  # fmt: skip
    for path, text in files.items():
        assert (built[1] / path).read_text("utf-8") == text


def test_every_document_of_a_payer_has_a_page_that_codes_payers_and_rules_lead_to(
    built: Built,
) -> None:
    files = built[0].files
    assert {f"policies/{policy.id}.html" for policy in shipped().all} <= files.keys()
    assert 'href="policies/L38801.html"' in files["by-payer.html"]
    assert 'href="../policies/L38801.html"' in files["code/64493.html"]
    assert "policies/L38801.html" in files["rules/coverage/levels.html"]
    assert '"policies/L38801.html"' in files["assets/search-index.js"]
    assert "policies/L38801.html" in files["sitemap.xml"]


def test_a_documents_page_tells_what_was_read_and_that_other_versions_were_not(
    built: Built,
) -> None:
    page = built[0].files["policies/L38801.html"]
    for criterion in shipped().policy("L38801").criteria:
        assert escape(criterion.asks, quote=False) in unescape_quotes(page), criterion.id
    assert "at most 4 sessions" in page
    assert "in force on the date" in page
    unread = built[0].files["policies/L39242.html"]
    assert "text not held" in unread
    assert "L39242 in current_lcd.zip" in unread


def unescape_quotes(html: str) -> str:
    """Quotes as they are; other entities stay."""
    return html.replace("&#39;", "'").replace("&#34;", '"')


def test_two_builds_are_the_same_to_the_byte(store: Store, built: Built) -> None:
    again = make_site(store, DAY, source=checkout(), base_url="https://example.org/fw/")
    differing = [name for name, text in again.files.items() if built[0].files.get(name) != text]
    assert differing == []
    assert again == built[0]


def test_no_link_leads_nowhere(parsed: dict[str, _Links], built: Built) -> None:
    for path, page in parsed.items():
        for link in page.links:
            if link.startswith("https://"):
                continue
            target, _, anchor = link.partition("#")
            wanted = normpath(join(dirname(path), target)) if target else path
            assert wanted in built[0].files, (path, link)
            if anchor and wanted.startswith("docs/") is False:
                assert anchor in parsed[wanted].ids, (path, link)


def test_nothing_is_asked_of_the_network_and_nothing_is_inline(
    parsed: dict[str, _Links], built: Built
) -> None:
    for path, page in parsed.items():
        assert page.inline == [], path
        for address in page.asked:
            assert normpath(join(dirname(path), address)) in built[0].files, (path, address)
    for name in ("assets/facetwise.css", "assets/labels.css", "assets/search.js"):
        assert not re.search(r"url\(|@import|https?:", built[0].files[name]), name


def test_every_page_is_small_enough_for_a_phone_on_the_road(built: Built) -> None:
    for path, text in built[0].files.items():
        if path.endswith(".html"):
            assert len(text.encode()) < _MOST_BYTES, path


def test_the_day_a_page_changed_comes_from_its_editions(built: Built) -> None:
    site = built[0]
    assert site.modified["code/64494.html"] >= "2026-10-01"
    assert "<lastmod>" in site.files["sitemap.xml"]
    assert "https://example.org/fw/code/64494.html" in site.files["sitemap.xml"]
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\d", day) for day in site.modified.values())


def test_a_rule_page_tells_its_cases_and_what_it_rests_on(built: Built) -> None:
    page = built[0].files["rules/ncci/add-on-without-primary.html"]
    assert "an add-on alone" in page
    assert "sourced cases" in page
    assert "AOC2026Q2" in page
    assert "N122" in page


def test_the_diagnosis_index_leads_back_to_the_codes(built: Built) -> None:
    page = built[0].files["by-diagnosis.html"]
    assert "M47.816" in page
    assert 'href="code/64493.html#diagnoses"' in page


def test_the_search_knows_codes_rules_words_and_documents(built: Built) -> None:
    script = built[0].files["assets/search-index.js"]
    entries = json.loads(script.removeprefix("globalThis.facetwiseIndex = ").rstrip().rstrip(";"))
    kinds = {entry[0] for entry in entries}
    assert {"code", "part", "rule", "glossary", "docs", "diagnoses"} <= kinds
    for _, _, _, address in entries:
        assert address.partition("#")[0] in built[0].files


def test_a_folder_with_other_files_is_refused_and_left_alone(tmp_path: Path) -> None:
    mine = tmp_path / "thesis.txt"
    mine.write_text("mine")
    with pytest.raises(UnwritableError, match="other files"):
        write_site(tmp_path, {"index.html": "x"}, {})
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_a_second_build_removes_only_what_the_first_one_made(tmp_path: Path) -> None:
    folder = tmp_path / "site"
    write_site(folder, {"index.html": "1", "old/gone.html": "1"}, {})
    (folder / "notes.txt").write_text("mine")
    write_site(folder, {"index.html": "2"}, {})
    assert not (folder / "old" / "gone.html").exists()
    assert (folder / "notes.txt").exists()
    assert (folder / "index.html").read_text() == "2"


def test_a_marker_cannot_name_files_outside_the_folder(tmp_path: Path) -> None:
    outside = tmp_path / "keep.txt"
    outside.write_text("mine")
    folder = tmp_path / "site"
    folder.mkdir()
    (folder / "site.json").write_text(json.dumps({"files": ["../keep.txt"]}))
    write_site(folder, {"index.html": "1"}, {})
    assert outside.exists()


def test_documents_keep_links_among_themselves_and_show_html_as_text(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("# A\n\n[b](b.md#two) [src](../src/x.py) <b>bold</b>\n")
    (tmp_path / "b.md").write_text("# B\n\n## Two\n\n| x |\n|---|\n| 1 |\n")
    one, two = documents(tmp_path)
    assert '<a href="b.html#two">b</a>' in one.html
    assert "<span>src</span>" in one.html
    assert "&lt;b&gt;" in one.html
    assert 'id="two"' in two.html
    assert 'tabindex="0"' in two.html


def test_an_earlier_date_makes_other_pages(store: Store, built: Built) -> None:
    page = make_site(store, date(2024, 8, 1)).files["code/64494.html"]
    assert page != built[0].files["code/64494.html"]
    assert "1 August 2024" in page
