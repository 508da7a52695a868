"""Replaying promises under another policy: which limit a promise would have had, and when it would have been due."""

from datetime import UTC, datetime, timedelta

from auditkit.base.calendar import Calendar, Limit, Pause, Unit
from auditkit.complaints.clock.rules import LimitRule, Starts, Target
from auditkit.insights.whatif.rules import Policy, Promise, Terms, replay, replayed

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
CALENDAR = Calendar(zone="UTC", weekend=frozenset({6, 7}))
DAYS_5 = Terms(Limit(5, Unit.DAYS, True), True)
DAYS_3 = Terms(Limit(3, Unit.DAYS, True), True)
FOR_ALL = LimitRule(1, 10, Target.DECIDE, Starts.RECEIPT)
FOR_CRITICAL = LimitRule(2, 10, Target.DECIDE, Starts.RECEIPT, severities=("critical",))
NOW = MONDAY + timedelta(days=60)


def promise(reference="C-1", *, done=None, terms=DAYS_5, **more):
    due = replayed(_made(reference, MONDAY, None, terms, **more), Policy(), {1: CALENDAR})
    return _made(reference, due, done and MONDAY + timedelta(days=done), terms, **more)


def _made(reference, due, done, terms, severity="low", priority="", pauses=()):
    return Promise(reference, 10, "Ours", Target.DECIDE, MONDAY, severity, priority, terms, 1, tuple(pauses), due, done)


def policy(**more):
    return Policy([FOR_ALL, FOR_CRITICAL], {1: DAYS_5, 2: DAYS_3}, **more)


def day(moment):
    return moment.date().isoformat()


def test_a_shorter_limit_misses_what_was_kept():
    shorter = Policy([FOR_ALL], {1: DAYS_3}, changed=frozenset({1}))
    found = replay([promise(done=4), promise("C-2", done=2), promise("C-3", done=30)], shorter, {1: CALENDAR}, NOW)
    (line,) = found.lines
    assert (line.promises, line.was, line.would, line.newly_missed, line.newly_kept) == (3, 1, 2, 1, 0)
    assert [(one.promise.reference, day(one.due_at)) for one in found.newly_missed] == [("C-1", "2026-03-05")]
    assert found.disagree == ()


def test_a_longer_limit_keeps_what_was_missed_and_open_ones_count_by_now():
    longer = Policy([FOR_ALL], {1: Terms(Limit(40, Unit.DAYS), True)}, changed=frozenset({1}))
    found = replay([promise(done=30), promise("C-2")], longer, {1: CALENDAR}, NOW)
    assert (found.lines[0].was, found.lines[0].would) == (2, 1)
    assert [one.promise.reference for one in found.newly_kept] == ["C-1"]


def test_another_severity_has_the_limit_of_that_severity():
    as_critical = policy(severities={"low": "critical", "critical": "critical"})
    assert as_critical.differs
    assert as_critical.terms_of(promise()) == DAYS_3
    assert policy(severities={"low": "low"}).differs is False
    assert policy().terms_of(promise(terms=Terms(Limit(9, Unit.DAYS), True))).limit.amount == 9  # its own, as it was


def test_a_limit_that_ended_keeps_its_own_terms():
    gone = Policy([LimitRule(3, 11, Target.CLOSE, Starts.RECEIPT)], {3: DAYS_3}, changed=frozenset({3}))
    assert gone.terms_of(promise()) == DAYS_5


def test_another_calendar_moves_what_working_days_count():
    never_closed = Calendar(zone="UTC", weekend=frozenset())
    found = policy(calendar=lambda at: never_closed)
    assert day(replayed(promise(), found, {1: CALENDAR})) == "2026-03-07"
    assert day(promise().due_at) == "2026-03-09"


def test_pauses_count_only_where_the_limit_allows():
    pause = Pause(MONDAY + timedelta(hours=1), MONDAY + timedelta(days=2))
    paused = promise(pauses=[pause])
    assert day(paused.due_at) == "2026-03-10"
    strict = Policy([FOR_ALL], {1: Terms(Limit(5, Unit.DAYS, True), False)}, changed=frozenset({1}))
    assert day(replayed(paused, strict, {1: CALENDAR})) == "2026-03-09"


def test_a_day_promised_by_hand_stays():
    by_hand = Promise("C-1", None, "", Target.ACT, MONDAY, "", "", None, 1, (), MONDAY + timedelta(days=3), None)
    assert replayed(by_hand, policy(changed=frozenset({1})), {1: CALENDAR}) == by_hand.due_at


def test_a_recorded_date_that_the_replay_does_not_give_is_told():
    other = _made("C-9", MONDAY + timedelta(days=1), None, DAYS_5)
    assert replay([other, promise()], Policy(), {1: CALENDAR}, NOW).disagree == ("C-9",)
