"""Verbs of a management review, by subject: planning, preparing its inputs, inviting, deciding, holding and signing.

The journal has each. Signing opens an action for every decision, in the same transaction; from then on triggers keep
the review. tests/slices/reviews/test_reviews_verbs.py holds them.
"""

from auditkit.reviews.service.attending import InviteGuest, NoteAttendance, RemoveGuest, attend, invite, remove_guest
from auditkit.reviews.service.deciding import Decide, TakeBackDecision, WriteNote, decide, take_back, write
from auditkit.reviews.service.ending import HoldReview, SignMinutes, hold, sign
from auditkit.reviews.service.planning import SERIES, PlanReview, ReplanReview, SetInterval, plan, replan, set_interval
from auditkit.reviews.service.preparing import FreezeInputs, freeze

__all__ = [
    "SERIES",
    "Decide",
    "FreezeInputs",
    "HoldReview",
    "InviteGuest",
    "NoteAttendance",
    "PlanReview",
    "RemoveGuest",
    "ReplanReview",
    "SetInterval",
    "SignMinutes",
    "TakeBackDecision",
    "WriteNote",
    "attend",
    "decide",
    "freeze",
    "hold",
    "invite",
    "plan",
    "remove_guest",
    "replan",
    "set_interval",
    "sign",
    "take_back",
    "write",
]
