"""Who may sign, acknowledge and amend when. Pure; tests/rules/test_audits_signing_rules.py is the table of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from auditkit.audits.rules import State
from auditkit.base.errors import BadInput, Conflict, Forbidden, RuleBroken
from auditkit.base.events import event
from auditkit.base.folding import fold
from auditkit.base.text import N_

WRITTEN = event("audit:report-written", N_("Texts of the report written"))
AUDITEE_NAMED = event("audit:auditee-named", N_("Representative of the auditee named"))
TAKEN_BACK = event("audit:report-taken-back", N_("Report taken back before signing; the audit runs again"))
SIGNED = event("audit:signed", N_("Report signed by the lead auditor"))
ACKNOWLEDGED = event("audit:acknowledged", N_("Report acknowledged by the auditee"))
AMENDED = event("audit:amended", N_("Signed report amended and signed again"))

LONGEST_TEXT = 20_000


class Proof(StrEnum):
    """How a person showed that they are at the screen themselves."""

    PASSWORD = "password"  # noqa: S105 - the name of a way
    SESSION = "session"


PROOF_TITLES = {Proof.PASSWORD: N_("password entered again"), Proof.SESSION: N_("signed in a moment before")}


class Amended(StrEnum):
    """What an amendment changes."""

    AUDIT = "audit"
    FINDING = "finding"


class Standing(StrEnum):
    """Where the report of an audit stands."""

    NONE = "none"
    UNSIGNED = "unsigned"
    SIGNED = "signed"
    ACKNOWLEDGED = "acknowledged"


STANDING_TITLES = {
    Standing.NONE: N_("No report yet"),
    Standing.UNSIGNED: N_("Reported, not signed"),
    Standing.SIGNED: N_("Signed, not acknowledged"),
    Standing.ACKNOWLEDGED: N_("Signed and acknowledged"),
}


class ReportFirst(RuleBroken):
    message = N_("Report the audit first: only a finished report can be signed")


class ClosedUnsigned(RuleBroken):
    message = N_("The audit was closed without a signature, before one was asked for. A closed audit is not signed")


class AlreadySigned(Conflict):
    message = N_("The report is signed already. What must change now changes as an amendment")


class OnlyTheLead(Forbidden):
    message = N_("Only the lead auditor of this audit signs its report and its amendments")


class NameDiffers(BadInput):
    message = N_("Type your name as it stands here: %(name)s")


class NotSigned(RuleBroken):
    message = N_("The lead auditor has not signed the report yet")


class OnlyTheAuditee(Forbidden):
    message = N_("Only the person named as the auditee's representative acknowledges the report")


class AlreadyAcknowledged(Conflict):
    message = N_("This version of the report is acknowledged already")


class AmendmentReasonMissing(BadInput):
    message = N_("Write why the signed report has to change: it is printed with the amendment")


class NothingAmended(BadInput):
    message = N_("Nothing was changed, so there is nothing to amend")


class ReportClosed(RuleBroken):
    message = N_("The report is signed, so its texts stand. Amend it instead")


class NotBegun(RuleBroken):
    message = N_("Start the audit first: its report is written while it runs")


class AuditeeIsAuditor(RuleBroken):
    message = N_("%(name)s is in the audit team. Name somebody who answers for what is audited")


class NotAMember(BadInput):
    message = N_("Choose a person of this organisation")


class NotProven(BadInput):
    message = N_("This is not your password. Nothing was signed")


@dataclass(frozen=True)
class Papers:
    """How far a report is: signatures (the report's and one for each amendment), and those that are acknowledged."""

    state: State
    signatures: int = 0
    acknowledged: bool = False

    @property
    def standing(self) -> Standing:
        """Where the report stands; `acknowledged` is about the newest signature."""
        if self.signatures:
            return Standing.ACKNOWLEDGED if self.acknowledged else Standing.SIGNED
        return Standing.UNSIGNED if self.state in (State.REPORTED, State.CLOSED) else Standing.NONE


def check_name(typed: str, name: str) -> None:
    """Whether a person typed their own name. Raises NameDiffers."""
    if not typed.strip() or fold(" ".join(typed.split())) != fold(" ".join(name.split())):
        raise NameDiffers(name=name)


def check_sign(papers: Papers, *, is_lead: bool) -> None:
    """Whether this person may sign the report now. Raises ReportFirst, AlreadySigned, ClosedUnsigned or OnlyTheLead."""
    if papers.standing is Standing.NONE:
        raise ReportFirst()
    if papers.signatures:
        raise AlreadySigned()
    if papers.state is State.CLOSED:
        raise ClosedUnsigned()
    if not is_lead:
        raise OnlyTheLead()


def check_acknowledge(papers: Papers, *, is_auditee: bool) -> None:
    """Whether this person may acknowledge the report now. Raises NotSigned, OnlyTheAuditee or AlreadyAcknowledged."""
    if not papers.signatures:
        raise NotSigned()
    if not is_auditee:
        raise OnlyTheAuditee()
    if papers.acknowledged:
        raise AlreadyAcknowledged()


def check_amend(papers: Papers, *, is_lead: bool, reason: str, changes: Sequence[object]) -> None:
    """Whether this amendment may be made. Raises NotSigned, OnlyTheLead, NothingAmended or AmendmentReasonMissing."""
    if not papers.signatures:
        raise NotSigned()
    if not is_lead:
        raise OnlyTheLead()
    if not changes:
        raise NothingAmended()
    if not reason.strip():
        raise AmendmentReasonMissing()


def check_write(papers: Papers) -> None:
    """Whether the texts of the report may change. Raises NotBegun, ReportClosed or ClosedUnsigned."""
    if papers.state is State.PLANNED:
        raise NotBegun()
    if papers.signatures:
        raise ReportClosed()
    if papers.state is State.CLOSED:
        raise ClosedUnsigned()


def check_take_back(papers: Papers) -> None:
    """Whether a report may be taken back. Raises ReportFirst or AlreadySigned; a closed audit is not taken back."""
    if papers.signatures:
        raise AlreadySigned()
    if papers.state is not State.REPORTED:
        raise ReportFirst()
