"""The register over HTTP: list, taking down, the way of a complaint, who sees what."""

from datetime import UTC, datetime

import pytest

from auditkit.base.db import db, reading
from auditkit.complaints import queries, service
from auditkit.complaints.service import Identity, RecordAnswer
from auditkit.journal.queries import timeline
from tests.slices.complaints.recording import assessed, decided, do, found, many, raw, registered, run_added, spread

URL = "/o/acme/complaints/"


@pytest.fixture
def at_work(acme, browser, clock):
    return browser(acme, "complaint-handler")


def references(page):
    return [link["href"].rsplit("/", 1)[-1] for link in page.soup.select("tbody th a")]


def test_an_empty_register_says_what_belongs_there(at_work):
    page = at_work.get(URL)
    assert page.title == "Complaints"
    assert "Nothing is waiting" in page.text
    assert at_work.follow("Register a complaint").title == "Register a complaint"


def test_a_complaint_goes_its_whole_way(acme, handler, at_work):
    # Given a complaint taken down on the phone
    at_work.get(f"{URL}new")
    page = at_work.post_form(
        {
            "subject": "Late delivery",
            "description": "Order 4512\r\nnever came",
            "channel": "phone",
            "received_on": "2026-03-01",
            "received_time": "10:15",
            "category": "delivery",
            "severity": "high",
            "name": "Ana Ivanova",
        }
    )
    assert "registered as C-2026-000001" in page.text
    assert at_work.follow("Open the case").title == "Late delivery"
    case = found(handler, "C-2026-000001")
    assert case.received_at == datetime(2026, 3, 1, 10, 15, tzinfo=UTC)
    assert case.description == "Order 4512\nnever came"
    # When it is acknowledged, assessed, decided, refused, decided anew, accepted
    assert at_work.post_form(action="acknowledge").soup.select(".flashes")[0].get_text(strip=True)
    at_work.post_form({"severity": "low", "complexity": "simple", "reach": "one"}, action="assess")
    at_work.post_form({"outcome": "rejected", "decision": "We delivered", "told_channel": "phone"}, action="decide")
    page = at_work.post_form({"answer": "refused", "next_external": "Ombudsman"}, action="answer")
    assert "Decision refused" in page.text
    assert "Decide anew" in page.text
    at_work.post_form({"outcome": "upheld", "decision": "It was lost", "remedy": "Refund"}, action="decide")
    at_work.post_form({"channel": "phone"}, action="tell")
    at_work.post_form({"answer": "accepted"}, action="answer")
    # Then it can be closed, and its page tells what happened
    page = at_work.post_form({"closing_note": "Thanked us"}, action="close")
    assert page.soup.find(id="next") is None
    titles = [title.get_text() for title in page.soup.select(".timeline-title")]
    assert titles == [
        "Complaint closed",
        "Complainant accepted the decision",
        "Complainant told of the decision",
        "Decision given",
        "Complainant refused the decision; the case stays open",
        "Complainant told of the decision",
        "Decision given",
        "Complaint assessed",
        "Complaint acknowledged",
        "Complaint registered",
    ]
    assert found(handler, "C-2026-000001").closing_ground == "accepted"


@pytest.mark.sqlite_only
def test_numbers_of_the_list_are_in_the_digits_of_the_screens_language(handler, at_work, clock):
    registered(handler)
    clock.advance(days=47)
    assert "103" in at_work.get(URL).soup.select_one("tbody tr td.number").text
    at_work.post("/preferences", {"locale": "fa", "next": URL})
    assert at_work.get(URL).soup.select_one("tbody tr td.number").text == "۱۰۳"


def test_what_is_missing_is_said_beside_its_field(at_work):
    at_work.get(f"{URL}new")
    page = at_work.post_form({"received_on": "2026-03-03", "name": "Ana"})
    assert "Enter in a few words what the complaint is about" in page.text
    assert "Choose how the complaint came in" in page.text
    page = at_work.post_form({"subject": "Late", "channel": "post"})
    assert "Enter a date of receipt that is not in the future" in page.text
    assert page.soup.find("input", {"name": "name"})["value"] == "Ana", "what was typed is kept"
    page = at_work.post_form({"received_on": "2026-03-01", "happened_on": "2026-03-05"})
    assert "not after the complaint was received" in page.text
    assert db.session.query(queries.cases.Complaint).count() == 0


