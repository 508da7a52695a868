"""What a reviewer says: accepting, judging, commenting, asking, concluding."""

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response as AnyResponse

from auditkit.base import clock
from auditkit.base.db import transaction
from auditkit.base.errors import AuditkitError
from auditkit.base.text import _
from auditkit.packs.rooms import service
from auditkit.packs.rooms.forms import AcceptForm, CommentForm, ConcludeForm, JudgeForm, RequestForm
from auditkit.packs.rooms.public_views.blueprint import bp, entered, pack_of
from auditkit.packs.rooms.public_views.looking import clause_page, item_page, show_page
from auditkit.packs.rooms.queries import Room
from auditkit.packs.rooms.rules import Verdict
from auditkit.web.access import PUBLIC, access, current_actor


@bp.post("/clauses/<clause>/accept")
@access(PUBLIC)
def accept(clause: str) -> str | AnyResponse:
    """Accept an item with one tap."""
    form, room = AcceptForm(), entered()
    path = pack_of(room.pack_id).clause(clause).item(form.path.data or "").path
    if form.validate_on_submit():
        with transaction(current_actor()) as tx:
            service.judge(tx, service.Judge(room.id, clause, Verdict.ACCEPTED, path=path), clock.now(), current_actor())
        flash(_("Accepted."), "good")
    return redirect(url_for(".clause", clause=clause, _anchor="files"))


@bp.post("/clauses/<clause>/judge")
@access(PUBLIC)
def judge(clause: str) -> str | AnyResponse:
    """Judge a clause, or the item of it that the form names."""
    form, room = JudgeForm(), entered()
    path = _named(room, clause, form.path.data)
    if form.validate_on_submit():
        command = service.Judge(
            room.id, clause, Verdict(form.verdict.data), form.comment.data or "", path, form.concern.data
        )
        try:
            with transaction(current_actor()) as tx:
                service.judge(tx, command, clock.now(), current_actor())
        except AuditkitError as refusal:
            form.refuse_verb(refusal)
        else:
            flash(_("Saved."), "good")
            return redirect(url_for(".clause", clause=clause, _anchor="files" if path else None))
    return item_page(clause, path, form) if path else clause_page(clause, form, RequestForm(formdata=None))


@bp.post("/clauses/<clause>/comment")
@access(PUBLIC)
def comment(clause: str) -> str | AnyResponse:
    """Say something of a clause or an item without judging it."""
    form, room = CommentForm(), entered()
    path = _named(room, clause, form.path.data)
    if form.validate_on_submit() and _said(form, service.Say(room.id, form.text.data or "", clause, path)):
        return redirect(_place(clause, path, "comments"))
    judging = JudgeForm(formdata=None)
    return (
        item_page(clause, path, judging, form)
        if path
        else clause_page(clause, judging, RequestForm(formdata=None), form)
    )


@bp.post("/comment")
@access(PUBLIC)
def comment_on_pack() -> str | AnyResponse:
    """Say something of the pack as a whole."""
    form, room = CommentForm(), entered()
    if form.validate_on_submit() and _said(form, service.Say(room.id, form.text.data or "")):
        return redirect(url_for(".show"))
    return show_page(ConcludeForm(formdata=None), form)


def _said(form: CommentForm, command: service.Say) -> bool:
    try:
        with transaction(current_actor()) as tx:
            service.say(tx, command, clock.now(), current_actor())
    except AuditkitError as refusal:
        form.refuse_verb(refusal)
        return False
    flash(_("The organisation sees the comment."), "good")
    return True


def _place(clause: str, path: str, anchor: str) -> str:
    """The address of a part of the page of a clause, or of an item of it."""
    if path:
        return url_for(".item", clause=clause, path=path, _anchor=anchor)
    return url_for(".clause", clause=clause, _anchor=anchor)


def _named(room: Room, clause: str, path: str | None) -> str:
    """The path of the item that a form names, empty for the clause itself. Raises NotInThePack."""
    here = pack_of(room.pack_id).clause(clause)
    return here.item(path).path if path else ""


@bp.post("/clauses/<clause>/ask")
@access(PUBLIC)
def ask(clause: str) -> str | AnyResponse:
    """Ask the organisation for something about a clause, or about the item of it that the form names."""
    form, room = RequestForm(), entered()
    path = _named(room, clause, form.path.data)
    if form.validate_on_submit():
        command = service.AskFor(room.id, clause, form.text.data or "", form.day, path)
        try:
            with transaction(current_actor()) as tx:
                serial = service.ask(tx, command, clock.now(), current_actor())
        except AuditkitError as refusal:
            form.refuse_verb(refusal)
        else:
            flash(_("Request %(number)s is with the organisation.", number=serial), "good")
            return redirect(_place(clause, path, "requests"))
    judging = JudgeForm(formdata=None)
    return item_page(clause, path, judging, asking=form) if path else clause_page(clause, judging, form)


@bp.post("/conclude")
@access(PUBLIC)
def conclude() -> str | AnyResponse:
    """Conclude the review."""
    form, room = ConcludeForm(), entered()
    if form.validate_on_submit():
        try:
            with transaction(current_actor()) as tx:
                service.conclude(tx, service.Conclude(room.id, form.outcome.data or ""), clock.now(), current_actor())
        except AuditkitError as refusal:
            form.refuse_verb(refusal)
        else:
            flash(_("The review is concluded. The organisation sees what you wrote."), "good")
            return redirect(url_for(".show"))
    return show_page(form)
