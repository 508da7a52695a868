"""The clock's rules: which limit is chosen, when it begins and is done, how it is seen, what a pause does; presets."""

from datetime import UTC, datetime, timedelta

import pytest

from auditkit.complaints.clock import rules
from auditkit.complaints.clock.adopting import LEFT_OUT, TARGETS, preset
from auditkit.complaints.clock.following import is_news
from auditkit.complaints.clock.rules import LimitRule, PauseRule, Scope, Standing, Starts, State, Target
from auditkit.complaints.rules import WaitsFor
from auditkit.content.library import shared
from auditkit.content.shapes import LimitStage

T0 = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def at(days: float) -> datetime:
    return T0 + timedelta(days=days)


def standing(**values) -> Standing:
    given = {
        "kind": "complaint",
        "channel": "phone",
        "category": "",
        "severity": "",
        "priority": "",
        "stage": "received",
    }
    return Standing(**{**given, "received_at": T0, **values})


def rule(number, target="decide", severities=(), priorities=(), set_id=1) -> LimitRule:
    return LimitRule(number, set_id, Target(target), Starts.RECEIPT, severities, priorities)


@pytest.mark.parametrize(
    ("severity", "priority", "expected"),
    [
        ("low", "", [1]),
        ("high", "", [2]),
        ("high", "urgent", [3]),
        ("low", "urgent", [3]),
        ("critical", "soon", [2]),
    ],
)
def test_the_limit_that_names_most_is_chosen(severity, priority, expected):
    limits = [rule(1), rule(2, severities=("high", "critical")), rule(3, priorities=("urgent",))]
    assert [one.id for one in rules.chosen(limits, severity, priority)] == expected


def test_each_set_and_each_target_has_its_own_limit():
    limits = [rule(1), rule(2, target="close"), rule(3, set_id=2), rule(4, severities=("low",), target="close")]
    assert [one.id for one in rules.chosen(limits, "low", "")] == [1, 3, 4]
    assert [one.id for one in rules.chosen(limits, "high", "")] == [1, 2, 3]


@pytest.mark.parametrize(
    ("scope", "holds"),
    [
        (Scope(), True),
        (Scope(kinds=("request",)), False),
        (Scope(channels=("phone", "post")), True),
        (Scope(channels=("post",)), False),
        (Scope(categories=("delivery",)), False),
        (Scope(kinds=()), True),
    ],
)
def test_a_scope_names_its_complaints(scope, holds):
    assert scope.holds(standing()) is holds


REFUSED = {"stage": "decided", "decided_at": at(2), "told_at": at(3), "answer": "refused", "answered_at": at(4)}
REOPENED = {"round": 2, "reopened_at": at(9)}


@pytest.mark.parametrize(
    ("target", "starts", "values", "begun"),
    [
        ("decide", "receipt", {}, (T0, False)),
        ("decide", "receipt", {"received_is_day": True}, (T0, True)),
        ("decide", "acknowledgement", {}, None),
        ("decide", "acknowledgement", {"acknowledged_at": at(1)}, (at(1), False)),
        ("decide", "assessment", {"assessed_at": at(1)}, (at(1), False)),
        ("update", "update", {}, (T0, False)),
        ("update", "update", {"news_at": at(2)}, (at(2), False)),
        ("act", "decision", {"decided_at": at(2)}, (at(2), False)),
        ("act", "answer", {"answered_at": at(4)}, (at(4), False)),
        ("review", "receipt", {}, None),
        ("review", "receipt", REFUSED, (at(4), False)),
        ("decide", "receipt", REOPENED, (at(9), False)),
        ("decide", "receipt", {**REOPENED, "received_is_day": True}, (at(9), False)),
        ("decide", "acknowledgement", {**REOPENED, "acknowledged_at": at(1)}, (at(9), False)),
        ("acknowledge", "receipt", REOPENED, None),
        ("assess", "receipt", REOPENED, None),
    ],
)
def test_when_a_limit_begins(target, starts, values, begun):
    assert rules.begins(standing(**values), Target(target), Starts(starts)) == begun


