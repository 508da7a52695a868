"""Existing policies come through the revision of documents as they were, up and down."""

import json

import pytest
import sqlalchemy as sa

from auditkit.base.db import UtcDateTime, db, reading, transaction
from auditkit.instance import migrate
from auditkit.policies import queries, service
from auditkit.policies.models import Policy
from tests.slices.policies.conftest import NOW

BEFORE = "0019"


def answers(house) -> dict[str, dict[str, str]]:
    return {one.reference: one.answers for one in queries.policies(reading(house.system))}


@pytest.fixture
def two_policies(acme, do, published):
    """The policy in force, and a role description in the middle of its questionnaire."""
    published(acme)
    return do(acme, service.start, service.Start("role-managers"))


def stored(connection) -> dict[str, dict[str, str]]:
    found = connection.execute(sa.text("SELECT reference, answers FROM policy ORDER BY id")).all()
    return {row[0]: json.loads(row[1]) if isinstance(row[1], str) else row[1] for row in found}


def test_down_every_document_has_its_answers_of_its_own_again(app, acme, two_policies):
    known = answers(acme)
    db.session.remove()
    migrate.downgrade(app, BEFORE)
    with db.engine.connect() as connection:
        assert stored(connection) == known
        assert not sa.inspect(connection).has_table("organisation_fact")
    migrate.upgrade(app)
    db.session.remove()
    assert answers(acme) == known


def test_up_the_newest_answer_becomes_the_fact_and_what_others_said_stays_theirs(app, acme, two_policies):
    with transaction(acme.system) as tx:
        older = tx.query(Policy).filter_by(reference="POL-01").one()
        assert older.edited_at <= NOW
    text = queries.policy(reading(acme.system), 1).version(1).digest
    db.session.remove()
    migrate.downgrade(app, BEFORE)
    change = sa.text("UPDATE policy SET answers = :answers WHERE reference = :reference")
    with db.engine.begin() as connection:
        before = stored(connection)
        before["ROL-01"] |= {"recording_target": "two hours"}
        before["POL-01"] |= {"recording_target": "one day"}
        before["POL-01"].pop("representative_title")
        for reference, given in before.items():
            connection.execute(change, {"reference": reference, "answers": json.dumps(given)})
        newest = sa.text("UPDATE policy SET edited_at = :at WHERE reference = 'ROL-01'")
        connection.execute(newest.bindparams(sa.bindparam("at", type_=UtcDateTime())), {"at": NOW.replace(year=2027)})
    migrate.upgrade(app)
    db.session.remove()
    assert answers(acme) == before, "as they were, each"
    assert queries.facts(reading(acme.system))["recording_target", "text"] == "two hours"
    policy = queries.policy(reading(acme.system), 1)
    asked = {one.question.name: one for one in policy.asked}
    assert (asked["recording_target"].answer, asked["recording_target"].otherwise) == ("one day", "two hours")
    assert asked["representative_title"].answer == "", "what nobody answered here stays open"
    assert [one.card.kind.value for one in queries.policies(reading(acme.system))] == ["policy", "role"]
    assert policy.version(1).digest == text
