"""Taking complaints down from a call: every field, suggestions while typing, the receipt; channels and settings."""

import io
import re
from datetime import UTC, datetime

import pytest

from auditkit.base.db import db, reading, transaction
from auditkit.complaints.intake import queries, service
from auditkit.complaints.intake.alike import Said, alike
from auditkit.complaints.intake.channels import channels
from auditkit.complaints.intake.references import pattern_in_force
from auditkit.complaints.intake.rules import ChannelNameMissing, PatternAmbiguous
from auditkit.complaints.models import Complaint
from auditkit.complaints.rules import UnknownWord
from auditkit.complaints.service import Register, register
from auditkit.evidence import queries as evidence
from auditkit.journal import queries as journal
from tests.slices.complaints.intake.filling import receipt_of
from tests.slices.complaints_clock.timing import TEHRAN, keep

CALL = {"subject": "Kettle leaks", "channel": "phone", "received_on": "2026-03-01", "order_reference": "A-17"}
NEW = "/o/acme/complaints/new"


def take_down(member, **more):
    member.get(NEW)
    return member.post_form({**CALL, **more}, action="/new")


def test_every_field_of_a_call_is_kept_and_the_receipt_is_read_out(acme, browser, clock):
    more = {
        "name": "Ana Ivanova",
        "phone": "+44 20 1234",
        "preference": "phone",
        "language": "fa",
        "accessibility": "large print",
        "representative": "Her son",
        "authority": "He has a power of attorney",
        "contact_person": "The neighbour",
        "consent": "y",
        "batch": "LOT 5",
        "purchased_on": "2026-02-01",
        "segment": "wholesale",
        "recurrent": "y",
        "recipient": "Counter 3",
        "unit": "Old Town",
        "referred_by": "The dealer",
        "department": "Sales",
        "files": (io.BytesIO(b"what was said"), "note.txt"),
    }
    page = take_down(browser(acme, "complaint-handler"), **more)
    reference, secret = receipt_of(page)
    tx = reading(acme.system)
    stored = tx.query(Complaint).one()
    known = queries.known(tx, stored.id)
    assert (known.source, known.language, known.representative, known.unit) == ("staff", "fa", "Her son", "Old Town")
    assert (known.batch, known.recurrent, known.department, known.preference) == ("LOT 5", True, "Sales", "phone")
    assert known.consent_at is not None
    assert [one.file.name for one in evidence.for_subject(tx, ("complaint", stored.id))] == ["note.txt"]
    stranger = browser()
    stranger.get("/p/acme/complaints/track")
    page = stranger.post_form({"reference": reference, "secret": secret}, action="/track")
    assert "Kettle leaks" in page.text
    assert "Her son" not in page.text


def test_receipt_is_written_down_by_the_organisations_own_clock(acme, browser, clock):
    # Given Tehran at one o'clock in the night to 3 March, which is still 2 March in UTC
    keep(acme, TEHRAN)
    clock.advance(hours=12, minutes=30)
    member = browser(acme, "complaint-handler")
    page = member.get(NEW)
    assert page.soup.find("input", {"name": "received_on"})["value"] == "2026-03-03"
    assert "Asia/Tehran" in page.text

    def received(day, moment=""):
        reference, _secret = receipt_of(take_down(member, received_on=day, received_time=moment))
        db.session.rollback()
        one = reading(acme.system).query(Complaint).filter_by(reference=reference).one()
        return one.received_at, one.received_is_day

    # Then a time is a time there, a day is a day there, and tomorrow is refused
    assert received("2026-03-03", "00:30") == (datetime(2026, 3, 2, 21, 0, tzinfo=UTC), False)
    assert received("2026-03-02") == (datetime(2026, 3, 2, tzinfo=UTC), True)
    assert received("2026-03-03") == (datetime(2026, 3, 2, 21, 30, tzinfo=UTC), False)
    assert "not in the future" in take_down(member, received_on="2026-03-04").text
    assert "not in the future" in take_down(member, received_on="2026-03-03", received_time="02:00").text


def test_staff_find_the_form_in_their_navigation_and_are_led_on(acme, browser):
    staff = browser(acme, "staff")
    staff.get("/o/acme/")
    assert staff.follow("Register a complaint").title == "Register a complaint"
    page = staff.post_form(CALL, action="/new")
    assert page.title == "Receipt for the complainant"
    assert "Open the case" not in page.text, "staff may not read cases"
    assert staff.follow("Take down another one").title == "Register a complaint"


def test_an_anonymous_caller_leaves_no_name(acme, browser):
    take_down(browser(acme, "staff"), name="Ana", phone="1234567", anonymous="y")
    stored = reading(acme.system).query(Complaint).one()
    assert stored.complainant_name == stored.complainant_phone == ""
    assert queries.known(reading(acme.system), stored.id).anonymous


