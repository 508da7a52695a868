"""What the worker notices: each due date once, whatever it slept through, and one mail a person a day."""

import sys

import pytest
from sqlalchemy import select

from auditkit.base import clock as clock_module
from auditkit.base import jobs
from auditkit.base.db import db, reading, transaction
from auditkit.base.outbox import OutboxMail
from auditkit.complaints import queries as core_queries
from auditkit.complaints import service as core
from auditkit.complaints.clock import queries, rules, service
from auditkit.complaints.clock.jobs import notice
from auditkit.complaints.clock.models import ComplaintDue
from auditkit.complaints.intake import service as intake
from auditkit.journal.queries import timeline
from tests.slices.complaints_clock.timing import (
    LONDON_OPEN,
    TEHRAN,
    acknowledged,
    decide_in,
    do,
    keep,
    own,
    registered,
    seen,
)


@pytest.fixture
def handler(acme):
    return acme.actor("complaint-handler")


def noticed(actor, reference):
    """What was recorded of a complaint, oldest first."""
    db.session.rollback()
    tx = reading(actor)
    entries = timeline(tx, actor.organisation_id, ("complaint", core_queries.by_reference(tx, reference).id))
    return [entry.facts["state"] for entry in reversed(entries) if entry.event == rules.DUE_NOTICED.name]


def mails():
    db.session.rollback()
    found = db.session.execute(select(OutboxMail).order_by(OutboxMail.id)).scalars().all()
    return [(mail.recipient, mail.subject, mail.body) for mail in found]


def look():
    notice()
    db.session.rollback()


def test_each_state_is_noticed_once(acme, handler, clock):
    """Ten days from Monday 2 March, 09:00: three quarters are over on 10 March, half as much again on 18 March."""
    own(acme, decide_in(10))
    reference = registered(handler)
    for days, found in (
        (7, []),
        (1.5, ["warned"]),
        (2, ["warned", "overdue"]),
        (9, ["warned", "overdue", "very-overdue"]),
    ):
        clock.advance(days=days)
        look()
        look()
        if days == 2:
            clock.advance(days=1)
            look()
        assert noticed(handler, reference) == found


def test_a_server_that_slept_notices_the_farthest_only(acme, handler, clock):
    own(acme, decide_in(10))
    reference = registered(handler)
    clock.advance(days=100)
    look()
    look()
    assert noticed(handler, reference) == ["very-overdue"]


def test_what_was_done_is_not_noticed(acme, handler, clock):
    own(acme, decide_in(10, target="acknowledge"))
    reference = registered(handler)
    clock.advance(days=5)
    acknowledged(handler, reference)
    clock.advance(days=30)
    look()
    assert noticed(handler, reference) == []


def test_a_paused_clock_warns_nobody(acme, handler, clock):
    own(acme, decide_in(10))
    reference = registered(handler)
    do(handler, core.wait_for, core.WaitFor, reference, "complainant", "Photographs")
    clock.advance(days=20)
    look()
    assert noticed(handler, reference) == []
    clock.advance(days=40)
    look()
    assert noticed(handler, reference) == ["very-overdue"]


def test_a_date_that_moved_away_is_noticed_again(acme, handler, clock):
    own(acme, decide_in(10))
    reference = registered(handler)
    clock.advance(days=8)
    look()
    do(handler, core.wait_for, core.WaitFor, reference, "complainant", "Photographs")
    clock.advance(days=20)
    do(handler, core.end_wait, core.EndWait, reference)
    clock.advance(days=20)
    look()
    assert noticed(handler, reference) == ["warned", "very-overdue"]


def test_nothing_to_do_writes_nothing(acme, handler, clock):
    own(acme, decide_in(10))
    registered(handler)
    written = []

    def note(connection):
        written.append(connection)

    from sqlalchemy import event

    event.listen(db.engine, "commit", note)
    try:
        look()
    finally:
        event.remove(db.engine, "commit", note)
    assert written == []


def test_the_worker_looks_around(acme, handler, clock):
    own(acme, decide_in(10))
    reference = registered(handler)
    clock.advance(days=100)
    jobs.look_around()
    assert noticed(handler, reference) == ["very-overdue"]


def test_a_watch_that_fails_stops_no_other(acme, handler, clock, monkeypatch, caplog):
    own(acme, decide_in(10))
    reference = registered(handler)
    clock.advance(days=100)

    def broken():
        raise ValueError("planted")

    monkeypatch.setattr(jobs, "_watches", [broken, notice])
    jobs.look_around()
    assert "planted" in caplog.text
    assert noticed(handler, reference) == ["very-overdue"]


# Mail


