"""Readiness of every organisation of a person: the consultant's view, each read under its own scope and role."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from auditkit.accounts.queries import OrganisationView, actor_of
from auditkit.base.db import reading, separate_scope
from auditkit.content.library import in_language, of_organisation
from auditkit.readiness.visits.queries import Summary, percents, summary


@dataclass(frozen=True)
class Client:
    """An organisation, how ready it is (None: the role there may not read it), and the number at each visit and now.

    `builds`: the role there may build packs.
    """

    organisation: OrganisationView
    summary: Summary | None
    percents: tuple[int, ...] = ()
    builds: bool = False


def clients(
    houses: Sequence[OrganisationView], person: tuple[int, str], instance: Path, language: str, now: datetime
) -> Iterator[Client]:
    """Each organisation of a person (id and name), in the order given."""
    for house in houses:
        actor = actor_of(house, *person)
        if not actor.may("readiness.read"):
            yield Client(house, None)
            continue
        with separate_scope():
            tx = reading(actor)
            own = of_organisation(instance, house.slug).library
            found = summary(tx, in_language(own, language if language in own.languages else "en"), now)
            before = percents(tx, found.edition)
            tx.expunge_all()
        yield Client(house, found, (*before, found.percent), actor.may("packs.build"))
