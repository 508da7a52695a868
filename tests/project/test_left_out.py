"""No text of any page is left out of translation: in the pseudo-locale every text of ours stands in brackets."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from auditkit.base.db import db
from auditkit.content.library import shared as library
from auditkit.instance.demo.story import SLUG
from auditkit.schema import metadata
from auditkit.web.languages import PSEUDO
from tests.factories import demo
from tests.factories.crawl import crawl, starts
from tests.project.catalogues import texts
from tests.project.left_out import left_out, written_in

PROJECT = Path(__file__).parents[2]
PAGE = """<html lang="en-XA"><title>⟦Cómpláíñtš⟧ · Acme</title><body>
<h1>C-2026-0001</h1> <a href="/" translate="no">Acme</a>
<p>⟦Réçéívéd bý ⟦Átá⟧ oñ⟧ <b translate="no">C-2026-0001</b> 14:30 UTC</p>
<blockquote dir="auto">It broke</blockquote><p lang="en">Is the policy known?</p><script>let word = 1;</script>
<input type="text" value="typed by a person" placeholder="⟦Námé⟧"></body></html>"""

PLANTED = {
    "Save": "<button>Save</button>",
    "Search here": '<input placeholder="Search here">',
    "Close the menu": '<button aria-label="Close the menu">⟦x⟧</button>',
    "3 open": "<p>⟦Cómpláíñtš⟧ 3 open</p>",
    "Go": '<input type="submit" value="Go">',
}


def test_a_fully_translated_page_has_nothing_left_out():
    assert [text for text in left_out(PAGE) if text] == []


@pytest.mark.parametrize("text", PLANTED)
def test_a_planted_text_is_found(text: str):
    found = left_out(PAGE.replace("</body>", PLANTED[text] + "</body>"))
    assert any(text in one for one in found)


def test_a_sentence_round_an_element_is_translated_and_what_stands_beside_it_is_not():
    page = PAGE.replace("</body>", "<p>⟦Fór éxámplé: <bdi translate='no'>Acme</bdi>⟧ Open <b>now</b></p></body>")
    assert left_out(page) == ["now", "⟧ Open"]


def test_known_words_of_records_are_excepted():
    page = PAGE.replace("</body>", "<option>Ann Auditor</option></body>")
    assert left_out(page) == ["Ann Auditor"]
    assert left_out(page, {"Ann Auditor"}) == []


def test_words_of_ours_are_not_excepted_because_a_record_holds_them_too():
    values, written = written_in(
        [{"stage": "open"}, "Lakeside", "It broke on the very first day of use"], ["Open", "Save"]
    )
    assert "Lakeside" in values
    assert "open" not in values
    page = PAGE.replace("</body>", "<p>open</p><p>Lakeside</p><p>It broke on the very first day …</p></body>")
    assert left_out(page, values, written) == ["open"]


def records() -> Iterator[object]:
    """Every value of every table: what people wrote, and names."""
    with db.engine.connect() as connection:
        for table in metadata.tables.values():
            for row in connection.execute(table.select()):
                yield from row


def contents() -> Iterator[object]:
    """Every value of the content files, which are English whatever the language of the screens; and composed names."""
    for folder in ("checklists", "policies", "doc_templates", "auditkit"):
        for path in (PROJECT / folder).rglob("*.yaml"):
            yield from yaml.load_all(path.read_bytes(), Loader=yaml.CSafeLoader)
    yield from library().editions.values()
    yield from library().nodes.values()
    yield from (node.label for node in library().nodes.values())


@pytest.mark.sqlite_only
def test_no_page_leaves_a_text_out(app, browser):
    demo.tell(app)
    page = browser()
    page.get("/account/sign-in")
    page.post("/preferences", {"locale": PSEUDO})
    pages = crawl(app, page, starts(app, SLUG, public=True))
    page.sign_in(demo.secret_of("ada"))
    pages |= crawl(app, page, (f"/o/{SLUG}/", "/account"))
    assert len(pages) > 20, "hardly any page was found"
    values, written = written_in([*records(), *contents()], map(str, texts()))
    titles = {field.title for shape in library().registers.values() for field in shape.fields}
    known, with_titles = frozenset(values), frozenset(values | titles)
    found = {
        url: shown
        for url, one in pages.items()
        # A table's head and its repetition on phones cannot say that a register's own words are content
        if (shown := left_out(one.soup, with_titles if "/registers/" in url else known, written))
    }
    assert not found, "\n".join(f"{url}: {text}" for url, shown in found.items() for text in shown)
