"""Every CHECK of the tables that hang on a complaint refuses its impossible state, whoever writes past the rules."""

import pytest
from sqlalchemy.exc import IntegrityError

from auditkit.base.db import db
from auditkit.complaints.models import (
    ComplaintAssessment,
    ComplaintAuthority,
    ComplaintDecision,
    ComplaintDetriment,
    ComplaintEscalation,
    ComplaintInvestigation,
    ComplaintLink,
    ComplaintMention,
    ComplaintNote,
    ComplaintParty,
    ComplaintPause,
    ComplaintPractice,
    ComplaintReclassification,
    ComplaintReferral,
    ComplaintRemedyCheck,
    ComplaintReopening,
)
from tests.factories.refusals import accepts, refuses
from tests.slices.complaints.recording import RECEIVED, many, raw

LATER = RECEIVED.replace(day=20)
EARLIER = RECEIVED.replace(year=2025)
DAY = LATER.date()

TEXTS = {
    ComplaintAssessment: ("immediate_action", "note"),
    ComplaintInvestigation: (
        "plan", "independence", "complainant_side", "other_side", "facts", "cause", "cause_method", "cause_note",
    ),
    ComplaintDecision: (
        "from_stage", "reasons", "remedy", "currency", "others", "others_note", "return_reason", "told_channel",
        "options", "delivery", "answer", "answer_note", "next_internal", "next_external",
    ),
    ComplaintEscalation: ("settled_reason",),
    ComplaintReferral: ("reference", "outcome"),
    ComplaintPause: ("came",),
    ComplaintRemedyCheck: ("delivery",),
    ComplaintReopening: ("closing_ground", "closing_note"),
    ComplaintAuthority: ("role",),
    ComplaintPractice: ("currency", "external_bodies"),
}  # fmt: skip
# A row of each table that every CHECK lets pass; "first" and "second" are complaints, "one" and "two" people.
SOUND = {
    ComplaintAssessment: {
        "complaint_id": "first", "severity": "low", "safety": False, "complexity": "simple", "reach": "one",
        "facts": [], "immediate_needed": False, "immediate_possible": False, "compensation": "unlikely",
        "priority": "p4", "level": 0, "assessed_at": LATER,
    },
    ComplaintInvestigation: {"complaint_id": "first", "begun_at": LATER},
    ComplaintDecision: {
        "complaint_id": "first", "number": 1, "state": "decided", "outcome": "upheld", "remedies": [],
        "settled_at": LATER,
    },
    ComplaintEscalation: {
        "complaint_id": "first", "state": "done", "from_level": 1, "to_level": 2, "triggers": [], "reason": "grave",
        "settled_at": LATER,
    },
    ComplaintReferral: {
        "complaint_id": "first", "body": "Ombudsman", "referred_on": DAY, "recorded_at": LATER,
    },
    ComplaintPause: {
        "complaint_id": "first", "waits_for": "complainant", "awaited": "the bill", "began_at": LATER,
    },
    ComplaintReclassification: {
        "complaint_id": "first", "from_kind": "complaint", "to_kind": "request", "reason": "a question",
        "changed_at": LATER,
    },
    ComplaintReopening: {"complaint_id": "first", "number": 1, "reason": "new facts", "reopened_at": LATER},
    ComplaintLink: {"complaint_id": "second", "other_id": "first", "relation": "repeat", "linked_at": LATER},
    ComplaintRemedyCheck: {
        "complaint_id": "first", "decision_id": "decision", "found": "as-promised", "note": "asked by phone",
        "checked_on": DAY, "delivered_on": DAY, "checked_at": LATER,
    },
    ComplaintDetriment: {"complaint_id": "first", "found": "none", "checked_at": LATER},
    ComplaintNote: {"complaint_id": "first", "note": "ask the driver", "written_at": LATER},
    ComplaintParty: {"complaint_id": "first", "person_id": "one", "named_at": LATER},
    ComplaintAuthority: {"role": "complaint-handler", "currency": "EUR", "amount": 10_000},
    ComplaintPractice: {"review_days": 14, "repeat_days": 90},
}  # fmt: skip

