"""Pages of processes with their owners, of competence, and of the independence of one audit's team."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from auditkit.accounts.queries import members, members_with
from auditkit.audits import queries as audits
from auditkit.audits.independence import queries, rules, service
from auditkit.audits.independence.competence import competences
from auditkit.audits.independence.forms import (
    CompetenceForm,
    EndForm,
    ExceptionForm,
    OwnerForm,
    ProcessForm,
    SettleForm,
    WithdrawForm,
)
from auditkit.audits.independence.rules import GROUND_TITLES, WAY_TITLES, Ground, Way
from auditkit.audits.queries.plans import AuditHead
from auditkit.audits.rules import KIND_TITLES, TEAM_ROLE_TITLES, AuditKind, State
from auditkit.audits.views.blueprint import kept, names
from auditkit.audits.views.parts import audit_part, audit_tab
from auditkit.base import clock
from auditkit.base.db import reading, transaction
from auditkit.base.text import N_, _
from auditkit.content.library import Node
from auditkit.content.shapes import NodeKind
from auditkit.evidence import intake, subjects
from auditkit.evidence import queries as evidence
from auditkit.library.here import library
from auditkit.web.access import access, current_actor, may
from auditkit.web.acting import REFUSALS, done
from auditkit.web.forms import Form
from auditkit.web.languages import day_there

bp = Blueprint("independence", __name__, url_prefix="/audits", template_folder="templates")

audit_tab(20, N_("Independence"), "independence.show")


def barred_here(head: AuditHead) -> dict[int, str]:
    """Why the person asking may not answer, by id of the question; read once a page."""
    if "barred_rows" not in g:
        running = head.state is State.RUNNING and may("audits.run")
        g.barred_rows = service.barred_rows(reading(), head.id, current_actor().person_id) if running else {}
    found: dict[int, str] = g.barred_rows
    return found


def _one_of(key: int | None, refused: Form | None, kind: type[Form], **data: Any) -> Callable[[int], Form]:
    """A form for each record of a page, as each has fields of its own; `refused` for the record `key`."""
    return lambda record: refused if refused is not None and record == key else kind(None, data=data)


# Processes


@bp.get("/processes")
@access("audits.read")
def processes() -> str:
    """The processes with the clauses they stand for, and who is responsible."""
    return render_template(
        "audits/independence/processes.html",
        processes=queries.processes(reading()),
        labels={ref: node.label for ref, node in library().nodes.items()},
        names=names(),
        today=day_there(clock.now()),
    )


@bp.route("/processes/new", methods=["GET", "POST"])
@access("audits.programme")
def new_process() -> str | Response:
    """Describe a process."""
    return _process_page(None)


@bp.route("/processes/<int:process_id>", methods=["GET", "POST"])
@access("audits.programme")
def process(process_id: int) -> str | Response:
    """Change a process, name who is responsible for it, and end that."""
    return _process_page(queries.process(reading(), process_id))


def _process_page(found: queries.ProcessView | None) -> str | Response:
    form = ProcessForm(_clauses(found), obj=found, data={"retired": bool(found and found.retired_at)})
    if did := done(
        form,
        service.save_process,
        lambda: service.SaveProcess(
            name=form.name.data,
            clauses=tuple(form.clauses.data or ()),
            description=form.description.data or "",
            process_id=found.id if found else None,
            retired=form.retired.data,
        ),
    ):
        process_id = did.gave
        flash(_("The process was saved. Name who is responsible for it."), "good")
        return redirect(url_for(".process", process_id=process_id))
    return _process(found, form)


def _process(found: queries.ProcessView | None, form: ProcessForm | None = None, **forms: Any) -> str:
    people = [(one.person_id, one.name) for one in members(reading())]
    shown = form or ProcessForm(_clauses(found), None, obj=found, data={"retired": bool(found and found.retired_at)})
    return render_template(
        "audits/independence/process.html",
        process=found,
        form=shown,
        owner=forms.get("owner") or OwnerForm(people, None, data={"since": day_there(clock.now())}),
        end=_one_of(forms.get("ending"), forms.get("end"), EndForm, until=day_there(clock.now())),
        ending=forms.get("ending"),
        editions=[(one.id, one.name) for one in library().editions.values()],
        edition=_edition(),
        names=names(),
    )


def _edition() -> str:
    editions = library().editions
    wanted = request.args.get("edition", "")
    return wanted if wanted in editions else "iso10002-2018" if "iso10002-2018" in editions else next(iter(editions))


def _owned(node: Node) -> bool:
    """Whether somebody can be responsible for it: a clause of the first two levels that is audited, if by its parts."""
    parts = [library().nodes[child] for child in node.children]
    return node.level <= 2 and node.kind is not NodeKind.ANNEX and any(one.auditable for one in (node, *parts))


def _clauses(found: queries.ProcessView | None) -> list[tuple[str, str]]:
    """The clauses of one edition, and those of others that the process stands for already."""
    nodes = library().nodes
    offered = [(node.ref, node.label) for node in library().edition(_edition()).nodes if _owned(node)]
    known = {ref for ref, _label in offered}
    others = [ref for ref in (found.clauses if found else ()) if ref not in known]
    return offered + [(ref, f"{ref} {nodes[ref].title}" if ref in nodes else ref) for ref in others]


@bp.post("/processes/<int:process_id>/owners")
@access("audits.programme")
def name_owner(process_id: int) -> str | Response:
    """Name who is responsible."""
    form = OwnerForm([(one.person_id, one.name) for one in members(reading())])
    if done(
        form,
        service.name_owner,
        lambda: service.NameOwner(process_id, form.person_id.data, form.since.data, form.until.data),
    ):
        flash(_("The owner is on record. They cannot answer questions about this process from now on."), "good")
        return redirect(url_for(".process", process_id=process_id))
    return _process(queries.process(reading(), process_id), owner=form)


@bp.post("/processes/<int:process_id>/owners/<int:ownership_id>/end")
@access("audits.programme")
def end_ownership(process_id: int, ownership_id: int) -> str | Response:
    """Say until when somebody was responsible."""
    form = EndForm()
    if done(form, service.end_ownership, lambda: service.EndOwnership(ownership_id, form.until.data)):
        flash(_("The end is on record. It counts for a year longer: nobody audits their own past work."), "good")
        return redirect(url_for(".process", process_id=process_id))
    return _process(queries.process(reading(), process_id), end=form, ending=ownership_id)


# Competence


@bp.get("/competence")
@access("audits.read")
def competence() -> str:
    """What the auditors are competent in, and until when."""
    return _competence()


def _competence(form: CompetenceForm | None = None, **more: Any) -> str:
    tx, today = reading(), day_there(clock.now())
    found = competences(tx)
    with_record = {one.person_id for one in found if one.withdrawn_at is None and one.valid_until >= today}
    auditors = members_with(tx, "audits.run")
    return render_template(
        "audits/independence/competence.html",
        records=found,
        files=evidence.for_subjects(tx, service.COMPETENCE, [one.id for one in found]),
        without=[one.name for one in auditors if one.person_id not in with_record],
        form=form or _competence_form(formdata=None, data={"valid_from": today}),
        withdraw=_one_of(more.get("withdrawing"), more.get("withdraw"), WithdrawForm),
        withdrawing=more.get("withdrawing"),
        standards=dict(_standards()),
        KIND_TITLES=KIND_TITLES,
        names=names(),
        today=today,
    )


def _standards() -> list[tuple[str, str]]:
    """Standards without their year, by the name of their newest edition in the library."""
    found = {one.shape.standard: one.name.rpartition(":")[0] or one.name for one in library().editions.values()}
    return sorted(found.items(), key=lambda one: one[1])


def _competence_form(**more: Any) -> CompetenceForm:
    return CompetenceForm(
        [(one.person_id, one.name) for one in members_with(reading(), "audits.run")], _standards(), **more
    )


@bp.post("/competence")
@access("audits.programme")
def record_competence() -> str | Response:
    """Record what somebody is competent in."""
    form = _competence_form()
    if form.validate_on_submit():
        try:
            received = intake.receive_uploads(form.files.data or [])
            with transaction(current_actor()) as tx:
                command = _recorded(form, kept(tx, received))
                service.record_competence(tx, command, clock.now(), current_actor())
        except REFUSALS as refusal:
            form.refuse_verb(refusal)
        else:
            flash(_("The competence is on record."), "good")
            return redirect(url_for(".competence"))
    return _competence(form)


def _recorded(form: CompetenceForm, files: tuple[int, ...]) -> service.RecordCompetence:
    return service.RecordCompetence(
        person_id=form.person_id.data,
        what=form.what.data,
        evidence=form.evidence.data,
        valid_from=form.valid_from.data,
        valid_until=form.valid_until.data,
        audit_kind=AuditKind(form.audit_kind.data) if form.audit_kind.data else None,
        standard=form.standard.data or "",
        files=files,
    )


@bp.post("/competence/<int:competence_id>/withdraw")
@access("audits.programme")
def withdraw_competence(competence_id: int) -> str | Response:
    """Withdraw a record; it stays readable."""
    form = WithdrawForm()
    if done(form, service.withdraw_competence, lambda: service.WithdrawCompetence(competence_id, form.reason.data)):
        flash(_("The record is withdrawn."), "good")
        return redirect(url_for(".competence"))
    return _competence(withdraw=form, withdrawing=competence_id)


# One audit


@bp.get("/<number>/independence")
@access("audits.read")
def show(number: str) -> str:
    """Who of the team may not answer or judge what, and what was permitted all the same."""
    return _page(number)


def _page(number: str, form: ExceptionForm | None = None, **more: Any) -> str:
    tx = reading()
    head = audits.plans.by_number(tx, number)
    team = _team(head)
    return render_template(
        "audits/independence/show.html",
        head=head,
        team=team,
        exceptions=queries.exceptions(tx, head.id),
        form=form or ExceptionForm(_stands_in_the_way(team), None),
        settle=_one_of(more.get("settling"), more.get("settle"), SettleForm),
        settling=more.get("settling"),
        open=head.state in (State.PLANNED, State.RUNNING),
        names=names(),
        GROUND_TITLES=GROUND_TITLES,
        WAY_TITLES=WAY_TITLES,
        TEAM_ROLE_TITLES=TEAM_ROLE_TITLES,
    )


def _team(head: AuditHead) -> list[dict[str, Any]]:
    """For each who answers: the processes, complaints and days of competence that stand in the way."""
    tx, called = reading(), names()
    found = []
    for one in audits.plans.team(tx, head.id):
        if one.role not in rules.ANSWERING:
            continue
        place = queries.place(tx, head.id, one.person_id)
        free = queries.excepted(tx, head.id, one.person_id)
        refs = queries.sampled(tx, head.id)
        handled = queries.handled(tx, head.id, one.person_id, list(refs))
        lacking = service.not_competent(tx, place.asked, [(one.person_id, one.role)], head.id)
        found.append(
            {
                "person_id": one.person_id,
                "name": called.get(one.person_id, ""),
                "role": one.role,
                "processes": [process for process in place.owned if (Ground.PROCESS, process.id) not in free],
                "complaints": [(number, refs[number]) for number in sorted(handled)],
                "lacking": lacking.get(one.person_id),
                "rows": len(service.barred_rows(tx, head.id, one.person_id)),
            }
        )
    return found


def _stands_in_the_way(team: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """The choices of the form: `person:ground:id`, in words."""
    found = []
    for one in team:
        key, name = one["person_id"], one["name"]
        for process in one["processes"]:
            text = _("%(person)s: responsible for “%(process)s”", person=name, process=process.name)
            found.append((f"{key}:process:{process.id}", text))
        for number, reference in one["complaints"]:
            text = _("%(person)s: handled %(complaint)s", person=name, complaint=reference)
            found.append((f"{key}:complaint:{number}", text))
        if one["lacking"]:
            text = _("%(person)s: no current competence record", person=name)
            found.append((f"{key}:competence:", text))
    return found


@bp.post("/<number>/independence")
@access("audits.programme")
def make_exception(number: str) -> str | Response:
    """Permit something with a reason, or record what is done instead."""
    head = audits.plans.by_number(reading(), number)
    form = ExceptionForm(_stands_in_the_way(_team(head)))
    if done(form, service.make_exception, lambda: _exception(number, form)):
        flash(_("It is on record, and stands in the report of the audit."), "good")
        return redirect(url_for(".show", number=number))
    return _page(number, form)


def _exception(number: str, form: ExceptionForm) -> service.Except:
    person, ground, about = form.chosen()
    return service.Except(
        number=number,
        person_id=person,
        way=Way(form.way.data),
        ground=ground,
        reason=form.reason.data,
        process_id=about if ground is Ground.PROCESS else None,
        complaint_id=about if ground is Ground.COMPLAINT else None,
        instead=form.instead.data or "",
        reviewer=form.reviewer.data or "",
    )


@bp.post("/<number>/independence/<int:exception_id>/settle")
@access("audits.programme")
def settle(number: str, exception_id: int) -> str | Response:
    """Record what came of what was done instead."""
    form = SettleForm()
    if done(form, service.settle_mitigation, lambda: service.Settle(exception_id, form.outcome.data)):
        return redirect(url_for(".show", number=number))
    return _page(number, settle=form, settling=exception_id)


@audit_part("run", order=10)
def run_part(head: AuditHead) -> str:
    """Above the questions: which of them are not for the person who looks at the page."""
    return render_template("audits/independence/_run.html", head=head, barred=barred_here(head))


@audit_part("overview", order=40)
def overview_part(head: AuditHead) -> str:
    """What stands in the way of the team before the audit begins, and what was permitted."""
    if head.from_outside:
        return ""
    team = _team(head) if head.state is State.PLANNED else []
    waiting = [one for one in team if one["processes"] or one["complaints"] or one["lacking"]]
    exceptions = queries.exceptions(reading(), head.id)
    return render_template("audits/independence/_overview.html", head=head, waiting=waiting, exceptions=exceptions)


@audit_part("report", order=40)
def report_part(head: AuditHead) -> str:
    """Overrides and mitigations, as they will stand in the report."""
    exceptions = queries.exceptions(reading(), head.id)
    return render_template(
        "audits/independence/_report.html",
        head=head,
        exceptions=exceptions,
        GROUND_TITLES=GROUND_TITLES,
        WAY_TITLES=WAY_TITLES,
    )


def _competence_address(competence_id: int) -> str:
    return url_for("independence.competence", _anchor=f"competence-{competence_id}")


subjects.declare(service.COMPETENCE, N_("Competence of an auditor"), _competence_address)
