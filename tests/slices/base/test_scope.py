"""One session serves one organisation: nothing of another is read or written; forgetting to say whose is loud."""

import pytest
from sqlalchemy import delete, select, update

from auditkit.accounts.models import Membership
from auditkit.accounts.rules import Role
from auditkit.base.db import NoScope, WrongScope, db, reading, transaction


def own(house) -> int:
    return len(reading(house.system).execute(select(Membership)).scalars().all())


def test_a_query_sees_its_own_organisation_only(acme, globex):
    globex.colleague("staff", "Gus Extra")
    assert (own(acme), own(globex), own(acme)) == (len(Role), len(Role) + 1, len(Role))


def test_columns_and_counts_are_scoped_too(acme, globex):
    rows = reading(acme.system).execute(select(Membership.id, Membership.organisation_id)).all()
    assert {organisation for _, organisation in rows} == {acme.id}


def test_a_foreign_key_is_not_found(acme, globex):
    membership = reading(globex.system).execute(select(Membership.id)).scalars().first()
    assert reading(globex.system).get(Membership, membership) is not None
    assert reading(acme.system).get(Membership, membership) is None


def test_bulk_changes_stay_at_home(acme, globex):
    with transaction(acme.system) as tx:
        changed = tx.execute(update(Membership).values(role="staff")).rowcount
        gone = tx.execute(delete(Membership)).rowcount
    assert (changed, gone) == (len(Role), len(Role))
    assert own(globex) == len(Role)


def test_a_query_without_an_organisation_is_loud(app, acme):
    db.session.remove()
    with pytest.raises(NoScope):
        reading().execute(select(Membership))


def test_table_columns_do_not_slip_past_the_scope(acme):
    with pytest.raises(NoScope, match="attributes of the model"):
        reading(acme.system).execute(select(Membership.__table__.c.role))


def test_a_record_of_another_organisation_is_refused(acme, globex, clock):
    with pytest.raises(WrongScope), transaction(acme.system) as tx:
        tx.add(Membership(organisation_id=globex.id, person_id=globex.person("staff"), role="staff", since=clock.at))


def test_inside_a_transaction_there_is_one_organisation(acme, globex):
    with transaction(acme.system), pytest.raises(WrongScope):
        reading(globex.system)


def test_transactions_do_not_nest(acme):
    with transaction(acme.system), pytest.raises(RuntimeError, match="nest"), transaction(acme.system):
        pass


def test_a_failed_transaction_leaves_nothing(acme, clock):
    with pytest.raises(ZeroDivisionError), transaction(acme.system) as tx:
        tx.execute(update(Membership).values(role="staff"))
        _ = 1 // 0
    roles = set(reading(acme.system).execute(select(Membership.role)).scalars())
    assert len(roles) == len(Role)
