"""Where the records that a probe counts are shown as a list."""

from collections.abc import Callable
from typing import Any

from flask import url_for

from auditkit.readiness.rules import Part, PartKind, Period
from auditkit.web.access import may

REGISTER = "register-"


def source_of(part: Part, period: Period) -> str:
    """The address of the list; empty where there is none that this person may see."""
    if part.kind is PartKind.EVIDENCE:
        return url_for("evidence.index") if may("evidence.read") else ""
    if part.kind is not PartKind.PROBE:
        return ""
    if part.id.startswith(REGISTER):
        register = part.id.removeprefix(REGISTER)
        return url_for("registers.entries", register=register) if may("registers.read") else ""
    permission, build = _LISTS.get(part.id, _REGISTER_OF_COMPLAINTS)
    return build(period) if may(permission) else ""


def _received(period: Period) -> str:
    days: dict[str, Any] = {"from": period.first.isoformat(), "to": period.last.isoformat()}
    return url_for("complaints.index", stage="all", **days)


_Build = Callable[[Period], str]
_REGISTER_OF_COMPLAINTS: tuple[str, _Build] = ("complaints.read", _received)
_LISTS: dict[str, tuple[str, _Build]] = {
    "objectives-measured": ("registers.read", lambda _period: url_for("registers.entries", register="objectives")),
    "surveys-answered": ("complaints.read", lambda _period: url_for("survey.figures")),
    "time-limits-set": ("organisation.manage", lambda _period: url_for("complaint_settings.index")),
    "authority-set": ("organisation.manage", lambda _period: url_for("complaint_settings.index")),
    "external-ways-named": ("organisation.manage", lambda _period: url_for("complaint_settings.index")),
    "retention-set": ("organisation.manage", lambda _period: url_for("privacy.index")),
    "roles-held": ("people.manage", lambda _period: url_for("accounts.members")),
    "policy-published": ("policies.read", lambda _period: url_for("policies.index")),
    "documents-reviewed": ("policies.read", lambda _period: url_for("policies.index")),
    "documents-read": ("policies.read", lambda _period: url_for("policies.index")),
    "audits-reported": ("audits.read", lambda _period: url_for("audits.index")),
    "programme-written": ("audits.read", lambda _period: url_for("audit_programme.index")),
    "findings-answered": ("audits.read", lambda _period: url_for("audit_findings.index")),
    "figures-frozen": ("complaints.read", lambda _period: url_for("frozen_figures.index")),
    "satisfaction-frozen": ("complaints.read", lambda _period: url_for("frozen_figures.index")),
    "management-reviews": ("reviews.read", lambda _period: url_for("reviews.index")),
    "actions-with-cause": ("actions.read", lambda _period: url_for("actions.index")),
    "actions-on-time": ("actions.read", lambda _period: url_for("actions.index")),
    "effect-verified": ("actions.read", lambda _period: url_for("actions.index")),
    "journal-kept": ("journal.read", lambda _period: url_for("journal.index")),
}