def test_a_refused_form_keeps_words_and_files(acme, browser):
    staff = browser(acme, "staff")
    page = take_down(staff, subject="", batch="LOT 5", files=(io.BytesIO(b"hello"), "note.txt"))
    assert "Enter in a few words" in page.text
    assert page.soup.find("input", {"name": "batch"})["value"] == "LOT 5"
    assert "Take out note.txt" in page.text
    page = staff.post_form({"subject": "Kettle"}, action="/new")
    assert page.title == "Receipt for the complainant"
    page = take_down(staff, representative="Her son")
    assert "Say why you may act" in page.text


def test_the_same_form_twice_is_one_complaint(acme, browser):
    staff = browser(acme, "staff")
    staff.get(NEW)
    form = {one["name"]: one.get("value", "") for one in staff.page.form("/new").find_all("input", {"type": "hidden"})}
    form |= {**CALL, "language": "en", "kind": "complaint", "category": "", "severity": "", "preference": ""}
    page = staff.post(NEW, form)
    assert "Receipt" in page.title, page.text
    first = receipt_of(page)
    assert receipt_of(staff.post(NEW, form)) == first, "once more"
    assert reading(acme.system).query(Complaint).count() == 1


@pytest.mark.parametrize(
    ("role", "sees_subject", "finds_person"),
    [("complaint-handler", True, True), ("staff", False, False)],
)
def test_what_may_be_the_same_is_shown_as_far_as_the_role_goes(acme, browser, role, sees_subject, finds_person):
    take_down(browser(acme, "complaint-handler"), name="Ana Ivanova")
    member = browser(acme, role)

    def look(**said):
        member.get(NEW)
        answer = member.post(f"{NEW}/alike", said, unchecked="a part of a page")
        return " ".join(answer.soup.get_text(" ").split())

    answer = look(order_reference="A-17")
    assert "C-2026-000001" in answer
    assert "the same order" in answer
    assert ("Kettle leaks" in answer) is sees_subject
    assert ("C-2026-000001" in look(name="Ivanova")) is finds_person
    assert "C-2026" not in look(subject="nothing")


def test_without_javascript_a_button_looks_for_the_same(acme, browser):
    handler = browser(acme, "complaint-handler")
    take_down(handler)
    page = take_down(handler, look="yes")
    assert "These may be the same" in page.text
    assert "There is a problem" not in page.text
    assert page.soup.find("input", {"name": "subject"})["value"] == "Kettle leaks"
    assert reading(acme.system).query(Complaint).count() == 1
    assert (
        "Nothing like it is on record" in take_down(handler, look="yes", subject="Sour milk", order_reference="").text
    )


def test_the_same_words_are_found_and_another_organisations_are_not(acme, globex, browser):
    take_down(browser(acme, "staff"))
    said = Said(subject="The kettle leaks again")
    assert alike(reading(acme.system), Said(subject="kettle leaks"), find_by_identity=False, show_subject=True)
    assert not alike(reading(globex.system), said, find_by_identity=True, show_subject=True)


def test_own_channels_are_offered_kept_and_begin_where_the_organisation_says(acme, globex, browser, clock):
    manager = browser(acme, "quality-manager")
    manager.get("/o/acme/complaints/settings/")
    manager.follow("Add a channel")
    page = manager.post_form(
        {
            "name": "Kiosk",
            "address": "In the lobby",
            "opening": "acknowledged",
            "owner": str(acme.person("complaint-handler")),
        }
    )
    assert "Kiosk" in page.text
    assert "complaint-handler of acme" in page.text
    staff = browser(acme, "staff")
    take_down(staff, channel="Kiosk")
    stored = reading(acme.system).query(Complaint).one()
    assert (stored.channel, stored.stage) == ("Kiosk", "acknowledged")
    entries = [one.event for one in journal.timeline(reading(acme.system), acme.id, ("complaint", stored.id))]
    assert "complaint:acknowledged" in entries
    assert "Kiosk" in browser().get("/p/acme/complaints").text
    assert "Kiosk" in browser(acme, "complaint-handler").get("/o/acme/complaints/?stage=all").text
    with pytest.raises(UnknownWord), transaction(globex.system) as tx:
        register(tx, Register("x", clock.at, channel="Kiosk"), clock.at, globex.system)


def test_a_channel_out_of_use_is_not_offered_any_more(acme, browser):
    manager = browser(acme, "quality-manager")
    manager.get("/o/acme/complaints/settings/channels/1")
    manager.post_form({"in_use": ""})
    assert not next(one for one in channels(reading(acme.system)) if one.name == "phone").in_use
    page = browser(acme, "staff").get(NEW)
    assert "Phone" not in [
        option.get_text() for option in page.soup.find("select", {"name": "channel"}).find_all("option")
    ]
    manager.get("/o/acme/complaints/settings/channels/99", status=404)


def test_a_channel_needs_a_name(acme, clock):
    with pytest.raises(ChannelNameMissing), transaction(acme.system) as tx:
        service.keep_channel(tx, service.KeepChannel("  "), clock.at, acme.system)


