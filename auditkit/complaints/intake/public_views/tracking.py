"""The complainant's own page: how it stands, what was said, and what the complainant can do about it."""

import hashlib
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from flask import Response, abort, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from auditkit.base import clock, limits, signing
from auditkit.base.actor import Actor
from auditkit.base.db import Session, reading, transaction
from auditkit.base.errors import BadInput, NotFound, RuleBroken, TooMany
from auditkit.base.text import N_, _
from auditkit.complaints import rules as register_rules
from auditkit.complaints.clock.telling import local
from auditkit.complaints.correspondence import service as correspondence
from auditkit.complaints.intake import conversation, duedates, queries, receipt, rules, service, tickets
from auditkit.complaints.intake.drafts import Draft
from auditkit.complaints.intake.forms import AnswerForm, ReplyForm, TrackForm, WordsForm
from auditkit.complaints.intake.public_views import grants
from auditkit.complaints.intake.public_views.blueprint import bp
from auditkit.complaints.intake.public_views.form import receive_draft
from auditkit.complaints.intake.public_views.parts import parts_of
from auditkit.complaints.intake.queries import Tracked
from auditkit.evidence import serving
from auditkit.evidence.rules import StorageFailed, StorageFull, UploadsRefused
from auditkit.web.access import PUBLIC, access, current_actor, current_organisation
from auditkit.web.languages import locale

REFUSALS = (RuleBroken, BadInput, UploadsRefused, TooMany, StorageFull, StorageFailed)
PASSING = ("assessed", "proposed", "acting")
"""Stages that not every case goes through: shown only while it is there."""
ONLY_COMPLAINTS = ("investigating", "decided")
"""Stages that no suggestion, request or compliment goes through."""
PRESSED_AGAIN = timedelta(minutes=1)
RECEIPT_FILES = ("receipt.json", "receipt.json.sig", "received.json")


class NotTogether(RuleBroken):
    message = N_("This reference and this secret do not open a page together. Check both; they stand on your receipt")


@bp.route("/track", methods=["GET", "POST"])
@access(PUBLIC)
def track() -> str | AnyResponse | tuple[str, int]:
    """The way in: reference and secret. Neither of them ever stands in an address."""
    form, now = TrackForm(), clock.now()
    if not form.validate_on_submit():
        return _entry(form)
    with transaction() as tx:
        used = limits.take(tx, rules.TRACK_LIMIT, request.remote_addr, now, scope=str(current_actor().organisation_id))
    if used.exceeded:
        return _entry(form, TooMany(minutes=used.minutes_left(now))), 429
    try:
        grants.open_page(reading(), rules.typed_reference(form.reference.data or ""), form.secret.data or "", now)
    except NotFound:
        form.refuse("", NotTogether())
        return _entry(form)
    grants.leave(receipt_only=True)
    return redirect(url_for(".mine"))


@bp.get("/mine")
@access(PUBLIC)
def mine() -> str | AnyResponse:
    """The own page of whoever came in with reference and secret."""
    found = grants.opened(reading(), clock.now())
    if found is None:
        return redirect(url_for(".track"))
    page = _page(found)
    _note_reading(found)
    return page


@bp.post("/mine/reply")
@access(PUBLIC)
def reply() -> str | AnyResponse:
    """Write to the organisation, or send files."""
    form, found, now = ReplyForm(), own_complaint(), clock.now()
    ticket = tickets.read(form.ticket.data or "", now) or tickets.issue(now)
    draft = Draft(ticket.id)
    form.ticket.data = tickets.write(ticket)

    def command() -> Any:
        return service.Say(found, form.text.data or "", receive_draft(draft), locale())

    answer = _act(found, form, _say_once, command, _("Your message has arrived."), "reply", draft)
    if not isinstance(answer, str):
        draft.discard()
    return answer