@pytest.mark.parametrize(
    ("target", "values", "since", "done"),
    [
        ("acknowledge", {"acknowledged_at": at(1)}, T0, at(1)),
        ("assess", {"assessed_at": at(1)}, T0, at(1)),
        ("decide", {"decided_at": at(2)}, T0, None),
        ("decide", {"decided_at": at(2), "told_at": at(3)}, T0, at(3)),
        ("decide", {"decided_at": at(2), "answered_at": at(4)}, T0, at(4)),
        ("decide", {"decided_at": at(2), "closed_at": at(5)}, T0, at(5)),
        ("decide", {"decided_at": at(2), "told_at": at(3)}, at(4), None),
        ("update", {"news_at": at(1)}, T0, at(1)),
        ("update", {"news_at": at(1)}, at(1), None),
        ("update", {"news_at": at(5), "decided_at": at(2), "told_at": at(3)}, T0, at(3)),
        ("review", REFUSED, at(4), None),
        ("act", {"delivered_at": at(6)}, T0, at(6)),
        ("close", {"closed_at": at(7)}, T0, at(7)),
        ("close", {}, T0, None),
    ],
)
def test_when_it_is_done(target, values, since, done):
    assert rules.done_at(standing(**values), Target(target), since) == done


@pytest.mark.parametrize(
    ("days", "paused", "state"),
    [
        (0, False, "on-time"),
        (6, False, "warned"),
        (9, False, "overdue"),
        (13, False, "very-overdue"),
        (6, True, "paused"),
        (9, True, "overdue"),
    ],
)
def test_how_a_due_date_is_seen(days, paused, state):
    assert rules.state_of("running", False, at(5), at(8), at(12), paused, at(days)) == state


@pytest.mark.parametrize(
    ("ended", "late", "state"),
    [("met", False, "met"), ("met", True, "met-late"), ("dropped", False, "dropped"), ("extended", False, "extended")],
)
def test_how_an_ended_one_is_seen(ended, late, state):
    assert rules.state_of(ended, late, at(5), at(8), at(12), False, at(99)) == state


def test_notices_come_one_after_the_other():
    moments = (at(5), at(8), at(12))
    assert [rules.passed(*moments, at(day)) for day in (1, 6, 9, 13)] == ["", "warned", "overdue", "very-overdue"]
    assert [rules.next_notice(noticed, *moments) for noticed in rules.NOTICED] == [at(5), at(8), at(12), None]


def test_pauses_within_the_rule():
    assert rules.hold(PauseRule(True, 30, 2), 1) == "holds"
    assert rules.hold(PauseRule(True, 30, 2), 2) == "too-often"
    assert rules.hold(PauseRule(False, 30, 2), 0) == "not-a-ground"
    assert set(rules.PAUSE_RULES) == set(WaitsFor)


@pytest.mark.parametrize(
    ("event", "facts", "news"),
    [
        ("complaint:acknowledged", {}, True),
        ("complaint:decision-told", {}, True),
        ("complaint:message-written", {"direction": "out", "channel": "e-mail", "kind": "progress"}, True),
        ("complaint:message-written", {"direction": "out", "channel": "post", "kind": "progress"}, False),
        ("complaint:letter-posted", {"direction": "out", "channel": "post", "kind": "progress"}, True),
        ("complaint:message-written", {"direction": "out", "channel": "e-mail", "automatic": True}, False),
        ("complaint:message-written", {"direction": "out", "channel": "e-mail", "kind": "survey"}, False),
        ("complaint:contact-noted", {"direction": "in", "channel": "phone"}, False),
        ("complaint:contact-noted", {"direction": "out", "channel": "phone"}, True),
        ("complaint:assigned", {}, False),
    ],
)
def test_what_is_news_to_the_complainant(event, facts, news):
    assert is_news(event, facts) is news


# Presets


@pytest.mark.parametrize("shape", shared().time_limits.values(), ids=lambda shape: shape.id)
def test_every_preset_can_be_taken_over(shape):
    found = preset(shape)
    assert len(found.limits) + len(found.left_out) == len(shape.limits)
    assert {one.stage for one, _ in found.left_out} <= set(LEFT_OUT)
    for values in found.limits:
        assert values["source"].startswith(f"{shape.id}/")
        assert values["pausable"] is not values["binding"]
        assert rules.Target(values["target"])
        assert rules.Starts(values["starts"])


def test_every_stage_of_the_content_is_taken_or_left_out_with_a_reason():
    assert set(TARGETS) | set(LEFT_OUT) == set(LimitStage)
    assert not set(TARGETS) & set(LEFT_OUT)


def test_words_for_everything_that_is_shown():
    for words, titles in (
        (Target, rules.TARGET_TITLES),
        (Starts, rules.STARTS_TITLES),
        (State, rules.STATE_TITLES),
        (State, rules.STATE_TONES),
        (rules.Why, rules.WHY_TITLES),
    ):
        assert set(titles) == set(words)
