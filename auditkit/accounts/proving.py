"""Whether the person at the screen is the one who signed in: asked again before something is signed in their name.

Who has a password enters it; who signs in by links must have done so within the last quarter of an hour. Wrong
passwords count against the same limit of the network as signing in does. Checked by tests/slices/audits_signing/.
"""

from datetime import timedelta

from flask import request
from flask_login import current_user
from flask_security.utils import check_and_update_authn_fresh, verify_password

from auditkit.accounts.signin import LIMITS
from auditkit.base import clock, limits
from auditkit.base.db import transaction
from auditkit.base.errors import BadInput, TooMany
from auditkit.base.text import N_

FRESH = timedelta(minutes=15)


class WrongPassword(BadInput):
    message = N_("This is not your password. Nothing was signed")


class NotFresh(BadInput):
    message = N_("Sign out and in again, then sign within 15 minutes: nobody else shall sign at your open screen")


def has_password() -> bool:
    """Whether the person signed in has a password to enter."""
    return bool(current_user.password)


def prove(password: str) -> str:
    """`password` or `session`: how the person showed who they are. Raises WrongPassword, NotFresh or TooMany."""
    if not has_password():
        if not check_and_update_authn_fresh(FRESH, timedelta(0)):
            raise NotFresh()
        return "session"
    now = clock.now()
    with transaction() as tx:
        used = limits.take(tx, LIMITS["security.login"], request.remote_addr, now)
    if used.exceeded:
        raise TooMany(minutes=used.minutes_left(now))
    if not verify_password(password, current_user.password):
        raise WrongPassword()
    with transaction() as tx:
        limits.give_back(tx, LIMITS["security.login"], request.remote_addr, now)
    return "password"
