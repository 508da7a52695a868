"""The logo for everybody: it stands at the top of the public pages."""

from flask import Blueprint, Response

from auditkit.accounts.look import queries
from auditkit.base.db import reading
from auditkit.evidence.logos.handing import handed
from auditkit.web.access import PUBLIC, access

bp = Blueprint("logo", __name__, url_prefix="/logo")


@bp.get("/<digest>")
@access(PUBLIC)
def picture(digest: str) -> Response:
    """The logo."""
    return handed(queries.logo(reading()), digest)
