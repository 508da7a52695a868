"""The policy as strangers read it: the version in force today, nothing else."""

from flask import Blueprint, render_template

from auditkit.base import clock
from auditkit.base.db import reading
from auditkit.policies import queries
from auditkit.policies.markdown import to_html
from auditkit.web.access import PUBLIC, access, current_organisation

bp = Blueprint("public_policy", __name__, url_prefix="/policy", template_folder="templates")


@bp.get("")
@access(PUBLIC)
def show() -> str:
    """The complaints-handling policy in force."""
    found = queries.published(reading(), clock.now().date())
    policy, version = found or (None, None)
    return render_template(
        "policies/public.html",
        organisation=current_organisation(),
        policy=policy,
        version=version,
        html=to_html,
    )
