"""Tables of management reviews. CHECKs and triggers repeat the gates of `rules.py`.

Inputs stand once the review was held; everything stands once its minutes are signed.
tests/slices/reviews/test_reviews_constraints.py writes past the rules and is refused.
"""

from typing import TYPE_CHECKING

from auditkit.base.first_use import on_first_use

if TYPE_CHECKING:
    from auditkit.reviews.models.parts import (
        BACK,
        HELD,
        INPUT_TRIGGERS,
        REVIEW_TRIGGERS,
        SIGNATURE_TRIGGERS,
        SIGNED,
        ReviewDecision,
        ReviewGuest,
        ReviewInput,
        ReviewInterval,
        ReviewNote,
        ReviewSignature,
        part_triggers,
    )
    from auditkit.reviews.models.reviews import ManagementReview
else:
    __getattr__ = on_first_use(__name__)

__all__ = [
    "BACK",
    "HELD",
    "INPUT_TRIGGERS",
    "REVIEW_TRIGGERS",
    "SIGNATURE_TRIGGERS",
    "SIGNED",
    "ManagementReview",
    "ReviewDecision",
    "ReviewGuest",
    "ReviewInput",
    "ReviewInterval",
    "ReviewNote",
    "ReviewSignature",
    "part_triggers",
]
