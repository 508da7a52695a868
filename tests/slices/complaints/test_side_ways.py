"""Levels, external bodies, waiting, ends, reopening, links, suggestions and notes, on a real database."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from auditkit.accounts.models import Person
from auditkit.base import clock as time
from auditkit.base.db import reading, transaction
from auditkit.base.errors import Conflict, NotFound
from auditkit.base.outbox import OutboxMail
from auditkit.complaints import queries, rules, service
from auditkit.complaints.rules import Relation
from auditkit.complaints.service import (
    AskEscalation,
    Came,
    Close,
    CloseDuplicate,
    DeclineEscalation,
    EndReferral,
    EndWait,
    Escalate,
    Identity,
    LinkTo,
    RecordAnswer,
    Refer,
    Reopen,
    SeeMentions,
    UnlinkFrom,
    WaitFor,
    Withdraw,
    WithdrawOwn,
    WriteNote,
)
from auditkit.web.catalogues import catalogue
from tests.slices.complaints.recording import (
    RECEIVED,
    assessed,
    decided,
    do,
    events,
    found,
    history,
    investigated,
    many,
    raw,
    registered,
    run,
    run_added,
)

TODAY = date(2026, 3, 2)


def closed(actor, **fields):
    reference = decided(actor, **fields)
    do(actor, service.record_answer, RecordAnswer, reference, "accepted")
    do(actor, service.close, Close, reference, "accepted")
    return reference


# Levels


def test_a_case_goes_up_and_down_with_a_reason(acme, handler, manager):
    reference = assessed(handler, "high", "complex")
    do(handler, service.escalate, Escalate, reference, 3, "Press has called", ("public",), manager.person_id)
    case = found(handler, reference)
    assert (case.level, case.owner_id) == (3, manager.person_id)
    do(manager, service.escalate, Escalate, reference, 2, "The editor is satisfied")
    steps = history(handler, reference).escalations
    assert [(one.from_level, one.to_level, one.triggers) for one in steps] == [(3, 2, ["other"]), (1, 3, ["public"])]
    assert events(acme, reference).count("complaint:escalated") == 2


@pytest.mark.parametrize(
    ("level", "reason", "more", "refusal"),
    [
        (1, "x", {}, rules.SameLevel),
        (5, "x", {}, rules.LevelUnknown),
        (2, " ", {}, rules.ReasonMissing),
        (2, "x", {"triggers": ("moon",)}, rules.UnknownWord),
        (2, "x", {"owner_id": 999_999}, rules.NoSuchHandler),
    ],
)
def test_what_is_no_escalation(handler, level, reason, more, refusal):
    reference = assessed(handler, "high", "complex")
    with pytest.raises(refusal):
        do(handler, service.escalate, Escalate, reference, level, reason, **more)
    assert found(handler, reference).level == 1


def test_the_complainant_asks_for_another_level(acme, handler):
    reference = assessed(handler)
    run(acme.public, service.ask_escalation, AskEscalation(reference, "Nobody listens"))
    with pytest.raises(rules.AskedAlready):
        run(acme.public, service.ask_escalation, AskEscalation(reference))
    asked = history(handler, reference).asked
    assert (asked.reason, asked.to_level) == ("Nobody listens", 1)
    do(handler, service.decline_escalation, DeclineEscalation, reference, "It is decided tomorrow")
    with pytest.raises(rules.NothingAsked):
        do(handler, service.decline_escalation, DeclineEscalation, reference, "again")
    run(acme.public, service.ask_escalation, AskEscalation(reference))
    do(handler, service.escalate, Escalate, reference, 2, "As wished", ("asked",))
    kept = history(handler, reference)
    assert kept.asked is None
    assert [one.state for one in kept.escalations] == ["done", "declined"]


def test_at_the_top_only_somebody_outside_is_left(acme, handler):
    reference = assessed(handler)
    do(handler, service.escalate, Escalate, reference, 3, "critical")
    with pytest.raises(rules.TopReached):
        run(acme.public, service.ask_escalation, AskEscalation(reference))


def test_an_external_body_with_reference_and_outcome(acme, handler):
    reference = decided(handler)
    do(handler, service.record_answer, RecordAnswer, reference, "refused")
    number = do(handler, service.refer, Refer, reference, "Ombudsman", TODAY, "88/26")
    assert found(handler, reference).level == 4
    with pytest.raises(rules.BodyMissing):
        do(handler, service.refer, Refer, reference, " ", TODAY)
    with pytest.raises(rules.ReferralBackwards):
        do(handler, service.refer, Refer, reference, "Court", TODAY + timedelta(days=1))
    for arguments, refusal in [
        ((number + 1, TODAY, "x", False), NotFound),
        ((number, TODAY - timedelta(days=1), "x", False), rules.ReferralBackwards),
        ((number, TODAY + timedelta(days=1), "x", False), rules.ReferralBackwards),
        ((number, TODAY, " ", False), rules.OutcomeMissing),
    ]:
        with pytest.raises(refusal):
            do(handler, service.end_referral, EndReferral, reference, *arguments)
    do(handler, service.end_referral, EndReferral, reference, number, TODAY, "Pay half", True)
    with pytest.raises(rules.EndedAlready):
        do(handler, service.end_referral, EndReferral, reference, number, TODAY, "Pay half", True)
    (kept,) = history(handler, reference).referrals
    assert (kept.body, kept.reference, kept.outcome, kept.overturned) == ("Ombudsman", "88/26", "Pay half", True)
    do(handler, service.close, Close, reference, "decided-externally", "Ombudsman 88/26")


# Waiting


def test_waiting_begins_and_ends(acme, handler, clock):
    reference = assessed(handler)
    do(handler, service.wait_for, WaitFor, reference, "complainant", "The bill")
    with pytest.raises(rules.WaitsAlready):
        do(handler, service.wait_for, WaitFor, reference, "expert", "A report")
    assert history(handler, reference).waiting.awaited == "The bill"
    began = time.now()
    clock.advance(days=3)
    run(acme.public, service.information_came, Came(reference, "Here it is"))
    (pause,) = history(handler, reference).pauses
    assert (pause.began_at, pause.ended_at, pause.came) == (began, time.now(), "Here it is")
    with pytest.raises(rules.NotWaiting):
        do(handler, service.end_wait, EndWait, reference)
    for waits_for, awaited, refusal in [("godot", "x", rules.UnknownWord), ("expert", " ", rules.ReasonMissing)]:
        with pytest.raises(refusal):
            do(handler, service.wait_for, WaitFor, reference, waits_for, awaited)
    do(handler, service.wait_for, WaitFor, reference, "expert", "A report")
    with pytest.raises(rules.NotWaiting):
        run(acme.public, service.information_came, Came(reference, "I am not the expert"))
    do(handler, service.end_wait, EndWait, reference, "Report 7")


def test_closing_ends_the_waiting(handler):
    reference = assessed(handler)
    do(handler, service.wait_for, WaitFor, reference, "complainant", "The bill")
    do(handler, service.withdraw, Withdraw, reference, "Found the bill: all is right")
    assert history(handler, reference).waiting is None


# Ends


def test_a_complaint_is_withdrawn_by_its_complainant_or_on_their_word(acme, handler):
    mine, told = registered(handler), registered(handler)
    run(acme.public, service.withdraw_own, WithdrawOwn(mine, "It arrived"))
    do(handler, service.withdraw, Withdraw, told, "Called: it arrived")
    with pytest.raises(rules.ReasonMissing):
        do(handler, service.withdraw, Withdraw, registered(handler), "")
    for reference in (mine, told):
        case = found(handler, reference)
        assert (case.stage, case.closing_ground, case.acknowledged_at) == ("closed", "withdrawn", None)
        assert events(acme, reference)[-2:] == ["complaint:withdrawn", "complaint:closed"]
    with pytest.raises(rules.ClosedAlready):
        run(acme.public, service.withdraw_own, WithdrawOwn(mine))


def test_a_withdrawal_sends_a_waiting_proposal_back(acme, handler, manager):
    run(manager, service.set_limit, service.SetLimit("EUR", 1, "complaint-handler"))
    reference = assessed(handler)
    granted = {"amount": 100, "currency": "EUR", "promised_on": TODAY}
    do(handler, service.decide, service.Decide, reference, "upheld", "because", **granted)
    do(handler, service.withdraw, Withdraw, reference, "Settled among neighbours")
    assert history(handler, reference).decisions[0].state == "returned"


def test_a_duplicate_is_closed_and_linked(acme, handler):
    first, second, third = (registered(handler) for _ in range(3))
    do(handler, service.close_duplicate, CloseDuplicate, second, first)
    case = found(handler, second)
    assert (case.stage, case.closing_ground, case.closing_note) == ("closed", "duplicate", first)
    (link,) = history(handler, first).links
    assert (link.reference, link.relation, link.is_earlier) == (second, "duplicate", False)
    with pytest.raises(rules.DuplicateOfDuplicate):
        do(handler, service.close_duplicate, CloseDuplicate, third, second)
    with pytest.raises(rules.LinkedToItself):
        do(handler, service.close_duplicate, CloseDuplicate, third, third)
    with pytest.raises(NotFound):
        do(handler, service.close_duplicate, CloseDuplicate, third, "C-2026-999999")
    do(handler, service.close_duplicate, CloseDuplicate, first, third)
    assert history(handler, first).links[1].is_earlier is False
    assert "complaint:linked" in events(acme, third)


def test_a_closed_case_is_opened_again_and_counted(acme, handler, clock):
    reference = closed(handler)
    ended = time.now()
    clock.advance(days=5)
    with pytest.raises(rules.ReasonMissing):
        do(handler, service.reopen, Reopen, reference, " ")
    do(handler, service.reopen, Reopen, reference, "It leaks again")
    case = found(handler, reference)
    assert (case.stage, case.outcome, case.decision, case.closed_at, case.reopened) == ("assessed", "", "", None, 1)
    assert case.next_act == "decide"
    with pytest.raises(rules.NotClosed):
        do(handler, service.reopen, Reopen, reference, "again")
    kept = history(handler, reference)
    assert (kept.reopenings[0].closed_at, kept.reopenings[0].closing_ground) == (ended, "accepted")
    assert [one.answer for one in kept.decisions] == ["accepted"]
    do(handler, service.decide, service.Decide, reference, "upheld", "The seal is wrong", told_channel="phone")
    assert [one.number for one in history(handler, reference).decisions] == [2, 1]
    do(handler, service.record_answer, RecordAnswer, reference, "accepted")
    do(handler, service.close, Close, reference, "accepted")
    do(handler, service.reopen, Reopen, reference, "And again")
    assert found(handler, reference).reopened == 2


def test_an_investigation_of_before_does_not_carry_the_decision_after_reopening(handler, clock):
    reference = assessed(handler, "high", "complex")
    investigated(handler, reference)
    do(handler, service.decide, service.Decide, reference, "rejected", "because", told_channel="phone")
    do(handler, service.record_answer, RecordAnswer, reference, "accepted")
    do(handler, service.close, Close, reference, "accepted")
    clock.advance(days=1)
    do(handler, service.reopen, Reopen, reference, "New facts")
    assert found(handler, reference).next_act == "investigate"
    with pytest.raises(rules.NotInvestigated):
        do(handler, service.decide, service.Decide, reference, "upheld", "because")


def test_a_case_out_of_a_file_is_opened_again_and_keeps_what_the_file_said(acme, handler):
    run_id = run_added(acme.id)
    early = RECEIVED - timedelta(days=400)
    rows = [
        raw(acme.id, 1, import_run_id=run_id, stage="closed", closed_date_unknown=True, outcome="rejected"),
        raw(acme.id, 2, import_run_id=run_id, stage="closed", closed_at=early, closed_is_day=True,
            closes_before_received=True, closed_date_unknown=False, outcome=""),
    ]  # fmt: skip
    for row in rows:
        many(acme.id, [row])
    for reference, decisions in (("C-2026-000001", 1), ("C-2026-000002", 0)):
        do(handler, service.reopen, Reopen, reference, "It goes on")
        case = found(handler, reference)
        assert (case.stage, case.outcome, case.next_act) == ("received", "", "acknowledge")
        kept = history(handler, reference)
        assert len(kept.decisions) == decisions
    assert kept.reopenings[0].closed_at == early


def test_the_decision_of_a_file_can_be_told_and_answered(acme, handler):
    many(acme.id, [raw(acme.id, 1, import_run_id=run_added(acme.id), stage="decided", outcome="rejected")])
    reference = "C-2026-000001"
    assert found(handler, reference).next_act == "tell"
    do(handler, service.tell, service.Tell, reference, "post")
    do(handler, service.record_answer, RecordAnswer, reference, "refused")
    assert found(handler, reference).owner_id == handler.person_id


# Links and suggestions


def test_links_are_made_and_taken_away(acme, handler):
    first, second = registered(handler), registered(handler)
    do(handler, service.link, LinkTo, first, f" {second} ", "same-cause")
    with pytest.raises(rules.LinkedAlready):
        do(handler, service.link, LinkTo, second, first)
    with pytest.raises(rules.LinkedToItself):
        do(handler, service.link, LinkTo, first, first)
    with pytest.raises(rules.UnknownWord):
        do(handler, service.link, LinkTo, first, second, "cousin")
    assert history(handler, second).links[0].is_earlier
    with pytest.raises(Conflict):
        run(handler, service.unlink, UnlinkFrom(second, 9, first))
    do(handler, service.unlink, UnlinkFrom, second, first)
    with pytest.raises(rules.NotLinked):
        do(handler, service.unlink, UnlinkFrom, second, first)
    assert events(acme, first)[-1] == "complaint:unlinked"


ANA = Identity("Ana Ivanova", "ana@example.org", "+359 88 123 4567", city="Sofia")


def suggested(house, reference, days=90):
    tx = reading(house.system)
    case = queries.by_reference(tx, reference)
    return [(one.reference, one.relation.value, one.same_matter) for one in queries.similar(tx, case.id, days)]


def test_the_same_person_is_suggested_however_the_name_was_written(acme, globex, handler):
    with transaction(globex.system) as tx:
        service.register(tx, service.Register("Late", RECEIVED, complainant=ANA), time.now(), globex.system)
    by_mail = registered(handler, complainant=Identity(email="ANA@example.org"))
    by_phone = registered(handler, complainant=Identity(phone="359 88 1234567"), category="delivery")
    by_name = registered(handler, complainant=Identity("ivanova ana", city="SOFIA"))
    registered(handler, complainant=Identity("Ana Ivanova"))
    registered(handler, complainant=Identity("Peter Okafor", "peter@example.org"))
    own = registered(handler, complainant=Identity("Ana Ivanova", "ana@example.org", "+359 88 1234567", city="Sofia"))
    assert suggested(acme, own) == [
        (by_name, "repeat", False), (by_phone, "repeat", False), (by_mail, "repeat", False),
    ]  # fmt: skip
    do(handler, service.link, LinkTo, own, by_mail, Relation.REPEAT)
    assert by_mail not in {reference for reference, _relation, _same in suggested(acme, own)}
    tx = reading(acme.system)
    assert queries.repeats(tx, queries.by_reference(tx, own).id) == 1


def test_the_same_cause_is_suggested_within_the_window(acme, handler):
    near = registered(handler, category="delivery", product="W7", received_at=RECEIVED - timedelta(days=80))
    registered(handler, category="delivery", product="W7", received_at=RECEIVED - timedelta(days=91))
    registered(handler, category="delivery", product="K2")
    registered(handler, category="service", product="W7")
    own = registered(handler, category="delivery", product="W7")
    assert suggested(acme, own) == [(near, "same-cause", True)]
    assert suggested(acme, own, 30) == []
    assert suggested(acme, registered(handler)) == []


def test_the_same_root_cause_is_suggested_too(acme, handler):
    references = [assessed(handler, "high", "complex", category="delivery") for _ in range(3)]
    investigated(handler, references[0], cause="process")
    investigated(handler, references[1], cause="not-determined")
    investigated(handler, references[2], cause="process")
    assert [reference for reference, *_ in suggested(acme, references[2])] == [references[0]]
    assert suggested(acme, references[1]) == []


# Notes


def test_notes_mention_members_and_stay_inside(acme, handler, manager):
    reference = registered(handler)
    version = found(handler, reference).version
    run(handler, service.write_note, WriteNote(reference, "@quality-manager of acme please look, @nobody too"))
    assert found(handler, reference).version == version, "a note is in nobody's way"
    (note,) = history(handler, reference).notes
    assert (note.mentions, note.unseen) == ((manager.person_id,), (manager.person_id,))
    tx = reading(manager)
    assert [one[0] for one in queries.mentions_of(tx, manager.person_id)] == [reference]
    run(manager, service.see_mentions, SeeMentions(reference))
    assert history(handler, reference).notes[0].unseen == ()
    assert queries.mentions_of(reading(manager), manager.person_id) == []
    with pytest.raises(rules.NothingMentioned):
        run(manager, service.see_mentions, SeeMentions(reference))
    with pytest.raises(rules.NothingWritten):
        run(handler, service.write_note, WriteNote(reference, " "))


def test_who_is_mentioned_is_told_by_mail_in_their_language_and_others_are_not(acme, handler, manager):
    reference = registered(handler)
    with transaction(acme.system) as tx:
        tx.get_one(Person, acme.person("internal-auditor")).locale = "fa"
    run(
        handler, service.write_note, WriteNote(reference, "@internal-auditor @staff @complaint-handler the secret word")
    )
    (note,) = history(handler, reference).notes
    with transaction(acme.system) as tx:
        (mail,) = tx.execute(select(OutboxMail)).scalars()
        assert mail.recipient == "internal-auditor@acme.example"
        assert mail.subject == "Acme Ltd: " + catalogue("fa").text("A note in %(reference)s mentions you") % {
            "reference": reference
        }
        assert f"/o/acme/complaints/{reference}#note-{note.id}" in mail.body
        assert "secret word" not in mail.body
    # staff may not read complaints and are told nothing; who only reads can say that they have read it
    assert note.mentions == (acme.person("complaint-handler"), acme.person("internal-auditor"))
    run(acme.actor("internal-auditor"), service.see_mentions, SeeMentions(reference))
    assert history(handler, reference).notes[0].unseen == (acme.person("complaint-handler"),)


def test_settings_of_handling(manager):
    assert queries.practice(reading(manager)) == queries.Practice()
    run(manager, service.set_practice, service.SetPractice("EUR", "Ombudsman", 7, 180))
    run(manager, service.set_practice, service.SetPractice("GBP", "Ombudsman", 7, 180))
    assert queries.practice(reading(manager)) == queries.Practice("GBP", "Ombudsman", 7, 180)
    with pytest.raises(rules.CurrencyMissing):
        run(manager, service.set_practice, service.SetPractice("pounds", "", 7, 180))
    with pytest.raises(rules.DaysImpossible):
        run(manager, service.set_practice, service.SetPractice("GBP", "", 0, 180))
