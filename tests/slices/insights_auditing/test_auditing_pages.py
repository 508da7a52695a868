"""Audit statistics over real findings and actions: the numbers, and the records that each number opens."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from auditkit.actions import service as actions
from auditkit.actions.rules import Kind
from auditkit.audits.queries import findings as core
from auditkit.audits.rules import Grade
from auditkit.base import clock as time
from auditkit.base.clock import FrozenClock
from auditkit.base.db import reading, transaction
from auditkit.content import library as content
from auditkit.content.library import Library
from auditkit.content.reading import read_folders
from auditkit.insights.auditing import queries
from tests.conftest import House
from tests.factories.http import Browser
from tests.slices.audits.doing import CHECKLIST, SCALES, STANDARD, own_library, raised, reported, started

BASE = "/o/acme/insights/audits"


def settle(house: House, finding: str, clock: FrozenClock, *, effective: bool = True) -> str:
    """An action that answers a finding, done after four days and judged after ten."""
    found = core.by_number(reading(house.system), finding)
    owner, judge = house.actor("staff"), house.actor("internal-auditor")
    command = actions.OpenAction(
        kind=Kind.CORRECTIVE,
        title="Mend the door",
        origin=(core.SUBJECT, found.id),
        origin_title=finding,
        owner_id=house.person("staff"),
        due_on=time.now().date() + timedelta(days=30),
        cause="The hinge",
        cause_required=False,
    )
    with transaction(owner) as tx:
        number = actions.open_action(tx, command, time.now(), owner)
    clock.advance(days=4)
    with transaction(owner) as tx:
        actions.complete(tx, actions.CompleteAction(number, 1, "New hinge"), time.now(), owner)
    clock.advance(days=6)
    with transaction(judge) as tx:
        actions.verify(tx, actions.VerifyAction(number, 2, effective, "Looked"), time.now(), judge)
    return number


@pytest.fixture
def told(acme: House, clock: FrozenClock, tmp_path: Path) -> tuple[str, str]:
    """Two minor nonconformities, one settled after ten days; the effect of the other's action was missing."""
    books = own_library(tmp_path / "house")
    audit = started(acme, books)
    first, second = raised(acme, audit, books), raised(acme, audit, books, Grade.MINOR)
    settle(acme, first, clock)
    settle(acme, second, clock, effective=False)
    clock.advance(days=1)
    return first, second


def test_facts_and_figures(acme: House, told: tuple[str, str]) -> None:
    tx, now = reading(acme.system), time.now()
    facts = queries.facts(tx, now - timedelta(days=60), now, now)
    assert [one.number for one in sorted(facts, key=lambda one: one.id)] == list(told)
    days = {one.number: (one.settled_at - one.raised_at).days if one.settled_at else None for one in facts}
    assert days == {told[0]: 10, told[1]: None}
    figures = queries.action_figures(tx, now - timedelta(days=60), now, now)
    assert (len(figures.opened), len(figures.closed), len(figures.open)) == (2, 0, 1)
    assert (figures.effect.effective, figures.effect.judged) == (1, 2)
    before = queries.action_figures(tx, now - timedelta(days=60), now - timedelta(days=15), now)
    assert (before.effect.effective, before.effect.judged) == (0, 0)


@pytest.mark.sqlite_only
def test_every_number_opens_its_records(browser: Callable[..., Browser], acme: House, told: tuple[str, str]) -> None:
    auditor = browser(acme, "internal-auditor")
    page = auditor.get(f"{BASE}/")
    stats = {link.get_text(" ", strip=True): link["href"] for link in page.soup.select(".stats a") if link.get("href")}
    assert any("findings raised" in text and text.startswith("2") for text in stats)
    assert any("50" in text and "effect found" in text for text in stats)
    for text, url in stats.items():
        opened = auditor.get(url)
        number = text.split()[0]
        rows = opened.soup.select("tbody tr")
        if number.isdecimal() and "median" not in text:
            assert len(rows) == int(number), text
    waiting = auditor.get(f"{BASE}/findings?which=waiting").text
    assert told[1] in waiting
    assert told[0] not in waiting
    assert "Too few" in page.text
    auditor.get(f"{BASE}/findings?which=weather", status=404)
    auditor.get(f"{BASE}/actions?which=weather", status=404)
    data = auditor.get(f"{BASE}/?chart=by-clause&as=csv", unchecked="CSV").response.data.decode()
    assert "2" in data
    browser(acme, "complaint-handler").get(f"{BASE}/", status=403)


@pytest.mark.sqlite_only
def test_every_part_of_a_chart_opens_its_records(
    browser: Callable[..., Browser], acme: House, told: tuple[str, str]
) -> None:
    """Bars, the parts they are stacked of, and their sums: behind each exactly as many findings as it says."""
    auditor = browser(acme, "internal-auditor")
    page = auditor.get(f"{BASE}/")
    links = [
        link for link in page.soup.select("tbody a[href*='/insights/audits/findings?by=']") if link.text.isdecimal()
    ]
    assert {"gravity=minor", "by=clause", "by=principle", "by=place"} <= {
        part for link in links for part in link["href"].partition("?")[2].split("&")
    }
    for link in links:
        if link.find_parent("th") is None:
            assert len(auditor.get(link["href"]).soup.select("tbody tr")) == int(link.text), link["href"]
    auditor.get(f"{BASE}/findings?by=clause&word=1&gravity=heavy", status=404)
    auditor.get(f"{BASE}/answers?clause=99&year=2026", status=404)


