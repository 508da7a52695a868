"""Every CHECK of own templates refuses its impossible state, and a template that was added stays as it was."""

from datetime import UTC, datetime

import pytest

from auditkit.documents.own.models import MadeDocument, TemplateVersion
from tests.conftest import House
from tests.factories.refusals import accepts, refuses, trigger_refuses

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)


def version(acme: House) -> dict:
    return {
        "organisation_id": acme.id, "template_id": "audit-plan", "language": "en", "number": 1, "digest": "a" * 64,
        "content": b"x", "name": "plan.docx", "note": "", "warnings": [], "added_at": AT,
    }  # fmt: skip


def made(acme: House) -> dict:
    return {
        "organisation_id": acme.id, "template_id": "audit-plan", "language": "en", "kind": "docx", "title": "Plan",
        "origin": "shipped", "template_digest": "a" * 64, "digest": "b" * 64, "size": 1, "made_at": AT,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("constraint", "change"),
    [("counts_from_one", {"number": 0}), ("digest_is_sha256", {"digest": "a"}), ("has_content", {"content": b""})],
)
def test_impossible_versions(acme: House, constraint: str, change: dict) -> None:
    refuses(TemplateVersion.__table__, constraint, version(acme) | change)


def test_a_version_stays_as_it_was(acme: House) -> None:
    accepts(TemplateVersion.__table__, version(acme))

    trigger_refuses("UPDATE template_version SET note = 'other'", "stays as it was")
    trigger_refuses("DELETE FROM template_version", "stays as it was")


@pytest.mark.parametrize(
    ("constraint", "change"),
    [
        ("kind_known", {"kind": "odt"}),
        ("origin_known", {"origin": "moon", "template_version": 1}),
        ("own_has_version", {"origin": "organisation"}),
        ("own_has_version", {"template_version": 1}),
        ("digests_are_sha256", {"digest": "b"}),
        ("digests_are_sha256", {"template_digest": "a"}),
    ],
)
def test_impossible_documents(acme: House, constraint: str, change: dict) -> None:
    refuses(MadeDocument.__table__, constraint, made(acme) | change)


def test_possible_documents(acme: House) -> None:
    accepts(MadeDocument.__table__, made(acme))
    accepts(MadeDocument.__table__, made(acme) | {"origin": "organisation", "template_version": 1})
