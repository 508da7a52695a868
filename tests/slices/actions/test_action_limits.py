"""Due dates of actions on calendar cases worked by hand; reminders and escalation, once a level, once a mail."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from flask import current_app

from auditkit.accounts import service as accounts
from auditkit.actions import jobs, queries, rules, service, telling
from auditkit.actions.queries import DueView
from auditkit.actions.rules import Ended, Grade, Kind, Noticed, Target
from auditkit.base import clock as the_clock
from auditkit.base import outbox
from auditkit.base.calendar import kept
from auditkit.base.calendar.kept import OwnDay, Settings
from auditkit.base.clock import FrozenClock
from auditkit.base.db import db, reading, transaction
from auditkit.base.errors import Forbidden, NotFound
from auditkit.journal import queries as journal
from tests.conftest import House
from tests.slices.actions.doing import Doing, act, opened, path, version

pytestmark = pytest.mark.usefixtures("clock")


def keep(acme: House, settings: Settings) -> None:
    """The organisation's working time."""
    with transaction(acme.system) as tx:
        kept.save(tx, settings, the_clock.now())
        for own in settings.own_days:
            kept.put_day(tx, own)


def own_scheme(acme: House, *limits: tuple[str, str, int, str, bool]) -> int:
    """A scheme of one's own with these limits (grade, target, amount, unit, working)."""
    quality = acme.actor("quality-manager")
    scheme = int(act(quality, service.put_scheme, service.PutScheme(None, "By hand")))
    for grade, target, amount, unit, working in limits:
        act(quality, service.put_limit, service.PutLimit(scheme, grade, target, amount, unit, working))
    return scheme


def nc(acme: House, raised_on: date, scheme: int | None, **more: Any) -> str:
    """An action that answers a body's nonconformity raised on that day."""
    quality = acme.actor("quality-manager")
    values = service.NcValues("Body", f"NC-{raised_on}", Grade.MAJOR, "Late", raised_on, scheme_id=scheme, **more)
    nc_id = int(act(quality, service.record_nc, service.RecordNc(values)))
    return opened(acme, origin=("body-nc", nc_id), origin_title="NC")


def due(acme: House, number: str, target: Target) -> DueView:
    return next(one for one in path(acme, number).dues if one.target is target)


def explained(found: DueView) -> list[telling.Told]:
    """Its lines in English, as a page tells them."""
    with current_app.test_request_context("/"):
        return telling.explanation(found)


# (zone, weekend, own days, raised on, amount, unit, working) -> last second, worked by hand with a calendar on paper
NEW_YEAR = (OwnDay(date(2027, 1, 1), False, "New Year"), OwnDay(date(2027, 1, 2), False, "New Year"))
BY_HAND = {
    # Tbilisi has +04:00 all year; Monday 2 March, ten working days: 3-6 (4), 9-13 (9), Monday 16 (10).
    "ten working days": ("Asia/Tbilisi", "67", (), date(2026, 3, 2), 10, "days", True, "2026-03-16T19:59:59+00:00"),
    # Tehran +03:30, Friday is the weekend; Wednesday 4 March: Thu 5 (1), Sat 7 (2), Sun 8 (3), Thu 12 (7), Sat 14 (8),
    # Sun 15 (9), Mon 16 (10).
    "Friday weekend": ("Asia/Tehran", "5", (), date(2026, 3, 4), 10, "days", True, "2026-03-16T20:29:59+00:00"),
    # Athens goes to summer time on 29 March 2026: thirty days from 10 March end on 9 April at 23:59:59 +03:00.
    "summer time": ("Europe/Athens", "67", (), date(2026, 3, 10), 30, "days", False, "2026-04-09T20:59:59+00:00"),
    # And back on 25 October 2026: thirty days from 10 October end on 9 November, +02:00.
    "winter time": ("Europe/Athens", "67", (), date(2026, 10, 10), 30, "days", False, "2026-11-09T21:59:59+00:00"),
    # Over the end of the year with two own days off: Mon 28 Dec 2026: 29, 30, 31 (3), Mon 4 Jan (4), Tue 5 (5).
    "year end": ("Europe/London", "67", NEW_YEAR, date(2026, 12, 28), 5, "days", True, "2027-01-05T23:59:59+00:00"),
    # Six months from 31 August end on the last day of February; 2027 is no leap year.
    "short month": ("UTC", "67", (), date(2026, 8, 31), 6, "months", False, "2027-02-28T23:59:59+00:00"),
    # Two weeks are fourteen days.
    "weeks": ("UTC", "67", (), date(2026, 2, 20), 2, "weeks", False, "2026-03-06T23:59:59+00:00"),
}


