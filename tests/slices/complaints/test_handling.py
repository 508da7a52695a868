"""The verbs from assessment to answer on a real database: what they keep, what they refuse, who may."""

import io
import json
from datetime import date, timedelta

import pytest

from auditkit.base import clock as time
from auditkit.base.db import db, reading, transaction
from auditkit.base.errors import Conflict
from auditkit.complaints import queries, rules, service
from auditkit.complaints.service import (
    Approve,
    Assess,
    Assign,
    ClearPerson,
    Close,
    Decide,
    Investigate,
    NamePerson,
    Reclassify,
    SendBack,
    SetLimit,
)
from auditkit.evidence import intake
from auditkit.evidence import queries as files
from auditkit.evidence import service as evidence
from tests.slices.complaints.recording import (
    acknowledged,
    assessed,
    decided,
    do,
    events,
    found,
    history,
    investigated,
    registered,
    run,
)

TODAY = date(2026, 3, 2)


# Assessment


def test_an_assessment_gives_priority_level_and_owner(handler):
    reference = acknowledged(handler)
    do(handler, service.assess, Assess, reference, "high", "complex", "many", note="Two branches")
    case = found(handler, reference)
    assert (case.stage, case.severity, case.priority, case.level) == ("assessed", "high", "p1", 1)
    assert (case.owner_id, case.next_act) == (handler.person_id, "investigate")
    (kept,) = history(handler, reference).assessments
    assert (kept.reach, kept.note, kept.assessed_by, kept.assessed_at) == (
        "many", "Two branches", handler.person_id, time.now(),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("severity", "reach", "more", "priority"),
    [
        ("low", "one", {}, "p4"),
        ("medium", "many", {}, "p2"),
        ("low", "one", {"safety": True}, "p1"),
        ("low", "one", {"facts": ("vulnerable",)}, "p1"),
    ],
)
def test_the_priority_comes_from_the_matrix(handler, severity, reach, more, priority):
    reference = acknowledged(handler)
    do(handler, service.assess, Assess, reference, severity, "simple", reach, **more)
    assert found(handler, reference).priority == priority


def test_an_assessment_anew_is_kept_beside_the_first(acme, handler, manager, clock):
    reference = assessed(handler)
    clock.advance(days=1)
    do(manager, service.assess, Assess, reference, "critical", "complex", "many", safety=True)
    kept = history(handler, reference).assessments
    assert [(one.severity, one.assessed_by) for one in kept] == [
        ("critical", manager.person_id), ("low", handler.person_id),
    ]  # fmt: skip
    case = found(handler, reference)
    assert (case.severity, case.owner_id, case.next_act) == ("critical", handler.person_id, "investigate")
    assert events(acme, reference)[-1] == "complaint:assessed-again"


@pytest.mark.parametrize(
    ("arguments", "more", "refusal"),
    [
        (("terrible", "simple", "one"), {}, rules.UnknownWord),
        (("low", "tricky", "one"), {}, rules.UnknownWord),
        (("low", "simple", "universe"), {}, rules.UnknownWord),
        (("low", "simple", "one"), {"facts": ("weather",)}, rules.UnknownWord),
        (("low", "simple", "one"), {"compensation": "maybe"}, rules.UnknownWord),
        (
            ("low", "simple", "one"),
            {"immediate_needed": True, "immediate_possible": True},
            rules.ImmediateActionMissing,
        ),
        (("low", "simple", "one"), {"owner_id": 999_999}, rules.NoSuchHandler),
        (("low", "simple", "one"), {"note": "a\x00b"}, rules.TextNotStorable),
    ],
)
def test_what_no_assessment_can_be(handler, arguments, more, refusal):
    reference = acknowledged(handler)
    with pytest.raises(refusal):
        do(handler, service.assess, Assess, reference, *arguments, **more)
    assert found(handler, reference).stage == "acknowledged"
    assert not history(handler, reference).assessments


# Sorting and owners


def test_feedback_is_sorted_anew_and_never_lost(acme, handler):
    reference = acknowledged(handler)
    do(handler, service.reclassify, Reclassify, reference, "suggestion", "Nobody is dissatisfied")
    case = found(handler, reference)
    assert (case.kind, case.next_act) == ("suggestion", "close")
    do(handler, service.close, Close, reference, "answered")
    with pytest.raises(rules.ReopenFirst):
        do(handler, service.reclassify, Reclassify, reference, "complaint", "Is dissatisfied after all")
    do(handler, service.reopen, service.Reopen, reference, "Is dissatisfied after all")
    do(handler, service.reclassify, Reclassify, reference, "complaint", "Is dissatisfied after all")
    kept = history(handler, reference).reclassifications
    assert [(one.from_kind, one.to_kind) for one in kept] == [("suggestion", "complaint"), ("complaint", "suggestion")]
    assert events(acme, reference).count("complaint:reclassified") == 2


