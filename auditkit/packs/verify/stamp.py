"""The time stamp of a pack (RFC 3161): a token of a third party over the signature, checked without a network.

It needs the package rfc3161-client; without it, and without the authority's certificate got by another way, the report
says what was not checked. tests/slices/packs/test_timestamps.py checks it with an authority of its own.
"""

import hashlib
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path
from typing import Any

from cryptography import x509

from auditkit.packs.verify import layout
from auditkit.packs.verify.reading import Bag
from auditkit.packs.verify.report import N_, Unusable

MAX_TOKEN = 64 << 10


@dataclass
class Stamp:
    """The check of the token, with the authority's root certificates that a person gave."""

    bag: Bag
    roots: tuple[x509.Certificate, ...]

    def check(self, signature: bytes | None) -> str | None:
        """Do it. The day that the token proves, None where nothing is proven."""
        entry = self.bag.archive.entries.get(layout.TIMESTAMP)
        if entry is None:
            self.bag.report.left_out(
                N_(
                    "When it was signed: not checked, because the pack carries no time stamp of a third party; "
                    "its date is its own statement"
                )
            )
            return None
        if entry.size > MAX_TOKEN or signature is None:
            self._bad(N_("This is no time stamp over the signature"))
            return None
        token = self.bag.archive.read(entry, MAX_TOKEN)
        try:
            import rfc3161_client as client
        except ImportError:
            self.bag.report.left_out(
                N_("The time stamp: not checked, because the package rfc3161-client is not installed here")
            )
            return None
        return self._checked(client, token, signature)

    def _checked(self, client: Any, token: bytes, signature: bytes) -> str | None:
        try:
            response = client.decode_timestamp_response(token)
            told = response.tst_info
            imprint, moment = told.message_imprint.message, told.gen_time.astimezone(UTC)
        except (ValueError, TypeError):
            self._bad(N_("This is no time stamp"))
            return None
        if imprint not in (hashlib.sha256(signature).digest(), hashlib.sha512(signature).digest()):
            self._bad(N_("The time stamp is over something else than the signature"))
            return None
        self.bag.report.pack["time_stamp"] = moment.isoformat()
        if not self.roots:
            self.bag.report.left_out(
                N_(
                    "Who made the time stamp of %(moment)s: not checked, because no certificate of its authority was "
                    "given (--tsa-certificate)"
                ),
                moment=moment.isoformat(),
            )
            return None
        builder = client.VerifierBuilder()
        for root in self.roots:
            builder = builder.add_root_certificate(root)
        try:
            builder.build().verify_message(response, signature)
        except client.VerificationError as error:
            self._bad(N_("The time stamp is not by the authority you named: %(reason)s"), reason=str(error))
            return None
        self.bag.report.did(N_("The time stamp: the signature existed on %(moment)s"), moment=moment.isoformat())
        return str(moment.date().isoformat())

    def _bad(self, message: str, **params: object) -> None:
        self.bag.say("time-stamp", layout.TIMESTAMP, message, **params)


def read_certificates(path: Path) -> tuple[x509.Certificate, ...]:
    """The certificates in a PEM file. Raises Unusable."""
    try:
        return tuple(x509.load_pem_x509_certificates(path.read_bytes()))
    except OSError as error:
        raise Unusable(N_("The certificate cannot be read: %(reason)s"), reason=error.strerror or str(error)) from error
    except ValueError as error:
        raise Unusable(N_("This is no certificate in PEM form. Ask the authority for its root certificate")) from error
