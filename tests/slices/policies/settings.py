"""Live settings of complaints as the tests of drift set them: straight into the tables their own pages write."""

from auditkit.base.db import transaction
from auditkit.complaints.clock.models import TimeLimit, TimeLimitSet
from auditkit.complaints.intake.models import ComplaintChannel
from tests.slices.policies.conftest import NOW


def limit(house, target: str, days: int) -> None:
    """A time limit in working days from the receipt."""
    with transaction(house.system) as tx:
        own = TimeLimitSet(title="Own", added_at=NOW)
        tx.add(own)
        tx.flush()
        given = {"target": target, "starts": "receipt", "amount": days, "unit": "days", "working": True}
        more = {"binding": False, "pausable": True, "warn_percent": 80, "very_percent": 150, "added_at": NOW}
        tx.add(TimeLimit(set_id=own.id, **given, **more))


def channel(house, name: str, address: str) -> None:
    """A channel in use with its address."""
    with transaction(house.system) as tx:
        tx.add(ComplaintChannel(name=name, address=address))
