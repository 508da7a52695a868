"""The demo organisation: invented, and rich enough to show every page."""

from flask import Flask

from auditkit.accounts import queries, service
from auditkit.accounts.rules import Role
from auditkit.base import clock
from auditkit.base.actor import Actor
from auditkit.base.db import reading, transaction

SLUG = "demo"

PEOPLE = (
    ("ada", "Ada Administrator", Role.ADMINISTRATOR),
    ("quentin", "Quentin Quality", Role.QUALITY_MANAGER),
    ("hana", "Hana Handler", Role.COMPLAINT_HANDLER),
    ("ivan", "Ivan Auditor", Role.INTERNAL_AUDITOR),
    ("sofia", "Sofia Staff", Role.STAFF),
    ("rita", "Rita Reviewer", Role.EXTERNAL_REVIEWER),
)


def load(app: Flask) -> bool:
    """Add the demo organisation unless it is there; says whether it was added."""
    with app.app_context():
        if any(one.slug == SLUG for one in queries.organisations(reading())):
            return False
        with transaction() as tx:
            command = service.AddOrganisation(SLUG, "Lakeside Appliances (demo)", "GB")
            organisation_id = service.add_organisation(tx, command, clock.now())
        actor = Actor.system(organisation_id)
        with transaction(actor) as tx:
            for local, name, role in PEOPLE:
                member = service.AddMember(f"{local}@demo.example", role, name)
                service.add_member(tx, member, clock.now(), actor)
        return True
