"""When an audit may be reported and closed. Pure."""

from collections.abc import Iterable

from auditkit.audits.rules.findings import SETTLED_FINDINGS, FindingState
from auditkit.audits.rules.planning import AuditKind, State, Tally, check_running
from auditkit.base.errors import RuleBroken
from auditkit.base.events import event
from auditkit.base.text import N_

REPORTED = event("audit:reported", N_("Audit reported"))
ENDED = event("audit:closed", N_("Audit closed"))


class NotReported(RuleBroken):
    message = N_("Report the audit before you close it")


class ReportNotReady(RuleBroken):
    message = N_("This audit is not reported yet. Report it first; then its report can be downloaded")


class RowsUnanswered(RuleBroken):
    message = N_(
        "Questions without an answer: %(count)s. Answer them, or leave them “not checked” with a note that says why "
        "they were not covered"
    )


class ConclusionMissing(RuleBroken):
    message = N_("Write the conclusion of the audit first")


class ReportUnsigned(RuleBroken):
    message = N_(
        "The lead auditor has not signed the report yet. It is signed under “Report and signatures”; a closed audit "
        "is not signed any more"
    )


class FindingsStillOpen(RuleBroken):
    message = N_(
        "Nonconformities that are not settled yet: %(count)s. Their actions must be verified before the audit is closed"
    )


def check_report(state: State, tally: Tally, conclusion: str) -> None:
    """Whether the audit may be reported. Raises NotRunning, RowsUnanswered or ConclusionMissing."""
    check_running(state)
    if tally.unanswered:
        raise RowsUnanswered(count=tally.unanswered)
    if not conclusion.strip():
        raise ConclusionMissing()


def check_close(state: State, findings: Iterable[FindingState], *, kind: AuditKind, signed: bool) -> None:
    """Whether the audit may be closed. Raises NotReported, ReportUnsigned or FindingsStillOpen.

    An audit by a certification body is signed by that body, outside.
    """
    if state is not State.REPORTED:
        raise NotReported()
    if not signed and kind is not AuditKind.OUTSIDE:
        raise ReportUnsigned()
    unsettled = sum(one not in SETTLED_FINDINGS for one in findings)
    if unsettled:
        raise FindingsStillOpen(count=unsettled)
