"""Words of the reconciliation test. Pure; the matching itself is `matching`."""

from enum import StrEnum

from auditkit.base.errors import BadInput, RuleBroken
from auditkit.base.events import event
from auditkit.base.text import N_

LOG_COMPARED = event("audit:log-compared", N_("Channel's log compared with the register"))
ENTRY_SETTLED = event("audit:log-entry-settled", N_("Entry of a channel's log settled"))

MOST_ENTRIES = 5_000
LONGEST_PASTE = 2_000_000
USUAL_DAYS = 7


class Standing(StrEnum):
    """What an entry of a log was found to be. `UNMATCHED`: perhaps a complaint nobody recorded."""

    MATCHED = "matched"
    DOUBTFUL = "doubtful"
    UNMATCHED = "unmatched"
    NO_COMPLAINT = "no-complaint"
    UNREADABLE = "unreadable"


class Strength(StrEnum):
    """How well an entry fits the complaint it is taken for; only `STRONG` needs nobody to confirm it."""

    STRONG = "strong"
    PROBABLE = "probable"
    WEAK = "weak"
    NONE = "none"


STANDING_TITLES = {
    Standing.MATCHED: N_("In the register"),
    Standing.DOUBTFUL: N_("Perhaps in the register: confirm"),
    Standing.UNMATCHED: N_("Not found in the register"),
    Standing.NO_COMPLAINT: N_("No complaint"),
    Standing.UNREADABLE: N_("Not readable, not checked"),
}
STRENGTH_TITLES = {
    Strength.STRONG: N_("strong"),
    Strength.PROBABLE: N_("probable"),
    Strength.WEAK: N_("weak"),
    Strength.NONE: N_("none"),
}


class LogMissing(BadInput):
    message = N_("Choose the file of the log, or paste its lines")


class LogTitleMissing(BadInput):
    message = N_("Say which log this is, such as “Mailbox service@, January”")


class ColumnUnknown(BadInput):
    message = N_("The log has no column “%(column)s”. It has: %(columns)s")


class LogTooLong(BadInput):
    message = N_("The log has more than %(limit)s entries. Compare a shorter period")


class LogUnusable(BadInput):
    message = N_(
        "No column of this log says who wrote, what about or under which reference, so there is nothing to compare. "
        "Say below which column is what, or name them in its first line: Date, From, Subject, Reference"
    )


class DaysOutOfRange(BadInput):
    message = N_("Enter a number of days between 0 and 60")


class EntryReasonMissing(BadInput):
    message = N_("Say why this entry is no complaint")


class EntryNotSettled(RuleBroken):
    message = N_("An entry that could not be read cannot be settled. Look it up in the raw log")
