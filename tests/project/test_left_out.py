"""No text of any page is left out of translation: in the pseudo-locale every text of ours stands in brackets."""

import pytest

from auditkit.accounts import queries, service
from auditkit.base import clock
from auditkit.base.actor import Actor
from auditkit.base.db import reading, transaction
from auditkit.instance import demo
from auditkit.web.languages import PSEUDO
from tests.factories.crawl import crawl, starts
from tests.project.left_out import left_out

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


def test_known_words_of_records_are_excepted():
    page = PAGE.replace("</body>", "<option>Ann Auditor</option></body>")
    assert left_out(page) == ["Ann Auditor"]
    assert left_out(page, {"Ann Auditor"}) == []


@pytest.mark.sqlite_only
@pytest.mark.parametrize("who", ["ada", "hana"])
def test_no_page_leaves_a_text_out(app, browser, who):
    demo.load(app)
    system = Actor.system(queries.organisation_by_slug(reading(), demo.SLUG).id)
    with transaction(system) as tx:
        people = queries.members(tx)
        person_id = next(one.person_id for one in people if one.email.startswith(who))
        secret = service.issue_link(tx, service.IssueLink(person_id), clock.now(), system)
    page = browser()
    page.get("/account/sign-in")
    page.post("/preferences", {"locale": PSEUDO})
    data = {one.name for one in people} | {one.email for one in people}
    public = crawl(app, page, starts(app, demo.SLUG, public=True))
    page.sign_in(secret)
    pages = public | crawl(app, page, (f"/o/{demo.SLUG}/", "/account"))
    assert len(pages) > 5, "hardly any page was found"
    found = {url: texts for url, one in pages.items() if (texts := left_out(str(one.soup), data))}
    assert not found, "\n".join(f"{url}: {text}" for url, texts in found.items() for text in texts)
