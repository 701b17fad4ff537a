"""The documentation as pages of the site, from Markdown; raw HTML in it is shown, not run."""

import itertools
import posixpath
import re
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

from markdown_it import MarkdownIt
from markdown_it.token import Token

from facetwise.pages.html.view import slug


class Document(NamedTuple):
    """A document rendered: its address from the top of the site, its title and its parts.

    Attributes:
        html: the body, headings with anchors.
        parts: anchor, heading and first words of each part, for the search.
    """

    path: str
    title: str
    html: str
    parts: tuple[tuple[str, str, str], ...]


def documents(folder: Path) -> tuple[Document, ...]:
    """Every Markdown file below a folder, in order of its name."""
    files = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.md"))
    return tuple(_document(name, (folder / name).read_text("utf-8"), files) for name in files)


def _document(name: str, text: str, files: Sequence[str]) -> Document:
    tokens = _markdown().parse(text)
    parts: list[tuple[str, str, str]] = []
    taken: set[str] = set()
    for at, token in enumerate(tokens):
        if token.type == "heading_open":
            heading = _plain(tokens[at + 1])
            anchor = slug(heading) or f"part-{at}"
            while anchor in taken:
                anchor += "-again"
            taken.add(anchor)
            token.attrSet("id", anchor)
            parts.append((anchor, heading, _first_words(tokens[at + 3 :])))
        elif token.type == "inline":
            _tie_links(token, name, files)
    title = parts[0][1] if parts else name
    html: str = _markdown().renderer.render(tokens, _markdown().options, {})
    count = itertools.count(1)
    wrapped = re.sub("<table>", lambda _: _SCROLL.format(next(count)), html)
    wrapped = wrapped.replace("</table>", "</table></div>")
    return Document(f"docs/{name.removesuffix('.md')}.html", title, wrapped, tuple(parts))


@cache
def _markdown() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable("table")


def _tie_links(inline: Token, name: str, files: Sequence[str]) -> None:
    """Links between documents lead to their pages; links to files of the source are dropped."""
    dropped = 0
    for token in inline.children or ():
        if token.type == "link_open":
            target, _, anchor = str(token.attrs.get("href", "")).partition("#")
            wanted = posixpath.normpath(posixpath.join(posixpath.dirname(name), target))
            if "://" in target or not target:
                continue
            if wanted in files:
                page = target.removesuffix(".md") + ".html"
                token.attrs["href"] = f"{page}#{anchor}" if anchor else page
            else:
                token.tag, token.attrs, dropped = "span", {}, dropped + 1
        elif token.type == "link_close" and dropped:
            token.tag, dropped = "span", dropped - 1


def _plain(inline: Token) -> str:
    return "".join(child.content for child in inline.children or ())


def _first_words(tokens: Sequence[Token]) -> str:
    return " ".join(_until_heading(tokens))[:_WORDS_KEPT]


def _until_heading(tokens: Sequence[Token]) -> Iterator[str]:
    for token in tokens:
        if token.type == "heading_open":
            return
        if token.type == "inline":
            yield _plain(token)


_WORDS_KEPT = 400
"""Characters of a part that the search looks into."""
_SCROLL = '<div class="scroll" role="region" aria-label="Table {}" tabindex="0"><table>'
"""A table may be wider than a phone; its frame can be scrolled by keyboard too."""
