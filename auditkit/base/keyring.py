"""The keys of an instance over the years: which one signs, which were retired or revoked, since when and why.

The list lies beside the key as `signing-keys.json`. A retired key's private half is gone; what it signed still fits its
public half, which stays. The published list (`statement`) is signed with the key in force, so that whoever has one
list can tell that the next is from the same installation. tests/slices/packs/test_keys.py checks it.
"""

import base64
import json
import os
import tempfile
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from auditkit.base import signing
from auditkit.base.errors import BadInput, RuleBroken
from auditkit.base.text import N_

FILE = "signing-keys.json"
FORMAT = "auditkit-keys/1"
CURRENT, RETIRED, REVOKED = "current", "retired", "revoked"
STATE_TITLES = {CURRENT: N_("Signs now"), RETIRED: N_("Retired"), REVOKED: N_("Revoked")}


class NoSuchKey(BadInput):
    message = N_("There is no key with the fingerprint %(given)s here. Give its first digits, at least eight")


class ReasonMissing(RuleBroken):
    message = N_("Say why the key is revoked; whoever checks a pack signed with it reads that")


@dataclass(frozen=True)
class KnownKey:
    """A key of the instance: the public half as PEM, and the days (ISO 8601) on which something happened to it."""

    fingerprint: str
    public_key: str
    made_on: str = ""
    retired_on: str = ""
    revoked_since: str = ""
    why: str = ""

    @property
    def state(self) -> str:
        """Whether it signs now, was retired, or is revoked."""
        return REVOKED if self.revoked_since else RETIRED if self.retired_on else CURRENT

    @property
    def public(self) -> Ed25519PublicKey:
        """The public half."""
        key = load_pem_public_key(self.public_key.encode())
        assert isinstance(key, Ed25519PublicKey)  # noqa: S101 - this module wrote it
        return key


def known(instance: Path) -> list[KnownKey]:
    """Every key, the one that signs first, then the newest. Raises BadInput where the key or the list is unreadable."""
    key = signing.load_key(instance)
    listed = _read(instance)
    current = signing.fingerprint(key)
    if current not in {one.fingerprint for one in listed}:
        listed.insert(0, KnownKey(current, signing.public_pem(key).decode()))
    # A renewal that was cut off has retired a key that signs still.
    listed = [replace(one, retired_on="") if one.fingerprint == current else one for one in listed]
    return sorted(listed, key=lambda one: one.fingerprint != current)


def find(instance: Path, given: str) -> KnownKey:
    """The key whose fingerprint begins with these digits, blanks left out. Raises NoSuchKey."""
    digits = "".join(given.split()).lower()
    found = [one for one in known(instance) if one.fingerprint.replace(" ", "").startswith(digits)]
    if len(digits) < 8 or len(found) != 1:
        raise NoSuchKey(given=given)
    return found[0]


def rotate(instance: Path, today: date) -> tuple[KnownKey, KnownKey]:
    """Make a new key in the place of the one that signs, which is retired: (old, new). Its private half is gone."""
    old, *others = known(instance)
    key = Ed25519PrivateKey.generate()
    new = KnownKey(signing.fingerprint(key), signing.public_pem(key).decode(), made_on=today.isoformat())
    retired = replace(old, retired_on=today.isoformat())
    # The list first: a key that signs and is not on it would be unknown; one that is and never signs does no harm.
    _write(instance, [new, retired, *others])
    signing.replace_key(instance, key)
    return retired, new


def revoke(instance: Path, given: str, since: date, why: str, today: date) -> KnownKey:
    """Say that a key is not to be trusted since a day. The one that signs is replaced at once.

    Raises NoSuchKey, ReasonMissing.
    """
    if not why.strip():
        raise ReasonMissing
    wanted = find(instance, given)
    if wanted.state == CURRENT:
        rotate(instance, today)
    listed = known(instance)
    revoked = [
        replace(one, revoked_since=since.isoformat(), why=why.strip()) if one.fingerprint == wanted.fingerprint else one
        for one in listed
    ]
    _write(instance, revoked)
    return find(instance, wanted.fingerprint)


def signed_by(instance: Path, signature: bytes, signed: bytes) -> KnownKey | None:
    """The key of this instance, in force or not, that made this signature; None where none did."""
    for one in known(instance):
        try:
            one.public.verify(signature, signed)
        except InvalidSignature:
            continue
        return one
    return None


def statement(instance: Path) -> dict[str, Any]:
    """The list for everybody, signed with the key in force: `signature` is over the canonical JSON of `keys`."""
    keys = [{**asdict(one), "state": one.state} for one in known(instance)]
    key = signing.load_key(instance)
    return {
        "format": FORMAT,
        "keys": keys,
        "signed_with": signing.fingerprint(key),
        "signature": base64.b64encode(key.sign(canonical(keys))).decode(),
    }


def canonical(keys: list[dict[str, Any]]) -> bytes:
    """What a list's signature is over: JSON with sorted keys and no blanks, in UTF-8."""
    return json.dumps(keys, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _read(instance: Path) -> list[KnownKey]:
    path = instance / FILE
    try:
        told = json.loads(path.read_text("utf-8"))
        return [KnownKey(**one) for one in told["keys"]]
    except FileNotFoundError:
        return []
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BadInput(N_("The list of keys cannot be read: %(reason)s"), place=str(path), reason=str(error)) from error


def _write(instance: Path, keys: list[KnownKey]) -> None:
    path = instance / FILE
    text = json.dumps({"format": FORMAT, "keys": [asdict(one) for one in keys]}, indent=1, ensure_ascii=False)
    descriptor, beside = tempfile.mkstemp(dir=instance, prefix=f".{FILE}.")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text + "\n")
            file.flush()
            os.fsync(file.fileno())
        Path(beside).replace(path)
    finally:
        Path(beside).unlink(missing_ok=True)
