"""What complainants do on their own page, and what they do not get to see."""

import io

import pytest

from auditkit.base import limits as counting
from auditkit.base.db import db, reading, transaction
from auditkit.complaints import queries, service
from auditkit.complaints.clock.service import settings as limits
from auditkit.complaints.correspondence import service as correspondence
from auditkit.complaints.correspondence.models import ComplaintMessage
from auditkit.complaints.intake import rules
from auditkit.complaints.models import Complaint
from auditkit.evidence import queries as evidence
from auditkit.evidence import service as evidence_service
from auditkit.evidence.intake import receive
from auditkit.journal import queries as journal
from tests.slices.complaints.intake.deciding import act, decide, version
from tests.slices.complaints.intake.filling import PNG, receipt_of, send
from tests.slices.complaints_clock.timing import TEHRAN, keep

MINE = "/p/acme/complaints/mine"


@pytest.fixture
def stranger(acme, browser, clock):
    """Somebody whose complaint C-2026-000001 has come in, on the own page."""
    found = browser()
    found.reference, found.secret = receipt_of(send(found, clock))
    found.get(MINE)
    return found


def events(house):
    return [one.event for one in journal.timeline(reading(house.system), house.id, ("complaint", 1))]


def case(house):
    return queries.by_reference(reading(house.system), "C-2026-000001")


def test_messages_of_the_organisation_are_read_and_answered_with_files(acme, stranger, clock):
    command = correspondence.Write(1, "progress", "We asked the carrier.", channel="web")
    act(acme, correspondence.write_to_complainant, command, "complaint-handler")
    page = stranger.get(MINE)
    assert "We asked the carrier." in page.text
    page = stranger.post_form(
        {"text": "The neighbour saw it.", "files": [(io.BytesIO(PNG), "van.png")]}, action="/reply"
    )
    assert "Your message has arrived" in page.text
    assert "The neighbour saw it." in page.text
    assert stranger.follow("van.png").response.get_data() == PNG
    kept = reading(acme.system).query(ComplaintMessage).filter_by(direction="in").one()
    assert (kept.author, kept.text) == ("complainant", "The neighbour saw it.")
    assert "complaint:message-received" in events(acme)


def test_a_message_that_cannot_be_taken_comes_back_as_it_was(acme, stranger):
    page = stranger.post_form(
        {"text": "See this", "files": [(io.BytesIO(b"MZ" + b"\0" * 99), "evil.exe")]}, action="/reply"
    )
    assert "evil.exe" in page.text
    assert "program" in page.text
    assert page.soup.find("textarea", {"name": "text"}).get_text().strip() == "See this"
    assert "Write the message before it is sent" in stranger.post_form({"text": ""}, action="/reply").text
    assert reading(acme.system).query(ComplaintMessage).count() == 0


def test_good_files_wait_while_a_message_is_mended(acme, stranger):
    files = [
        (io.BytesIO(PNG), "van.png"),
        (io.BytesIO(b"MZ" + b"\0" * 99), "evil.exe"),
        (io.BytesIO(b"hello"), "b.txt"),
    ]
    page = stranger.post_form({"text": "See these", "files": files}, action="/reply")
    assert "evil.exe" in page.text
    assert page.soup.find("label", {"for": "drop-1"}).get_text(" ", strip=True) == "Take out van.png"
    page = stranger.post_form({"drop": "2", "text": "x" * 5_001}, action="/reply")
    assert "van.png" in page.text, "kept whatever else was wrong"
    assert "b.txt" not in page.text
    page = stranger.post_form({"text": "See this"}, action="/reply")
    assert "Your message has arrived" in page.text
    assert [one.file.name for one in evidence.for_subject(reading(acme.system), ("complaint", 1))] == ["van.png"]
    assert not page.soup.find("input", {"name": "drop"}), "the next message begins anew"


def test_a_button_pressed_twice_sends_one_message_and_loses_no_file(acme, stranger, clock):
    form = {one["name"]: one.get("value", "") for one in stranger.page.form("/reply").find_all("input", type="hidden")}

    def press(text: str, **files: bytes) -> int:
        sent = [(io.BytesIO(data), f"{name}.txt") for name, data in files.items()]
        page = stranger.post(f"{MINE}/reply", {**form, "text": text, "files": sent})
        assert "Your message has arrived" in page.text
        db.session.rollback()
        return reading(acme.system).query(ComplaintMessage).count()

    assert [press("Here", a=b"one"), press("Here", a=b"one"), press("Here")] == [1, 1, 1]
    assert press("Here", b=b"two") == 2, "another file is another message"
    assert press("There") == 3
    clock.advance(minutes=2)
    assert press("There") == 4, "said again later it is said again"
    kept = {one.file.name for one in evidence.for_subject(reading(acme.system), ("complaint", 1))}
    assert kept == {"a.txt", "b.txt"}


