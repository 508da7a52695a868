"""Profiles of imports: the organisation's own and the shipped ones, each as YAML."""

from flask import Response, current_app, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from auditkit.base import clock
from auditkit.base.db import reading, transaction
from auditkit.base.errors import NotFound
from auditkit.base.text import _
from auditkit.complaints.importing import keeping, queries
from auditkit.complaints.importing.profiles import as_yaml, shipped_profiles
from auditkit.complaints.importing.views.blueprint import bp
from auditkit.web.access import access, current_actor


@bp.get("/profiles")
@access("complaints.import")
def profiles() -> str:
    """What there is, and how to get it for the command line."""
    return render_template(
        "complaints/importing/profiles.html",
        kept=queries.kept_profiles(reading()),
        shipped=shipped_profiles(),
        names=current_app.extensions["auditkit.directory"].names(),
    )


@bp.get("/profiles/<name>.yaml")
@access("complaints.import")
def profile_file(name: str) -> Response:
    """A profile as a YAML file. Raises NotFound."""
    known = {shape.id: shape for shape in queries.profiles_offered(reading())}
    if name not in known:
        raise NotFound
    headers = {"Content-Disposition": f'attachment; filename="{known[name].id}.yaml"'}
    return Response(as_yaml(known[name]), mimetype="application/yaml", headers=headers)


@bp.post("/profiles/<name>/retire")
@access("complaints.import")
def retire_profile(name: str) -> AnyResponse:
    """Offer an own profile no longer."""
    actor = current_actor()
    with transaction(actor) as tx:
        keeping.retire_profile(tx, keeping.RetireProfile(name), clock.now(), actor)
    flash(_("The profile %(name)s is no longer used. What was imported by it stays", name=name), "good")
    return redirect(url_for(".profiles"))
