"""Every CHECK of the tables of documents refuses its impossible state, and the triggers refuse to change records."""

import pytest
from sqlalchemy import delete, update
from sqlalchemy.exc import DBAPIError

from auditkit.base.db import transaction
from auditkit.policies import models, service
from auditkit.policies.models import (
    OrganisationFact,
    PolicyApprover,
    PolicyCard,
    PolicyConfirmation,
    PolicyImport,
    PolicyNotice,
    PolicyReader,
    PolicyRound,
    PolicyStated,
    PolicyStep,
    PolicyTranslation,
    PolicyTranslationVersion,
    RecordKeeping,
)
from tests.factories.refusals import accepts, refuses
from tests.slices.policies.conftest import NOW

A64 = "a" * 64
TEXT = {"title": "x", "sections": [], "digest": A64, "reason": "x"}
ROUND = {"policy_id": 1, "state": "open", "revision": 1, "answers": {}, "stated": {}, "opened_at": NOW} | TEXT
ENDED = {"ended_at": NOW}
STEP = {"round_id": 1, "position": 1, "person_id": 1, "decision": "", "reason": ""}
GOOD = {
    PolicyCard: {
        "policy_id": 2,
        "kind": "manual",
        "retention": "",
        "distribution": "",
        "review_months": 12,
        "states": [],
    },
    OrganisationFact: {"name": "x", "kind": "text", "value": "x", "changed_at": NOW},
    PolicyStated: {"version_id": 1, "setting": "x", "value": ""},
    PolicyApprover: {"policy_id": 1, "position": 1, "person_id": 1},
    PolicyRound: ROUND,
    PolicyStep: STEP,
    PolicyReader: {"policy_id": 1, "role": "staff"},
    PolicyConfirmation: {
        "version_id": 1,
        "person_id": 1,
        "name": "x",
        "role": "staff",
        "language": "en",
        "confirmed_at": NOW,
    },
    PolicyNotice: {"version_id": 1, "person_id": 1, "kind": "asked", "sent_at": NOW},
    PolicyTranslation: {
        "policy_id": 1,
        "language": "fa",
        "source_id": 1,
        "title": "",
        "sections": [],
        "revision": 1,
        "edited_at": NOW,
    },
    PolicyTranslationVersion: {
        "policy_id": 1,
        "language": "fa",
        "number": 1,
        "source_id": 1,
        "approved_by_id": 1,
        "approved_at": NOW,
        "approved_alone": False,
        **TEXT,
    },
    PolicyImport: {"policy_id": 1, "file_name": "x", "digest": A64, "left_out": [], "imported_at": NOW},
    RecordKeeping: {
        "record": "journal",
        "title": "",
        "period": "",
        "source": "",
        "basis": "",
        "place": "",
        "keeper": "",
        "disposal": "",
        "changed_at": NOW,
    },
}
REFUSED = [
    (PolicyCard, "kind_known", {"kind": "novel"}),
    (PolicyCard, "review_months_sensible", {"review_months": 121}),
    (PolicyCard, "review_months_sensible", {"review_months": -1}),
    (OrganisationFact, "fact_has_value", {"value": ""}),
    (PolicyStated, "setting_named", {"setting": ""}),
    (PolicyApprover, "position_from_one", {"position": 0}),
    (PolicyRound, "round_state_known", {"state": "lost", **ENDED}),
    (PolicyRound, "ended_round_has_time", {"state": "refused"}),
    (PolicyRound, "ended_round_has_time", ENDED),
    (PolicyRound, "approved_round_has_version", {"state": "approved", **ENDED}),
    (PolicyRound, "approved_round_has_version", {"version_id": 1}),
    (PolicyRound, "round_digest_is_sha256", {"digest": "x"}),
    (PolicyRound, "round_has_reason", {"reason": ""}),
    (PolicyStep, "decision_known", {"decision": "perhaps", "decided_at": NOW, "reason": "x"}),
    (PolicyStep, "decided_has_time", {"decision": "approved", "reason": "x"}),
    (PolicyStep, "decided_has_time", {"decided_at": NOW}),
    (PolicyStep, "decided_with_reason", {"decision": "refused", "decided_at": NOW}),
    (PolicyReader, "reader_is_role_or_person", {"person_id": 1}),
    (PolicyReader, "reader_is_role_or_person", {"role": ""}),
    (PolicyConfirmation, "confirmed_by_name", {"name": ""}),
    (PolicyNotice, "notice_known", {"kind": "gossip"}),
    (PolicyTranslation, "translation_has_language", {"language": ""}),
    (PolicyTranslation, "translation_revision_counts", {"revision": 0}),
    (PolicyTranslationVersion, "translation_number_counts", {"number": 0}),
    (PolicyTranslationVersion, "translation_digest_is_sha256", {"digest": "x"}),
    (PolicyTranslationVersion, "translation_has_title", {"title": ""}),
    (PolicyTranslationVersion, "translation_with_reason", {"reason": ""}),
    (PolicyTranslationVersion, "translation_two_people", {"edited_by_id": 1}),
    (PolicyImport, "import_digest_is_sha256", {"digest": "x"}),
    (RecordKeeping, "library_record_or_own", {"title": "x"}),
    (RecordKeeping, "library_record_or_own", {"record": ""}),
    (RecordKeeping, "period_or_source", {"period": "x", "source": "y"}),
]


@pytest.fixture
def house(acme, do, published):
    """Policy 1 with version 1 in force, policy 2 without a card, round 1 that has ended: keys that lead somewhere."""
    policy_id = published(acme)
    other = do(acme, service.start_blank, service.StartBlank("x"))
    with transaction(acme.system) as tx:
        tx.delete(tx.get(PolicyCard, other))
    ended = GOOD[PolicyRound] | {"state": "refused", **ENDED, "organisation_id": acme.id}
    assert (policy_id, other, accepts(PolicyRound.__table__, ended)) == (1, 2, 1)
    return acme


@pytest.mark.parametrize("model", GOOD, ids=lambda model: model.__name__)
def test_the_good_row_is_good(house, model):
    accepts(model.__table__, GOOD[model] | {"organisation_id": house.id})


@pytest.mark.parametrize(("model", "constraint", "change"), REFUSED)
def test_checks(house, model, constraint, change):
    refuses(model.__table__, constraint, GOOD[model] | change | {"organisation_id": house.id})


def test_every_check_stands_in_the_table_above():
    named = {
        (table.name, str(one.name).removeprefix(f"ck_{table.name}_"))
        for table in (getattr(models, name).__table__ for name in models.__all__)
        for one in table.constraints
        if str(one.name).startswith("ck_") and table.name not in ("policy", "policy_version")
    }
    assert named == {(model.__table__.name, constraint) for model, constraint, _change in REFUSED}


@pytest.mark.parametrize("act", [lambda: update(PolicyStated).values(value="y"), lambda: delete(PolicyStated)])
def test_what_a_version_stated_stays(house, act):
    accepts(PolicyStated.__table__, GOOD[PolicyStated] | {"organisation_id": house.id})
    with pytest.raises(DBAPIError, match="what a version stated is immutable"), transaction(house.system) as tx:
        tx.execute(act())
