"""Who wrote by e-mail, or came with a file or the API, gets the secret of their page with the first message; once."""

import re

import pytest
from sqlalchemy import select

from auditkit.api import service as api
from auditkit.base import clock as clock_module
from auditkit.base import outbox
from auditkit.base.db import db, reading, transaction
from auditkit.base.outbox import OutboxMail
from auditkit.complaints.correspondence import queries, rules
from auditkit.complaints.intake.models import ComplaintTracking
from auditkit.complaints.models import Complaint
from auditkit.complaints.service import Identity
from auditkit.journal.queries import timeline
from tests.slices.complaints.correspondence.mails import letter, take
from tests.slices.complaints.intake.filling import SECRET
from tests.slices.complaints.recording import registered

PAGE = "http://localhost/p/acme/complaints/track"
TRACK = "/p/acme/complaints/track"
ANN = Identity(name="Ann Smith", email="ann@customer.example")


def draft(handler, reference: str, kind: str = "acknowledgement"):
    """The text that a message begins with."""
    page = handler.get(f"/o/acme/correspondence/{reference}/write?kind={kind}&language=en")
    return page.form("/write").find("textarea", {"name": "text"}).get_text()


def send(handler, reference: str, kind: str = "acknowledgement", channel: str = "e-mail", before: str = ""):
    text = before + re.sub("⟦[^⟧]+⟧", "15 March", draft(handler, reference, kind))
    handler.post_form({"text": text, "channel": channel})
    page = handler.post_form({"do": "send"})
    db.session.rollback()
    return page


def mails(house) -> list[OutboxMail]:
    db.session.rollback()
    return reading(house.system).query(OutboxMail).filter(OutboxMail.about_kind != "").order_by(OutboxMail.id).all()


def opens(browser, reference: str, secret: str) -> bool:
    visitor = browser()
    visitor.get(TRACK)
    page = visitor.post_form({"reference": reference, "secret": secret}, action="/track")
    return "How it stands" in page.text


def sent_secret(house, reference: str) -> str:
    """The secret in the newest mail, behind the address of the page and the reference."""
    body = mails(house)[-1].body
    return re.search(rf"{re.escape(PAGE)}#{reference}:({SECRET.pattern})", body)[1]


def events(house, reference: str) -> list[str]:
    tx = reading(house.system)
    number = tx.execute(select(Complaint.id).where(Complaint.reference == reference)).scalar_one()
    return [one.event for one in timeline(tx, house.id, ("complaint", number))]


def test_who_complained_by_mail_gets_the_secret_with_the_acknowledgement_and_once(app, acme, browser, clock):
    reference = take(app, acme, letter(), tracking=PAGE).reference
    assert reading(acme.system).query(ComplaintTracking).count() == 0, "nobody was told one, so there is none"
    handler = browser(acme, "complaint-handler")
    assert "There is no secret yet" in handler.get(f"/o/acme/complaints/{reference}").text
    assert f"{PAGE}#{reference}:•••" in draft(handler, reference)
    send(handler, reference)
    secret = sent_secret(acme, reference)
    assert opens(browser, reference, secret)
    assert events(acme, reference).count(rules.SECRET_SENT.name) == 1

    tx = reading(acme.system)
    (kept,) = queries.messages(tx, tx.execute(select(Complaint.id)).scalar_one())
    assert f"#{reference}:•••" in kept.text
    assert secret not in handler.get(f"/o/acme/complaints/{reference}").text
    outbox.send_due(lambda parcel, leaves: None, "auditkit@localhost")
    for table in db.metadata.sorted_tables:
        with db.engine.connect() as connection:
            assert not [row for row in connection.execute(table.select()) if secret in str(row)], table.name

    assert "•••" not in draft(handler, reference, "progress"), "from now on the address alone"
    assert send(handler, reference, "progress", before=f"{PAGE}#{reference}:•••\n").status == 200
    assert not SECRET.search(mails(acme)[-1].body), "a second message makes no second secret"
    assert "•••" not in mails(acme)[-1].body
    assert PAGE in mails(acme)[-1].body
    assert opens(browser, reference, secret)
    assert events(acme, reference).count(rules.SECRET_SENT.name) == 1


