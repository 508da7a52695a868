"""Pages of figures: dashboards by role, a figure with its records, frozen ones, kept ones, the public page."""

from collections.abc import Callable

import pytest

from auditkit.accounts import service as accounts
from auditkit.accounts.rules import Role
from auditkit.base import clock as clocks
from auditkit.base.clock import FrozenClock
from auditkit.base.db import reading, transaction
from auditkit.insights.dashboards import queries, rules, service
from auditkit.insights.dashboards.models import PublishedFigures, SavedDashboard
from auditkit.insights.indicators import computing
from tests.conftest import House
from tests.factories.http import Browser
from tests.factories.refusals import refuses
from tests.slices.insights.registers import closed, day, written

PERIOD = "from=2026-03-01&to=2026-03-31"
Browsers = Callable[..., Browser]


@pytest.fixture
def register(acme: House, clock: FrozenClock) -> None:
    clock.advance(days=60)
    outcomes = ["upheld"] * 15 + ["rejected"] * 10
    words = [{"category": "delivery", "site": "north"}, {"category": "service", "site": "south"}]
    rows = [closed(day(number % 20), 1 + number % 9, one, **words[number % 2]) for number, one in enumerate(outcomes)]
    written(acme, [*rows, {"received_at": day(4), "category": "delivery"}])


def test_every_dashboard_shows_its_figures(acme: House, browser: Browsers, register: None) -> None:
    handler = browser(acme, "complaint-handler")
    for view in rules.View:
        page = handler.get(f"/o/acme/insights/?view={view.value}&{PERIOD}")
        assert rules.VIEW_TITLES[view] in page.text
    page = handler.get(f"/o/acme/insights/?view=all&{PERIOD}")
    assert len(page.soup.select("section h2, h2")) >= len(computing.INDICATORS)
    assert "60%" in page.text
    assert "not checked because" in page.text
    manager = browser(acme, "quality-manager").get("/o/acme/insights/")
    assert "For managers" in manager.text
    assert "Only:" not in manager.text
    address = f"/o/acme/insights/?view=manager&category=delivery&site=north&site=-&{PERIOD}"
    narrowed = browser(acme, "quality-manager").get(address)
    assert "Only: Category Delivery ; Site north, Not stated ." in " ".join(narrowed.text.split()), "said on paper too"
    browser(acme, "staff").get("/o/acme/insights/", status=403)


def test_a_figure_leads_to_its_records_and_is_frozen_and_computed_again(
    acme: House, browser: Browsers, register: None
) -> None:
    manager = browser(acme, "quality-manager")
    manager.get(f"/o/acme/insights/?view=manager&{PERIOD}")
    page = manager.follow("Upheld")
    assert "60%" in page.text
    assert "15 of 25" in page.text
    listed = manager.follow("The cases counted")
    assert len(listed.soup.select("tbody tr")) == 15
    lines = manager.get(f"/o/acme/insights/figures/upheld/references?side=of&{PERIOD}", unchecked="a text file")
    assert lines.response.get_data(as_text=True).count("C-2026-") == 25
    manager.get(f"/o/acme/insights/figures/upheld?{PERIOD}")
    frozen = manager.post_form({}, action="/freeze/upheld")
    assert "15 of 25" in frozen.text
    auditor = browser(acme, "internal-auditor")
    auditor.get(frozen.path)
    again = auditor.post_form({}, action=frozen.path)
    assert "The same again" in again.text
    assert "Upheld" in auditor.get("/o/acme/insights/frozen/").text


@pytest.mark.sqlite_only
def test_every_figure_has_a_page(acme: House, browser: Browsers, register: None) -> None:
    manager = browser(acme, "quality-manager")
    for name in computing.names():
        page = manager.get(f"/o/acme/insights/figures/{name}?{PERIOD}")
        assert "What to beware of" in page.text
    manager.get("/o/acme/insights/figures/luck", status=404)
    assert "Enter the first and the last day" in manager.get("/o/acme/insights/?from=x", status=400).text


