"""Pages of the reconciliation test: the logs of an audit, one log entry by entry."""

import io
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from auditkit.audits import queries
from auditkit.audits.machinetest.rules import EDITION
from auditkit.audits.queries.plans import AuditHead
from auditkit.audits.reconciling import queries as logs
from auditkit.audits.reconciling import rules
from auditkit.audits.reconciling.forms import ColumnsForm, LogForm, SettleForm
from auditkit.audits.reconciling.queries import EntryView, LogView
from auditkit.audits.reconciling.reading import COLUMN_TITLES, Log, Wanted, columns_of, read_log
from auditkit.audits.reconciling.rules import STANDING_TITLES, STRENGTH_TITLES, Standing
from auditkit.audits.reconciling.service import SUBJECT, CompareLog, SettleEntry, compare_log, settle_entry
from auditkit.audits.rules import Grade, Origin, State
from auditkit.audits.samples import words
from auditkit.audits.samples.tabs import sample_page
from auditkit.audits.views.blueprint import kept, names
from auditkit.base import clock
from auditkit.base.db import reading, transaction
from auditkit.base.errors import BadInput, NotFound
from auditkit.base.text import N_, _
from auditkit.evidence import intake, subjects
from auditkit.evidence import queries as evidence
from auditkit.web.access import access, current_actor
from auditkit.web.acting import REFUSALS
from auditkit.web.languages import moment

bp = Blueprint("audits_reconciling", __name__, url_prefix="/audits", template_folder="templates")

_TONES = {
    Standing.MATCHED: ("good", "check-lg"),
    Standing.DOUBTFUL: ("warn", "question-circle"),
    Standing.UNMATCHED: ("bad", "exclamation-triangle"),
    Standing.NO_COMPLAINT: ("neutral", "dash-circle"),
    Standing.UNREADABLE: ("neutral", "slash-circle"),
}
CLAUSE = f"{EDITION}:7.2"


@bp.get("/<number>/logs")
@access("audits.read")
def index(number: str) -> str:
    """The logs compared in an audit, and the form that gives one."""
    return _page(queries.plans.by_number(reading(), number))


def _page(head: AuditHead, form: LogForm | None = None) -> str:
    return render_template(
        "audits_reconciling/index.html",
        head=head,
        logs=logs.logs(reading(), head.id),
        form=form or LogForm(formdata=None),
        names=names(),
        **_words(),
    )


def _words() -> dict[str, Any]:
    return {
        "STANDING_TITLES": STANDING_TITLES,
        "STRENGTH_TITLES": STRENGTH_TITLES,
        "COLUMN_TITLES": COLUMN_TITLES,
        "TONES": _TONES,
        "Standing": Standing,
        "State": State,
    }


@bp.post("/<number>/logs")
@access("audits.run")
def compare(number: str) -> str | Response:
    """Read a log, keep it as evidence, and compare it with the register."""
    form = LogForm()
    if form.validate_on_submit():
        try:
            content, name = _content(form)
            log = _read(content, form.wanted)
            received = intake.receive([(io.BytesIO(content), name)])
            with transaction(current_actor()) as tx:
                command = CompareLog(number, form.title.data or "", kept(tx, received)[0], log, form.days.data)
                serial = compare_log(tx, command, clock.now(), current_actor())
        except REFUSALS as refusal:
            form.refuse_verb(refusal)
        else:
            for told in log.told:
                flash(told, "info")
            return redirect(url_for(".show", number=number, serial=serial))
    return _page(queries.plans.by_number(reading(), number), form)


def _content(form: LogForm) -> tuple[bytes, str]:
    """What was given, and what it is called."""
    if form.file.data and form.file.data.filename:
        return form.file.data.stream.read(), form.file.data.filename
    text = (form.lines.data or "").strip()
    if not text:
        raise rules.LogMissing()
    return (text + "\n").encode(), _("pasted log") + ".csv"


def _read(content: bytes, wanted: Wanted) -> Log:
    with _as_file(content) as path:
        return read_log(path, wanted)


@contextmanager
def _as_file(content: bytes) -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "log")
        path.write_bytes(content)
        yield path


@bp.route("/<number>/logs/<int(max=9007199254740991):serial>/columns", methods=["GET", "POST"])
@access("audits.run")
def columns(number: str, serial: int) -> str | Response:
    """Say which column of a log is what, and compare it anew; the earlier comparison stays on record."""
    tx = reading()
    head = queries.plans.by_number(tx, number)
    log = logs.log(tx, head.id, serial)
    content = b"".join(evidence.open_stream(tx, log.file.digest))
    with _as_file(content) as path:
        found = columns_of(path)
    if not found:
        raise NotFound()
    form = ColumnsForm(found, data=_as_read(log, found))
    if form.validate_on_submit():
        made = _compared_anew(head, log, content, form)
        if made is not None:
            return redirect(url_for(".show", number=number, serial=made))
    return render_template("audits_reconciling/columns.html", head=head, log=log, form=form)