def test_files_can_be_sent_without_a_word(acme, stranger):
    page = stranger.post_form({"files": [(io.BytesIO(PNG), "van.png")]}, action="/reply")
    assert "Your message has arrived" in page.text
    assert stranger.follow("van.png").response.get_data() == PNG


def test_what_was_awaited_goes_on_when_the_complainant_writes(acme, stranger):
    command = service.WaitFor("C-2026-000001", version(acme, "C-2026-000001"), "complainant", "A photo")
    act(acme, service.wait_for, command)
    stranger.get(MINE)
    stranger.post_form({"text": "Here it is"}, action="/reply")
    assert "complaint:information-came" in events(acme)


def test_the_decision_is_refused_in_words_and_the_case_stays_open(acme, stranger):
    assert not stranger.get(MINE).soup.find("form", {"action": f"{MINE}/answer"}), "there is nothing to answer yet"
    decide(acme, "C-2026-000001", "rejected", "It was delivered.")
    page = stranger.get(MINE)
    assert "It was delivered." in page.text
    assert "Choose what you say" in stranger.post_form(action="/answer").text
    page = stranger.post_form({"answer": "refused", "words": "Nobody was at home."}, action="/answer")
    assert "The case stays open" in page.text
    assert "Nobody was at home." in page.text
    assert case(acme).answer == "refused"
    assert case(acme).stage != "closed"
    decide(acme, "C-2026-000001", "upheld", "The signature is not hers.")
    stranger.get(MINE)
    page = stranger.post_form({"answer": "accepted"}, action="/answer")
    assert "You accepted it" in page.text
    stranger.post(f"{MINE}/answer", {"answer": "refused"})
    assert "is on record" in stranger.page.text, "answered once"


def test_a_proposed_decision_is_not_shown_before_it_is_approved(acme, stranger):
    with transaction(acme.system) as tx:
        one = tx.get(Complaint, 1)
        one.stage, one.acknowledged_at = "proposed", one.received_at
        one.outcome, one.decision, one.decided_at = "upheld", "Not approved yet", one.received_at
    page = stranger.get(MINE)
    assert "Not approved yet" not in page.text
    assert "A decision is being checked" in page.text


def test_a_decision_is_shown_when_it_was_told_and_not_before(acme, stranger):
    decide(acme, "C-2026-000001", "rejected", "It was delivered.", told="")
    page = stranger.get(MINE)
    assert "It was delivered." not in page.text
    assert "There is a decision" not in page.soup.find("li", {"aria-current": "step"}).text
    assert not page.soup.find("form", {"action": f"{MINE}/answer"})
    stranger.post(f"{MINE}/answer", {"answer": "refused", "words": "Guessed it"})
    assert case(acme).answer == "", "what was not told cannot be answered"
    act(acme, service.tell, service.Tell("C-2026-000001", version(acme, "C-2026-000001"), "phone"))
    page = stranger.get(MINE)
    assert "It was delivered." in page.text
    assert page.soup.find("form", {"action": f"{MINE}/answer"})


def test_a_decision_that_is_sent_has_been_told(acme, stranger, clock):
    decide(acme, "C-2026-000001", "upheld", "You are right.", told="")
    letter = correspondence.Write(1, "decision", "We decided for you.", channel="web")
    act(acme, correspondence.send_letter, letter)
    page = stranger.get(MINE)
    assert "We decided for you." in page.text
    assert "You are right." in page.text


def test_a_decision_that_replaces_a_refused_one_is_hidden_until_it_is_told(acme, stranger):
    decide(acme, "C-2026-000001", "rejected", "It was delivered.")
    stranger.get(MINE)
    stranger.post_form({"answer": "refused", "words": "No."}, action="/answer")
    decide(acme, "C-2026-000001", "upheld", "The signature is not hers.", told="")
    assert "The signature is not hers." not in stranger.get(MINE).text


def test_a_case_withdrawn_before_the_decision_was_told_shows_none(acme, stranger):
    decide(acme, "C-2026-000001", "rejected", "It was delivered.", told="")
    stranger.get(MINE)
    stranger.post_form({"words": "It came after all."}, action="/withdraw")
    page = stranger.get(MINE)
    assert "It was delivered." not in page.text


