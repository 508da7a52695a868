"""Who is who in the demo organisation, and how its story is told: one act of one person at a time."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar

from auditkit.accounts import service as people
from auditkit.accounts.rules import Role, permissions_of
from auditkit.base import clock
from auditkit.base.actor import Actor
from auditkit.base.db import Session, transaction
from auditkit.content.library import Library, of_organisation

Result = TypeVar("Result")

SLUG = "demo"
NAME = "Lakeside Appliances (demo)"
DAYS = 120

CAST = (
    ("ada", "Ada Administrator", Role.ADMINISTRATOR),
    ("quentin", "Quentin Quality", Role.QUALITY_MANAGER),
    ("maya", "Maya Manager", Role.QUALITY_MANAGER),
    ("tom", "Tom Topham", Role.TOP_MANAGEMENT),
    ("hana", "Hana Handler", Role.COMPLAINT_HANDLER),
    ("ivan", "Ivan Auditor", Role.INTERNAL_AUDITOR),
    ("sofia", "Sofia Staff", Role.STAFF),
    ("rita", "Rita Reviewer", Role.EXTERNAL_REVIEWER),
)


@dataclass
class Story:
    """The organisation while its story is told; `cast` and `processes` map names to people and to ids."""

    organisation_id: int
    today: datetime
    library: Library
    cast: dict[str, Actor] = field(default_factory=dict)
    processes: dict[str, int] = field(default_factory=dict)

    def at(self, days_ago: float, hours: float = 0) -> datetime:
        """`hours` after ten past nine, `days_ago` days ago; never later than the moment of telling."""
        morning = self.today.replace(hour=9, minute=10, second=0, microsecond=0)
        return min(morning - timedelta(days=days_ago) + timedelta(hours=hours), self.today)

    def person(self, name: str) -> int:
        """The id of a person of the cast."""
        person_id = self.cast[name].person_id
        if person_id is None:
            raise LookupError(name)
        return person_id

    def tell(self, name: str, act: Callable[[Session, Actor], Result]) -> Result:
        """One act of one person, in a transaction of its own."""
        actor = self.cast[name]
        with transaction(actor) as tx:
            return act(tx, actor)


def begin(instance: Path) -> Story:
    """The organisation and its people, as they were four months ago."""
    today = clock.now()
    first_day = today - timedelta(days=DAYS)
    with transaction() as tx:
        organisation_id = people.add_organisation(tx, people.AddOrganisation(SLUG, NAME, "GB"), first_day)
    story = Story(organisation_id, today, of_organisation(instance, SLUG).library)
    system = Actor.system(organisation_id)
    for local, name, role in CAST:
        with transaction(system) as tx:
            member = people.AddMember(f"{local}@demo.example", role, name)
            person_id = people.add_member(tx, member, first_day, system)
        story.cast[local] = Actor(organisation_id, person_id, role.value, name, permissions_of(role))
    return story
