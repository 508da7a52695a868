"""The path of one organisation as it stands, read under its own scope; and of every organisation of a person."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path as Folder

from auditkit.accounts.queries import OrganisationView, actor_of
from auditkit.base.actor import Actor
from auditkit.base.db import Session, reading, separate_scope
from auditkit.content.library import Library, in_language, of_organisation
from auditkit.home.stage1 import analysis, certification, checks, documents
from auditkit.home.stage1.looking import Look
from auditkit.home.stage1.rules import Path


@dataclass(frozen=True)
class Standing:
    """One of a person's organisations and how far it is."""

    organisation: OrganisationView
    path: Path


def path(tx: Session, actor: Actor, library: Library, now: datetime) -> Path:
    """The path of the organisation of `actor`, as far as the person may read it."""
    look = Look(tx, actor, library, now)
    parts = (analysis, documents, checks, certification)
    return Path(look.today, tuple(part.step(look) for part in parts))


def paths(
    houses: list[OrganisationView], person: tuple[int, str], instance: Folder, language: str, now: datetime
) -> Iterator[Standing]:
    """How each of these organisations stands for this member (id and name) of all of them.

    Each is read with its own scope, with the role the person has there, and forgotten before the next.
    """
    for house in houses:
        actor = actor_of(house, *person)
        with separate_scope():
            tx = reading(actor)
            library = in_language(of_organisation(instance, house.slug).library, language)
            found = path(tx, actor, library, now)
            tx.expunge_all()
        yield Standing(house, found)