def _as_read(log: LogView, found: list[tuple[str, str]]) -> dict[str, str]:
    places = {name: str(place) for place, (name, _held) in enumerate(found, 1)}
    return {f"column_{role.replace('-', '_')}": places.get(name, "") for role, name in log.columns.items()}


def _compared_anew(head: AuditHead, log: LogView, content: bytes, form: ColumnsForm) -> int | None:
    try:
        read = _read(content, form.wanted)
        with transaction(current_actor()) as tx:
            command = CompareLog(head.number, log.title, log.file.id, read, log.days)
            serial: int = compare_log(tx, command, clock.now(), current_actor())
    except REFUSALS as refusal:
        form.refuse("", refusal)
        return None
    for told in read.told:
        flash(told, "info")
    return serial


@bp.get("/<number>/logs/<int(max=9007199254740991):serial>")
@access("audits.read")
def show(number: str, serial: int) -> str:
    """One log, entry by entry: `standing` shows only some."""
    return _log_page(number, serial)


def _log_page(number: str, serial: int, refusal: str = "") -> str:
    tx = reading()
    head = queries.plans.by_number(tx, number)
    log = logs.log(tx, head.id, serial)
    standing = _standing()
    after = min(max(request.args.get("after", 0, type=int), 0), 10**9)
    found = logs.entries(tx, log.id, standing, after)
    shown, more = found[: logs.PAGE], len(found) > logs.PAGE
    return render_template(
        "audits_reconciling/show.html",
        head=head,
        log=log,
        entries=shown,
        standing=standing,
        next_after=shown[-1].position if more else None,
        after=after,
        refusal=refusal,
        form=SettleForm(formdata=None),
        names=names(),
        finding_url=lambda entry: finding_url(head, log, entry),
        **_words(),
    )


def _standing() -> Standing | None:
    asked = request.args.get("standing", "")
    if asked and asked not in set(Standing):
        raise NotFound()
    return Standing(asked) if asked else None


@bp.post("/<number>/logs/<int(max=9007199254740991):serial>/<int(max=9007199254740991):position>")
@access("audits.run")
def settle(number: str, serial: int, position: int) -> str | Response:
    """Say what an entry is: this complaint, not in the register, or no complaint."""
    form = SettleForm()
    if not form.validate_on_submit():
        return _log_page(number, serial, _("The form was open too long. Send it again"))
    no_complaint, reference = request.form.get("what") == "no-complaint", form.reference.data or ""
    if request.form.get("what") == "unmatched":
        reference = ""
    command = SettleEntry(number, serial, position, reference, no_complaint, form.note.data or "")
    try:
        with transaction(current_actor()) as tx:
            if request.form.get("what") == "matched" and not reference:
                raise BadInput(N_("Enter the reference of the complaint that the entry is"))
            settle_entry(tx, command, clock.now(), current_actor())
    except NotFound:
        return _log_page(number, serial, _("The register has no complaint %(reference)s", reference=reference))
    except REFUSALS as refusal:
        return _log_page(number, serial, str(refusal))
    asked: dict[str, Any] = {name: request.args[name] for name in ("standing", "after") if name in request.args}
    return redirect(url_for(".show", number=number, serial=serial, _anchor=f"entry-{position}", **asked))


def finding_url(head: AuditHead, log: LogView, entry: EntryView) -> str:
    """The form of a finding, filled in from an entry without a complaint: the second tap raises it."""
    when = moment(entry.came_at) if entry.came_at else _("without a date")
    said = {"title": log.title, "line": entry.line, "when": when, "sender": entry.sender, "words": entry.words[:300]}
    return url_for(
        "audits.new_finding",
        number=head.number,
        origin=Origin.RECONCILIATION.value,
        origin_id=entry.id,
        origin_text=_("%(title)s, line %(line)s", **said),
        grade=Grade.MINOR.value,
        statement=_("A contact that reached the organisation is not in the register of complaints"),
        evidence=_(
            "%(title)s, line %(line)s: %(when)s, %(sender)s, “%(words)s”. Raw log: %(file)s, SHA-256 %(digest)s",
            **said,
            file=log.file.shown_name,
            digest=log.file.digest,
        ),
        **words.criterion(head, CLAUSE),
    )


def _address(log_id: int) -> str:
    number, serial = logs.place(reading(), log_id)
    return url_for("audits_reconciling.show", number=number, serial=serial)


subjects.declare(SUBJECT, N_("Log of a channel"), _address)
sample_page(30, N_("Logs of channels"), "audits_reconciling.index")
