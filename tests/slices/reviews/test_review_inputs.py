"""Every input of a review against a house whose numbers were counted by hand (`a_year`), and that it stays frozen."""

import hashlib
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from auditkit.audits.models import Finding
from auditkit.base import clock as clocks
from auditkit.base.calendar.kept import Settings
from auditkit.base.clock import FrozenClock
from auditkit.base.db import db, reading
from auditkit.complaints.models import Complaint
from auditkit.complaints.survey.models import ComplaintSurvey
from auditkit.content import library
from auditkit.content.shapes import AgendaInput
from auditkit.reviews import queries
from auditkit.reviews.inputs import computing, content
from auditkit.reviews.inputs.content import Content, Difference, Span
from tests.conftest import House
from tests.factories.http import Browser
from tests.slices.complaints_clock.timing import keep
from tests.slices.insights.registers import written
from tests.slices.reviews import a_year, doing

HANDLER, STAFF = "complaint-handler of acme", "staff of acme"
Said = tuple[str, str, str]

# (value, counted among, the same of the period before) by the name of the figure
FIGURES: dict[str, dict[str, Said]] = {
    # Two decisions of 2 March, due on 22 March and 1 May, neither touched by 4 May
    "last-decisions": {
        "decisions": ("2", "", ""),
        "decisions-done": ("0", "2", ""),
        "decisions-verified": ("0", "2", ""),
        "decisions-overdue": ("2", "2", ""),
    },
    # To be reviewed by 1 May; the staff member has read it, the internal auditor has not
    "policies": {
        "policies-in-force": ("1", "", ""),
        "policies-review-overdue": ("1", "1", ""),
        "policies-read": ("1", "2", ""),
    },
    # 88, then 92, of 95: missed by less than a tenth
    "objectives": {
        "objectives": ("1", "", ""),
        "objectives-reached": ("0", "1", ""),
        "objectives-near": ("1", "1", ""),
        "objectives-missed": ("0", "1", ""),
        "objectives-not-measured": ("0", "1", ""),
    },
    # 24 closed on the tenth day, 12 of them upheld, and 4 that wait; in March 20, 5 of them upheld
    "complaints": {
        "received": ("28", "", "20"),
        "acknowledged-on-time": ("", "0", ""),
        "decided-on-time": ("", "0", ""),
        "backlog": ("4", "", "0"),
        "backlog-over-60": ("0", "", "0"),
        "time-to-acknowledge": ("0", "28", "0"),
        "time-to-decide": ("10", "28", "10"),
        "time-to-close": ("10", "28", "10"),
        "upheld": ("50", "24", "25"),
        "partly-upheld": ("0", "24", "0"),
        "not-upheld": ("50", "24", "75"),
        "refused": ("0", "24", "0"),
        "reopened": ("0", "24", "0"),
        "repeated": ("", "0", ""),
        "escalated": ("0", "24", "0"),
        "overturned": ("", "0", ""),
        "remedy-cost": ("", "", ""),
        "safety-time": ("", "0", ""),
    },
    # 15 asked, 12 answered: 80 %; 8 x 5 and 4 x 3 are 52 of 12: 4.33
    "satisfaction": {
        "cases-closed": ("24", "", "20"),
        "asked": ("15", "24", "2"),
        "answered": ("80", "15", "0"),
        "satisfied-process": ("4.33", "12", ""),
        "satisfied-outcome": ("4", "12", ""),
    },
    "suggestions": {"suggestions": ("2", "", "1"), "suggestions-taken-up": ("1", "", "0")},
    # One never begun although its days were 1 and 2 April, one running; in March one, reported
    "audits": {"audits": ("2", "", "1"), "audits-reported": ("0", "2", "1"), "audits-late": ("1", "2", "")},
    # The major one of April was answered by an action whose effect was found; the minor one of March by nothing
    "findings": {
        "findings": ("1", "", "1"),
        "findings-major": ("1", "1", "0"),
        "findings-minor": ("0", "1", "1"),
        "findings-repeated": ("0", "1", ""),
        "findings-unsettled": ("1", "2", ""),
    },
    # Opened in April: mend the door, sell blue ones. Open: both decisions, oil, lock (its effect failed), blue ones
    "actions": {
        "actions-opened": ("2", "", "4"),
        "actions-closed": ("0", "", "0"),
        "actions-open": ("5", "", ""),
        "actions-overdue": ("4", "5", ""),
        "actions-waiting": ("0", "", ""),
        "actions-effective": ("50", "2", ""),
    },
    # First entry taken out of use in April, a second written
    "changes": {
        "entries": ("1", "", ""),
        "entries-new": ("1", "", ""),
        "entries-changed": ("0", "", ""),
        "entries-retired": ("1", "", ""),
    },
    "resources": {
        "entries": ("2", "", ""),
        "entries-new": ("1", "", ""),
        "entries-changed": ("1", "", ""),
        "entries-retired": ("0", "", ""),
    },
    # Likely and serious is high; the first became low by its treatment, the third is as high as the first was
    "risks": {
        "entries": ("3", "", ""),
        "entries-new": ("1", "", ""),
        "entries-changed": ("1", "", ""),
        "entries-retired": ("0", "", ""),
        "entries-high": ("1", "3", ""),
    },
}
ONE_NEW = {"entries-new": ("1", "", ""), "entries-changed": ("0", "", ""), "entries-retired": ("0", "", "")}
FIGURES |= {name: {"entries": ("2", "", ""), **ONE_NEW} for name in ("context", "legal-duties")}
FIGURES |= {name: {"entries": ("1", "", ""), **ONE_NEW} for name in ("competence", "partners")}

