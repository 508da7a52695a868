"""Draws an uploaded logo anew, so that the picture is kept and nothing that travelled with it.

Checked by tests/slices/evidence/test_logo_pictures.py.
"""

import io
from typing import Any

from auditkit.accounts.look.rules import MEDIA_TYPES, Logo, LogoDamaged, LogoOtherKind, checked_sides

_SAVED: dict[str, dict[str, Any]] = {
    "png": {"optimize": True, "icc_profile": None},
    "jpeg": {"quality": "keep", "icc_profile": None, "comment": b""},
}
"""By kind. A JPEG keeps its quality; without these the library would write what it read beside the picture."""


def cleaned(content: bytes) -> Logo:
    """A picture without what does not draw it: where it was taken, who made it, what was hung on behind.

    Raises LogoOtherKind, LogoDamaged, LogoSides; the sides are read before anything is unpacked.
    """
    # Heavy, and wanted only when somebody sends a logo
    from PIL import Image, ImageOps, UnidentifiedImageError

    drawn = io.BytesIO()
    try:
        with Image.open(io.BytesIO(content), formats=[kind.upper() for kind in MEDIA_TYPES]) as picture:
            checked_sides(*picture.size)
            kind = str(picture.format).lower()
            ImageOps.exif_transpose(picture, in_place=True)  # as the camera was held
            picture.save(drawn, picture.format, **_SAVED[kind])
            return Logo(kind, *picture.size, drawn.getvalue())
    except UnidentifiedImageError as error:
        raise (LogoDamaged if _looks_right(content) else LogoOtherKind(kind="?")) from error
    except (OSError, SyntaxError, ValueError, EOFError, Image.DecompressionBombError) as error:  # its words for damage
        raise LogoDamaged from error


def _looks_right(content: bytes) -> bool:
    return content.startswith((b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"))
