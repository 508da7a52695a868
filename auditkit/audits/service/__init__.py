"""Verbs over audits: plan, start, draw samples, answer, raise findings, report, close."""

from auditkit.audits.service.findings import RaiseFinding, ReviseFinding, raise_finding, revise_finding
from auditkit.audits.service.planning import (
    ChangeTeam,
    PlanAudit,
    ReplanAudit,
    StartAudit,
    change_team,
    plan,
    plan_ahead,
    replan,
    start,
)
from auditkit.audits.service.reporting import CloseAudit, ReportAudit, close, report
from auditkit.audits.service.running import Answer, Answered, answer
from auditkit.audits.service.sampling import DrawSample, draw_sample

__all__ = [
    "Answer",
    "Answered",
    "ChangeTeam",
    "CloseAudit",
    "DrawSample",
    "PlanAudit",
    "RaiseFinding",
    "ReplanAudit",
    "ReportAudit",
    "ReviseFinding",
    "StartAudit",
    "answer",
    "change_team",
    "close",
    "draw_sample",
    "plan",
    "plan_ahead",
    "raise_finding",
    "replan",
    "report",
    "revise_finding",
    "start",
]
