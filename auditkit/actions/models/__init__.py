"""Tables of actions. The CHECKs and triggers repeat the gates of the rules."""

from typing import TYPE_CHECKING

from auditkit.base.first_use import on_first_use

if TYPE_CHECKING:
    from auditkit.actions.models.attempts import ActionAttempt
    from auditkit.actions.models.bodies import (
        BodyNonconformity,
        BodyReview,
    )
    from auditkit.actions.models.core import Action
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
        CauseCategory,
    )
    from auditkit.actions.models.searching import ActionSearch
    from auditkit.actions.models.steps import ActionStep
else:
    __getattr__ = on_first_use(__name__)

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