PROPOSED = {"state": "proposed", "settled_at": None, "proposed_at": LATER, "proposed_by": "one"}
COSTLY = {"amount": 20_000, "currency": "EUR", "limit_amount": 10_000, "proposed_at": LATER, "proposed_by": "one"}
ANSWERED = {"answer": "refused", "answered_at": LATER, "next_internal": "Level 2", "next_external": "Ombudsman"}
ALSO_POSSIBLE = [
    (ComplaintInvestigation, {"ended_at": LATER, "facts": "x", "cause": "process", "independence": "x"}),
    (ComplaintDecision, PROPOSED),
    (ComplaintDecision, {**COSTLY, "settled_by": "two"}),
    (ComplaintDecision, {**COSTLY, "limit_amount": 20_000, "settled_by": "one"}),
    (ComplaintDecision, {**COSTLY, "limit_amount": None, "settled_by": "one"}),
    (ComplaintDecision, {"state": "returned", "return_reason": "too much"}),
    (ComplaintDecision, ANSWERED),
    (ComplaintEscalation, {"state": "asked", "settled_at": None, "asked_at": LATER}),
    (ComplaintEscalation, {"state": "declined", "settled_reason": "decided at the top"}),
    (ComplaintReferral, {"ended_on": DAY, "outcome": "followed us", "overturned": False}),
    (ComplaintPause, {"ended_at": LATER}),
    (ComplaintAuthority, {"role": "", "person_id": "one"}),
]
IMPOSSIBLE = [
    (ComplaintAssessment, "severity_known", {"severity": ""}),
    (ComplaintAssessment, "complexity_known", {"complexity": "tricky"}),
    (ComplaintAssessment, "compensation_known", {"compensation": "maybe"}),
    (ComplaintAssessment, "priority_was_found", {"priority": ""}),
    (ComplaintAssessment, "priority_was_found", {"reach": ""}),
    (ComplaintAssessment, "level_known", {"level": 5}),
    (ComplaintInvestigation, "ended_has_facts_and_cause", {"ended_at": LATER, "facts": "x", "independence": "x"}),
    (ComplaintInvestigation, "ended_has_facts_and_cause", {"ended_at": LATER, "cause": "process", "facts": "x"}),
    (
        ComplaintInvestigation, "ended_after_begun",
        {"ended_at": EARLIER, "facts": "x", "cause": "process", "independence": "x"},
    ),
    (ComplaintDecision, "outcome_known", {"outcome": "maybe"}),
    (ComplaintDecision, "others_known", {"others": "many"}),
    (ComplaintDecision, "answer_known", {**ANSWERED, "answer": "perhaps"}),
    (ComplaintDecision, "state_known", {"state": "lost"}),
    (ComplaintDecision, "number_counts_from_one", {"number": 0}),
    (ComplaintDecision, "proposal_is_not_settled", {**PROPOSED, "settled_at": LATER}),
    (ComplaintDecision, "returned_has_reason", {"state": "returned"}),
    (ComplaintDecision, "amount_not_negative", {"amount": -1, "currency": "EUR"}),
    (ComplaintDecision, "amount_has_currency", {"amount": 1}),
    (ComplaintDecision, "others_are_named", {"others": "yes"}),
    (ComplaintDecision, "proposal_has_author", {**PROPOSED, "proposed_by": None}),
    (ComplaintDecision, "above_limit_by_another", {**COSTLY, "settled_by": "one"}),
    (ComplaintDecision, "above_limit_by_another", COSTLY),
    (ComplaintDecision, "above_limit_by_another", {**COSTLY, "settled_by": "two", "proposed_by": None}),
    (ComplaintDecision, "decided_first", {**PROPOSED, "told_at": LATER, "told_channel": "phone"}),
    (ComplaintDecision, "told_has_channel", {"told_at": LATER}),
    (ComplaintDecision, "delivered_has_proof", {"delivered_on": DAY}),
    (ComplaintDecision, "answer_has_date", {**ANSWERED, "answered_at": None}),
    (ComplaintDecision, "refusal_names_next_steps", {**ANSWERED, "next_external": ""}),
    (ComplaintEscalation, "state_known", {"state": "lost"}),
    (ComplaintEscalation, "levels_known", {"to_level": 5}),
    (ComplaintEscalation, "done_moves", {"to_level": 1}),
    (ComplaintEscalation, "asked_is_not_settled", {"state": "asked"}),
    (ComplaintEscalation, "has_reason", {"reason": ""}),
    (ComplaintEscalation, "declined_has_reason", {"state": "declined"}),
    (ComplaintReferral, "body_is_named", {"body": ""}),
    (ComplaintReferral, "ended_has_outcome", {"ended_on": DAY, "overturned": True}),
    (ComplaintReferral, "ended_has_outcome", {"ended_on": DAY, "outcome": "x"}),
    (
        ComplaintReferral, "ended_after_referred",
        {"ended_on": EARLIER.date(), "outcome": "x", "overturned": True},
    ),
    (ComplaintPause, "waits_for_known", {"waits_for": "godot"}),
    (ComplaintPause, "awaits_something", {"awaited": ""}),
    (ComplaintPause, "ended_after_began", {"ended_at": EARLIER}),
    (ComplaintReclassification, "from_kind_known", {"from_kind": "grumble"}),
    (ComplaintReclassification, "to_kind_known", {"to_kind": "grumble"}),
    (ComplaintReclassification, "changes_something", {"to_kind": "complaint"}),
    (ComplaintReclassification, "has_reason", {"reason": ""}),
    (ComplaintReopening, "closing_ground_known", {"closing_ground": "tired of it"}),
    (ComplaintReopening, "number_counts_from_one", {"number": 0}),
    (ComplaintReopening, "has_reason", {"reason": ""}),
    (ComplaintLink, "relation_known", {"relation": "cousin"}),
    (ComplaintLink, "later_to_earlier", {"complaint_id": "first", "other_id": "second"}),
    (ComplaintLink, "later_to_earlier", {"other_id": "second"}),
    (ComplaintNote, "says_something", {"note": ""}),
    (ComplaintDetriment, "found_known", {"found": "perhaps", "note": "x"}),
    (ComplaintDetriment, "detriment_is_described", {"found": "signs", "note": ""}),
    (ComplaintRemedyCheck, "found_known", {"found": "perhaps"}),
    (ComplaintRemedyCheck, "says_how", {"note": ""}),
    (ComplaintRemedyCheck, "checked_after_delivery", {"checked_on": EARLIER.date()}),
    (ComplaintRemedyCheck, "lacking_keeps_delivery", {"found": "lacking"}),
    (ComplaintRemedyCheck, "lacking_keeps_delivery", {"delivery": "Bank receipt"}),
    (ComplaintAuthority, "of_role_or_person", {"person_id": "one"}),
    (ComplaintAuthority, "of_role_or_person", {"role": ""}),
    (ComplaintAuthority, "amount_not_negative", {"amount": -1}),
    (ComplaintAuthority, "currency_has_three_letters", {"currency": "EURO"[:2]}),
    (ComplaintPractice, "review_days_sensible", {"review_days": 0}),
    (ComplaintPractice, "repeat_days_sensible", {"repeat_days": 1_000}),
]  # fmt: skip