ROWS: dict[str, dict[str, tuple[tuple[str, ...], ...]]] = {
    "last-decisions": {"decisions": (
        ("MR-2026-01/1", "Train a second auditor", "AC-2026-001", HANDLER, "2026-05-01", "Open", "Overdue"),
        ("MR-2026-01/2", "Buy a second line", "AC-2026-002", HANDLER, "2026-03-22", "Open", "Overdue"),
    )},
    "policies": {"policies": (("POL-01", "Complaints-handling policy", "1", "2026-05-01", "1 / 2"),)},
    "objectives": {"objectives": (
        ("OBJ-001", "Acknowledged on time", "95 %", "92", "2026-04-16", "Near the target", "Getting better"),
    )},
    "complaints": {
        "received-by-month": (("2026-04", "28"),),
        "received-by-category": (("delivery", "22"), ("service", "6")),
    },
    "satisfaction": {},
    "suggestions": {
        "suggestions": (("C-2026-000050", "price"), ("C-2026-000051", "price")),
        "suggested-actions": (("AC-2026-006", "Sell blue ones", "Open"),),
    },
    "audits": {"audits": (
        ("A-2026-002", "Round in April", "Internal audit", "Planned", "0"),
        ("A-2026-003", "Round at Easter", "Internal audit", "Running", "1"),
    )},
    "findings": {"findings": (
        ("A-2026-001-F1", "One door stood open", "Minor nonconformity", "1", "Not settled"),
        ("A-2026-003-F1", "One door stood open", "Major nonconformity", "1", "Settled"),
    )},
    "actions": {"actions": (
        ("AC-2026-001", "Train a second auditor", HANDLER, "2026-05-01", "Open", "Overdue"),
        ("AC-2026-002", "Buy a second line", HANDLER, "2026-03-22", "Open", "Overdue"),
        ("AC-2026-003", "Oil the hinge", STAFF, "2026-04-10", "Open", "Overdue"),
        ("AC-2026-004", "Change the lock", STAFF, "2026-04-20", "Open", "Overdue"),
    )},
    "changes": {"entries": (
        ("CHG-001", "A second branch", "Taken out of use"), ("CHG-002", "A second branch", "New"),
    )},
    "resources": {"entries": (
        ("RES-001", "Hours of handlers", "Changed"), ("RES-002", "Hours of handlers", "New"),
    )},
    "risks": {"entries": (
        ("RISK-001", "Calls get lost", "Changed", "Low", "High"), ("RISK-003", "The phone is dead", "New", "High", ""),
    )},
    "context": {"entries": (("CTX-002", "More sales through partners", "New"),)},
    "legal-duties": {"entries": (("LAW-002", "Answer in writing", "New"),)},
    "competence": {"entries": (("COMP-001", "Listening", "New"),)},
    "partners": {"entries": (("PART-001", "Evening call centre", "New"),)},
}  # fmt: skip


def frozen(house: House, number: str) -> dict[str, Content]:
    tx = reading(house.system)
    kept = queries.inputs(tx, queries.by_number(tx, number).id)
    assert all(hashlib.sha256(one.content.encode()).hexdigest() == one.digest for one in kept.values())
    return {name: content.read(one.content) for name, one in kept.items()}