def test_references_follow_the_pattern_and_never_repeat(acme, browser, clock):
    take_down(browser(acme, "staff"))
    manager = browser(acme, "quality-manager")
    manager.get("/o/acme/complaints/settings/")
    page = manager.post_form({"pattern": "C-{number}-{year}"}, action="/pattern")
    assert "could be taken for those given out as C-{year}-{number:06}" in page.text
    page = manager.post_form({"pattern": "ACME{number}"}, action="/pattern")
    assert "Write the pattern with {year} and {number}" in page.text
    page = manager.post_form({"pattern": "ACME-{year}.{number:04}"}, action="/pattern")
    assert "ACME-2026.0123" in page.text
    assert re.search(r"ACME-2026\.0002", take_down(browser(acme, "staff")).text), "the number goes on"
    with pytest.raises(PatternAmbiguous), transaction(acme.system) as tx:
        service.keep_pattern(tx, service.KeepPattern("ACME-{number}.{year}"), clock.at, acme.system)
    assert pattern_in_force(reading(acme.system)).text == "ACME-{year}.{number:04}"


def test_the_settings_show_on_the_public_page(acme, browser, clock):
    manager = browser(acme, "quality-manager")
    manager.get("/o/acme/complaints/settings/")
    manager.post_form(
        {"languages": ["en", "fa"], "phone": "+44 20 1234", "post": "1 High Street", "publishes_figures": "y"},
        action="/settings/",
    )
    page = browser().get("/p/acme/")
    assert page.path == "/p/acme/complaints"
    assert "+44 20 1234" in page.text
    assert "so few that people could be recognised" in page.text
    page = browser().get("/p/acme/complaints/new")
    offered = [one["lang"] for one in page.soup.select(".language-choice a")]
    assert offered == ["en", "fa"]
    for _ in range(10):
        take_down(browser(acme, "staff"))
    page = browser().get("/p/acme/complaints")
    assert "came in" in page.text


def test_only_those_who_manage_the_organisation_change_it(acme, browser):
    for role in ("complaint-handler", "staff", "internal-auditor"):
        browser(acme, role).get("/o/acme/complaints/settings/", status=403)


def test_the_public_page_draws_the_way_and_says_it_in_words(acme, browser):
    page = browser().get("/p/acme/complaints")
    drawn = page.soup.find("svg", class_="process-map")
    assert drawn["aria-label"]
    assert "You refuse it" in drawn.get_text()
    assert "We find out what happened" in page.soup.find("details").get_text()
    mirrored = browser().get("/p/acme/complaints?language=fa").soup.find("svg", class_="process-map")
    assert mirrored.find("rect")["x"] != drawn.find("rect")["x"]


def test_the_way_begins_with_the_ways_in_that_there_are(acme, browser):
    def begins():
        drawn = browser().get("/p/acme/complaints").soup.find("svg", class_="process-map")
        return " ".join(part.get_text() for part in drawn.find_all("text"))

    assert "Web form" in begins()
    assert "Phone" not in begins()
    manager = browser(acme, "quality-manager")
    manager.get("/o/acme/complaints/settings/")
    manager.post_form({"phone": "+44 20 1234"}, action="/settings/")
    assert "Web form and Phone" in begins()


@pytest.mark.sqlite_only
def test_a_way_to_reach_us_is_named_once(acme, browser):
    manager = browser(acme, "quality-manager")

    def listed():
        return [one.get_text(" ", strip=True) for one in browser().get("/p/acme/complaints").soup.select("#ways li")]

    for number, address in ((1, "+44 20 1234"), (4, ""), (3, "complaints@acme.example")):
        manager.get(f"/o/acme/complaints/settings/channels/{number}")
        manager.post_form({"address": address, "public": "y"})
    manager.get("/o/acme/complaints/settings/")
    manager.post_form({"phone": "+44 20 1234"}, action="/settings/")
    assert listed() == ["The form on this page", "by phone: +44 20 1234", "E-mail: complaints@acme.example"]
    manager.get("/o/acme/complaints/settings/")
    manager.post_form({"phone": "+44 20 9999"}, action="/settings/")
    assert "Phone: +44 20 1234" in listed(), "another number is another way"


def test_the_case_shows_how_it_came_in_and_persons_only_with_the_identity(acme, browser):
    more = {"unit": "Old Town", "representative": "Her son", "authority": "Power of attorney", "preference": "phone"}
    handler = browser(acme, "complaint-handler")
    take_down(handler, **more)
    page = handler.get("/o/acme/complaints/C-2026-000001")
    assert "Old Town" in page.text
    assert "By phone" in page.text
    assert "Her son" not in page.text
    assert "It is shown with who complained" in page.text
    assert "Her son" in handler.get("/o/acme/complaints/C-2026-000001/complainant").text


def test_members_take_down_where_strangers_are_served_by_another_process(app, acme, browser, monkeypatch):
    manager = browser(acme, "quality-manager")
    monkeypatch.delitem(app.view_functions, "public_complaints.track")
    assert "http://127.0.0.1:8000/p/acme/complaints/track" in take_down(manager).text
    assert "http://127.0.0.1:8000/p/acme/complaints" in manager.get("/o/acme/complaints/settings/").text
