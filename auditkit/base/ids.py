"""Secrets and digests, made in one way everywhere."""

import hashlib
import secrets


def new_secret(length: int = 32) -> str:
    """A URL-safe random text carrying `length` bytes of entropy."""
    return secrets.token_urlsafe(length)


def digest(data: bytes) -> str:
    """SHA-256 of `data` as 64 lower-case hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()
