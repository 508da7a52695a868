"""Pages of settings: time limits per scheme and grade, and the list of cause categories."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from auditkit.actions import queries, service, telling
from auditkit.actions.forms import CategoryForm, EmptyForm, LimitForm, SchemeForm
from auditkit.actions.rules import GRADED, PRESETS, SUGGESTED_CATEGORIES, Grade, Need, Starts
from auditkit.actions.views.blueprint import bp, done, words
from auditkit.base.db import reading
from auditkit.base.errors import NotFound
from auditkit.base.text import _
from auditkit.web.access import access


@bp.get("/limits")
@access("actions.read")
def limits() -> str:
    """The time limits in force, what can be taken over, and the cause categories."""
    return _limits(CategoryForm(formdata=None))


def _limits(form: CategoryForm) -> str:
    found = queries.schemes(reading(), ended=True)
    running = [one for one in found if one.ended_at is None]
    there = {one.preset for one in running}
    return render_template(
        "actions/limits.html",
        schemes=running,
        ended=[one for one in found if one.ended_at is not None],
        offered=[one for one in PRESETS if one.key not in there],
        categories=queries.categories(reading(), retired=True),
        category_form=form,
        graded=GRADED,
        telling=telling,
        **words(),
    )


@bp.post("/limits/adopt/<preset>")
@access("organisation.manage")
def adopt(preset: str) -> Response:
    """Take the limits of a body over."""
    found = next((one for one in PRESETS if one.key == preset), None)
    if found is None:
        raise NotFound()
    title = _(found.title)
    _tell(EmptyForm(), service.adopt_scheme, service.AdoptScheme(preset, title), _("Taken over. Change what differs."))
    return redirect(url_for(".limits"))


def _tell(form: EmptyForm, verb: object, command: object, text: str) -> bool:
    """Do what a lone button asks for, and say how it went."""
    happened = done(form, verb, lambda _files: command)
    for refusal in form.form_errors:
        flash(str(refusal), "bad")
    if happened:
        flash(text, "good")
    return happened


@bp.route("/limits/new", methods=["GET", "POST"])
@access("organisation.manage")
def new_scheme() -> str | Response:
    """Write a scheme of one's own."""
    form = SchemeForm()
    if done(form, service.put_scheme, lambda _files: _scheme_of(form, None)):
        flash(_("The scheme is written. Add its time limits."), "good")
        return redirect(url_for(".limits"))
    return render_template("actions/scheme.html", form=form, scheme=None)


@bp.route("/limits/<int:scheme_id>", methods=["GET", "POST"])
@access("organisation.manage")
def edit_scheme(scheme_id: int) -> str | Response:
    """Change the name of a scheme and what it asks of each grade."""
    scheme = queries.scheme(reading(), scheme_id)
    shown = {
        "title": scheme.title,
        "needs_major": [one.value for one in scheme.needs[Grade.MAJOR]],
        "needs_minor": [one.value for one in scheme.needs[Grade.MINOR]],
        "later": [one.value for one in scheme.later],
    }
    form = SchemeForm(data=shown)
    if done(form, service.put_scheme, lambda _files: _scheme_of(form, scheme_id)):
        flash(_("The change was saved."), "good")
        return redirect(url_for(".limits"))
    return render_template("actions/scheme.html", form=form, scheme=scheme)


def _scheme_of(form: SchemeForm, scheme_id: int | None) -> service.PutScheme:
    needs = {
        Grade.MAJOR: frozenset(Need(one) for one in form.needs_major.data or ()),
        Grade.MINOR: frozenset(Need(one) for one in form.needs_minor.data or ()),
    }
    later = frozenset(Grade(one) for one in form.later.data or ())
    return service.PutScheme(scheme_id, form.title.data or "", needs, later)


@bp.route("/limits/<int:scheme_id>/limit", methods=["GET", "POST"])
@access("organisation.manage")
def put_limit(scheme_id: int) -> str | Response:
    """Set a limit of a scheme."""
    scheme = queries.scheme(reading(), scheme_id)
    form = LimitForm(grade=request.args.get("grade", "major"), target=request.args.get("target", "plan"))

    def command(_files: tuple[int, ...]) -> service.PutLimit:
        working = form.unit.data == "working"
        unit, starts = "days" if working else form.unit.data, Starts(form.starts.data)
        return service.PutLimit(
            scheme_id, form.grade.data, form.target.data, form.amount.data or 0, unit, working, starts
        )

    if done(form, service.put_limit, command):
        flash(_("The time limit is set. Due dates that were set before stay."), "good")
        return redirect(url_for(".limits"))
    return render_template("actions/limit.html", form=form, scheme=scheme)


@bp.post("/limits/<int:scheme_id>/<grade>/<target>/drop")
@access("organisation.manage")
def drop_limit(scheme_id: int, grade: str, target: str) -> Response:
    """Take a limit out of a scheme."""
    command = service.DropLimit(scheme_id, grade, target)
    _tell(EmptyForm(), service.drop_limit, command, _("The time limit is taken out. Due dates that were set stay."))
    return redirect(url_for(".limits"))


@bp.post("/limits/<int:scheme_id>/end")
@access("organisation.manage")
def end_scheme(scheme_id: int) -> Response:
    """End a scheme: nothing new is opened under it."""
    text = _("Ended. What was opened under it keeps its due dates.")
    _tell(EmptyForm(), service.end_scheme, service.EndScheme(scheme_id), text)
    return redirect(url_for(".limits"))


@bp.post("/categories")
@access("organisation.manage")
def add_category() -> str | Response:
    """Put a category of causes on the list."""
    form = CategoryForm()
    if done(form, service.add_categories, lambda _files: service.AddCategories((form.title.data or "",))):
        flash(_("The category is on the list."), "good")
        return redirect(url_for(".limits", _anchor="categories"))
    return _limits(form)


@bp.post("/categories/suggested")
@access("organisation.manage")
def suggested_categories() -> Response:
    """Take the suggested list of categories over."""
    titles = tuple(_(one) for one in SUGGESTED_CATEGORIES)
    _tell(EmptyForm(), service.add_categories, service.AddCategories(titles), _("The suggested list is taken over."))
    return redirect(url_for(".limits", _anchor="categories"))


@bp.post("/categories/<int:category_id>/<what>")
@access("organisation.manage")
def retire_category(category_id: int, what: str) -> Response:
    """Take a category off the choices (`retire`) or put it back (`restore`)."""
    if what not in ("retire", "restore"):
        raise NotFound()
    command = service.RetireCategory(category_id, what == "retire")
    _tell(EmptyForm(), service.retire_category, command, _("The change was saved."))
    return redirect(url_for(".limits", _anchor="categories"))
