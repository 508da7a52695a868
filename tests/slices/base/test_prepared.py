"""Statements run straight through the driver do what the session does with them: the same SQL, scope, types, errors."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.exc import IntegrityError

from auditkit.accounts.models import Membership
from auditkit.accounts.rules import Role
from auditkit.audits import storing
from auditkit.audits.independence import queries as independence
from auditkit.audits.offline import queries as offline
from auditkit.audits.offline import service as offline_service
from auditkit.base.db import NoScope, WrongScope, db, reading, transaction
from auditkit.base.prepared import Prepared
from tests.factories.statements import statements

ROLES = Prepared(select(Membership.id, Membership.role, Membership.since).order_by(Membership.id))
CHANGE = Prepared(update(Membership).where(Membership.role == bindparam("was")).values(role=bindparam("becomes")))
JOIN = Prepared(insert(Membership).inline(), columns=("organisation_id", "person_id", "role", "since"))

WITH_SESSION = {
    "read": (storing._READ, {"row_id": 1, "audit_number": "A-2026-001"}),
    "place": (independence._PLACE, {"audit": 1, "person": 1}),
    "arrived": (offline._ARRIVED, {"named": "x"}),
    "count": (
        storing._COUNT,
        {
            "audit_id": 1,
            "at": datetime(2026, 3, 2, 9, tzinfo=UTC),
            "more_answered": 1,
            "more_excluded": 0,
            "more_not_covered": 0,
        },
    ),
    "store": (
        storing._STORE,
        {
            "row_id": 1,
            "seen": 0,
            "chosen": "good",
            "chosen_state": "answered",
            "counts_for": 100,
            "text": "",
            "asked": "",
            "at": datetime(2026, 3, 2, 9, tzinfo=UTC),
            "by": None,
            "following": 1,
        },
    ),
}


def by_value(parameters):
    """Parameters without the names that the session chooses for its own."""
    return sorted(map(repr, parameters.values())) if isinstance(parameters, dict) else parameters


@pytest.mark.parametrize("name", WITH_SESSION)
def test_the_database_hears_what_the_session_would_say(acme, name):
    prepared, values = WITH_SESSION[name]
    with transaction(acme.system) as tx, statements() as ours:
        if name in ("count", "store"):
            prepared.touched(tx, values)
        else:
            prepared.rows(tx, values)
    with transaction(acme.system) as tx, statements() as the_sessions:
        tx.execute(prepared.statement.execution_options(synchronize_session=False), values)
    assert len(ours) == len(the_sessions) == 1
    own_name = "%(scope_organisation)s"
    theirs = the_sessions[0][0].replace("%(organisation_id_1)s", own_name).replace("%(param_1)s", own_name)
    if db.engine.dialect.name == "sqlite":
        assert (ours[0][0], by_value(ours[0][1])) == (theirs, by_value(the_sessions[0][1]))
    else:
        assert ours[0][0].count("organisation_id = %(") == theirs.count("organisation_id = %(")
        assert set(map(repr, ours[0][1].values())) == set(map(repr, the_sessions[0][1].values()))


def test_rows_are_the_organisations_own_and_typed(acme, globex):
    with transaction(acme.system) as tx:
        ours = ROLES.rows(tx, {})
        assert [tuple(one) for one in ours] == [
            tuple(one) for one in tx.execute(select(Membership.id, Membership.role, Membership.since).order_by("id"))
        ]
    with transaction(globex.system) as tx:
        theirs = ROLES.rows(tx, {})
    assert ours
    assert not {one.id for one in ours} & {one.id for one in theirs}
    assert ours[0].since.tzinfo is not None


def test_changes_stay_at_home(acme, globex):
    with transaction(acme.system) as tx:
        assert CHANGE.touched(tx, {"was": "staff", "becomes": "administrator"}) == 1
    with transaction(globex.system) as tx:
        assert "staff" in {one.role for one in ROLES.rows(tx, {})}


def test_what_the_session_holds_is_stored_first(acme, clock):
    with transaction(acme.system) as tx:
        member = tx.execute(select(Membership).where(Membership.role == "staff")).scalar_one()
        member.role = "internal-auditor"
        assert CHANGE.touched(tx, {"was": "staff", "becomes": "administrator"}) == 0


def test_without_an_organisation_it_is_loud(app, acme):
    db.session.remove()
    with pytest.raises(NoScope), transaction() as tx:
        ROLES.rows(tx, {})


@pytest.mark.parametrize(
    "statement",
    [select(Membership.__table__.c.role), update(Membership.__table__).values(role="staff")],
    ids=["select", "update"],
)
def test_columns_of_a_table_are_refused(acme, statement):
    with pytest.raises(NoScope, match="attributes of models"), transaction(acme.system) as tx:
        Prepared(statement).rows(tx, {})


def test_an_insert_says_whose_it_is(acme, globex, clock):
    values = {"person_id": globex.person("staff"), "role": "staff", "since": clock.at}
    with pytest.raises(WrongScope), transaction(acme.system) as tx:
        JOIN.touched(tx, {**values, "organisation_id": globex.id})
    with pytest.raises(NoScope), transaction(acme.system) as tx:
        Prepared(insert(Membership).inline(), columns=("person_id", "role", "since")).touched(tx, values)
    with transaction(acme.system) as tx:
        JOIN.touched(tx, values)  # the session's own
    with transaction(acme.system) as tx:
        assert len(ROLES.rows(tx, {})) == len(Role) + 1


def test_what_the_database_refuses_is_the_same_error(acme, clock):
    values = {"person_id": acme.person("staff"), "role": "staff", "since": clock.at}
    with pytest.raises(IntegrityError), transaction(acme.system) as tx:
        JOIN.touched(tx, values)
    with transaction(acme.system) as tx:
        assert len(ROLES.rows(tx, {})) == len(Role)


def test_after_a_rollback_it_takes_the_sessions_new_connection(acme):
    with transaction(acme.system) as tx:
        before = ROLES.rows(tx, {})
        tx.rollback()
        assert ROLES.rows(tx, {}) == before


def test_a_reading_session_serves_too(acme):
    assert len(ROLES.rows(reading(acme.system), {})) == len(Role)


def test_every_insert_names_all_that_it_must(acme):
    table = offline_service.AuditArrival.__table__
    assert set(offline_service._INSERT.columns) == {one.name for one in table.columns} - {"id"}
