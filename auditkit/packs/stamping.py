"""Time stamps of a third party (RFC 3161) over the signature of a pack, from the authority in `AUDITKIT_TIMESTAMP_URL`.

The token proves to anybody that the signature existed at that moment. It is asked for by the process that holds the
key, over the network, with a time limit; what fails is told, and the pack is built without. `verify/stamp.py` reads it.
"""

import urllib.error
import urllib.request
from collections.abc import Callable

from auditkit.base.text import N_, _
from auditkit.packs.signer import NotStamped

SECONDS = 15
LONGEST = 64 << 10
NOT_INSTALLED = N_("the package rfc3161-client is not installed (auditkit[timestamp])")
NOT_HTTP = N_("the address of the authority must begin with http:// or https://")
OTHER = N_("the answer is over something else than was sent")


def stamper(address: str) -> Callable[[bytes], bytes] | None:
    """What gets a token over bytes from the authority at `address`; None where none is configured."""
    return (lambda signed: _stamped(address, signed)) if address else None


def _stamped(address: str, signed: bytes) -> bytes:
    if not address.startswith(("http://", "https://")):
        raise NotStamped(reason=_(NOT_HTTP))
    try:
        import rfc3161_client as client
    except ImportError as error:
        raise NotStamped(reason=_(NOT_INSTALLED)) from error
    asked = client.TimestampRequestBuilder().data(signed).build()
    request = urllib.request.Request(  # noqa: S310 - http and https only, checked above
        address, data=asked.as_bytes(), headers={"Content-Type": "application/timestamp-query"}
    )
    try:
        with urllib.request.urlopen(request, timeout=SECONDS) as answer:  # noqa: S310 - the same
            token: bytes = answer.read(LONGEST)
        told = client.decode_timestamp_response(token)
        granted = client.PKIStatus(told.status) is client.PKIStatus.GRANTED
    except (OSError, urllib.error.URLError, ValueError) as error:
        raise NotStamped(reason=str(getattr(error, "reason", None) or error)) from error
    if not granted:
        raise NotStamped(reason=", ".join(told.status_string) or str(told.status))
    info = told.tst_info
    if info.message_imprint.message != asked.message_imprint.message or info.nonce != asked.nonce:
        raise NotStamped(reason=_(OTHER))
    return token
