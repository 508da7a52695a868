"""The retention table: which records the organisation keeps, for how long, on which ground. Pure."""

from auditkit.base.errors import BadInput
from auditkit.base.events import event
from auditkit.base.text import N_

KEEPING_SET = event("policy:keeping-set", N_("Row of the retention table set"))
KEEPING_DROPPED = event("policy:keeping-dropped", N_("Row of the retention table taken out"))

FACT = "fact:"
"""Before the name of a fact that a period follows."""

SUGGESTED = {
    "complaint-register": "complaints.keeping",
    "complaint-times": "complaints.keeping",
    "complaint-file": "complaints.keeping",
    "complaint-decisions": "complaints.keeping",
    "complaint-closing": "complaints.keeping",
    "complaint-satisfaction": "complaints.keeping",
    "audits": "fact:audit_retention",
    "findings": "fact:audit_retention",
    "actions": "fact:audit_retention",
    "management-review": "fact:audit_retention",
    "competence-records": "fact:training_retention",
}
"""Kind of record -> the live setting or fact its period follows until the organisation says otherwise."""


class RecordTitleMissing(BadInput):
    message = N_("Enter what the record is called")


class PeriodTwice(BadInput):
    message = N_("Enter a period, or choose the setting it follows; not both")


class SourceUnknown(BadInput):
    message = N_("Choose the setting from the list")
