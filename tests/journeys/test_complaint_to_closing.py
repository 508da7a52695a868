"""Journey 1: a complaint comes in, is handled to its end, and counts where it should. HTTP only, CSRF on."""

import re

from auditkit.base.db import reading
from auditkit.journal import queries as journal


def test_a_complaint_from_first_word_to_closing(acme, globex, browser, clock):
    # Given a stranger with a problem
    stranger = browser()
    stranger.get("/p/acme/complaints/new")

    # When the complaint is sent, first without what is needed
    page = stranger.post_form({"subject": "Parcel <b>lost</b> & not found", "name": "Zoë Ångström"})
    assert "Tell us what happened" in page.text
    assert page.form().find("input", {"name": "name"})["value"] == "Zoë Ångström", "nothing typed is lost"
    clock.advance(seconds=30)
    page = stranger.post_form(
        {"description": "Ordered on Monday. نرسید.", "email": "zoe@customers.example", "consent": "y"}
    )

    # Then the stranger holds a reference and a secret, and a page that says how it stands
    reference = re.search(r"C-2026-\d{6}", page.text)[0]
    secret = re.search(r"\b[0-9A-Z]{5}(?:-[0-9A-Z]{5}){3}\b", page.text)[0]
    page = stranger.follow("See how it stands")
    assert "Parcel <b>lost</b> & not found" in page.text

    # And the handler sees the case, the complainant kept apart
    handler = browser(acme, "complaint-handler")
    page = handler.get(f"/o/acme/complaints/{reference}")
    assert "Parcel <b>lost</b> & not found" in page.text
    assert "Zoë" not in page.text

    # When a day later the complainant is told, and a decision is made, refused, made anew and accepted
    clock.advance(days=1)
    handler.post_form(action="/acknowledge")
    clock.advance(days=3)
    handler.post_form({"severity": "medium", "complexity": "simple", "reach": "one"}, action="/assess")
    decision = {"outcome": "rejected", "decision": "The carrier says it was delivered.", "told_channel": "e-mail"}
    handler.post_form(decision, action="/decide")
    page = handler.post_form({"answer": "refused", "next_external": "Consumer Ombudsman"}, action="/answer")
    assert "refused" in page.text
    assert "Consumer Ombudsman" in page.text
    decision = {"outcome": "upheld", "decision": "The signature is not hers.", "remedy": "Sent again"}
    page = handler.post_form({**decision, "told_channel": "e-mail"}, action="/decide")
    handler.post_form({"answer": "accepted"}, action="/answer")
    clock.advance(days=2)
    page = handler.post_form({"closing_note": "Thanked us"}, action="/close")
    assert "Closed" in page.text

    # Then the complainant reads the decision and its reasons
    stranger.get("/p/acme/complaints/track")
    page = stranger.post_form({"reference": reference, "secret": secret}, action="/track")
    assert "The signature is not hers." in page.text
    assert "Sent again" in page.text

    # And the register finds it by any spelling, and shows it as closed
    assert reference in handler.get("/o/acme/complaints/?stage=closed&q=PARCEL").text
    assert reference not in handler.get("/o/acme/complaints/?stage=closed&q=پارسل").text
    page = handler.get("/o/acme/complaints/?stage=closed&q=نرسيد")
    assert "Parcel" in page.text, "found by the Arabic form of the Persian letters"

    # And its page tells everything that happened, in order
    page = handler.get(f"/o/acme/complaints/{reference}")
    for word in ("received from the public form", "acknowledged", "refused", "accepted", "closed"):
        assert word in page.text.lower(), word

    # And reading who complained goes on record
    page = handler.get(f"/o/acme/complaints/{reference}/complainant")
    assert "Zoë Ångström" in page.text
    events = [entry.event for entry in journal.page(reading(acme.system), acme.id)[0]]
    assert "complaint:identity-read" in events
    assert journal.verify(reading(acme.system), acme.id).bad is None

    # And an auditor reads the case without the complainant, and a stranger to the organisation finds nothing
    auditor = browser(acme, "internal-auditor")
    assert "Zoë" not in auditor.get(f"/o/acme/complaints/{reference}").text
    auditor.get(f"/o/acme/complaints/{reference}/complainant", status=403)
    browser(globex, "quality-manager").get(f"/o/acme/complaints/{reference}", status=404)
    browser(globex, "quality-manager").get(f"/o/globex/complaints/{reference}", status=404)


def test_two_handlers_on_one_complaint_do_not_overwrite_each_other(acme, browser):
    first, second = browser(acme, "complaint-handler"), browser(acme, "quality-manager")
    first.get("/o/acme/complaints/new")
    page = first.post_form({"subject": "Twice", "received_on": "2026-03-01", "channel": "phone"})
    first.follow("Open the case")
    address = f"/o/acme/complaints/{re.search(r'C-2026-[0-9]{6}', page.text)[0]}"
    second.get(address)
    first.get(address)
    first.post_form(action="/acknowledge")
    page = second.post_form(action="/acknowledge", status=409)
    assert "Somebody else changed this meanwhile" in page.text


def test_a_form_without_its_token_is_refused(acme, browser):
    handler = browser(acme, "complaint-handler")
    page = handler.post("/o/acme/complaints/new", {"csrf_token": "invented", "subject": "x"}, status=400)
    assert "open for too long" in page.text
