"""Readiness since the visits: on the matrix, as a chart with its table, and for all clients of a consultant."""

from datetime import date

import pytest

from auditkit.accounts import service as accounts
from auditkit.accounts.rules import Role
from auditkit.audits import service as audits
from auditkit.audits.rules import AuditKind, Grade
from auditkit.base import clock as clocks
from auditkit.base.db import transaction
from auditkit.content.library import shared
from auditkit.readiness.models import ReadinessVisit
from tests.slices.audits import doing

pytestmark = pytest.mark.sqlite_only
BASE = "/o/acme/readiness/"
EDITION = "iso10002-2018"


def visited(house, percent: int, clock) -> None:
    """A visit that found so much; its clauses do not matter here."""
    with transaction(house.system) as tx:
        tx.add(
            ReadinessVisit(
                edition=EDITION, begins=clock.at.date(), ends=clock.at.date(), note="", content="0" * 64,
                digest="1" * 64, percent=percent, checked=50, stops=[], states={}, taken_at=clocks.now(),
            )
        )  # fmt: skip
    clock.advance(days=30)


def test_the_chart_holds_every_visit_and_now(acme, browser, clock):
    visited(acme, 40, clock)
    visited(acme, 3, clock)
    manager = browser(acme, "quality-manager")
    page = manager.get(f"{BASE}visits/")
    found = page.soup.select("figure.chart tbody tr")
    rows = [[cell.get_text(strip=True) for cell in row.find_all(["th", "td"])] for row in found]
    now = int(rows[-1][1])
    assert [row[1] for row in rows] == ["40", "3", str(now)]
    assert rows[-1][0].endswith("now")
    said = page.soup.select_one("figure.chart figcaption p").get_text()
    word = "less" if now < 3 else "more" if now > 3 else "As many"
    assert word in said
    assert page.soup.select_one("figure.chart tbody a")["href"].endswith("#visit-1")
    matrix = manager.get(BASE)
    assert "Trend since the last visit" in matrix.text
    assert said in matrix.text
    csv = manager.get(f"{BASE}visits/?chart=trend&as=csv", unchecked="CSV").response.data.decode()
    assert len(csv.splitlines()) == 4


def test_without_a_visit_there_is_no_trend(acme, browser):
    manager = browser(acme, "quality-manager")
    assert manager.get(f"{BASE}visits/").soup.select("figure.chart") == []
    assert "Trend since" not in manager.get(BASE).text


def test_a_consultant_sees_each_client_under_its_own_scope_and_role(acme, globex, browser, clock):
    planned = doing.planned(
        acme, shared(), checklist_id="stage1-readiness", kind=AuditKind.OUTSIDE,
        planned_from=date(2026, 4, 9), planned_to=date(2026, 4, 9),
    )  # fmt: skip
    assert planned
    running = doing.planned(acme, shared(), checklist_id="principles-2018")
    actor = acme.actor("internal-auditor")
    with transaction(actor) as tx:
        audits.start(tx, audits.StartAudit(running), clocks.now(), actor, library=shared())
    doing.raised(acme, running, shared(), Grade.MINOR)
    doing.raised(acme, running, shared(), Grade.OPPORTUNITY)
    visited(globex, 90, clock)
    email = "quality-manager@acme.example"
    with transaction(globex.system) as tx:
        accounts.add_member(tx, accounts.AddMember(email, Role.STAFF), clocks.now(), globex.system)
    page = browser(acme, "quality-manager").get("/readiness")
    rows = {row.th.a.get_text(strip=True): row.get_text(" ", strip=True) for row in page.soup.select("tbody tr")}
    assert "No visit was kept yet" in rows["Acme Ltd"]
    [acme_row] = [row for row in page.soup.select("tbody tr") if row.a["href"] == "/o/acme/readiness/"]
    told = " ".join(acme_row.get_text(" ").split())
    assert "Audit by the certification body : 9 Apr 2026 (8 days)" in told.replace("body:", "body :")
    assert "1 open nonconformity" in told
    drafts = [one["href"] for one in page.soup.select("tbody tr a") if "/packs/draft/" in one["href"]]
    assert [one.split("/")[2:6] for one in drafts] == [["acme", "packs", "draft", "stage-1"]], "not where one may not"
    browser(acme, "quality-manager").get(drafts[0])
    assert "does not read readiness" in next(text for name, text in rows.items() if name != "Acme Ltd")
    with transaction(globex.system) as tx:
        person = acme.person("quality-manager")
        accounts.change_role(tx, accounts.ChangeRole(person, Role.TOP_MANAGEMENT), clocks.now(), globex.system)
    [row] = [
        one
        for one in browser(acme, "quality-manager").get("/readiness").soup.select("tbody tr")
        if one.th.a.get_text(strip=True) != "Acme Ltd"
    ]
    assert "points less than at the last visit" in row.get_text(" ", strip=True)
    assert row.select_one("svg") is not None
