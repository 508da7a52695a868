"""The page of a case and the pages of its acts over HTTP: what is offered when, what is kept, who sees what."""

from datetime import UTC, date, datetime
from io import BytesIO

import pytest

from auditkit.base import clock as time
from auditkit.base.db import reading, transaction
from auditkit.complaints import queries, service
from auditkit.complaints.correspondence import queries as letters
from auditkit.complaints.rules import TRIGGER_TITLES, Relation, Trigger
from auditkit.complaints.service import RecordAnswer
from auditkit.complaints.views.acts import ACTS
from tests.slices.complaints.recording import assessed, decided, do, found, history, investigated, registered
from tests.slices.complaints_clock.timing import TEHRAN, adopt, keep

URL = "/o/acme/complaints/"


@pytest.fixture
def at_work(acme, browser, clock):
    return browser(acme, "complaint-handler")


def next_title(page):
    section = page.soup.find(id="next")
    return section.h2.get_text(strip=True) if section else None


def offered(page):
    details = [one for one in page.soup.find_all("details") if "What else can be done" in one.summary.get_text()]
    return {link["href"].rsplit("/", 1)[-1] for link in details[0].find_all("a")} if details else set()


def test_a_small_case_is_done_in_five_forms(handler, at_work):
    reference = registered(handler, severity="low", channel="phone")
    page = at_work.get(URL + reference)
    assert next_title(page) == "Acknowledge"
    page = at_work.post_form(action="acknowledge")
    assert next_title(page) == "Assess"
    page = at_work.post_form({"complexity": "simple", "reach": "one"}, action="assess")
    assert next_title(page) == "Decide"
    page = at_work.post_form(
        {"outcome": "upheld", "decision": "We were late", "told_channel": "phone"}, action="decide"
    )
    assert next_title(page) == "Record the answer"
    page = at_work.post_form({"answer": "accepted"}, action="answer")
    assert next_title(page) == "Close"
    page = at_work.post_form(action="close")
    assert next_title(page) is None
    assert found(handler, reference).stage == "closed"


def test_a_grave_case_is_investigated_with_files_approved_and_delivered(acme, handler, manager, browser, at_work):
    with transaction(manager) as tx:
        service.set_limit(tx, service.SetLimit("EUR", 5_000, "complaint-handler"), time.now(), manager)
    reference = assessed(handler, "critical", "complex", "many")
    page = at_work.get(URL + reference)
    assert next_title(page) == "Investigate"
    assert "This case should go to another level" in page.text
    page = at_work.post_form(
        {"plan": "Ask the depot", "files": (BytesIO(b"depot list"), "depot.txt")}, action="investigate"
    )
    assert "depot.txt" in page.text
    assert next_title(page) == "Investigate"
    page = at_work.post_form({"facts": "It stood there", "ended": "y"}, action="investigate")
    assert "Choose the root cause" in page.text
    page = at_work.post_form(
        {"cause": "process", "independence": "Nobody of the depot took part"}, action="investigate"
    )
    assert next_title(page) == "Decide"
    decision = {"outcome": "upheld", "decision": "We were late", "remedies": "refund", "amount": "1,250.50"}
    page = at_work.post_form(decision, action="decide")
    assert "Say in which currency" in page.text
    page = at_work.post_form({"currency": "eur"}, action="decide")
    assert "Say by which day" in page.text
    page = at_work.post_form({"promised_on": "2026-03-09"}, action="decide")
    assert next_title(page) is None
    assert "Waits for approval" in page.text
    boss = browser(acme, "quality-manager")
    page = boss.get(URL + reference)
    assert next_title(page) == "Approve the decision"
    assert "1250.50 EUR" in page.text
    boss.follow("Send it back")
    page = boss.post_form({"reason": "Half is enough"}, action="send-back")
    assert next_title(page) == "Decide"
    page = at_work.get(URL + reference)
    page = at_work.post_form({"amount": "625"}, action="decide")
    boss.get(URL + reference)
    page = boss.post_form(action="approve")
    assert next_title(page) == "Tell the complainant"
    at_work.get(URL + reference)
    at_work.post_form({"channel": "post", "options": "Ombudsman"}, action="tell")
    page = at_work.post_form({"answer": "accepted"}, action="answer")
    assert next_title(page) == "Deliver the remedy"
    page = at_work.post_form({"proof": "Bank receipt 12"}, action="deliver")
    assert next_title(page) == "Close"
    decision = history(handler, reference).decisions[0]
    assert (decision.amount, decision.currency, decision.delivered_on) == (62_500, "EUR", date(2026, 3, 2))


