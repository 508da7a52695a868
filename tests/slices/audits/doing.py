"""Audits as tests need them, made by the verbs themselves on a small checklist of their own."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from auditkit.audits import queries, service
from auditkit.audits.queries.run import RowView
from auditkit.audits.rules import Grade, TeamRole
from auditkit.base import clock
from auditkit.base.actor import Actor
from auditkit.base.db import reading, transaction
from auditkit.content import library
from auditkit.content.library import Library
from auditkit.content.reading import read_folders
from tests.conftest import House

STANDARD = """
kind: standard
id: house-rules-2026
standard: house-rules
number: House rules
edition: "2026"
title: Rules of the house
publisher: The house
nature: guidance
strength: should
status: current
source: practice
titles: practice
nodes:
  - {id: "1", title: Doors}
  - {id: "2", title: Keys, strength: shall}
"""
SCALES = """
kind: scales
id: house-scales
scales:
  - id: house
    title: House
    initial: open
    answers:
      - {id: good, label: Good, meaning: As it should be., conformity: 100, tone: good, icon: check-circle}
      - {id: partly, label: Partly, meaning: Not all., conformity: 50, needs: [note], finding: nonconformity,
         tone: warn, icon: circle-half}
      - {id: bad, label: Bad, meaning: Not as it should be., conformity: 0, needs: [note], finding: nonconformity,
         tone: bad, icon: x-circle}
      - {id: unfit, label: Not applicable, meaning: Does not concern it., state: excluded, needs: [note], tone: neutral,
         icon: slash-circle}
      - {id: open, label: Not checked, meaning: Nobody looked., state: open, tone: neutral, icon: circle}
"""
CHECKLIST = """
kind: checklist
id: house-round
title: Round of the house
purpose: Look at doors and keys.
edition: house-rules-2026
scale: house
sections:
  - id: "1"
    title: 1 Doors
    clauses: ["1"]
    items:
      - {id: q-1-1, clauses: ["1"], question: Are the doors shut?, good: All are., evidence: A walk, methods: [O]}
      - {id: q-1-2, clauses: ["1"], question: Who shuts them?, good: A named person., evidence: A name, methods: [I]}
  - id: "2"
    title: 2 Keys
    clauses: ["2"]
    items:
      - {id: q-2-1, clauses: ["2"], question: Are the keys counted?, good: Weekly., evidence: A list, methods: [R],
         demands: {evidence: [good]}}
"""


def own_library(folder: Path, checklist: str = CHECKLIST) -> Library:
    """A library read from three files written to `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in (("standard", STANDARD), ("scales", SCALES), ("checklist", checklist)):
        (folder / f"{name}.yaml").write_text(text.lstrip(), encoding="utf-8")
    found = read_folders([("house", folder)])
    assert not found.problems, found.problems
    return library.load(found.files)


def a_plan(house: House, **changes: Any) -> service.PlanAudit:
    """A plan led by the organisation's internal auditor."""
    plan = service.PlanAudit(
        title="Round in spring",
        objectives="See whether the house is shut",
        scope="All doors and keys",
        checklist_id="house-round",
        planned_from=date(2026, 3, 9),
        planned_to=date(2026, 3, 10),
        team=(
            (house.person("internal-auditor"), TeamRole.LEAD),
            (house.person("administrator"), TeamRole.AUDITOR),
            (house.person("staff"), TeamRole.OBSERVER),
        ),
    )
    return replace(plan, **changes)


def planned(house: House, books: Library, **changes: Any) -> str:
    """The number of a planned audit."""
    actor = house.actor("quality-manager")
    with transaction(actor) as tx:
        return str(service.plan(tx, a_plan(house, **changes), clock.now(), actor, library=books))


def started(house: House, books: Library) -> str:
    """The number of a running audit."""
    number, actor = planned(house, books), house.actor("internal-auditor")
    with transaction(actor) as tx:
        service.start(tx, service.StartAudit(number), clock.now(), actor, library=books)
    return number


def rows_of(house: House, number: str) -> list[RowView]:
    """The rows as they stand now."""
    head = queries.plans.by_number(reading(house.system), number)
    return queries.run.rows(reading(house.system), head.id)


def answer(
    house: House,
    number: str,
    position: int,
    name: str | None,
    note: str = "",
    actor: Actor | None = None,
    **more: Any,
) -> service.Answered:
    """Answer a row as it stands now."""
    actor = actor or house.actor("internal-auditor")
    row = rows_of(house, number)[position - 1]
    command = service.Answer(number, row.id, row.version, name, note)
    with transaction(actor) as tx:
        return service.answer(tx, replace(command, **more), clock.now(), actor)


def raised(house: House, number: str, books: Library, grade: Grade = Grade.MINOR, **changes: Any) -> str:
    """The number of a finding raised from the first row."""
    actor = house.actor("internal-auditor")
    command = service.RaiseFinding(
        number, grade, "One door stood open", "Door 3, 9 March", row_id=rows_of(house, number)[0].id
    )
    with transaction(actor) as tx:
        return str(
            service.raise_finding(
                tx,
                replace(command, **changes),
                clock.now(),
                actor,
                library=books,
            )
        )


def reported(house: House, books: Library, grade: Grade | None = None) -> str:
    """The number of a reported audit, with a finding of `grade` where one is given."""
    number, actor = started(house, books), house.actor("internal-auditor")
    answer(house, number, 1, "bad", "Door 3 stood open")
    answer(house, number, 2, "good")
    answer(house, number, 3, "open", "The key holder was ill")
    if grade is not None:
        raised(house, number, books, grade)
    with transaction(actor) as tx:
        service.report(tx, service.ReportAudit(number, "Mostly shut"), clock.now(), actor)
    return number
