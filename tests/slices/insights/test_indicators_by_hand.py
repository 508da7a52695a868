"""Indicators of what stands beside the register, each against a register small enough to be counted by hand.

Forty complaints about deliveries of the first twenty days of March, each upheld and closed after three days.
"""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from auditkit.actions.models import Action, ActionEffect
from auditkit.base import clock as clocks
from auditkit.base.clock import FrozenClock
from auditkit.base.db import db, reading, transaction
from auditkit.complaints.correspondence.models import ComplaintMessage
from auditkit.complaints.improving.models import ComplaintGathering
from auditkit.complaints.models import (
    Complaint,
    ComplaintAssessment,
    ComplaintDecision,
    ComplaintInvestigation,
    ComplaintPause,
    ComplaintReferral,
)
from auditkit.complaints.rules import CAUSE_NOT_FOUND
from auditkit.complaints.survey.models import ComplaintSurvey
from auditkit.insights.indicators import computing, recurrence
from auditkit.insights.rules import TOO_FEW, Figure, Period, Selection, Side
from auditkit.registers.models import RegisterEntry
from tests.conftest import House
from tests.factories.http import Browser
from tests.slices.insights.registers import MARCH, closed, day, written

CASES = 40


@pytest.fixture
def cases(acme: House, clock: FrozenClock) -> list[int]:
    """The ids of the forty, in the order of their receipt; it is the first of May."""
    clock.advance(days=60)
    words = {"category": "delivery", "site": "north", "channel": "web"}
    rows = [closed(day(place // 2), 3, **words, severity="high" if place < 24 else "low") for place in range(CASES)]
    written(acme, rows)
    return list(reading(acme.system).execute(select(Complaint.id).order_by(Complaint.id)).scalars())


def added(house: House, *rows: Any) -> None:
    with transaction(house.system) as tx:
        for row in rows:
            tx.add(row)
            tx.flush()


def counted(house: House, name: str, selection: Selection = MARCH) -> list[Figure]:
    return list(computing.compute_named(reading(house.system), name, selection, clocks.now()))


def parts(house: House, name: str, selection: Selection = MARCH) -> tuple[int | None, int | None]:
    [figure] = counted(house, name, selection)
    return figure.numerator, figure.denominator


def behind(house: House, name: str, side: Side = Side.COUNTED, currency: str = "") -> list[int]:
    tx = reading(house.system)
    conditions = computing.behind(tx, name, side, MARCH, clocks.now(), currency=currency)
    return list(tx.execute(select(Complaint.id).where(*conditions).order_by(Complaint.id)).scalars())


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ({"severities": ("high",)}, 24), ({"channels": ("web",)}, 40), ({"channels": ("phone",)}, 0),
        ({"severities": ("high", "low"), "sites": ("north",), "categories": ("delivery",)}, 40),
    ],
)  # fmt: skip
def test_every_way_to_cut_the_register(acme: House, cases: list[int], words: dict[str, Any], number: int) -> None:
    selection = Selection(MARCH.period, **words)
    assert counted(acme, "received", selection)[0].value == number
    assert parts(acme, "upheld", selection) == (number, number)


def test_satisfaction_with_how_many_answered_and_its_interval(acme: House, cases: list[int]) -> None:
    scores = [5] * 10 + [4] * 6 + [2] * 4
    now = clocks.now()
    for place, case in enumerate(cases[:25]):
        answered = place < len(scores)
        survey = ComplaintSurvey(
            complaint_id=case, state="answered" if answered else "sent", planned_at=now, sent_at=now, expires_at=now,
            secret_digest=f"{case:064}", answered_at=now if answered else None,
            process_score=scores[place] if answered else None, outcome_score=3 if answered else None,
        )  # fmt: skip
        added(acme, survey)
    [handling] = counted(acme, "satisfaction-handling")
    # By hand: mean 82 / 20; squares 10 x 0.81 + 6 x 0.01 + 4 x 4.41 = 25.8; 1.96 x sqrt(25.8 / 19) / sqrt(20) = 0.5107
    assert (handling.n, handling.denominator, handling.value) == (20, 25, pytest.approx(4.1))
    assert (handling.low, handling.high) == (pytest.approx(3.5893, abs=1e-4), pytest.approx(4.6107, abs=1e-4))
    assert counted(acme, "satisfaction-outcome")[0].value == 3
    [response] = counted(acme, "survey-response")
    assert (response.numerator, response.denominator, response.value) == (20, 25, 0.8)
    # Wilson by hand: (0.8 + 0.0768 ± 1.96 √(0.0064 + 0.0015)) / 1.1537
    assert (response.low, response.high) == (pytest.approx(0.6087, abs=1e-4), pytest.approx(0.9114, abs=1e-4))
    assert behind(acme, "survey-response") == cases[:20]
    assert behind(acme, "survey-response", Side.OF) == cases[:25]


def decision(case: int, amount: int, currency: str, delivered: date | None = None, answer: str = "") -> Any:
    return ComplaintDecision(
        complaint_id=case, number=1, state="decided", from_stage="assessed", outcome="upheld", reasons="x",
        amount=amount, currency=currency, settled_at=day(21), others="no", remedies=["refund"], remedy="Refund",
        delivered_on=delivered, delivery="Paid" if delivered else "", answer=answer,
        answered_at=day(22) if answer else None, next_internal="The director" if answer else "",
        next_external="The ombudsman" if answer else "",
    )  # fmt: skip


def test_remedies_by_currency_delivered_and_promised(acme: House, cases: list[int]) -> None:
    march, april = date(2026, 3, 25), date(2026, 4, 3)
    added(
        acme,
        decision(cases[0], 1_000, "EUR", march),
        decision(cases[1], 1_000, "EUR", march),
        decision(cases[2], 500, "EUR", april),
        decision(cases[3], 300, "USD", march),
        decision(cases[4], 700, "EUR"),
        decision(cases[5], 900, "EUR", answer="refused"),
    )
    costs = {one.currency: (one.value, one.n, one.parts["per-case"]) for one in counted(acme, "remedy-cost")}
    assert costs == {"EUR": (2_000, 2, 2_000 / CASES), "USD": (300, 1, 300 / CASES)}
    assert [(one.currency, one.value, one.n) for one in counted(acme, "remedy-promised")] == [("EUR", 1_200, 2)]
    assert behind(acme, "remedy-cost", currency="EUR") == cases[:2]
    assert behind(acme, "remedy-promised", currency="EUR") == [cases[2], cases[4]]


def test_what_bodies_outside_decided(acme: House, cases: list[int]) -> None:
    for case, ended, overturned in ((cases[0], None, None), (cases[1], day(40), True), (cases[2], day(41), False)):
        over = {"ended_on": ended.date(), "outcome": "Decided", "overturned": overturned} if ended else {}
        added(
            acme,
            ComplaintReferral(
                complaint_id=case, body="Ombudsman", referred_on=day(30).date(), recorded_at=day(30), **over
            ),
        )
    assert (parts(acme, "referred"), counted(acme, "referred")[0].value) == ((3, CASES), 3 / CASES)
    assert (parts(acme, "overturned"), counted(acme, "overturned")[0].note) == ((1, 2), TOO_FEW)
    assert behind(acme, "overturned") == [cases[1]]


def assessment(case: int, by: int, after: timedelta, priority: str = "usual", **more: Any) -> Any:
    usual = {"safety": False, "immediate_needed": False, "immediate_possible": False, "immediate_action": "", **more}
    return ComplaintAssessment(
        complaint_id=case, severity="low", complexity="simple", reach="one", compensation="unlikely", priority=priority,
        level=1, assessed_at=day(0) + after, assessed_by=by, **usual,
    )  # fmt: skip


def test_priorities_that_a_second_person_saw_otherwise(acme: House, cases: list[int]) -> None:
    first, second = acme.person("complaint-handler"), acme.person("quality-manager")
    hour = timedelta(hours=1)
    added(
        acme,
        assessment(cases[0], first, hour), assessment(cases[0], second, 2 * hour, "urgent"),
        assessment(cases[1], first, hour), assessment(cases[1], second, 2 * hour),
        assessment(cases[2], first, hour), assessment(cases[2], first, 2 * hour, "urgent"),
    )  # fmt: skip
    assert parts(acme, "wrongly-prioritised") == (1, 2)
    assert behind(acme, "wrongly-prioritised") == [cases[0]]


def test_hours_to_act_on_safety(acme: House, cases: list[int]) -> None:
    by = acme.person("complaint-handler")
    acted = {"safety": True, "immediate_needed": True, "immediate_possible": True, "immediate_action": "Recalled"}
    added(
        acme,
        assessment(cases[0], by, timedelta(hours=6), **acted),
        assessment(cases[1], by, timedelta(hours=2), **acted),
        assessment(cases[1], by, timedelta(hours=9), **acted),
        assessment(cases[2], by, timedelta(hours=1), safety=True),
    )
    [figure] = counted(acme, "safety-time")
    assert (figure.value, figure.parts["longest"], figure.numerator, figure.denominator) == (4, 6, 2, 3)
    assert (behind(acme, "safety-time"), behind(acme, "safety-time", Side.OF)) == (cases[:2], [*cases[:2], cases[2]])


def test_answers_of_a_machine_and_waiting_for_information(acme: House, cases: list[int]) -> None:
    letter = {"direction": "out", "channel": "e-mail", "kind": "acknowledgement", "created_at": day(1)}
    person = {"author": "person", "person_id": acme.person("complaint-handler")}
    added(
        acme,
        ComplaintMessage(complaint_id=cases[0], author="system", automatic=True, **letter),
        ComplaintMessage(complaint_id=cases[1], **person, **letter),
    )
    assert parts(acme, "acknowledged-automatically") == (1, CASES)
    written(acme, [{"number": 900 + place, "received_at": day(25), "closed_date_unknown": False} for place in range(3)])
    db.session.rollback()
    tx = reading(acme.system)
    waits, over, _third = tx.execute(select(Complaint.id).where(Complaint.id > cases[-1])).scalars().all()
    pause = {"waits_for": "complainant", "awaited": "The receipt", "began_at": day(26)}
    added(
        acme,
        ComplaintPause(complaint_id=waits, **pause),
        ComplaintPause(complaint_id=over, ended_at=day(27), came="The receipt", **pause),
    )
    assert counted(acme, "backlog-waiting")[0].value == 1
    assert behind(acme, "backlog-waiting") == [waits]


def action(house: House, number: str, kind: str, origin: int, **more: Any) -> Any:
    return Action(
        **{
            "number": number, "kind": "corrective", "title": "x", "origin_kind": kind, "origin_id": origin,
            "origin_title": "x", "owner_id": house.person("staff"), "due_on": date(2026, 3, 31), "opened_at": day(20),
            "changed_at": day(20), **more,
        }
    )  # fmt: skip


def done(house: House, at: Any) -> dict[str, Any]:
    return {"state": "done", "completed_at": at, "completed_by": house.person("staff"), "completion": "Done"}


def test_causes_actions_and_their_effect(acme: House, cases: list[int]) -> None:
    for place, case in enumerate(cases[:22]):
        cause = CAUSE_NOT_FOUND if place == 21 else "training"
        added(acme, ComplaintInvestigation(complaint_id=case, cause=cause, begun_at=day(1)))
    rows = [action(acme, f"A-2026-000{place}", "complaint", cases[place]) for place in range(3)]
    added(acme, *rows)
    effect = {"round": 1, "criterion": "Fewer", "wait_days": 30, "stated_at": day(21), "check_from": day(40).date()}
    with transaction(acme.system) as tx:
        ids = list(tx.execute(select(Action.id).order_by(Action.id)).scalars())
        for action_id, effective in zip(ids, (True, False), strict=False):
            checked = {"checked_on": day(50).date(), "effective": effective}
            tx.add(ActionEffect(action_id=action_id, **effect, **checked))
    assert parts(acme, "cause-known") == (21, CASES)
    assert parts(acme, "action-raised") == (3, 21)
    assert parts(acme, "action-effective") == (1, 2)
    assert behind(acme, "action-effective") == [cases[0]]


def test_actions_of_audits_on_their_day_and_people_in_force(acme: House, cases: list[int]) -> None:
    added(
        acme,
        action(acme, "A-2026-0001", "finding", 1, **done(acme, day(29))),
        action(acme, "A-2026-0002", "finding", 2, **done(acme, day(33))),
        action(acme, "A-2026-0003", "review", 3),
        action(acme, "A-2026-0004", "complaint", cases[0], **done(acme, day(29))),
        action(acme, "A-2026-0005", "finding", 4, due_on=date(2026, 4, 1), **done(acme, day(29))),
    )
    assert parts(acme, "actions-on-time") == (1, 3)
    people = (
        ("Ada", "handler", "met", None), ("Ben", "contact", "met", "2026-02-01"), ("Cleo", "decider", "not-met", None),
        ("Dora", "auditor", "met", None),
    )  # fmt: skip
    for place, (person, role, result, until) in enumerate(people, 1):
        values = {"person": person, "role": role, "result": result, "from": "2026-01-05"}
        entry = RegisterEntry(
            register="competence", serial=place, number=f"K-{place}", title=person, folded="", written_at=day(0),
            changed_at=day(0), values={**values, "until": until} if until else values,
        )  # fmt: skip
        added(acme, entry)
    assert parts(acme, "trained") == (1, 3)


def test_a_repeat_may_follow_another_than_the_last_one_recorded(acme: House, cases: list[int]) -> None:
    """The third was recorded after one that had come in a year before: it repeats the first all the same."""
    old = {"number": 700, "received_at": day(-400), "category": "delivery"}
    new = {"number": 701, "received_at": day(25), "category": "delivery"}
    written(acme, [old, new])
    db.session.rollback()
    long_ago, last = reading(acme.system).execute(select(Complaint.id).where(Complaint.id > cases[-1])).scalars().all()
    for case, cause in ((cases[0], "training"), (long_ago, "training"), (last, "training"), (cases[1], "process")):
        added(acme, ComplaintInvestigation(complaint_id=case, cause=cause, begun_at=day(1)))
    assert behind(acme, "repeated") == [last]
    assert behind(acme, "repeated", Side.OF) == [cases[0], cases[1], last]
    added(acme, ComplaintInvestigation(complaint_id=cases[1], cause="process", begun_at=day(2)))
    assert behind(acme, "repeated") == [last], "investigated twice with one cause, a complaint is no repeat of itself"


def test_recurrence_before_and_after_an_action_opens_its_complaints(
    acme: House, cases: list[int], browser: Callable[..., Browser]
) -> None:
    later = [{"number": 500 + place, "received_at": day(32 + place), "category": "delivery"} for place in range(10)]
    written(acme, [*later, {"number": 600, "received_at": day(35), "category": "price"}])
    added(acme, ComplaintGathering(category="delivery", made_at=day(20)))
    [gathering] = reading(acme.system).execute(select(ComplaintGathering.id)).scalars()
    added(acme, action(acme, "A-2026-0001", "complaints", gathering, **done(acme, day(31))))
    spring = Selection(Period(date(2026, 3, 1), date(2026, 4, 30)))
    [found] = recurrence.compared(reading(acme.system), spring, clocks.now())
    assert (found.days, found.before, found.after, found.ratio) == (30, CASES, 10, 0.25)
    # Clopper and Pearson for 10 of 50: 0.1003 to 0.3372; as odds, over as many days on both sides.
    assert (found.low, found.high) == (pytest.approx(0.1115, abs=1e-4), pytest.approx(0.5088, abs=1e-4))
    manager = browser(acme, "quality-manager")
    manager.get("/o/acme/insights/figures/repeated?from=2026-03-01&to=2026-04-30")
    page = manager.follow("40")
    assert "40 complaints" in page.text
    manager.get("/o/acme/insights/figures/repeated?from=2026-03-01&to=2026-04-30")
    assert "10 complaints" in manager.follow("10").text
    manager.get("/o/acme/insights/statistics/records?of=after-action&action=A-1", status=404)
