"""Pages of the rules of assignment, of who is away, and what a rule decided on the page of a case."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from auditkit.accounts.queries import members_with
from auditkit.base import clock
from auditkit.base.db import Session, reading, transaction
from auditkit.base.errors import Conflict, NotFound
from auditkit.base.text import _
from auditkit.complaints import queries as register
from auditkit.complaints import rules as core
from auditkit.complaints.assigning import following, queries, service
from auditkit.complaints.assigning.forms import AbsenceForm, ButtonForm, LastForm, RuleForm
from auditkit.complaints.assigning.rules import (
    ASKED,
    ASSIGNED_BY_RULE,
    WHEN_TITLES,
    About,
    Asked,
    Rule,
    called,
    deputy_for,
    first_for,
    stamp_of,
)
from auditkit.complaints.categories import known_title, offered
from auditkit.complaints.intake.channels import channel_title, channels
from auditkit.complaints.queries import Case
from auditkit.complaints.service.taking import HANDLE
from auditkit.complaints.views.parts import OWNER, case_part, shown_as
from auditkit.library.here import library
from auditkit.web.access import access, current_actor, may
from auditkit.web.acting import REFUSALS

bp = Blueprint("assigning", __name__, url_prefix="/complaints/assignment", template_folder="templates")

shown_as(ASSIGNED_BY_RULE, "person-gear", follows=True)


@case_part(OWNER)
def how_named(case: Case) -> str:
    """That a rule named the owner, and which."""
    decided = queries.by_rule(reading(), case.id) if case.owner_id and case.has(queries.BY_RULE) else None
    if decided is None or decided.owner_id != case.owner_id:
        return ""
    return render_template(
        "complaints/assigning/_owner.html",
        decided=decided,
        called=called(decided.number),
        when=_(WHEN_TITLES[decided.happened]),
        words=said(decided.asked),
    )


@bp.get("/")
@access("complaints.read")
def index() -> str:
    """The rules in their order, and what would happen to a complaint."""
    return _page()


@bp.route("/new", methods=["GET", "POST"])
@access("organisation.manage")
def new() -> str | Response:
    """Write a rule."""
    return _put(None)


@bp.route("/<int(max=9007199254740991):rule_id>", methods=["GET", "POST"])
@access("organisation.manage")
def edit(rule_id: int) -> str | Response:
    """Change a rule."""
    found = next((one for one in queries.rules_in_force(reading()) if one.id == rule_id and one.number), None)
    if found is None:
        raise NotFound
    return _put(found)


@bp.post("/last")
@access("organisation.manage")
def last() -> str | Response:
    """Say who gets what no rule is for."""
    tx = reading()
    now = _last(queries.rules_in_force(tx))
    form = LastForm(_handlers(tx), now)
    if not form.validate_on_submit():
        return _page(last_form=form)
    command = form.command()
    if command is not None:
        wanted: Callable[[Session], Any] = lambda tx: service.put_rule(tx, command, clock.now(), current_actor())  # noqa: E731 - one of two
    elif now is not None:
        gone = service.RemoveRule(now.id, form.seen.data)
        wanted = lambda tx: service.remove_rule(tx, gone, clock.now(), current_actor())  # noqa: E731 - one of two
    else:
        return redirect(url_for(".index"))
    return redirect(url_for(".index")) if _done(form, wanted) else _page(last_form=form)


@bp.post("/<int(max=9007199254740991):rule_id>/<any(up, down):way>")
@access("organisation.manage")
def move(rule_id: int, way: str) -> Response:
    """Take a rule one place up or down."""
    with transaction(current_actor()) as tx:
        service.move_rule(tx, service.MoveRule(rule_id, way == "up"), clock.now(), current_actor())
    return redirect(url_for(".index", _anchor="rules"))


@bp.post("/<int(max=9007199254740991):rule_id>/remove")
@access("organisation.manage")
def remove(rule_id: int) -> Response:
    """Take a rule out."""
    try:
        with transaction(current_actor()) as tx:
            service.remove_rule(tx, service.RemoveRule(rule_id, request.form.get("seen")), clock.now(), current_actor())
    except Conflict as refusal:
        flash(str(refusal), "bad")
    else:
        flash(_("The rule is removed. The owners it named stay."), "good")
    return redirect(url_for(".index"))


@bp.route("/away", methods=["GET", "POST"])
@access("complaints.handle")
def away() -> str | Response:
    """Who is away, and who stands in."""
    actor, tx = current_actor(), reading()
    handlers = _handlers(tx)
    own = handlers if may("organisation.manage") else {actor.person_id or 0: handlers.get(actor.person_id or 0, "")}
    form = AbsenceForm(own, handlers)
    if form.validate_on_submit() and _done(
        form, lambda tx: service.set_absence(tx, form.command(), clock.now(), current_actor())
    ):
        flash(_("Noted. What comes in for them meanwhile, and what they own, stands with whoever stands in."), "good")
        return redirect(url_for(".away"))
    day = queries.today(tx, clock.now())
    listed = queries.absences(tx, day)
    return render_template(
        "complaints/assigning/away.html", form=form, absences=listed, names=handlers, today=day, own=own
    )


@bp.post("/away/<int(max=9007199254740991):absence_id>/end")
@access("complaints.handle")
def end(absence_id: int) -> Response:
    """Take an absence out."""
    with transaction(current_actor()) as tx:
        service.end_absence(tx, service.EndAbsence(absence_id), clock.now(), current_actor())
    return redirect(url_for(".away"))


def said(asked: Asked) -> list[str]:
    """What a rule asks, in words, one for each field."""
    titles: dict[str, dict[Any, str]] = {
        "kinds": core.KIND_TITLES,
        "severities": core.SEVERITY_TITLES,
    }

    def word(name: str, value: str) -> str:
        if name == "channels":
            return channel_title(value)
        if name == "categories":
            return known_title(library(), value)
        return _(titles[name][value]) if value in titles.get(name, {}) else value

    groups = [[word(name, value) for value in getattr(asked, name)] for name in ASKED]
    return [_(" or ").join(words) for words in groups if words]


def _page(last_form: LastForm | None = None) -> str:
    tx = reading()
    found = queries.rules_in_force(tx)
    handlers = _handlers(tx)
    ways, categories = _choices(tx)
    asked = {name: request.args.get(name, "").strip() for name in About.__dataclass_fields__}
    return render_template(
        "complaints/assigning/index.html",
        rules=[(one, said(one.asked)) for one in found if one.number],
        last=_last(found),
        last_form=last_form or LastForm(handlers, _last(found)),
        button=ButtonForm(),
        names=handlers,
        asked=asked,
        tried=_tried(tx, found, asked, handlers) if any(asked.values()) else None,
        choices={
            "channel": ways,
            "category": categories,
            "kind": [(str(word), _(title)) for word, title in core.KIND_TITLES.items()],
            "severity": [(str(word), _(title)) for word, title in core.SEVERITY_TITLES.items()],
        },
    )


def _tried(tx: Session, found: list[Rule], asked: dict[str, str], handlers: dict[int, str]) -> dict[str, Any]:
    """What would happen to such a complaint now."""
    free = queries.may_own(tx)
    about = About(**{**asked, "kind": asked["kind"] or core.Kind.COMPLAINT.value})
    rule = first_for(found, about, free)
    if rule is None:
        return {"rule": None}
    absent = queries.stands_in(tx, clock.now())
    deputy = deputy_for(rule, absent, free)
    return {
        "rule": called(rule.number),
        "owner": handlers.get(rule.owner_id, ""),
        "deputy": handlers.get(deputy or 0, ""),
        "away": rule.owner_id in absent,
        "passed": [called(one.number) for one in found if one.owner_id not in free and one.asked.holds(about)],
    }


def _put(shown: Rule | None) -> str | Response:
    tx = reading()
    form = RuleForm(_handlers(tx), *_choices(tx), shown)
    if form.validate_on_submit() and _done(
        form, lambda tx: service.put_rule(tx, form.command(), clock.now(), current_actor())
    ):
        flash(_("The rule holds for what is recorded or assessed from now on."), "good")
        return redirect(url_for(".index"))
    return render_template("complaints/assigning/edit.html", form=form, shown=shown)


def _done(form: Any, act: Callable[[Session], Any]) -> bool:
    """Whether the verb did it; what it refuses is said in the form."""
    try:
        with transaction(current_actor()) as tx:
            act(tx)
    except REFUSALS as refusal:
        form.refuse("", refusal)
        if isinstance(refusal, Conflict) and "seen" in form:
            form.seen.data = _stands(form)
        return False
    return True


def _stands(form: RuleForm | LastForm) -> str:
    """The stamp of what the form is about as it stands now: having been told of it, one may go on."""
    number = form.shown.id if isinstance(form, RuleForm) and form.shown else None
    found = queries.rules_in_force(reading())
    return stamp_of(next((one for one in found if one.id == number), None) if number else _last(found))


def _last(found: list[Rule]) -> Rule | None:
    return next((one for one in found if not one.number), None)


def _handlers(tx: Session) -> dict[int, str]:
    return {one.person_id: one.name for one in members_with(tx, HANDLE)}


def _choices(tx: Session) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """The channels and the categories there are, those that only occur in the register after the known ones."""
    used_channels, used_categories = register.words_used(tx)
    ways = {one.name: one.title for one in channels(tx)}
    ways |= {word: word for word in used_channels if word not in ways}
    categories = offered(library())
    categories |= {word: word for word in used_categories if word not in categories}
    return list(ways.items()), list(categories.items())


__all__ = ["bp", "following"]
