"""After anonymisation nothing typed into an identity can be found anywhere; figures and journal stay whole."""

import json
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from auditkit import schema
from auditkit.base import clock
from auditkit.base.db import Base, db, transaction
from auditkit.complaints import queries
from auditkit.complaints.models import Complaint
from auditkit.complaints.privacy import jobs
from auditkit.complaints.privacy.fates import APART, FATES, KEPT_TEXTS, REACHED_BY, Fate, columns
from auditkit.complaints.privacy.rules import CannotAnonymise, Ground
from auditkit.complaints.privacy.service import anonymising
from auditkit.evidence import store
from auditkit.journal.queries import verify
from tests.slices.complaints_privacy import filling

REWRITTEN = jobs.REWRITTEN
ERASED = (Fate.BLANK, Fate.MARK, Fate.NULL, Fate.SIFT, Fate.EMPTY)


def anonymise(house, reference: str, **more) -> None:
    actor = house.actor("quality-manager")
    command = anonymising.Anonymise(reference, Ground.BY_HAND.value, "the person moved away", **more)
    with transaction(actor) as tx:
        anonymising.anonymise(tx, command, clock.now(), actor)


def whole_case(house, token: str, text: str = "") -> tuple[int, str, str]:
    """A closed case with the token in everything; its id, reference and the digest of its file."""
    actor = house.actor("quality-manager")
    complaint_id, reference = filling.registered(actor, filling.identity(token, text), token)
    filling.closed(complaint_id, token)
    filling.filled(house.id, complaint_id, house.person("staff"), token)
    filling.sent(actor, complaint_id, reference, token)
    _file, digest = filling.attached(actor, complaint_id, token)
    return complaint_id, reference, digest


def raw_bytes(app) -> bytes:
    """The bytes of the database's files; on PostgreSQL every value of every table as text."""
    if db.engine.dialect.name == "sqlite":
        path = Path(db.engine.url.database)
        return b"".join(one.read_bytes() for one in path.parent.glob(f"{path.name}*") if one.is_file())
    return "\n".join(str(value) for _place, value in filling.everything_stored()).encode()


def figures(house) -> dict[str, object]:
    with transaction(house.system) as tx:
        grouped = select(
            Complaint.category, Complaint.outcome, Complaint.received_at, Complaint.closed_at, func.count()
        ).group_by(Complaint.category, Complaint.outcome, Complaint.received_at, Complaint.closed_at)
        return {
            "period": queries.period_counts(tx),
            "stages": queries.stage_counts(tx),
            "grouped": sorted(map(str, tx.execute(grouped).all())),
        }


NAMES = st.text(
    st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\x00"), max_size=60
) | st.sampled_from(
    ["Ødegård O'Neill", "محمدرضا نیک‌خواه", "ნინო ბერიძე", "Γιώργος", "=cmd|' /C calc'!A0", "{{ 7*7 }}", "İpek Şahin"]
)


