"""The blueprint of the pages of importing."""

from flask import Blueprint

from auditkit.complaints.importing.jobs import uploads_of
from auditkit.complaints.importing.staging import Staging
from auditkit.web.access import current_actor

bp = Blueprint("complaints_import", __name__, url_prefix="/complaints/import", template_folder="../templates")


def uploads() -> Staging:
    """The uploads of the organisation whose page this is."""
    return uploads_of(current_actor().organisation_id)
