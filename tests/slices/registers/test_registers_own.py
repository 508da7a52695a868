"""A register an organisation writes itself is one like the others: listed, filled in, reviewed, out and back."""

import io
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask

from auditkit.base.clock import FrozenClock
from auditkit.base.db import separate_scope
from tests.conftest import House
from tests.factories.http import Browser
from tests.slices.registers.test_registers_workbook import changed

pytestmark = pytest.mark.sqlite_only

REGISTER = """\
kind: register
id: site-visits
title: Visits to sites
entry: Visit
purpose: What the representative saw at a site.
edition: iso10002-2018
clauses: ["8.3"]
source: practice
series: VISIT
review_months: 3
fields:
  - {id: site, title: Site, kind: line, required: true, listed: true}
  - {id: on, title: Visited on, kind: day, required: true, listed: true}
  - id: mood
    title: Impression
    kind: choice
    required: true
    listed: true
    choices: [{id: good, label: Good, rank: 2}, {id: bad, label: Bad, rank: 1}]
examples:
  - {id: first, values: {site: Shop in the High Street, on: "2026-02-02", mood: good}}
"""
MATRIX = """\
kind: register
id: risks
title: Risks and opportunities
entry: Risk
purpose: Our own matrix of three by three.
edition: iso10002-2018
clauses: ["5.1"]
source: practice
series: RISK
review_months: 6
fields:
  - {id: title, title: Risk, kind: line, required: true, listed: true}
  - id: likelihood
    title: Likelihood
    kind: choice
    required: true
    choices:
      - {id: seldom, label: Seldom, rank: 1}
      - {id: yearly, label: Yearly, rank: 2}
      - {id: often, label: Often, rank: 3}
  - id: impact
    title: Impact
    kind: choice
    required: true
    choices:
      - {id: small, label: Small, rank: 1}
      - {id: middle, label: Middle, rank: 2}
      - {id: large, label: Large, rank: 3}
levels:
  - id: level
    title: Level
    of: [likelihood, impact]
    bands:
      - {id: green, label: Green, begins: 1, tone: good}
      - {id: red, label: Red, begins: 6, tone: bad}
examples:
  - {id: first, values: {title: Letters get lost, likelihood: yearly, impact: large}}
"""
BASE = "/o/acme/registers"


@pytest.fixture
def own(app: Flask, acme: House) -> Iterator[Path]:
    content = app.extensions["auditkit.settings"].instance / "content"
    folder = content / acme.slug
    folder.mkdir(parents=True)
    (folder / "visits.yaml").write_text(REGISTER, encoding="utf-8")
    yield folder
    shutil.rmtree(content)


def test_an_own_register_works_like_the_shipped_ones(
    own: Path, acme: House, globex: House, browser: Callable[..., Browser], clock: FrozenClock
) -> None:
    manager = browser(acme, "quality-manager")
    # Listed among the registers and in the library
    assert "Visits to sites" in manager.get(f"{BASE}/").text
    assert "Impression" in manager.get("/o/acme/library/registers/site-visits").text
    # Started from its example, filtered, reviewed
    manager.get(f"{BASE}/site-visits/new?example=first")
    page = manager.post_form({"f-mood": "bad"}, action="")
    assert page.path == f"{BASE}/site-visits/VISIT-001"
    assert "Shop in the High Street" in manager.get(f"{BASE}/site-visits?f-mood=bad").text
    assert "Nothing fits" in manager.get(f"{BASE}/site-visits?f-mood=good").text
    clock.advance(days=100)
    assert "1 to be reviewed" in manager.get(f"{BASE}/").text
    manager.get(f"{BASE}/site-visits/VISIT-001/review")
    manager.post_form({"outcome": "Better now", "f-mood": "good"}, action="")
    # On the path to certification with the others
    assert "Register kept: Visits to sites" in " ".join(manager.get("/o/acme/path/").text.split())
    # Out as a workbook, and back
    content = manager.client.get(f"{BASE}/site-visits/workbook.xlsx").data
    manager.get(f"{BASE}/site-visits/bring-in")
    edited = changed(content, (0, "Impression", "Bad"), (1, "Site", "Depot"), (1, "Impression", "Good"),
                     (1, "Visited on", "2026-06-01"))  # fmt: skip
    page = manager.post_form({"file": (io.BytesIO(edited), "visits.xlsx")}, action="")
    assert "1 new entries, 1 changed." in page.text
    # And nobody else has it
    with separate_scope():
        stranger = browser(globex, "quality-manager")
        assert "Visits to sites" not in stranger.get("/o/globex/registers/").text
        stranger.get("/o/globex/registers/site-visits", status=404)


def test_risks_are_judged_by_the_organisation_s_own_matrix(
    own: Path, acme: House, globex: House, browser: Callable[..., Browser]
) -> None:
    (own / "risks.yaml").write_text(MATRIX, encoding="utf-8")
    manager = browser(acme, "quality-manager")
    for likelihood, impact, level in (("yearly", "middle", "Green (4)"), ("yearly", "large", "Red (6)")):
        manager.get(f"{BASE}/risks/new")
        given = {"f-title": "Letters get lost", "f-likelihood": likelihood, "f-impact": impact}
        number = manager.post_form(given, action="").path.rpartition("/")[2]
        row = manager.get(f"{BASE}/risks").soup.find("a", string=number).find_parent("tr")
        assert level in " ".join(row.get_text(" ").split())
    assert "Red (۶)" in manager.post("/preferences", {"locale": "fa", "next": f"{BASE}/risks"}).text
    # The shipped matrix stays everybody else's
    with separate_scope():
        form = browser(globex, "quality-manager").get("/o/globex/registers/risks/new")
        assert form.soup.select_one("select[name='f-likelihood'] option[value='certain']") is not None
