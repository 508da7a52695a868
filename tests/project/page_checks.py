"""What every HTML page must be, whoever made it: sound markup, names for everything, nothing inline, tokens in forms.

The `browser` fixture runs this on every page any test opens. `test_page_checks.py` plants a violation of each rule.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from html.parser import HTMLParser

from bs4 import BeautifulSoup, Tag

from tests.factories import markup

VOID = ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr")
NAMELESS_INPUTS = ("hidden", "submit", "button", "reset", "image")
BLOCKS = (
    *("address", "article", "aside", "div", "dl", "fieldset", "footer", "form", "h1", "h2", "h3", "h4", "header"),
    *("hr", "main", "nav", "ol", "p", "pre", "section", "table", "ul"),
)
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
UNMEANT = re.compile(r"&lt;[^&<>]{1,80} at 0x[0-9a-f]+&gt;")
TOKEN = re.compile(r'(?<=name="csrf_token" value=")[^"\s]+(?=")')
NONCE = re.compile(r"'nonce-([^']+)'")


def problems(html: str, headers: Mapping[str, str], soup: BeautifulSoup | None = None) -> list[str]:
    """Everything wrong with a page, in words; empty for a good one.

    `headers` are those of its response, `soup` is the page where it was parsed already.
    """
    sheet = Sheet(soup or markup.tree(html))
    found = list(_markup(html))
    for check in CHECKS:
        found += check(sheet)
    found += _scripts(sheet, headers)
    return found


_SOUND: set[bytes] = set()
"""Digests of the pages without a problem, but for what is different each time: token and nonce."""


def sound_before(html: str, headers: Mapping[str, str]) -> bool:
    """Whether this very page was looked at before by `problems`, as many tests open it, and nothing was found."""
    return _digest(html, headers) in _SOUND


def note_sound(html: str, headers: Mapping[str, str]) -> None:
    """Remember a page that `problems` found nothing wrong with."""
    _SOUND.add(_digest(html, headers))


def _digest(html: str, headers: Mapping[str, str]) -> bytes:
    policy = headers.get("Content-Security-Policy", "")
    if nonce := NONCE.search(policy):
        html, policy = html.replace(nonce[1], "(nonce)"), policy.replace(nonce[1], "(nonce)")
    return hashlib.sha256(f"{policy}\n{TOKEN.sub('(token)', html)}".encode()).digest()


class Sheet:
    """The tags of a page, walked once: every check asks for some of them, and pages are checked by the thousand."""

    def __init__(self, soup: BeautifulSoup) -> None:
        self.soup = soup
        self.tags = [tag for tag in soup.descendants if isinstance(tag, Tag)]
        self._named: dict[str, list[Tag]] = {}
        for tag in self.tags:
            self._named.setdefault(tag.name, []).append(tag)

    def named(self, *names: str) -> list[Tag]:
        """The tags of these names; of several names, one name after the other."""
        return [tag for name in names for tag in self._named.get(name, ())]

    def having(self, attribute: str) -> list[Tag]:
        """The tags with this attribute."""
        return [tag for tag in self.tags if attribute in tag.attrs]

    def of_class(self, name: str) -> list[Tag]:
        """The tags of this class."""
        return [tag for tag in self.tags if name in tag.attrs.get("class", ())]


class _Nesting(HTMLParser):
    """Notes tags that are not closed where they should be, and attributes given twice."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.found: list[str] = []
        self.foreign = 0  # inside svg the rules of XML hold, and they hold for icons of the kit

    def read(self, html: str) -> None:
        """The whole page: in the pieces it was cut into, or letter by letter where something unusual stands in it."""
        pieces = markup.cut(html)
        if pieces is None:
            self.feed(html)
            self.close()
        for kind, text, attributes, _written in pieces or ():
            if kind == "open":
                self.handle_starttag(text, attributes)
            elif kind == "closed":
                self.handle_startendtag(text, attributes)
            elif kind == "end":
                self.handle_endtag(text)

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        if tag == "svg":
            self.foreign += 1
        if len({name for name, _value in attrs}) < len(attrs):
            names = Counter(name for name, _value in attrs)
            self.found += [f"<{tag}> has {name} {count} times" for name, count in names.items() if count > 1]
        if self.foreign == 0:
            self._placed(tag)
        if tag not in VOID:
            self.open.append(tag)

    def _placed(self, tag: str) -> None:
        if tag in BLOCKS and "p" in self.open:
            self.found.append(f"<{tag}> inside <p>")
        if tag == "form" and "form" in self.open:
            self.found.append("<form> inside <form>")
        if tag in ("a", "button") and ("a" in self.open or "button" in self.open):
            self.found.append(f"<{tag}> inside a link or button")

    def handle_startendtag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        if self.foreign == 0:
            self.handle_starttag(tag, attrs)
            if tag not in VOID:
                self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open[-1] != tag:
            self.found.append(f"</{tag}> closes nothing; open is {' > '.join(self.open[-3:]) or 'nothing'}")
            if tag not in self.open:
                return
            while self.open[-1] != tag:
                self.open.pop()
        self.open.pop()
        if tag == "svg":
            self.foreign -= 1


