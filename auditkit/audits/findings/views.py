"""Pages over the findings of all audits, their ageing and export, own words; and the parts of a finding's page."""

from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from auditkit.audits.findings import queries, service
from auditkit.audits.findings.exporting import MEDIA_TYPES, write
from auditkit.audits.findings.forms import ResolutionForm, ResponseForm, WordsForm
from auditkit.audits.findings.queries import Wanted
from auditkit.audits.findings.rules import (
    AGE_TITLES,
    OUTCOME_TITLES,
    RESPONSE_TITLES,
    VERDICT_TITLES,
    Age,
    Outcome,
    Verdict,
)
from auditkit.audits.queries import grades as grade_words
from auditkit.audits.queries.findings import FindingView, by_number
from auditkit.audits.queries.plans import AuditHead
from auditkit.audits.rules import FINDING_STATE_TITLES, FindingState, Grade
from auditkit.audits.views.blueprint import grades, names, words
from auditkit.audits.views.parts import OVERVIEW, audit_part, finding_part
from auditkit.base import clock
from auditkit.base.db import reading, transaction
from auditkit.base.errors import Conflict
from auditkit.base.text import _
from auditkit.evidence.names import content_disposition, download_name
from auditkit.web.access import access, current_actor
from auditkit.web.acting import REFUSALS, done
from auditkit.web.languages import day_there, direction

bp = Blueprint("audit_findings", __name__, url_prefix="/findings", template_folder="templates")

_OPEN = "unsettled"
ASKED = ("grade", "state", "clause", "principle", "audit", "checklist", "age", "repeat", "disputed")


def _asked() -> dict[str, Any]:
    """What the address asks for, without what says nothing."""
    return {name: value for name in ASKED if (value := request.args.get(name, "").strip())}


def _wanted(asked: dict[str, Any]) -> Wanted:
    """The filters of the address; a value that there is not filters nothing."""
    state = asked.get("state", "")
    return Wanted(
        on=day_there(clock.now()),
        grade=Grade(asked["grade"]) if asked.get("grade") in set(Grade) else None,
        state=FindingState(state) if state in set(FindingState) else None,
        open_only=state == _OPEN,
        clause=asked.get("clause", ""),
        principle=asked.get("principle", ""),
        audit=asked.get("audit", ""),
        checklist=asked.get("checklist", ""),
        repeat=asked.get("repeat") == "yes",
        disputed=asked.get("disputed") == "yes",
        age=Age(asked["age"]) if asked.get("age") in set(Age) else None,
    )


@bp.get("/")
@access("audits.read")
def index() -> str:
    """Findings of all audits, by what the address asks for."""
    tx, asked = reading(), _asked()
    wanted = _wanted(asked)
    lines, after = queries.listing(tx, wanted, queries.read_key(request.args.get("before", "")))
    return render_template(
        "audits/findings/index.html",
        lines=lines,
        count=queries.count(tx, wanted),
        next_url=url_for(".index", before=after, **asked) if after else None,
        first_url=url_for(".index", **asked) if request.args.get("before") else None,
        asked=asked,
        choices=_choices(),
        bands=queries.ageing(tx, wanted.on),
        AGE_TITLES=AGE_TITLES,
        **words(),
    )


def _choices() -> dict[str, list[tuple[str, str]]]:
    tx = reading()
    return {
        "grade": [(grade.value, title) for grade, title in grades().items()],
        "state": [
            (_OPEN, _("Not settled yet")),
            *((state.value, _(title)) for state, title in FINDING_STATE_TITLES.items()),
        ],
        "clause": [(one, one) for one in queries.clauses_with_findings(tx)],
        "principle": [(one, one) for one in queries.principles_with_findings(tx)],
        "audit": [(number, f"{number} {title}") for number, title in queries.audits_with_findings(tx)],
        "checklist": queries.checklists_with_findings(tx),
        "age": [(age.value, _(title)) for age, title in AGE_TITLES.items()],
    }


@bp.get("/export.<any(csv, xlsx):kind>")
@access("audits.read")
def export(kind: str) -> Response:
    """The findings that the address asks for as a table."""
    content = write(
        reading(),
        _wanted(_asked()),
        kind,
        grades=grades(),
        now=clock.now(),
        right_to_left=direction() == "rtl",
    )
    response = Response(content, mimetype=MEDIA_TYPES[kind])
    named = download_name(f"{_('Findings')} {day_there(clock.now()).isoformat()}.{kind}", (f".{kind}",))
    response.headers["Content-Disposition"] = content_disposition(named)
    return response


