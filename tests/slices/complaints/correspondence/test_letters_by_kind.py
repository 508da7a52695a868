"""Suggestions, requests, compliments and concerns are answered in words of their own, edited and kept as sent."""

import re

import pytest

from auditkit.base.db import db, reading, transaction
from auditkit.complaints import service as complaints
from auditkit.complaints.correspondence import queries, service

pytestmark = pytest.mark.sqlite_only
OPENS = {
    "suggestion": "Thank you for your suggestion “The queue in the hall”.",
    "request": "Your request “The queue in the hall” reached us",
    "compliment": "Thank you for taking the time to tell us what went well.",
    "concern": "Your report “The queue in the hall” reached us",
}


def registered(house, clock, kind):
    who = complaints.Identity("Ann Smith", "ann@customer.example")
    actor = house.actor("complaint-handler")
    command = complaints.Register("The queue in the hall", clock.at, "It was so.", kind=kind, complainant=who)
    with transaction(actor) as tx:
        return complaints.register(tx, command, clock.at, actor)


def text_of(page):
    return page.form("/write").find("textarea", {"name": "text"}).get_text()


def said(page):
    """The text without what is no word of ours: addresses, and who signs."""
    return re.sub(r"https?://\S+|complaint-handler of acme", "", text_of(page))


@pytest.mark.parametrize("kind", OPENS)
def test_each_kind_is_acknowledged_and_answered_in_its_own_words(acme, clock, browser, kind):
    made = registered(acme, clock, kind)
    handler = browser(acme, "complaint-handler")
    page = handler.get(f"/o/acme/correspondence/{made.reference}/write?kind=acknowledgement&language=en")
    assert OPENS[kind] in text_of(page)
    assert "complaint" not in said(page)
    assert "⟦" not in text_of(page)
    handler.post_form({"text": text_of(page) + "\nSee you soon."}, action="/write")
    handler.post_form({"do": "send"}, action="/write")
    page = handler.get(f"/o/acme/correspondence/{made.reference}/write?kind=closing&language=en")
    assert "complaint" not in said(page)
    offered = {one.get("value") for one in page.soup.find("select", {"name": "kind"}).find_all("option")}
    assert ("decision" in offered) == (kind == "concern")
    db.session.rollback()
    [sent] = queries.messages(reading(acme.system), made.id)
    assert sent.text.rstrip().endswith("See you soon.")
    assert OPENS[kind] in sent.text


@pytest.mark.parametrize(
    ("kind", "language", "begins"),
    [("suggestion", "az", "Təklifiniz C-"), ("request", "ru", "Наш ответ на ваш запрос C-"),
     ("compliment", "fa", "باز هم سپاسگزاریم C-"), ("concern", "tr", "Bildiriminiz C-")],
)  # fmt: skip
def test_in_the_language_of_the_sender(acme, clock, browser, kind, language, begins):
    made = registered(acme, clock, kind)
    page = browser(acme, "complaint-handler").get(
        f"/o/acme/correspondence/{made.reference}/write?kind=closing&language={language}"
    )
    assert page.form("/write").find("input", {"name": "subject"})["value"].startswith(begins)


def test_an_unanswered_answer_is_not_sent(acme, clock, browser):
    made = registered(acme, clock, "suggestion")
    handler = browser(acme, "complaint-handler")
    handler.get(f"/o/acme/correspondence/{made.reference}/write?kind=closing&language=en")
    handler.post_form(action="/write")
    page = handler.post_form({"do": "send"}, action="/write")
    assert "still has a blank to fill in: your answer to what was written" in page.text


def test_the_automatic_letter_says_no_complaint_to_praise(acme, clock):
    chief = acme.actor("administrator")
    with transaction(chief) as tx:
        service.change_settings(tx, service.ChangeSettings(0, automatic_acknowledgement=True), clock.at, chief)
    said = {}
    for kind in ("complaint", "compliment"):
        made = registered(acme, clock, kind)
        with transaction(acme.public) as tx:
            command = service.AcknowledgeAutomatically(made.id, "en")
            assert service.acknowledge_automatically(tx, command, clock.at, acme.public)
        [sent] = queries.messages(reading(acme.system), made.id)
        said[kind] = sent.text
    assert "Making a complaint costs you nothing" in said["complaint"]
    assert "complaint" not in said["compliment"]


def test_an_own_wording_of_one_kind_leaves_the_others(acme, clock, browser):
    chief = browser(acme, "administrator")
    page = chief.get("/o/acme/correspondence/letters/compliment/closing/en")
    assert "To a compliment" in page.text
    chief.post_form({"subject": "Hurrah {{ reference }}", "text": "You made our day. {{ reply }}"}, action="/en")
    texts = {}
    for kind in ("compliment", "suggestion", "complaint"):
        made = registered(acme, clock, kind)
        page = chief.get(f"/o/acme/correspondence/{made.reference}/write?kind=closing&language=en")
        texts[kind] = text_of(page)
    assert texts["compliment"].strip().startswith("You made our day.")
    assert not [kind for kind in ("suggestion", "complaint") if "You made our day." in texts[kind]]
    chief.get("/o/acme/correspondence/letters/closing/en")
    chief.post_form({"subject": "Closed {{ reference }}", "text": "All done."}, action="/en")
    with transaction(acme.actor("administrator")) as tx:
        assert queries.own_wordings(tx) == {("compliment", "closing", "en"): 1, ("", "closing", "en"): 2}
    chief.get("/o/acme/correspondence/letters/praise/closing/en", status=404)
    chief.get("/o/acme/correspondence/letters/suggestion/decision/en", status=404)
