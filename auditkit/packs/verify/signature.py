"""The signature over the tag manifest: Ed25519 (RFC 8032), checked with the key given or the one inside the pack."""

import hashlib
from pathlib import Path

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key

from auditkit.packs.verify.report import N_, Unusable

MAX_KEY = 16 << 10


def read_public_key(pem: bytes) -> Ed25519PublicKey | None:
    """The Ed25519 public key in a PEM file; None when there is none."""
    try:
        key = load_pem_public_key(pem)
    except (ValueError, UnsupportedAlgorithm):
        return None
    return key if isinstance(key, Ed25519PublicKey) else None


def read_public_key_file(path: Path) -> Ed25519PublicKey:
    """The key a person hands in. Raises Unusable, saying how to get the right file."""
    try:
        with path.open("rb") as file:
            pem = file.read(MAX_KEY)
    except OSError as error:
        raise Unusable(N_("The public key cannot be read: %(reason)s"), reason=error.strerror or str(error)) from error
    key = read_public_key(pem)
    if key is None:
        raise Unusable(N_("This is no Ed25519 public key in PEM form. Ask the organisation for its public-key.pem"))
    return key


def fingerprint(key: Ed25519PublicKey) -> str:
    """SHA-256 of the key's SubjectPublicKeyInfo in groups of four hexadecimal digits, for reading aloud."""
    digits = hashlib.sha256(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).hexdigest()
    return " ".join(digits[at : at + 4] for at in range(0, len(digits), 4))


def fits(key: Ed25519PublicKey, signature: bytes, signed: bytes) -> bool:
    """Whether `signature` is this key's over `signed`."""
    try:
        key.verify(signature, signed)
    except InvalidSignature:
        return False
    return True
