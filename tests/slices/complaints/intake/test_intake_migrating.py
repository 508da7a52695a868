"""Notes on secrets given out live through the revision that lets them go by e-mail, and back; channels likewise."""

from auditkit.base.db import db
from auditkit.instance import migrate
from tests.slices.complaints.recording import registered
from tests.slices.complaints_privacy import filling

BEFORE = "0050"


def read(table: str, *columns: str) -> list[tuple[object, ...]]:
    with db.engine.connect() as connection:
        rows = connection.exec_driver_sql(f"SELECT {', '.join(columns)} FROM {table} ORDER BY id")
        return [tuple(row) for row in rows]


def test_notes_of_secrets_and_channels_survive(app, acme, clock):
    registered(acme.system)
    for handed in ("print", "e-mail"):
        filling.row(
            "complaint_secret_reissue", organisation_id=acme.id, complaint_id=1, reissued_at=clock.at,
            reissued_by=acme.person("complaint-handler"), checked="She knew", handed=handed,
        )  # fmt: skip
    filling.row("complaint_channel", organisation_id=acme.id, name="Ideas", opening="received", kind="suggestion")
    db.session.remove()
    before = read("complaint_secret_reissue", "id", "complaint_id", "reissued_by", "checked", "organisation_id")
    migrate.downgrade(app, BEFORE)
    migrate.upgrade(app)
    assert read("complaint_secret_reissue", "handed") == [("print",), ("post",)]
    after = read("complaint_secret_reissue", "id", "complaint_id", "reissued_by", "checked", "organisation_id")
    assert after == before
    assert read("complaint_channel", "name", "kind") == [("Ideas", "complaint")]
