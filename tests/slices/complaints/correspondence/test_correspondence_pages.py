"""The pages: writing from a case with a look before, noting, posting, what needs a person, mails, settings, letters."""

import io
import re

import docx
import pytest

from auditkit.base import outbox
from auditkit.base.db import db, reading, transaction
from auditkit.base.outbox import OutboxMail
from auditkit.complaints import service as complaints
from auditkit.complaints.correspondence import queries, wording
from auditkit.complaints.models import Complaint
from tests.slices.complaints.correspondence.mails import PNG, bounce_to, letter, take


def registered(house, clock, **identity):
    who = complaints.Identity(**{"name": "Ann Smith", "email": "ann@customer.example", **identity})
    command = complaints.Register("The kettle is broken", clock.at, "It broke.", complainant=who)
    actor = house.actor("complaint-handler")
    with transaction(actor) as tx:
        return complaints.register(tx, command, clock.at, actor)


def mail(house) -> OutboxMail:
    db.session.rollback()
    return db.session.query(OutboxMail).filter(OutboxMail.about_kind != "").order_by(OutboxMail.id.desc()).first()


def sent_messages(house, made):
    db.session.rollback()
    return queries.messages(reading(house.system), made.id)


def test_an_acknowledgement_is_begun_looked_at_and_sent(acme, clock, browser):
    made = registered(acme, clock)
    handler = browser(acme, "complaint-handler")
    handler.get(f"/o/acme/complaints/{made.reference}")
    handler.follow("Write and send it here")
    page = handler.get(f"/o/acme/correspondence/{made.reference}/write?kind=acknowledgement&language=en")
    text = page.form("/write").find("textarea", {"name": "text"}).get_text()
    assert "Dear Ann Smith," in text
    assert "“The kettle is broken” reached us on 2 March 2026" in text
    assert "⟦" in text, "the day of the decision is not known here"
    page = handler.post_form()
    assert "How it will look" in page.text
    assert "blanks left" in page.text
    page = handler.post_form({"do": "send"})
    assert "still has a blank to fill in" in page.text
    filled = re.sub("⟦[^⟧]+⟧", "15 March", text)
    handler.post_form({"text": filled})
    page = handler.post_form({"do": "send"})
    assert "on its way" in page.text
    (message,) = sent_messages(acme, made)
    assert (message.kind, message.automatic, message.text) == ("acknowledgement", False, filled.strip())
    left = mail(acme)
    assert left.recipient == "ann@customer.example"
    assert left.subject.startswith(f"We have received your complaint {made.reference} [{made.reference}.")
    case = reading(acme.system).query(Complaint).one()
    assert case.stage == "acknowledged", "a person's acknowledgement acknowledges"


def test_a_letter_begins_in_the_language_of_the_complainant(app, acme, clock, browser):
    told = take(app, acme, letter(text="کتری روز دوم خراب شد. لطفاً آن را عوض کنید."))
    page = browser(acme, "complaint-handler").get(f"/o/acme/correspondence/{told.reference}/write?kind=progress")
    text = page.form("/write").find("textarea", {"name": "text"}).get_text()
    assert "با سلام" in text
    assert "۱۱ اسفند ۱۴۰۴" in text


def test_a_message_can_carry_files_of_the_case(app, acme, clock, browser):
    told = take(app, acme, letter(files=[("receipt.png", "image/png", PNG)]))
    handler = browser(acme, "complaint-handler")
    page = handler.get(f"/o/acme/correspondence/{told.reference}/write")
    box = next(one for one in page.soup.find_all("input", {"name": "files"}) if "receipt" in one.parent.get_text(" "))
    values = {"text": "See the file.", "subject": "A file", "files": box["value"]}
    handler.post_form(values)
    handler.post_form({"do": "send"})
    carried = []
    outbox.send_due(lambda parcel, leaves: carried.extend(parcel.attachments), "auditkit@localhost")
    assert [(one.name, one.data) for one in carried] == [("receipt.png", PNG)]


