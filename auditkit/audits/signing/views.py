"""Pages at the end of an audit: report and signatures of one audit, amendments, and what the auditee sees."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, current_app, flash, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from auditkit.accounts.proving import has_password, prove
from auditkit.accounts.queries import members
from auditkit.audits.findings import queries as findings_said
from auditkit.audits.findings import service as findings_service
from auditkit.audits.findings.forms import ResponseForm
from auditkit.audits.findings.rules import RESPONSE_TITLES
from auditkit.audits.queries import findings as findings_of
from auditkit.audits.queries import plans
from auditkit.audits.queries.plans import AuditHead
from auditkit.audits.rules import State
from auditkit.audits.signing import checking, queries, service
from auditkit.audits.signing.forms import (
    AcknowledgeForm,
    AmendFindingForm,
    AmendReportForm,
    AuditeeForm,
    SignForm,
    TextsForm,
    field_of,
)
from auditkit.audits.signing.rules import PROOF_TITLES, STANDING_TITLES, Proof, Standing
from auditkit.audits.signing.telling import FIELD_TITLES, told_amendments
from auditkit.audits.views.blueprint import grades, names, words
from auditkit.audits.views.parts import OVERVIEW, audit_part, audit_tab
from auditkit.base import clock, signing
from auditkit.base.db import reading, transaction
from auditkit.base.errors import Forbidden, NotFound
from auditkit.base.text import N_, _
from auditkit.evidence.names import content_disposition, download_name
from auditkit.web.access import access, current_actor, may
from auditkit.web.acting import REFUSALS
from auditkit.web.forms import Form

bp = Blueprint("audit_signing", __name__, url_prefix="/audits", template_folder="templates")

STANDING_TONES = {
    Standing.NONE: "neutral",
    Standing.UNSIGNED: "warn",
    Standing.SIGNED: "info",
    Standing.ACKNOWLEDGED: "good",
}

audit_tab(
    80,
    N_("Report and signatures"),
    "audit_signing.show",
    shown=lambda head: head.state is not State.PLANNED,
    outside=True,
)


def _key() -> Any:
    return signing.load_key(current_app.extensions["auditkit.settings"].instance)


@bp.get("/<number>/signing")
@access("audits.read")
def show(number: str) -> str:
    """The report of an audit: its words, the auditee, signatures with their checks, amendments."""
    return _page(number)


def _page(number: str, **forms: Form) -> str:
    tx = reading()
    head = plans.by_number(tx, number)
    auditee, texts = queries.auditee(tx, head.id), queries.texts(tx, head.id)
    return render_template(
        "audits/signing/show.html",
        head=head,
        papers=queries.papers(tx, head.id, head.state),
        texts=texts,
        labels=[(_(FIELD_TITLES[name]), value) for name, value in texts.given().items()],
        auditee=auditee,
        is_lead=queries.lead(tx, head.id) == current_actor().person_id,
        is_auditee=auditee is not None and auditee == current_actor().person_id,
        auditee_form=forms.get("auditee_form") or AuditeeForm(_people(head), formdata=None, person_id=auditee),
        sign_form=forms.get("sign_form") or SignForm(formdata=None, has_password=has_password()),
        **_signed(head),
        **words(),
    )


def _signed(head: AuditHead) -> dict[str, Any]:
    tx = reading()
    return {
        "signatures": queries.signatures(tx, head.id),
        "checks": checking.check(tx, head.number, head.id),
        "amendments": told_amendments(queries.amendments(tx, head.id), grades()),
        "names": names(),
        "STANDING_TITLES": STANDING_TITLES,
        "STANDING_TONES": STANDING_TONES,
        "PROOF_TITLES": PROOF_TITLES,
        "SIGNATURE_TITLES": checking.SIGNATURE_TITLES,
        "RECORDS_TITLES": checking.RECORDS_TITLES,
    }


def _people(head: AuditHead) -> list[tuple[int, str]]:
    team = {one.person_id for one in plans.team(reading(), head.id)}
    return [(one.person_id, one.name) for one in members(reading()) if one.person_id not in team]


def _done(number: str, text: str, part: str = "") -> AnyResponse:
    flash(text, "good")
    return redirect(url_for(".show", number=number, _anchor=part or None))


def _tried(form: Any, act: Callable[[], None]) -> bool:
    """Whether the form was right and the verb went through; what was refused stands in the form."""
    if not form.validate_on_submit():
        return False
    try:
        act()
    except (*REFUSALS, Forbidden) as refusal:
        form.refuse_verb(refusal)
        return False
    return True


def _proof(form: Any) -> Proof:
    return Proof(prove(form.password.data or "" if "password" in form else ""))


@bp.route("/<number>/report-texts", methods=["GET", "POST"])
@access("audits.run")
def texts(number: str) -> str | AnyResponse:
    """Write what the report says beside answers and findings; what the plan says is offered."""
    head = plans.by_number(reading(), number)
    written = queries.texts(reading(), head.id).given()
    offered = {field_of(name): value or getattr(head, name, "") for name, value in written.items()}
    form = TextsForm(data=offered)

    def write() -> None:
        with transaction(current_actor()) as tx:
            service.write_report(tx, service.WriteReport(number, form.texts()), clock.now(), current_actor())

    if _tried(form, write):
        return _done(number, _("The words of the report are kept."))
    return render_template("audits/signing/texts.html", head=head, form=form, **words())


@bp.post("/<number>/auditee")
@access("audits.plan")
def name_auditee(number: str) -> str | AnyResponse:
    """Name who answers for what is audited."""
    form = AuditeeForm(_people(plans.by_number(reading(), number)))

    def name() -> None:
        with transaction(current_actor()) as tx:
            service.name_auditee(tx, service.NameAuditee(number, form.person_id.data), clock.now(), current_actor())

    if _tried(form, name):
        return _done(number, _("The representative is named, and sees the report on the page “Audits of my work”."))
    return _page(number, auditee_form=form)


@bp.post("/<number>/sign")
@access("audits.run")
def sign(number: str) -> str | AnyResponse:
    """Sign the report as the lead auditor."""
    form = SignForm(has_password=has_password())

    def put_name() -> None:
        proof = _proof(form)
        with transaction(current_actor()) as tx:
            command = service.Sign(number, form.typed_name.data or "", proof)
            service.sign(tx, command, clock.now(), current_actor(), key=_key())

    if _tried(form, put_name):
        return _done(
            number, _("The report is signed. From now on it changes by numbered amendments only."), "signatures"
        )
    return _page(number, sign_form=form)


@bp.post("/<number>/take-back")
@access("audits.run")
def take_back(number: str) -> AnyResponse:
    """Let a reported audit that nobody signed run again."""
    try:
        with transaction(current_actor()) as tx:
            service.take_back(tx, service.TakeBack(number), clock.now(), current_actor())
    except REFUSALS as refusal:
        flash(str(refusal), "bad")
        return redirect(url_for(".show", number=number))
    flash(_("The report is taken back, and the audit runs again."), "good")
    return redirect(url_for("audits.show", number=number))


@bp.route("/<number>/amend", methods=["GET", "POST"])
@access("audits.run")
def amend(number: str) -> str | AnyResponse:
    """Amend a signed report: one finding, or its conclusion and words."""
    head = plans.by_number(reading(), number)
    finding = request.args.get("finding", "")
    form = _amend_form(head, finding)

    def change() -> None:
        proof = _proof(form)
        values = {name: form[field_of(name)].data or "" for name in _amendable(finding)}
        command = service.Amend(
            number, values, form.reason.data or "", form.typed_name.data or "", proof, finding=finding
        )
        with transaction(current_actor()) as tx:
            service.amend(tx, command, clock.now(), current_actor(), key=_key())

    if _tried(form, change):
        return _done(number, _("The amendment is kept and signed."), "amendments")
    fields = [field_of(name) for name in _amendable(finding)]
    found = findings_of.of_audit(reading(), head.id)
    return render_template(
        "audits/signing/amend.html", head=head, form=form, finding=finding, fields=fields, findings=found, **words()
    )


def _amendable(finding: str) -> tuple[str, ...]:
    return service.FINDING_FIELDS if finding else service.AUDIT_FIELDS


def _amend_form(head: AuditHead, finding: str) -> Any:
    if not finding:
        written = queries.texts(reading(), head.id).given()
        said = {"conclusion": head.conclusion, **{field_of(name): value for name, value in written.items()}}
        return AmendReportForm(data=said, has_password=has_password())
    found = findings_of.by_number(reading(), finding)
    if found.audit_id != head.id:
        raise NotFound()
    return AmendFindingForm(grades(), obj=found, has_password=has_password())


@bp.get("/<number>/signatures/<int(max=10000):serial>.json")
@access("audits.read")
def signature_file(number: str, serial: int) -> Response:
    """A signature with everything needed to check it without auditkit."""
    head = plans.by_number(reading(), number)
    found = queries.signed(reading(), head.id, serial)
    if found is None:
        raise NotFound()
    response = jsonify(
        algorithm="Ed25519 over the 32 bytes of the SHA-256 of content (UTF-8)",
        audit=head.number,
        serial=serial,
        digest=found.digest,
        signature=found.signature,
        public_key=found.public_key,
        content=found.content,
    )
    name = download_name(f"{head.number} {_('signature')} {serial}.json", (".json",))
    response.headers["Content-Disposition"] = content_disposition(name)
    return response


@audit_part(OVERVIEW, order=20)
def standing(head: AuditHead) -> str:
    """Where the report of an audit stands, with its amendments."""
    if head.state in (State.PLANNED, State.RUNNING):
        return ""
    return render_template(
        "audits/signing/_overview.html",
        head=head,
        papers=queries.papers(reading(), head.id, head.state),
        **_signed(head),
    )


# What the auditee sees


@bp.get("/mine")
@access("audits.respond")
def mine() -> str:
    """The audits for which the person signed in answers."""
    return render_template(
        "audits/signing/mine.html", audits=queries.mine(reading(), current_actor().person_id), **words()
    )


def _own(number: str) -> AuditHead:
    """The audit, for its auditee and for whoever may read audits. Raises NotFound for everybody else."""
    head = plans.by_number(reading(), number)
    if not may("audits.read") and queries.auditee(reading(), head.id) != current_actor().person_id:
        raise NotFound()
    return head


@bp.get("/<number>/auditee")
@access("audits.respond")
def auditee(number: str) -> str:
    """Findings and report for the auditee: answer them, acknowledge it."""
    return _auditee_page(_own(number), AcknowledgeForm(formdata=None))


def _auditee_page(head: AuditHead, form: AcknowledgeForm) -> str:
    tx = reading()
    found = findings_of.of_audit(tx, head.id)
    return render_template(
        "audits/signing/auditee.html",
        head=head,
        papers=queries.papers(tx, head.id, head.state),
        findings=found,
        responses=findings_said.responses(tx, [one.id for one in found]),
        is_auditee=queries.auditee(tx, head.id) == current_actor().person_id,
        form=form,
        RESPONSE_TITLES=RESPONSE_TITLES,
        **_signed(head),
        **words(),
    )


@bp.post("/<number>/acknowledge")
@access("audits.respond")
def acknowledge(number: str) -> str | AnyResponse:
    """Acknowledge the newest signed version of the report."""
    head, form = _own(number), AcknowledgeForm()

    def acknowledge_it() -> None:
        with transaction(current_actor()) as tx:
            command = service.Acknowledge(number, form.typed_name.data or "", form.remark.data or "")
            service.acknowledge(tx, command, clock.now(), current_actor())

    if _tried(form, acknowledge_it):
        flash(_("The report is acknowledged."), "good")
        return redirect(url_for(".auditee", number=number))
    return _auditee_page(head, form)


@bp.route("/<number>/auditee/<finding>", methods=["GET", "POST"])
@access("audits.respond")
def answer_finding(number: str, finding: str) -> str | AnyResponse:
    """What the auditee says to one finding."""
    head, form = _own(number), ResponseForm()
    found = findings_of.by_number(reading(), finding)
    if found.audit_id != head.id:
        raise NotFound()
    del form.said_by  # who writes here says it

    def respond() -> None:
        with transaction(current_actor()) as tx:
            command = findings_service.Respond(
                finding, form.chosen, form.text.data or "", in_meeting=bool(form.in_meeting.data)
            )
            findings_service.respond(tx, command, clock.now(), current_actor())

    if _tried(form, respond):
        flash(_("The answer is kept."), "good")
        return redirect(url_for(".auditee", number=number, _anchor=finding))
    return render_template("audits/signing/answer.html", head=head, finding=found, form=form, **words())
