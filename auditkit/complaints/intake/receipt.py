"""The signed receipt: what was received and when, in two small files that anybody can check with `openssl`.

    openssl pkeyutl -verify -pubin -inkey auditkit-key.pem -rawin -in receipt.json -sigfile receipt.json.sig

The receipt carries no personal data, only digests: of what was written (`received.json`) and of each file.
"""

import hashlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import rfc8785
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from flask import current_app

from auditkit.base import keyring, signing
from auditkit.base.errors import BadInput

FORMAT, CONTENT_FORMAT = "auditkit/receipt/1", "auditkit/received/1"
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Drawn:
    """A receipt: `content` and `document` canonical JSON; `signature` None where the installation has no key."""

    content: str
    content_digest: str
    document: str
    signature: bytes | None


def signing_key() -> Ed25519PrivateKey | None:
    """The installation's key; None, and a line in the log, where there is none: complaints come in all the same."""
    try:
        return signing.load_key(current_app.extensions["auditkit.settings"].instance)
    except BadInput as missing:
        log.error("receipts are not signed: %s", missing)
        return None


def draw(
    *, organisation: str, reference: str, received_at: datetime, said: dict[str, Any], files: Sequence[dict[str, Any]]
) -> Drawn:
    """The receipt over what was said (field -> plain value) and the files (name, sha256, size)."""
    key = signing_key()
    kept = {name: value for name, value in said.items() if value not in ("", None, False)}
    content = rfc8785.dumps({"format": CONTENT_FORMAT, "said": kept, "files": list(files)})
    digest = hashlib.sha256(content).hexdigest()
    document = rfc8785.dumps(
        {
            "format": FORMAT,
            "organisation": organisation,
            "reference": reference,
            "received_at": received_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "received_sha256": digest,
            "files_sha256": [file["sha256"] for file in files],
            "key": signing.fingerprint(key) if key else None,
        }
    )
    return Drawn(content.decode(), digest, document.decode(), key.sign(document) if key else None)


def signature_fits(document: str, signature: bytes | None) -> bool:
    """Whether a key of the installation, the present one or an earlier one, made this signature over this document."""
    if signature is None or signing_key() is None:
        return False
    instance = current_app.extensions["auditkit.settings"].instance
    return keyring.signed_by(instance, signature, document.encode()) is not None
