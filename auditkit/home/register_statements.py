"""What entries of registers say that documents state: an objective's target, who answers for a task, a duty's limit.

Which fields those are is content (`stated:` of a register). Registers and documents are neighbours that do not know
each other, so the two are brought together here. tests/slices/home/test_register_statements.py holds it.
"""

import json
from collections.abc import Iterator
from datetime import date
from functools import partial
from typing import Any

from flask import current_app, has_request_context

from auditkit.accounts.queries import names, organisations
from auditkit.base.db import SCOPE, Session
from auditkit.base.text import _, enumerated
from auditkit.content.library import Library, in_language, of_organisation
from auditkit.content.shapes import FieldKind, RegisterField, RegisterShape
from auditkit.policies import facts
from auditkit.policies.facts import Setting
from auditkit.registers import queries
from auditkit.web.languages import locale


def offer() -> None:
    """Offer them to documents."""
    facts.offer("registers", settings)


def settings(tx: Session) -> Iterator[Setting]:
    """A setting for each entry of a register with `stated:` fields; one taken out of use says nothing any more.

    The value is JSON of the stated fields as stored, so that reading it in another language is no change.
    """
    library = _library(tx)
    shapes = {name: shape for name, shape in library.registers.items() if shape.stated}
    people: dict[int, str] = {}
    for one in queries.stating(tx, list(shapes)):
        shape, people = shapes[one.register], people or names(tx)
        said = {name: one.values[name] for name in shape.stated if name in one.values}
        value = json.dumps(said, ensure_ascii=False, separators=(",", ":")) if said and not one.retired else ""
        title = _("%(register)s: %(entry)s", register=shape.title, entry=f"{one.number} {one.title}")
        say = partial(_say, shape, people)
        yield Setting(f"registers.{one.register}.{one.number}", title, value, say, words=(one.title,))


def _library(tx: Session) -> Library:
    """The organisation's, in the language of the screens where there is a request."""
    wanted = tx.info[SCOPE]
    slug = next((one.slug for one in organisations(tx) if one.id == wanted), None)
    found = of_organisation(current_app.extensions["auditkit.settings"].instance, slug).library
    return in_language(found, locale()) if has_request_context() else found


def _say(shape: RegisterShape, people: dict[int, str], value: str) -> str:
    said = json.loads(value)
    fields = [(one, said[one.id]) for one in shape.fields if one.id in said]
    return enumerated([f"{one.title}: {_shown(one, stored, people)}" for one, stored in fields])


def _shown(field: RegisterField, value: Any, people: dict[int, str]) -> str:
    labels = {one.id: str(one.label) for one in field.choices}
    match field.kind:
        case FieldKind.PERSON:
            return people.get(value, _("somebody who left"))
        case FieldKind.DAY:
            return date.fromisoformat(value).isoformat()
        case FieldKind.CHOICES:
            return enumerated([labels.get(one, one) for one in value])
    return labels.get(str(value), str(value))
