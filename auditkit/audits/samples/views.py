"""The samples tab of an audit: draw, pick, see what to test, and the script that draws a sample again."""

from datetime import date, timedelta
from importlib import resources
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from auditkit.audits import queries, sampling
from auditkit.audits.filetest import queries as filetests
from auditkit.audits.queries.plans import AuditHead
from auditkit.audits.rules import State
from auditkit.audits.samples import jobs, tabs, words
from auditkit.audits.samples.forms import DrawForm, PickForm, SizeForm
from auditkit.audits.samples.offering import offered
from auditkit.audits.samples.queries import statement
from auditkit.audits.samples.sizing import Sizing, sized
from auditkit.audits.sampling import Method, Stratify
from auditkit.audits.service.sampling import DrawSample, PickComplaint, draw_sample, pick_complaint
from auditkit.audits.views import parts
from auditkit.audits.views.blueprint import names
from auditkit.base import clock
from auditkit.base.db import reading, transaction
from auditkit.base.errors import BadInput, RuleBroken
from auditkit.base.jobs import JobView
from auditkit.base.text import N_, _
from auditkit.complaints.checking import populations
from auditkit.evidence import subjects
from auditkit.web import jobs_page
from auditkit.web.access import access, current_actor
from auditkit.web.acting import REFUSALS, done

bp = Blueprint("audits_samples", __name__, url_prefix="/audits", template_folder="templates")

ONE_DAY = timedelta(days=1)


@bp.get("/<number>/samples")
@access("audits.read")
def index(number: str) -> str:
    """The samples of an audit, what was chosen by judgement, and how far the files are tested."""
    return page(queries.plans.by_number(reading(), number))


def page(head: AuditHead, *, draw: DrawForm | None = None, pick: PickForm | None = None) -> str:
    """The tab, with a form that was refused instead of an empty one."""
    tx = reading()
    team = queries.plans.team(tx, head.id)
    samples, picks = queries.samples.of_audit(tx, head, team), queries.samples.picks(tx, head, team)
    size_form, size = _sizing()
    return render_template(
        "audits_samples/index.html",
        head=head,
        samples=samples,
        picks=picks,
        said=statement(samples, picks, names()),
        tests=filetests.states(tx, head.id),
        progress=filetests.progress(tx, head.id),
        draw=draw or _draw_form(formdata=None, data={**offered_period(head), **_sized_data(size)}),
        pick=pick or PickForm(formdata=None),
        size_form=size_form,
        size=size,
        names=names(),
        words=words,
        METHOD_TITLES=sampling.METHOD_TITLES,
        State=State,
    )


def offered_period(head: AuditHead) -> dict[str, date]:
    """The year before the audit: what a sample is mostly drawn of."""
    return {"received_from": head.planned_from - timedelta(days=365), "received_to": head.planned_from - ONE_DAY}


def _draw_form(**more: Any) -> DrawForm:
    return DrawForm(offered(reading()), **more)


def _sizing() -> tuple[SizeForm, Sizing | None]:
    """The calculator as the address asks it, with what it comes to."""
    if not request.args.get("tolerable"):
        return SizeForm(formdata=None, data={"tolerable": 5.0, "expected": 0.0, "confidence": 95}), None
    form = SizeForm(formdata=request.args)
    if not form.validate():
        return form, None
    try:
        return form, sized(form.confidence.data, form.tolerable.data, form.expected.data or 0.0, form.population.data)
    except (BadInput, RuleBroken) as refusal:
        form.refuse("tolerable", refusal)
        return form, None


def _sized_data(size: Sizing | None) -> dict[str, Any]:
    if size is None:
        return {}
    return {
        "method": Method.RANDOM.value,
        "size": size.size,
        "reason": size.words,
        "sized_confidence": size.confidence,
        "sized_tolerable": size.tolerable,
        "sized_expected": size.expected,
        "sized_for": size.population or "",
    }


