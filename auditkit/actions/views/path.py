"""Pages of the path of one action: correction and extent, causes, plan and steps, criterion, due dates."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from auditkit.actions import drawing, measures, queries, rules, service, telling
from auditkit.actions.forms import (
    CauseLineForm,
    CorrectionForm,
    CriterionForm,
    DisciplineForm,
    EmptyForm,
    EndStepForm,
    ExtentForm,
    ReadyForm,
    SettleForm,
    StepForm,
)
from auditkit.actions.queries import ActionView, PathView
from auditkit.actions.rules import (
    BONE_TITLES,
    CORRECTION_FILES,
    STEP_FILES,
    CauseMethod,
    Criterion,
    Wanted,
)
from auditkit.actions.views.blueprint import about, bp, checked_work, done, number_in, people
from auditkit.base import clock
from auditkit.base.db import reading
from auditkit.base.errors import NotFound
from auditkit.base.text import _
from auditkit.evidence import queries as evidence
from auditkit.web.access import access, may
from auditkit.web.languages import direction


def _found(number: str) -> ActionView:
    return queries.by_number(reading(), number)


def _back(endpoint: str, number: str, text: str) -> Response:
    flash(text, "good")
    return redirect(url_for(endpoint, number=number))


# Correction and extent


@bp.route("/<number>/correction", methods=["GET", "POST"])
@access("actions.edit")
def correction(number: str) -> str | Response:
    """Write down what was put right at once."""
    action = _found(number)
    checked_work(action)
    path = queries.path(reading(), action.id)
    shown = {"version": action.version, "what": action.correction, "by": path.correction_by or action.owner_id}
    form = CorrectionForm(people(), data={**shown, "on": path.correction_on, "proof": path.correction_proof})

    def command(files: tuple[int, ...]) -> service.WriteCorrection:
        what, proof, by = form.what.data or "", form.proof.data or "", form.by.data
        return service.WriteCorrection(number, number_in(str(form.version.data)), what, by, form.on.data, proof, files)

    if done(form, service.write_correction, command):
        return _back(".show", number, _("The correction is written down."))
    files = evidence.for_subject(reading(), (CORRECTION_FILES, action.id))
    return render_template("actions/correction.html", form=form, files=files, **about(action))


@bp.route("/<number>/extent", methods=["GET", "POST"])
@access("actions.edit")
def extent(number: str) -> str | Response:
    """Write down where else somebody looked, and what was found."""
    action = _found(number)
    checked_work(action)
    path = queries.path(reading(), action.id)
    shown = {"version": action.version, "looked": path.extent_looked, "found": path.extent_found}
    form = ExtentForm(data=shown)

    def command(_files: tuple[int, ...]) -> service.WriteExtent:
        looked, found = form.looked.data or "", form.found.data or ""
        return service.WriteExtent(number, number_in(str(form.version.data)), looked, found)

    if done(form, service.write_extent, command):
        return _back(".show", number, _("The extent is written down."))
    return render_template("actions/extent.html", form=form, **about(action))


# Causes


@bp.get("/<number>/causes")
@access("actions.read")
def causes(number: str) -> str:
    """The analysis of causes by the method that the address or the action names."""
    return _causes(_found(number))


def _method(path: PathView) -> CauseMethod:
    asked = request.values.get("method", "")
    if asked in list(CauseMethod):
        return CauseMethod(asked)
    return path.method or CauseMethod.WHYS


def _causes(action: ActionView, **forms: Any) -> str:
    path = queries.path(reading(), action.id)
    method = _method(path)
    return render_template(
        "actions/causes.html",
        method=method,
        line_form=forms.get("line") or CauseLineForm(_parents(path), formdata=None, method=method.value),
        settle_form=forms.get("settle") or _settle_form(action, path, method),
        part_forms=[(one, _part_form(path, one, forms)) for one in rules.DISCIPLINES],
        drop_form=EmptyForm(formdata=None),
        picture=_picture(action, path) if method is CauseMethod.FISHBONE else "",
        loose=[branch for branch in path.tree if not branch.line.bone],
        **about(action),
    )


def _part_form(path: PathView, number: int, forms: dict[str, Any]) -> DisciplineForm:
    refused: tuple[int, DisciplineForm] | None = forms.get("part")
    if refused and refused[0] == number:
        return refused[1]
    return DisciplineForm(formdata=None, text=path.disciplines.get(number, ""))


def _parents(path: PathView) -> list[tuple[int, str]]:
    return [
        (one.line.id, f"{'– ' * (one.depth - 1)}{one.line.text}")
        for branch in path.tree
        for one in branch.walked()
        if one.depth < rules.DEEPEST
    ]


def _settle_form(action: ActionView, path: PathView, method: CauseMethod | None = None) -> SettleForm:
    shown = {
        "version": action.version,
        "method": (path.method or method or CauseMethod.WHYS).value,
        "method_name": path.method_name,
        "roots": [one.id for one in path.causes if one.root],
        "cause": action.cause,
        "category": path.category_id or 0,
    }
    categories = [(key, title) for key, title, _retired in queries.categories(reading())]
    if path.category_id and path.category_id not in dict(categories):
        categories.append((path.category_id, path.category_title))
    lines = [(one.id, one.text) for one in path.causes]
    return SettleForm(lines, categories, formdata=None if method else request.form, data=shown)


def _picture(action: ActionView, path: PathView) -> str:
    titles = {bone.value: _(title) for bone, title in BONE_TITLES.items()}
    bones = drawing.ribs(path.tree, titles)
    label = _("Fishbone: the causes of “%(effect)s”; the list below has every word", effect=action.origin_title)
    more = _("and %(number)s more", number="{number}")
    return drawing.fishbone(bones, action.origin_title, label=label, more=more, mirrored=direction() == "rtl")


@bp.post("/<number>/causes/lines")
@access("actions.edit")
def add_cause(number: str) -> str | Response:
    """Add a line to the analysis."""
    action = _found(number)
    path = queries.path(reading(), action.id)
    form = CauseLineForm(_parents(path))
    method = _method(path)

    def command(_files: tuple[int, ...]) -> service.AddCause:
        return service.AddCause(number, method, form.text.data or "", form.parent.data or None, form.bone.data or "")

    if done(form, service.add_cause, command):
        return redirect(url_for(".causes", number=number, method=method.value, _anchor="lines"))
    return _causes(action, line=form)


@bp.post("/<number>/causes/lines/<int:cause_id>/drop")
@access("actions.edit")
def drop_cause(number: str, cause_id: int) -> str | Response:
    """Take a line of the analysis out, with all below it."""
    form, method = EmptyForm(), _method(queries.path(reading(), _found(number).id))
    if done(form, service.drop_cause, lambda _files: service.DropCause(number, cause_id)):
        return redirect(url_for(".causes", number=number, method=method.value, _anchor="lines"))
    for text in form.form_errors:
        flash(text, "bad")
    return redirect(url_for(".causes", number=number, method=method.value))


@bp.post("/<number>/causes/8d/<int:part>")
@access("actions.edit")
def write_discipline(number: str, part: int) -> str | Response:
    """Write one part of the 8D report."""
    form = DisciplineForm()
    if part not in rules.DISCIPLINES:
        raise NotFound()
    if done(form, service.write_discipline, lambda _files: service.WriteDiscipline(number, part, form.text.data or "")):
        flash(_("D%(number)s is written down.", number=part), "good")
        return redirect(url_for(".causes", number=number, method="8d", _anchor=f"d{part}"))
    return _causes(_found(number), part=(part, form))


@bp.post("/<number>/causes")
@access("actions.edit")
def settle_cause(number: str) -> str | Response:
    """Settle the cause in words."""
    action = _found(number)
    form = _settle_form(action, queries.path(reading(), action.id))

    def command(_files: tuple[int, ...]) -> service.SettleCause:
        return service.SettleCause(
            number,
            number_in(str(form.version.data)),
            CauseMethod(form.method.data),
            form.cause.data or "",
            form.method_name.data or "",
            form.category.data or None,
            tuple(form.roots.data or ()),
        )

    if done(form, service.settle_cause, command):
        return _back(".show", number, _("The cause is settled."))
    return _causes(action, settle=form)


# Plan and steps


@bp.route("/<number>/plan", methods=["GET", "POST"])
@access("actions.read")
def plan(number: str) -> str | Response:
    """The steps of the plan; adding one."""
    action = _found(number)
    form = StepForm(people(), currency=queries.usual_currency(reading()), owner_id=action.owner_id)
    if request.method == "POST":
        checked_work(action)
        if done(form, service.plan_step, lambda _files: service.PlanStep(number, **_step_values(form))):
            return _back(".plan", number, _("The step is planned."))
    return _plan(action, form)


def _plan(action: ActionView, form: StepForm, ready: ReadyForm | None = None) -> str:
    steps = queries.path(reading(), action.id).steps
    return render_template(
        "actions/plan.html",
        form=form,
        ready_form=ready or ReadyForm(formdata=None, version=action.version),
        files=evidence.for_subjects(reading(), STEP_FILES, [one.id for one in steps]) if steps else {},
        **about(action),
    )


def _step_values(form: StepForm) -> dict[str, Any]:
    return {
        "title": form.title.data or "",
        "owner_id": form.owner_id.data,
        "due_on": form.due_on.data,
        "cost": rules.hundredths(form.cost.data or ""),
        "currency": (form.currency.data or "").upper(),
    }


@bp.route("/<number>/steps/<int:step_id>", methods=["GET", "POST"])
@access("actions.edit")
def edit_step(number: str, step_id: int) -> str | Response:
    """Change an open step."""
    action, step = _found(number), _step(number, step_id)
    checked_work(action)
    shown = {"title": step.title, "owner_id": step.owner_id, "due_on": step.due_on, "cost": step.cost_text}
    form = StepForm(people(), data={**shown, "currency": step.currency, "version": step.version})

    def command(_files: tuple[int, ...]) -> service.ChangeStep:
        version = number_in(str(form.version.data))
        return service.ChangeStep(number=number, step_id=step_id, version=version, **_step_values(form))

    if done(form, service.change_step, command):
        return _back(".plan", number, _("The step was changed."))
    return render_template("actions/step.html", form=form, step=step, **about(action))


def _step(number: str, step_id: int) -> queries.StepView:
    steps = queries.path(reading(), _found(number).id).steps
    found = next((one for one in steps if one.id == step_id), None)
    if found is None:
        raise NotFound()
    return found


@bp.route("/<number>/steps/<int:step_id>/end", methods=["GET", "POST"])
@access("actions.edit")
def end_step(number: str, step_id: int) -> str | Response:
    """Report a step as done with its proof, or drop it with the reason."""
    step = _step(number, step_id)
    form = EndStepForm(version=step.version)
    dropped = form.ending.data == "dropped"

    def command(files: tuple[int, ...]) -> service.EndStep:
        return service.EndStep(number, step_id, number_in(str(form.version.data)), form.note.data or "", files)

    if done(form, service.drop_step if dropped else service.finish_step, command):
        return _back(".plan", number, _("The step is dropped.") if dropped else _("The step is done."))
    return render_template("actions/end_step.html", form=form, step=step, **about(_found(number)))


@bp.post("/<number>/plan/ready")
@access("actions.edit")
def plan_ready(number: str) -> str | Response:
    """Say that the plan is ready."""
    action, form = _found(number), ReadyForm()
    if done(form, service.plan_ready, lambda _files: service.PlanReady(number, number_in(form.version.data))):
        return _back(".show", number, _("The plan is ready."))
    empty = StepForm(people(), formdata=None, currency=queries.usual_currency(reading()), owner_id=action.owner_id)
    return _plan(action, empty, form)


# Effect and due dates


@bp.route("/<number>/criterion", methods=["GET", "POST"])
@access("actions.edit")
def criterion(number: str) -> str | Response:
    """State by what the effect will be judged, before the work is done."""
    action = _found(number)
    checked_work(action)
    form = CriterionForm(_choices(), data=_stated(action))

    def command(_files: tuple[int, ...]) -> service.StateCriterion:
        return service.StateCriterion(number, number_in(str(form.version.data)), _criterion(form))

    if done(form, service.state_criterion, command):
        return _back(".show", number, _("The criterion is stated."))
    return render_template("actions/criterion.html", form=form, **about(action))


def _choices() -> list[tuple[str, str]]:
    """The figures this person may see, as `name|parameter` with their words."""
    return [
        (f"{name}|{parameter}", f"{_(one.title)}: {words}" if words else _(one.title))
        for name, one in measures.known().items()
        if may(one.permission)
        for parameter, words in one.choices(reading())
    ]


def _stated(action: ActionView) -> dict[str, Any]:
    effect = queries.path(reading(), action.id).effect
    if effect is None:
        return {"version": action.version}
    return {
        "version": action.version,
        "text": effect.criterion,
        "wait_days": effect.wait_days,
        "wanted": effect.wanted.value,
        "figure": f"{effect.measure}|{effect.parameter}" if effect.measure else "",
        "value": effect.wanted_value,
        "window_days": effect.window_days or 30,
    }


def _criterion(form: CriterionForm) -> Criterion:
    wanted = Wanted(form.wanted.data or "")
    measure, _bar, parameter = (form.figure.data or "").partition("|") if wanted is not Wanted.NONE else ("", "", "")
    return Criterion(
        text=form.text.data or "",
        wait_days=form.wait_days.data or 0,
        measure=measure,
        parameter=parameter,
        wanted=wanted,
        value=form.value.data if wanted is not Wanted.NONE else None,
        window_days=form.window_days.data if wanted is not Wanted.NONE else None,
    )


@bp.get("/<number>/due")
@access("actions.read")
def due(number: str) -> str:
    """Every due date of an action, and line by line how it was reached."""
    return render_template("actions/due.html", telling=telling, now=clock.now(), **about(_found(number)))
