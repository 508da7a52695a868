"""What entries of registers can be tied to, and actions that answer them: registers lie below and know none of it."""

from typing import cast

from flask import Flask, render_template, url_for
from flask.blueprints import BlueprintSetupState

from auditkit.actions import origins
from auditkit.actions import queries as actions
from auditkit.actions.origins import Origin, OriginKind
from auditkit.audits.queries import findings
from auditkit.base import clock
from auditkit.base.db import Session, reading
from auditkit.base.errors import NotFound
from auditkit.base.text import N_
from auditkit.complaints.improving import queries as complaints
from auditkit.complaints.queries import Case, asked_first, rows_about
from auditkit.complaints.rules import DECISION_STANDS
from auditkit.complaints.views.parts import ASIDE, case_part
from auditkit.registers import queries as registers
from auditkit.registers import targets
from auditkit.registers.targets import Answers, Shown, Target
from auditkit.web.access import may
from auditkit.web.languages import day_there

CASE, LESSONS = "complaint", "lessons"
TIED = asked_first("register_link", rows_about("register_link", "kind", "subject_id"))


def make_known(setup: BlueprintSetupState) -> None:
    """Tell the registers of an application what lies above them."""
    app = cast("Flask", setup.app)
    targets.register(app, "complaint", Target(N_("Complaint"), "complaints.read", _complaint, _complaint_shown))
    targets.register(app, "finding", Target(N_("Finding"), "audits.read", _finding, _finding_shown))
    targets.register(app, "action", Target(N_("Action"), "actions.read", _action, _action_shown))
    targets.register_answers(app, Answers(N_("Action"), "actions.read", _answers))
    origins.register(app, registers.SUBJECT, OriginKind("registers.read", _entry_as_origin))


@case_part(ASIDE)
def entries_of_case(case: Case) -> str:
    """What registers say of a case, and once it is decided the way to write down what it taught."""
    tied = case.has(TIED) and may("registers.read")
    entries = registers.tied_to(reading(), CASE, case.id, day_there(clock.now())) if tied else []
    teaches = may("registers.edit") and case.stage in DECISION_STANDS
    if not entries and not teaches:
        return ""
    return render_template("home/_entries_of_case.html", entries=entries, teaches=teaches, reference=case.reference)


def _complaint(tx: Session, reference: str) -> int | None:
    return complaints.ids_of(tx, [reference]).get(reference)


def _complaint_shown(tx: Session, complaint_id: int) -> Shown:
    reference = complaints.behind(tx, complaint_id).reference
    return Shown(reference, url_for("complaints.show", reference=reference))


def _finding(tx: Session, number: str) -> int | None:
    try:
        return findings.by_number(tx, number).id
    except NotFound:
        return None


def _finding_shown(tx: Session, finding_id: int) -> Shown:
    number = findings.by_id(tx, finding_id).number
    return Shown(number, url_for("audits.finding", number=number))


def _action(tx: Session, number: str) -> int | None:
    try:
        return actions.by_number(tx, number).id
    except NotFound:
        return None


def _action_shown(tx: Session, action_id: int) -> Shown:
    number = actions.number_of(tx, action_id)
    return Shown(number, url_for("actions.show", number=number))


def _answers(tx: Session, entry_id: int) -> list[Shown]:
    """The actions that were opened for an entry."""
    opened = actions.for_origins(tx, registers.SUBJECT, [entry_id]).get(entry_id, [])
    return [Shown(f"{one.number} {one.title}", url_for("actions.show", number=one.number)) for one in opened]


def _entry_as_origin(tx: Session, entry_id: int) -> Origin:
    entry = registers.by_id(tx, entry_id, day_there(clock.now()))
    url = url_for("registers.show", register=entry.register, number=entry.number)
    return Origin(f"{entry.number}: {entry.title}"[:400], url)
