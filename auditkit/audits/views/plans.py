"""The list of audits, planning one, and the page of one audit with its next step."""

from datetime import date
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from auditkit.accounts.queries import members, members_with
from auditkit.audits import queries, service
from auditkit.audits.forms import Offered, PlanForm, VersionForm
from auditkit.audits.outside.queries import numbers
from auditkit.audits.queries.plans import AuditHead, Further
from auditkit.audits.rules import (
    CRITERION_TITLES,
    GUIDELINES,
    KIND_TITLES,
    STATE_TITLES,
    AuditKind,
    BasisKind,
    CriterionSource,
    Method,
    State,
    TeamRole,
)
from auditkit.audits.views.asked import wording
from auditkit.audits.views.blueprint import answer_facts, bp, entries, names, words
from auditkit.base import clock
from auditkit.base.db import reading
from auditkit.base.text import _
from auditkit.content.library import Checklist, Library
from auditkit.content.shapes import Use
from auditkit.library.here import here, library
from auditkit.policies import queries as policies
from auditkit.web.access import access, current_actor
from auditkit.web.acting import done
from auditkit.web.languages import day_there


@bp.get("/")
@access("audits.read")
def index() -> str:
    """The audits, latest planned first."""
    state, kind = request.args.get("state", ""), request.args.get("kind", "")
    wanted = (State(state) if state in list(State) else None, AuditKind(kind) if kind in list(AuditKind) else None)
    before = _before(request.args.get("before", ""))
    lines, following = queries.plans.listing(reading(), wanted[0], before, wanted[1])
    narrowed: dict[str, Any] = {"state": state or None, "kind": kind or None}
    return render_template(
        "audits/index.html",
        lines=lines,
        state=state,
        state_choices=[(one.value, _(title)) for one, title in STATE_TITLES.items()],
        kind=kind,
        kind_choices=[(one.value, _(title)) for one, title in KIND_TITLES.items()],
        first_url=url_for(".index", **narrowed),
        next_url=_next(following, narrowed),
        today=day_there(clock.now()),
        **words(),
    )


def _next(following: tuple[date, int] | None, narrowed: dict[str, Any]) -> str | None:
    if following is None:
        return None
    return url_for(".index", before=f"{following[0].isoformat()}.{following[1]}", **narrowed)


def _before(text: str) -> tuple[date, int] | None:
    day, _dot, number = text.partition(".")
    try:
        return (date.fromisoformat(day), int(number)) if text else None
    except ValueError:  # an address typed by hand: the list from its start
        return None


def _form(**more: Any) -> PlanForm:
    content, tx = library(), reading()
    offered = Offered(
        checklists=[(one.id, one.title) for one in sorted(content.checklists.values(), key=_offered_first)],
        editions=[(one.id, one.name) for one in content.editions.values()],
        guidelines=_guidelines(content),
        policies=list(_policies().items()),
        followed=[(number, f"{number} {title}") for number, title in queries.plans.numbers(tx)],
        auditors=[(one.person_id, one.name) for one in members_with(tx, "audits.run")],
        people=[(one.person_id, one.name) for one in members(tx)],
    )
    return PlanForm(offered, **more)


def _guidelines(library: Library) -> list[tuple[str, str]]:
    """The editions audits are conducted after, the one in force first."""
    known = [one for one in library.editions.values() if one.shape.standard == GUIDELINES]
    known.sort(key=lambda one: (one.shape.status != "current", one.name))
    return [(one.id, one.name) for one in known]


def _offered_first(checklist: Checklist) -> int:
    """Whole audits first; file tests and reviews, which are seldom audits of their own, last."""
    return list(Use).index(checklist.use) + (100 if checklist.use in (Use.FILE, Use.REVIEW) else 0)


def _policies() -> dict[str, str]:
    """What a policy that is in force is called, with its version, by the two ids."""
    today = day_there(clock.now())
    found = [(one, one.in_force(today)) for one in policies.policies(reading())]
    return {
        f"{one.id}:{version.number}": _("%(title)s, version %(number)s", title=version.title, number=version.number)
        for one, version in found
        if version is not None
    }


def _plan(form: PlanForm) -> service.PlanAudit:
    titles = _policies()
    texts = {name: form[name].data or "" for name in _TEXTS}
    return service.PlanAudit(
        title=form.title.data,
        objectives=form.objectives.data,
        scope=form.scope.data,
        checklist_id=form.checklist_id.data,
        planned_from=form.planned_from.data,
        planned_to=form.planned_to.data,
        team=form.team(),
        method=Method(form.method.data),
        kind=AuditKind(form.kind.data),
        standards=tuple(form.standards.data or ()),
        policies=tuple((one, titles[one]) for one in form.policies.data or ()),
        laws=_lines(form.laws.data),
        contracts=_lines(form.contracts.data),
        schemes=_lines(form.schemes.data),
        **texts,
    )


def _lines(text: str | None) -> tuple[str, ...]:
    return tuple(line.strip() for line in (text or "").splitlines() if line.strip())


