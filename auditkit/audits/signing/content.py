"""What a signature stands for: everything the audit asked, found and concluded, as plain JSON in one order.

The same records give the same bytes (RFC 8785), so that anybody can compute the digest again. What may still be said
about a signed audit (answers of the auditee, actions, distribution) is counted up to the moment of signing.
Checked by tests/slices/audits_signing/test_signing_verbs.py.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime
from enum import Enum
from typing import Any

import rfc8785
from sqlalchemy import select

from auditkit.accounts.queries import names
from auditkit.audits.findings import queries as findings_said
from auditkit.audits.independence import service as independence
from auditkit.audits.machinetest import queries as machinetest
from auditkit.audits.queries import findings as findings_of
from auditkit.audits.queries import plans, run, samples
from auditkit.audits.queries.plans import AuditHead
from auditkit.audits.reconciling import queries as reconciling
from auditkit.audits.recounting import queries as recounting
from auditkit.audits.signing import queries
from auditkit.audits.signing.models import AuditAmendment
from auditkit.base.db import Session
from auditkit.evidence import queries as evidence

FIRST, SECOND, FORMAT = (f"auditkit audit report {serial}" for serial in (1, 2, 3))
"""The first left out what else is audited against and which audit was followed up; the second laws, contracts, schemes,
guidelines, and what was found over whole populations. What they signed still fits."""
_SINCE_SECOND = {"criteria", "followed"}
# What changes without anything being said anew.
_PASSING = {"id", "changed_at", "version", "closed_at", "closed_by", "state", "actions", "file", "items", "handled"}


def canonical(
    tx: Session,
    number: str,
    *,
    until: datetime,
    amendments: int,
    excepted: Sequence[Any] = (),
    written_as: str = "",
) -> bytes:
    """The content of an audit as it stands, with its first `amendments`, and what was said `until` then.

    `excepted`: what the signature does not stand for, by who may sign (independence). `written_as`: the format, empty
    for today's, so that an earlier signature can be compared with the records.
    """
    head = plans.by_number(tx, number)
    called = names(tx)
    written_as = written_as or FORMAT
    content = {
        "format": written_as,
        "audit": _plain(head),
        "team": [
            {"person": one.person_id, "name": called.get(one.person_id, ""), "role": one.role}
            for one in plans.team(tx, head.id)
        ],
        "texts": _plain(queries.texts(tx, head.id)),
        "rows": _rows(tx, head, until),
        "findings": _findings(tx, head, until),
        "samples": [
            {
                "serial": one.serial,
                "seed_hash": one.seed_hash,
                "population_digest": one.population_digest,
                "size": one.size,
                "record": one.record.digest,
            }
            for one in samples.of_audit(tx, head, plans.team(tx, head.id))
        ],
        "exceptions": [
            _plain(one) for one in (*independence.overrides_of(tx, head.id), *independence.mitigations_of(tx, head.id))
        ],
        "not_signed_for": [_plain(one) for one in excepted],
        "amendments": _amendments(tx, head.id, amendments),
    }
    if written_as != FIRST:
        further = _plain(plans.further(tx, head.id))
        content["further"] = {
            name: value for name, value in further.items() if name in _SINCE_SECOND or written_as != SECOND
        }
    if written_as not in (FIRST, SECOND):
        content["populations"] = _populations(tx, head.id)
    return rfc8785.dumps(_json(content))


def _populations(tx: Session, audit_id: int) -> dict[str, Any]:
    """Machine tests, reported figures and logs, by the digests of what was kept of them."""
    return {
        "tests": [
            {"serial": one.serial, "population_digest": one.population_digest, "record": one.record.digest}
            for one in machinetest.runs(tx, audit_id)
        ],
        "figures": [
            {"serial": one.serial, "digest": one.digest, "record": one.record.digest}
            for one in recounting.recounts(tx, audit_id)
        ],
        "logs": [
            {"serial": one.serial, "file": one.file.digest, "entries": one.counts}
            for one in reconciling.logs(tx, audit_id)
        ],
    }


def _rows(tx: Session, head: AuditHead, until: datetime) -> list[dict[str, Any]]:
    return [
        {
            **{name: value for name, value in _plain(row).items() if name not in ("files", "findings")},
            "files": _digests(row.files, until),
        }
        for row in run.rows(tx, head.id)
    ]


def _findings(tx: Session, head: AuditHead, until: datetime) -> list[dict[str, Any]]:
    found = findings_of.of_audit(tx, head.id)
    ids = [one.id for one in found]
    files = evidence.for_subjects(tx, findings_of.SUBJECT, ids)
    said = findings_said.responses(tx, ids)
    return [
        {
            **_plain(one),
            "files": _digests(files.get(one.id, []), until),
            "said": [
                {"kind": each.kind, "text": each.text, "said_by": each.said_by, "at": each.responded_at}
                for each in said.get(one.id, [])
                if each.responded_at <= until
            ],
        }
        for one in found
    ]


def _digests(attached: Sequence[evidence.Attached], until: datetime) -> list[str]:
    return sorted(one.file.digest for one in attached if one.added_at <= until)


def _amendments(tx: Session, audit_id: int, count: int) -> list[dict[str, Any]]:
    query = select(AuditAmendment).where(AuditAmendment.audit_id == audit_id, AuditAmendment.serial <= count)
    return [
        {
            "serial": one.serial,
            "subject": one.subject,
            "changes": one.changes,
            "reason": one.reason,
            "made_at": one.made_at,
            "made_by": one.made_by,
        }
        for one in tx.execute(query.order_by(AuditAmendment.serial)).scalars()
    ]


def _plain(record: Any) -> dict[str, Any]:
    """A dataclass by its fields, without what passes."""
    return {name: value for name, value in asdict(record).items() if name not in _PASSING}


def _json(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(name): _json(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_json(one) for one in value]
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value


def read(signed: str) -> dict[str, Any]:
    """A canonical content as plain values."""
    found: dict[str, Any] = json.loads(signed)
    return found