def test_a_decision_without_reasons_is_sent_back(handler, at_work):
    reference = assessed(handler)
    at_work.get(URL + reference)
    page = at_work.post_form({"decision": " "}, action="decide")
    assert "Choose what was decided" in page.text
    assert "Give the reasons of the decision" in page.text
    assert found(handler, reference).stage == "assessed"


def test_a_refused_case_can_only_leave_with_a_note(handler, at_work):
    reference = decided(handler)
    do(handler, service.record_answer, RecordAnswer, reference, "refused")
    page = at_work.get(f"{URL}{reference}/close")
    grounds = {radio["value"] for radio in page.soup.find_all("input", {"name": "ground"})}
    assert grounds == {"decided-externally", "exhausted"}
    page = at_work.post_form({"ground": "exhausted"}, action="close")
    assert "which steps were offered" in page.text
    at_work.post_form({"ground": "exhausted", "closing_note": "Offered the ombudsman"}, action="close")
    assert found(handler, reference).stage == "closed"


def test_the_slower_of_two_handlers_is_told_and_loses_no_text(acme, handler, at_work):
    reference = assessed(handler)
    at_work.get(URL + reference)
    do(handler, service.decide, service.Decide, reference, "upheld", "First")
    do(handler, service.record_answer, RecordAnswer, reference, "refused")
    page = at_work.post_form({"outcome": "rejected", "decision": "My long text"}, action="decide", status=409)
    assert "Somebody else changed this meanwhile" in page.text
    assert "My long text" in page.soup.find("textarea", {"name": "decision"}).get_text()
    assert found(handler, reference).decision == "First"
    at_work.post_form({}, action="decide")
    assert found(handler, reference).decision == "My long text"


def test_identity_is_shown_on_demand_and_the_reading_is_on_record(acme, handler, at_work):
    reference = registered(handler, complainant=Identity("Ana Ivanova", "ana@example.org"))
    assert "Ana Ivanova" not in at_work.get(URL + reference).text
    page = at_work.follow("Show who complained")
    assert "Ana Ivanova" in page.text
    assert "ana@example.org" in page.text
    assert page.soup.select(".timeline-title")[0].get_text() == "Identity of the complainant read"
    case = found(handler, reference)
    newest = timeline(reading(), acme.id, ("complaint", case.id))[0]
    assert (newest.event, newest.actor_id) == ("complaint:identity-read", handler.person_id)


def test_identity_stays_hidden_from_others(acme, browser, handler, clock):
    reference = registered(handler, complainant=Identity("Ana Ivanova"))
    auditor = browser(acme, "internal-auditor")
    page = auditor.get(URL + reference)
    assert "Ana Ivanova" not in page.text
    assert "not shown to your role" in page.text
    auditor.get(f"{URL}{reference}/complainant", status=403)
    assert references(auditor.get(f"{URL}?q=ivanova&stage=all")) == []
    assert page.soup.find("form", action=lambda url: url and "acknowledge" in url) is None


def test_staff_register_without_reading_the_register(acme, browser, clock):
    staff = browser(acme, "staff")
    staff.get(f"{URL}new")
    page = staff.post_form({"subject": "Told at the counter", "channel": "in-person"})
    assert "registered as C-2026-000001" in page.text
    staff.get(URL, status=403)
    staff.get(f"{URL}C-2026-000001", status=403)


def test_another_organisations_complaint_does_not_exist(acme, globex, browser, clock):
    registered(acme.actor("complaint-handler"))
    db.session.remove()
    stranger = browser(globex, "complaint-handler")
    stranger.get("/o/globex/complaints/C-2026-000001", status=404)
    stranger.get("/o/globex/complaints/C-2026-000001/complainant", status=404)
    stranger.get("/o/globex/complaints/")
    stranger.post("/o/globex/complaints/C-2026-000001/acknowledge", {"version": "1"}, status=404)
    assert references(stranger.get("/o/globex/complaints/?stage=all")) == []


