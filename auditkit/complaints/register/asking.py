"""What the address of the register asks for, beyond what its form alone knows: who "me" is, and what is due now."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from auditkit.base.actor import Actor
from auditkit.base.text import N_
from auditkit.complaints import rules
from auditkit.complaints.forms import wanted_from
from auditkit.complaints.queries import Due, Wanted
from auditkit.complaints.queries.register import NOBODY
from auditkit.complaints.register.rules import FilterUnknown

# What an address of the register may carry; anything else in it is left out.
LISTED = (
    "stage", "q", "channel", "severity", "category", "from", "to", "run", "sort", "due", "owner", "deputy", "kind",
    "level", "priority",
)  # fmt: skip
ME, NO_OWNER = "me", "nobody"
_DUES, _KINDS = frozenset({"", *Due}), frozenset({"", *rules.Kind})
_LEVELS = frozenset({"", *map(str, range(len(rules.LEVEL_TITLES)))})
DUE_TITLES = {Due.SOON: N_("Due soon"), Due.LATE: N_("Overdue"), Due.VERY_LATE: N_("Very overdue")}


def asked_for(address: Mapping[str, str], actor: Actor, now: datetime) -> Wanted:
    """What the address asks for, as this person may. Raises DayUnreadable, FilterUnreadable or FilterUnknown."""
    wanted = wanted_from(address, find_by_identity=actor.may("identity.read"))
    due, kind, level = address.get("due", ""), address.get("kind", ""), address.get("level", "")
    if due not in _DUES:
        raise FilterUnknown(text=due)
    if kind not in _KINDS:
        raise FilterUnknown(text=kind)
    if level not in _LEVELS:
        raise FilterUnknown(text=level)
    return replace(
        wanted,
        owner=_person(address.get("owner", ""), actor),
        deputy=_deputy(address.get("deputy", ""), actor),
        due=Due(due) if due else None,
        now=now if due else None,
        kind=kind,
        level=int(level) if level else None,
        priority=address.get("priority", "").strip(),
    )


def _deputy(asked: str, actor: Actor) -> int | None:
    if asked == NO_OWNER:
        raise FilterUnknown(text=asked)
    return _person(asked, actor)


def _person(asked: str, actor: Actor) -> int | None:
    if not asked:
        return None
    if asked == ME:
        return actor.person_id or NOBODY
    if asked == NO_OWNER:
        return NOBODY
    if not (asked.isascii() and asked.isdigit() and len(asked) < 18):
        raise FilterUnknown(text=asked)
    return int(asked)
