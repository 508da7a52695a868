"""The texts of content that people read, each under a key that stays when texts are moved or reordered.

Pure. `texts_of` lists them for whoever translates, `with_texts` puts others in their place. A question and a clause are
known by their id alone, wherever in the file they stand. tests/slices/content/test_content_texts.py compares the table
below with the shapes, so that no text is forgotten.
"""

import hashlib
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, TypeVar

from auditkit.content import shapes
from auditkit.content.shapes import Exclusion, Item, Link, NodeShape, Shape

S = TypeVar("S", bound=Shape)
ENGLISH = "en"
RIGHT_TO_LEFT = frozenset(("ar", "fa", "he", "ur"))

# Shape -> (texts of its own, lists of texts, parts with texts of theirs)
_FIELDS: dict[type[Shape], tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]] = {
    shapes.EditionShape: (("title", "note"), (), ("nodes",)),
    shapes.NodeShape: (("title", "note", "text"), (), ("children",)),
    shapes.CrosswalkShape: (("title", "purpose"), (), ("links",)),
    shapes.Link: (("reason",), (), ()),
    shapes.ChecklistShape: (("title", "purpose", "takes"), (), ("exclude", "add", "steps", "sections")),
    shapes.Exclusion: (("because",), (), ()),
    shapes.Addition: ((), (), ("items",)),
    shapes.Step: (("title", "text"), (), ()),
    shapes.SectionShape: (("title", "documents"), ("typical_nonconformities",), ("items",)),
    shapes.Item: (("question", "good", "evidence", "guidance", "recomputed"), ("typical_nonconformities",), ()),
    shapes.ScalesShape: ((), (), ("scales",)),
    shapes.Scale: (("title",), (), ("answers",)),
    shapes.Answer: (("label", "meaning"), (), ()),
    shapes.PolicyShape: (("title", "purpose"), (), ("fields", "sections")),
    shapes.Blank: (("question", "example", "help"), (), ()),
    shapes.PolicySection: (("title", "text"), (), ()),
    shapes.ValuesShape: (("title", "purpose"), (), ("values",)),
    shapes.Value: (("label", "meaning", "group"), (), ()),
    shapes.MatrixShape: (("title", "purpose"), (), ("reaches", "priorities", "overrides")),
    shapes.TimeLimitsShape: (("title", "purpose", "note"), (), ("limits",)),
    shapes.Limit: (("rule",), (), ()),
    shapes.IndicatorsShape: (("title", "purpose"), (), ("indicators",)),
    shapes.Indicator: (("title", "answers", "formula", "numerator", "denominator", "unit"), ("pitfalls",), ()),
    shapes.RecordsShape: ((), (), ("records",)),
    shapes.Record: (("title", "shows"), (), ()),
    shapes.RegisterShape: (("title", "entry", "purpose"), (), ("fields", "levels")),
    shapes.RegisterField: (("title", "help"), (), ("choices",)),
    shapes.Choice: (("label", "meaning"), (), ()),
    shapes.Level: (("title",), (), ("bands",)),
    shapes.Band: (("label",), (), ()),
    shapes.AgendaShape: (("title", "purpose"), (), ("items",)),
    shapes.AgendaItem: (("title", "question", "bring"), (), ()),
    shapes.ProbesShape: (("title", "purpose"), (), ("bands", "probes", "stops")),
    shapes.ReadinessBand: (("title", "meaning"), (), ()),
    shapes.Probe: (("title", "counts"), (), ()),
    shapes.Stop: (("title", "because"), (), ()),
    shapes.OverrideShape: ((), (), ("replace", "add", "retire")),
    shapes.Replacement: ((), (), ("item",)),
    shapes.Added: ((), (), ("items",)),
    shapes.Retired: (("because",), (), ()),
}


def declare(shape: type[Shape], own: tuple[str, ...], parts: tuple[str, ...] = ()) -> None:
    """Say which texts a shape of another slice has, and which parts with texts of theirs, so that it is translated."""
    _FIELDS[shape] = (own, (), parts)


# Groups that say nothing about what is in them: their parts are known as if they stood one level higher.
_GROUPS = (shapes.Addition, shapes.Added, shapes.Replacement)


class Said(str):
    """A text that knows its language. `stale`: English, because its translation is of an earlier text."""

    language: str
    stale: bool

    def __new__(cls, text: str, language: str, *, stale: bool = False) -> "Said":
        """`text` in `language`."""
        made = super().__new__(cls, text)
        made.language, made.stale = language, stale
        return made

    def __reduce__(self) -> tuple[Any, ...]:
        """So that it can be copied and handed to another process."""
        return partial(Said, stale=self.stale), (str(self), self.language)


def like(model: str, text: str) -> str:
    """`text`, made from `model`, in the language of that."""
    return Said(text, model.language, stale=model.stale) if isinstance(model, Said) else text


def language_of(text: str) -> str:
    """The language of a text of the library."""
    return text.language if isinstance(text, Said) else ENGLISH


def direction_of(language: str) -> str:
    """`rtl` or `ltr`."""
    return "rtl" if language.partition("_")[0] in RIGHT_TO_LEFT else "ltr"


def text_digest(english: str) -> str:
    """16 digits that change when the words change, not when lines are broken elsewhere."""
    return hashlib.sha256(" ".join(english.split()).encode()).hexdigest()[:16]


def texts_of(shape: Shape) -> dict[str, str]:
    """Every text of a file by its key, in the order of the file."""
    found: dict[str, str] = {}
    with_texts(shape, lambda key, text: found.setdefault(key, text))
    return found


def with_texts(shape: S, change: Callable[[str, str], str], key: str = "") -> S:
    """The shape with `change(key, text)` in place of each text; itself where nothing changed."""
    own, lists, parts = _FIELDS.get(type(shape), ((), (), ()))
    changed: dict[str, Any] = {}
    for name in own:
        text = getattr(shape, name)
        if text is not None and (other := change(f"{key}{name}", text)) is not text:
            changed[name] = other
    for name in lists:
        texts = getattr(shape, name)
        others = tuple(change(f"{key}{name}/{number}", text) for number, text in enumerate(texts, start=1))
        if any(other is not text for other, text in zip(others, texts, strict=True)):
            changed[name] = others
    for name in parts:
        held = getattr(shape, name)
        several = held if isinstance(held, tuple) else (held,)
        made = tuple(with_texts(part, change, below) for below, part in _parts(several, name, key))
        if any(other is not part for other, part in zip(made, several, strict=True)):
            changed[name] = made if isinstance(held, tuple) else made[0]
    return shape.model_copy(update=changed) if changed else shape


def _parts(parts: tuple[Shape, ...], field: str, key: str) -> Iterator[tuple[str, Shape]]:
    """Each part with the beginning of its texts' keys."""
    for part in parts:
        if isinstance(part, _GROUPS):
            yield key, part
        elif isinstance(part, Item):
            yield f"items/{part.id}/", part
        elif isinstance(part, NodeShape):
            yield f"nodes/{part.id}/", part
        else:
            yield f"{key}{field}/{_name(part)}/", part


def _name(part: Any) -> str:
    if isinstance(part, Link):
        return f"{'+'.join(part.from_clauses)}>{'+'.join(part.to_clauses)}"
    if isinstance(part, Exclusion):
        return part.items[0]
    return str(getattr(part, "id", None) or part.name)
