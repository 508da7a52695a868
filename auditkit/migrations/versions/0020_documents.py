"""Documents: cards, facts kept once, settings stated, approval in order, readers, translations, keeping of records.

Every policy gets its card. The newest answer to a question becomes the organisation's fact; where a document said
something else, or nothing, that stays its own answer.

Revision ID: 0020
Revises: 0019
"""

import re
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

PARTED_BY = "\n-- next\n"


_KINDS = {"procedure": "procedure", "role": "role", "manual": "manual", "leaflet": "leaflet"}
_TABLES = {
    "policy": sa.table(
        "policy",
        *(sa.column(name) for name in ("id", "organisation_id", "content_id", "edited_at", "edited_by_id")),
        sa.column("questions", sa.JSON),
        sa.column("answers", sa.JSON),
    ),
    "organisation_fact": sa.table(
        "organisation_fact",
        *(sa.column(name) for name in ("organisation_id", "name", "kind", "value", "changed_at", "changed_by_id")),
    ),
    "policy_card": sa.table(
        "policy_card",
        *(sa.column(name) for name in ("policy_id", "organisation_id", "kind", "retention", "distribution")),
        sa.column("review_months"),
        sa.column("states", sa.JSON),
    ),
}


def _run(connection: Any, direction: str) -> None:
    script = Path(__file__).with_name(f"{revision}_{connection.dialect.name}_{direction}.sql")
    for statement in script.read_text(encoding="utf-8").split(PARTED_BY):
        connection.exec_driver_sql(statement.strip())


def upgrade() -> None:
    """Apply."""
    connection = op.get_bind()
    _run(connection, "up")
    policy = _TABLES["policy"]
    newest_first = sa.select(policy).order_by(policy.c.edited_at.desc(), policy.c.id.desc())
    rows = connection.execute(newest_first).mappings().all()
    facts: dict[tuple[int, str, str], str] = {}
    for row in rows:
        _make_facts(connection, row, facts)
    for row in rows:
        card = {"retention": "", "distribution": "", "review_months": 12, "states": []}
        owned = {"policy_id": row["id"], "organisation_id": row["organisation_id"], "kind": _kind(row["content_id"])}
        connection.execute(sa.insert(_TABLES["policy_card"]).values(**owned, **card))
        own = {key[1]: row["answers"].get(key[1], "") for key in _asked(row) if key in facts}
        own = {name: answer for name, answer in own.items() if answer != facts[_key(row, name)]}
        connection.execute(sa.update(policy).where(policy.c.id == row["id"]).values(answers=own))


def _asked(row: Any) -> list[tuple[int, str, str]]:
    return [(row["organisation_id"], one["name"], one["type"]) for one in row["questions"]]


def _key(row: Any, name: str) -> tuple[int, str, str]:
    return next(key for key in _asked(row) if key[1] == name)


def _make_facts(connection: Any, row: Any, facts: dict[tuple[int, str, str], str]) -> None:
    for key in _asked(row):
        answer = row["answers"].get(key[1], "")
        if answer and key not in facts:
            facts[key] = answer
            values = {"organisation_id": key[0], "name": key[1], "kind": key[2], "value": answer}
            when = {"changed_at": row["edited_at"], "changed_by_id": row["edited_by_id"]}
            connection.execute(sa.insert(_TABLES["organisation_fact"]).values(**values, **when))


def _kind(content_id: str) -> str:
    for word in re.split(r"[-.]", content_id):
        if word in _KINDS:
            return _KINDS[word]
    return "policy" if content_id.endswith("policy") else "other"


def downgrade() -> None:
    """Take back: every document gets the facts it uses as its own answers again."""
    connection = op.get_bind()
    policy, fact = _TABLES["policy"], _TABLES["organisation_fact"]
    facts = {
        (row["organisation_id"], row["name"], row["kind"]): row["value"]
        for row in connection.execute(sa.select(fact)).mappings().all()
    }
    for row in connection.execute(sa.select(policy)).mappings().all():
        answers = {key[1]: facts[key] for key in _asked(row) if key in facts} | row["answers"]
        answers = {name: answer for name, answer in answers.items() if answer}
        connection.execute(sa.update(policy).where(policy.c.id == row["id"]).values(answers=answers))
    _run(connection, "down")