def test_owner_and_deputy(acme, handler, manager):
    reference = registered(handler)
    do(handler, service.assign, Assign, reference, manager.person_id, handler.person_id, date(2026, 3, 9))
    case = found(handler, reference)
    assert (case.owner_id, case.deputy_id) == (manager.person_id, handler.person_id)
    assert case.review_on == date(2026, 3, 9)
    mine = queries.register_page(reading(handler), queries.Wanted(owner=manager.person_id))
    assert [row.reference for row in mine.rows] == [reference]
    assert not queries.register_page(reading(handler), queries.Wanted(owner=handler.person_id)).rows
    assert queries.register_page(reading(handler), queries.Wanted(deputy=handler.person_id)).rows
    for owner, deputy, refusal in [
        (acme.person("staff"), None, rules.NoSuchHandler),
        (handler.person_id, acme.person("staff"), rules.NoSuchHandler),
        (handler.person_id, handler.person_id, rules.DeputyIsOwner),
    ]:
        with pytest.raises(refusal):
            do(handler, service.assign, Assign, reference, owner, deputy)


# Whoever is complained about


def test_the_person_complained_about_judges_nothing(acme, handler, manager):
    reference = assessed(manager, "high", "simple")
    do(manager, service.name_person, NamePerson, reference, handler.person_id)
    findings = {"facts": "x", "cause": "process", "independence": "x", "ended": True}
    for verb, command, arguments, more in [
        (service.assess, Assess, ("low", "simple", "one"), {}),
        (service.investigate, Investigate, (), findings),
        (service.decide, Decide, ("rejected", "I did nothing wrong"), {}),
        (service.close, Close, ("accepted",), {}),
        (service.withdraw, service.Withdraw, ("she said so",), {}),
        (service.clear_person, ClearPerson, (handler.person_id, "it was not me"), {}),
    ]:
        with pytest.raises(rules.ComplainedAbout):
            do(handler, verb, command, reference, *arguments, **more)
    with pytest.raises(rules.OtherComplainedAbout):
        do(manager, service.assign, Assign, reference, handler.person_id)
    with pytest.raises(rules.OtherComplainedAbout):
        do(manager, service.investigate, Investigate, reference, investigator_id=handler.person_id)
    with pytest.raises(rules.NamedAlready):
        do(manager, service.name_person, NamePerson, reference, handler.person_id)
    assert history(manager, reference).named == (handler.person_id,)
    do(manager, service.clear_person, ClearPerson, reference, handler.person_id, "Another driver it was")
    do(handler, service.investigate, Investigate, reference, plan="Ask the depot")


def test_the_person_complained_about_does_not_approve(acme, handler, manager):
    run(manager, service.set_limit, SetLimit("EUR", 1_000, "complaint-handler"))
    reference = assessed(handler, "high", "simple")
    do(handler, service.name_person, NamePerson, reference, manager.person_id)
    investigated(handler, reference)
    do(handler, service.decide, Decide, reference, "upheld", "because", amount=9_000, currency="EUR", promised_on=TODAY)
    with pytest.raises(rules.ComplainedAbout):
        do(manager, service.approve, Approve, reference)
    with pytest.raises(rules.ComplainedAbout):
        do(manager, service.send_back, SendBack, reference, "no")
    do(acme.actor("administrator"), service.approve, Approve, reference)
    assert found(handler, reference).stage == "decided"


def test_the_owner_is_not_named_before_the_case_is_handed_over(acme, handler, manager):
    reference = assessed(handler)
    with pytest.raises(rules.OwnerComplainedAbout):
        do(manager, service.name_person, NamePerson, reference, handler.person_id)
    with pytest.raises(rules.NoSuchMember):
        do(manager, service.name_person, NamePerson, reference, 999_999)
    do(manager, service.assign, Assign, reference, manager.person_id)
    do(manager, service.name_person, NamePerson, reference, handler.person_id)


# Investigation