@pytest.mark.parametrize("case", BY_HAND)
def test_due_dates_are_exact_on_cases_worked_by_hand(acme: House, case: str) -> None:
    zone, weekend, own_days, raised_on, amount, unit, working, expected = BY_HAND[case]
    keep(acme, Settings(zone=zone, weekend=frozenset(int(one) for one in weekend), own_days=own_days))
    scheme = own_scheme(acme, ("major", "plan", amount, unit, working))
    found = due(acme, nc(acme, raised_on, scheme), Target.PLAN)
    assert found.due_at == datetime.fromisoformat(expected)
    told = explained(found)
    assert told[0].text.startswith("Begins with the day it was raised")
    assert "“By hand” for: Major nonconformity" in told[1].text
    assert sum(line.counts for line in told) >= 1
    assert told[-1].text in ("Due at the end of the day", "Due at closing time")


def test_the_usual_limits_of_a_major(acme: House) -> None:
    scheme = int(act(acme.actor("quality-manager"), service.adopt_scheme, service.AdoptScheme("usual", "Usual")))
    number = nc(acme, date(2026, 2, 20), scheme, audit_ended_on=date(2026, 2, 25))
    days = {one.target: telling.last_day(one) for one in path(acme, number).dues}
    assert days == {
        Target.PLAN: date(2026, 3, 22),
        Target.DONE: date(2026, 4, 1),
        Target.CLOSE: date(2026, 5, 21),
        Target.HARD_STOP: date(2026, 8, 25),  # from the last day of the audit
    }


def test_a_minor_is_verified_at_the_next_audit(acme: House) -> None:
    scheme = int(act(acme.actor("quality-manager"), service.adopt_scheme, service.AdoptScheme("usual", "Usual")))
    quality = acme.actor("quality-manager")
    values = service.NcValues(
        "Body", "7", Grade.MINOR, "Late", date(2026, 2, 20), scheme_id=scheme, next_audit_on=date(2027, 2, 1)
    )
    nc_id = int(act(quality, service.record_nc, service.RecordNc(values)))
    found = path(acme, opened(acme, origin=("body-nc", nc_id), origin_title="NC"))
    assert found.verified_later
    assert {one.target for one in found.dues} == {Target.PLAN, Target.DONE, Target.NEXT_AUDIT}
    assert found.grade is Grade.MINOR


def test_a_day_that_the_body_named_comes_first(acme: House) -> None:
    scheme = own_scheme(acme, ("major", "plan", 30, "days", False))
    number = nc(acme, date(2026, 2, 20), scheme, plan_due_on=date(2026, 3, 6), evidence_due_on=date(2026, 4, 20))
    plan = due(acme, number, Target.PLAN)
    assert telling.last_day(plan) == date(2026, 3, 6)
    assert explained(plan)[0].text == "The day that the certification body named"
    assert telling.last_day(due(acme, number, Target.EVIDENCE)) == date(2026, 4, 20)


def test_a_due_date_stays_when_limits_and_calendar_change(acme: House) -> None:
    scheme = own_scheme(acme, ("major", "plan", 10, "days", True))
    number = nc(acme, date(2026, 3, 2), scheme)
    before = due(acme, number, Target.PLAN)
    act(acme.actor("quality-manager"), service.put_limit, service.PutLimit(scheme, "major", "plan", 3, "days"))
    keep(acme, Settings(zone="Asia/Tehran", weekend=frozenset({5})))
    after = due(acme, number, Target.PLAN)
    assert (after.due_at, after.lines, after.zone) == (before.due_at, before.lines, before.zone)
    assert before.zone != "Asia/Tehran"
    assert telling.last_day(due(acme, nc(acme, date(2026, 3, 3), scheme), Target.PLAN)) == date(2026, 3, 6)


def test_each_due_date_ends_with_what_it_asked_for(acme: House, clock: FrozenClock) -> None:
    scheme = own_scheme(
        acme,
        ("major", "plan", 10, "days", False),
        ("major", "evidence", 20, "days", False),
        ("major", "close", 90, "days", False),
    )
    doing = Doing(acme, opened(acme, grade=Grade.MAJOR, scheme_id=scheme))
    running = lambda: {one.target for one in path(acme, doing.number).dues if one.state is Ended.RUNNING}  # noqa: E731 - read three times below
    step = doing.step()
    assert running() == {Target.PLAN, Target.EVIDENCE, Target.CLOSE, Target.DONE, Target.STEP}
    doing.ready()
    doing.finish(step)
    assert running() == {Target.EVIDENCE, Target.CLOSE, Target.DONE}
    clock.advance(days=25)
    doing.cause()
    doing.done()
    assert running() == {Target.CLOSE}
    assert due(acme, doing.number, Target.EVIDENCE).standing(clock.at) is Noticed.OVERDUE  # five days late
    doing.verify(effective=False)
    assert running() == {Target.EVIDENCE, Target.CLOSE, Target.DONE}
    doing.done()
    doing.verify()
    assert running() == set()


