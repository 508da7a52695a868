"""What may happen to a workbook of an audit, and its journal entries. Pure."""

from enum import StrEnum

from auditkit.base.errors import BadInput, Conflict, RuleBroken
from auditkit.base.events import event
from auditkit.base.text import N_

TAKEN = event("audit:workbook-taken", N_("Questions taken out as a workbook"))
RETURNED = event("audit:workbook-returned", N_("Workbook with answers returned and merged"))
SETTLED = event("audit:workbook-conflict-settled", N_("Conflict with a workbook settled"))


class Cell(StrEnum):
    """What of a row a workbook may change."""

    ANSWER = "answer"
    NOTE = "note"


class Kept(StrEnum):
    """Which side of a conflict a person let stand: what was here, or what the workbook says."""

    MINE = "mine"
    THEIRS = "theirs"


class NotOurWorkbook(BadInput):
    message = N_(
        "This workbook does not come from this audit. Take the questions out as a workbook on this page, "
        "and bring back that file"
    )


class WorkbookUnreadable(BadInput):
    message = N_("The file cannot be read as a workbook: %(reason)s")


class AlreadySettled(Conflict):
    message = N_("Somebody else settled this conflict meanwhile. Nothing was overwritten: read what was kept")


class ChoiceMissing(RuleBroken):
    message = N_("Choose which of the two values is to stand")
