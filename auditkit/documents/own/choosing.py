"""Which template makes a document: the organisation's own, else the installation's, else the shipped one.

A template in use is used or the document fails; what is broken is told and nothing else is put in its place.
Checked by tests/slices/documents/test_documents_own.py.
"""

from collections.abc import Container
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path

from auditkit.base.db import Session
from auditkit.documents import catalogue
from auditkit.documents.own import installed, queries
from auditkit.documents.own.rules import Origin


@dataclass(frozen=True)
class Kept:
    """An own template of an organisation with its bytes."""

    version: queries.Version
    content: bytes

    @property
    def name(self) -> str:
        """What messages call it: the file's name, document, language and version."""
        one = self.version
        return f"{one.name} ({one.template_id} {one.language} {one.number})"

    def read_bytes(self) -> bytes:
        """The Word file."""
        return self.content


@dataclass(frozen=True)
class Chosen:
    """The template that a document is made with, whose it is, and which version of theirs."""

    entry: catalogue.Entry
    origin: Origin
    version: int | None
    language: str

    @property
    def edition(self) -> str:
        """Its version as a document says it: the number of an own template, the program's version of a shipped one."""
        return str(self.version) if self.version is not None else version("auditkit")


def chosen(
    tx: Session, instance: Path, template_id: str, language: str = "en", own: Container[tuple[str, str]] | None = None
) -> Chosen:
    """The template in force for a document in a language. Raises NotFound for an unknown document.

    Who asks for many gives along which there are own ones for (`queries.uses`), so that no other is looked for.

    A language in which nobody wrote a template gets the English one: its own, the installation's, the shipped one.
    """
    shipped = catalogue.entry(template_id, language)
    for spoken in dict.fromkeys((language, "en")):
        version = queries.in_use(tx, template_id, spoken) if own is None or (template_id, spoken) in own else None
        if version is not None:
            file = Kept(version, queries.content(tx, version.id))
            return Chosen(replace(shipped, file=file), Origin.ORGANISATION, version.number, spoken)
        theirs = installed.in_use(instance, template_id, spoken)
        if theirs is not None:
            return Chosen(replace(shipped, file=theirs), Origin.INSTALLATION, theirs.number, spoken)
        if spoken in catalogue.languages_of(template_id):
            return Chosen(shipped, Origin.SHIPPED, None, spoken)
    raise AssertionError("every document has an English template")