def test_another_day_moves_the_due_date_of_an_action_and_of_a_step(acme: House) -> None:
    doing = Doing(acme, opened(acme))
    step = doing.step()
    action = queries.by_number(reading(acme.system), doing.number)
    command = service.ChangeAction(
        doing.number, action.version, Kind.CORRECTIVE, "Change it", action.owner_id, date(2026, 5, 1)
    )
    act(doing.owner, service.change, command)
    act(
        doing.owner,
        service.change_step,
        service.ChangeStep(doing.number, step, 1, "Order", acme.person("staff"), date(2026, 4, 2)),
    )
    days = {one.target: telling.last_day(one) for one in path(acme, doing.number).dues}
    assert days == {Target.DONE: date(2026, 5, 1), Target.STEP: date(2026, 4, 2)}


# Schemes


def test_every_preset_can_be_taken_over_once_and_ended(acme: House) -> None:
    quality = acme.actor("quality-manager")
    for preset in rules.PRESETS:
        act(quality, service.adopt_scheme, service.AdoptScheme(preset.key, preset.title))
        with pytest.raises(rules.SchemeThere):
            act(quality, service.adopt_scheme, service.AdoptScheme(preset.key, preset.title))
    found = {one.preset: one for one in queries.schemes(reading(acme.system))}
    for preset in rules.PRESETS:
        assert found[preset.key].limits == preset.limits
        assert found[preset.key].needs == dict(preset.needs)
        assert found[preset.key].later == preset.next_audit
    usual = found["usual"].id
    number = opened(acme, grade=Grade.MINOR, scheme_id=usual)
    act(quality, service.end_scheme, service.EndScheme(usual))
    with pytest.raises(rules.SchemeEnded):
        opened(acme, grade=Grade.MINOR, scheme_id=usual)
    assert due(acme, number, Target.PLAN).state is Ended.RUNNING
    with pytest.raises(rules.NoSuchLimit):
        act(quality, service.adopt_scheme, service.AdoptScheme("invented", "x"))


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"grade": "huge"}, rules.NoSuchLimit),
        ({"target": "step"}, rules.NoSuchLimit),
        ({"unit": "hours"}, rules.NoSuchLimit),
        ({"amount": 0}, rules.LimitOutOfRange),
        ({"amount": 1001}, rules.LimitOutOfRange),
        ({"unit": "weeks", "working": True}, rules.LimitOutOfRange),
    ],
)
def test_a_limit_that_cannot_be_is_refused(changes: dict[str, Any], refusal: type[Exception]) -> None:
    good: dict[str, Any] = {"grade": "major", "target": "plan", "amount": 3, "unit": "days", "working": False}
    rules.check_limit(**good)
    with pytest.raises(refusal):
        rules.check_limit(**{**good, **changes})


def test_a_scheme_is_changed_and_a_limit_taken_out_by_who_manages(acme: House, globex: House) -> None:
    scheme = own_scheme(acme, ("major", "plan", 3, "days", False))
    quality = acme.actor("quality-manager")
    act(quality, service.put_scheme, service.PutScheme(scheme, "Ours", {Grade.MAJOR: rules.WHOLE}))
    act(quality, service.drop_limit, service.DropLimit(scheme, "major", "plan"))
    found = queries.scheme(reading(acme.system), scheme)
    assert (found.title, found.limits, found.needs[Grade.MAJOR]) == ("Ours", (), rules.WHOLE)
    with pytest.raises(NotFound):
        act(quality, service.drop_limit, service.DropLimit(scheme, "major", "plan"))
    with pytest.raises(rules.SchemeTitleMissing):
        act(quality, service.put_scheme, service.PutScheme(None, " "))
    with pytest.raises(NotFound):
        act(globex.actor("quality-manager"), service.end_scheme, service.EndScheme(scheme))
    with pytest.raises(Forbidden):
        act(acme.actor("staff"), service.end_scheme, service.EndScheme(scheme))


# Reminders


def mails(acme: House) -> list[tuple[str, str]]:
    """(address, text) of what was put into the outbox, in order."""
    rows = reading(acme.system).query(outbox.OutboxMail).order_by(outbox.OutboxMail.id).all()
    return [(one.recipient, one.body) for one in rows]


