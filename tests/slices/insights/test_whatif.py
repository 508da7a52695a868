"""A register recorded by the verbs, replayed: with the policy as it was the recorded breaches come out exactly."""

import re
from dataclasses import replace
from datetime import date, datetime, timedelta
from random import Random
from typing import Any
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, update

from auditkit.base import clock as clocks
from auditkit.base.actor import Actor
from auditkit.base.calendar.spans import Span
from auditkit.base.clock import FrozenClock
from auditkit.base.db import db, reading, transaction
from auditkit.complaints import service as core
from auditkit.complaints.clock import service as timing
from auditkit.complaints.clock.models import ComplaintDue, TimeLimit
from auditkit.complaints.clock.queries import on_time
from auditkit.complaints.clock.service.settings import LimitValues
from auditkit.complaints.models import Complaint
from auditkit.complaints.queries import by_reference
from auditkit.insights.rules import Period, Selection
from auditkit.insights.whatif import queries
from auditkit.insights.whatif.rules import Policy, replay
from tests.conftest import House
from tests.slices.complaints.recording import investigated
from tests.slices.complaints_clock.timing import (
    LONDON_OPEN,
    acknowledged,
    assessed,
    decide_in,
    decided,
    do,
    keep,
    own,
    registered,
)

PERIOD = Selection(Period(date(2026, 3, 1), date(2026, 8, 31)))
HERE = "/o/acme/insights/what-if/?from=2026-03-01&to=2026-08-31"


def handled(handler: Actor, clock: FrozenClock, draw: Random) -> None:
    """One complaint, in some way: late or not, paused or not, assessed anew or not, decided or still open."""
    reference = registered(handler, severity="")
    clock.advance(days=draw.choice((0, 1, 4)), hours=draw.randint(0, 9))
    acknowledged(handler, reference)
    assessed(handler, reference, draw.choice(("low", "medium", "high", "critical")))
    clock.advance(days=draw.randint(0, 3))
    waits = draw.random()
    if waits < 0.5:
        do(handler, core.wait_for, core.WaitFor, reference, "complainant", "Photographs")
        clock.advance(days=draw.randint(1, 12))
        if waits < 0.3:
            do(handler, core.end_wait, core.EndWait, reference, "They came")
    if draw.random() < 0.3:
        assessed(handler, reference, draw.choice(("low", "critical")))
    clock.advance(days=draw.randint(0, 6))
    if draw.random() < 0.7:
        if case_severity(handler, reference) in ("high", "critical"):
            investigated(handler, reference)
        decided(handler, reference)


def case_severity(handler: Actor, reference: str) -> str:
    db.session.rollback()
    return by_reference(reading(handler), reference).severity


@pytest.fixture
def register(acme: House, clock: FrozenClock) -> House:
    """Sixteen complaints; the limits and the working time change on the way, as they do in a year."""
    handler, draw = acme.actor("complaint-handler"), Random(8)
    keep(acme, LONDON_OPEN)
    set_id = own(
        acme,
        LimitValues("acknowledge", "receipt", 16, "hours", working=True),
        decide_in(5, working=True),
        decide_in(48, "hours", severities=("critical",)),
        LimitValues("close", "receipt", 2, "months", pausable=False),
    )
    for number in range(16):
        if number == 6:
            with transaction(acme.system) as tx:
                timing.put_limit(
                    tx, timing.PutLimit(set_id, None, decide_in(12, severities=("low",))), clocks.now(), acme.system
                )
        if number == 10:
            keep(acme)  # no opening hours any more
        handled(handler, clock, draw)
    clock.advance(days=4)
    db.session.rollback()
    return acme


def recorded_breaches(house: House) -> set[tuple[str, str, datetime]]:
    """What the register itself says was missed: met late, or running and over."""
    now = clocks.now()
    query = select(Complaint.reference, ComplaintDue).join(Complaint, Complaint.id == ComplaintDue.complaint_id)
    return {
        (reference, due.target, due.starts_at)
        for reference, due in reading(house.system).execute(query)
        if due.late or (due.state == "running" and due.due_at < now)
    }


