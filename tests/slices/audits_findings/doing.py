"""Findings as tests need them, raised by the verbs themselves."""

from auditkit.audits.queries import findings
from auditkit.audits.queries.findings import FindingView
from auditkit.base.db import reading
from tests.conftest import House


def view(house: House, number: str) -> FindingView:
    """The finding as it stands now."""
    return findings.by_number(reading(house.system), number)
