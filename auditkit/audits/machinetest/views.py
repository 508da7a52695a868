"""The page of machine tests over a whole population, the exceptions of one test, and their list as CSV."""

import io
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from auditkit.accounts.queries import zone_of_house
from auditkit.audits import queries, sampling
from auditkit.audits.machinetest import jobs
from auditkit.audits.machinetest import queries as machinetests
from auditkit.audits.machinetest.examining import PopulationWish
from auditkit.audits.machinetest.queries import RunView
from auditkit.audits.machinetest.rules import EDITION, SUBJECT
from auditkit.audits.machinetest.service import run_tests
from auditkit.audits.queries.plans import AuditHead
from auditkit.audits.rules import Grade, Origin, State
from auditkit.audits.samples import words
from auditkit.audits.samples.forms import PartForm
from auditkit.audits.samples.offering import offered
from auditkit.audits.samples.tabs import sample_page
from auditkit.audits.samples.views import offered_period
from auditkit.audits.views.blueprint import names
from auditkit.base import clock
from auditkit.base.db import reading, transaction
from auditkit.base.errors import NotFound
from auditkit.base.jobs import JobView
from auditkit.base.text import N_, _, enumerated
from auditkit.complaints.checking import machine, populations
from auditkit.complaints.checking.machine import ABOUT, Check
from auditkit.complaints.rules import STAGE_TITLES
from auditkit.documents.tables import Column, write_csv
from auditkit.evidence import subjects
from auditkit.evidence.names import content_disposition
from auditkit.web import jobs_page
from auditkit.web.access import access, current_actor
from auditkit.web.acting import REFUSALS

bp = Blueprint("audits_machinetest", __name__, url_prefix="/audits", template_folder="templates")

NAMED = 10
"""So many references stand in the evidence of a finding; the others are in the record it names."""


@bp.get("/<number>/population")
@access("audits.read")
def index(number: str) -> str:
    """The kept runs of an audit, and the form that runs the tests."""
    return _page(queries.plans.by_number(reading(), number))


def _page(head: AuditHead, form: PartForm | None = None) -> str:
    tx = reading()
    return render_template(
        "audits_machinetest/index.html",
        head=head,
        runs=machinetests.runs(tx, head.id),
        form=form or PartForm(offered(tx), formdata=None, data=offered_period(head)),
        names=names(),
        words=words,
        ABOUT=ABOUT,
        State=State,
    )


@bp.post("/<number>/population")
@access("audits.run")
def run(number: str) -> str | AnyResponse:
    """Run every machine test over a population; over a large one a worker does it."""
    form = PartForm(offered(reading()))
    if form.validate_on_submit():
        wish = PopulationWish(number, form.received_from.data, form.received_to.data, form.filters)
        try:
            if wish.received_to < wish.received_from:
                raise sampling.SamplePeriodReversed(first=wish.received_from)
            if populations.size(reading(), wish.part) > jobs.AT_ONCE:
                return jobs_page.begin(jobs.RUN, jobs.payload(wish))
            with transaction(current_actor()) as tx:
                serial = run_tests(tx, wish, clock.now(), current_actor())
        except REFUSALS as refusal:
            form.refuse_verb(refusal)
        else:
            return redirect(url_for(".index", number=number, _anchor=f"run-{serial}"))
    return _page(queries.plans.by_number(reading(), number), form)


@bp.get("/<number>/population/<int(max=9007199254740991):serial>/<name>")
@access("audits.read")
def exceptions(number: str, serial: int, name: str) -> str:
    """The complaints that one test found an exception in, as they were kept, and as they stand now."""
    tx = reading()
    head, found, check, references = _found(number, serial, name)
    start = min(max(request.args.get("from", 0, type=int), 0), 10**9)
    shown = references[start : start + machine.PAGE]
    return render_template(
        "audits_machinetest/exceptions.html",
        head=head,
        run=found,
        result=found.result(check),
        about=ABOUT[check],
        shown=shown,
        start=start,
        total=len(references),
        size=machine.PAGE,
        now_there=machine.by_references(tx, shown),
        stages=STAGE_TITLES,
        finding_url=finding_url(head, found, check, references),
        words=words,
        State=State,
    )


