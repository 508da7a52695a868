"""What may happen to a complaint, as the journal names it. `docs/events.md` lists them; a test compares."""

from auditkit.base.events import event
from auditkit.base.text import N_

REGISTERED = event("complaint:registered", N_("Complaint registered"))
RECEIVED = event("complaint:received", N_("Complaint received from the public form"))
ACKNOWLEDGED = event("complaint:acknowledged", N_("Complaint acknowledged"))
RECLASSIFIED = event("complaint:reclassified", N_("Feedback sorted anew"))
CORRECTED = event("complaint:corrected", N_("What was taken down corrected"))
IDENTITY_CORRECTED = event("complaint:identity-corrected", N_("Who complained corrected"))
ASSIGNED = event("complaint:assigned", N_("Owner of the case named"))
ASSESSED = event("complaint:assessed", N_("Complaint assessed"))
ASSESSED_AGAIN = event("complaint:assessed-again", N_("Complaint assessed anew"))
PERSON_NAMED = event("complaint:person-named", N_("Member named who is complained about"))
PERSON_CLEARED = event("complaint:person-cleared", N_("Member no longer named as complained about"))
INVESTIGATION_BEGUN = event("complaint:investigation-begun", N_("Investigation begun"))
INVESTIGATION_NOTED = event("complaint:investigation-noted", N_("Investigation written on"))
INVESTIGATION_ENDED = event("complaint:investigation-ended", N_("Investigation ended"))
PROPOSED = event("complaint:decision-proposed", N_("Decision proposed; it waits for approval"))
RETURNED = event("complaint:decision-returned", N_("Proposed decision sent back"))
DECIDED = event("complaint:decided", N_("Decision given"))
TOLD = event("complaint:decision-told", N_("Complainant told of the decision"))
DECISION_ACCEPTED = event("complaint:decision-accepted", N_("Complainant accepted the decision"))
DECISION_REFUSED = event("complaint:decision-refused", N_("Complainant refused the decision; the case stays open"))
REMEDY_DELIVERED = event("complaint:remedy-delivered", N_("Remedy delivered"))
REMEDY_CHECKED = event("complaint:remedy-checked", N_("Delivered remedy checked"))
ESCALATED = event("complaint:escalated", N_("Case taken to another level"))
ESCALATION_ASKED = event("complaint:escalation-asked", N_("Complainant asked for another level"))
ESCALATION_DECLINED = event("complaint:escalation-declined", N_("Wish for another level declined"))
REFERRED = event("complaint:referred", N_("Case goes to an external body"))
REFERRAL_ENDED = event("complaint:referral-ended", N_("External body decided"))
WAITING = event("complaint:information-awaited", N_("Information awaited"))
CAME = event("complaint:information-came", N_("Waiting for information ended"))
WITHDRAWN = event("complaint:withdrawn", N_("Complaint withdrawn by the complainant"))
CLOSED = event("complaint:closed", N_("Complaint closed"))
REOPENED = event("complaint:reopened", N_("Complaint opened again"))
LINKED = event("complaint:linked", N_("Linked to another complaint"))
UNLINKED = event("complaint:unlinked", N_("Link to another complaint removed"))
NOTED = event("complaint:noted", N_("Internal note written"))
MENTION_SEEN = event("complaint:mention-seen", N_("Mention in a note read"), about_records=False)
IDENTITY_READ = event("complaint:identity-read", N_("Identity of the complainant read"), about_records=False)
DETRIMENT_CHECKED = event("complaint:detriment-checked", N_("Looked whether the complainant was treated worse for it"))
MESSAGES_READ = event("complaint:correspondence-read", N_("Messages of the case read"), about_records=False)
AUTHORITY_SET = event("complaints:authority-set", N_("Limit for deciding a remedy alone set"))
AUTHORITY_REMOVED = event("complaints:authority-removed", N_("Limit for deciding a remedy alone removed"))
PRACTICE_SET = event("complaints:practice-set", N_("Settings of complaint handling changed"))

HANDLING = (
    REGISTERED,
    ACKNOWLEDGED,
    RECLASSIFIED,
    CORRECTED,
    IDENTITY_CORRECTED,
    ASSIGNED,
    ASSESSED,
    ASSESSED_AGAIN,
    INVESTIGATION_BEGUN,
    INVESTIGATION_NOTED,
    INVESTIGATION_ENDED,
    PROPOSED,
    RETURNED,
    DECIDED,
    TOLD,
    DECISION_ACCEPTED,
    DECISION_REFUSED,
    REMEDY_DELIVERED,
    REMEDY_CHECKED,
    ESCALATED,
    ESCALATION_DECLINED,
    REFERRED,
    REFERRAL_ENDED,
    WAITING,
    CAME,
    WITHDRAWN,
    CLOSED,
    REOPENED,
)
"""By these a member has had a hand in a complaint; reading it, or writing a note on it, is none."""