def test_cells_of_conformity_open_the_audits_behind_them(acme: House, tmp_path: Path) -> None:
    """One audit that is finished, one that runs: only the first is behind the share."""
    books = own_library(tmp_path / "house")
    number = reported(acme, books, Grade.MINOR)
    started(acme, books)
    tx, edition = reading(acme.system), "house-rules-2026"
    behind = queries.answered(tx, 2026, f"{edition}:1", books, edition)
    assert [(audit, cell.percent, cell.looked_at) for audit, cell in behind] == [(number, 50, 2)]
    assert queries.answered(tx, 2026, f"{edition}:2", books, edition) == []
    assert queries.answered(tx, 2025, f"{edition}:1", books, edition) == []


@pytest.mark.sqlite_only
def test_the_trend_between_audits_by_hand(
    acme: House, browser: Callable[..., Browser], clock: FrozenClock, tmp_path: Path
) -> None:
    """Three audits, each a third of a year later, with one question bad and one good: half of it conforms."""
    books = own_library(tmp_path / "house")
    numbers = []
    for grade in (Grade.MINOR, None, Grade.MAJOR):
        numbers.append(reported(acme, books, grade))
        clock.advance(days=30)
    found = queries.rounds(reading(acme.system), time.now() - timedelta(days=200), time.now())
    assert [(one.audit, one.percent, one.answered) for one in found] == [(number, 50, 2) for number in numbers]
    auditor = browser(acme, "internal-auditor")
    figures = {figure["id"]: figure for figure in auditor.get(f"{BASE}/").soup.select("figure.chart")}
    rows = [
        [cell.get_text(strip=True) for cell in row.select("th, td")] for row in figures["by-audit-1"].select("tbody tr")
    ]
    assert rows == [
        [numbers[0], "0", "1", "0", "1"], [numbers[1], "0", "0", "0", "0"], [numbers[2], "1", "0", "0", "1"],
    ]  # fmt: skip
    parts = [str(link["href"]) for link in figures["by-audit-1"].select("tbody td a") if "gravity" in str(link["href"])]
    assert [len(auditor.get(address).soup.select("tbody tr")) for address in parts] == [1, 1]
    points = figures["conformity-by-audit-1"].select("tbody tr")
    assert [row.td.get_text(strip=True) for row in points if row.td] == ["50%"] * 3
    assert auditor.get(str(points[0].a["href"])).soup.h1


@pytest.mark.sqlite_only
def test_coverage_of_the_cycle_by_hand(acme: House, browser: Callable[..., Browser], tmp_path: Path) -> None:
    """One audit asked about 4.4 and 5.3 and was reported, without an answer for 5.3; one still asks about 7.2."""
    lines = {"4.4": "5.3", "7.2": "8.6"}
    for first, (doors, keys) in enumerate(lines.items()):
        books = guideline_library(tmp_path / f"house-{first}", doors, keys)
        reported(acme, books) if not first else started(acme, books)
    page = browser(acme, "internal-auditor").get(f"{BASE}/?period=this-year")
    section = page.soup.select_one("#coverage")
    assert section is not None
    # By hand: of 39 clauses the audit looked at doors (4.4), nobody at its keys (5.3); the other runs (7.2 and 8.6).
    assert "1 of 39 clauses were audited in the cycle" in section.get_text(" ", strip=True)
    told = {row.dt.get_text(strip=True): row.dd.get_text(strip=True) for row in section.select("dl > div")}
    labels = {title: [label.split()[0] for label in text.split(" · ")] for title, text in told.items()}
    assert {title: clauses for title, clauses in labels.items() if len(clauses) < 5} == {
        "Audited (1)": ["4.4"],
        "Under way (2)": ["7.2", "8.6"],
        "On the checklist, not looked at (1)": ["5.3"],
    }
    assert sum(len(clauses) for clauses in labels.values()) == 39


def guideline_library(folder: Path, doors: str, keys: str) -> Library:
    """The house's checklist, asking about two clauses of the guideline instead of its own."""
    folder.mkdir(parents=True)
    for name, text in (("standard", STANDARD), ("scales", SCALES), ("checklist", CHECKLIST)):
        of_guideline = text.replace("house-rules-2026", "iso10002-2018")
        for own, clause in (("1", doors), ("2", keys)):
            of_guideline = of_guideline.replace(f'clauses: ["{own}"]', f'clauses: ["{clause}"]')
            of_guideline = of_guideline.replace(f'{{id: "{own}", title', f'{{id: "{clause}", title')
        (folder / f"{name}.yaml").write_text(of_guideline.lstrip(), encoding="utf-8")
    found = read_folders([("house", folder)])
    assert not found.problems, found.problems
    return content.load(found.files)
