"""Documents: cards, facts kept once, settings stated, approval in order, readers, translations, keeping of records.

Every policy gets its card. The newest answer to a question becomes the organisation's fact; where a document said
something else, that answer stays its own.

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
    facts: dict[tuple[int, str, str], str] = {}
    newest_first = sa.select(policy).order_by(policy.c.edited_at.desc(), policy.c.id.desc())
    for row in connection.execute(newest_first).mappings().all():
        card = {"retention": "", "distribution": "", "review_months": 12, "states": []}
        owned = {"policy_id": row["id"], "organisation_id": row["organisation_id"], "kind": _kind(row["content_id"])}
        connection.execute(sa.insert(_TABLES["policy_card"]).values(**owned, **card))
        kept = _take_over(connection, row, facts)
        connection.execute(sa.update(policy).where(policy.c.id == row["id"]).values(answers=kept))


def _take_over(connection: Any, row: Any, facts: dict[tuple[int, str, str], str]) -> dict[str, str]:
    """Make the answers facts where none is known; what this document answers otherwise, which stays its own."""
    kept = {}
    for question in row["questions"]:
        name, answer = question["name"], row["answers"].get(question["name"], "")
        if not answer:
            continue
        key = (row["organisation_id"], name, question["type"])
        if key not in facts:
            facts[key] = answer
            values = {"organisation_id": key[0], "name": name, "kind": key[2], "value": answer}
            when = {"changed_at": row["edited_at"], "changed_by_id": row["edited_by_id"]}
            connection.execute(sa.insert(_TABLES["organisation_fact"]).values(**values, **when))
        elif facts[key] != answer:
            kept[name] = answer
    return kept


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
        asked = {one["name"]: (row["organisation_id"], one["name"], one["type"]) for one in row["questions"]}
        answers = {name: facts[key] for name, key in asked.items() if key in facts} | row["answers"]
        connection.execute(sa.update(policy).where(policy.c.id == row["id"]).values(answers=answers))
    _run(connection, "down")