@bp.route("/words", methods=["GET", "POST"])
@access("organisation.manage")
def own_words() -> str | AnyResponse:
    """What grades are called here."""
    now = grade_words.own_words(reading())
    form = WordsForm(data={**WordsForm.data_of(now), "seen": grade_words.stamp(now)})
    if form.validate_on_submit():
        try:
            with transaction(current_actor()) as tx:
                command = service.WordGrades(form.words(), form.seen.data)
                service.word_grades(tx, command, clock.now(), current_actor())
        except REFUSALS as refusal:
            form.refuse_verb(refusal)
            if isinstance(refusal, Conflict):
                form.seen.data = grade_words.stamp(grade_words.own_words(reading()))
        else:
            flash(_("The grades are called so from now on, on every page and in every report."), "good")
            return redirect(url_for(".own_words"))
    return render_template("audits/findings/words.html", form=form, **words())


@audit_part(OVERVIEW, order=10)
def figures(head: AuditHead) -> str:
    """The findings of an audit in figures, each leading to the list of them."""
    if not head.findings:
        return ""
    return render_template(
        "audits/findings/_figures.html", head=head, figures=queries.figures(reading(), head.number), **words()
    )


# Parts of a finding's page


@finding_part(order=30)
def said(finding: FindingView) -> str:
    """What the auditee said, and the forms to add to it."""
    return _said_section(finding, ResponseForm(formdata=None))


def _said_section(finding: FindingView, form: ResponseForm) -> str:
    return render_template(
        "audits/findings/_responses.html",
        finding=finding,
        responses=queries.responses(reading(), [finding.id]).get(finding.id, []),
        form=form,
        names=names(),
        RESPONSE_TITLES=RESPONSE_TITLES,
        OUTCOME_TITLES=OUTCOME_TITLES,
    )


@finding_part(order=40)
def repeated(finding: FindingView) -> str:
    """Earlier findings that this one may repeat, and later ones that repeat it."""
    tx = reading()
    return render_template(
        "audits/findings/_repeats.html",
        finding=finding,
        alike=queries.alike(tx, finding) if finding.grade is not Grade.GOOD_PRACTICE else [],
        later=queries.repeated_by(tx, finding.id),
        names=names(),
        VERDICT_TITLES=VERDICT_TITLES,
        Verdict=Verdict,
    )


@bp.route("/<number>/respond", methods=["GET", "POST"])
@access("audits.read")
def respond(number: str) -> str | AnyResponse:
    """Write down what the auditee says to a finding."""
    finding, form = by_number(reading(), number), ResponseForm()
    if done(form, service.respond, lambda: _response(number, form)):
        flash(_("The answer is kept."), "good")
        return _back(number, "responses")
    return _form_page("respond", finding, form)


def _response(number: str, form: ResponseForm) -> service.Respond:
    return service.Respond(
        number, form.chosen, form.text.data or "", form.said_by.data or "", in_meeting=bool(form.in_meeting.data)
    )


@bp.route("/responses/<int(max=9007199254740991):response_id>/resolve", methods=["GET", "POST"])
@access("audits.run")
def resolve(response_id: int) -> str | AnyResponse:
    """Say how a dispute ended."""
    number, view = queries.response(reading(), response_id)
    form = ResolutionForm()
    if done(
        form, service.resolve, lambda: service.Resolve(response_id, Outcome(form.outcome.data), form.text.data or "")
    ):
        flash(_("The dispute has ended; it stays visible."), "good")
        return _back(number, "responses")
    return _form_page("resolve", by_number(reading(), number), form, dispute=view)


@bp.post("/<number>/repeats/<earlier>/<any(confirmed, rejected):verdict>")
@access("audits.run")
def judge(number: str, earlier: str, verdict: str) -> AnyResponse:
    """Confirm or reject that a finding repeats an earlier one."""
    with transaction(current_actor()) as tx:
        command = service.JudgeRepeat(number, earlier, Verdict(verdict))
        service.judge_repeat(tx, command, clock.now(), current_actor())
    return _back(number, "repeats")


def _form_page(name: str, finding: FindingView, form: Any, **more: Any) -> str:
    return render_template(f"audits/findings/{name}.html", finding=finding, form=form, **more, **words())


def _back(number: str, part: str) -> AnyResponse:
    return redirect(url_for("audits.finding", number=number, _anchor=part))
