"""The verbs of the register on a real database: what they record, what they refuse, who may, and who loses nothing."""

import threading
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select

from auditkit.base import clock as time
from auditkit.base.db import db, reading, transaction
from auditkit.base.errors import Conflict, Forbidden, NotFound
from auditkit.complaints import queries, rules, service
from auditkit.complaints.models import Complaint
from auditkit.complaints.service import Acknowledge, Close, Decide, Identity, ReadIdentity, RecordAnswer
from auditkit.journal import queries as journal
from tests.slices.complaints.recording import RECEIVED, assessed, decided, do, events, found, registered


def test_registering_records_what_was_said(acme, handler, clock):
    reference = registered(
        handler,
        "Late delivery",
        description="Order 4512 never came",
        channel="phone",
        category="delivery",
        severity="high",
        happened_on=date(2026, 1, 2),
        wanted_remedy="Money back",
        complainant=Identity("Ana Ivanova", "ana@example.org", "+359 88", "1 High St", "1000", "Sofia", "", "BG"),
    )
    case = found(handler, reference)
    assert reference == "C-2026-000001"
    assert (case.stage, case.next_act, case.version) == ("received", "acknowledge", 1)
    assert (case.received_at, case.recorded_at) == (RECEIVED, time.now())
    assert (case.description, case.wanted_remedy) == ("Order 4512 never came", "Money back")
    assert case.has_identity


def test_references_run_on_within_an_organisation_and_year(acme, globex, clock):
    assert [registered(acme.system) for _ in range(3)][-1] == "C-2026-000003"
    db.session.remove()
    assert registered(globex.system) == "C-2026-000001"
    db.session.remove()
    clock.at = datetime(2027, 1, 1, tzinfo=UTC)
    assert registered(acme.system) == "C-2027-000001"


def test_the_whole_way_leaves_its_events(acme, handler, clock):
    reference = decided(handler)
    do(handler, service.record_answer, RecordAnswer, reference, "accepted")
    clock.advance(days=1)
    do(handler, service.close, Close, reference, "accepted")
    case = found(handler, reference)
    assert (case.stage, case.next_act, case.closed_at, case.version) == ("closed", None, time.now(), 7)
    assert events(acme, reference) == [
        "complaint:registered",
        "complaint:acknowledged",
        "complaint:assessed",
        "complaint:decided",
        "complaint:decision-told",
        "complaint:decision-accepted",
        "complaint:closed",
    ]
    assert journal.verify(reading(), acme.id).bad is None


def test_refusal_keeps_the_case_open_until_a_new_decision(acme, handler):
    reference = decided(handler)
    do(handler, service.record_answer, RecordAnswer, reference, "refused")
    case = found(handler, reference)
    assert (case.stage, case.answer, case.next_act) == ("decided", "refused", "decide")
    with pytest.raises(rules.RefusalKeepsOpen):
        do(handler, service.close, Close, reference, "no-answer")
    do(handler, service.decide, Decide, reference, "upheld", "We looked again", "Full refund")
    case = found(handler, reference)
    assert (case.answer, case.answered_at, case.remedy, case.next_act) == ("", None, "Full refund", "tell")
    assert "complaint:decision-refused" in events(acme, reference)


def test_a_refused_case_leaves_by_an_external_decision(handler):
    reference = decided(handler)
    do(handler, service.record_answer, RecordAnswer, reference, "refused")
    with pytest.raises(rules.NoteMissing):
        do(handler, service.close, Close, reference, "decided-externally")
    do(handler, service.close, Close, reference, "decided-externally", "Ombudsman, file 88/26")
    case = found(handler, reference)
    assert (case.stage, case.closing_ground, case.closing_note) == (
        "closed", "decided-externally", "Ombudsman, file 88/26",
    )  # fmt: skip


REFUSED_ACTS = [
    (service.decide, Decide, ("upheld", "because"), rules.NotAcknowledged),
    (service.decide, Decide, ("maybe", "because"), rules.NotAcknowledged),
    (service.record_answer, RecordAnswer, ("accepted",), rules.NoDecisionToAnswer),
    (service.close, Close, ("no-answer",), rules.ClosedBeforeDecision),
]