def test_the_complaint_is_withdrawn_with_a_reason(acme, stranger):
    assert "Say why in a few words" in stranger.post_form(action="/withdraw").text
    page = stranger.post_form({"words": "It came after all."}, action="/withdraw")
    assert "Your complaint is withdrawn" in page.text
    assert (case(acme).stage, case(acme).closing_ground) == ("closed", "withdrawn")
    assert "complaint:withdrawn" in events(acme)
    stranger.post(f"{MINE}/withdraw", {"words": "Again"})
    assert "This complaint is closed" in stranger.page.text


def test_somebody_higher_is_asked_for_once(acme, stranger):
    page = stranger.post_form({"words": "Nobody answers."}, action="/higher")
    assert "Your wish has arrived" in page.text
    assert "complaint:escalation-asked" in events(acme)
    page = stranger.post_form({"words": "Still nobody."}, action="/higher")
    assert "There is a problem" in page.text


def test_nothing_internal_is_shown(acme, stranger, clock):
    act(acme, service.write_note, service.WriteNote("C-2026-000001", "He always complains"))
    files = receive([(io.BytesIO(b"our own notes"), "internal.txt")])
    may = acme.actor("complaint-handler")
    with transaction(may) as tx:
        evidence_service.add(tx, evidence_service.Add(files, subject=("complaint", 1)), clock.at, may)
    (own,) = evidence.for_subject(reading(acme.system), ("complaint", 1))
    page = stranger.get(MINE)
    assert "He always complains" not in page.text
    assert "internal.txt" not in page.text
    assert "of acme" not in page.text, "nobody's name from inside"
    stranger.get(f"{MINE}/files/{own.file.id}", status=404)


def test_strangers_get_nothing_of_it(acme, stranger, browser):
    other = browser()
    assert other.get(MINE).path.endswith("/track")
    other.get(f"{MINE}/receipt/received.json", status=404)
    other.get(f"{MINE}/files/1", status=404)
    other.get("/p/acme/complaints/track")
    for act_name in ("reply", "answer", "withdraw", "higher"):
        other.post(f"{MINE}/{act_name}", {"text": "x", "words": "x", "answer": "accepted"}, status=404)
        other.get("/p/acme/complaints/track")
    stranger.get(f"{MINE}/receipt/secrets.txt", status=404)


def test_that_a_message_was_seen_is_put_on_record_once(acme, stranger, clock):
    command = correspondence.Write(1, "progress", "We asked the carrier.", channel="web")
    act(acme, correspondence.write_to_complainant, command, "complaint-handler")
    assert reading(acme.system).query(ComplaintMessage.read_at).scalar() is None
    stranger.get(MINE)
    seen = reading(acme.system).query(ComplaintMessage.read_at).scalar()
    assert seen == clock.at
    clock.advance(hours=1)
    stranger.get(MINE)
    assert reading(acme.system).query(ComplaintMessage.read_at).scalar() == seen
    assert events(acme).count("complaint:message-read") == 1


def test_the_next_step_and_its_date_come_from_the_clock(acme, browser, clock):
    keep(acme, TEHRAN)
    with transaction(acme.system) as tx:
        own = limits.put_set(tx, limits.PutSet(None, "Our promise"), clock.at, acme.system)
        for target, amount in (("acknowledge", 2), ("assess", 1), ("decide", 14)):
            values = limits.LimitValues(target, "receipt", amount, "days")
            limits.put_limit(tx, limits.PutLimit(own, None, values), clock.at, acme.system)
    page = browser().get("/p/acme/complaints")
    assert "within 2 days" in page.text
    assert "within 14 days" in page.soup.find("svg", class_="process-map").get_text()
    stranger = browser()
    send(stranger, clock)
    page = stranger.get(MINE)
    assert "Next: We tell you that we have read it – until" in page.text, "what is the organisation's own affair is not"
    assert "4 Mar 2026, 23:59 (Times of Asia/Tehran)" in " ".join(page.soup.get_text(" ", strip=True).split())
    act(acme, service.acknowledge, service.Acknowledge("C-2026-000001", version(acme, "C-2026-000001")))
    assert "Next: We tell you what we decided – until" in stranger.get(MINE).text


def test_messages_are_limited_for_a_network(acme, stranger, clock):
    with transaction() as tx:
        for _ in range(rules.ACT_LIMIT.an_hour):
            counting.take(tx, rules.ACT_LIMIT, "127.0.0.1", clock.at, scope=str(acme.id))
    page = stranger.post_form({"text": "Once more"}, action="/reply")
    assert "Too many attempts came from your network" in page.text
    assert page.soup.find("textarea", {"name": "text"}).get_text().strip() == "Once more"
