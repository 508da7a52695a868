"""The target lines of the times: which limits complaints came under, where each line stands, and that there is none."""

from datetime import timedelta
from typing import Any

import pytest

from auditkit.base import clock as clocks
from auditkit.base.db import reading
from auditkit.insights.indicators import times
from auditkit.insights.indicators.frame import frame
from auditkit.insights.rules import Period, Selection
from auditkit.insights.statistics.promised import promised
from tests.conftest import House
from tests.slices.complaints_clock.timing import (
    LONDON,
    acknowledged,
    assessed,
    decide_in,
    decided,
    keep,
    own,
    registered,
)

HERE = "/o/acme/insights/statistics/times?from=2026-03-01&to=2026-03-31"
DECIDE = times.BY_NAME["time-to-decide"]


@pytest.fixture
def served(acme: House, clock: Any) -> Selection:
    """Thirty complaints of Monday 2 March: ten of low severity, twenty-five decided on the 6th."""
    keep(acme, LONDON)
    own(acme, decide_in(3, severities=("low",)), decide_in(10), title="House")
    own(acme, decide_in(5, working=True), title="Trade body")
    actor = acme.actor("quality-manager")
    references = [registered(actor) for _number in range(30)]
    for reference in references[:25]:
        acknowledged(actor, reference)
    for reference in references[:10]:
        assessed(actor, reference, "low")
    clock.advance(days=4)
    for reference in references[:25]:
        decided(actor, reference)
    clock.advance(hours=1)
    return Selection(Period(clocks.now().date() - timedelta(days=5), clocks.now().date() + timedelta(days=20)))


def test_every_limit_has_its_line_where_half_were_due(acme: House, served: Selection) -> None:
    found = promised(frame(reading(acme.system), served, clocks.now()), DECIDE)
    # All came in on Monday 2 March at nine. Days promised run out with their last day, which a reader sees as the next
    # midnight: 3 days on the 5th, 10 days on the 12th, and five working days on Monday the 9th.
    of_monday = {(one.framework, one.amount, one.severities): (one.cases, round(one.at, 2)) for one in found.limits}
    assert of_monday == {
        ("Trade body", 5, ()): (30, 7.62),
        ("House", 10, ()): (20, 10.62),
        ("House", 3, ("low",)): (10, 3.62),
    }
    assert [one.framework for one in found.limits] == ["Trade body", "House", "House"]  # the most frequent first
    assert found.without == 0


def test_lines_are_drawn_and_told(acme: House, served: Selection, browser: Any) -> None:
    page = browser(acme, "quality-manager").get(HERE + "&wait=time-to-decide")
    pictures = [one.get_text(" ") for one in page.soup.select(".chart-picture")]
    for picture in pictures[:2]:
        assert "Promised by House: 3 calendar days (Low)" in picture
    assert len(page.soup.select(".chart-target")) == 4  # ten days lie more than twice as far as any took
    assert "P75 4" in pictures[0]
    assert "P95 4" in pictures[0]
    assert "Target lines: Trade body, 5 working days: 7.6 days" in page.text
    rows = {row.th.get_text(strip=True): row for row in page.soup.select("#promised tbody tr")}
    assert set(rows) == {"5 working days", "10 calendar days", "3 calendar days (Low)"}
    behind = browser(acme, "quality-manager").get(str(rows["3 calendar days (Low)"].a["href"]))
    assert len(behind.soup.select("main table tbody tr")) == 10


def test_where_nothing_was_promised_the_page_says_so(acme: House, clock: Any, browser: Any) -> None:
    actor = acme.actor("quality-manager")
    for _number in range(25):
        registered(actor)
    clock.advance(days=1)
    page = browser(acme, "quality-manager").get(HERE + "&wait=time-to-close")
    assert "No time was promised for this stage" in page.soup.select_one("#promised").get_text()
    assert "25 complaints of the period have no time limit for this stage." in page.text
    assert page.soup.select(".chart-picture")
    assert not page.soup.select(".chart-target")
