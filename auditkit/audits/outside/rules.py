"""What is recorded of an audit that a certification body did. Pure.

Held by tests/slices/audits/test_audit_outside.py.
"""

from enum import StrEnum

from auditkit.base.errors import BadInput, RuleBroken
from auditkit.base.events import event
from auditkit.base.text import N_

BODY_RECORDED = event("audit:body-recorded", N_("Certification body of the audit recorded"))
RECORDED = event("finding:recorded-from-outside", N_("Finding of a certification body recorded"))
RESPONDED = event("finding:answered-outside", N_("Response to a certification body noted"))


class Accredited(StrEnum):
    """Whether the certification is under accreditation; many for this standard are not."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


ACCREDITED_TITLES = {
    Accredited.YES: N_("Accredited for this standard"),
    Accredited.NO: N_("Not accredited for this standard"),
    Accredited.UNKNOWN: N_("Not known"),
}


class BodyMissing(BadInput):
    message = N_("Enter the name of the certification body")


class TheirNumberMissing(BadInput):
    message = N_("Enter the number the certification body gave the finding")


class TheirNumberTaken(RuleBroken):
    message = N_("The finding %(number)s of this audit is recorded already")


class NotFromOutside(RuleBroken):
    message = N_("This audit is run here. Only an audit by a certification body is recorded from outside")
