"""What keeps robots out of the public form without asking anybody else: a trap, a pause, a proof of work, a limit.

A person meets none of it. Whoever sends more than a few complaints in an hour has to let the browser work for a second,
or, without JavaScript, wait half a minute; beyond the limit the answer says when to go on, and offers phone and post.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from auditkit.base.errors import BadInput, RuleBroken
from auditkit.base.limits import Limit
from auditkit.base.text import N_

FREE_AN_HOUR = 5
FORM_LIMIT = Limit("complaints.form", 20)
FILES_LIMIT = Limit("complaints.files", 60)
TRACK_LIMIT = Limit("complaints.track", 30)
ACT_LIMIT = Limit("complaints.act", 60)
"""What complainants do on their own pages: messages, answers, wishes."""
REISSUE_LIMIT = Limit("complaints.reissue", 3)
"""New tracking secrets for one case in an hour."""
REISSUES_LIMIT = Limit("complaints.reissues", 20)
"""New tracking secrets that one member gives out in an hour."""

LEAST_TIME = timedelta(seconds=3)
CONFIRM_AFTER = timedelta(seconds=30)
FORM_LIFE = timedelta(hours=24)
EASIEST, HARDEST = 15, 19  # leading zero bits: a tenth of a second, two seconds on a phone


class TooFast(RuleBroken):
    message = N_("That was very fast. Look over what you wrote, and press the button again")


class OpenTooLong(RuleBroken):
    message = N_("The form was open for more than a day. Look it over, choose your files again, and send it once more")


class PleaseWait(RuleBroken):
    message = N_(
        "Several complaints came from your network within an hour. Wait half a minute, then press the button again; "
        "nothing of what you wrote is lost"
    )


class TrapFilled(BadInput):
    message = N_("Leave the field that says “Leave this empty” empty, and press the button again")


@dataclass(frozen=True)
class Ticket:
    """One form that was handed out: `id` is random and secret, `issued` when."""

    id: str
    issued: datetime

    def fresh(self, now: datetime) -> bool:
        """Whether the form can still be sent."""
        return now - self.issued <= FORM_LIFE


def check_pace(ticket: Ticket, trap: str, now: datetime) -> None:
    """Raise TooFast for a form sent within moments, TrapFilled where the field was filled that people do not see."""
    if now - ticket.issued < LEAST_TIME:
        raise TooFast
    if trap.strip():
        raise TrapFilled


def difficulty(count: int) -> int:
    """Leading zero bits that a proof needs when `count` complaints came from this network in this hour; 0: no proof."""
    return 0 if count < FREE_AN_HOUR else min(EASIEST + (count - FREE_AN_HOUR) // 3, HARDEST)


def proof_fits(ticket_id: str, proof: str, bits: int) -> bool:
    """Whether SHA-256 of `ticket:proof` begins with `bits` zero bits. `proof` is a number as the browser found it."""
    if not bits:
        return True
    if not proof.isascii() or not proof.isdigit() or len(proof) > 12:
        return False
    value = int.from_bytes(hashlib.sha256(f"{ticket_id}:{proof}".encode()).digest(), "big")
    return value >> (256 - bits) == 0