def test_what_else_can_be_done_fits_the_case(handler, at_work):
    reference = registered(handler)
    page = at_work.get(URL + reference)
    assert offered(page) == {
        "assign", "wait", "escalate", "refer", "name-person", "reclassify", "link", "duplicate", "withdraw", "files",
        "correct", "correct-complainant",
    }  # fmt: skip
    assert "close" in offered(at_work.get(URL + decided(handler)))
    closed = decided(handler)
    do(handler, service.record_answer, RecordAnswer, closed, "accepted")
    do(handler, service.close, service.Close, closed, "accepted")
    assert offered(at_work.get(URL + closed)) == {
        "reclassify", "correct", "correct-complainant", "link", "reopen", "files", "detriment",
    }  # fmt: skip


@pytest.mark.parametrize("act", [one.name for one in ACTS if one.permission == "complaints.handle"])
def test_every_act_has_a_page_with_one_form(handler, at_work, act):
    reference = decided(handler)
    page = at_work.get(f"{URL}{reference}/{act}")
    assert page.form(act)


def test_side_ways_by_their_pages(acme, handler, manager, at_work):
    reference, other = assessed(handler), registered(handler)
    for act, values in [
        ("assign", {"owner": str(manager.person_id), "deputy": str(handler.person_id), "review_on": "2026-03-09"}),
        ("wait", {"waits_for": "expert", "awaited": "The laboratory's report"}),
        ("end-wait", {"came": "Report 7"}),
        ("escalate", {"level": "3", "reason": "A journalist called", "triggers": "public"}),
        ("name-person", {"person": str(acme.person("staff"))}),
        ("clear-person", {"reason": "It was a driver of the carrier"}),
        ("link", {"other": other, "relation": "same-cause"}),
        ("unlink", {}),
        ("refer", {"body": "Ombudsman", "body_reference": "88/26"}),
        ("end-referral", {"body_outcome": "As we did"}),
        ("reclassify", {"kind": "dispute", "reason": "It is before the ombudsman"}),
        ("files", {"files": (BytesIO(b"a letter"), "letter.txt"), "note": "The complainant's letter"}),
        ("note", {"note": "@quality-manager of acme look at the letter"}),
        ("withdraw", {"reason": "She called: settled"}),
        ("reopen", {"reason": "She called again"}),
    ]:
        at_work.get(f"{URL}{reference}/{act}")
        page = at_work.post_form(values, action=f"/{act}")
        assert page.path == URL + reference, f"{act}: {page.text[:800]}"
    kept = history(handler, reference)
    assert (kept.pauses[0].came, kept.escalations[0].to_level, kept.referrals[0].overturned) == ("Report 7", 4, False)
    case = found(handler, reference)
    assert (case.kind, case.owner_id, case.reopened) == ("dispute", manager.person_id, 1)
    for text in (
        "The laboratory's report",
        "A journalist called",
        "88/26",
        "letter.txt",
        "look at the letter",
        "1 time",
    ):
        assert text in page.text, text


def test_a_refused_act_shows_what_to_mend_and_keeps_what_was_typed(handler, at_work):
    reference = assessed(handler)
    at_work.get(f"{URL}{reference}/duplicate")
    page = at_work.post_form({"other": reference}, action="duplicate")
    assert "Enter the reference of another complaint" in page.text
    at_work.get(f"{URL}{reference}/refer")
    page = at_work.post_form({"body": "Ombudsman", "on": "2026-03-03"}, action="refer")
    assert "not before the referral and not in the future" in page.text
    assert page.form("refer").find("input", {"name": "body"})["value"] == "Ombudsman"
    page = at_work.get(f"{URL}{reference}/link")
    at_work.post_form({"other": "C-1999-000001"}, action="link", status=404)


def test_a_conflict_keeps_the_text_on_every_page_of_an_act(handler, manager, at_work):
    reference = assessed(handler, "high", "complex")
    at_work.get(URL + reference)
    do(manager, service.assign, service.Assign, reference, manager.person_id)
    page = at_work.post_form({"facts": "A long account of what was found"}, action="investigate", status=409)
    assert "Somebody else changed this meanwhile" in page.text
    assert page.form("investigate").find("textarea", {"name": "facts"}).get_text().strip() == (
        "A long account of what was found"
    )
    page = at_work.post_form({}, action="investigate")
    assert history(handler, reference).investigations[0].facts == "A long account of what was found"


