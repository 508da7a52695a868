"""The long work of importing, as jobs: the look at an upload, its import, and the taking back of an import.

A job that was cut off goes on after the last stored chunk, because `running` and `undoing` do. What a look and a result
say in full stays beside the upload and goes with it after a day; the job keeps only counts.
"""

from collections.abc import Callable
from typing import Any

from flask import current_app

from auditkit.base import jobs
from auditkit.base.actor import Actor
from auditkit.base.db import reading
from auditkit.complaints.importing.answers import Answers
from auditkit.complaints.importing.containers import CSV
from auditkit.complaints.importing.looking import look_at
from auditkit.complaints.importing.planning import Plan, plan_import
from auditkit.complaints.importing.profiles import ProfileShape, named_profile
from auditkit.complaints.importing.queries import own_profiles, profile_named
from auditkit.complaints.importing.rejects import RejectsFile
from auditkit.complaints.importing.running import ImportResult, run_import
from auditkit.complaints.importing.staging import Staged, Staging
from auditkit.complaints.importing.undoing import undo_import

LOOK = "complaints.import-look"
IMPORT = "complaints.import"
UNDO = "complaints.import-undo"
COUNTS = ("run", "rows", "imported", "duplicates", "rejected", "warnings")
LOOKED_AT_ONCE = 256 << 10  # bytes of a plain CSV that a request may read itself; anything else is left to a worker


def uploads_of(organisation_id: int) -> Staging:
    """The uploads of an organisation in this instance."""
    return Staging(current_app.extensions["auditkit.settings"].instance, organisation_id)


def is_small(staged: Staged, container: str) -> bool:
    """Whether the look is quick enough to be had at once."""
    return container == CSV and staged.table.stat().st_size <= LOOKED_AT_ONCE


def understood(staged: Staged, profile_id: str, answers: Answers, actor: Actor) -> Plan:
    """The plan of an import; raises BadInput for a table, a profile or answers that cannot be used."""
    profile = None
    if staged.profile.exists() and staged.profile.stat().st_size:
        profile = named_profile(str(staged.profile))
    elif profile_id:
        profile = profile_named(reading(actor), profile_id)
    own = own_profiles(reading(actor))
    plan = plan_import(staged.table, profile, own)
    if not answers:
        return plan
    if plan.is_free and (how := answers.reading(plan)) is not None:
        plan = plan_import(staged.table, how, free=True)
    return plan_import(staged.table, answers.profile_for(plan))


def look(staged: Staged, asked: dict[str, Any], actor: Actor, progress: Callable[[float], None]) -> None:
    """Look at an upload and keep what was seen beside it. Raises BadInput as `understood`."""
    plan = understood(staged, asked["profile"], Answers.read(asked["answers"]), actor)
    size = max(staged.table.stat().st_size, 1)
    seen = look_at(plan, actor, lambda row: progress(min(0.99, row * 200 / size)))
    staged.keep_look({**seen, "asked": {"profile": asked["profile"], **asked["answers"]}})


def plan_of(staged: Staged) -> Plan:
    """The plan by which an upload that was looked at will be imported."""
    return plan_import(staged.table, ProfileShape.model_validate(staged.look()["given"]))


def asked_of(staged: Staged, profile_id: str, answers: dict[str, str]) -> dict[str, Any]:
    """What a look has to know: the upload, the profile asked for, and the page's answers as they were sent."""
    return {"upload": staged.token, "profile": profile_id, "answers": answers}


@jobs.handler(LOOK)
def look_at_upload(asked: dict[str, Any], actor: Actor, progress: Callable[[float], None]) -> dict[str, Any]:
    """The look as a job; its result stands beside the upload."""
    look(uploads_of(actor.organisation_id).waiting(asked["upload"]), asked, actor, progress)
    return {}


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
    given = ProfileShape.model_validate(staged.look()["given"])
    with RejectsFile(staged.rejects) as rejects:
        return run_import(
            staged.table,
            actor,
            profile=given,
            file_name=staged.name,
            rejects=rejects,
            on_progress=lambda row: progress(row / asked["rows"]),
        )


@jobs.handler(UNDO)
def undo(asked: dict[str, Any], actor: Actor, progress: Callable[[float], None]) -> dict[str, Any]:
    """Take an import back. Raises as `undo_import`."""
    return {"run": asked["run"], "removed": undo_import(asked["run"], actor, progress)}
