"""The instance's signing key, as packs use it (`base.signing` owns it); `verify/signature.py` is the reading side."""

from dataclasses import replace
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from auditkit.base.errors import BadInput
from auditkit.base.settings import Settings
from auditkit.base.signing import KEY_FILE, fingerprint, key_path, load_key, make_key, public_pem, read_key
from auditkit.base.text import N_
from auditkit.packs.signer import Second, Signer
from auditkit.packs.stamping import stamper

__all__ = [
    "KEY_FILE",
    "fingerprint",
    "for_packs",
    "key_path",
    "load_key",
    "make_key",
    "public_pem",
    "signer",
    "signer_with",
    "with_second",
]


def signer(instance: Path) -> Signer:
    """Who signs with the instance's key. Raises BadInput, saying what to do, when it is missing or no such key."""
    return signer_with(load_key(instance))


def for_packs(settings: Settings) -> Signer:
    """Who signs packs, with the time stamps that the settings ask for."""
    return replace(signer(settings.instance), stamp=stamper(settings.timestamp_url))


def with_second(first: Signer, file: Path, name: str, secret: str = "") -> Signer:
    """`first` with a person who signs beside it. Raises BadInput where the file is no such key, or without a name."""
    if not name.strip():
        raise BadInput(N_("Say whose the second key is (--second-name)"))
    return replace(first, second=Second(name.strip(), signer_with(read_key(file, secret.encode() or None))))


def signer_with(key: Ed25519PrivateKey) -> Signer:
    """Who signs with this key."""
    return Signer(key.public_key().public_bytes_raw(), key.sign)