def test_whoever_is_complained_about_is_told_so(acme, handler, manager, browser, at_work):
    reference = assessed(manager, "high", "simple")
    do(manager, service.name_person, service.NamePerson, reference, handler.person_id)
    page = at_work.get(URL + reference)
    assert "A member is complained about" in page.text
    page = at_work.post_form({"plan": "Look into myself"}, action="investigate")
    assert "You are complained about in this case" in page.text
    assert not history(manager, reference).investigations


def test_the_refusal_names_owner_review_and_next_steps(handler, manager, at_work):
    with transaction(manager) as tx:
        service.set_practice(
            tx, service.SetPractice("EUR", "Consumer Ombudsman, Park Lane", 10, 90), time.now(), manager
        )
    reference = decided(handler)
    at_work.get(URL + reference)
    page = at_work.post_form({"answer": "refused", "review_on": "2026-03-01"}, action="answer")
    assert "looked at again" in page.text
    page = at_work.post_form({"review_on": "2026-03-12"}, action="answer")
    for text in ("The case stays open", "Consumer Ombudsman, Park Lane", "Level 2", "12 Mar 2026"):
        assert text in page.text, text


def test_the_wish_for_another_level_is_answered(acme, handler, at_work):
    reference = assessed(handler)
    with transaction(acme.public) as tx:
        service.ask_escalation(tx, service.AskEscalation(reference, "Nobody listens"), time.now(), acme.public)
    page = at_work.get(URL + reference)
    assert "The complainant asks for another level" in page.text
    at_work.get(f"{URL}{reference}/decline")
    page = at_work.post_form({"reason": "Decided tomorrow"}, action="decline")
    assert "asks for another level" not in page.text


def test_a_missed_time_limit_speaks_for_another_level(acme, handler, manager, at_work, clock):
    keep(acme)
    adopt(acme)
    reference = assessed(handler, received_at=time.now())
    assert "should go to another level" not in at_work.get(URL + reference).text
    clock.advance(days=60)
    page = at_work.get(URL + reference)
    assert "A time limit was missed" in page.text


def _above_the_limit(handler, manager):
    with transaction(manager) as tx:
        service.set_limit(tx, service.SetLimit("EUR", 500, "complaint-handler"), time.now(), manager)
    grants = {"remedies": ("refund",), "amount": 900, "currency": "EUR", "promised_on": date(2026, 3, 20)}
    return decided(handler, told="", decision=grants)


def _refused(handler, _manager):
    reference = decided(handler)
    named = {"owner_id": handler.person_id, "review_on": date(2026, 3, 16), "next_external": "The ombudsman"}
    do(handler, service.record_answer, RecordAnswer, reference, "refused", **named)
    return reference


def _about_a_member(handler, manager):
    reference = assessed(handler)
    do(handler, service.name_person, service.NamePerson, reference, manager.person_id)
    return reference


def _repeated(handler, _manager):
    earlier, reference = registered(handler, received_at=time.now()), assessed(handler, received_at=time.now())
    do(handler, service.link, service.LinkTo, reference, earlier, Relation.REPEAT)
    return reference


def _with(**said):
    def made(handler, _manager):
        reference = registered(handler)
        do(handler, service.acknowledge, service.Acknowledge, reference)
        do(handler, service.assess, service.Assess, reference, "low", "simple", "one", **said)
        return reference

    return made


@pytest.mark.sqlite_only
@pytest.mark.parametrize(
    ("made", "trigger"),
    [
        (_above_the_limit, Trigger.AUTHORITY),
        (_refused, Trigger.REFUSAL),
        (_about_a_member, Trigger.CONFLICT),
        (_repeated, Trigger.REPEAT),
        (_with(safety=True), Trigger.SAFETY),
        (_with(facts=("vulnerable",)), Trigger.VULNERABLE),
        (_with(facts=("public",)), Trigger.PUBLIC),
    ],
)
def test_what_is_on_record_speaks_for_another_level(handler, manager, at_work, made, trigger):
    page = at_work.get(URL + made(handler, manager))
    assert "should go to another level" in page.text
    assert TRIGGER_TITLES[trigger] in page.text


def test_suggestions_are_linked_with_one_button(handler, at_work):
    who = service.Identity("Ana Ivanova", "ana@example.org")
    first = registered(handler, "Late once", complainant=who)
    second = registered(handler, "Late again", complainant=who)
    page = at_work.get(URL + second)
    assert f"{first} Late once" in page.text
    assert "Ana" not in page.text
    page = at_work.post_form(action="/link")
    assert "The complaints are linked" in page.text
    assert history(handler, second).links[0].relation == "repeat"


