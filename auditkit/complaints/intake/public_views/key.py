"""The key that receipts and packs are signed with, for everybody: the page with its fingerprint, and the file."""

import json
from pathlib import Path

from flask import Blueprint, Response, abort, current_app, render_template

from auditkit.base import keyring, signing
from auditkit.base.errors import BadInput
from auditkit.complaints.intake.receipt import signing_key
from auditkit.web.access import PUBLIC, access

KEY_NAME = "auditkit-key.pem"
key_bp = Blueprint("signing_key", __name__, template_folder="../templates")


@key_bp.get("/signing-key")
@access(PUBLIC)
def show() -> str:
    """The fingerprint of the key, and how a receipt is checked with it."""
    key = signing_key()
    return render_template(
        "complaints/intake/key.html",
        fingerprint=signing.fingerprint(key) if key else "",
        earlier=keyring.known(_instance())[1:] if key else [],
        titles=keyring.STATE_TITLES,
    )


def _instance() -> Path:
    instance: Path = current_app.extensions["auditkit.settings"].instance
    return instance


@key_bp.get("/.well-known/auditkit-keys.json")
@access(PUBLIC)
def keys() -> Response:
    """Every key of the installation with its state, signed with the one in force: what `pack verify --keys` takes."""
    if signing_key() is None:
        abort(404)
    return Response(
        json.dumps(keyring.statement(_instance()), indent=1, ensure_ascii=False), mimetype="application/json"
    )


@key_bp.get(f"/.well-known/{KEY_NAME}")
@access(PUBLIC)
def pem() -> Response:
    """The public key as PEM."""
    key = signing_key()
    if key is None:
        abort(404)
    return Response(signing.public_pem(key), mimetype="application/x-pem-file")


@key_bp.get("/.well-known/auditkit-keys/<digits>.pem")
@access(PUBLIC)
def one_pem(digits: str) -> Response:
    """The public key of this fingerprint, also one that signs no longer: receipts of its time are checked with it."""
    try:
        found = keyring.find(_instance(), digits)
    except BadInput:
        abort(404)
    headers = {"Content-Disposition": f'attachment; filename="{KEY_NAME}"'}
    return Response(found.public_key, mimetype="application/x-pem-file", headers=headers)
