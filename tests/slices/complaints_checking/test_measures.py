"""Times and scores counted from the records, against small registers counted by hand."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import update

from auditkit.base import clock as clocks
from auditkit.base.clock import FrozenClock
from auditkit.base.db import reading, transaction
from auditkit.base.ids import digest
from auditkit.complaints import service as complaints
from auditkit.complaints.checking import indicators
from auditkit.complaints.checking.indicators import Counted
from auditkit.complaints.checking.measures import median
from auditkit.complaints.checking.vocabulary import Indicator
from auditkit.complaints.models import Complaint
from auditkit.complaints.survey.models import ComplaintSurvey
from tests.conftest import House
from tests.slices.complaints.recording import do, found, registered
from tests.slices.insights.registers import closed, written

MARCH = (date(2026, 3, 1), date(2026, 3, 31))


def counted(house: House, indicator: Indicator) -> Counted:
    return indicators.count(reading(house.system), indicator, *MARCH, clocks.now())


@pytest.mark.parametrize(
    ("spans", "middle"),
    [
        ([], None),
        ([(4, True)], 4),
        ([(1, True), (2, True), (9, True)], 2),
        ([(1, True), (2, True), (3, True), (9, True)], 2),
        # 1: 3/4 stay; 2 is only looked at so long; 3: 3/4 * 1/2 = 3/8, so half are done by then
        ([(1, True), (2, False), (3, True), (9, False)], 3),
        ([(1, True), (2, False), (3, False), (4, False)], None),
        # those that end and those last looked at in the same moment: the ending comes first
        ([(2, True), (2, False)], 2),
        ([(5, False)], None),
    ],
)
def test_the_median_with_open_ones(spans: list[tuple[int, bool]], middle: int | None) -> None:
    days = [(timedelta(days=number), ended) for number, ended in spans]
    assert median(days) == (None if middle is None else timedelta(days=middle))


def test_times_count_open_ones_with_the_time_they_waited(acme: House, clock: FrozenClock) -> None:
    handler = acme.actor("complaint-handler")
    quick, slow, waits = (registered(handler, received_at=clocks.now()) for _number in range(3))
    clock.advance(days=1)
    do(handler, complaints.acknowledge, complaints.Acknowledge, quick)
    clock.advance(days=2)
    do(handler, complaints.acknowledge, complaints.Acknowledge, slow)
    clock.advance(days=2)
    counts = counted(acme, Indicator.TIME_TO_ACKNOWLEDGE)
    assert (counts.numerator, counts.denominator) == (sorted([quick, slow]), sorted([quick, slow, waits]))
    assert counts.value == Decimal(3)
    assert counts.values == {quick: "1.000000", slow: "3.000000", waits: "5.000000+"}
    # nothing is decided: no median, and it is not zero
    assert counted(acme, Indicator.TIME_TO_DECIDE).value is None


def test_what_ended_before_it_was_received_took_no_time(acme: House, clock: FrozenClock) -> None:
    handler = acme.actor("complaint-handler")
    one, other = (registered(handler, received_at=clocks.now()) for _number in range(2))
    do(handler, complaints.acknowledge, complaints.Acknowledge, one)
    with transaction(acme.system) as tx:
        backwards = update(Complaint).where(Complaint.reference == one)
        tx.execute(backwards.values(acknowledged_at=clocks.now() - timedelta(days=1)))
    clock.advance(days=1)
    counts = counted(acme, Indicator.TIME_TO_ACKNOWLEDGE)
    assert counts.values == {one: "0.000000", other: "1.000000+"}


def test_satisfaction_counts_the_answers_of_cases_closed_in_the_period(
    acme: House, globex: House, clock: FrozenClock
) -> None:
    for house, scores in ((acme, [(5, 4), (2, 1), None]), (globex, [(1, 1)])):
        handler = house.actor("complaint-handler")
        shut = [closed(clocks.now() - timedelta(days=1), 0) for _one in scores]
        written(house, [{"number": number, **row} for number, row in enumerate(shut, 900)])
        references = [f"C-2026-{number:06}" for number in range(900, 900 + len(shut))]
        ids = [found(handler, one).id for one in references]
        with transaction(house.system) as tx:
            for reference, number, score in zip(references, ids, scores, strict=True):
                asked = {
                    "sent_at": clocks.now(),
                    "expires_at": clocks.now(),
                    "secret_digest": digest((reference + house.slug).encode()),
                }
                answer = (
                    {"answered_at": clocks.now(), "process_score": score[0], "outcome_score": score[1]} if score else {}
                )
                tx.add(
                    ComplaintSurvey(
                        complaint_id=number,
                        state="answered" if score else "sent",
                        planned_at=clocks.now(),
                        **asked,
                        **answer,
                    )
                )
    clock.advance(days=1)
    process, outcome = counted(acme, Indicator.SATISFACTION_PROCESS), counted(acme, Indicator.SATISFACTION_OUTCOME)
    assert (process.value, outcome.value) == (Decimal("3.5"), Decimal("2.5"))
    assert sorted(process.values.values()) == ["2", "5"]
    response = counted(acme, Indicator.SURVEY_RESPONSE)
    assert (len(response.numerator), len(response.denominator)) == (2, 3)
    clock.advance(days=60)
    assert (
        indicators.count(
            reading(acme.system), Indicator.SATISFACTION_PROCESS, date(2026, 4, 1), date(2026, 4, 30), clocks.now()
        ).value
        is None
    )
