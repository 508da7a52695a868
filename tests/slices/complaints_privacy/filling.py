"""A case in whose every table something stands, so that a test can look for what anonymisation forgot."""

import io
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import insert, select, update

from auditkit.base import clock, outbox
from auditkit.base.actor import Actor
from auditkit.base.db import Base, db, transaction
from auditkit.complaints import service as core
from auditkit.complaints.models import Complaint
from auditkit.complaints.service import Identity, Register
from auditkit.evidence import intake as files
from auditkit.evidence import service as evidence

RECEIVED = datetime(2026, 1, 5, 8, 30, tzinfo=UTC)
THEN = datetime(2026, 1, 9, 10, tzinfo=UTC)
CLOSED = datetime(2026, 1, 20, 12, tzinfo=UTC)


def row(table: str, **values: Any) -> int:
    """One row, straight into its table; its id (or the complaint's, where that is its key)."""
    with db.engine.begin() as connection:
        made = connection.execute(insert(Base.metadata.tables[table]).values(**values))
        return int(made.inserted_primary_key[0])


def identity(token: str, text: str = "") -> Identity:
    """Every field of an identity, each with the token in it."""
    return Identity(
        name=f"{text} {token}na"[-190:],
        email=f"{token}em@example.org",
        phone=f"+995 {token}ph",
        street=f"{text[:60]} {token}st",
        postcode=f"{token}po",
        city=f"{token}ci",
        region=f"{token}re",
        country=f"{token}co",
    )


def registered(actor: Actor, who: Identity, token: str, **more: Any) -> tuple[int, str]:
    """A complaint whose texts all name the complainant."""
    texts = {
        name: f"{who.name} wrote this about {name} {token}"
        for name in ("subject", "description", "product", "site", "wanted_remedy")
    }
    command = Register(received_at=RECEIVED, complainant=who, **{"category": "delivery", **texts, **more})
    with transaction(actor) as tx:
        made = core.register(tx, command, clock.now(), actor)
    return made.id, made.reference


def closed(complaint_id: int, token: str) -> None:
    """Take it to its end past the verbs, with texts in every column of its row."""
    with db.engine.begin() as connection:
        connection.execute(
            update(Complaint.__table__)
            .where(Complaint.__table__.c.id == complaint_id)
            .values(
                stage="closed",
                acknowledged_at=THEN,
                decided_at=THEN,
                outcome="upheld",
                answer="accepted",
                answered_at=THEN,
                closed_at=CLOSED,
                closing_ground="accepted",
                decision=f"Dear {token}, you are right",
                remedy=f"{token} gets a new one",
                closing_note=f"{token} is content",
                external_reference=f"EXT-{token}",
            )
        )


