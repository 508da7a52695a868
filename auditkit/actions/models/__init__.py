"""Tables of actions. The CHECKs and triggers repeat the gates of the rules."""

from auditkit.actions.models.core import (
    Action,
    ActionAttempt,
)

__all__ = [
    "Action",
    "ActionAttempt",
]
