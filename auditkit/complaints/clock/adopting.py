"""A preset of the library as limits of an organisation's own. Pure.

Not everything a framework sets is a time limit for a step of ours: what is left out is named, never silent.
"""

from dataclasses import dataclass
from typing import Any

from auditkit.base.text import N_
from auditkit.complaints.clock.rules import Starts, Target
from auditkit.content.digests import canonical, digest_of
from auditkit.content.shapes import Limit, LimitStage, TimeLimitsShape

TARGETS = {
    LimitStage.ACKNOWLEDGE: Target.ACKNOWLEDGE,
    LimitStage.UPDATE: Target.UPDATE,
    LimitStage.DECIDE: Target.DECIDE,
    LimitStage.DECIDE_LATEST: Target.DECIDE_LATEST,
    LimitStage.REVIEW: Target.REVIEW,
}
STARTS = {
    "receipt": Starts.RECEIPT,
    "acknowledgement": Starts.ACKNOWLEDGEMENT,
    "update": Starts.UPDATE,
    "request": Starts.ANSWER,
}
LEFT_OUT = {
    LimitStage.EARLY: N_("A shorter way for what is settled early, not a time that has to be kept"),
    LimitStage.KEEP: N_("How long records are kept is settled with the retention of records"),
}


@dataclass(frozen=True)
class Preset:
    """A preset ready to be taken over; `limits` are the values of service.LimitValues, `left_out` (limit, why)."""

    id: str
    title: str
    digest: str
    limits: tuple[dict[str, Any], ...]
    left_out: tuple[tuple[Limit, str], ...]


def preset(shape: TimeLimitsShape) -> Preset:
    """What an organisation gets when it takes this preset over."""
    return Preset(
        shape.id,
        shape.title,
        digest_of(canonical(shape)),
        tuple(_values(shape.id, one) for one in shape.limits if one.stage in TARGETS),
        tuple((one, LEFT_OUT[one.stage]) for one in shape.limits if one.stage not in TARGETS),
    )


def _values(shape_id: str, limit: Limit) -> dict[str, Any]:
    """Laws and regulators seldom let waiting stop their clock, so a pause stops only what is not binding."""
    years = limit.unit == "years"
    return {
        "target": TARGETS[limit.stage].value,
        "starts": STARTS[limit.starts].value,
        "amount": limit.amount * (12 if years else 1),
        "unit": "months" if years else limit.unit,
        "working": limit.days == "working",
        "severities": tuple(limit.severities),
        "binding": limit.binding,
        "pausable": not limit.binding,
        "rule": " ".join(limit.rule.split()),
        "reference": limit.reference or "",
        "source": f"{shape_id}/{limit.id}",
    }
