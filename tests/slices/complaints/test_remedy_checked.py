"""That a delivered remedy was checked: who may, what a lacking one leaves, where it shows."""

from datetime import UTC, date
from types import SimpleNamespace

import pytest

from auditkit.audits.filetest.rules import File, trace
from auditkit.base import clock as time
from auditkit.base.db import reading, transaction
from auditkit.base.errors import Conflict, Forbidden
from auditkit.complaints import queries, rules, service
from auditkit.complaints.checking import machine
from auditkit.complaints.checking.machine import Check
from auditkit.complaints.checking.populations import Part
from auditkit.complaints.service import Close, Deliver, NamePerson, RecordAnswer, Reopen, VerifyRemedy
from auditkit.journal import queries as journal
from tests.slices.complaints.recording import decided, do, found, history

URL = "/o/acme/complaints/"
DAY = date(2026, 3, 2)
REFUND = {"remedies": ("refund",), "amount": 4_590, "currency": "EUR", "promised_on": date(2026, 3, 9)}


def delivered(actor):
    reference = decided(actor, decision=REFUND)
    do(actor, service.record_answer, RecordAnswer, reference, "accepted")
    do(actor, service.deliver, Deliver, reference, DAY, "Bank receipt 12")
    return reference


def check(actor, reference, word="as-promised", on=DAY, note="The complainant says the money came"):
    do(actor, service.verify_remedy, VerifyRemedy, reference, word, on, note)


def test_somebody_else_checked_it(acme, handler, manager):
    reference = delivered(handler)
    assert history(handler, reference).unchecked
    check(manager, reference)
    told = history(handler, reference)
    [one] = told.remedy_checks
    assert (one.found, one.note, one.checked_on, one.checked_by, one.delivered_by, one.by_another) == (
        "as-promised", "The complainant says the money came", DAY, manager.person_id, handler.person_id, True,
    )  # fmt: skip
    assert not told.unchecked
    last = journal.timeline(reading(), acme.id, ("complaint", found(handler, reference).id))[0]
    assert (last.event, last.actor_id) == ("complaint:remedy-checked", manager.person_id)
    assert last.facts.items() >= {"found": "as-promised", "by_another": True, "on": "2026-03-02"}.items()
    assert last.personal["check_note"] == "The complainant says the money came"
    do(handler, service.close, Close, reference, "accepted")


def test_a_lacking_remedy_is_owed_again_and_keeps_what_was_said_of_it(handler, manager):
    reference = delivered(handler)
    check(manager, reference, "lacking", note="Half of it came")
    told = history(handler, reference)
    assert (told.decisions[0].delivered_on, told.decisions[0].delivery) == (None, "")
    assert (told.remedy_checks[0].delivered_on, told.remedy_checks[0].delivery) == (DAY, "Bank receipt 12")
    assert found(handler, reference).next_act == "deliver"
    with pytest.raises(rules.RemedyNotDelivered):
        do(handler, service.close, Close, reference, "accepted")
    with pytest.raises(rules.NothingDelivered):
        check(manager, reference)
    do(handler, service.deliver, Deliver, reference, DAY, "Bank receipt 13")
    assert history(handler, reference).unchecked
    check(manager, reference)
    assert [one.found for one in history(handler, reference).remedy_checks] == ["as-promised", "lacking"]
    do(handler, service.close, Close, reference, "accepted")


def test_who_delivered_may_check_and_it_is_shown(handler):
    reference = delivered(handler)
    check(handler, reference)
    assert not history(handler, reference).remedy_checks[0].by_another


@pytest.mark.parametrize(
    ("more", "refusal"),
    [
        ({"on": date(2026, 3, 3)}, rules.CheckedInFuture),
        ({"on": date(2026, 3, 1)}, rules.CheckedBeforeDelivery),
        ({"note": "  "}, rules.CheckUndescribed),
        ({"word": "perhaps"}, rules.UnknownWord),
    ],
)
def test_a_check_that_says_nothing_is_refused(handler, more, refusal):
    reference = delivered(handler)
    with pytest.raises(refusal):
        check(handler, reference, **more)
    assert history(handler, reference).unchecked


def test_nobody_checks_who_may_not(acme, handler, manager):
    reference = decided(handler)
    with pytest.raises(rules.NothingDelivered):
        check(manager, reference)
    reference = delivered(handler)
    with pytest.raises(Forbidden):
        check(acme.actor("staff"), reference)
    with pytest.raises(rules.PersonNeeded):
        check(acme.system, reference)
    with pytest.raises(Conflict), transaction(manager) as tx:
        command = VerifyRemedy(reference, 1, "as-promised", DAY, "Seen")
        service.verify_remedy(tx, command, time.now(), manager)
    do(handler, service.name_person, NamePerson, reference, manager.person_id)
    with pytest.raises(rules.ComplainedAbout):
        check(manager, reference)


def test_after_closing_too_and_a_lacking_one_is_opened_again(handler, manager):
    reference = delivered(handler)
    do(handler, service.close, Close, reference, "accepted")
    check(manager, reference, "lacking", note="It bounced")
    assert found(handler, reference).stage == "closed"
    do(handler, service.reopen, Reopen, reference, "The refund bounced")
    assert found(handler, reference).stage == "assessed"


def test_the_way_of_a_case_has_its_step(handler, manager):
    reference = delivered(handler)

    def step():
        with transaction(handler) as tx:
            case = queries.by_reference(tx, reference)
            record = queries.snapshot(tx, case.id)
        return {one.title: one.done for one in trace(File(record, SimpleNamespace(dues=()), UTC))}["Remedy checked"]

    assert step() is None
    check(manager, reference)
    assert step() == DAY
    check(manager, reference, "lacking", note="The bank took it back")
    assert step() is None


@pytest.mark.sqlite_only
def test_by_its_page(acme, handler, manager, browser):
    reference = delivered(handler)
    own = browser(acme, "complaint-handler")
    page = own.get(URL + reference)
    assert "Nobody has checked yet whether the remedy came as it was promised." in page.text
    page = own.get(f"{URL}{reference}/check-remedy")
    assert "You delivered it yourself." in page.text
    page = own.post_form({"check_note": "Seen in the account"}, action="check-remedy")
    assert "Choose what was seen" in page.text
    assert "Seen in the account" in page.text
    page = own.post_form({"found": "as-promised"}, action="check-remedy")
    assert "Checked by whoever delivered it" in page.text
    boss = browser(acme, "quality-manager")
    page = boss.get(f"{URL}{reference}/check-remedy")
    assert "You delivered it yourself." not in page.text
    page = boss.post_form(
        {"found": "lacking", "checked_on": "2026-03-02", "check_note": "5 EUR short"}, action="check-remedy"
    )
    section = page.text[page.text.index("Was the remedy checked?") :]
    assert "5 EUR short" in section
    assert "Bank receipt 12" in section


def test_a_lacking_remedy_counts_as_not_delivered(handler, manager, clock):
    reference = delivered(handler)
    check(manager, reference, "lacking", note="It bounced")
    clock.advance(days=10)
    with transaction(handler) as tx:
        part = Part(date(2026, 1, 1), date(2026, 12, 31))
        late = machine.exceptions(tx, part, Check.DELIVERED, time.now(), limit=5)
    assert [one.reference for one in late] == [reference]
