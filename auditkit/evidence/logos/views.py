"""The settings page of the logo, and the logo itself for the pages of the staff."""

from flask import Blueprint, Response, current_app, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from auditkit.accounts.look import queries, service
from auditkit.accounts.look.rules import LONGEST_SIDE, MAX_KIBIBYTES
from auditkit.base import clock
from auditkit.base.db import reading, transaction
from auditkit.base.errors import AuditkitError
from auditkit.base.text import _
from auditkit.evidence.logos.forms import LogoForm
from auditkit.evidence.logos.handing import handed
from auditkit.evidence.logos.taking import taken
from auditkit.web.access import SIGNED_IN, access, current_actor, current_organisation
from auditkit.web.components import logo_address

bp = Blueprint("logos", __name__, url_prefix="/logo", template_folder="templates")


@bp.get("/")
@access("organisation.manage")
def show() -> str:
    """The logo as it is, setting and removing it."""
    return _page(LogoForm(formdata=None))


def _page(form: LogoForm) -> str:
    return render_template(
        "logos/show.html",
        logo=queries.logo(reading()),
        address=logo_address(),
        organisation=current_organisation().name,
        names=current_app.extensions["auditkit.directory"].names(),
        form=form,
        most=MAX_KIBIBYTES,
        longest=LONGEST_SIDE,
    )


@bp.post("/")
@access("organisation.manage")
def set_() -> str | AnyResponse:
    """Set the logo, in the place of any other."""
    form = LogoForm()
    if form.validate_on_submit():
        try:
            logo = taken(form.file.data.stream, form.file.data.filename or "")
            with transaction(current_actor()) as tx:
                service.set_logo(tx, service.SetLogo(logo), clock.now(), current_actor())
        except AuditkitError as refusal:
            form.refuse("file", refusal)
        else:
            flash(_("The logo stands on your pages and papers from now on."), "good")
            return redirect(url_for(".show"))
    return _page(form)


@bp.post("/remove")
@access("organisation.manage")
def remove() -> AnyResponse:
    """Take the logo away."""
    with transaction(current_actor()) as tx:
        service.remove_logo(tx, service.RemoveLogo(), clock.now(), current_actor())
    flash(_("The logo is removed. What was sealed or sent before keeps it."), "good")
    return redirect(url_for(".show"))


@bp.get("/<digest>")
@access(SIGNED_IN)
def picture(digest: str) -> Response:
    """The logo, for the top of the staff's pages."""
    return handed(queries.logo(reading()), digest)