@pytest.mark.sqlite_only
def test_a_reminder_tells_days_as_its_language_does(acme: House, clock: FrozenClock) -> None:
    with db.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE organisation SET locale = 'fa'")
    number = opened(acme, due_on=date(2026, 3, 20))
    clock.advance(days=13)
    jobs.notice()
    [(_to, body)] = mails(acme)
    assert f"{number}  ۲۹ اسفند ۱۴۰۴  " in body
    assert "Mar" not in body


def test_reminders_come_once_a_level_and_escalate(acme: House, clock: FrozenClock) -> None:
    number = opened(acme, due_on=date(2026, 3, 20))
    jobs.notice()
    assert mails(acme) == []
    clock.advance(days=13)  # 15 March: a week before
    for _round in range(3):
        jobs.notice()
    assert len(mails(acme)) == 1
    assert f"{number}  20 Mar 2026  Soon due: Done" in mails(acme)[0][1]
    clock.advance(days=6)  # 21 March
    jobs.notice()
    jobs.notice()
    assert len(mails(acme)) == 2
    assert "Overdue: Done" in mails(acme)[1][1]
    clock.advance(days=7)  # 28 March: a week over, told to who oversees too
    jobs.notice()
    jobs.notice()
    told = mails(acme)[2:]
    assert all("Long overdue" in body for _to, body in told)
    assert len({to for to, _body in told}) == len(told) == 3  # owner, administrator, quality manager
    clock.advance(days=300)
    jobs.notice()
    assert len(mails(acme)) == 5
    events = [one.event for one in journal.timeline(reading(acme.system), acme.id, ("action", 1))]
    assert events.count("action:due-noticed") == 3


def test_what_the_worker_slept_through_is_told_once_at_its_last_level(acme: House, clock: FrozenClock) -> None:
    for _number in range(3):
        opened(acme, due_on=date(2026, 3, 20))
    clock.advance(days=90)
    jobs.notice()
    jobs.notice()
    assert len(mails(acme)) == 3  # one mail each, with all three actions in it
    assert all(body.count("Long overdue") == 3 for _to, body in mails(acme))


def test_a_step_is_told_to_its_owner_and_done_things_to_nobody(acme: House, clock: FrozenClock) -> None:
    doing = Doing(acme, opened(acme, due_on=date(2027, 1, 1)))
    late = doing.step(owner="complaint-handler", due_on=date(2026, 3, 10))
    doing.finish(doing.step(due_on=date(2026, 3, 10)))
    clock.advance(days=9)
    jobs.notice()
    ((to, body),) = mails(acme)
    assert "complaint-handler" in to
    assert body.count("Overdue: Step") == 1
    doing.finish(late)
    clock.advance(days=60)
    jobs.notice()
    assert len(mails(acme)) == 1


def test_an_owner_who_left_is_replaced_by_who_oversees(acme: House, clock: FrozenClock) -> None:
    opened(acme, due_on=date(2026, 3, 10))
    with transaction(acme.system) as tx:
        accounts.remove_member(tx, accounts.RemoveMember(acme.person("staff")), clock.at, acme.system)
    clock.advance(days=9)
    jobs.notice()
    assert len(mails(acme)) == 2
    assert not any("staff" in to for to, _body in mails(acme))


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        (timedelta(days=0), Noticed.NOTHING),
        (timedelta(days=13, seconds=-1), Noticed.NOTHING),
        (timedelta(days=13), Noticed.SOON),
        (timedelta(days=20), Noticed.SOON),
        (timedelta(days=20, seconds=1), Noticed.OVERDUE),
        (timedelta(days=27), Noticed.OVERDUE),
        (timedelta(days=27, seconds=1), Noticed.ESCALATED),
    ],
)
def test_levels_as_a_table(after: timedelta, expected: Noticed) -> None:
    start = datetime.combine(date(2026, 3, 1), time(), UTC)
    end = start + timedelta(days=20)
    assert rules.reached(start, end, start + after) is expected
    at = rules.next_notice(expected, start, end)
    assert at is None or rules.farther(rules.reached(start, end, at), expected)


def test_a_short_limit_warns_at_half_of_its_time() -> None:
    start = datetime.combine(date(2026, 3, 1), time(), UTC)
    assert rules.warn_at(start, start + timedelta(days=4)) == start + timedelta(days=2)


def test_versions_go_on_with_each_act(acme: House) -> None:
    doing = Doing(acme, opened(acme))
    before = version(acme, doing.number)
    doing.extent()
    assert version(acme, doing.number) == before + 1
