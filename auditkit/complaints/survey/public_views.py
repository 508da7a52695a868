"""The survey's page for the complainant: by the link alone, without account and script, in their language."""

from flask import Blueprint, g, render_template, session
from werkzeug.wrappers import Response

from auditkit.base import clock
from auditkit.base.db import reading, transaction
from auditkit.base.errors import AuditkitError
from auditkit.complaints.intake.rules.secrets import secret_digest
from auditkit.complaints.privacy.queries.cases import tombstone
from auditkit.complaints.survey import queries, rules, service
from auditkit.complaints.survey.forms import AnswerForm
from auditkit.complaints.survey.queries import SurveyView
from auditkit.web.access import PUBLIC, access, current_actor
from auditkit.web.languages import LANGUAGES

bp = Blueprint("public_survey", __name__, url_prefix="/survey", template_folder="templates")


@bp.route("/<secret>", methods=["GET", "POST"])
@access(PUBLIC)
def show(secret: str) -> str | Response | tuple[str, int]:
    """The questions, the thanks, or that the link cannot be used any more."""
    survey = queries.by_digest(reading(), secret_digest(secret))
    if survey is not None and "locale" not in session and survey.language in LANGUAGES:
        g.locale = survey.language
    if survey is not None and survey.state == rules.State.ANSWERED:
        return _page("thanks")
    if survey is None or not _open(survey):
        return _page("gone"), 404
    form = AnswerForm(asks_accepted=not queries.answer_on_record(reading(), survey.complaint_id))
    if form.validate_on_submit() and _taken(secret, form):
        return _page("thanks")
    return _page("ask", form, survey)


def _open(survey: SurveyView) -> bool:
    erased = tombstone(reading(), survey.complaint_id) is not None
    return rules.usable(survey.state, survey.expires_at, clock.now()) and not erased


def _taken(secret: str, form: AnswerForm) -> bool:
    command = service.Answer(
        secret_digest(secret),
        int(form.handling.data),
        int(form.outcome.data),
        (form.accepted.data or "") if "accepted" in form else "",
        form.comment.data or "",
        form.may_contact.data,
    )
    try:
        with transaction(current_actor()) as tx:
            service.answer(tx, command, clock.now(), current_actor())
    except AuditkitError as refusal:
        form.refuse("", refusal)
        return False
    return True


def _page(state: str, form: AnswerForm | None = None, survey: SurveyView | None = None) -> str:
    return render_template("complaints/survey/public.html", state=state, form=form, survey=survey, bare=True)
