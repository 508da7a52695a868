"""What every content file's shape is made of: ids, references, texts, how well a fact is supported, own refusals.

Pure pydantic. tests/slices/content/test_content_problems.py walks every refusal.
"""

from enum import StrEnum
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints
from pydantic_core import PydanticCustomError

from auditkit.base.text import N_

# Hand-given, for ever, in addresses and file names: nothing that needs quoting and no letters that differ by case.
Id = Annotated[
    str, StringConstraints(pattern=r"^[a-z0-9]+(?:[.-][a-z0-9]+)*$", max_length=64), Field(examples=["q18-7.4-1"])
]
NodeId = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z0-9]+(?:[.-][A-Za-z0-9]+)*$", max_length=24),
    Field(examples=["7.4", "D.2"]),
]
NodeRef = Annotated[
    str,
    StringConstraints(pattern=r"^(?:[a-z0-9]+(?:[.-][a-z0-9]+)*:)?[A-Za-z0-9]+(?:[.-][A-Za-z0-9]+)*$", max_length=96),
    Field(description="A clause of the file's own edition, or `edition:clause`", examples=["7.4", "iso9001-2015:9.2"]),
]
PrincipleCode = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$"), Field(examples=["TIM"])]
Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=8000)]
Weight = Annotated[int, Field(ge=1, le=5)]


class Source(StrEnum):
    """How well a fact is supported; anything but `published` is marked on screen."""

    PUBLISHED = "published"
    PRACTICE = "practice"
    INFERRED = "inferred"


class Shape(BaseModel):
    """Base of everything read from a content file. Also for other slices' files (see `reading.read_file`)."""

    # What each field means stands below it; `schemas.py` reads that when a JSON Schema is asked for. Having pydantic
    # read it (`use_attribute_docstrings`) parses the source of every shape at import and takes a tenth of a second.
    model_config = ConfigDict(extra="forbid", frozen=True)


class FileShape(Shape):
    """Base of a whole content file. Subclasses add `kind` and `id`, which together name it."""

    base: Digest | None = None
    """In a copy that stands in place of a shipped file: the digest of what was copied (`auditkit content copy`)."""


def refuse(message: str, **params: str) -> PydanticCustomError:
    """An error for a shape's own check: a gettext message id that says what to write instead, with its parameters."""
    text = message % params if params else message
    return PydanticCustomError("content", "{text}", {"text": text, "message": message, "params": params})


def _unique_ids(things: tuple[Any, ...]) -> tuple[Any, ...]:
    seen: set[str] = set()
    for thing in things:
        if thing.id in seen:
            raise refuse(N_("Give each its own id; `%(id)s` is used twice"), id=thing.id)
        seen.add(thing.id)
    return things


def _no_repeats(values: tuple[str, ...]) -> tuple[str, ...]:
    for value in values:
        if values.count(value) > 1:
            raise refuse(N_("Name `%(value)s` once"), value=str(value))
    return values


Once = AfterValidator(_no_repeats)
UniqueIds = AfterValidator(_unique_ids)