def _say_once(tx: Session, command: service.Say, now: datetime, actor: Actor) -> None:
    """Keep a message, unless it is the one before it again: a button that was pressed twice."""
    last = next((line for line in conversation.lines(tx, command.about.id) if not line.ours), None)
    again = (
        last is not None
        and now - last.at <= PRESSED_AGAIN
        and last.text == command.text
        and {file.digest for file in command.files} <= {file.digest for file in last.files}
    )
    if not again:
        service.say(tx, command, now, actor)


@bp.post("/mine/answer")
@access(PUBLIC)
def answer() -> str | AnyResponse:
    """Accept the decision, or refuse it."""
    form, found = AnswerForm(), own_complaint()
    done = _("Your answer has arrived. The case stays open.")
    if form.answer.data == register_rules.Answer.ACCEPTED:
        done = _("Your answer has arrived. Thank you.")
    return _act(
        found,
        form,
        service.answer,
        lambda: service.Answer(found, form.answer.data, form.words.data or "", locale()),
        done,
        "answer",
    )


@bp.post("/mine/withdraw")
@access(PUBLIC)
def withdraw() -> str | AnyResponse:
    """Withdraw the complaint."""
    form, found = WordsForm(), own_complaint()
    done = _("Your complaint is withdrawn.")
    return _act(
        found, form, service.withdraw, lambda: service.Wish(found, form.words.data or "", locale()), done, "withdraw"
    )


@bp.post("/mine/higher")
@access(PUBLIC)
def higher() -> str | AnyResponse:
    """Ask that somebody higher looks at it."""
    form, found = WordsForm(), own_complaint()
    done = _("Your wish has arrived. Somebody will tell you what becomes of it.")
    return _act(
        found, form, service.ask_higher, lambda: service.Wish(found, form.words.data or "", locale()), done, "higher"
    )


@bp.post("/mine/leave")
@access(PUBLIC)
def leave() -> AnyResponse:
    """Forget on this device what was opened."""
    grants.leave()
    return redirect(url_for(".track"))


@bp.get("/mine/files/<int:file_id>")
@access(PUBLIC)
def own_file(file_id: int) -> Response:
    """A file of the complainant's, or one that came with a message."""
    return serving.attachment(conversation.file_for(reading(), own_complaint().id, file_id))


@bp.get("/mine/receipt/<name>")
@access(PUBLIC)
def receipt_file(name: str) -> Response:
    """The receipt, its signature, or what was received: the bytes that were signed and hashed."""
    found = queries.receipt(reading(), own_complaint().reference)
    if found is None or name not in RECEIPT_FILES:
        raise NotFound
    content = {"receipt.json": found.document, "received.json": found.content}.get(name)
    data = found.signature if name == "receipt.json.sig" else content.encode() if content is not None else None
    if data is None:
        raise NotFound
    response = make_response(data)
    response.headers["Content-Type"] = "application/octet-stream" if name.endswith(".sig") else "application/json"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _entry(form: TrackForm, limit: TooMany | None = None) -> str:
    # What was typed as the secret is not sent back: it would stand in the page for the next person.
    form.secret.data = ""
    return render_template(
        "complaints/intake/track.html",
        form=form,
        limit=limit,
        settings=queries.settings(reading()),
        organisation=current_organisation(),
    )


def own_complaint() -> Tracked:
    """The complaint this browser was let into; otherwise the answer is the same as for a page that is not there."""
    found = grants.opened(reading(), clock.now())
    if found is None:
        abort(404)
    return found


def _act(
    found: Tracked,
    form: Any,
    act: Callable[..., Any],
    command: Callable[[], Any],
    done: str,
    name: str,
    draft: Draft | None = None,
) -> str | AnyResponse:
    """Perform a verb of the complainant's; refused, the page comes again with what was written and its files."""
    try:
        count_act()
        refused = _keep_files(draft) if draft else []
        if form.validate() and not refused:
            ready = command()  # stores files; that takes time, so no transaction is open yet
            with transaction(current_actor()) as tx:
                act(tx, ready, clock.now(), current_actor())
            flash(done, "good")
            return redirect(url_for(".mine"))
        for one in refused:
            form.refuse("files", one)
    except UploadsRefused as refusal:
        for one in refusal.refusals:
            form.refuse("files", one)
    except REFUSALS as refusal:
        form.refuse("", refusal)
    shown = {f"{name}_form": form, "draft": draft.files() if draft else []}
    return _page(queries.still_tracked(reading(), found.id, found.stamp), **shown)


