"""The instance's signing key, as packs use it (`base.signing` owns it); `verify/signature.py` is the reading side."""

from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from auditkit.base.signing import KEY_FILE, fingerprint, key_path, load_key, make_key, public_pem
from auditkit.packs.signer import Signer

__all__ = ["KEY_FILE", "fingerprint", "key_path", "load_key", "make_key", "public_pem", "signer", "signer_with"]


def signer(instance: Path) -> Signer:
    """Who signs with the instance's key. Raises BadInput, saying what to do, when it is missing or no such key."""
    return signer_with(load_key(instance))


def signer_with(key: Ed25519PrivateKey) -> Signer:
    """Who signs with this key."""
    return Signer(key.public_key().public_bytes_raw(), key.sign)
