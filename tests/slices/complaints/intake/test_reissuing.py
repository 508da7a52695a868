"""A lost secret: a member makes sure who asks, gives out a new one, and the old one opens nothing any more."""

import pytest

from auditkit.base.db import db, reading, transaction
from auditkit.base.errors import Forbidden
from auditkit.complaints import service as complaints
from auditkit.complaints.intake import rules, service
from auditkit.complaints.intake.models import ComplaintSecretReissue, ComplaintTracking
from auditkit.journal import queries as journal
from tests.factories.refusals import accepts, refuses
from tests.slices.complaints.intake.deciding import act
from tests.slices.complaints.intake.filling import SECRET, receipt_of, send

CASE = "/o/acme/complaints/C-2026-000001"
TRACK = "/p/acme/complaints/track"
CHECKED = "Called back the number on file; she named the order."


@pytest.fixture
def stranger(acme, browser, clock):
    found = browser()
    page = send(found, clock, street="1 Long Lane", city="Tbilisi", postcode="0105")
    found.reference, found.secret = receipt_of(page)
    return found


def give_out(handler, handed="print", checked=CHECKED):
    handler.get(f"{CASE}/secret")
    return handler.post_form({"checked": checked, "handed": handed}, action="/secret")


def opens(browser, reference, secret) -> bool:
    visitor = browser()
    visitor.get(TRACK)
    page = visitor.post_form({"reference": reference, "secret": secret}, action="/track")
    return "How it stands" in page.text


def test_the_new_secret_opens_the_page_and_the_old_one_nothing(acme, browser, clock, stranger):
    assert "How it stands" in stranger.get("/p/acme/complaints/mine").text
    page = give_out(browser(acme, "complaint-handler"))
    new = SECRET.search(page.text)[0]
    assert new != stranger.secret
    assert "QR code" in str(page.soup)
    assert not opens(browser, stranger.reference, stranger.secret)
    assert opens(browser, stranger.reference, new)
    assert "How it stands" not in stranger.get("/p/acme/complaints/mine").text, "an open page ends with its secret"


def test_the_complainant_sees_that_it_was_given_out(acme, browser, clock, stranger):
    new = SECRET.search(give_out(browser(acme, "complaint-handler")).text)[0]
    visitor = browser()
    visitor.get(TRACK)
    page = visitor.post_form({"reference": stranger.reference, "secret": new}, action="/track")
    assert "You have a new secret" in page.text
    assert "If it was not you" in page.text
    assert "Called back" not in page.text, "how it was checked stays inside"


def test_it_stands_on_record_and_the_secret_nowhere(app, acme, browser, clock, stranger):
    handler = browser(acme, "complaint-handler")
    new = SECRET.search(give_out(handler).text)[0]
    db.session.rollback()
    (entry,) = [
        one
        for one in journal.timeline(reading(acme.system), acme.id, ("complaint", 1))
        if one.event == rules.SECRET_REISSUED.name
    ]
    assert entry.facts == {"handed": "print", "first": False}
    assert entry.personal == {"checked": CHECKED}
    assert entry.actor_id == acme.person("complaint-handler")
    page = handler.get(CASE)
    assert "New tracking secret given out" in page.text
    assert CHECKED in page.text
    assert CHECKED not in browser(acme, "internal-auditor").get(CASE).text
    for table in db.metadata.sorted_tables:
        with db.engine.connect() as connection:
            for row in connection.execute(table.select()):
                assert not {new, new.replace("-", "")} & set(map(str, row)), table.name
                assert new not in str(row), table.name


def test_a_letter_carries_the_address(acme, browser, clock, stranger):
    handler = browser(acme, "complaint-handler")
    page = give_out(handler, "post")
    assert "1 Long Lane" in page.soup.find("section", {"class": "secret-letter"}).text
    assert "0105 Tbilisi" in page.text
    assert SECRET.search(page.text)
    clock.advance(minutes=31)
    assert not SECRET.search(handler.get(f"{CASE}/secret/receipt").text), "shown for half an hour"


def test_the_receipt_speaks_the_complainants_language(acme, browser, clock):
    persian = browser()
    persian.get("/p/acme/complaints/new?language=fa")
    clock.advance(seconds=40)
    story = {"subject": "بسته", "description": "نرسید", "name": "ز", "email": "z@c.example", "consent": "y"}
    persian.post_form(story, action="/new")
    page = give_out(browser(acme, "complaint-handler"))
    letter = page.soup.find("section", {"class": "secret-letter"})
    assert (letter["lang"], letter["dir"]) == ("fa", "rtl")
    assert "New receipt for the complainant" in page.soup.find("h1").text, "the page itself is the handler's"


def test_without_an_address_no_letter_goes(acme, browser, clock):
    send(browser(), clock)
    page = give_out(browser(acme, "complaint-handler"), "post")
    assert "No postal address is on file" in page.text
    assert reading(acme.system).query(ComplaintSecretReissue).count() == 0


@pytest.mark.parametrize("checked", ["", "   ", "x" * 1001, "nul\x00"])
def test_nothing_goes_without_a_note_of_the_check(acme, browser, clock, stranger, checked):
    page = give_out(browser(acme, "complaint-handler"), checked=checked)
    assert not SECRET.search(page.text)
    assert opens(browser, stranger.reference, stranger.secret)


def test_only_people_who_handle_cases_give_out_secrets(acme, globex, browser, clock, stranger):
    for role in ("internal-auditor", "staff", "external-reviewer"):
        browser(acme, role).get(f"{CASE}/secret", status=403)
    browser(globex, "complaint-handler").get("/o/globex/complaints/C-2026-000001/secret", status=404)
    command = service.Reissue(stranger.reference, "ABCDE-ABCDE-ABCDE-ABCDE", CHECKED, "print")
    with pytest.raises(Forbidden), transaction(acme.system) as tx:
        service.reissue(tx, command, clock.at, acme.system)


def test_one_case_gets_three_in_an_hour(acme, browser, clock, stranger):
    handler = browser(acme, "complaint-handler")
    secrets = [SECRET.search(give_out(handler).text)[0] for _one in range(3)]
    assert len(set(secrets)) == 3
    assert "Too many new secrets" in give_out(handler).text
    assert opens(browser, stranger.reference, secrets[-1])
    clock.advance(hours=1)
    assert SECRET.search(give_out(handler).text)


def test_a_complaint_without_a_page_gets_its_first_secret(acme, browser, clock):
    reference = act(acme, complaints.register, complaints.Register("By mail", clock.at), "complaint-handler").reference
    assert reading(acme.system).query(ComplaintTracking).count() == 0
    handler = browser(acme, "complaint-handler")
    assert "There is no secret yet" in handler.get(f"/o/acme/complaints/{reference}").text
    handler.get(f"/o/acme/complaints/{reference}/secret")
    page = handler.post_form({"checked": CHECKED, "handed": "print"}, action="/secret")
    assert opens(browser, reference, SECRET.search(page.text)[0])


def test_complaint_secret_reissue(acme, clock, stranger):
    values = {
        "organisation_id": acme.id, "complaint_id": 1, "reissued_at": clock.at,
        "reissued_by": acme.person("complaint-handler"), "checked": "x", "handed": "print",
    }  # fmt: skip
    refuses(ComplaintSecretReissue.__table__, "identity_was_checked", {**values, "checked": ""})
    refuses(ComplaintSecretReissue.__table__, "handed_known", {**values, "handed": "pigeon"})
    accepts(ComplaintSecretReissue.__table__, values)