def _markup(html: str) -> Iterator[str]:
    if not html.lstrip().lower().startswith("<!doctype html>"):
        yield "no <!doctype html>"
    parser = _Nesting()
    parser.read(html)
    yield from parser.found
    if parser.open:
        yield f"never closed: {', '.join(parser.open)}"
    if unmeant := UNMEANT.search(html):
        yield f"the page shows a thing of Python's: {unmeant.group()}"


def _frame(sheet: Sheet) -> Iterator[str]:
    soup = sheet.soup
    if soup.html is None or not soup.html.get("lang"):
        yield "no lang on <html>"
    if soup.html is None or soup.html.get("dir") not in ("ltr", "rtl"):
        yield "no dir on <html>"
    if not (soup.title and soup.title.get_text(strip=True).strip("· ")):
        yield "no title"
    if len(sheet.named("main")) != 1:
        yield f"{len(sheet.named('main'))} main instead of one"


def _headings(sheet: Sheet) -> Iterator[str]:
    if len(sheet.named("h1")) != 1:
        yield f"{len(sheet.named('h1'))} h1 instead of one"
    before = 0
    for heading in (tag for tag in sheet.tags if tag.name in HEADINGS):
        level = int(heading.name[1])
        if not heading.get_text(strip=True):
            yield f"an empty {heading.name}"
        if before and level > before + 1:
            yield f"{heading.name} {_short(heading)!r} comes right after an h{before}"
        before = level


def _ids(sheet: Sheet) -> Iterator[str]:
    counted = Counter(str(tag["id"]) for tag in sheet.having("id"))
    yield from (f"id {name!r} stands {count} times" for name, count in counted.items() if count > 1)
    yield from (f"id {name!r} has a space in it or is empty" for name in counted if not name or " " in name)
    for attribute in (
        "for",
        "aria-labelledby",
        "aria-describedby",
        "aria-controls",
        "popovertarget",
        "list",
        "headers",
    ):
        for tag in sheet.having(attribute):
            for name in str(tag[attribute] if isinstance(tag[attribute], str) else " ".join(tag[attribute])).split():
                if name not in counted:
                    yield f"<{tag.name} {attribute}={name!r}> points at nothing"
    for link in sheet.named("a"):
        address = str(link.get("href", ""))
        if len(address) > 1 and address[0] == "#" and address[1:] not in counted:
            yield f"link to {link['href']} points at nothing"


def _fields(sheet: Sheet) -> Iterator[str]:
    labelled = {str(label.get("for")) for label in sheet.named("label") if label.get_text(strip=True)}
    groups: dict[tuple[int, str], list[Tag]] = {}
    for field in sheet.named("input", "select", "textarea"):
        kind = field.get("type", "text")
        if field.name == "input" and kind in NAMELESS_INPUTS:
            continue
        if str(field.get("id")) not in labelled and not _named_by_aria(field) and field.find_parent("label") is None:
            yield f"<{field.name} name={field.get('name')!r}> has no label"
        if kind == "radio":
            groups.setdefault((id(field.find_parent("form")), str(field.get("name"))), []).append(field)
    for (_form, name), radios in groups.items():
        fieldset = radios[0].find_parent("fieldset")
        if (
            len(radios) > 1
            and (fieldset is None or fieldset.find("legend") is None)
            and not radios[0].find_parent(attrs={"role": "radiogroup"})
        ):
            yield f"the choices {name!r} have no fieldset with a legend"


def _named_by_aria(tag: Tag) -> bool:
    return bool(str(tag.get("aria-label") or "").strip() or tag.get("aria-labelledby"))


