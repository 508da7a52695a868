"""The tracking secret: 20 letters and digits in four groups, easy to read out and to type, 100 bits.

It is worked out from the form's own random ticket and the installation's key. So a form that is sent again, because the
answer got lost on the way, leads to the same receipt, and yet nothing but a digest has to be kept.
"""

import hashlib
import hmac
import unicodedata

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: nothing that looks like something else
LENGTH, GROUP = 20, 5
_READ_AS = str.maketrans("OIL", "011")


def make_secret(ticket: str, key: str) -> str:
    """The secret that belongs to a form's ticket: `7K2QF-9XWRM-0TB4C-HJ8PD`."""
    bits = int.from_bytes(hmac.new(f"tracking|{key}".encode(), ticket.encode(), hashlib.sha256).digest(), "big")
    letters = "".join(ALPHABET[bits >> (5 * place) & 31] for place in range(LENGTH))
    return "-".join(letters[at : at + GROUP] for at in range(0, LENGTH, GROUP))


def normal_secret(text: str) -> str:
    """What somebody typed as a secret, without spaces and hyphens and with look-alikes read as what was meant."""
    plain = unicodedata.normalize("NFKC", text[:100])
    digits = "".join(str(unicodedata.digit(char)) if char.isdigit() else char for char in plain.upper())
    return "".join(char for char in digits if char.isalnum()).translate(_READ_AS)


def secret_digest(text: str) -> str:
    """SHA-256 of a secret, however it was typed: 64 hexadecimal digits. The same work for every text."""
    return hashlib.sha256(normal_secret(text).encode()).hexdigest()