def test_a_letter_is_printed_written_in_word_and_noted_as_posted(acme, clock, browser):
    made = registered(acme, clock, email="", street="12 Mill Lane", city="Tbilisi")
    handler = browser(acme, "complaint-handler")
    handler.get(f"/o/acme/correspondence/{made.reference}/write")
    handler.post_form({"channel": "post", "subject": "Our answer", "text": "Dear Ann,\n\nyes & <no>.\n\nYours\nAcme"})
    page = handler.post_form({"do": "send"})
    assert "To be posted" in page.text
    page = handler.follow("As a letter")
    assert "12 Mill Lane" in page.text
    word = handler.get(page.path + "/letter.docx")
    document = docx.Document(io.BytesIO(word.response.get_data()))
    texts = [paragraph.text for paragraph in document.paragraphs]
    assert "yes & <no>." in texts
    assert "12 Mill Lane" in texts
    handler.get(f"/o/acme/complaints/{made.reference}")
    page = handler.post_form({"posted_on": "2026-03-02"}, action="/posted")
    assert "To be posted" not in page.text
    (message,) = sent_messages(acme, made)
    assert message.sent_at is not None
    assert mail(acme) is None, "nothing was sent by e-mail"


def test_a_letter_cannot_have_been_posted_tomorrow(acme, clock, browser):
    made = registered(acme, clock, email="")
    handler = browser(acme, "complaint-handler")
    handler.get(f"/o/acme/correspondence/{made.reference}/write")
    handler.post_form({"channel": "post", "subject": "Our answer", "text": "Dear Ann"})
    handler.post_form({"do": "send"})
    page = handler.post_form({"posted_on": "2026-03-03"}, action="/posted")
    assert "lies in the future" in page.text


def test_a_call_is_noted(acme, clock, browser):
    made = registered(acme, clock)
    handler = browser(acme, "complaint-handler")
    handler.get(f"/o/acme/correspondence/{made.reference}/note")
    page = handler.post_form(
        {"direction": "in", "channel": "phone", "text": "She called and is angry.", "happened_at": "08:00"}
    )
    assert "She called and is angry." in page.text
    (message,) = sent_messages(acme, made)
    assert (message.direction, message.channel, message.author) == ("in", "phone", "complainant")
    handler.get(f"/o/acme/correspondence/{made.reference}/note")
    page = handler.post_form({"text": "x", "happened_on": "2026-03-03"})
    assert "lies in the future" in page.text


def test_what_failed_is_shown_on_the_case_and_on_a_page_and_tried_again(acme, clock, browser):
    made = registered(acme, clock)
    handler = browser(acme, "complaint-handler")
    handler.get(f"/o/acme/correspondence/{made.reference}/write")
    handler.post_form({"text": "Hello", "subject": "Hello"})
    handler.post_form({"do": "send"})

    def refused(parcel, content_leaves):
        import smtplib

        raise smtplib.SMTPRecipientsRefused({parcel.recipient: (550, b"no such user")})

    outbox.send_due(refused, "auditkit@localhost")
    assert mail(acme).state == "failed"
    page = handler.get(f"/o/acme/complaints/{made.reference}")
    assert "This message was not delivered" in page.text
    assert "no such user" in page.text
    page = handler.get("/o/acme/correspondence/")
    assert made.reference in page.text
    page = handler.post_form(action="/again")
    assert "waits to be sent again" in page.text
    assert mail(acme).state == "waiting"
    outbox.send_due(lambda parcel, leaves: None, "auditkit@localhost")
    page = handler.get("/o/acme/correspondence/")
    assert "Every message went its way" in page.text


def test_a_bounce_is_shown_on_the_case(app, acme, clock, browser):
    made = registered(acme, clock)
    handler = browser(acme, "complaint-handler")
    handler.get(f"/o/acme/correspondence/{made.reference}/write")
    handler.post_form({"text": "Hello", "subject": "Hello"})
    handler.post_form({"do": "send"})
    outbox.send_due(lambda parcel, leaves: None, "auditkit@localhost")
    take(app, acme, bounce_to(mail(acme).message_id))
    page = handler.get(f"/o/acme/complaints/{made.reference}")
    assert "The message came back" in page.text
    assert "no such user" in page.text
    assert "Came back" in handler.get("/o/acme/correspondence/").text


def test_what_a_mail_says_and_what_was_refused_stands_on_the_case(app, acme, clock, browser):
    first = take(app, acme, letter())
    files = [("run.exe", "application/octet-stream", b"MZ\x90\x00" + b"\x00" * 200)]
    second = take(app, acme, letter(subject=f"About {first.reference}", message_id="<2@c.example>", files=files))
    page = browser(acme, "complaint-handler").get(f"/o/acme/complaints/{second.reference}")
    assert f"Says it is about {first.reference}" in page.text
    assert "run.exe" in page.text
    assert "This is a program" in page.text