@pytest.mark.parametrize(("verb", "command", "arguments", "refusal"), REFUSED_ACTS)
def test_a_refused_act_changes_nothing(acme, handler, verb, command, arguments, refusal):
    reference = registered(handler)
    before = found(handler, reference)
    with pytest.raises(refusal):
        do(handler, verb, command, reference, *arguments)
    assert found(handler, reference) == before
    assert events(acme, reference) == ["complaint:registered"]


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"subject": "  "}, rules.SubjectMissing),
        ({"subject": "x" * 201}, rules.TextTooLong),
        ({"description": "a\x00b"}, rules.TextNotStorable),
        ({"complainant": Identity("x" * 201)}, rules.TextTooLong),
        ({"received_at": datetime(2026, 3, 2, 9, 1, tzinfo=UTC)}, rules.ReceivedInFuture),
        ({"happened_on": date(2026, 2, 1)}, rules.HappenedAfterReceipt),
        ({"channel": "carrier pigeon"}, rules.UnknownWord),
        ({"kind": "grumble"}, rules.UnknownWord),
        ({"category": "weather"}, rules.UnknownWord),
        ({"severity": "terrible"}, rules.UnknownWord),
    ],
)
def test_what_cannot_be_registered(acme, handler, clock, fields, refusal):
    with pytest.raises(refusal):
        registered(handler, **{"subject": "Late", **fields})
    assert db.session.execute(select(func.count()).select_from(Complaint)).scalar_one() == 0
    assert registered(handler) == "C-2026-000001", "the refused one used no number up"


@pytest.mark.parametrize("role", ["internal-auditor", "external-reviewer"])
def test_who_may_not_register(acme, role):
    with pytest.raises(Forbidden):
        registered(acme.actor(role))


def test_staff_register_but_do_not_handle(acme):
    staff = acme.actor("staff")
    reference = registered(staff)
    for verb, command, arguments in [
        (service.acknowledge, Acknowledge, ()),
        (service.decide, Decide, ("upheld", "because")),
        (service.record_answer, RecordAnswer, ("accepted",)),
        (service.close, Close, ("no-answer",)),
    ]:
        with pytest.raises(Forbidden):
            do(staff, verb, command, reference, *arguments)


def test_another_organisation_finds_nothing(acme, globex):
    reference = registered(acme.actor("complaint-handler"))
    db.session.remove()
    stranger = globex.actor("complaint-handler")
    with pytest.raises(NotFound), transaction(stranger) as tx:
        queries.by_reference(tx, reference)
    with pytest.raises(NotFound), transaction(stranger) as tx:
        service.acknowledge(tx, Acknowledge(reference, 1), time.now(), stranger)
    with pytest.raises(NotFound), transaction(stranger) as tx:
        service.read_identity(tx, ReadIdentity(reference), time.now(), stranger)


def test_two_handlers_cannot_silently_overwrite_each_other(acme, handler):
    reference = assessed(handler)
    seen = found(handler, reference).version
    other = acme.colleague("complaint-handler", "Other Handler")
    with transaction(handler) as tx:
        service.decide(tx, Decide(reference, seen, "upheld", "first"), time.now(), handler)
    with pytest.raises(Conflict), transaction(other) as tx:
        service.decide(tx, Decide(reference, seen, "rejected", "second"), time.now(), other)
    case = found(handler, reference)
    assert (case.outcome, case.decision) == ("upheld", "first")


def test_many_at_once_lose_nothing_and_overwrite_nothing(app, acme, handler):
    """Eight threads register, and all try to acknowledge the same complaint: one wins."""
    shared_reference = registered(handler)
    results: list[object] = []

    def work():
        with app.app_context():
            results.append(registered(handler))
            try:
                with transaction(handler) as tx:
                    service.acknowledge(tx, Acknowledge(shared_reference, 1), time.now(), handler)
                results.append("won")
            except (Conflict, rules.AlreadyAcknowledged) as refusal:
                results.append(type(refusal))
            db.session.remove()

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    db.session.remove()
    assert results.count("won") == 1
    assert results.count(Conflict) == 7
    references = [one for one in results if isinstance(one, str) and one.startswith("C-")]
    assert sorted(references) == [f"C-2026-{number:06d}" for number in range(2, 10)]
    assert journal.verify(reading(handler), acme.id).bad is None


