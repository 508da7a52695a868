"""Pages of the register: the list, taking a complaint down, and the page of one complaint with its next act."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from auditkit.base import clock
from auditkit.base.db import reading, transaction
from auditkit.base.errors import BadInput, Conflict, RuleBroken
from auditkit.base.text import _
from auditkit.complaints import queries, rules, service
from auditkit.complaints.forms import (
    ALL_STAGES,
    AcknowledgeForm,
    AnswerForm,
    CloseForm,
    DecideForm,
    RegisterForm,
    titled,
    wanted_from,
)
from auditkit.complaints.queries import Case, RegisterRow, Sort, Wanted
from auditkit.journal.queries import Entry, timeline
from auditkit.web.access import access, current_actor, may
from auditkit.web.languages import day, locale

bp = Blueprint("complaints", __name__, url_prefix="/complaints", template_folder="templates")

REFUSALS = (RuleBroken, BadInput, Conflict)
LISTED = ("stage", "q", "channel", "severity", "category", "from", "to", "run", "sort")
MARKS = {
    rules.REGISTERED.name: ("inbox", "neutral"),
    rules.ACKNOWLEDGED.name: ("envelope-check", "info"),
    rules.DECIDED.name: ("clipboard-check", "info"),
    rules.DECISION_ACCEPTED.name: ("hand-thumbs-up", "good"),
    rules.DECISION_REFUSED.name: ("hand-thumbs-down", "warn"),
    rules.CLOSED.name: ("lock", "good"),
    rules.IDENTITY_READ.name: ("eye", "neutral"),
}


@dataclass(slots=True)
class Line:
    """One line of the list, as it is shown."""

    reference: str
    title: str
    remarks: str
    day: str
    stage: str
    severity: str
    waiting: int | str


@bp.get("/")
@access("complaints.read")
def index() -> str:
    """The register: a part of it, in an order, a page at a time."""
    wanted = wanted_from(request.args, find_by_identity=may("identity.read"))
    tx = reading()
    page = queries.register_page(tx, wanted, request.args.get("page", ""))
    channels = _known(queries.channels_used(tx), rules.CHANNEL_TITLES)
    categories = _known(queries.categories_used(tx), rules.CATEGORY_TITLES)
    return render_template(
        "complaints/index.html",
        wanted=wanted,
        page=page,
        lines=_lines(page.rows, channels, categories),
        filters=_filters(wanted, channels, categories),
        narrowed=_narrowed(wanted),
        severities={word.value: _(title) for word, title in rules.SEVERITY_TITLES.items()},
        **_addresses(wanted),
    )


def _known(used: list[str], titles: dict[Any, str]) -> dict[str, str]:
    """Word -> title of what occurs; a word from a file is its own title."""
    return {word: _(titles[word]) if word in titles else word for word in used}


def _lines(rows: list[RegisterRow], channels: dict[str, str], categories: dict[str, str]) -> list[Line]:
    today = clock.now().date()
    kinds = {word.value: _(title) for word, title in rules.KIND_TITLES.items() if word != rules.Kind.COMPLAINT}
    lines = []
    for row in rows:
        received = row.received_at.date()
        closed = row.stage == rules.Stage.CLOSED
        remarks = (
            row.reference,
            kinds.get(row.kind),
            categories.get(row.category, row.category),
            channels.get(row.channel, row.channel),
        )
        lines.append(
            Line(
                reference=row.reference,
                title=row.subject or row.product or row.reference,
                remarks=" · ".join(filter(None, remarks)),
                day=day(received),
                stage="refused" if row.answer == rules.Answer.REFUSED and not closed else row.stage,
                severity=row.severity,
                waiting="" if closed else (today - received).days,
            )
        )
    return lines


def _filters(wanted: Wanted, channels: dict[str, str], categories: dict[str, str]) -> Markup:
    """The fields that are folded away and the order: long lists that change seldom, so each kind of them is kept."""
    return _filter_fields(
        locale(),
        wanted.sort.value,
        (wanted.channel, wanted.category, wanted.severity, wanted.received_from, wanted.received_to, wanted.import_run),
        tuple(channels.items()),
        tuple(categories.items()),
    )


@lru_cache(maxsize=256)
def _filter_fields(
    _language: str,
    sort: str,
    chosen: tuple[Any, ...],
    channels: tuple[tuple[str, str], ...],
    categories: tuple[tuple[str, str], ...],
) -> Markup:
    channel, category, severity, received_from, received_to, import_run = chosen
    fields = render_template(
        "complaints/_filters.html",
        sort=sort,
        channel=channel,
        channels=channels,
        category=category,
        categories=categories,
        severity=severity,
        severities=titled(rules.SEVERITY_TITLES),
        received_from=received_from,
        received_to=received_to,
        import_run=import_run,
        narrowed=sum(1 for value in chosen if value),
    )
    return Markup(fields)  # noqa: S704 - our own template escaped what it shows


def _narrowed(wanted: Wanted) -> int:
    """How many of the folded filters are set."""
    folded = (
        wanted.channel,
        wanted.severity,
        wanted.category,
        wanted.received_from,
        wanted.received_to,
        wanted.import_run,
    )
    return sum(1 for value in folded if value)


def _addresses(wanted: Wanted) -> dict[str, Any]:
    """The addresses a page of the list links to, each made once, not once a row."""
    base = url_for(".index")
    stage = wanted.stage or ALL_STAGES
    asked = {name: request.args[name] for name in LISTED if request.args.get(name)}
    asked["stage"] = stage
    other = Sort.NEWEST if wanted.sort == Sort.OLDEST else Sort.OLDEST

    def address(**changes: str) -> str:
        return f"{base}?{urlencode({**asked, **changes})}"

    kept = {name: value for name, value in asked.items() if name not in ("stage", "sort")}
    tabs = [("open", _("Open")), *titled(rules.STAGE_TITLES), (ALL_STAGES, _("All"))]
    return {
        "base": base,
        "stage": stage,
        "tabs": [(title, f"{base}?{urlencode({**kept, 'stage': word})}", word == stage) for word, title in tabs],
        "list_url": address(),
        "sort_url": address(sort=other.value),
        "clear_url": f"{base}?{urlencode({'stage': stage})}",
        "all_url": address(stage=ALL_STAGES),
        "total": f"{queries.COUNTED_UP_TO:,}",
    }


@bp.route("/new", methods=["GET", "POST"])
@access("complaints.register")
def new() -> str | Response:
    """Take a complaint down."""
    form = RegisterForm(received_on=clock.now().date())
    if form.validate_on_submit():
        try:
            with transaction(current_actor()) as tx:
                made = service.register(tx, form.command(), clock.now(), current_actor())
        except REFUSALS as refusal:
            form.refuse_verb(refusal)
        else:
            flash(_("The complaint was registered as %(reference)s.", reference=made.reference), "good")
            return redirect(url_for(".show", reference=made.reference) if may("complaints.read") else url_for(".new"))
    return render_template("complaints/new.html", form=form)


@bp.get("/<reference>")
@access("complaints.read")
def show(reference: str) -> str:
    """One complaint: its story, its next act, what happened."""
    return _page(queries.by_reference(reading(), reference))


@bp.get("/<reference>/complainant")
@access("identity.read")
def complainant(reference: str) -> str:
    """The same page with who complained; the reading is on record."""
    with transaction(current_actor()) as tx:
        command = service.ReadIdentity(reference)
        who = service.read_identity(tx, command, clock.now(), current_actor())
    return _page(queries.by_reference(reading(), reference), who=who)


@bp.post("/<reference>/acknowledge")
@access("complaints.handle")
def acknowledge(reference: str) -> str | Response | tuple[str, int]:
    """The complainant was told that the complaint came in."""
    form = AcknowledgeForm()
    command = service.Acknowledge(reference, form.seen)
    return _act(reference, form, service.acknowledge, command, _("The acknowledgement is on record."))


@bp.post("/<reference>/decide")
@access("complaints.handle")
def decide(reference: str) -> str | Response | tuple[str, int]:
    """Record the decision."""
    form = DecideForm()
    command = service.Decide(
        reference, form.seen, form.outcome.data or "", form.decision.data or "", form.remedy.data or ""
    )
    return _act(reference, form, service.decide, command, _("The decision is on record."))


@bp.post("/<reference>/answer")
@access("complaints.handle")
def answer(reference: str) -> str | Response | tuple[str, int]:
    """Record what the complainant said to the decision."""
    form = AnswerForm()
    command = service.RecordAnswer(reference, form.seen, form.answer.data or "")
    return _act(reference, form, service.record_answer, command, _("The complainant's answer is on record."))


@bp.post("/<reference>/close")
@access("complaints.handle")
def close(reference: str) -> str | Response | tuple[str, int]:
    """Close the complaint."""
    form = CloseForm(queries.by_reference(reading(), reference).answer)
    command = service.Close(reference, form.seen, form.ground.data or "", form.closing_note.data or "")
    return _act(reference, form, service.close, command, _("The complaint is closed."))


def _act(
    reference: str, form: Any, verb: Callable[..., None], command: Any, done: str
) -> str | Response | tuple[str, int]:
    """Run `verb` when the form is sound, and lead back to the complaint; else show it with what is to be mended."""
    status = 200
    if form.validate_on_submit():
        try:
            with transaction(current_actor()) as tx:
                verb(tx, command, clock.now(), current_actor())
        except REFUSALS as refusal:
            form.refuse_verb(refusal)
            status = 409 if isinstance(refusal, Conflict) else 200
        else:
            flash(done, "good")
            return redirect(url_for(".show", reference=reference))
    return _page(queries.by_reference(reading(), reference), form=form), status


def _page(case: Case, *, form: Any = None, who: service.Identity | None = None) -> str:
    forms = _forms(case) if may("complaints.handle") else {}
    if form is not None:
        form.version.data = str(case.version)  # after a conflict the person now sees the newest state
        forms[type(form)] = form
    return render_template(
        "complaints/show.html",
        case=case,
        who=who,
        next_act=_next_act(case, form) if forms else None,
        acknowledge_form=forms.get(AcknowledgeForm),
        decide_form=forms.get(DecideForm),
        answer_form=forms.get(AnswerForm),
        close_form=forms.get(CloseForm),
        happened=_happened(case),
        words=_words(),
    )


def _forms(case: Case) -> dict[type, Any]:
    """The forms of the acts that are possible now."""
    version = str(case.version)
    next_forms: dict[str | None, Any] = {"acknowledge": AcknowledgeForm, "decide": DecideForm, "answer": AnswerForm}
    possible: dict[type, Any] = {}
    if case.next_act in next_forms:
        form = next_forms[case.next_act]
        possible[form] = form(None, version=version)
    if case.stage == rules.Stage.DECIDED:
        possible[CloseForm] = CloseForm(case.answer, None, version=version)
    return possible


def _next_act(case: Case, form: Any) -> str | None:
    acts = {AcknowledgeForm: "acknowledge", DecideForm: "decide", AnswerForm: "answer", CloseForm: "close"}
    return acts[type(form)] if form is not None else case.next_act


def _words() -> dict[str, dict[str, str]]:
    titles: dict[str, dict[Any, str]] = {
        "stage": rules.STAGE_TITLES,
        "kind": rules.KIND_TITLES,
        "channel": rules.CHANNEL_TITLES,
        "category": rules.CATEGORY_TITLES,
        "severity": rules.SEVERITY_TITLES,
        "outcome": rules.OUTCOME_TITLES,
        "answer": rules.ANSWER_TITLES,
        "ground": rules.GROUND_TITLES,
    }
    return {name: {str(word): _(title) for word, title in known.items()} for name, known in titles.items()}


def _happened(case: Case) -> list[dict[str, Any]]:
    """The timeline of the page, newest first."""
    names: dict[int, str] = current_app.extensions["auditkit.directory"].names()
    entries = [
        _line(entry, names) for entry in timeline(reading(), current_actor().organisation_id, ("complaint", case.id))
    ]
    if case.import_run_id is not None:
        entries.append(
            {"when": case.recorded_at, "title": _("Brought in from a file"), "icon": "file-earmark-arrow-up"}
        )
    return entries


def _line(entry: Entry, names: dict[int, str]) -> dict[str, Any]:
    icon, tone = MARKS.get(entry.event, ("dot", "neutral"))
    by = names.get(entry.actor_id, "") if entry.actor_id else _("the system")
    outcome, ground = entry.facts.get("outcome", ""), entry.facts.get("ground", "")
    said = rules.OUTCOME_TITLES.get(outcome) or rules.GROUND_TITLES.get(ground)
    return {
        "when": entry.at,
        "title": _(entry.title),
        "by": by,
        "icon": icon,
        "tone": tone,
        "text": _(said) if said else "",
    }
