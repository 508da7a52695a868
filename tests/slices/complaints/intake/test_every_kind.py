"""Suggestions, requests, compliments, concerns and disputes come in by the public form like complaints do."""

import json

import pytest

from auditkit.base.db import reading, transaction
from auditkit.complaints import queries as register
from auditkit.complaints.intake import service
from auditkit.complaints.models import Complaint
from auditkit.complaints.rules import NO_DECISION_DUE, Kind
from tests.slices.complaints.intake.filling import receipt_of, send

pytestmark = pytest.mark.sqlite_only


@pytest.mark.parametrize("kind", Kind)
def test_what_a_stranger_says_it_is_is_on_record_and_on_the_receipt(acme, browser, clock, kind):
    stranger = browser()
    receipt = send(stranger, clock, kind=kind.value)
    reference, _secret = receipt_of(receipt)
    assert reading(acme.system).query(Complaint).one().kind == kind
    page = stranger.get("/p/acme/complaints/mine")
    steps = page.soup.find("ol", class_="way").get_text()
    received = json.loads(stranger.get("/p/acme/complaints/mine/receipt/received.json").response.get_data())
    assert received["said"]["kind"] == kind
    # Nobody is promised a decision where none is due
    assert ("There is a decision" in steps) is (kind not in NO_DECISION_DUE)
    assert ("decision with its reasons" in receipt.text) is (kind not in NO_DECISION_DUE)
    assert (page.title == "Your complaint") is (kind not in NO_DECISION_DUE)
    titles = {Kind.COMPLAINT: "", Kind.COMPLIMENT: "Compliment"}
    assert titles.get(kind, kind.capitalize()) in browser(acme, "complaint-handler").get("/o/acme/complaints/").text
    assert reference in browser(acme, "complaint-handler").get(f"/o/acme/complaints/?kind={kind}").text


def test_the_organisations_page_leads_to_each(acme, browser):
    stranger = browser()
    stranger.get("/p/acme/complaints")
    page = stranger.follow("Suggest, ask or praise")
    assert page.title == "Write to us"
    assert page.soup.find("input", {"name": "kind", "checked": True})["value"] == "suggestion"
    assert [one["value"] for one in page.soup.find_all("input", {"name": "kind"})] == list(Kind)
    turned = stranger.get("/p/acme/complaints/new" + page.soup.select_one('.language-choice a[lang="fa"]')["href"])
    assert turned.soup.html["lang"] == "fa"
    assert turned.soup.find("input", {"name": "kind", "checked": True})["value"] == "suggestion"
    assert stranger.get("/p/acme/complaints/new?kind=hymn").soup.find("input", {"name": "kind", "checked": True})


def test_a_kind_that_nobody_knows_is_refused(acme, browser, clock):
    page = send(browser(), clock, kind="hymn")
    assert "There is a problem" in page.text
    assert reading(acme.system).query(Complaint).count() == 0


def test_a_compliment_is_closed_without_a_decision_and_its_page_says_so(acme, browser, clock):
    stranger = browser()
    reference, _secret = receipt_of(send(stranger, clock, kind="compliment"))
    handler = browser(acme, "complaint-handler")
    handler.get(f"/o/acme/complaints/{reference}")
    handler.post_form(action="/acknowledge")
    handler.post_form(action="/close")
    assert register.by_reference(reading(acme.system), reference).stage == "closed"
    here = stranger.get("/p/acme/complaints/mine").soup.find("li", {"aria-current": "step"})
    assert "Closed" in here.get_text()


def test_published_figures_count_complaints_and_not_praise(acme, browser, clock):
    with transaction(acme.system) as tx:
        service.keep_settings(tx, service.KeepSettings(publishes_figures=True), clock.at, acme.system)
    for number in range(12):
        clock.advance(hours=1)
        send(browser(), clock, kind="compliment" if number % 6 == 5 else "complaint")
    page = browser().get("/p/acme/complaints")
    assert "10 came in" in page.text
