"""Registers hold together: levels name ranked fields, days that expire are days, examples can be entered."""

from collections.abc import Iterator
from datetime import date

from auditkit.base.text import _
from auditkit.content.checks.defining import Index
from auditkit.content.checks.referring import known_record, listed
from auditkit.content.problems import Problem
from auditkit.content.reading import ReadFile
from auditkit.content.shapes import FieldKind, RegisterField, RegisterShape
from auditkit.content.yaml_reader import Loc


def of_register(file: ReadFile, shape: RegisterShape, index: Index) -> Iterator[Problem]:
    """Everything a register says about its own fields is true."""
    yield from known_record(file, shape.record, ("record",), index)
    if shape.expires:
        yield from _field(file, shape, shape.expires, (FieldKind.DAY,), ("expires",))
    for number, name in enumerate(shape.stated):
        yield from _field(file, shape, name, tuple(FieldKind), ("stated", number))
    for number, level in enumerate(shape.levels):
        for place, name in enumerate(level.of):
            loc = ("levels", number, "of", place)
            yield from _field(file, shape, name, (FieldKind.CHOICE,), loc)
            field = shape.field(name)
            if field is not None and any(choice.rank is None for choice in field.choices):
                message = _("A level is made of ranks. Give every choice of `%(id)s` a `rank`", id=name)
                yield file.problem(loc, message)
    if shape.measured:
        for part, kinds in (
            ("target", (FieldKind.NUMBER,)),
            ("unit", (FieldKind.LINE, FieldKind.CHOICE)),
            ("better", (FieldKind.CHOICE,)),
        ):
            yield from _field(file, shape, getattr(shape.measured, part), kinds, ("measured", part))
    for number, example in enumerate(shape.examples):
        yield from _example(file, shape, example.values, ("examples", number, "values"))


def _field(
    file: ReadFile, shape: RegisterShape, name: str, kinds: tuple[FieldKind, ...], loc: Loc
) -> Iterator[Problem]:
    fitting = [one.id for one in shape.fields if one.kind in kinds]
    if name not in fitting:
        yield file.problem(
            loc,
            _("There is no field `%(id)s` of this kind. Write one of: %(known)s", id=name, known=listed(fitting)),
        )


def _example(file: ReadFile, shape: RegisterShape, values: dict[str, str], loc: Loc) -> Iterator[Problem]:
    for name, value in values.items():
        field = shape.field(name)
        if field is None:
            known = listed(one.id for one in shape.fields)
            yield file.problem(
                (*loc, name), _("There is no field `%(id)s`. Write one of: %(known)s", id=name, known=known)
            )
        elif (fault := _cannot_be(field, value)) is not None:
            yield file.problem((*loc, name), fault)
    for field in shape.fields:
        if field.required and field.id not in values and field.kind is not FieldKind.PERSON:
            yield file.problem(loc, _("`%(id)s` is required. Give the example a value for it", id=field.id))


def _cannot_be(field: RegisterField, value: str) -> str | None:
    """Why `value` cannot stand in the field, or None."""
    match field.kind:
        case FieldKind.CHOICE | FieldKind.CHOICES:
            known = [choice.id for choice in field.choices]
            words = [word.strip() for word in value.split(",")] if field.kind is FieldKind.CHOICES else [value]
            for word in words:
                if word not in known:
                    return _("There is no `%(id)s` here. Write one of: %(known)s", id=word, known=listed(known))
        case FieldKind.DAY:
            try:
                date.fromisoformat(value)
            except ValueError:
                return _("Write the day as 2026-01-31")
        case FieldKind.NUMBER:
            try:
                float(value)
            except ValueError:
                return _("Write a number, such as 95 or 2.5")
        case FieldKind.PERSON:
            return _("Leave this out: an example knows nobody")
    return None