@settings(
    max_examples=6,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(text=NAMES)
def test_nothing_of_an_identity_is_left_in_the_database(app, acme, globex, work, clock, text):
    token, other = f"q{uuid4().hex[:14]}", f"z{uuid4().hex[:14]}"
    _complaint_id, reference, digest = whole_case(acme, token, text)
    whole_case(globex, other)
    assert token.encode() in raw_bytes(app), "the search below can find something"
    before = figures(acme)
    anonymise(acme, reference)
    assert work() == 1
    assert filling.naming(token) == set()
    db.session.remove()
    db.engine.dispose()
    left = raw_bytes(app)
    assert token.encode() not in left
    assert json.dumps(text)[1:-1].encode() not in left or len(text) < 12
    assert other.encode() in left, "another organisation's case is untouched"
    assert store.current().size(digest) is None
    assert figures(acme) == before
    with transaction(acme.system) as tx:
        assert verify(tx, acme.id).bad is None


def test_the_case_that_is_searched_has_something_in_every_column_that_goes(app, acme, clock):
    token = "q0123456789ab"
    whole_case(acme, token)
    named = filling.naming(token)
    wanted = {
        f"{table}.{column}"
        for table in FATES
        for column, fate in columns(table)
        if fate in ERASED and (table, column) != ("complaint_intake", "purchased_on")
    } - {"complaint.source_status", "complaint_decision.return_reason"}
    assert wanted <= named
    assert "journal_personal.value" in named
    assert "outbox_mail.body" in named
    assert "evidence_file.name" in named


def hanging() -> set[str]:
    """Tables that hang on a complaint, however many steps away."""
    found = {"complaint"}
    while more := {
        table.name
        for table in schema.metadata.sorted_tables
        if table.name not in found and any(key.column.table.name in found for key in table.foreign_keys)
    }:
        found |= more
    return found


def unclassified(tables: set[str]) -> set[str]:
    """Tables and columns that nobody said the fate of."""
    missing = {table for table in tables if table not in FATES}
    for table in tables & FATES.keys():
        if FATES[table] is Fate.GO:
            continue
        known = [name for name, _fate in columns(table)]
        assert len(known) == len(set(known)), f"{table} says the fate of a column twice"
        there = set(Base.metadata.tables[table].c.keys())
        missing |= {f"{table}.{name}" for name in there.symmetric_difference(known)}
    return missing


def test_every_column_of_every_table_of_a_complaint_has_its_fate():
    assert unclassified(hanging()) == set()
    assert set(FATES) == hanging(), "a table that is gone"


def test_a_table_without_fate_is_found(monkeypatch):
    monkeypatch.delitem(FATES, "complaint_note")
    assert unclassified(hanging()) == {"complaint_note"}


def test_a_column_without_fate_is_found(monkeypatch):
    monkeypatch.setitem(FATES, "complaint_note", {Fate.KEEP: "id complaint_id written_at written_by organisation_id"})
    assert unclassified(hanging()) == {"complaint_note.note"}


def test_every_table_leads_to_its_complaint():
    for table in FATES:
        column = REACHED_BY[table][0] if table in REACHED_BY else "id" if table == "complaint" else "complaint_id"
        assert column in Base.metadata.tables[table].c


def test_reasons_name_columns_and_tables_that_exist():
    for name in KEPT_TEXTS:
        table, column = name.split(".")
        assert dict(columns(table))[column] is Fate.KEEP
    assert set(APART) <= set(schema.metadata.tables)
    assert not set(APART) & set(FATES)
    assert set(REWRITTEN) <= set(schema.metadata.tables)


def test_what_is_shared_stays_and_is_named(app, acme, work, clock):
    token = "q0123456789ab"
    complaint_id, reference, _digest = whole_case(acme, token)
    file_id, digest = filling.attached(
        acme.actor("quality-manager"), complaint_id, token + "shared", also=("finding", 7)
    )
    anonymise(acme, reference)
    assert work() == 1
    assert store.current().size(digest) is not None
    kept = [value for place, value in filling.everything_stored() if place == "complaint_anonymisation.kept"]
    assert [one["evidence"] for one in kept[0] if "evidence" in one] == [file_id]


@pytest.mark.parametrize(
    ("stage", "what"), [({}, "open"), ({"waiting": True}, "has not left"), ({"held": True}, "hold")]
)
def test_what_stands_against_it(app, acme, clock, stage, what):
    actor = acme.actor("quality-manager")
    complaint_id, reference = filling.registered(actor, filling.identity("qq"), "qq")
    if stage:
        filling.closed(complaint_id, "qq")
    if "waiting" in stage:
        filling.sent(actor, complaint_id, reference, "qq")
        with db.engine.begin() as connection:
            mails = Base.metadata.tables["outbox_mail"]
            connection.execute(mails.update().where(mails.c.state == "failed").values(state="waiting"))
    if "held" in stage:
        filling.row(
            "complaint_hold", organisation_id=acme.id, complaint_id=complaint_id, reason="court", lift_reason="",
            placed_at=datetime(2026, 1, 9, tzinfo=UTC),
        )  # fmt: skip
    with pytest.raises(CannotAnonymise, match=what):
        anonymise(acme, reference)
