"""What is known beside the register's own fields is noted later too; letters and surveys speak the language."""

import pytest
from sqlalchemy import select

from auditkit.base import clock as clocks
from auditkit.base.db import db, reading, transaction
from auditkit.complaints import rules as core
from auditkit.complaints import service as verbs
from auditkit.complaints.correspondence.queries import facts
from auditkit.complaints.intake import queries, rules, service
from auditkit.complaints.intake.rules import words
from auditkit.complaints.privacy.service import anonymising
from auditkit.complaints.survey.models import ComplaintSurvey
from auditkit.journal.queries import timeline
from tests.slices.complaints.correspondence.mails import letter, take
from tests.slices.complaints.intake.filling import receipt_of, send
from tests.slices.complaints.recording import do, found, registered
from tests.slices.complaints_survey.test_survey import switch_on

URL = "/o/acme/complaints/"
PERSIAN = "کتری روز دوم خراب شد. لطفاً آن را عوض کنید."


@pytest.fixture
def handler(acme, clock):
    return acme.actor("complaint-handler")


def known(actor, reference):
    db.session.rollback()
    return queries.known(reading(actor), found(actor, reference).id)


def begun(browser, house, reference):
    """What a progress letter begins with."""
    page = browser(house, "complaint-handler").get(f"/o/acme/correspondence/{reference}/write?kind=progress")
    return page.form("/write").find("textarea", {"name": "text"}).get_text()


def test_a_complaint_by_e_mail_gets_its_particulars(app, acme, handler, browser):
    reference = take(app, acme, letter(text="It broke on the second day.")).reference
    assert known(handler, reference).segment == ""
    at_work = browser(acme, "complaint-handler")
    at_work.get(URL + reference)
    at_work.follow("Note particulars")
    page = at_work.post_form(
        {"language": "fa", "segment": "Hotels", "department": "Repairs", "order_reference": "O-7", "recurrent": "y"},
        action="/particulars",
    )
    assert "Hotels" in page.text
    noted = known(handler, reference)
    assert (noted.language, noted.segment, noted.department, noted.recurrent) == ("fa", "Hotels", "Repairs", True)
    subject = ("complaint", found(handler, reference).id)
    (entry,) = [
        one for one in timeline(reading(handler), acme.id, subject) if one.event == rules.PARTICULARS_NOTED.name
    ]
    assert entry.facts["fields"] == ["order_reference", "segment", "department", "language", "recurrent"]
    assert entry.facts["language"] == ["en", "fa"]
    assert (entry.personal["segment"], "Hotels" in str(entry.facts)) == ("Hotels", False)
    # and the next letter begins in the language that was noted, whatever the mail was guessed to be
    assert "با سلام" in begun(browser, acme, reference)


def test_a_letter_begins_in_the_language_of_the_form(acme, handler, browser, clock):
    stranger = browser()
    stranger.get("/p/acme/complaints/new?language=fa")
    reference, _secret = receipt_of(send(stranger, clock, subject="کتری", description=PERSIAN))
    said = known(handler, reference).language
    assert facts(reading(handler), reference).language == said
    do(handler, service.note_particulars, service.NoteParticulars, reference, "fa")
    assert "با سلام" in begun(browser, acme, reference)


def test_who_complained_by_e_mail_is_asked_in_the_language_of_the_mail(app, acme, handler, clock):
    switch_on(acme, wait_days=0)
    reference = take(app, acme, letter(text=PERSIAN)).reference
    do(handler, verbs.reclassify, verbs.Reclassify, reference, "request", "Asks only")
    do(handler, verbs.acknowledge, verbs.Acknowledge, reference)
    do(handler, verbs.close, verbs.Close, reference, "answered")
    assert reading(handler).execute(select(ComplaintSurvey.language)).scalar_one() == "fa"


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({}, core.NothingCorrected),
        ({"preference": "by pigeon"}, core.UnknownWord),
        ({"segment": "x" * 101}, words.LineTooLong),
        ({"segment": "a\x00b"}, words.LineNotStorable),
    ],
)
def test_what_cannot_be_noted(handler, change, refusal):
    reference = registered(handler)
    with pytest.raises(refusal):
        do(handler, service.note_particulars, service.NoteParticulars, reference, **change)
    assert known(handler, reference) is None


def test_of_two_the_second_is_told_and_keeps_what_was_typed(acme, handler, browser):
    reference = registered(handler)
    first, second = browser(acme, "complaint-handler"), browser(acme, "quality-manager")
    for visitor in (first, second):
        visitor.get(f"{URL}{reference}/particulars")
    first.post_form({"segment": "Hotels"}, action="/particulars")
    page = second.post_form({"segment": "Schools"}, action="/particulars", status=409)
    assert page.form("/particulars").find("input", {"name": "segment"})["value"] == "Schools"
    assert known(handler, reference).segment == "Hotels"


def test_nothing_is_written_into_an_erased_case(acme, handler, clock):
    reference = registered(handler, kind="request")
    do(handler, verbs.acknowledge, verbs.Acknowledge, reference)
    do(handler, verbs.close, verbs.Close, reference, "answered")
    manager = acme.actor("administrator")
    with transaction(manager) as tx:
        wanted = anonymising.Anonymise(reference, "by-hand", "She asked for it")
        anonymising.anonymise(tx, wanted, clocks.now(), manager)
    with pytest.raises(core.ErasedStays):
        do(handler, service.note_particulars, service.NoteParticulars, reference, segment="Hotels")
    with pytest.raises(core.ErasedStays):
        do(handler, verbs.correct_identity, verbs.CorrectIdentity, reference, "Back", verbs.Identity(name="Ann"))
    with pytest.raises(core.ErasedStays):
        do(handler, verbs.correct, verbs.Correct, reference, "Ann's kettle", "Back")