def _found(number: str, serial: int, name: str) -> tuple[AuditHead, RunView, Check, list[str]]:
    if name not in set(Check):
        raise NotFound()
    tx, check = reading(), Check(name)
    head = queries.plans.by_number(tx, number)
    found = machinetests.run(tx, head.id, serial)
    return head, found, check, machinetests.exceptions(tx, found, check)


@bp.get("/<number>/population/<int(max=9007199254740991):serial>/<name>.csv")
@access("audits.read")
def table(number: str, serial: int, name: str) -> Response:
    """The same as CSV, all of them."""
    _head, found, check, references = _found(number, serial, name)
    there: dict[str, machine.Odd] = {}
    for start in range(0, len(references), 500):
        there |= machine.by_references(reading(), references[start : start + 500])
    columns = [_("Reference"), _("Stage"), _("Received"), _("Acknowledged"), _("Decided"), _("Closed"), _("Subject")]
    out, zone = io.BytesIO(), zone_of_house(reading())
    write_csv(out, [Column(one) for one in columns], (_cells(one, there.get(one), zone) for one in references))
    response = Response(out.getvalue(), mimetype="text/csv")
    file = f"{number}-P{found.serial}-{check.value}.csv"
    response.headers["Content-Disposition"] = content_disposition(file)
    return response


def _cells(reference: str, one: machine.Odd | None, zone: ZoneInfo) -> list[str]:
    if one is None:
        return [reference, "", "", "", "", "", ""]
    moments = (one.received_at, one.acknowledged_at, one.decided_at, one.closed_at)
    return [
        reference,
        one.stage,
        *(f"{at.astimezone(zone):%Y-%m-%d %H:%M}" if at else "" for at in moments),
        one.subject,
    ]


def finding_url(head: AuditHead, found: RunView, check: Check, references: list[str]) -> str:
    """The form of a finding, filled in from the exceptions of a test: the second tap raises it."""
    about, result = ABOUT[check], found.result(check)
    said = {
        "exceptions": result.exceptions,
        "checked": result.checked,
        "share": f"{result.share or 0:.1f}",
        "start": found.received_from.isoformat(),
        "end": found.received_to.isoformat(),
        "named": enumerated(references[:NAMED]) + (" …" if len(references) > NAMED else ""),
        "file": found.record.shown_name,
        "digest": found.record.digest,
    }
    return url_for(
        "audits.new_finding",
        number=head.number,
        origin=Origin.POPULATION.value,
        origin_id=found.id,
        origin_text=_(about.title),
        grade=Grade.MINOR.value,
        statement=f"{_(about.statement)} ({result.exceptions}/{result.checked})",
        evidence=_(
            "%(exceptions)s of %(checked)s complaints received from %(start)s to %(end)s (in order: %(share)s %%): "
            "%(named)s. All of them in %(file)s, SHA-256 %(digest)s",
            **said,
        ),
        **words.criterion(head, f"{EDITION}:{about.clause}"),
    )


def _address(run_id: int) -> str:
    number, serial = machinetests.place(reading(), run_id)
    return url_for("audits_machinetest.index", number=number, _anchor=f"run-{serial}")


def _run_at(job: JobView) -> str:
    result: dict[str, Any] = job.result or {}
    number = str(result.get("number", job.payload["number"]))
    return url_for("audits_machinetest.index", number=number, _anchor=f"run-{result.get('run', 1)}")


jobs_page.shows(
    jobs.RUN,
    jobs_page.Shown(
        title=N_("Testing a whole population"),
        permission="audits.run",
        failed=N_("Nothing was kept. Run the tests again."),
        subject=lambda job: str(job.payload["number"]),
        result=_run_at,
        again=lambda job: url_for("audits_machinetest.index", number=str(job.payload["number"])),
        facts=lambda _job: [],
    ),
)
subjects.declare(SUBJECT, N_("Machine tests of an audit"), _address)
sample_page(20, N_("Whole population"), "audits_machinetest.index")
