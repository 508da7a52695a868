"""The JSON Schema of `pack.json`, for everybody who reads packs by program."""

from importlib import resources

from flask import Blueprint, Response

from auditkit.packs.verify.layout import PACK_SCHEMA
from auditkit.web.access import PUBLIC, access

schema_bp = Blueprint("pack_schema", __name__)


@schema_bp.get(f"/.well-known/auditkit-{PACK_SCHEMA}")
@access(PUBLIC)
def schema() -> Response:
    """The schema of the packs that this version builds."""
    text = resources.files("auditkit.packs.verify").joinpath(PACK_SCHEMA).read_bytes()
    return Response(text, mimetype="application/schema+json")
