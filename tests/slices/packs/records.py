"""A small organisation's year, made by the verbs themselves: what the tests of packs build from."""

import io
from datetime import UTC, date, datetime
from typing import Any

from auditkit.accounts.queries import OrganisationView, organisation_by_slug
from auditkit.actions import service as actions
from auditkit.actions.rules import Kind
from auditkit.audits import queries as audit_queries
from auditkit.audits import service as audits
from auditkit.audits.rules import Grade, TeamRole
from auditkit.base import clock
from auditkit.base.db import reading, transaction
from auditkit.complaints import service as complaints
from auditkit.content.library import shared
from auditkit.evidence import intake
from auditkit.evidence import service as evidence
from auditkit.policies import queries as policy_queries
from auditkit.policies import service as policies
from tests.conftest import House

START, END = date(2026, 1, 1), date(2026, 12, 31)
CHECKLIST = "principles-2018"


def organisation(house: House) -> OrganisationView:
    """The organisation as packs want it."""
    return organisation_by_slug(reading(), house.slug)


def policy(house: House) -> int:
    """The id of a complaints-handling policy whose first version is in force from today."""
    editor, approver = house.actor("quality-manager"), house.actor("administrator")
    with transaction(editor) as tx:
        policy_id = int(policies.start(tx, policies.Start(), clock.now(), editor, library=shared()))
        asked = policy_queries.policy(tx, policy_id).asked
        answers = {one.question.name: one.example for one in asked}
        policies.answer(tx, policies.AnswerQuestions(policy_id, answers), clock.now(), editor)
    with transaction(approver) as tx:
        number = policies.approve(tx, policies.Approve(policy_id, "First version"), clock.now(), approver)
        policies.publish(tx, policies.Publish(policy_id, number, clock.now().date()), clock.now(), approver)
    return policy_id


def complaint(house: House, subject: str = "Fridge came broken") -> str:
    """The reference of a complaint received on 20 January 2026."""
    actor = house.actor("complaint-handler")
    command = complaints.Register(
        subject=subject,
        received_at=datetime(2026, 1, 20, 10, tzinfo=UTC),
        description="Tamar Kldiashvili of 5 Rose Street says that the door is off",
        complainant=complaints.Identity(name="Tamar Kldiashvili", email="tamar@example.org"),
    )
    with transaction(actor) as tx:
        return complaints.register(tx, command, clock.now(), actor).reference


def add_file(house: House, data: bytes, name: str, subject: tuple[str, int] | None = None, **more: Any) -> int:
    """The id of a file taken in as evidence."""
    actor = house.actor("internal-auditor")
    received = intake.receive([(io.BytesIO(data), name)])
    with transaction(actor) as tx:
        return evidence.add(tx, evidence.Add(received, subject, **more), clock.now(), actor)[0]


def planned_audit(house: House, title: str = "Internal audit 2026") -> str:
    """The number of an audit planned for 9 to 10 March 2026 on the shipped checklist."""
    actor = house.actor("quality-manager")
    plan = audits.PlanAudit(
        title=title,
        objectives="See whether complaints are handled as promised\nSee whether last year's actions had effect",
        scope="All complaints about goods & deliveries",
        checklist_id=CHECKLIST,
        planned_from=date(2026, 3, 9),
        planned_to=date(2026, 3, 10),
        team=((house.person("internal-auditor"), TeamRole.LEAD),),
        criteria="Complaints-handling policy",
        places="Head office",
    )
    with transaction(actor) as tx:
        return str(audits.plan(tx, plan, clock.now(), actor, library=shared()))


def rows_of(house: House, number: str) -> list[audit_queries.run.RowView]:
    """The audit's questions as they stand."""
    head = audit_queries.plans.by_number(reading(house.system), number)
    return audit_queries.run.rows(reading(house.system), head.id)


def run_audit(house: House, number: str, *, open_rows: int = 0) -> None:
    """Start the audit and answer all its questions but the last `open_rows`, which get a reason instead."""
    actor = house.actor("internal-auditor")
    with transaction(actor) as tx:
        audits.start(tx, audits.StartAudit(number), clock.now(), actor, library=shared())
    rows = rows_of(house, number)
    with transaction(actor) as tx:
        for position, row in enumerate(rows):
            chosen, note = "partly" if "conforms" in row.evidence_for else "conforms", "Seen in the files"
            if position >= len(rows) - open_rows:
                chosen, note = None, "Nobody of the night shift was there"
            audits.answer(tx, audits.Answer(number, row.id, row.version, chosen, note), clock.now(), actor)


def report_audit(house: House, number: str) -> None:
    """Report the audit."""
    actor = house.actor("internal-auditor")
    with transaction(actor) as tx:
        audits.report(tx, audits.ReportAudit(number, "Handled with care & slowly"), clock.now(), actor)


def finding(house: House, number: str, grade: Grade = Grade.MINOR, row: int = 0) -> str:
    """The number of a finding raised from a question of a running audit."""
    actor = house.actor("internal-auditor")
    raised = audits.RaiseFinding(
        number,
        grade,
        "Four of twenty complaints were acknowledged late <7.4 & policy>",
        "C-1, C-4, C-7, C-9",
        row_id=rows_of(house, number)[row].id,
    )
    with transaction(actor) as tx:
        return str(audits.raise_finding(tx, raised, clock.now(), actor, library=shared()))


def action_on(house: House, finding_number: str) -> str:
    """The number of an action that answers a finding."""
    actor = house.actor("quality-manager")
    found = audit_queries.findings.by_number(reading(house.system), finding_number)
    command = actions.OpenAction(
        kind=Kind.CORRECTIVE,
        title="Acknowledge by the register itself",
        origin=("finding", found.id),
        origin_title=finding_number,
        owner_id=house.person("complaint-handler"),
        due_on=date(2026, 4, 9),
        cause="The mail waits for one person",
    )
    with transaction(actor) as tx:
        return str(actions.open_action(tx, command, clock.now(), actor))
