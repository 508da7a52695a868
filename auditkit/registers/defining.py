"""Registers of an organisation's own, written or changed in the browser: tried first, kept as a content file.

The file lies in the instance's content folder like those written by hand (`auditkit.content.library.layering`); the
journal keeps every text. What entries already say is never lost: a field that holds something cannot go.
tests/slices/registers/test_registers_defining.py holds it.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from auditkit.base.actor import Actor
from auditkit.base.db import Session
from auditkit.base.errors import BadInput, Conflict
from auditkit.base.ids import digest
from auditkit.base.text import N_, _
from auditkit.base.verbs import verb
from auditkit.content.digests import base_digest
from auditkit.content.exchange.writing import as_yaml
from auditkit.content.library import Layered, tried
from auditkit.content.locate import Found
from auditkit.content.reading import read_file
from auditkit.content.shapes import RegisterShape
from auditkit.journal.service import record
from auditkit.registers import queries, rules

FOLDER = "registers"
RESERVED = ("own",)
"""Addresses below the registers' page that are no register."""


class DefinitionRefused(BadInput):
    """Nothing was kept; `faults` says by line what to mend."""

    message = N_("Nothing was kept. %(count)s places want another look: %(first)s")

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__(count=len(faults), first=faults[0])
        self.faults = list(faults)


class NotWritten(Conflict):
    message = N_(
        "The file %(path)s could not be written: %(reason)s. Tell whoever runs the server; nothing was changed"
    )


@dataclass(frozen=True)
class Define:
    """`text` is YAML of `kind: register`; `source` the organisation's library, `slug` its short name."""

    source: Layered
    instance: Path
    slug: str
    text: str


def begun(source: Layered, instance: Path, name: str) -> str:
    """A text to begin with: the own file of this register, or the shipped one as YAML. Raises NotFound."""
    own = source.own_of("register", name)
    shape = source.library.register(name)
    if own is not None and own.change != "retired":
        return (instance / own.file).read_text("utf-8")
    return as_yaml(
        shape.model_copy(update={"base": base_digest(shape)}), _("Give it another id and series, or change it.")
    )


def examined(tx: Session, command: Define) -> tuple[RegisterShape, str]:
    """The register that a text defines, and the file's name below the organisation's folder.

    Raises DefinitionRefused with every fault.
    """
    shape = _shape(command)
    name = _name(command, shape.id)
    found = tried(command.instance, command.slug, name, command.text)
    faults = [str(one) for one in found.problems] or [*_clashes(found, shape), *_losses(tx, command.source, shape)]
    if faults:
        raise DefinitionRefused(faults)
    return found.library.register(shape.id), name


@verb("organisation.manage", leaves=rules.DEFINED)
def define(tx: Session, command: Define, now: datetime, actor: Actor) -> RegisterShape:
    """Keep a definition: the register is there from the next page on. Raises DefinitionRefused, NotWritten."""
    shape, name = examined(tx, command)
    facts = {"register": shape.id, "digest": digest(command.text.encode()), "text": command.text}
    record(tx, rules.DEFINED, now=now, actor=actor, subject=("register", actor.organisation_id), facts=facts)
    tx.flush()
    _write(command.instance / "content" / command.slug / name, command.text)
    return shape


def _shape(command: Define) -> RegisterShape:
    if len(command.text) > rules.LONGEST_DEFINITION:
        raise DefinitionRefused([_("Shorten the text to %(count)s characters", count=rules.LONGEST_DEFINITION)])
    with TemporaryDirectory() as folder:
        path = Path(folder) / "register.yaml"
        path.write_text(command.text, "utf-8")
        _document, shape, problems = read_file(Found(_("Definition"), path), RegisterShape)
    if shape is None:
        raise DefinitionRefused([str(one) for one in problems])
    if shape.id in RESERVED:
        raise DefinitionRefused(
            [_("“%(id)s” is a word of this page's address. Give the register another id", id=shape.id)]
        )
    return shape


def _name(command: Define, register: str) -> str:
    """The file that holds the organisation's register already, else a new one."""
    own, folder = command.source.own_of("register", register), f"content/{command.slug}/"
    if own is not None and own.file.startswith(folder):
        return own.file.removeprefix(folder)
    return f"{FOLDER}/{register}.yaml"


def _clashes(found: Layered, shape: RegisterShape) -> list[str]:
    return [
        _(
            "`series: %(series)s` numbers the entries of “%(title)s” already. Choose others",
            series=shape.series,
            title=one.title,
        )
        for one in found.library.registers.values()
        if one.series == shape.series and one.id != shape.id
    ]


def _losses(tx: Session, source: Layered, shape: RegisterShape) -> list[str]:
    """What a change would take from entries that are there: filled fields, chosen words, numbers."""
    before = source.library.registers.get(shape.id)
    if before is None:
        return []
    used = queries.used(tx, shape.id)
    faults = []
    if used.entries and before.series != shape.series:
        faults.append(_("Keep `series: %(series)s`: entries are numbered by it", series=before.series))
    for name, words in used.fields.items():
        field, old = shape.field(name), before.field(name)
        if field is None or (old is not None and field.kind is not old.kind):
            faults.append(_("Keep the field `%(id)s` and its kind: entries say something in it", id=name))
            continue
        gone = words - {choice.id for choice in field.choices} if field.choices else set()
        faults += [
            _("Keep the choice `%(choice)s` of `%(id)s`: entries say it", choice=one, id=name) for one in sorted(gone)
        ]
    return faults


def _write(path: Path, text: str) -> None:
    """Whole or not at all, also when the server stops midway."""
    beside = path.with_name(f".{path.name}.new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with beside.open("w", encoding="utf-8") as file:
            file.write(text if text.endswith("\n") else text + "\n")
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise NotWritten(path=path.name, reason=error.strerror or str(error)) from error
