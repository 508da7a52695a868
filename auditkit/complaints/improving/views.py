"""From complaints to actions: the part of a case's page, and opening one from a category or a selection."""

from collections.abc import Callable
from typing import Any, cast

from flask import Blueprint, Flask, redirect, render_template, request, url_for
from flask.blueprints import BlueprintSetupState
from werkzeug.wrappers import Response

from auditkit.actions import measures, origins
from auditkit.actions.measures import Measure
from auditkit.actions.origins import Origin, OriginKind
from auditkit.base import clock
from auditkit.base.db import Session, reading, transaction
from auditkit.base.errors import BadInput
from auditkit.base.text import N_, _
from auditkit.complaints import queries as core
from auditkit.complaints.categories import known_title
from auditkit.complaints.improving import queries, service
from auditkit.complaints.improving.forms import CategoryForm, SelectionForm
from auditkit.complaints.queries import Case
from auditkit.complaints.rules import KIND_TITLES
from auditkit.complaints.views.parts import ASIDE, case_part
from auditkit.library.here import library
from auditkit.web.access import access, current_actor
from auditkit.web.forms import Form

bp = Blueprint("improving", __name__, url_prefix="/complaints/improving", template_folder="templates")


@case_part(ASIDE)
def section(case: Case) -> str:
    """The actions that answer a case, and opening one."""
    tx, actor = reading(), current_actor()
    any_shown = actor.may("actions.read") and case.has(queries.ANSWERED)
    lines = queries.actions_for(tx, case.id, case.category) if any_shown else []
    return render_template("complaints/improving/_case.html", case=case, lines=lines)


@bp.get("/new")
@access("actions.edit")
def new() -> str:
    """Choose what the action is for; `chosen` in the address fills the references in."""
    return _page(references="\n".join(request.args.getlist("chosen")))


@bp.post("/category")
@access("actions.edit")
def category() -> str | Response:
    """An action for every complaint of a category."""
    form = CategoryForm(_categories())
    return _open(
        form, lambda: service.GatherCategory(form.category.data or ""), service.gather_category, "category_form"
    )


@bp.post("/selection")
@access("actions.edit")
def selection() -> str | Response:
    """An action for the complaints listed."""
    form = SelectionForm()

    def command() -> service.GatherSelection:
        return service.GatherSelection(form.title.data or "", form.references.data or "")

    return _open(form, command, service.gather_selection, "selection_form")


@bp.get("/<int:gathering_id>")
@access("complaints.read")
def show(gathering_id: int) -> str:
    """The complaints behind an action."""
    tx = reading()
    found = queries.gathering(tx, gathering_id)
    return render_template(
        "complaints/improving/gathering.html",
        gathering=found,
        title=_title(found),
        complaints=queries.complaints_of(tx, gathering_id),
        KIND_TITLES={str(kind): title for kind, title in KIND_TITLES.items()},
    )


def _open(form: Form, command: Callable[[], Any], verb: Any, name: str) -> str | Response:
    if form.validate_on_submit():
        try:
            with transaction(current_actor()) as tx:
                made = verb(tx, command(), clock.now(), current_actor())
        except BadInput as refusal:
            form.refuse("", refusal)
        else:
            return redirect(url_for("actions.new", origin=queries.GATHERING, id=made))
    return _page(**{name: form})


def _page(references: str = "", **forms: Form) -> str:
    return render_template(
        "complaints/improving/new.html",
        selection_form=forms.get("selection_form") or SelectionForm(None, references=references),
        category_form=forms.get("category_form") or CategoryForm(_categories(), None),
    )


def _categories() -> dict[str, str]:
    """The categories that complaints have, as people read them."""
    _channels, categories = core.words_used(reading())
    return {word: _word(word) for word in categories}


def _word(category_word: str) -> str:
    return known_title(library(), category_word)


def _title(found: queries.Gathering) -> str:
    if found.category:
        return _("Complaints of the category “%(category)s”", category=_word(found.category))
    return _("%(title)s (%(number)s complaints)", title=found.title, number=found.number)


def _case_as_origin(tx: Session, complaint_id: int) -> Origin:
    found = queries.behind(tx, complaint_id)
    kinds = {str(kind): title for kind, title in KIND_TITLES.items()}
    parts = [_(kinds[found.kind]), *([_word(found.category)] if found.category else [])]
    return Origin(f"{found.reference}: {' · '.join(parts)}", url_for("complaints.show", reference=found.reference))


def _gathering_as_origin(tx: Session, gathering_id: int) -> Origin:
    found = queries.gathering(tx, gathering_id)
    return Origin(_title(found)[:400], url_for("improving.show", gathering_id=gathering_id))


@bp.record
def _make_origins_known(setup: BlueprintSetupState) -> None:
    app = cast("Flask", setup.app)
    origins.register(app, queries.COMPLAINT, OriginKind("complaints.read", _case_as_origin))
    origins.register(app, queries.GATHERING, OriginKind("complaints.read", _gathering_as_origin))


# Figures that the effect of an action can be judged by.


def _category_choices(tx: Session) -> list[tuple[str, str]]:
    _channels, categories = core.words_used(tx)
    return [(word, _word(word)) for word in categories]


COMPLAINTS = N_("complaints")
measures.register(
    "complaints.category",
    Measure(
        N_("Complaints of a category"), COMPLAINTS, "complaints.read", _category_choices, queries.complaints_between
    ),
)
measures.register(
    "complaints.received",
    Measure(
        N_("Complaints received"), COMPLAINTS, "complaints.read", lambda _tx: [("", "")], queries.complaints_between
    ),
)