def test_one_mail_a_person_a_day(acme, handler, clock):
    """Noticed at 02:00 on Saturday; mailed on Monday when the office opens, once, with everything that is late."""
    keep(acme, LONDON_OPEN)
    own(acme, decide_in(10))
    for _ in range(3):
        reference = registered(handler)
        do(handler, core.assign, core.Assign, reference, handler.person_id)
    clock.advance(days=11, hours=17)  # Saturday 14 March, 02:00
    look()
    assert mails() == []
    clock.advance(days=2, hours=6)  # Monday, 08:00
    look()
    assert mails() == []
    clock.advance(hours=2)
    look()
    look()
    ((to, subject, body),) = mails()
    assert to == "complaint-handler@acme.example"
    assert subject == "Acme Ltd: What is due: 3 complaints"
    assert body.splitlines()[0] == "C-2026-000001  12 Mar 2026, 23:59  Overdue: Decide and tell"
    assert "/o/acme/complaints/due/" in body
    assert "Late delivery" not in body
    clock.advance(days=1)
    look()
    assert len(mails()) == 1


def test_a_mail_that_cannot_hold_all_says_so(acme, handler, clock, monkeypatch):
    monkeypatch.setattr(sys.modules[queries.queue.__module__], "PAGE_ROWS", 2)
    own(acme, decide_in(10))
    for _ in range(3):
        do(handler, core.assign, core.Assign, registered(handler), handler.person_id)
    clock.advance(days=11, hours=1)
    look()
    ((_, subject, body),) = mails()
    assert subject == "Acme Ltd: What is due: more than 2 complaints"
    assert "and more; the whole list:" in body


def test_what_nobody_owns_goes_to_those_who_manage(acme, handler, clock):
    own(acme, decide_in(10))
    registered(handler)
    clock.advance(days=11, hours=1)
    look()
    assert sorted(to for to, _, _ in mails()) == ["administrator@acme.example", "quality-manager@acme.example"]


def test_what_nobody_owns_goes_to_who_looks_after_the_channel(acme, handler, clock):
    # Given somebody who looks after the phone and nobody after the post
    mina = acme.colleague("complaint-handler", "Mina Phone")
    with transaction(acme.system) as tx:
        intake.keep_channel(tx, intake.KeepChannel("phone", owner_id=mina.person_id), clock.at, acme.system)
    own(acme, decide_in(10))
    called, written = registered(handler, channel="phone"), registered(handler, channel="post")
    clock.advance(days=11, hours=1)
    look()
    told = {to: body for to, _, body in mails()}
    assert sorted(told) == ["administrator@acme.example", "mina.phone@acme.example", "quality-manager@acme.example"]
    assert called in told["mina.phone@acme.example"]
    assert written not in told["mina.phone@acme.example"]
    assert written in told["administrator@acme.example"]


def test_owner_and_deputy_hear_of_it(acme, handler, clock):
    own(acme, decide_in(10))
    reference = registered(handler)
    deputy = acme.colleague("complaint-handler", "Dana Deputy")
    do(handler, core.assign, core.Assign, reference, handler.person_id, deputy.person_id)
    clock.advance(days=11, hours=1)
    look()
    assert sorted(to for to, _, _ in mails()) == ["complaint-handler@acme.example", "dana.deputy@acme.example"]


def test_a_second_notice_on_the_same_day_waits_for_the_next(acme, handler, clock):
    keep(acme)
    own(acme, decide_in(10, "hours"))
    registered(handler)
    clock.advance(hours=8)
    look()
    registered(handler)
    clock.advance(hours=4)
    look()
    assert len(mails()) == 2  # administrator and quality manager, once
    clock.advance(days=1)
    look()
    assert len(mails()) == 4


def test_each_house_by_its_own_clock(acme, globex, handler, clock):
    """Friday 13 March is a working day in London and the weekend in Tehran."""
    other = globex.actor("complaint-handler")
    keep(acme)
    keep(globex, TEHRAN)
    for house, actor in ((acme, handler), (globex, other)):
        own(house, decide_in(10))
        registered(actor)
    clock.advance(days=11, hours=2)
    look()
    assert {to.split("@")[1] for to, _, _ in mails()} == {"acme.example"}
    clock.advance(days=1)
    look()
    assert {to.split("@")[1] for to, _, _ in mails()} == {"acme.example", "globex.example"}


def test_closing_takes_the_mail_back(acme, handler, clock):
    keep(acme, LONDON_OPEN)
    own(acme, decide_in(10))
    reference = registered(handler)
    clock.advance(days=11, hours=17)
    look()
    do(handler, core.withdraw, core.Withdraw, reference, "Solved")
    clock.advance(days=3)
    look()
    assert mails() == []


def test_noticing_nothing_is_a_fault_of_the_caller(acme, handler, clock):
    own(acme, decide_in(10))
    reference = registered(handler)
    due_id = seen(handler, reference).running[0].id
    from auditkit.base.verbs import VerbLeftNoEntry

    with transaction(acme.system) as tx, pytest.raises(VerbLeftNoEntry):
        service.notice_due(tx, service.NoticeDue((due_id,)), clock_module.now(), acme.system)
    assert db.session.execute(select(ComplaintDue.noticed).execution_options(unscoped=True)).scalars().all() == [""]