def again(house: House, one: Content) -> list[Difference]:
    now = computing.compute(reading(house.system), AgendaInput(one.input), one.span, library.shared())
    return content.differences(one, now)


@pytest.fixture
def number(acme: House, clock: FrozenClock, tmp_path: Path) -> str:
    a_year.told(acme, clock, tmp_path)
    return a_year.reviewed(acme)


def test_every_input_says_what_was_counted_by_hand(acme: House, number: str) -> None:
    found = frozen(acme, number)
    assert set(found) == {one.value for one in AgendaInput}, "an input without hand-worked numbers"
    for name, one in found.items():
        said = {figure.name: (figure.value, figure.of, figure.before) for figure in one.figures}
        assert said == FIGURES[name], name
        assert {table.name: table.rows for table in one.tables} == ROWS[name], name
        assert (one.first, one.last, one.zone) == ("2026-04-01", "2026-04-30", "Europe/London")
        assert again(acme, one) == [], name


def test_what_is_frozen_stays_and_the_page_says_what_changed_since(
    acme: House, number: str, clock: FrozenClock, browser: Callable[..., Browser]
) -> None:
    before = frozen(acme, number)
    clock.advance(days=30)
    # What keeps its times is told as it was on the day, whatever happened since
    for action in ("AC-2026-001", "AC-2026-003", "AC-2026-006"):
        a_year.done(acme, action)
    a_year.judged(acme, "AC-2026-003", effective=True)
    a_year.changed(acme, "risks", "RISK-003", likelihood="rare")
    a_year.entered(acme, "risks", title="A new one")
    a_year.measured(acme, "OBJ-001", date(2026, 5, 30), "99")
    # What keeps none is told as it is, and then says something else
    with db.engine.begin() as connection:
        table = Complaint.__table__
        connection.execute(update(table).where(table.c.reference == "C-2026-000021").values(outcome="rejected"))
        connection.execute(update(table).where(table.c.reference == "C-2026-000050").values(category="delivery"))
        survey = ComplaintSurvey.__table__
        late = {"state": "answered", "answered_at": clocks.now(), "process_score": 1, "outcome_score": 1}
        connection.execute(update(survey).where(survey.c.secret_digest == f"{33:064}").values(**late))
        finding = Finding.__table__
        connection.execute(update(finding).where(finding.c.number == "A-2026-003-F1").values(grade="minor"))
    assert frozen(acme, number) == before
    changes = {name: again(acme, one) for name, one in before.items()}
    assert {name: found for name, found in changes.items() if found} == {
        "complaints": [
            Difference("upheld", "", "50 / 24 (25)", "45.8 / 24 (25)"),
            Difference("not-upheld", "", "50 / 24 (75)", "54.2 / 24 (75)"),
        ],
        "satisfaction": [
            Difference("answered", "", "80 / 15 (0)", "86.7 / 15 (0)"),
            Difference("satisfied-process", "", "4.33 / 12", "4.08 / 13"),
            Difference("satisfied-outcome", "", "4 / 12", "3.77 / 13"),
        ],
        "suggestions": [Difference("suggestions", "C-2026-000050", "price", "delivery")],
        "findings": [
            Difference("findings-major", "", "1 / 1 (0)", "0 / 1 (0)"),
            Difference("findings-minor", "", "0 / 1 (1)", "1 / 1 (1)"),
            Difference(
                "findings",
                "A-2026-003-F1",
                "One door stood open · Major nonconformity · 1 · Settled",
                "One door stood open · Minor nonconformity · 1 · Settled",
            ),
        ],
    }  # fmt: skip
    manager = browser(acme, "quality-manager")
    for name, found in changes.items():
        page = manager.get(f"/o/acme/reviews/{number}/inputs/{name}?again=1")
        if not found:
            assert "it says the same" in page.text, name
        for one in found:
            assert one.now.partition(" ")[0].lower() in page.text.lower(), (name, one)
    shown = manager.get(f"/o/acme/reviews/{number}/inputs/findings?again=1")
    rows = [
        [cell.text.strip() for cell in row.select("th, td")] for row in shown.soup.select("main table")[0].select("tr")
    ]
    assert rows[1] == ["Major nonconformities", "", "1 / 1 (0)", "0 / 1 (0)"]
    assert rows[3][:2] == ["Findings raised or not settled", "A-2026-003-F1"]
    page = manager.post("/preferences", {"locale": "fa", "next": f"/o/acme/reviews/{number}/inputs/complaints?again=1"})
    assert re.search("۵۰ [%٪] / ۲۴ \\(۲۵ [%٪]\\)", page.text)
    assert "Upheld" not in page.text