def test_mentions_are_seen(acme, handler, manager, browser, at_work):
    reference = registered(handler)
    at_work.get(URL + reference)
    at_work.post_form({"note": "@quality-manager please look"}, action="/note")
    boss = browser(acme, "quality-manager")
    assert "Notes that mention you" in boss.get("/o/acme/").text
    page = boss.get(URL + reference)
    boss.post_form(action="/seen")
    assert "Notes that mention you" not in boss.get("/o/acme/").text
    assert queries.mentions_of(reading(manager), manager.person_id) == []
    assert "please look" in page.text


def test_an_auditor_reads_everything_and_does_nothing(acme, handler, browser):
    reference = assessed(handler, "high", "complex")
    investigated(handler, reference)
    auditor = browser(acme, "internal-auditor")
    page = auditor.get(URL + reference)
    assert "The parcel stood in the depot" in page.text
    assert page.soup.find(id="next") is None
    assert not offered(page)
    acts = {f"{URL}{reference}/{one.name}" for one in ACTS}
    assert not [form for form in page.soup.select("main form") if form["action"] in acts]
    auditor.get(f"{URL}{reference}/decide", status=403)


def test_only_those_who_may_approve_see_the_button(acme, handler, browser, at_work):
    reference = assessed(handler)
    at_work.get(f"{URL}{reference}/approve", status=403)
    browser(acme, "quality-manager").get(f"{URL}{reference}/send-back")


def test_settings_of_handling(acme, browser, clock, manager):
    page = browser(acme, "quality-manager")
    page.get(URL)
    page.follow("How complaints are handled here")
    shown = page.post_form({"who": "role:complaint-handler", "amount": "100", "currency": "eur"}, action="limits")
    assert "100.00" in shown.text
    shown = page.post_form({"amount": "lots", "currency": "eur"}, action="limits")
    assert "Enter an amount such as 45.90" in shown.text
    page.get(f"{URL}settings/handling")
    shown = page.post_form({"external_bodies": "Ombudsman", "review_days": "0"}, action="handling")
    assert "Enter 1 to 90 days" in shown.text
    page.post_form({"review_days": "7", "currency": "gbp"}, action="handling")
    assert queries.practice(reading(manager)) == queries.Practice("GBP", "Ombudsman", 7, 90)
    shown = page.post_form(action="remove")
    assert "No limit is set" in shown.text
    browser(acme, "complaint-handler").get(f"{URL}settings/handling", status=403)


@pytest.mark.sqlite_only
def test_a_case_tells_times_by_the_organisations_clock(acme, browser, clock):
    # Given Tehran, and a case that came in when the day there had begun and that of UTC had not
    keep(acme, TEHRAN)
    clock.advance(hours=12, minutes=30)
    reference = registered(acme.actor("complaint-handler"), received_at=clock.at)
    page = browser(acme, "complaint-handler").get(f"/o/acme/complaints/{reference}")
    # Then the page, the list and the letter say the day and hour there, and the foot says whose clock it is
    assert "3 Mar 2026, 01:00" in page.text
    assert "UTC" not in page.text
    assert "Times of Asia/Tehran" in page.soup.select_one("footer").get_text()
    assert "3 Mar 2026" in browser(acme, "complaint-handler").get("/o/acme/complaints/").text
    assert letters.facts(reading(acme.system), reference).received == date(2026, 3, 3)
    # And a day whose hour nobody knows stays that day
    old = registered(
        acme.actor("complaint-handler"), received_at=datetime(2026, 3, 1, tzinfo=UTC), received_is_day=True
    )
    said = browser(acme, "complaint-handler").get(f"/o/acme/complaints/{old}").text
    assert "1 Mar 2026" in said
    assert "03:30" not in said


@pytest.mark.sqlite_only
def test_it_is_asked_at_closing_and_later_whether_the_complainant_was_treated_worse(acme, handler, at_work):
    reference = decided(handler)
    do(handler, service.record_answer, RecordAnswer, reference, "accepted")
    at_work.get(f"{URL}{reference}/close")
    at_work.post_form({"ground": "accepted"}, action="close")
    page = at_work.get(URL + reference)
    assert "Nobody has looked yet whether the complainant was treated worse" in page.text
    at_work.get(f"{URL}{reference}/detriment")
    page = at_work.post_form({"detriment": "unclear"}, action="detriment")
    assert "Say what you found, or why it could not be found out" in page.text
    at_work.post_form({"detriment": "unclear", "detriment_note": "She moved away"}, action="detriment")
    page = at_work.get(URL + reference)
    section = page.soup.find(id="detriment").parent.get_text(" ", strip=True)
    assert "It could not be found out" in section
    assert "She moved away" in section
    assert "complaint-handler of acme" in section
