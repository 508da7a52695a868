"""Satisfaction by outcome on a register that can be counted by hand: both questions apart, and who did not answer."""

from typing import Any

import pytest
from bs4.element import Tag
from sqlalchemy import select

from auditkit.base import clock as clocks
from auditkit.base.db import db, reading, transaction
from auditkit.complaints.models import Complaint
from auditkit.complaints.survey.models import ComplaintSurvey
from auditkit.insights.indicators.frame import frame
from auditkit.insights.statistics.satisfied import Reply, counted
from tests.conftest import House
from tests.factories.http import Browser
from tests.slices.insights.registers import MARCH, MARCH_1, closed, day, written
from tests.slices.insights.test_drilling import behind

HERE = "/o/acme/insights/statistics/satisfaction?from=2026-03-01&to=2026-03-31"


@pytest.fixture
def register(acme: House, clock: Any) -> None:
    """Forty cases upheld and ten rejected, all closed in March; one rejected in February, which does not count.

    Upheld: 30 asked, 25 answered. Handling: twenty gave 5, five gave 3; outcome: all gave 4. Rejected: 8 asked,
    4 answered, all 2 and 1.
    """
    clock.advance(days=60)
    rows = [closed(day(number % 20), 3) for number in range(40)] + [closed(day(2), 3, "rejected") for _ in range(10)]
    written(acme, [*rows, closed(MARCH_1.replace(year=2025), 3, "rejected")])
    db.session.rollback()
    cases = reading(acme.system).execute(select(Complaint.id).order_by(Complaint.id)).scalars().all()
    given = [(5, 4)] * 20 + [(3, 4)] * 5 + [None] * 5
    asked = [*zip(cases[:30], given, strict=True), *zip(cases[40:48], [(2, 1)] * 4 + [None] * 4, strict=True)]
    now = clocks.now()
    with transaction(acme.system) as tx:
        for case, scores in asked:
            handling, outcome = scores or (None, None)
            tx.add(
                ComplaintSurvey(
                    complaint_id=case, state="answered" if scores else "sent", planned_at=now, sent_at=now,
                    expires_at=now, secret_digest=f"{case:064}", answered_at=now if scores else None,
                    process_score=handling, outcome_score=outcome,
                )
            )  # fmt: skip


def test_groups_by_hand(acme: House, register: None) -> None:
    found = counted(frame(reading(acme.system), MARCH, clocks.now()))
    assert list(found) == ["upheld", "rejected"]
    assert found["upheld"].replies == {Reply.ANSWERED: 25, Reply.SILENT: 5, Reply.NOT_ASKED: 10}
    assert found["rejected"].replies == {Reply.ANSWERED: 4, Reply.SILENT: 4, Reply.NOT_ASKED: 2}
    assert found["upheld"].scores == {"satisfaction-handling": {5: 20, 3: 5}, "satisfaction-outcome": {4: 25}}


def rows_of(figure: Tag) -> dict[str, list[str]]:
    return {
        row.th.get_text(strip=True): [cell.get_text(strip=True) for cell in row.select("td")]
        for row in figure.select("tbody tr")
        if row.th
    }


def test_the_page_says_both_with_their_intervals_and_too_few_in_words(
    acme: House, register: None, browser: Any
) -> None:
    page: Browser = browser(acme, "quality-manager")
    handling, outcome, replies = page.get(HERE).soup.select("figure.chart")
    rows = rows_of(handling)
    # By hand: (20 x 5 + 5 x 3) / 25 = 4.6; squares 20 x 0.16 + 5 x 2.56 = 16; 1.96 x sqrt(16 / 24) / 5 = 0.32.
    # Satisfied 20 of 25 (Wilson 0.6087 to 0.9114); answered 25 of 30.
    assert rows["Upheld"] == ["4.6", "4.28", "4.92", "25", "80%", "60.9%", "91.1%", "30", "83.3%"]
    assert rows["Rejected"] == ["too few: 4", "–", "–", "4", "–", "–", "–", "8", "50%"]
    assert rows["All"][0] == "4.24", "(115 + 8) / 29"
    assert rows_of(outcome)["Upheld"][:4] == ["4", "4", "4", "25"], "all gave the same"
    assert "29 answers of 38 who were asked." in handling.get_text(" ")
    assert rows_of(replies) == {"Upheld": ["25", "5", "10", "40"], "Rejected": ["4", "4", "2", "10"]}
    for figure, whole in ((handling, 29), (outcome, 29)):
        links = [str(link["href"]) for link in figure.select("tbody th a")]
        assert [behind(page, link) for link in links] == [whole, 25, 4]
    cells = [(int(link.get_text()), str(link["href"])) for link in replies.select("tbody td a")]
    assert len(cells) == 8
    assert [behind(page, address) for _number, address in cells] == [number for number, _address in cells]
    file = page.client.get(f"{HERE}&chart=satisfaction-handling&as=csv").get_data(as_text=True)
    assert [line.split(",")[0] for line in file.splitlines()[1:]] == ["All", "Upheld", "Rejected"]


@pytest.mark.sqlite_only
def test_without_answers_there_are_words_and_no_picture(acme: House, browser: Any) -> None:
    page = browser(acme, "quality-manager").get(HERE)
    assert not page.soup.select(".chart-picture")
    assert page.text.count("Too few: 0 cases.") == 3