def _keep_files(draft: Draft) -> list[Exception]:
    """Put what was uploaded into the draft, also where the rest of the form is refused; what cannot be taken."""
    draft.drop(request.form.getlist("drop"))
    return draft.add(request.files.getlist("files"))


def count_act() -> None:
    """Raises TooMany where one network does more in an hour than people do."""
    now = clock.now()
    with transaction() as tx:
        used = limits.take(tx, rules.ACT_LIMIT, request.remote_addr, now, scope=str(current_actor().organisation_id))
    if used.exceeded:
        raise TooMany(minutes=used.minutes_left(now))


def _page(found: Tracked, **forms: Any) -> str:
    tx = reading()
    kept = queries.receipt(tx, found.reference)
    decision_stands = found.told and bool(found.outcome)
    return render_template(
        "complaints/intake/mine.html",
        complaint=found,
        organisation=current_organisation(),
        steps=_steps(found),
        due=duedates.next_due(tx, found.id),
        local=local,
        lines=conversation.lines(tx, found.id),
        files=conversation.own_files(tx, found.id),
        known=queries.known(tx, found.id),
        reissued=next(iter(queries.reissues(tx, found.id)), None),
        receipt=kept,
        receipt_good=kept is not None and _is_whole(kept),
        fingerprint=_fingerprint(),
        decision_stands=decision_stands,
        may_answer=decision_stands and found.stage == "decided" and not found.answer,
        outcomes=register_rules.OUTCOME_TITLES,
        settings=queries.settings(tx),
        parts=parts_of(found),
        **{
            "draft": [],
            "reply_form": ReplyForm(formdata=None, ticket=tickets.write(tickets.issue(clock.now()))),
            "answer_form": AnswerForm(formdata=None),
            "withdraw_form": WordsForm(formdata=None),
            "higher_form": WordsForm(formdata=None),
            **forms,
        },
    )


def _note_reading(found: Tracked) -> None:
    """Put on record that the complainant has seen the organisation's messages: of each the first time."""
    unread = [line.id for line in conversation.lines(reading(), found.id) if line.ours and line.unread]
    if unread:
        with transaction(current_actor()) as tx:
            for number in unread:
                correspondence.mark_read(tx, correspondence.MarkRead(number), clock.now(), current_actor())


def _steps(found: Tracked) -> Sequence[dict[str, Any]]:
    """The stages in plain words, each with whether it is done, now, or still to come."""
    order = [str(stage) for stage in register_rules.Stage if str(stage) in rules.STAGE_WORDS]
    passing = PASSING if found.is_complaint else (*PASSING, *ONLY_COMPLAINTS)
    shown = [stage for stage in order if stage not in passing or stage == found.stage]
    here = shown.index(found.stage) if found.stage in shown else 0
    when = {
        "received": found.received_at,
        "acknowledged": found.acknowledged_at,
        "decided": found.decided_at,
        "closed": found.closed_at,
    }
    return [
        {
            "title": _(rules.STAGE_WORDS[stage][0]),
            "text": _(rules.STAGE_WORDS[stage][1]),
            "when": when.get(stage) if place <= here else None,
            "place": "now" if place == here else "done" if place < here else "later",
        }
        for place, stage in enumerate(shown)
    ]


def _is_whole(kept: queries.Receipt) -> bool:
    """Whether the signature fits the receipt, and the receipt what we hold of the complaint."""
    whole = kept.content is None or hashlib.sha256(kept.content.encode()).hexdigest() == kept.content_digest
    return whole and kept.content_digest in kept.document and receipt.signature_fits(kept.document, kept.signature)


def _fingerprint() -> str:
    key = receipt.signing_key()
    return signing.fingerprint(key) if key else ""