def test_mails_that_opened_nothing_are_listed_downloaded_and_opened_after_all(app, acme, clock, browser):
    take(app, acme, letter(Auto_Submitted="auto-generated"))
    take(app, acme, b"no mail at all")
    handler = browser(acme, "complaint-handler")
    page = handler.get("/o/acme/correspondence/mail")
    assert "Automatic answer" in page.text
    assert "This is not an e-mail message" in page.text
    page = handler.get("/o/acme/correspondence/mail?outcome=aside")
    assert "Automatic answer" not in page.soup.find("table").get_text()
    raw = handler.follow("Download")
    assert raw.response.get_data() == b"no mail at all"
    handler.get("/o/acme/correspondence/mail?outcome=ignored")
    page = handler.post_form(action="/open")
    assert page.title == "The kettle is broken"


def test_settings_are_changed_and_a_second_person_does_not_overwrite_them(acme, clock, browser):
    one, other = browser(acme, "administrator"), browser(acme, "administrator")
    one.get("/o/acme/correspondence/settings")
    other.get("/o/acme/correspondence/settings")
    one.post_form({"reply_address": "complaints@acme.example", "plus_addresses": "y"})
    page = other.post_form({"reply_address": "other@acme.example"})
    assert "changed" in page.text.lower()
    db.session.rollback()
    setting = queries.setting(reading(acme.system))
    assert (setting.reply_address, setting.plus_addresses) == ("complaints@acme.example", True)
    one.get("/o/acme/correspondence/settings")
    page = one.post_form({"reply_address": "not an address"})
    assert "is not one e-mail address" in page.text


def test_a_language_without_a_letter_begins_from_the_english_one(acme, browser, monkeypatch):
    monkeypatch.setattr(wording, "languages_of", lambda _kind, _sort="": ["en"])
    chief = browser(acme, "administrator")
    page = chief.get("/o/acme/correspondence/letters/progress/tr")
    assert "no letter in this language yet" in page.text
    assert "We promised" in page.form("/tr").find("textarea").get_text()
    assert "the English one is used" in chief.get("/o/acme/correspondence/letters").text


def test_an_own_wording_is_written_used_and_taken_back(acme, clock, browser):
    made = registered(acme, clock)
    chief = browser(acme, "administrator")
    address = "/o/acme/correspondence/letters/progress/tr"
    chief.get(address)
    page = chief.post_form({"subject": "S", "text": "Merhaba {{ nobody }}"})
    assert "there is no blank “nobody”" in page.text
    page = chief.post_form({"subject": "S", "text": "Merhaba {% if x %}"})
    assert "two brackets" in page.text
    chief.post_form({"subject": "Durum {{ reference }}", "text": "Merhaba {{ complainant }}"})
    page = browser(acme, "complaint-handler").get(
        f"/o/acme/correspondence/{made.reference}/write?kind=progress&language=tr"
    )
    assert page.form("/write").find("textarea", {"name": "text"}).get_text().strip().startswith("Merhaba Ann Smith\n")
    chief.get(address)
    chief.post_form({"do": "back"})
    assert "own wording" not in chief.get("/o/acme/correspondence/letters").soup.find("table").get_text()


@pytest.mark.parametrize("role", ["internal-auditor"])
def test_the_words_of_messages_are_not_for_every_role(acme, clock, browser, role):
    made = registered(acme, clock)
    handler = browser(acme, "complaint-handler")
    handler.get(f"/o/acme/correspondence/{made.reference}/write")
    handler.post_form({"text": "Dear Ann Smith", "subject": "Secret matter"})
    handler.post_form({"do": "send"})
    page = browser(acme, role).get(f"/o/acme/complaints/{made.reference}")
    assert "not shown to your role" in page.text
    assert "Ann Smith" not in page.text
    assert "Secret matter" not in page.text


def test_another_organisations_messages_are_not_found(acme, globex, clock, browser):
    made = registered(acme, clock)
    handler = browser(acme, "complaint-handler")
    handler.get(f"/o/acme/correspondence/{made.reference}/write")
    handler.post_form({"text": "Hello", "subject": "Hello"})
    handler.post_form({"do": "send"})
    (message,) = sent_messages(acme, made)
    stranger = browser(globex, "administrator")
    stranger.get(f"/o/globex/correspondence/messages/{message.id}", status=404)
    stranger.get(f"/o/globex/correspondence/{made.reference}/write", status=404)


def test_every_page_opens(acme, clock, browser):
    made = registered(acme, clock)
    handler = browser(acme, "administrator")
    for path in (
        "",
        "mail",
        "letters",
        "settings",
        "letters/automatic/fa",
        f"{made.reference}/write",
        f"{made.reference}/note",
    ):
        page = handler.get(f"/o/acme/correspondence/{path}")
        assert page.title