def test_a_message_without_a_letter_carries_it_too(acme, browser):
    reference = registered(acme.system, complainant=ANN)
    handler = browser(acme, "complaint-handler")
    assert "You can see how it stands, and write to us, on this page" in draft(handler, reference, "message")
    send(handler, reference, "message", before="Thank you.")
    assert opens(browser, reference, sent_secret(acme, reference))
    assert draft(handler, reference, "message").strip() == ""


@pytest.mark.parametrize("channel", ["post", "web"])
def test_by_another_way_than_electronic_mail_only_the_address_goes(acme, browser, channel):
    reference = registered(acme.system, complainant=ANN)
    handler = browser(acme, "complaint-handler")
    send(handler, reference, channel=channel)
    (kept,) = queries.messages(reading(acme.system), reading(acme.system).execute(select(Complaint.id)).scalar_one())
    assert PAGE in kept.text
    assert "•••" not in kept.text
    assert reading(acme.system).query(ComplaintTracking).count() == 0
    send(handler, reference, "progress")
    assert opens(browser, reference, sent_secret(acme, reference)), "the next one that goes by e-mail has it"


def test_who_takes_the_line_out_sends_no_secret(acme, browser):
    reference = registered(acme.system, complainant=ANN)
    handler = browser(acme, "complaint-handler")
    draft(handler, reference)
    handler.post_form({"text": "We have it.", "channel": "e-mail"})
    handler.post_form({"do": "send"})
    assert not SECRET.search(mails(acme)[-1].body)
    assert rules.SECRET_SENT.name not in events(acme, reference)


def test_without_an_address_nothing_is_promised(acme, browser):
    reference = registered(acme.system)
    assert "complaints/track" not in draft(browser(acme, "complaint-handler"), reference)


def test_what_the_api_gave_out_is_sent_to_the_complainant_once_and_no_second_is_made(app, acme, browser):
    member = acme.actor("quality-manager")
    with transaction(member) as tx:
        token = api.make_token(tx, api.MakeToken("Shop", ["complaints:write"], 9), clock_module.now(), member)
    body = {
        "subject": "Late", "received_at": "2026-02-27", "complainant": {"name": "Ann", "email": "ann@customer.example"},
    }  # fmt: skip
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": "k"}
    given = app.test_client().post("/api/v1/acme/complaints", json=body, headers=headers).json
    db.session.rollback()
    handler = browser(acme, "complaint-handler")
    send(handler, given["reference"])
    assert sent_secret(acme, given["reference"]) == given["tracking_secret"]
    assert opens(browser, given["reference"], given["tracking_secret"])
    send(handler, given["reference"], "progress")
    assert not SECRET.search(mails(acme)[-1].body)


# Renewing it


CHECKED = {"checked": "She named the order.", "handed": "e-mail"}


def renew(handler, reference: str):
    handler.get(f"/o/acme/complaints/{reference}/secret")
    return handler.post_form(CHECKED, action="/secret")


def test_a_new_secret_goes_by_mail_to_the_address_on_file_and_the_old_one_ends(acme, browser):
    reference = registered(acme.system, complainant=ANN)
    handler = browser(acme, "complaint-handler")
    send(handler, reference)
    old = sent_secret(acme, reference)
    page = renew(handler, reference)
    assert "on its way" in page.text
    assert not SECRET.search(page.text), "nobody here reads it"
    new = sent_secret(acme, reference)
    assert new != old
    assert mails(acme)[-1].recipient == "ann@customer.example"
    assert (opens(browser, reference, old), opens(browser, reference, new)) == (False, True)
    assert "complaint:secret-reissued" in events(acme, reference)
    assert "By e-mail to the address on file" in handler.get(f"/o/acme/complaints/{reference}").text


def test_it_goes_in_the_language_of_the_complainant(app, acme, browser):
    text = "کتری روز دوم خراب شد. لطفاً آن را عوض کنید."
    reference = take(app, acme, letter(text=text)).reference
    renew(browser(acme, "complaint-handler"), reference)
    assert re.search("[آ-ی]", mails(acme)[-1].subject)
    assert opens(browser, reference, sent_secret(acme, reference))


def test_without_an_address_no_new_secret_goes_by_mail_and_the_old_one_still_opens(acme, browser):
    reference = registered(acme.system)
    page = renew(browser(acme, "complaint-handler"), reference)
    assert "No e-mail address of the complainant is known" in page.text
    assert reading(acme.system).query(ComplaintTracking).count() == 0
    assert not mails(acme)