def test_the_list_pages_filters_and_searches(acme, at_work):
    rows = spread(acme.id, 120)
    many(acme.id, rows)
    first = at_work.get(URL)
    assert len(references(first)) == 50
    assert "120 complaints" in first.text
    second = at_work.follow("Next")
    third = at_work.follow("Next")
    assert [len(references(page)) for page in (second, third)] == [50, 20]
    assert references(at_work.follow("Previous")) == references(second)
    assert references(at_work.follow("First")) == references(first)
    assert len(references(at_work.get(f"{URL}?channel=web&category=service"))) == 20
    assert references(at_work.get(f"{URL}?q=C-2026-000077")) == ["C-2026-000077"]
    assert "No complaint fits this" in at_work.get(f"{URL}?q=nowhere").text
    at_work.follow("Received")
    days = [row["received_at"] for row in rows]
    newest = at_work.get(f"{URL}?stage=all&sort=newest")
    assert references(newest)[0] in {row["reference"] for row in rows if row["received_at"] == max(days)}


@pytest.mark.parametrize(
    "address", ["?from=yesterday", "?stage=lost", "?sort=random", "?page=x", "?run=x", "?run=٣", "?to=2026-13-01"]
)
def test_an_address_changed_by_hand_is_refused_in_words(at_work, address):
    page = at_work.get(URL + address, status=400)
    assert "address" in page.text


def test_an_imported_complaint_shows_what_its_source_said(acme, at_work):
    run = run_added(acme.id)
    row = raw(acme.id, 5, import_run_id=run, stage="closed", channel="Fax machine", category="Mortgage")
    row |= {"closed_date_unknown": True, "source_status": "CLOSED/FINAL", "external_reference": "C77"}
    many(acme.id, [row])
    listed = at_work.get(f"{URL}?stage=all")
    assert "Fax machine" in listed.text
    assert "Mortgage" in listed.text
    page = at_work.get(f"{URL}C-2026-000005")
    assert "CLOSED/FINAL" in page.text
    assert "The source gives no date" in page.text
    assert "Brought in from a file" in page.text
    assert references(at_work.get(f"{URL}?stage=all&run={run}")) == ["C-2026-000005"]


def test_deciding_what_is_not_acknowledged_says_what_to_do(handler, at_work):
    reference = registered(handler)
    at_work.get(URL + reference)
    values = {"version": "1", "outcome": "upheld", "decision": "x", "others": "", "told_channel": ""}
    page = at_work.post(f"{URL}{reference}/decide", values)
    assert "Acknowledge the complaint first" in page.text


def test_what_is_kept_between_pages_is_never_another_organisations_or_roles(acme, globex, browser, clock):
    for house in (acme, globex):
        db.session.remove()
        many(house.id, [raw(house.id, 1)])
    seen = {}
    for house, role in [(acme, "quality-manager"), (globex, "quality-manager"), (acme, "internal-auditor")]:
        page = browser(house, role).get(f"/o/{house.slug}/complaints/")
        addresses = {link["href"] for link in page.soup.select("main a")}
        assert all(one.startswith(f"/o/{house.slug}/complaints/") for one in addresses)
        seen[house.slug, role] = page.text
    assert "Bring in a file" in seen["acme", "quality-manager"]
    assert "Register a complaint" not in seen["acme", "internal-auditor"]


def test_what_people_wrote_is_escaped_in_the_list_and_on_the_page(acme, handler, at_work):
    hostile = "</th><script>alert(1)</script>{{ 7*7 }} \x01 & <b>"
    row = raw(acme.id, 1, subject=hostile, channel=hostile[:90], category=hostile, import_run_id=run_added(acme.id))
    many(acme.id, [row])
    page = at_work.get(f"{URL}?stage=all")
    assert page.soup.select("tbody th a")[0].get_text() == hostile
    assert not page.soup.select("main script")
    page = at_work.get(f"{URL}C-2026-000001")
    assert page.title == " ".join(hostile.split())
    assert not page.soup.select("main script")
