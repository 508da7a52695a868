"""Verbs over audits: plan, start, answer, raise findings, report, close."""

from auditkit.audits.service.findings import RaiseFinding, ReviseFinding, raise_finding, revise_finding
from auditkit.audits.service.planning import PlanAudit, ReplanAudit, StartAudit, plan, replan, start
from auditkit.audits.service.reporting import CloseAudit, ReportAudit, close, report
from auditkit.audits.service.running import Answer, Answered, answer

__all__ = [
    "Answer",
    "Answered",
    "CloseAudit",
    "PlanAudit",
    "RaiseFinding",
    "ReplanAudit",
    "ReportAudit",
    "ReviseFinding",
    "StartAudit",
    "answer",
    "close",
    "plan",
    "raise_finding",
    "replan",
    "report",
    "revise_finding",
    "start",
]
