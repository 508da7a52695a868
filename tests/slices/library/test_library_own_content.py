"""What an organisation adds or changes is offered where work is done: audits, policies, packs; nobody else sees it."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask

from auditkit.accounts.queries import organisation_by_slug
from auditkit.audits import queries, service
from auditkit.audits.rules import TeamRole
from auditkit.base import clock
from auditkit.base.db import reading, separate_scope, transaction
from auditkit.base.errors import NotFound
from auditkit.content import library
from auditkit.content.library import layering, of_organisation
from auditkit.packs import service as packs
from auditkit.packs.reading import PreparePack
from tests.conftest import House
from tests.factories.http import Browser

OpenBrowser = Callable[..., Browser]

CHECKLIST = """\
kind: checklist
id: our-walk
title: Our walk through the shop
purpose: What the shop manager looks at on a Monday.
edition: our-rules
scale: conformity
covers: part
sections:
  - id: door
    title: At the door
    items:
      - id: our-walk-1
        clauses: ["1"]
        question: Does the notice at the door name the complaints desk?
        good: It does, in two languages.
        evidence: The notice
        methods: [O]
    select: [q18-7.4-1]
"""
STANDARD = """\
kind: standard
id: our-rules
standard: our-rules
number: Rules of the house
edition: "1"
title: What we promise in our shops
publisher: Acme
nature: scheme
strength: own
status: current
source: published
titles: published
nodes:
  - {id: "1", title: The notice at the door}
"""
POLICY = """\
kind: policy
id: our-promise
title: Our promise at the counter
purpose: One page for the shop.
edition: our-rules
sections:
  - {id: promise, title: Promise, clauses: ["1"], text: We listen first.}
