"""One salted leaf. Apart from its checker, because the process that makes packs has no library of signatures."""

import hashlib
import json

_compact = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def leaf(salt: str, *said: str) -> str:
    """SHA-256 (hex) of a salt (hex, 32 bytes) followed by the compact JSON of what is said."""
    return hashlib.sha256(bytes.fromhex(salt) + _compact(said).encode("utf-8", "surrogatepass")).hexdigest()
