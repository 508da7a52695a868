"""Making complaints for tests: by the verbs, and straight into the tables past all rules."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import insert, text

from auditkit.base import clock
from auditkit.base.actor import Actor
from auditkit.base.db import db, reading, transaction
from auditkit.complaints import queries, rules, service
from auditkit.complaints.clock.models import UNTIMED_ROWS
from auditkit.complaints.models import SQLITE_INDEX_ROWS, Complaint, ImportRun
from auditkit.journal import queries as journal

RECEIVED = datetime(2026, 1, 5, 8, 30, tzinfo=UTC)


def registered(actor: Actor, subject: str = "Late delivery", **fields: Any) -> str:
    """Register a complaint by the verb and return its reference."""
    fields.setdefault("received_at", RECEIVED)
    with transaction(actor) as tx:
        return service.register(tx, service.Register(subject, **fields), clock.now(), actor).reference


def do(actor: Actor, verb: Any, command_type: Any, reference: str, *arguments: Any, **more: Any) -> Any:
    """Run a verb on the complaint as it stands now."""
    with transaction(actor) as tx:
        version = queries.by_reference(tx, reference).version
        return verb(tx, command_type(reference, version, *arguments, **more), clock.now(), actor)


def run(actor: Actor, verb: Any, command: Any, **more: Any) -> Any:
    """Run a verb in a transaction of its own."""
    with transaction(actor) as tx:
        return verb(tx, command, clock.now(), actor, **more)


def acknowledged(actor: Actor, **fields: Any) -> str:
    """A complaint that was acknowledged."""
    reference = registered(actor, **fields)
    do(actor, service.acknowledge, service.Acknowledge, reference)
    return reference


def assessed(actor: Actor, severity: str = "low", complexity: str = "simple", reach: str = "one", **fields: Any) -> str:
    """A complaint that was acknowledged and assessed, a simple one unless said otherwise."""
    reference = acknowledged(actor, **fields)
    do(actor, service.assess, service.Assess, reference, severity, complexity, reach)
    return reference


def decided(actor: Actor, *, told: str = "e-mail", decision: dict[str, Any] | None = None, **fields: Any) -> str:
    """A complaint that was acknowledged, assessed and decided, its complainant told by `told` (empty: not yet)."""
    reference = assessed(actor, **fields)
    granted = {"told_channel": told, **(decision or {})}
    do(actor, service.decide, service.Decide, reference, "upheld", "The parcel was lost by us", **granted)
    return reference


def investigated(actor: Actor, reference: str, **more: Any) -> None:
    """Investigate the complaint and end it, with a cause."""
    findings = {"facts": "The parcel stood in the depot", "cause": "process", "independence": "Nobody is involved"}
    do(actor, service.investigate, service.Investigate, reference, ended=True, **{**findings, **more})


def events(house: Any, reference: str) -> list[str]:
    """Names of the events about a complaint, oldest first."""
    case = found(house.system, reference)
    return [entry.event for entry in journal.timeline(reading(), house.id, ("complaint", case.id))][::-1]


def history(actor: Actor, reference: str) -> queries.History:
    """What was done with the complaint, as it is stored now."""
    db.session.rollback()
    with transaction(actor) as tx:
        return queries.history(tx, queries.by_reference(tx, reference).id)


def found(actor: Actor, reference: str) -> queries.Case:
    """The complaint as it is stored now."""
    db.session.rollback()
    with transaction(actor) as tx:
        return queries.by_reference(tx, reference)


def raw_run(organisation_id: int, **values: Any) -> dict[str, Any]:
    """The columns of an import run that every CHECK lets pass."""
    return {
        "organisation_id": organisation_id,
        "file_name": "register.csv",
        "file_digest": "a" * 64,
        "state": "finished",
        "started_at": RECEIVED,
        "finished_at": RECEIVED,
        **values,
    }


def run_added(organisation_id: int) -> int:
    """A finished import run; returns its id."""
    with db.engine.begin() as connection:
        made = connection.execute(insert(ImportRun.__table__).values(**raw_run(organisation_id)))
        return int(made.inserted_primary_key[0])


def raw(organisation_id: int, number: int = 900, **values: Any) -> dict[str, Any]:
    """The columns of a just received complaint that every CHECK lets pass."""
    reference = rules.reference(2026, number)
    return {
        "organisation_id": organisation_id,
        "reference": reference,
        "received_at": RECEIVED,
        "recorded_at": RECEIVED,
        "changed_at": RECEIVED,
        "stage": "received",
        "channel": "",
        "category": "",
        "severity": "",
        "import_run_id": None,
        "closed_date_unknown": False,
        "subject": f"Case {number}",
        "search_words": rules.search_words(organisation_id, reference, [f"Case {number}"], []),
        **values,
    }


def many(organisation_id: int, rows: list[dict[str, Any]]) -> None:
    """Insert complaints in bulk, as an import does: rows, then their search index."""
    with db.engine.begin() as connection:
        before = connection.execute(text("SELECT coalesce(max(id), 0) FROM complaint")).scalar_one()
        connection.execute(insert(Complaint.__table__), rows)
        if connection.dialect.name == "sqlite":
            connection.execute(text(SQLITE_INDEX_ROWS), {"first": before + 1, "last": before + len(rows)})
        connection.execute(text(UNTIMED_ROWS), {"first": before + 1, "last": before + len(rows)})


def spread(organisation_id: int, count: int, *, same_day: int = 7) -> list[dict[str, Any]]:
    """`count` complaints, `same_day` of them with each date of receipt, dates out of the order of recording."""
    return [
        raw(
            organisation_id,
            number,
            received_at=RECEIVED - timedelta(days=(number * 37 % count) // same_day),
            channel=("phone", "web", "post")[number % 3],
            category=("delivery", "service")[number % 2],
        )
        for number in range(1, count + 1)
    ]