@pytest.mark.sqlite_only
def test_a_dashboard_is_kept_and_moves_on_with_the_days(acme: House, browser: Browsers, register: None) -> None:
    manager = browser(acme, "quality-manager")
    manager.get("/o/acme/insights/keep?view=manager&period=this-month&category=delivery")
    page = manager.post_form({"name": "Deliveries", "figures": ["received", "upheld"]})
    assert "Deliveries" in page.title
    assert len(page.soup.select("table tbody tr")) == 2
    kept = queries.kept(reading(acme.system), acme.person("quality-manager"))
    assert kept[0].asked == "period=this-month&category=delivery"
    assert "Deliveries" not in browser(acme, "complaint-handler").get("/o/acme/insights/").text
    removed = manager.post_form({}, action=f"{page.path}/remove")
    assert "no longer kept" in removed.text


def test_the_public_sees_nothing_unless_it_was_decided(acme: House, browser: Browsers, register: None) -> None:
    stranger, manager = browser(), browser(acme, "quality-manager")
    stranger.get("/p/acme/figures", status=404)
    manager.get("/o/acme/insights/published")
    manager.post_form(
        {"shown": "y", "span": "12-months", "figures": ["upheld", "overturned"], "introduction": "We learn from them."}
    )
    page = stranger.get("/p/acme/figures")
    assert "60%" in page.text
    assert "We learn from them." in page.text
    assert "received" not in [row.get_text() for row in page.soup.select("tbody th")]
    with transaction(acme.actor("quality-manager")) as tx:
        command = service.Publish(False, ("upheld",), "12-months", "")
        service.publish(tx, command, clocks.now(), acme.actor("quality-manager"))
    stranger.get("/p/acme/figures", status=404)


def test_few_cases_are_not_shown_to_everybody(acme: House, browser: Browsers, clock: FrozenClock) -> None:
    clock.advance(days=60)
    written(acme, [closed(day(number), 2) for number in range(7)])
    with transaction(acme.actor("quality-manager")) as tx:
        command = service.Publish(True, ("received", "upheld"), "12-months", "")
        service.publish(tx, command, clocks.now(), acme.actor("quality-manager"))
    page = browser().get("/p/acme/figures")
    assert [row.select("td")[0].get_text(strip=True) for row in page.soup.select("tbody tr")] == ["too few", "too few"]
    assert "Complaints received in the period, all kinds" in page.text
    assert "times 1,000" not in page.text, "it is a count, not the rate"


@pytest.mark.sqlite_only
def test_all_organisations_each_by_its_own_scope(acme: House, globex: House, browser: Browsers, register: None) -> None:
    page = browser(acme, "quality-manager").get("/figures")
    rows = page.soup.select("tbody tr")
    assert len(rows) == 1
    assert [cell.get_text(strip=True) for cell in rows[0].select("td")][:1] == ["26"]
    with transaction(globex.system) as tx:  # the consultant of both: no figure of one is in that of the other
        member = accounts.AddMember("quality-manager@acme.example", Role.QUALITY_MANAGER)
        accounts.add_member(tx, member, clocks.now(), globex.system)
    written(globex, [{"received_at": day(1)}] * 3)
    rows = browser(acme, "quality-manager").get("/figures").soup.select("tbody tr")
    assert [[cell.get_text(strip=True) for cell in row.select("th, td")][:2] for row in rows] == [
        ["Acme Ltd", "26"],
        ["Globex & Sons", "3"],
    ]
    reader = browser(globex, "staff").get("/figures")
    assert "does not read complaints" in reader.text


def test_what_the_tables_refuse(acme: House) -> None:
    own = {"organisation_id": acme.id, "person_id": acme.person("staff"), "asked": "", "figures": [], "name": "x"}
    refuses(SavedDashboard.__table__, "dashboard_has_name", {**own, "name": "", "kept_at": clocks.now()})
    shown = {"organisation_id": acme.id, "shown": True, "figures": [], "introduction": "", "changed_at": clocks.now()}
    refuses(PublishedFigures.__table__, "published_span_moves_on", {**shown, "span": "own"})
