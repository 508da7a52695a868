"""What may be a logo. Pure; `evidence/logos/drawing.py` reads the pictures.

Checked by tests/slices/evidence/test_logo_pictures.py.
"""

from dataclasses import dataclass

from auditkit.base.errors import BadInput, NotFound
from auditkit.base.events import event
from auditkit.base.text import N_

LOGO_SET = event("organisation:logo-set", N_("Logo of the organisation set"))
LOGO_REMOVED = event("organisation:logo-removed", N_("Logo of the organisation removed"))

MAX_KIBIBYTES = 512
MAX_BYTES = MAX_KIBIBYTES * 1024
LEAST_SIDE, LONGEST_SIDE = 16, 3_000
"""Pixels. A logo stands 42 millimetres wide on paper: 800 pixels are plenty."""

MEDIA_TYPES = {"png": "image/png", "jpeg": "image/jpeg"}
"""What both browsers and Word show. SVG can run scripts, and Word shows it only beside a PNG of it."""


class LogoTooLarge(BadInput):
    message = N_("The file is larger than %(limit)s KiB. Save the logo smaller: 800 pixels across are enough")


class LogoOtherKind(BadInput):
    message = N_("A logo is a PNG or a JPEG picture. This file is: %(kind)s")


class LogoDamaged(BadInput):
    message = N_("This picture is damaged and cannot be shown. Export the logo again")


class LogoSides(BadInput):
    message = N_(
        "The picture is %(width)s by %(height)s pixels. Each side of a logo has from %(least)s to %(longest)s pixels"
    )


class NoLogo(NotFound):
    message = N_("The organisation has no logo")


@dataclass(frozen=True)
class Logo:
    """A picture of `kind` png or jpeg, its sides in pixels, and the bytes that draw it."""

    kind: str
    width: int
    height: int
    content: bytes


def checked_sides(width: int, height: int) -> None:
    """Raises LogoSides."""
    if not all(LEAST_SIDE <= side <= LONGEST_SIDE for side in (width, height)):
        raise LogoSides(width=width, height=height, least=LEAST_SIDE, longest=LONGEST_SIDE)
