"""What a kept filter may hold, which rows may be dealt with at once, and what the journal tells of it. Pure."""

from auditkit.base.errors import BadInput, RuleBroken
from auditkit.base.events import event
from auditkit.base.text import N_

FILTER_KEPT = event("complaints:filter-kept", N_("Filter of the register kept"), about_records=False)
FILTER_REMOVED = event("complaints:filter-removed", N_("Kept filter of the register removed"), about_records=False)
EXPORTED = event("complaints:exported", N_("Complaints exported to a file"), about_records=False)

SEARCHED_FOR = "q"
"""What the address of the register calls the words searched for."""
LONGEST_NAME = 80
LONGEST_REASON = 500
LONGEST_ADDRESS = 2_000
MOST_FILTERS = 30
MOST_AT_ONCE = 200


class FilterUnknown(BadInput):
    message = N_("The address asks for %(text)r, which this list does not know. Choose in the filter again")


class ReasonMissing(BadInput):
    message = N_("Say what the names are needed for; it goes on record")


class FilterNameMissing(BadInput):
    message = N_("Enter a name for the filter, such as “Mine, overdue”")


class FilterTooLong(BadInput):
    message = N_("This filter is too long to be kept. Take some of its words out")


class TooManyFilters(RuleBroken):
    message = N_("You have kept %(most)s filters, which is all there is room for. Remove one first")


class NothingChosen(BadInput):
    message = N_("Choose at least one complaint in the list")


class TooManyChosen(BadInput):
    message = N_("Choose at most %(most)s complaints at once")


def checked_name(name: str) -> str:
    """The name as it is kept. Raises FilterNameMissing."""
    found = " ".join(name.split())[:LONGEST_NAME]
    if not found:
        raise FilterNameMissing
    return found


def checked_reason(reason: str) -> str:
    """What names are needed for, as it is kept. Raises ReasonMissing."""
    said = " ".join(reason.replace("\x00", "").split())[:LONGEST_REASON]
    if not said:
        raise ReasonMissing
    return said


def checked_address(asked: str) -> str:
    """What the address asks for, if it can be kept. Raises FilterTooLong."""
    if len(asked) > LONGEST_ADDRESS:
        raise FilterTooLong
    return asked