def test_the_policy_as_it_was_reproduces_the_real_breaches_exactly(register: House) -> None:
    now = clocks.now()
    found = queries.recorded(reading(register.system), PERIOD, now)
    outcome = replay(found.promises, Policy(), found.calendars, now)
    assert outcome.disagree == ()
    missed = {(one.reference, one.target.value, one.starts_at) for one in found.promises if one.missed(one.due_at, now)}
    assert missed == recorded_breaches(register)
    assert 5 <= len(missed) < outcome.promises
    assert sum(line.was for line in outcome.lines) == sum(line.would for line in outcome.lines) == len(missed)
    assert (outcome.newly_missed, outcome.newly_kept) == ((), ())
    # Taking over what is in force, unchanged, changes nothing.
    limits = queries.in_force(reading(register.system), now)
    same = Policy([one.rule for one in limits], {one.rule.id: one.terms for one in limits})
    assert replay(found.promises, same, found.calendars, now) == outcome
    # The register was of every kind, or this would say little.
    assert any(one.pauses for one in found.promises)
    assert any(one.done_at is None for one in found.promises)
    assert len({one.calendar_id for one in found.promises}) == 2
    assert len({(one.terms.limit.amount, one.terms.limit.unit) for one in found.promises if one.terms}) == 5
    year = Span(now.date() - timedelta(days=400), now.date(), ZoneInfo("UTC"))
    figures = on_time(reading(register.system), year, now)
    assert found.ended == sum(one.left for one in figures)
    assert len(found.promises) == sum(one.counted + one.running for one in figures)


@pytest.mark.sqlite_only
def test_the_page_replays_another_policy(register: House, browser: Any) -> None:
    manager = browser(register, "quality-manager")
    shown = manager.get(HERE)
    assert "With the policy as it was the replay gives the recorded due dates" in shown.text
    assert "Nothing differs from the policy as it was" in shown.text
    limits = queries.in_force(reading(register.system), clocks.now())
    decide = next(one.rule.id for one in limits if one.rule.target == "decide" and not one.rule.severities)
    tight = manager.get(f"{HERE}&changed=1&off=6&off=7&amount-{decide}=1")
    assert "Newly missed" in tight.text
    assert "Nothing differs" not in tight.text
    assert len(tight.soup.select(".chart-picture")) == 1
    assert tight.soup.select_one(f"#filter-amount-{decide}")["value"] == "1"
    loose = manager.get(f"{HERE}&changed=1&off=6&off=7&amount-{decide}=100&severity-critical=low&holidays=none")
    assert "Newly kept" in loose.text
    hours = manager.get(f"{HERE}&changed=1&off=5&opens=09:00&closes=12:00")
    assert "Nothing differs" not in hours.text


@pytest.mark.sqlite_only
def test_every_number_of_a_replay_opens_its_promises(register: House, browser: Any) -> None:
    manager = browser(register, "quality-manager")
    limits = reading(register.system).execute(select(TimeLimit.id).order_by(TimeLimit.id)).scalars().all()
    other = "".join(f"&amount-{key}=2&unit-{key}=hours" for key in limits)
    page = manager.get(f"{HERE}{other}")
    cells = page.soup.select("main table a[href*='/what-if/promises']")
    numbers = {link["href"]: int(link.get_text(strip=True)) for link in cells if link.get_text(strip=True).isdecimal()}
    assert {"was", "would", "newly-missed"} <= {parse_qs(urlsplit(url).query)["which"][0] for url in numbers}
    for url, number in numbers.items():
        assert len(manager.get(url).soup.select("main tbody tr")) == number, url
    bars = [link["href"] for link in page.soup.select(".chart tbody th a")]
    assert bars
    assert set(bars) <= set(numbers)
    manager.get(re.sub(r"which=[\w-]+", "which=some", bars[0]), status=404)
    assert "/promises" not in manager.get(HERE.replace("/?", "/promises?")).url, "without a number there is the replay"


def test_every_filter_of_the_register_narrows_what_is_replayed(register: House) -> None:
    tx, now = reading(register.system), clocks.now()
    every = {one.reference: one for one in tx.execute(select(Complaint)).scalars()}
    owner = next(iter(every.values())).owner_id

    def references(selection: Selection = PERIOD, **further: Any) -> set[str]:
        found = queries.recorded(tx, selection, now, queries.Further(**further))
        assert found.of == len(found.promises)
        return {one.reference for one in found.promises}

    promised = references()
    assert promised == set(every)
    for name, field in (("severities", "severity"), ("categories", "category"), ("channels", "channel")):
        word = next(iter(every.values())).severity if field == "severity" else getattr(every[max(every)], field)
        wanted = {one.reference for one in every.values() if getattr(one, field) == word}
        assert references(replace(PERIOD, **{name: (word,)})) == wanted
    assert references(owner=owner or 0) == {one.reference for one in every.values() if one.owner_id == owner}
    assert references(level=0) == {one.reference for one in every.values() if one.level == 0}
    assert references(priority="none such") == set()
    assert references(replace(PERIOD, kinds=("suggestion",))) == set()


