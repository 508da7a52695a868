"""The instance's signing key: one Ed25519 key pair, made at `auditkit init`, never overwritten.

It signs packs and receipts; `keyring` knows those that came before it. A passphrase may lock the file; it is given by
`AUDITKIT_SIGNING_PASSPHRASE`, or by the file that `AUDITKIT_SIGNING_PASSPHRASE_FILE` names. The private half lies in
the instance folder with mode 0600; losing it means that nothing more can be signed with it, leaking it means that
anybody can sign in the installation's name.
"""

import hashlib
import os
from pathlib import Path

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from auditkit.base.errors import BadInput
from auditkit.base.text import N_

KEY_FILE = "signing-key.pem"
PASSPHRASE = "AUDITKIT_SIGNING_PASSPHRASE"  # noqa: S105 - the name of the variable


def key_path(instance: Path) -> Path:
    """Where the instance keeps its private key."""
    return instance / KEY_FILE


def make_key(instance: Path) -> bool:
    """Make the instance's signing key unless it has one. Returns whether a key was made.

    Raises BadInput when the folder cannot be written.
    """
    pem = _locked(Ed25519PrivateKey.generate(), passphrase())
    path = key_path(instance)
    # Written beside and linked into place: a key file is either whole or not there, and link() never overwrites.
    beside = path.with_name(f".{KEY_FILE}.{os.getpid()}.part")
    try:
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(pem)
                file.flush()
                os.fsync(file.fileno())
            os.link(beside, path)
        finally:
            beside.unlink()
    except FileExistsError:
        return False
    except OSError as error:
        raise BadInput(
            N_("The signing key cannot be written: %(reason)s"), place=str(path), reason=error.strerror
        ) from error
    return True


def passphrase() -> bytes | None:
    """What the key file is locked with, as the environment says; None without. Raises BadInput."""
    given = os.environ.get(PASSPHRASE, "")
    path = os.environ.get(f"{PASSPHRASE}_FILE", "")
    if not given and path:
        try:
            given = Path(path).read_text("utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise BadInput(N_("The passphrase cannot be read: %(reason)s"), place=path, reason=str(error)) from error
    return given.encode() or None


def replace_key(instance: Path, key: Ed25519PrivateKey, secret: bytes | None = None, *, open_: bool = False) -> None:
    """Put this key in the place of the instance's, whole or not at all.

    It is locked with `secret`, else with what the environment says; not at all where it is to be `open_`.
    Raises BadInput when the folder cannot be written.
    """
    path = key_path(instance)
    beside = path.with_name(f".{KEY_FILE}.{os.getpid()}.part")
    try:
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(_locked(key, None if open_ else secret or passphrase()))
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except OSError as error:
        raise BadInput(
            N_("The signing key cannot be written: %(reason)s"), place=str(path), reason=error.strerror
        ) from error


def _locked(key: Ed25519PrivateKey, secret: bytes | None) -> bytes:
    lock = BestAvailableEncryption(secret) if secret else NoEncryption()
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, lock)


def load_key(instance: Path) -> Ed25519PrivateKey:
    """The instance's private key. Raises BadInput, saying what to do, when it is missing or is not such a key."""
    path = key_path(instance)
    if not path.is_file():
        raise BadInput(
            N_("There is no signing key here. Run `auditkit init`, or put the instance's key back"), place=str(path)
        )
    return read_key(path, passphrase())


def read_key(path: Path, secret: bytes | None) -> Ed25519PrivateKey:
    """The private key in a PEM file, unlocked with `secret` where it is locked. Raises BadInput."""
    try:
        pem = path.read_bytes()
        locked = b"ENCRYPTED" in pem[:60]
        if locked and secret is None:
            raise BadInput(
                N_("The signing key is locked. Set %(name)s to its passphrase"), place=str(path), name=PASSPHRASE
            )
        key = load_pem_private_key(pem, password=secret if locked else None)
    except (OSError, TypeError, ValueError, UnsupportedAlgorithm) as error:
        raise BadInput(
            N_("The signing key cannot be read (%(reason)s). Mend its permissions, or put the instance's key back"),
            place=str(path),
            reason=getattr(error, "strerror", None) or str(error),
        ) from error
    if not isinstance(key, Ed25519PrivateKey):
        raise BadInput(N_("The signing key is of another kind than Ed25519"), place=str(path))
    return key


def public_pem(key: Ed25519PrivateKey) -> bytes:
    """The public half as PEM, as `openssl pkeyutl -pubin -inkey` reads it."""
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def fingerprint(key: Ed25519PrivateKey) -> str:
    """SHA-256 of the public key's SubjectPublicKeyInfo, in groups of four hexadecimal digits."""
    digits = hashlib.sha256(key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).hexdigest()
    return " ".join(digits[at : at + 4] for at in range(0, len(digits), 4))


def signature_fits(content: str, digest: str, public_key: str, signature: str) -> bool:
    """Whether kept `content` has this SHA-256 (hexadecimal), and whether this signature of it fits the key (PEM)."""
    made = hashlib.sha256(content.encode())
    if made.hexdigest() != digest:
        return False
    try:
        key = load_pem_public_key(public_key.encode())
        if not isinstance(key, Ed25519PublicKey):
            return False
        key.verify(bytes.fromhex(signature), made.digest())
    except (InvalidSignature, ValueError):
        return False
    return True
