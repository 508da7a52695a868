"""Pages of tailoring: what a planned audit asks, a question of its own, whom questions are put to."""

from collections.abc import Iterable

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from auditkit.audits import queries as audits
from auditkit.audits.queries.plans import AuditHead
from auditkit.audits.rules import State
from auditkit.audits.tailoring import queries, service
from auditkit.audits.tailoring.forms import InterviewForm, QuestionForm, TailorForm
from auditkit.audits.tailoring.rules import WHY_TITLES
from auditkit.audits.views.asked import wording
from auditkit.audits.views.parts import audit_part, audit_tab
from auditkit.base import clock
from auditkit.base.db import reading, transaction
from auditkit.base.errors import Conflict
from auditkit.base.text import N_, _
from auditkit.content.library import Checklist, Section
from auditkit.library.here import library
from auditkit.web.access import access, current_actor, may
from auditkit.web.acting import REFUSALS, done

bp = Blueprint("audits_tailoring", __name__, url_prefix="/audits", template_folder="templates")

audit_tab(
    25, N_("What is asked"), "audits_tailoring.tailor", permission="audits.plan",
    shown=lambda head: head.state is State.PLANNED,
)  # fmt: skip


@bp.route("/<number>/tailor", methods=["GET", "POST"])
@access("audits.plan")
def tailor(number: str) -> str | Response:
    """Choose what a planned audit asks, and which audit it starts from."""
    head = audits.plans.by_number(reading(), number)
    form = _tailor_form(head)
    if form.validate_on_submit():
        try:
            with transaction(current_actor()) as tx:
                service.tailor(tx, _tailor(head, form), clock.now(), current_actor(), library=library())
        except REFUSALS as refusal:
            form.refuse_verb(refusal)
            if isinstance(refusal, Conflict):
                form.seen.data = queries.tailoring(reading(), head.id).stamp
        else:
            flash(_("The audit asks what you chose, from its start on."), "good")
            return redirect(url_for("audits.show", number=number))
    return render_template("tailoring/tailor.html", head=head, form=form)


def _tailor_form(head: AuditHead) -> TailorForm:
    tx, content = reading(), library()
    now = queries.tailoring(tx, head.id)
    base = content.checklist(head.checklist_id)
    profiles = [one for one in content.checklists.values() if one.based_on == base.id]
    sections = _every_section((base, *profiles))
    data = {
        "seen": now.stamp,
        "profile_id": now.profile_id,
        "sections": list(now.clauses),
        "spared": list(now.spared),
        "least_weight": now.least_weight,
        "previous_id": now.previous_id or 0,
        "keep_failed": now.keep_failed,
        "reason": now.reason,
    }
    return TailorForm(
        [("", _("As planned: %(title)s", title=base.title)), *((one.id, one.title) for one in profiles)],
        sections,
        [(key, f"{number} {title}") for key, number, title in queries.candidates(tx, head.id)],
        data=data,
    )


def _every_section(checklists: Iterable[Checklist]) -> list[Section]:
    """The sections of all of them, each once, with the questions that any of them puts there."""
    found: dict[str, Section] = {}
    for section in (section for one in checklists for section in one.sections):
        known = found.get(section.id, section.model_copy(update={"items": ()}))
        have = {item.id for item in known.items}
        more = tuple(item for item in section.items if item.id not in have)
        found[section.id] = known.model_copy(update={"items": (*known.items, *more)})
    return list(found.values())


def _tailor(head: AuditHead, form: TailorForm) -> service.Tailor:
    asked = {item.id for item in library().checklist(form.profile_id.data or head.checklist_id).items}
    return service.Tailor(
        number=head.number,
        profile_id=form.profile_id.data or "",
        sections=tuple(form.sections.data or ()),
        spared=tuple(one for one in form.spared.data or () if one in asked),  # others are another profile's
        least_weight=form.least_weight.data,
        keep_failed=form.keep_failed.data,
        previous_id=form.previous_id.data or None,
        reason=form.reason.data or "",
        seen=form.seen.data,
    )


@bp.route("/<number>/questions/new", methods=["GET", "POST"])
@access("audits.run")
def add_question(number: str) -> str | Response:
    """Add a question to this audit only."""
    head = audits.plans.by_number(reading(), number)
    form = QuestionForm(_sections(head))
    said = (form.section.data, form.question.data, form.good.data or "", form.expected.data or "")
    if did := done(form, service.add_question, lambda: service.AddQuestion(number, *said)):
        return redirect(url_for("audits.run", number=number, _anchor=f"row-{did.gave}"))
    return render_template("tailoring/question.html", head=head, form=form)


@bp.route("/<number>/interviewees", methods=["GET", "POST"])
@access("audits.run")
def interviewees(number: str) -> str | Response:
    """Name whom the questions of a clause are put to."""
    head = audits.plans.by_number(reading(), number)
    form = InterviewForm(_sections(head))
    if done(
        form,
        service.name_interviewee,
        lambda: service.NameInterviewee(number, form.section.data, form.name.data, form.all_rows.data),
    ):
        return redirect(url_for("audits.run", number=number, by="interviewee"))
    return render_template("tailoring/interviewees.html", head=head, form=form)


def _sections(head: AuditHead) -> list[tuple[str, str]]:
    return [
        (one.id, one.title) for one in wording().progress(audits.run.progress(reading(), head.id), head.checklist_id)
    ]


@audit_part("run", order=80)
def _more_questions(head: AuditHead) -> str:
    shown = head.state is State.RUNNING and may("audits.run")
    return render_template("tailoring/more.html", head=head) if shown else ""


@audit_part("overview", order=60)
def _what_is_asked(head: AuditHead) -> str:
    now = wording().tailored(queries.tailoring(reading(), head.id))
    added = queries.added(reading(), head.id) if head.state is not State.PLANNED else []
    if now == queries.Tailoring() and not added:
        return ""
    return render_template("tailoring/asked.html", head=head, now=now, added=added, WHY_TITLES=WHY_TITLES)
