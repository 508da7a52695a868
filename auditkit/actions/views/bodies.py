"""Pages of nonconformities that certification bodies raised: the list, one with its answers and reviews."""

from typing import Any, cast

from flask import Flask, flash, redirect, render_template, request, url_for
from flask.blueprints import BlueprintSetupState
from werkzeug.wrappers import Response

from auditkit.actions import origins, queries, service
from auditkit.actions.forms import NcForm, ReviewForm
from auditkit.actions.origins import Origin, OriginKind
from auditkit.actions.queries import NcView
from auditkit.actions.rules import NC, Grade, Verdict
from auditkit.actions.views.blueprint import bp, done, kept, names, number_in, schemes, today, words
from auditkit.base import clock
from auditkit.base.db import Session, reading, transaction
from auditkit.base.text import N_, _
from auditkit.evidence import intake, subjects
from auditkit.evidence import queries as evidence
from auditkit.web.access import access, current_actor
from auditkit.web.acting import REFUSALS


@bp.get("/nonconformities/")
@access("actions.read")
def nonconformities() -> str:
    """What certification bodies raised, newest first."""
    return render_template(
        "actions/nonconformities.html", found=queries.nonconformities(reading()), today=today(), **words()
    )


@bp.route("/nonconformities/new", methods=["GET", "POST"])
@access("actions.verify")
def new_nonconformity() -> str | Response:
    """Put a nonconformity on record; what a body said in a room of ours stands in the form already."""
    form = NcForm(schemes(), data=_said_before())
    if form.validate_on_submit():
        try:
            received = intake.receive_uploads(form.files.data or [])
            with transaction(current_actor()) as tx:
                command = service.RecordNc(_values(form), kept(tx, received))
                made = service.record_nc(tx, command, clock.now(), current_actor())
        except REFUSALS as refusal:
            form.refuse_verb(refusal)
        else:
            flash(_("It is on record. Open the action that answers it."), "good")
            return redirect(url_for(".nonconformity", nc_id=made))
    return render_template("actions/nc_edit.html", form=form, nc=None)


def _said_before() -> dict[str, str]:
    """Body, clause and words of the doubt that became this nonconformity, where the page was asked for from one."""
    named, number = request.args.get("origin", ""), number_in(request.args.get("id"))
    kind = origins.kind_of(named)
    if kind is None or not number or not current_actor().may(kind.permission):
        return {}
    found = kind.resolve(reading(), number)
    return {"body": found.body, "clause": found.clause, "statement": found.words}


def _values(form: NcForm) -> service.NcValues:
    texts = ("body", "number", "audit", "clause", "statement", "evidence", "raised_by", "accepted_by")
    days = ("raised_on", "audit_ended_on", "plan_due_on", "evidence_due_on", "next_audit_on")
    values: dict[str, Any] = {name: form[name].data or "" for name in texts}
    values.update({name: form[name].data for name in days})
    return service.NcValues(
        **values,
        grade=Grade(form.grade.data),
        scheme_id=form.scheme_id.data or None,
    )


@bp.route("/nonconformities/<int:nc_id>/edit", methods=["GET", "POST"])
@access("actions.verify")
def edit_nonconformity(nc_id: int) -> str | Response:
    """Change what was put on record."""
    nc = queries.nonconformity(reading(), nc_id)
    offered = schemes()
    if nc.scheme_id and nc.scheme_id not in dict(offered):
        offered.append((nc.scheme_id, nc.scheme_title))
    form = NcForm(offered, obj=nc)

    def command(files: tuple[int, ...]) -> service.ChangeNc:
        return service.ChangeNc(nc_id, form.version.data or 0, _values(form), files)

    if done(form, service.change_nc, command):
        flash(_("The change was saved."), "good")
        return redirect(url_for(".nonconformity", nc_id=nc_id))
    return render_template("actions/nc_edit.html", form=form, nc=nc)


@bp.get("/nonconformities/<int:nc_id>")
@access("actions.read")
def nonconformity(nc_id: int) -> str:
    """One nonconformity: what the body wrote, what answers it, what the body said to that."""
    return _page(queries.nonconformity(reading(), nc_id))


def _page(nc: NcView, form: ReviewForm | None = None) -> str:
    tx = reading()
    reviews = [
        (answer.number, review)
        for answer in nc.answers
        for review in queries.path(tx, queries.by_number(tx, answer.number).id).reviews
    ]
    return render_template(
        "actions/nc.html",
        nc=nc,
        files=evidence.for_subject(tx, (NC, nc.id)),
        reviews=reviews,
        form=form or _review_form(nc, formdata=None, reviewed_on=today()),
        may_review=current_actor().may("actions.verify") and any(one.plan_ready for one in nc.answers),
        names=names(),
        today=today(),
        **words(),
    )


def _review_form(nc: NcView, **more: Any) -> ReviewForm:
    return ReviewForm([(one.number, f"{one.number}: {one.title}") for one in nc.answers], **more)


@bp.post("/nonconformities/<int:nc_id>/review")
@access("actions.verify")
def note_review(nc_id: int) -> str | Response:
    """Note what the body said to the answer."""
    nc = queries.nonconformity(reading(), nc_id)
    form = _review_form(nc)

    def command(_files: tuple[int, ...]) -> service.NoteReview:
        verdict, day = Verdict(form.verdict.data), form.reviewed_on.data
        return service.NoteReview(nc_id, form.action.data, verdict, day, form.text.data or "", form.due_on.data)

    if done(form, service.note_review, command):
        flash(_("The review is noted."), "good")
        return redirect(url_for(".nonconformity", nc_id=nc_id))
    return _page(nc, form)


def _as_origin(tx: Session, nc_id: int) -> Origin:
    nc = queries.nonconformity(tx, nc_id)
    title = f"{nc.body} {nc.number}: {nc.statement}"[:400]
    major = nc.grade is Grade.MAJOR
    return Origin(title, url_for("actions.nonconformity", nc_id=nc_id), cause_required=major, grade=nc.grade.value)


@bp.record
def _make_origin_known(setup: BlueprintSetupState) -> None:
    origins.register(cast("Flask", setup.app), NC, OriginKind("actions.read", _as_origin))


subjects.declare(
    NC, N_("Nonconformity of a certification body"), lambda nc_id: url_for("actions.nonconformity", nc_id=nc_id)
)