def test_of_many_promises_a_stated_part_is_replayed_and_the_whole_is_counted(register: House) -> None:
    tx, now = reading(register.system), clocks.now()
    whole = queries.recorded(tx, PERIOD, now)
    part = queries.recorded(tx, PERIOD, now, most=whole.of // 3)
    assert (whole.every, whole.of, len(whole.promises)) == (1, part.of, part.of)
    assert part.every == 3
    assert whole.of / 5 < len(part.promises) < whole.of / 2
    assert {one.target for one in part.promises} == {one.target for one in whole.promises}
    assert {(one.reference, one.target) for one in part.promises} < {
        (one.reference, one.target) for one in whole.promises
    }
    missed = sum(one.missed(one.due_at, now) for one in whole.promises)
    assert part.missed == whole.missed == missed == len(recorded_breaches(register))


@pytest.mark.sqlite_only
def test_the_page_says_that_a_sample_is_replayed(register: House, browser: Any, monkeypatch: Any) -> None:
    narrow = queries.recorded.__defaults__
    assert narrow is not None
    monkeypatch.setattr(queries.recorded, "__defaults__", (*narrow[:-1], 15))
    handler = register.person("complaint-handler")
    manager = browser(register, "quality-manager")
    assert "A sample is replayed" in manager.get(HERE).text
    shown = manager.get(f"{HERE}&owner={handler}&level=0&kind=complaint")
    assert shown.soup.select_one('select[name="owner"] option[selected]')["value"] == str(handler)
    assert manager.get(f"{HERE}&owner=me", status=400)


@pytest.mark.sqlite_only
@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("amount-{id}=0", "Enter a whole number from 1 to 1000"),
        ("amount-{id}=٣", "Enter a whole number from 1 to 1000"),
        ("unit-{id}=years", "is no unit of a limit"),
        ("severity-low=huge", "is no severity"),
        ("level=top", "is no part of the register"),
        ("off=1&off=2&off=3&off=4&off=5&off=6&off=7", "At least one day of the week"),
        ("opens=17:00&closes=09:00", "Enter both the opening and the closing time"),
        ("opens=09:00", "Enter both the opening and the closing time"),
    ],
)
def test_a_policy_that_cannot_be_says_what_to_enter(acme: House, browser: Any, asked: str, told: str) -> None:
    keep(acme)
    own(acme, decide_in(5))
    (limit,) = queries.in_force(reading(acme.system), clocks.now())
    url = f"{HERE}&changed=1&{asked.format(id=limit.rule.id)}"
    assert told in browser(acme, "quality-manager").get(url, status=400).text


@pytest.mark.sqlite_only
def test_without_limits_or_promises_the_page_says_so(acme: House, browser: Any) -> None:
    shown = browser(acme, "quality-manager").get(HERE)
    assert "No time limits are in force" in shown.text
    assert "No promise began in this period" in shown.text


def test_a_recorded_due_date_that_the_policy_does_not_give_is_named(register: House) -> None:
    """That the replay agrees says something only if it can disagree: of one moved promise, it does."""
    now = clocks.now()
    table = ComplaintDue.__table__
    with db.engine.begin() as connection:
        of_one = select(table.c.id, Complaint.__table__.c.reference).join_from(table, Complaint.__table__)
        due_id, reference = connection.execute(of_one.where(table.c.state == "met").order_by(table.c.id)).first()
        found = connection.execute(select(table.c.due_at).where(table.c.id == due_id)).scalar_one()
        connection.execute(update(table).where(table.c.id == due_id).values(due_at=found + timedelta(hours=3)))
    replayed = queries.recorded(reading(register.system), PERIOD, now)
    assert replay(replayed.promises, Policy(), replayed.calendars, now).disagree == (reference,)
