"""Tables of actions. The CHECKs and triggers repeat the gates of the rules."""

from auditkit.actions.models.bodies import (
    BodyNonconformity,
    BodyReview,
)
from auditkit.actions.models.core import (
    Action,
    ActionAttempt,
)
from auditkit.actions.models.effect import (
    EFFECT_POSTGRESQL_TRIGGERS,
    EFFECT_SQLITE_TRIGGERS,
    ActionEffect,
)
from auditkit.actions.models.limits import (
    ActionDue,
    ActionLimit,
)
from auditkit.actions.models.path import (
    BOTH,
    GATES,
    POSTGRESQL_TRIGGERS,
    SQLITE_TRIGGERS,
    STEP_GATE,
    ActionCause,
    ActionDiscipline,
    ActionPath,
    ActionScheme,
    ActionStep,
    CauseCategory,
)
from auditkit.actions.models.searching import ActionSearch

__all__ = [
    "BOTH",
    "EFFECT_POSTGRESQL_TRIGGERS",
    "EFFECT_SQLITE_TRIGGERS",
    "GATES",
    "POSTGRESQL_TRIGGERS",
    "SQLITE_TRIGGERS",
    "STEP_GATE",
    "Action",
    "ActionAttempt",
    "ActionCause",
    "ActionDiscipline",
    "ActionDue",
    "ActionEffect",
    "ActionLimit",
    "ActionPath",
    "ActionScheme",
    "ActionSearch",
    "ActionStep",
    "BodyNonconformity",
    "BodyReview",
    "CauseCategory",
]
