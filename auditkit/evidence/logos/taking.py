"""Takes an uploaded logo in: no larger than it may be, examined as evidence files are, and only the picture of it.

Checked by tests/slices/accounts/test_logo.py.
"""

import tempfile
from pathlib import Path
from typing import Any

from auditkit.accounts.look.rules import MAX_BYTES, MAX_KIBIBYTES, MEDIA_TYPES, Logo, LogoOtherKind, LogoTooLarge
from auditkit.base.text import _
from auditkit.evidence.inspection import inspect
from auditkit.evidence.logos.drawing import cleaned
from auditkit.evidence.rules import FileEmpty


def taken(stream: Any, name: str) -> Logo:
    """The picture in an uploaded file.

    Raises LogoTooLarge, FileRefused (a program, an archive, two files in one, damage), LogoOtherKind, LogoDamaged,
    LogoSides.
    """
    content: bytes = stream.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise LogoTooLarge(limit=MAX_KIBIBYTES)
    if not content:
        raise FileEmpty
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "logo"
        file.write_bytes(content)
        kind = inspect(file, len(content), name).kind
    if kind.id not in MEDIA_TYPES:
        raise LogoOtherKind(kind=_(kind.title))
    return cleaned(content)
