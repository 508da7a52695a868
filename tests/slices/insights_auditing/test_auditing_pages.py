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
from auditkit.insights.auditing import queries
from tests.conftest import House
from tests.factories.http import Browser
from tests.slices.audits.doing import own_library, raised, reported, started

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