def _names(sheet: Sheet) -> Iterator[str]:
    for tag in sheet.named("a", "button", "summary"):
        if tag.get_text(strip=True) or _named_by_aria(tag):
            continue
        drawn = [svg for svg in tag.find_all("svg") if svg.get("aria-label")]
        pictured = [img for img in tag.find_all("img") if img.get("alt")]
        if not (drawn or pictured):
            yield f"<{tag.name} {tag.get('href') or tag.get('class') or ''}> has no name"
    yield from (f"<img {img.get('src')}> has no alt" for img in sheet.named("img") if not img.has_attr("alt"))
    for svg in sheet.named("svg"):
        if svg.get("aria-hidden") != "true" and not (svg.get("role") == "img" and _named_by_aria(svg)):
            yield "an <svg> is neither hidden from screen readers nor named"
    for nav in sheet.named("nav"):
        if not _named_by_aria(nav):
            yield "a <nav> has no name"


def _tables(sheet: Sheet) -> Iterator[str]:
    for table in sheet.named("table"):
        if not (_named_by_aria(table) or (table.caption and table.caption.get_text(strip=True))):
            yield "a table has no caption"
        heads = table.find_all("th")
        if not heads:
            yield "a table has no headings"
        yield from (f"table heading {_short(th)!r} has no scope" for th in heads if not th.get("scope"))
        yield from (
            f"an empty table heading, column {n}" for n, th in enumerate(heads, 1) if not th.get_text(strip=True)
        )


def _forms(sheet: Sheet) -> Iterator[str]:
    for form in sheet.named("form"):
        method = str(form.get("method") or "get").lower()
        fields = form.find_all("input")
        token = next((field for field in fields if field.get("name") == "csrf_token"), None)
        where = form.get("action") or "(this page)"
        if method == "post" and (token is None or not token.get("value")):
            yield f"the form to {where} has no CSRF token"
        if method == "get" and token is not None:
            yield f"the form to {where} puts its CSRF token into the address"
        if any(field.get("type") == "file" for field in fields) and form.get("enctype") != "multipart/form-data":
            yield f"the form to {where} has a file field, but is not multipart"
        if not any(button.get("type", "submit") == "submit" for button in form.find_all("button")):
            yield f"the form to {where} has no button"


def _errors(sheet: Sheet) -> Iterator[str]:
    faulty = [tag for tag in sheet.having("aria-invalid") if tag["aria-invalid"] == "true"]
    summaries = sheet.of_class("error-summary")
    if (faulty or sheet.of_class("field-error")) and not summaries:
        yield "fields have errors, but there is no error summary"
    for summary in summaries:
        if summary.get("role") != "alert" or not summary.find("li"):
            yield "the error summary is not an alert with a list of errors"


def _nothing_inline(sheet: Sheet) -> Iterator[str]:
    yield from (f"inline style on <{tag.name}>" for tag in sheet.having("style"))
    yield from ("an inline <style>" for _tag in sheet.named("style"))
    for tag in sheet.tags:
        for name, value in tag.attrs.items():
            if name.startswith("on"):
                yield f"inline {name} on <{tag.name}>"
            if name in ("href", "src", "action", "formaction") and str(value).strip().lower().startswith("javascript:"):
                yield f"javascript: address on <{tag.name}>"
    for tag in sheet.named("link", "script", "img", "iframe", "source"):
        address = str(tag.get("src") or tag.get("href") or "")
        if re.match(r"(https?:)?//", address):
            yield f"<{tag.name}> is fetched from elsewhere: {address}"


def _scripts(sheet: Sheet, headers: Mapping[str, str]) -> Iterator[str]:
    policy = headers.get("Content-Security-Policy", "")
    if not policy:
        yield "no Content-Security-Policy"
    if "unsafe-" in policy:
        yield "the Content-Security-Policy allows something unsafe"
    nonce = NONCE.search(policy)
    for script in sheet.named("script"):
        if script.get("type") == "application/json":
            continue
        if not script.get("src"):
            yield "an inline <script>"
        elif nonce is None or script.get("nonce") != nonce.group(1):
            yield f"<script src={script['src']}> does not carry the nonce of its response"


def _short(tag: Tag) -> str:
    return " ".join(tag.get_text(" ").split())[:40]


CHECKS: tuple[Callable[[Sheet], Iterator[str]], ...] = (
    _frame,
    _headings,
    _ids,
    _fields,
    _names,
    _tables,
    _forms,
    _errors,
    _nothing_inline,
)