@bp.post("/<number>/samples")
@access("audits.run")
def draw(number: str) -> str | AnyResponse:
    """Draw a sample of complaints and capture them; of a large population a worker draws it."""
    form = _draw_form()
    if form.validate_on_submit():
        try:
            command = _draw(number, form)
            sampling.check_wish(
                command.received_from, command.received_to, command.size, command.reason, command.how, command.by
            )
            if populations.size(reading(), command.part) > jobs.AT_ONCE:
                return jobs_page.begin(jobs.DRAW, jobs.payload(command))
            with transaction(current_actor()) as tx:
                serial = draw_sample(tx, command, clock.now(), current_actor())
        except REFUSALS as refusal:
            form.refuse_verb(refusal)
        else:
            flash(_("The sample is drawn, and its complaints are captured as they stand now."), "good")
            return redirect(url_for(".index", number=number, _anchor=f"sample-{serial}"))
    return page(queries.plans.by_number(reading(), number), draw=form)


def _draw(number: str, form: DrawForm) -> DrawSample:
    return DrawSample(
        number=number,
        received_from=form.received_from.data,
        received_to=form.received_to.data,
        size=form.size.data,
        reason=form.reason.data or "",
        method=Method(form.method.data),
        by=Stratify(form.by.data) if form.by.data else None,
        filters=form.filters,
        sizing=_asked_sizing(form),
    )


def _asked_sizing(form: DrawForm) -> dict[str, Any]:
    """What the calculator said, computed again, where the number is its own; else nothing."""
    try:
        population = int(form.sized_for.data) if form.sized_for.data else None
        asked = (
            int(form.sized_confidence.data or 0),
            float(form.sized_tolerable.data or 0),
            float(form.sized_expected.data or 0),
        )
        size = sized(*asked, population)
    except (ValueError, BadInput, RuleBroken):  # none was asked
        return {}
    return size.plain() if size.size == form.size.data and form.method.data == Method.RANDOM else {}


@bp.post("/<number>/picks")
@access("audits.run")
def pick(number: str) -> str | AnyResponse:
    """Take a complaint by judgement."""
    form = PickForm()
    if done(form, pick_complaint, lambda: PickComplaint(number, form.reference.data or "", form.reason.data or "")):
        flash(
            _("%(reference)s is taken into the audit, and captured as it stands.", reference=form.reference.data),
            "good",
        )
        return redirect(url_for(".index", number=number, _anchor="picks"))
    return page(queries.plans.by_number(reading(), number), pick=form)


@bp.get("/redraw.py")
@access("audits.read")
def script() -> Response:
    """The script that draws any sample again, with nothing but Python."""
    text = resources.files("auditkit.audits.samples").joinpath("redraw.py").read_text(encoding="utf-8")
    response = Response(text, mimetype="text/x-python")
    response.headers["Content-Disposition"] = "attachment; filename=redraw.py"
    return response


@bp.app_context_processor
def _pages_of_samples() -> dict[str, Any]:
    return {"sample_pages_of": lambda head: tabs.pages_of(head, str(request.endpoint))}


@parts.audit_part(parts.OVERVIEW, 40)
def overview(head: AuditHead) -> str:
    """What the page of an audit says of its samples."""
    if head.state is State.PLANNED:
        return ""
    tx = reading()
    return render_template("audits_samples/overview.html", head=head, progress=filetests.progress(tx, head.id))


def _sample_address(sample_id: int) -> str:
    number, serial = queries.samples.place(reading(), sample_id)
    return url_for("audits_samples.index", number=number, _anchor=f"sample-{serial}")


def _drawn_at(job: JobView) -> str:
    result = job.result or {}
    number = str(result.get("number", job.payload["number"]))
    return url_for("audits_samples.index", number=number, _anchor=f"sample-{result.get('sample', 1)}")


jobs_page.shows(
    jobs.DRAW,
    jobs_page.Shown(
        title=N_("Drawing a sample"),
        permission="audits.run",
        failed=N_("Nothing was drawn. Draw again; the seed of the attempt is not used a second time."),
        subject=lambda job: str(job.payload["number"]),
        result=_drawn_at,
        again=lambda job: url_for("audits_samples.index", number=str(job.payload["number"])),
        facts=lambda _job: [],
    ),
)
subjects.declare(queries.samples.SUBJECT, N_("Sample of an audit"), _sample_address)
tabs.sample_page(10, N_("Samples and files"), "audits_samples.index")
parts.audit_tab(
    40,
    N_("Samples"),
    "audits_samples.index",
    shown=lambda head: head.state is not State.PLANNED,
    within=(
        "audits_samples",
        "audits_filetest",
        "audits_identity",
        "audits_machinetest",
        "audits_reconciling",
        "audits_recounting",
    ),
)