@pytest.fixture
def row(acme):
    many(acme.id, [raw(acme.id, 1), raw(acme.id, 2)])
    with db.engine.connect() as connection:
        first, second = connection.exec_driver_sql("SELECT id FROM complaint ORDER BY id").scalars()
    names = {"first": first, "second": second, "one": acme.person("staff"), "two": acme.person("quality-manager")}

    def made(model, **values):
        if model is ComplaintRemedyCheck and "decision" not in names:
            names["decision"] = accepts(ComplaintDecision.__table__, made(ComplaintDecision))
        texts = dict.fromkeys(TEXTS.get(model, ()), "")
        return {
            "organisation_id": acme.id,
            **texts,
            **{
                column: names.get(value, value) if column.endswith(("_id", "_by")) else value
                for column, value in {**SOUND[model], **values}.items()
            },
        }

    return made


@pytest.mark.parametrize("model", SOUND, ids=lambda model: model.__name__)
def test_the_database_takes_a_sound_row(row, model):
    assert accepts(model.__table__, row(model))


@pytest.mark.parametrize(("model", "values"), ALSO_POSSIBLE)
def test_the_database_takes(row, model, values):
    assert accepts(model.__table__, row(model, **values))


@pytest.mark.parametrize(("model", "constraint", "values"), IMPOSSIBLE)
def test_the_database_refuses(row, model, constraint, values):
    refuses(model.__table__, constraint, row(model, **values))


@pytest.mark.parametrize(
    "model",
    [ComplaintDecision, ComplaintReopening, ComplaintLink, ComplaintParty, ComplaintPause, ComplaintPractice,
     ComplaintAuthority],
    ids=lambda model: model.__name__,
)  # fmt: skip
def test_what_there_is_once(row, model):
    accepts(model.__table__, row(model))
    with pytest.raises(IntegrityError):
        accepts(model.__table__, row(model))


def test_one_limit_a_person_and_one_mention_a_note(row, acme):
    own = row(ComplaintAuthority, role="", person_id="one")
    accepts(ComplaintAuthority.__table__, own)
    with pytest.raises(IntegrityError):
        accepts(ComplaintAuthority.__table__, own)
    note = accepts(ComplaintNote.__table__, row(ComplaintNote))
    mention = {"organisation_id": acme.id, "note_id": note, "person_id": acme.person("staff")}
    accepts(ComplaintMention.__table__, mention)
    with pytest.raises(IntegrityError):
        accepts(ComplaintMention.__table__, mention)
