"""When an auditor may see who complained: only in a sampled case, with a reason, granted by another, for some days.

Pure. Held by tests/slices/audits_identity/test_identity_requests.py.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from auditkit.base.errors import BadInput, Forbidden, RuleBroken
from auditkit.base.events import event
from auditkit.base.text import N_

ASKED = event("audit:identity-asked", N_("Request to see who complained in a sampled case"))
ANSWERED = event("audit:identity-answered", N_("Request to see who complained answered"))

USUAL_DAYS, MOST_DAYS = 7, 30


class Standing(StrEnum):
    """Where a request stands."""

    OPEN = "open"
    GRANTED = "granted"
    ENDED = "ended"
    REFUSED = "refused"


STANDING_TITLES = {
    Standing.OPEN: N_("Waits for an answer"),
    Standing.GRANTED: N_("Granted"),
    Standing.ENDED: N_("Granted, time is over"),
    Standing.REFUSED: N_("Not granted"),
}


class IdentityReasonMissing(BadInput):
    message = N_("Say what cannot be tested without knowing who complained")


class RefusalReasonMissing(BadInput):
    message = N_("Say why it is not granted")


class DaysOutOfRange(BadInput):
    message = N_("Enter a number of days between 1 and %(most)s")


class NotSampled(RuleBroken):
    message = N_("Complaint %(reference)s is in no sample of this audit, so its identity is not needed in it")


class AskedAlready(RuleBroken):
    message = N_("You have asked for this already. Wait for the answer, or use it while it lasts")


class AnsweredAlready(RuleBroken):
    message = N_("This request is answered already")


class OwnRequest(Forbidden):
    message = N_("Nobody grants a request of their own. Somebody else who may grant it must answer")


class NotGranted(Forbidden):
    message = N_("Nobody has granted you to see who complained here, or the time for it is over. Ask for it first")


@dataclass(frozen=True)
class Answer:
    """A request as it was answered: `granted` None while nobody has; `until` is the last moment it may be used."""

    granted: bool | None
    until: datetime | None

    def standing(self, now: datetime) -> Standing:
        """Where it stands at this moment."""
        if self.granted is None:
            return Standing.OPEN
        if not self.granted:
            return Standing.REFUSED
        return Standing.GRANTED if self.until is not None and now < self.until else Standing.ENDED


def lasting(days: int, now: datetime) -> datetime:
    """The moment at which a grant of `days` ends. Raises DaysOutOfRange."""
    if not 1 <= days <= MOST_DAYS:
        raise DaysOutOfRange(most=MOST_DAYS)
    return now + timedelta(days=days)