def filled(organisation_id: int, complaint_id: int, person_id: int, token: str) -> None:
    """A row in every table that hangs on a complaint, with the token in every text people write."""
    said = f"{token} said so"
    known_by = f"customer {token}em@example.org"  # what figures are made of stays unless it names the complainant
    own: dict[str, Any] = {"organisation_id": organisation_id, "complaint_id": complaint_id}
    row(
        "complaint_assessment", **own, severity="high", safety=False, complexity="simple", reach="one", facts=[],
        immediate_needed=False, immediate_possible=False, immediate_action=said, compensation="unlikely",
        priority="soon", level=1, note=said, assessed_at=THEN,
    )  # fmt: skip
    row(
        "complaint_investigation", **own, plan=said, independence=said, complainant_side=said, other_side=said,
        facts=said, cause="process", cause_method="five-whys", cause_note=said, begun_at=THEN, ended_at=THEN,
    )  # fmt: skip
    row("complaint_party", **own, person_id=person_id, named_at=THEN)
    decision = row(
        "complaint_decision", **own, number=1, state="decided", from_stage="", outcome="upheld", reasons=said,
        remedy=said, remedies=["refund"], amount=100, currency="EUR", others="yes", others_note=said, settled_at=THEN,
        return_reason="", told_at=THEN, told_channel="e-mail", options=said, delivered_on=date(2026, 1, 12),
        delivery=said, answer="refused", answered_at=THEN, answer_note=said, next_internal=said, next_external=said,
    )  # fmt: skip
    row(
        "complaint_escalation", **own, state="declined", from_level=0, to_level=1, triggers=[], reason=said,
        settled_at=THEN, settled_reason=said,
    )  # fmt: skip
    row(
        "complaint_referral", **own, body="Ombudsman", reference=f"OMB {token}", referred_on=date(2026, 1, 12),
        recorded_at=THEN, ended_on=date(2026, 1, 13), outcome=said, overturned=False,
    )  # fmt: skip
    pause = row(
        "complaint_pause", **own, waits_for="complainant", awaited=said, began_at=THEN, ended_at=THEN, came=said
    )
    row("complaint_reclassification", **own, from_kind="request", to_kind="complaint", reason=said, changed_at=THEN)
    row(
        "complaint_reopening", **own, number=1, reason=said, reopened_at=THEN, closed_at=THEN,
        closing_ground="no-answer", closing_note=said,
    )  # fmt: skip
    row(
        "complaint_remedy_check", **own, decision_id=decision, found="lacking", note=said, delivery=said,
        checked_on=date(2026, 1, 14), delivered_on=date(2026, 1, 12), checked_at=THEN,
    )  # fmt: skip
    row("complaint_detriment", **own, found="signs", note=said, checked_at=THEN)
    note = row("complaint_note", **own, note=said, written_at=THEN)
    row("complaint_mention", organisation_id=organisation_id, note_id=note, person_id=person_id)
    message = row(
        "complaint_message", **own, direction="out", channel="e-mail", kind="decision", author="person",
        person_id=person_id, automatic=False, language="en", wording="", created_at=THEN, sent_at=THEN, subject=said,
        text=said,
    )  # fmt: skip
    mail = row(
        "incoming_mail", **own, digest=f"{complaint_id:064x}", content_digest="", source=f"{token}.eml",
        message_id_header=f"<{token}@example.org>", mailbox="", kind="", outcome="bounced", reason=said,
        message_id=message, sender_name=said, sender=f"{token}@example.org", subject=said, language="en",
        says_about="", refused=[{"name": said}], notes=[said], taken_at=THEN,
    )  # fmt: skip
    row(
        "complaint_bounce", organisation_id=organisation_id, message_id=message, incoming_id=mail, action="failed",
        status="5.1.1", reason=said, at=THEN,
    )  # fmt: skip
    row(
        "complaint_survey", **own, state="answered", why="", language="fa", planned_at=CLOSED, sent_at=CLOSED,
        secret_digest=f"{complaint_id:064x}", expires_at=CLOSED, message_id=message, answered_at=CLOSED,
        process_score=4, outcome_score=2, accepted="yes", may_contact=True, comment=said,
    )  # fmt: skip
    gathering = row("complaint_gathering", organisation_id=organisation_id, category="", title="Late", made_at=CLOSED)
    row("complaint_gathered", **own, gathering_id=gathering)
    row("complaint_thread", **own, token=f"{complaint_id:016x}")
    row("complaint_tracking", **own, secret_digest=f"{complaint_id:064x}")
    row("complaint_secret_reissue", **own, reissued_at=THEN, reissued_by=person_id, checked=said, handed="print")
    row(
        "complaint_intake", **own, source="staff", language="fa", order_reference=said, batch=known_by,
        purchased_on=date(2025, 12, 1), representative=said, authority=said, contact_person=said, accessibility=said,
        preference="", segment=known_by, anonymous=False, consent_at=RECEIVED, may_share=True, recipient=said,
        unit=known_by, recurrent=False, referred_by=said, department=known_by,
    )  # fmt: skip
    row(
        "complaint_receipt", **own, form_digest=f"{complaint_id:064x}", content=f'{{"name": "{said}"}}',
        content_digest="a" * 64, document="{}", made_at=THEN,
    )  # fmt: skip
    row("complaint_hold", **own, reason=said, placed_at=THEN, lifted_at=THEN + timedelta(days=1), lift_reason=said)
    request = row(
        "privacy_request", organisation_id=organisation_id, kind="access", state="open",
        received_on=date(2026, 1, 12), due_on=date(2026, 2, 12), opened_at=THEN, answer="",
    )  # fmt: skip
    row("privacy_request_case", **own, request_id=request, verdict="kept", reason=said)
    row("consent_withdrawal", **own, consent="sharing", withdrawn_at=THEN)
    row("imported_reference", **own, key=complaint_id.to_bytes(32, "big"))
    row(
        "clock_hold", **{**own, "complaint_id": complaint_id}, pause_id=pause, waits_for="complainant",
        verdict="holds", began_at=THEN, holds_until=CLOSED, ended_at=CLOSED,
    )  # fmt: skip


def sent(actor: Actor, complaint_id: int, reference: str, token: str) -> None:
    """A mail about it that has left, and one to its writer that failed."""
    with transaction(actor) as tx:
        about = outbox.About(actor.organisation_id, "complaint", complaint_id, reference)
        for state in ("sent", "failed"):
            mail = outbox.put(
                tx,
                to=f"{token}@example.org",
                subject=f"To {token}",
                body=f"Dear {token}",
                now=clock.now(),
                about=about,
                headers={"Reply-To": f"box+{token}@example.org"},
                hidden=[token],
            )
            mail.state, mail.last_error = state, f"{token} unknown"
            mail.sent_at = clock.now() if state == "sent" else None


def attached(actor: Actor, complaint_id: int, token: str, *, also: tuple[str, int] | None = None) -> tuple[int, str]:
    """A file of the case whose name and content carry the token; its id and digest."""
    name = f"letter of {token}.txt"
    received = files.receive([(io.BytesIO(f"I am {token}\n".encode()), name)])
    with transaction(actor) as tx:
        (file_id,) = evidence.add(
            tx, evidence.Add(received, ("complaint", complaint_id), note=f"by {token}"), clock.now(), actor
        )
        if also is not None:
            evidence.link(tx, evidence.Link(file_id, also), clock.now(), actor)
    return file_id, received[0].digest


def everything_stored() -> list[tuple[str, Any]]:
    """(table.column, value) of every value in every table."""
    with db.engine.connect() as connection:
        return [
            (f"{table.name}.{column}", value)
            for table in Base.metadata.sorted_tables
            for found in connection.execute(select(table))
            for column, value in found._mapping.items()
        ]


def naming(token: str) -> set[str]:
    """The columns in which the token stands, however the value is kept."""
    return {place for place, value in everything_stored() if value is not None and token in str(value)}
