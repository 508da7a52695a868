"""The page of long work: it shows how far it is with and without scripts, leads on, and is nobody else's."""

import pytest
from bs4 import BeautifulSoup

from auditkit.base import jobs
from auditkit.base.db import transaction
from auditkit.base.errors import RuleBroken
from auditkit.base.jobs import Job
from auditkit.base.text import N_
from auditkit.web import jobs_page

KIND = "test.page"


@pytest.fixture
def kind():
    """A kind of job that counts its letters, refuses `nothing`, and keeps a result page unless told not to."""

    @jobs.handler(KIND)
    def count(payload, actor, progress):
        progress(0.5)
        if payload["text"] == "nothing":
            raise RuleBroken(N_("There is nothing to count"))
        return {"letters": len(payload["text"])}

    jobs_page.shows(
        KIND,
        jobs_page.Shown(
            title="Home",
            permission="packs.build",
            failed="Nothing was stored.",
            subject=lambda job: job.payload["text"],
            result=lambda job: None if job.payload["text"] == "gone" else "/o/acme/complaints/",
            again=lambda job: "/o/acme/complaints/import/",
            facts=lambda job: [("letters", job.result["letters"])],
        ),
    )
    yield
    jobs._handlers.pop(KIND)
    jobs_page._shown.pop(KIND)


def ask(house, clock, text: str, role: str = "complaint-handler") -> str:
    actor = house.actor(role)
    with transaction(actor) as tx:
        return f"/o/acme/work/{jobs.put(tx, KIND, {'text': text}, now=clock.at, actor=actor).id}"


def poll(visitor, url: str):
    return visitor._run(visitor.client.get, url, headers={"HX-Request": "true"})


@pytest.mark.usefixtures("kind")
def test_work_that_waits_shows_itself_with_and_without_scripts(acme, browser, clock) -> None:
    visitor = browser(acme, "complaint-handler")
    url = ask(acme, clock, "<b>letters</b>")
    page = visitor.get(url)
    assert "Waiting for its turn" in page.text
    assert "<b>letters</b>" in page.text
    assert "complaint-handler of acme" in page.text
    assert page.soup.head.noscript.meta["http-equiv"] == "refresh"
    polled = page.soup.find(id="work")
    assert polled["hx-get"] == url
    assert any("htmx" in script["src"] for script in page.soup.find_all("script"))
    part = BeautifulSoup(poll(visitor, url).get_data(as_text=True), "html.parser")
    assert part.find("html") is None
    assert part.find(id="work")["hx-get"] == url
    clock.advance(minutes=2)
    assert "Nobody has taken this up" in visitor.get(url).text


@pytest.mark.usefixtures("kind")
def test_work_under_way_says_how_far_it_is(acme, browser, clock) -> None:
    url = ask(acme, clock, "letters")
    with transaction(acme.system) as tx:
        job = tx.get(Job, int(url.rsplit("/", 1)[1]))
        job.state, job.attempts, job.progress = "running", 1, 0.427
    visitor = browser(acme, "complaint-handler")
    page = visitor.get(url)
    assert "42 % done" in page.text
    assert page.soup.progress["value"] == "42"
    assert "has not been heard of" not in page.text
    clock.advance(minutes=1.5)
    assert "has not been heard of for a minute" in visitor.get(url).text


@pytest.mark.usefixtures("kind")
def test_work_that_is_done_leads_on_at_every_later_visit(acme, browser, clock, work) -> None:
    visitor = browser(acme, "complaint-handler")
    url = ask(acme, clock, "letters")
    assert work() == 1
    for _visit in range(2):
        assert visitor.get(url).path == "/o/acme/complaints/"
    polled = poll(visitor, url)
    assert (polled.status_code, polled.headers["HX-Redirect"]) == (204, "/o/acme/complaints/")


@pytest.mark.usefixtures("kind")
def test_work_whose_result_page_is_gone_tells_the_facts(acme, browser, clock, work) -> None:
    visitor = browser(acme, "complaint-handler")
    url = ask(acme, clock, "gone")
    work()
    page = visitor.get(url)
    assert "letters 4" in page.text
    assert page.soup.head.noscript is None
    assert poll(visitor, url).headers["HX-Redirect"] == url


@pytest.mark.usefixtures("kind")
def test_work_that_failed_says_why_and_what_to_do(acme, browser, clock, work) -> None:
    visitor = browser(acme, "complaint-handler")
    url = ask(acme, clock, "nothing")
    work()
    page = visitor.get(url)
    assert "There is nothing to count" in page.text
    assert "Nothing was stored." in page.text
    assert page.soup.head.noscript is None
    assert page.soup.find(id="work") is None
    assert poll(visitor, url).headers["HX-Redirect"] == url


@pytest.mark.usefixtures("kind")
def test_work_is_shown_to_who_asked_and_to_who_holds_the_permission(acme, globex, browser, clock) -> None:
    url = ask(acme, clock, "letters")
    browser(acme, "complaint-handler").get(url)  # asked, without holding packs.build
    browser(acme, "quality-manager").get(url)  # holds packs.build
    browser(acme, "internal-auditor").get(url, status=403)
    browser(globex, "quality-manager").get(url, status=404)
    browser(globex, "quality-manager").get(url.replace("acme", "globex"), status=404)


def test_work_that_is_not_there_or_has_no_page_is_not_found(acme, browser, clock) -> None:
    visitor = browser(acme, "quality-manager")
    url = ask(acme, clock, "letters")  # of a kind that nobody declared
    for address in (url, "/o/acme/work/0", f"/o/acme/work/{2**53}", f"/o/acme/work/{10**30}", "/o/acme/work/x"):
        visitor.get(address, status=404)
