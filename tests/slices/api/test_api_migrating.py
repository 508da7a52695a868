"""Tokens made before tokens of the organisation existed stay their person's; going back, none becomes anybody's."""

from auditkit.base.db import db
from auditkit.instance import migrate
from tests.slices.complaints_privacy import filling

BEFORE = "0014"


def names(app) -> dict[str, object]:
    with db.engine.connect() as connection:
        tokens = db.metadata.tables["api_token"]
        return {row.name: row.for_organisation for row in connection.execute(tokens.select())}


def test_tokens_survive_and_none_is_handed_to_anybody(app, acme, clock):
    for name, house in (("own", False), ("house", True)):
        filling.row(
            "api_token", organisation_id=acme.id, person_id=acme.person("staff"), name=name, digest=name.ljust(64, "0"),
            scopes=[], made_at=clock.at, expires_at=clock.at.replace(year=2027), for_organisation=house,
        )  # fmt: skip
    db.session.remove()
    migrate.downgrade(app, BEFORE)
    migrate.upgrade(app)
    assert names(app) == {"own": False}
