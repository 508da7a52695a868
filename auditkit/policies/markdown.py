"""Markdown of policy texts as HTML that is safe on any page, whoever typed it.

HTML in the text is shown as text, links lead to the web or to mail only, pictures are not loaded from anywhere, and
headings fall in line below the page's own. tests/slices/policies/test_markdown.py throws the hostile strings at it.
"""

from functools import cache

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

_LINKS = ("https://", "http://", "mailto:", "tel:", "#")


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False}).disable("image")
    parser.validateLink = lambda url: url.strip().lower().startswith(_LINKS)  # type: ignore[method-assign]  # its documented hook
    return parser


def to_html(text: str, below: int = 2) -> Markup:
    """The HTML of `text`; its headings start one level below the heading `below` and skip no level."""
    parser = _parser()
    tokens = parser.parse(text)
    _fit_headings(tokens, below)
    for token in tokens:
        for child in token.children or ():
            if child.type == "link_open":
                child.attrSet("rel", "nofollow noopener")
    return Markup(parser.renderer.render(tokens, parser.options, {}))  # noqa: S704 - escaped by the renderer


def _fit_headings(tokens: list[Token], below: int) -> None:
    levels = [int(token.tag[1]) for token in tokens if token.type == "heading_open"]
    if not levels:
        return
    top, before = min(levels), below
    tag = ""
    for token in tokens:
        if token.type == "heading_open":
            before = min(below + 1 + int(token.tag[1]) - top, before + 1, 6)
            tag = f"h{before}"
        if token.type in ("heading_open", "heading_close"):
            token.tag = tag
