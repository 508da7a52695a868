"""Digests of content: the same content gives the same digest, whatever the file looks like."""

import hashlib
from typing import Any

import rfc8785

from auditkit.content.shapes import FileShape, Shape


def canonical(shape: Shape) -> dict[str, Any]:
    """A shape as plain JSON values without what equals the default.

    Defaults stay out so that a field added to a later release does not change the digest of content that lacks it.
    """
    return shape.model_dump(mode="json", exclude_defaults=True, by_alias=True)


def digest_of(values: Any) -> str:
    """SHA-256 (64 hexadecimal digits) over the canonical JSON (RFC 8785) of plain JSON values."""
    return hashlib.sha256(rfc8785.dumps(values)).hexdigest()


def base_digest(shape: Shape) -> str:
    """The digest a copy of this file or question notes under `base:`, so that a later change of it is seen."""
    values = canonical(shape)
    if isinstance(shape, FileShape):
        values.pop("base", None)  # a copy of a copy notes what was copied, not where that came from
    return digest_of(values)