"""


@pytest.fixture
def own(app: Flask, acme: House) -> Iterator[Path]:
    content = app.extensions["auditkit.settings"].instance / "content"
    folder = content / acme.slug
    folder.mkdir(parents=True)
    for name, text in (("walk", CHECKLIST), ("rules", STANDARD), ("promise", POLICY)):
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    yield folder
    shutil.rmtree(content)


def test_an_own_checklist_is_planned_and_audited_and_nobody_else_sees_it(
    own: Path, acme: House, globex: House, browser: OpenBrowser
) -> None:
    # Given a checklist and a standard of Acme's own
    auditor = browser(acme, "quality-manager")
    lead = acme.person("internal-auditor")
    auditor.get("/o/acme/audits/new")
    # When it is planned and started through the pages
    page = auditor.post_form(
        {
            "title": "Monday walk",
            "objectives": "See the shop as a customer does",
            "scope": "The shop in the High Street",
            "checklist_id": "our-walk",
            "edition_id": "our-rules",
            "planned_from": "2026-03-02",
            "planned_to": "2026-03-02",
            "method": "on-site",
            "lead": str(lead),
        }
    )
    number = page.path.rsplit("/", 1)[-1]
    actor = acme.actor("internal-auditor")
    mine = of_organisation(own.parent.parent, acme.slug).library
    with transaction(actor) as tx:
        service.start(tx, service.StartAudit(number), clock.now(), actor, library=mine)
    # Then its questions are the audit's rows, the selected one from the shipped checklist among them
    tx = reading(actor)
    head = queries.plans.by_number(tx, number)
    assert (head.checklist_id, head.edition_id) == ("our-walk", "our-rules")
    rows = queries.run.rows(tx, head.id)
    assert [row.item_id for row in rows] == ["q18-7.4-1", "our-walk-1"]
    assert {row.edition_name for row in rows} == {"Rules of the house", "ISO 10002:2018"}
    with transaction(actor) as tx:
        service.answer(
            tx, service.Answer(number, rows[1].id, rows[1].version, "conforms", "Seen", ()), clock.now(), actor
        )
    # and a finding may name a clause of the own standard
    page = browser(acme, "internal-auditor").get(f"/o/acme/audits/{number}/findings/new")
    assert "1 The notice at the door" in page.text
    # but Globex is not offered it
    with separate_scope():
        page = browser(globex, "quality-manager").get("/o/globex/audits/new")
    assert page.soup.select_one("option[value='our-walk']") is None
    assert page.soup.select_one("option[value='internal-audit-2018']") is not None


@pytest.mark.sqlite_only
def test_another_organisation_cannot_plan_with_it(own: Path, acme: House, globex: House) -> None:
    lead = globex.person("internal-auditor")
    plan = service.PlanAudit(
        "Walk", "x", "y", "our-walk", clock.now().date(), clock.now().date(), ((lead, TeamRole.LEAD),)
    )
    actor = globex.actor("quality-manager")
    theirs = of_organisation(own.parent.parent, globex.slug).library
    assert theirs is library.shared()
    with pytest.raises(NotFound, match="no checklist our-walk"), transaction(actor) as tx:
        service.plan(tx, plan, clock.now(), actor, library=theirs)


@pytest.mark.sqlite_only
def test_an_own_policy_text_is_started_from_the_page(
    own: Path, acme: House, globex: House, browser: OpenBrowser
) -> None:
    editor = browser(acme, "quality-manager")
    assert "Our promise at the counter" in editor.get("/o/acme/policies/").text
    page = editor.post("/o/acme/policies/start/our-promise")
    assert "Our promise at the counter" in page.text
    with separate_scope():
        stranger = browser(globex, "quality-manager")
        assert "Our promise" not in stranger.get("/o/globex/policies/").text
        stranger.post("/o/globex/policies/start/our-promise", status=404)


@pytest.mark.sqlite_only
def test_a_pack_is_gathered_with_the_organisations_library(own: Path, app: Flask, acme: House) -> None:
    tx = reading(acme.system)
    mine = of_organisation(own.parent.parent, acme.slug).library
    day = clock.now().date()
    command = PreparePack("internal-audit", organisation_by_slug(tx, acme.slug), mine, day, day)
    assert "our-rules:1" in packs.draft(tx, command, acme.system).standards.nodes


@pytest.mark.sqlite_only
@pytest.mark.parametrize("path", ["audits/new", "policies/", "packs/draft/internal-audit/2026-01-01/2026-01-31"])
def test_suspects_and_faults_are_told_where_the_library_is_used(
    own: Path, acme: House, browser: OpenBrowser, path: str
) -> None:
    manager = browser(acme, "quality-manager")
    assert "may be out of date" not in manager.get(f"/o/acme/{path}").text
    (own / "channels.yaml").write_text(
        "kind: values\nid: channels\nbase: " + "0" * 64 + "\ntitle: Channels\npurpose: Ours.\nedition: iso10002-2018\n"
        'clauses: ["7.2"]\nsource: practice\nvalues:\n  - {id: phone, label: Telephone, meaning: A call.}\n'
        "  - {id: post, label: Post, meaning: A letter.}\n",
        encoding="utf-8",
    )
    page = manager.get(f"/o/acme/{path}")
    assert "Own content that may be out of date" in page.text
    assert "channels" in page.text
    (own / "channels.yaml").write_text("kind: values\n", encoding="utf-8")
    assert "Own files with faults are not used" in manager.get(f"/o/acme/{path}").text


@pytest.mark.sqlite_only
def test_the_folder_is_looked_at_once_a_request_and_read_once_a_change(
    own: Path, acme: House, browser: OpenBrowser, monkeypatch: pytest.MonkeyPatch
) -> None:
    manager = browser(acme, "quality-manager")
    manager.get("/o/acme/audits/new")
    looked, read = [], []
    stamp, laid = layering._stamp, layering.layered
    monkeypatch.setattr(layering, "_stamp", lambda found: looked.append(found.name) or stamp(found))
    monkeypatch.setattr(layering, "layered", lambda layers: read.append(1) or laid(layers))
    manager.get("/o/acme/audits/new")
    manager.get("/o/acme/library/")
    assert sorted(looked) == sorted(2 * [f"content/acme/{name}.yaml" for name in ("walk", "rules", "promise")])
    assert read == []
    (own / "promise.yaml").write_text(POLICY.replace("We listen first", "We listen"), encoding="utf-8")
    manager.get("/o/acme/library/")
    manager.get("/o/acme/library/")
    assert read == [1]
