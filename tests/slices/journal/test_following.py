"""Who stands above a slice hears of its entries in the transaction that wrote them."""

from datetime import UTC, datetime

import pytest

from auditkit.accounts.rules import MEMBER_ADDED
from auditkit.base.db import reading, transaction
from auditkit.journal import queries, service

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture
def followers(monkeypatch):
    found: dict = {}
    monkeypatch.setattr(service, "_followers", found)
    return found


def told(house, kind):
    with transaction(house.system) as tx:
        service.record(tx, MEMBER_ADDED, now=NOW, actor=house.system, subject=(kind, 7), facts={"role": "staff"})


def test_a_follower_hears_of_its_kind_only(acme, followers):
    heard = []
    service.follows("thing")(lambda tx, entry, actor: heard.append((entry.subject_id, entry.event, actor.role)))
    told(acme, "thing")
    told(acme, "other")
    assert heard == [(7, "member:added", "system")]


def test_what_a_follower_raises_undoes_the_entry(acme, followers):
    before = queries.verify(reading(acme.system), acme.id).entries

    @service.follows("thing")
    def refuse(tx, entry, actor):
        raise ValueError("planted")

    with pytest.raises(ValueError, match="planted"):
        told(acme, "thing")
    check = queries.verify(reading(acme.system), acme.id)
    assert (check.entries, check.bad) == (before, None)


def test_a_follower_may_leave_entries_of_its_own(acme, followers):
    before = queries.verify(reading(acme.system), acme.id).entries

    @service.follows("thing")
    def also(tx, entry, actor):
        service.record(tx, MEMBER_ADDED, now=NOW, actor=actor, subject=("other", 8))

    told(acme, "thing")
    check = queries.verify(reading(acme.system), acme.id)
    assert (check.entries, check.bad) == (before + 2, None)
