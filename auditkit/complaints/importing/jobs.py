"""The import of an uploaded table as a job: what was uploaded and answered goes in, counts come out.

A job that was cut off goes on after the last stored chunk, because `running` does. What the result says in full stays
beside the upload and goes with it after a day; the job keeps only counts.
"""

from collections.abc import Callable
from typing import Any

from flask import current_app

from auditkit.base import jobs
from auditkit.base.actor import Actor
from auditkit.complaints.importing.answers import Answers
from auditkit.complaints.importing.planning import Plan, plan_import
from auditkit.complaints.importing.profiles import named_profile
from auditkit.complaints.importing.rejects import RejectsFile
from auditkit.complaints.importing.running import ImportResult, run_import
from auditkit.complaints.importing.staging import Staged, Staging

IMPORT = "complaints.import"
COUNTS = ("run", "rows", "imported", "duplicates", "rejected", "warnings")


def uploads_of(organisation_id: int) -> Staging:
    """The uploads of an organisation in this instance."""
    return Staging(current_app.extensions["auditkit.settings"].instance, organisation_id)


def understood(staged: Staged, profile_id: str, answers: Answers) -> Plan:
    """The plan of an import; raises BadInput for a table, a profile or answers that cannot be used."""
    profile = None
    if staged.profile.exists() and staged.profile.stat().st_size:
        profile = named_profile(str(staged.profile))
    elif profile_id:
        profile = named_profile(profile_id)
    plan = plan_import(staged.table, profile)
    return plan_import(staged.table, answers.profile_for(plan)) if answers else plan


def payload(staged: Staged, profile_id: str, answers: Answers, rows: int) -> dict[str, Any]:
    """What the job has to know; `rows`, by the look before, is only for showing how far it is."""
    return {"upload": staged.token, "profile": profile_id, "answers": answers.as_values(), "rows": max(rows, 1)}


@jobs.handler(IMPORT)
def import_upload(asked: dict[str, Any], actor: Actor, progress: Callable[[float], None]) -> dict[str, Any]:
    """Import the upload as it was shown. Raises BadInput and Conflict as `run_import`, UploadGone after a day."""
    staged = uploads_of(actor.organisation_id).find(asked["upload"])
    if not staged.has_result:  # it has one when the worker died between storing it and saying so
        staged = uploads_of(actor.organisation_id).waiting(asked["upload"])
        result = _import(staged, asked, actor, progress)
        staged.keep_result({**result.as_json(), "resumed_after": result.resumed_after})
    kept = staged.result()
    return {name: kept[name] for name in COUNTS}


def _import(staged: Staged, asked: dict[str, Any], actor: Actor, progress: Callable[[float], None]) -> ImportResult:
    plan = understood(staged, asked["profile"], Answers.read(asked["answers"]))
    with RejectsFile(staged.rejects) as rejects:
        return run_import(
            staged.table,
            actor,
            profile=plan.given,
            file_name=staged.name,
            rejects=rejects,
            on_progress=lambda row: progress(row / asked["rows"]),
        )
