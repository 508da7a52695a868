"""The journal's page: what happened, filtered by subject, and the check of its chain."""

from typing import Any

from flask import Blueprint, current_app, render_template, request, url_for

from auditkit.base.db import reading
from auditkit.base.events import registered
from auditkit.base.text import N_, _
from auditkit.journal import actors, queries
from auditkit.web.access import access, current_actor

bp = Blueprint("journal", __name__, url_prefix="/journal", template_folder="templates")

# What the slices call their subjects; one that is missing here is shown as it is stored.
SUBJECTS = {
    "absence": N_("Absence"),
    "action": N_("Action"),
    "action-scheme": N_("Time limits of actions"),
    "api-token": N_("Token of the API"),
    "assignment-rule": N_("Rule of assignment"),
    "audit": N_("Audit"),
    "audit-distribution": N_("Distribution of a report"),
    "audit-file-test": N_("Test of a complaint's file"),
    "audit-log": N_("Log of a channel"),
    "audit-machine-run": N_("Machine tests of an audit"),
    "audit-programme": N_("Audit programme"),
    "audit-recount": N_("Figure counted again"),
    "audit-row": N_("Question of an audit"),
    "audit-sample": N_("Sample of an audit"),
    "body-nc": N_("Nonconformity of a certification body"),
    "business-volume": N_("Orders of a month"),
    "calendar-feed": N_("Calendar feed"),
    "cause-categories": N_("Categories of causes"),
    "competence": N_("Competence"),
    "complaint": N_("Complaint"),
    "complaint-channel": N_("Channel"),
    "complaint-practice": N_("Settings of complaint handling"),
    "correspondence": N_("Correspondence"),
    "document": N_("Document"),
    "dashboard-schedule": N_("Dashboard by e-mail"),
    "dashboard": N_("Dashboard"),
    "evidence": N_("Evidence"),
    "fact": N_("Fact of the organisation"),
    "finding": N_("Finding"),
    "frozen-figure": N_("Frozen figure"),
    "import": N_("Import"),
    "import-profile": N_("Profile of imports"),
    "intake-settings": N_("Settings of the public form"),
    "letter": N_("Letter"),
    "mail": N_("E-mail in"),
    "management-review": N_("Management review"),
    "organisation": N_("Organisation"),
    "pack": N_("Pack"),
    "person": N_("Person"),
    "policy": N_("Policy"),
    "process": N_("Process"),
    "published-figures": N_("Public figures"),
    "programme-item": N_("Part of the audit programme"),
    "readiness-cell": N_("Cell of the clause matrix"),
    "readiness-plan": N_("Plan of a gap analysis"),
    "readiness-step": N_("Step of a plan"),
    "readiness-transition": N_("Transition to a newer edition"),
    "readiness-visit": N_("Visit"),
    "record-keeping": N_("Retention of records"),
    "reference-pattern": N_("Pattern of references"),
    "register": N_("Register"),
    "register-entry": N_("Entry of a register"),
    "register-filter": N_("Kept filter of the register"),
    "review-interval": N_("Interval of management reviews"),
    "room": N_("Room for a reviewer"),
    "signing-key": N_("Signing key"),
    "template": N_("Word template"),
}
ACTORS = {"system": N_("Command line or scheduled work"), "public": N_("The public")}


@bp.get("/")
@access("journal.read")
def index() -> str:
    """Entries, newest first, filtered by kind of subject, subject and event; with the chain's check when asked for."""
    wanted = {"subject_kind": request.args.get("kind", ""), "event": request.args.get("event", "")}
    subject_id = request.args.get("id", type=int)
    before = request.args.get("before", type=int)
    organisation_id = current_actor().organisation_id
    entries, older = queries.page(reading(), organisation_id, subject_id=subject_id, before=before, **wanted)
    asked: dict[str, Any] = {"kind": wanted["subject_kind"] or None, "id": subject_id, "event": wanted["event"] or None}
    return render_template(
        "journal/index.html",
        entries=_shown(entries),
        wanted={**wanted, "subject_id": subject_id},
        filtered=any(value is not None for value in asked.values()),
        kinds=sorted(((kind, _subject(kind)) for kind in _kinds(organisation_id)), key=lambda pair: pair[1]),
        events=sorted(((one.name, _(one.title)) for one in registered().values()), key=lambda pair: pair[1]),
        first_url=url_for(".index", **asked) if before else None,
        next_url=url_for(".index", **asked, before=older) if older else None,
        check=queries.verify(reading(), organisation_id) if request.args.get("check") else None,
    )


def _kinds(organisation_id: int) -> list[str]:
    return queries.subject_kinds(reading(), organisation_id)


def _subject(kind: str) -> str:
    return _(SUBJECTS[kind]) if kind in SUBJECTS else kind


def _shown(entries: list[queries.Entry]) -> list[dict[str, Any]]:
    names = current_app.extensions["auditkit.directory"].names()
    return [
        {
            "seq": entry.seq,
            "event": entry.event,
            "title": _(entry.title),
            "at": entry.at,
            "person": names.get(entry.actor_id, ""),
            "role": _(ACTORS[entry.role]) if entry.role in ACTORS else actors.named(entry.role) or entry.role,
            "kind": entry.subject[0],
            "subject": _subject(entry.subject[0]),
            "subject_id": entry.subject[1],
            "facts": sorted(entry.facts.items()),
            "personal": len(entry.personal),
            "hash": entry.hash,
        }
        for entry in entries
    ]