def test_reading_the_identity_is_on_record(acme, handler):
    who = Identity(name="Ana Ivanova", email="ana@example.org")
    reference = registered(handler, complainant=who)
    with transaction(handler) as tx:
        assert service.read_identity(tx, ReadIdentity(reference), time.now(), handler) == who
    assert events(acme, reference)[-1] == "complaint:identity-read"
    head = journal.head_about_records(reading(), acme.id)
    assert head is not None
    assert journal.timeline(reading(), acme.id, ("complaint", found(handler, reference).id))[0].seq > head.seq


def test_who_may_not_read_the_identity(acme, handler):
    reference = registered(handler, complainant=Identity("Ana"))
    auditor = acme.actor("internal-auditor")
    with pytest.raises(Forbidden), transaction(auditor) as tx:
        service.read_identity(tx, ReadIdentity(reference), time.now(), auditor)


def test_nothing_personal_stands_in_the_facts(acme, handler):
    reference = assessed(
        handler, subject="Secret subject", description="Secret story",
        complainant=Identity("Ana Secret", "secret@example.org"),
    )  # fmt: skip
    do(handler, service.decide, Decide, reference, "rejected", "Secret reasons")
    do(handler, service.record_answer, RecordAnswer, reference, "refused")
    do(handler, service.close, Close, reference, "exhausted", "Secret note")
    entries = journal.timeline(reading(), acme.id, ("complaint", found(handler, reference).id))
    assert not any("ecret" in str(entry.facts) for entry in entries)
    assert {"Secret story", "Ana Secret", "secret@example.org", "Secret reasons", "Secret note"} <= {
        value for entry in entries for value in entry.personal.values()
    }


def test_snapshots(acme, handler, clock):
    reference = decided(handler, complainant=Identity("Ana"), received_at=datetime(2026, 2, 3, tzinfo=UTC),
                        received_is_day=True, happened_on=date(2026, 2, 1))  # fmt: skip
    case = found(handler, reference)
    masked = queries.snapshot(reading(), case.id)
    whole = queries.snapshot(reading(), case.id, identity=True)
    assert masked["complainant"] == "withheld"
    assert whole["complainant"]["name"] == "Ana"
    assert {**masked, "complainant": 0} == {**whole, "complainant": 0}
    assert (masked["received_at"], masked["happened_on"]) == ("2026-02-03", "2026-02-01")
    assert masked["decided_at"] == "2026-03-02T09:00:00.000000Z"
    assert "search_words" not in masked
    nameless = found(handler, registered(handler))
    assert queries.snapshot(reading(), nameless.id)["complainant"] is None
    with pytest.raises(NotFound):
        queries.snapshot(reading(), 999)
    assert [one["reference"] for one in queries.snapshots(reading(), [nameless.id, case.id, case.id])] == [
        reference, nameless.reference,
    ]  # fmt: skip


def test_figures(acme, handler, clock):
    early = registered(handler, received_at=RECEIVED - timedelta(days=400))
    clock.advance(hours=1)
    late = decided(handler)
    do(handler, service.record_answer, RecordAnswer, late, "refused")
    tx = reading()
    assert queries.stage_counts(tx) == {**dict.fromkeys(rules.Stage, 0), "received": 1, "decided": 1}
    assert queries.period_counts(tx) == queries.PeriodCounts(2, 1, 1, 0, 1, 0)
    year = (date(2026, 1, 1), date(2026, 1, 5))
    assert queries.period_counts(tx, *year) == queries.PeriodCounts(1, 1, 1, 0, 1, 0)
    assert queries.period_counts(tx, date(2030, 1, 1)) == queries.PeriodCounts(0, 0, 0, 0, 0, 0)
    assert queries.newest_change(tx, *year) == time.now()
    assert queries.newest_change(tx, date(2030, 1, 1)) is None
    assert [reference for _id, reference in queries.population(tx, *year)] == [late]
    assert [one.reference for one in queries.oldest_open(tx)] == [early, late]
