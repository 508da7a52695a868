"""Markdown from anybody is harmless HTML."""

import json

import pytest
from bs4 import BeautifulSoup

from auditkit.content.blanks import plain
from auditkit.policies.markdown import to_html

TAGS = {
    "p",
    "strong",
    "em",
    "ul",
    "ol",
    "li",
    "a",
    "code",
    "pre",
    "blockquote",
    "hr",
    "br",
    *(f"h{n}" for n in range(3, 7)),
}
HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](\tjavascript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](vbscript:msgbox)",
    "[x](//evil.example)",
    "![x](https://evil.example/track.png)",
    "![x](data:image/svg+xml;base64,PHN2Zz4=)",
    '<https://x.example/"onmouseover=alert(1)>',
    "<javascript:alert(1)>",
    "[x]: javascript:alert(1)\n\n[x]",
    '[x](https://x.example "\\" onclick=alert(1)")',
    "`<b>`",
    "&lt;script&gt;",
    "<!-- --><svg/onload=alert(1)>",
    "```html\n<script>alert(1)</script>\n```",
    '```"onclick=alert(1)\nx\n```',
    "| a |\n|---|\n| <b> |",
    "> " * 200 + "deep",
    "- " * 200 + "deep",
    "[" * 500,
    "*" * 500,
]


def faults(html: str) -> list[str]:
    soup = BeautifulSoup(html, "html.parser")
    found = [f"<{tag.name}>" for tag in soup.find_all(True) if tag.name not in TAGS]
    for tag in soup.find_all(True):
        for name, value in tag.attrs.items():
            allowed = (
                (tag.name == "a" and name in ("rel", "title"))
                or (
                    tag.name == "a"
                    and name == "href"
                    and value.startswith(("https://", "http://", "mailto:", "tel:", "#"))
                )
                or (tag.name == "code" and name == "class")
                or (tag.name == "ol" and name == "start")
            )
            if not allowed:
                found.append(f"{tag.name} {name}={value}")
    return found


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_markdown(text):
    assert faults(to_html(text)) == []


def test_the_shared_hostile_strings_as_text_and_as_answers(shared):
    strings = json.loads(shared("bad_inputs/strings/blns.json").read_text(encoding="utf-8"))
    for name in ("fuzzdb_XSSPolyglot.txt", "fuzzdb_xss-rsnake.txt", "fuzzdb_xss-uri.txt"):
        strings += shared(f"bad_inputs/strings/{name}").read_text(encoding="utf-8", errors="replace").splitlines()
    assert len(strings) > 500
    for text in strings:
        assert faults(to_html(text)) == [], text
        assert faults(to_html(f"Write to us: {plain(text)}")) == [], text


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("# a\n\n## b\n\n# c", ["h3", "h4", "h3"]),
        ("### a\n\n# b", ["h3", "h3"]),
        ("# a\n\n###### b", ["h3", "h4"]),
        ("a\n===\n\nb\n---", ["h3", "h4"]),
    ],
)
def test_headings_fit_below_those_of_the_page(text, tags):
    soup = BeautifulSoup(to_html(text), "html.parser")
    assert [tag.name for tag in soup.find_all(True)] == tags


def test_ordinary_markdown_stays():
    html = to_html("We **promise**:\n\n- one\n- [two](https://x.example)\n\n1. first")
    assert "<strong>promise</strong>" in html
    assert '<a href="https://x.example" rel="nofollow noopener">two</a>' in html
    assert "<ol>" in html
