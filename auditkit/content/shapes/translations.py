"""Translations: a sidecar for each locale beside a content file, `scales.fa.yaml` beside `scales.yaml`.

Each entry carries the digest of the English it translates, so that a translation of an earlier text is seen and is not
shown for the new one (decision 15).
"""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from auditkit.content.locate import LOCALE
from auditkit.content.shapes.basics import FileShape, Id, Shape

Locale = Annotated[str, StringConstraints(pattern=f"^{LOCALE}$"), Field(examples=["fa"])]
TextDigest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{16}$")]
TextKey = Annotated[
    str, StringConstraints(pattern=r"^[^\s/]+(?:/[^\s/]+)*$", max_length=200), Field(examples=["nodes/7.4/title"])
]


class Translated(Shape):
    """The translation of one text."""

    digest: TextDigest
    """First 16 digits of the SHA-256 of the English, its white space made single spaces."""
    text: Annotated[str, StringConstraints(strip_whitespace=True, max_length=8000)] | None = None
    """Empty until somebody translates it; the English is shown until then, with a mark."""


class TranslationShape(FileShape):
    """The translation of a content file into one language."""

    kind: Literal["translation"]
    of: str
    """The kind of the file it translates."""
    id: Id
    """The id of the file it translates."""
    locale: Locale
    texts: dict[TextKey, Translated]
    """By key: `title`, `nodes/7.4/title`, `items/q18-7.4-1/question`, `items/q18-7.4-1/typical_nonconformities/2`."""