def test_every_row_leads_to_its_record_and_every_figure_to_its_complaints(
    acme: House, number: str, browser: Callable[..., Browser]
) -> None:
    manager = browser(acme, "quality-manager")
    for name, tables in ROWS.items():
        page = manager.get(f"/o/acme/reviews/{number}/inputs/{name}")
        links = {link.text.strip(): link["href"] for link in page.soup.select("main td a, main th a")}
        for rows in tables.values():
            for row in rows:
                if name == "complaints":
                    continue  # tests/slices/reviews/test_review_charts.py opens those
                shown = manager.get(links[row[0]])
                assert row[0].partition("/")[0] in shown.text, row
    page = manager.get(f"/o/acme/reviews/{number}/inputs/complaints")
    opened = {link["href"] for link in page.soup.select("main a[href*='/insights/frozen/']")}
    assert len(opened) == len(FIGURES["complaints"])
    for link in sorted(opened)[:3]:
        assert "frozen" in manager.get(link).text.lower()


AUCKLAND = Settings(zone="Pacific/Auckland")  # in March 13 hours before UTC, from 5 April 12


def test_a_period_begins_and_ends_by_the_clocks_of_the_organisation(acme: House, clock: FrozenClock) -> None:
    keep(acme, AUCKLAND)
    # Given actions half an hour before and after March begins there, before it ends, and when April has begun there
    for month, day, minutes in ((2, 28, -30), (2, 28, 30), (3, 31, -30), (3, 31, 30)):
        clock.at = a_year.at(month, day, 11) + timedelta(minutes=minutes)
        a_year.opened(acme, "Oil the hinge", date(2026, 3, 31))
    written(acme, [{"received_at": datetime(2026, 2, 28, 11, 30, tzinfo=UTC)}])
    # When March is looked at on its first April morning there, while it is 31 March in UTC
    march = {"period_from": date(2026, 3, 1), "period_to": date(2026, 3, 31), "planned_on": date(2026, 4, 1)}
    number = doing.planned(acme, **march)
    doing.frozen(acme, number)
    found = frozen(acme, number)
    # Then two were opened in March, and those due on 31 March are overdue there
    figures = {figure.name: figure for figure in found["actions"].figures}
    assert (figures["actions-opened"].value, figures["actions-opened"].before) == ("2", "1")
    assert figures["actions-overdue"].value == "4"
    assert next(one.value for one in found["complaints"].figures if one.name == "received") == "1"
    # And it says the same when the organisation has moved to London
    keep(acme, Settings(zone="Europe/London"))
    assert {name: again(acme, one) for name, one in found.items() if again(acme, one)} == {}


def test_the_period_before_is_as_long_and_ends_where_it_begins() -> None:
    span = Span(date(2026, 4, 1), date(2026, 4, 30), datetime(2026, 5, 4, 9, tzinfo=UTC), "Pacific/Auckland")
    assert (span.before.first, span.before.last, span.before.zone) == (date(2026, 3, 2), date(2026, 3, 31), span.zone)
    assert span.begins == span.before.until == datetime(2026, 3, 31, 11, tzinfo=UTC)
    assert span.ends - span.begins == timedelta(days=30, hours=1), "clocks went back on 5 April"
    assert span.today == date(2026, 5, 4)


def test_what_was_frozen_before_zones_were_kept_is_read_as_utc() -> None:
    span = Span(date(2026, 4, 1), date(2026, 4, 30), datetime(2026, 5, 4, 9, tzinfo=UTC))
    body = content.canonical(content.made("actions", span, ())).decode()
    old = body.replace(content.FORMAT, content.WITHOUT_ZONE).replace(',"zone":""', "")
    assert content.read(old) == content.read(body)
    assert content.read(old).span.begins == datetime(2026, 4, 1, tzinfo=UTC)
    with pytest.raises(ValueError, match="not an input"):
        content.read(body.replace(content.FORMAT, "another"))
