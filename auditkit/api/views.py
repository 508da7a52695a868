"""The page of tokens: one's own, and for administrators everybody's."""

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from auditkit.api import queries, service
from auditkit.api.forms import TokenForm
from auditkit.api.rules import ACTOR, SCOPE_TITLES
from auditkit.base import clock
from auditkit.base.db import reading, transaction
from auditkit.base.errors import AuditkitError
from auditkit.base.text import N_, _, ngettext
from auditkit.complaints import setting_up
from auditkit.journal import actors
from auditkit.web.access import access, current_actor, may

bp = Blueprint("api_tokens", __name__, url_prefix="/api-tokens", template_folder="templates")


def _named(token_id: int) -> str | None:
    name = queries.name_of(reading(), token_id)
    return _("API: %(name)s", name=name) if name else None


def _state() -> str:
    number = len([one for one in queries.tokens(reading()) if one.live(clock.now())])
    return ngettext("%(num)s token works", "%(num)s tokens work", number) if number else _("no token")


actors.declare(ACTOR, _named)
setting_up.declare(
    setting_up.Subject(
        N_("API tokens"),
        N_("Keys with which other programs register and read complaints."),
        "api_tokens.tokens",
        "key",
        _state,
    )
)


@bp.route("/", methods=["GET", "POST"])
@access("content.read")
def tokens() -> str:
    """The tokens; a new one shows its secret this once."""
    form = TokenForm(for_organisation=may("organisation.manage"))
    secret = _made(form) if form.validate_on_submit() else ""
    whose = None if may("people.manage") else current_actor().person_id
    return render_template(
        "api/tokens.html",
        form=form,
        secret=secret,
        tokens=queries.tokens(reading(), whose, of_organisation=may("organisation.manage")),
        names=current_app.extensions["auditkit.directory"].names(),
        titles=SCOPE_TITLES,
        now=clock.now(),
    )


def _made(form: TokenForm) -> str:
    """The secret of a new token; empty where it was refused, which the form then says."""
    actor = current_actor()
    try:
        with transaction(actor) as tx:
            return service.make_token(tx, form.command(), clock.now(), actor)
    except AuditkitError as refusal:
        form.refuse("scopes", refusal)
        return ""


@bp.post("/<int(max=9007199254740991):token_id>/revoke")
@access("content.read")
def revoke(token_id: int) -> AnyResponse:
    """Take a token back."""
    actor = current_actor()
    with transaction(actor) as tx:
        service.revoke_token(tx, service.RevokeToken(token_id), clock.now(), actor)
    flash(_("The token works no longer"), "good")
    return redirect(url_for(".tokens"))
