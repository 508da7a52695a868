"""Who signs a pack, for those that write it: the public half of the key, and how to have bytes signed.

A process that gathers a pack has neither the private key nor the library for it: it asks the one that started it
(`building.py`). tests/slices/packs/test_signing.py compares what is computed here with that library.
"""

import base64
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from auditkit.base.errors import AuditkitError
from auditkit.base.text import N_

_BEFORE_THE_KEY = bytes.fromhex("302a300506032b6570032100")
"""How a SubjectPublicKeyInfo of an Ed25519 key begins: RFC 8410 section 10.1. The 32 bytes of the key follow."""


class NotStamped(AuditkitError):
    message = N_("The authority gave no time stamp: %(reason)s")


@dataclass(frozen=True)
class Second:
    """A person's key: `name` as it stands in the pack, and how they sign."""

    name: str
    signer: "Signer"


@dataclass(frozen=True)
class Signer:
    """`public`: the 32 bytes of the Ed25519 key (RFC 8032); `sign` gives the 64 bytes of a signature."""

    public: bytes
    sign: Callable[[bytes], bytes]
    stamp: Callable[[bytes], bytes] | None = None
    """Gets a time stamp (RFC 3161) over a signature; raises NotStamped. None where no authority is configured."""
    second: "Second | None" = None
    """A person who signs beside the installation."""

    @cached_property
    def pem(self) -> bytes:
        """The public half as PEM, as `openssl pkeyutl -pubin -inkey` reads it."""
        text = base64.b64encode(_BEFORE_THE_KEY + self.public)
        return b"-----BEGIN PUBLIC KEY-----\n" + text + b"\n-----END PUBLIC KEY-----\n"

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 of the public key's SubjectPublicKeyInfo, in groups of four hexadecimal digits."""
        digits = hashlib.sha256(_BEFORE_THE_KEY + self.public).hexdigest()
        return " ".join(digits[at : at + 4] for at in range(0, len(digits), 4))