_TEXTS = (
    "guidelines",
    "edition_id",
    "criteria",
    "places",
    "auditee",
    "followed",
    "virtual_places",
    "interviewees",
    "sampling",
    "language",
    "confidentiality",
    "logistics",
    "follow_up",
    "distribution",
    "remote_risk",
    "competence_reason",
)


@bp.route("/new", methods=["GET", "POST"])
@access("audits.plan")
def new() -> str | Response:
    """Plan an audit; whoever plans it is offered as its lead."""
    actor = current_actor()
    form = _form(data={"lead": actor.person_id if actor.may("audits.run") else None})
    if did := done(form, service.plan, lambda: _plan(form), library=library()):
        number = did.gave
        flash(_("%(number)s is planned.", number=number), "good")
        return redirect(url_for(".show", number=number))
    return render_template("audits/edit.html", form=form, head=None, layered=here())


@bp.route("/<number>/edit", methods=["GET", "POST"])
@access("audits.plan")
def edit(number: str) -> str | Response:
    """Change the plan of an audit that has not started."""
    head = queries.plans.by_number(reading(), number)
    form = _form(obj=head, data={**people_of(head), **_further(head)})
    if done(
        form,
        service.replan,
        lambda: service.ReplanAudit(number, form.version.data or 0, _plan(form)),
        library=library(),
    ):
        flash(_("The plan was saved."), "good")
        return redirect(url_for(".show", number=number))
    return render_template("audits/edit.html", form=form, head=head, layered=here())


def people_of(head: AuditHead) -> dict[str, Any]:
    """The team for the fields of a form."""
    team = queries.plans.team(reading(), head.id)

    def of(role: TeamRole) -> list[int]:
        return [one.person_id for one in team if one.role is role]

    return {
        "lead": next(iter(of(TeamRole.LEAD)), None),
        "auditors": of(TeamRole.AUDITOR),
        "experts": of(TeamRole.EXPERT),
        "observers": of(TeamRole.OBSERVER),
    }


def _further(head: AuditHead) -> dict[str, Any]:
    further = queries.plans.further(reading(), head.id)
    return {
        "followed": further.followed,
        "standards": [
            *(one.ref for one in further.criteria if one.source is CriterionSource.STANDARD),
            *(one.ref for one in further.stated if one.ref),
        ],
        **{field: _stated(further, kind) for field, kind in _STATED.items()},
        "guidelines": further.guidelines.ref if further.guidelines else "",
        "policies": [one.ref for one in further.criteria if one.source is CriterionSource.POLICY],
    }


_STATED = {"laws": BasisKind.LAW, "contracts": BasisKind.CONTRACT, "schemes": BasisKind.SCHEME}


def _stated(further: Further, kind: BasisKind) -> str:
    return "\n".join(one.title for one in further.stated if one.kind is kind and not one.ref)


@bp.get("/<number>")
@access("audits.read")
def show(number: str) -> str:
    """One audit: its plan, how far it is, its findings, and the one thing to do next."""
    return page(queries.plans.by_number(reading(), number))


def page(head: AuditHead, *, form: VersionForm | None = None) -> str:
    """The page of one audit, with `form` or `draw` where a button of it was refused."""
    tx = reading()
    team = queries.plans.team(tx, head.id)
    findings = queries.findings.of_audit(tx, head.id)
    further = queries.plans.further(tx, head.id)
    head = wording().head(head)
    return render_template(
        "audits/show.html",
        head=head,
        team=team,
        further=further,
        criteria=further.named(head),
        CRITERION_TITLES=CRITERION_TITLES,
        progress=wording().progress(queries.run.progress(tx, head.id), head.checklist_id),
        answer_facts=answer_facts(head),
        findings=findings,
        theirs=numbers(tx, [one.id for one in findings]) if head.from_outside else {},
        names=names(),
        entries=entries(("audit", head.id)),
        form=form or VersionForm(formdata=None, data={"version": head.version}),
        **words(),
    )


@bp.post("/<number>/start")
@access("audits.run")
def start(number: str) -> str | Response:
    """Start the audit: the checklist is frozen, in the language in which whoever starts it reads content."""
    form = VersionForm()
    version = form.version.data or ""
    seen = int(version) if version.isdecimal() else 0
    if done(form, service.start, lambda: service.StartAudit(number, seen), library=library()):
        flash(_("The audit is running. Its checklist stands as it is now, whatever the library becomes."), "good")
        return redirect(url_for(".run", number=number))
    return page(queries.plans.by_number(reading(), number), form=form)


@bp.post("/<number>/close")
@access("audits.plan")
def close(number: str) -> str | Response:
    """Close a reported audit."""
    form = VersionForm()
    if done(form, service.close, lambda: service.CloseAudit(number)):
        flash(_("%(number)s is closed.", number=number), "good")
        return redirect(url_for(".show", number=number))
    return page(queries.plans.by_number(reading(), number), form=form)
