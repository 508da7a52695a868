"""The database refuses impossible packs. Each CHECK once."""

from datetime import UTC, date, datetime

import pytest

from auditkit.packs.models import Pack
from tests.conftest import House
from tests.factories.refusals import accepts, refuses

PACK = {
    "definition": "internal-audit",
    "title": "Internal audit",
    "period_start": date(2026, 1, 1),
    "period_end": date(2026, 12, 31),
    "dated": datetime(2026, 3, 10, tzinfo=UTC),
    "bag": "acme_internal-audit_2026-01-01_2026-12-31",
    "root": "0a" * 32,
    "size": 1000,
    "files": 3,
    "payload_bytes": 700,
    "signing_key": "0a0a " * 16,
    "journal_entry": 7,
    "gaps": [],
    "gap_count": 0,
    "reason": "",
    "stored": True,
    "built_at": datetime(2026, 3, 11, tzinfo=UTC),
}


def test_a_possible_pack_is_accepted(acme: House) -> None:
    accepts(Pack.__table__, {"organisation_id": acme.id, **PACK})


@pytest.mark.parametrize(
    ("constraint", "changed"),
    [
        ("root_is_sha256", {"root": "0a"}),
        ("root_is_sha256", {"root": "0A" * 32}),
        ("days_in_order", {"period_end": date(2025, 12, 31)}),
        ("holds_something", {"files": 0}),
        ("holds_something", {"size": 0}),
        ("holds_something", {"payload_bytes": -1}),
        ("form_known", {"form": "half"}),
        ("shared_root_is_sha256", {"shared_root": "0a"}),
        ("languages_named", {"languages": ""}),
        ("gaps_counted", {"gap_count": -1, "reason": "x"}),
        ("gaps_have_a_reason", {"gap_count": 1}),
    ],
)
def test_an_impossible_pack_is_refused(acme: House, constraint: str, changed: dict[str, object]) -> None:
    refuses(Pack.__table__, constraint, {"organisation_id": acme.id, **PACK, **changed})
