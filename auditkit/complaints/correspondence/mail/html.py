"""HTML of a mail reduced to its words: nothing is fetched, nothing runs, nothing hidden is read."""

import re
from html.parser import HTMLParser

_BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "center",
        "dd",
        "details",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "li",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "table",
        "tr",
        "ul",
    ]
)
_PARAGRAPHS = frozenset(["p", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "ul", "ol", "table"])
_SILENT = frozenset(
    [
        "script",
        "style",
        "head",
        "title",
        "template",
        "noscript",
        "object",
        "svg",
        "math",
        "select",
        "textarea",
        "iframe",
    ]
)
_VOID = frozenset(
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"]
)
_HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?![.\d])|mso-hide\s*:\s*all", re.IGNORECASE
)
_BREAK, _EDGE, _GAP = "\x00n", "\x00b", "\x00p"  # a line break, the edge of a block, the edge of a paragraph
_SAFE_LINK = re.compile(r"(?:https?://|mailto:)", re.IGNORECASE)


def words_of(html: str) -> str:
    """The visible words of `html` as plain text, one empty line between paragraphs, addresses of links beside them."""
    reader = _Reader()
    reader.feed(html.replace("\x00", ""))
    reader.close()
    return reader.text()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.silent: list[str] = []
        self.links: list[tuple[str, int]] = []
        self.preformatted = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note breaks, links and alternative texts; fall silent where nothing is shown."""
        values = {name: value or "" for name, value in attrs}
        if self.silent or tag in _SILENT or "hidden" in values or _HIDDEN.search(values.get("style", "")):
            if tag not in _VOID:
                self.silent.append(tag)
            return
        if tag == "br":
            self.parts.append(_BREAK)
        elif tag in _BLOCKS:
            self.parts.append(_GAP if tag in _PARAGRAPHS else _EDGE)
        if tag == "li":
            self.parts.append("- ")
        elif tag in ("td", "th"):
            self.parts.append(" ")
        elif tag == "img" and values.get("alt", "").strip():
            self.parts.append(f"[{values['alt'].strip()}]")
        elif tag == "a":
            self.links.append((values.get("href", "").strip(), len(self.parts)))
        elif tag == "pre":
            self.preformatted += 1

    def handle_endtag(self, tag: str) -> None:
        """Speak again; close a paragraph; say where a link led."""
        if self.silent:
            if tag in self.silent:
                while self.silent.pop() != tag:
                    pass
            return
        if tag in _BLOCKS:
            self.parts.append(_GAP if tag in _PARAGRAPHS else _EDGE)
        if tag == "a" and self.links:
            address, since = self.links.pop()
            shown = "".join(self.parts[since:]).strip()
            if _SAFE_LINK.match(address) and shown and address.rstrip("/") not in (shown, f"mailto:{shown}"):
                self.parts.append(f" ({address})")
        elif tag == "pre" and self.preformatted:
            self.preformatted -= 1

    def handle_data(self, data: str) -> None:
        """Words, white space folded as a browser does."""
        if not self.silent:
            self.parts.append(data.replace("\n", _BREAK) if self.preformatted else re.sub(r"[ \t\r\n\f]+", " ", data))

    def text(self) -> str:
        """All of it."""
        whole = "".join(self.parts).replace("\xa0", " ")
        whole = re.sub(r" *(\x00[nbp]) *", r"\1", whole)
        whole = re.sub(r"(?:\x00[nb])*\x00p(?:\x00[nbp])*", "\n\n", whole)
        whole = re.sub(r"(\x00n)?(?:\x00b)+", "\n", whole).replace(_BREAK, "\n")
        lines = (re.sub(r" {2,}", " ", line).rstrip() for line in whole.splitlines())
        return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