def test_an_investigation_is_written_on_until_it_is_ended(acme, handler, clock):
    reference = assessed(handler, "high", "complex")
    with pytest.raises(rules.NotInvestigated):
        do(handler, service.decide, Decide, reference, "upheld", "because")
    do(handler, service.investigate, Investigate, reference, plan="Ask the driver")
    with pytest.raises(rules.InvestigationUnfinished):
        do(handler, service.decide, Decide, reference, "upheld", "because")
    for missing, refusal in [
        ({"facts": ""}, rules.FactsMissing), ({"cause": ""}, rules.CauseMissing),
        ({"independence": ""}, rules.IndependenceMissing), ({"cause": "bad luck"}, rules.UnknownWord),
    ]:  # fmt: skip
        with pytest.raises(refusal):
            investigated(handler, reference, **missing)
    clock.advance(days=2)
    investigated(handler, reference, plan="Ask the driver", cause_method="Five whys", other_side="Nobody was at home")
    (one,) = history(handler, reference).investigations
    assert (one.cause, one.cause_method, one.investigator_id) == ("process", "Five whys", handler.person_id)
    assert one.ended_at == time.now()
    assert found(handler, reference).next_act == "decide"
    assert events(acme, reference)[-2:] == ["complaint:investigation-begun", "complaint:investigation-ended"]


def test_files_of_an_investigation_are_evidence(acme, handler):
    reference = assessed(handler, "high", "complex")
    received = intake.receive([(io.BytesIO(b"depot list"), "depot.txt")])
    with transaction(handler) as tx:
        ids = tuple(evidence.add(tx, evidence.Add(received), time.now(), handler))
    do(handler, service.investigate, Investigate, reference, plan="See the list", evidence=ids)
    (one,) = history(handler, reference).investigations
    assert files.count_for_subject(reading(handler), (service.INVESTIGATION, one.id)) == 1


def test_a_snapshot_tells_what_was_done(handler):
    reference = assessed(handler, "high", "complex")
    investigated(handler, reference)
    promised = {"remedies": ("refund",), "amount": 4_590, "currency": "EUR", "promised_on": date(2026, 3, 9)}
    do(handler, service.decide, Decide, reference, "upheld", "because", told_channel="post", **promised)
    run(handler, service.write_note, service.WriteNote(reference, "Nobody outside reads this"))
    tx = reading(handler)
    handled = queries.snapshot(tx, queries.by_reference(tx, reference).id)["handling"]
    assert set(handled) == {"assessments", "investigations", "decisions"}
    assert handled["assessments"][0]["priority"] == "p2"
    assert handled["investigations"][0]["ended_at"] == "2026-03-02T09:00:00.000000Z"
    assert handled["decisions"][0]["promised_on"] == "2026-03-09"
    assert json.loads(json.dumps(handled)) == handled
    bare = queries.snapshot(tx, queries.by_reference(tx, registered(handler)).id)
    assert "handling" not in bare


def test_a_stale_form_changes_nothing(handler, manager):
    reference = assessed(handler)
    seen = found(handler, reference).version
    do(manager, service.assign, Assign, reference, manager.person_id)
    for verb, command in [
        (service.assess, Assess(reference, seen, "low", "simple", "one")),
        (service.decide, Decide(reference, seen, "upheld", "because")),
        (service.assign, Assign(reference, seen, handler.person_id)),
        (service.name_person, NamePerson(reference, seen, handler.person_id)),
        (service.reclassify, Reclassify(reference, seen, "request", "x")),
    ]:
        with pytest.raises(Conflict):
            run(handler, verb, command)
    assert found(handler, reference).owner_id == manager.person_id


def test_whether_the_complainant_was_treated_worse_is_on_record(acme, handler, clock):
    # Given a case that is closed with a look, and looked at again when the complainant calls
    reference = decided(handler)
    do(handler, service.record_answer, service.RecordAnswer, reference, "accepted")
    do(handler, service.close, service.Close, reference, "accepted", detriment="none")
    clock.advance(days=30)
    with pytest.raises(rules.DetrimentUndescribed):
        do(handler, service.check_detriment, service.CheckDetriment, reference, "signs", " ")
    db.session.rollback()
    do(handler, service.check_detriment, service.CheckDetriment, reference, "signs", "Her account was blocked")
    kept = history(handler, reference).detriments
    assert [(one.found, one.note, one.checked_by) for one in kept] == [
        ("signs", "Her account was blocked", handler.person_id),
        ("none", "", handler.person_id),
    ]
    assert kept[0].checked_at - kept[1].checked_at == timedelta(days=30)
    # Then nobody who is complained about may say so
    open_again = decided(handler)
    manager = acme.actor("quality-manager")
    do(handler, service.name_person, service.NamePerson, open_again, manager.person_id)
    with pytest.raises(rules.ComplainedAbout):
        do(manager, service.check_detriment, service.CheckDetriment, open_again, "none")
