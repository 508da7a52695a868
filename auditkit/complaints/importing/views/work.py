"""How looks, imports and their taking back are shown while they work, and what is under way."""

from typing import Any

from flask import url_for

from auditkit.base.jobs import JobView
from auditkit.base.text import N_, _
from auditkit.complaints.importing.jobs import IMPORT, LOOK, UNDO
from auditkit.complaints.importing.staging import UploadGone
from auditkit.complaints.importing.views.blueprint import uploads
from auditkit.web import jobs_page


def job_of(token: str) -> JobView | None:
    """The job that is looking at this upload or importing it."""
    found = [*jobs_page.under_way(IMPORT, upload=token), *jobs_page.under_way(LOOK, upload=token)]
    return found[0] if found else None


def listed() -> dict[str, Any]:
    """Imports that are under way, for the page where they begin."""
    return {"working": [(job, _file_of(job)) for kind in (IMPORT, LOOK) for job in jobs_page.under_way(kind)]}


def _file_of(job: JobView) -> str:
    try:
        return uploads().find(job.payload["upload"]).name
    except UploadGone:
        return ""


def _result_of(job: JobView) -> str | None:
    token = job.payload["upload"]
    try:
        kept = uploads().find(token).has_result
    except UploadGone:
        kept = False
    return url_for("complaints_import.done", token=token) if kept else None


def _seen(job: JobView) -> str | None:
    token = job.payload["upload"]
    try:
        kept = uploads().waiting(token).has_look
    except UploadGone:
        kept = False
    return url_for("complaints_import.preview", token=token) if kept else None


def _again(job: JobView) -> str:
    """The look before importing, where the upload is still there; else the upload form."""
    token = job.payload["upload"]
    try:
        kept = uploads().waiting(token).has_look
    except UploadGone:
        kept = False
    return url_for("complaints_import.preview", token=token) if kept else url_for("complaints_import.start")


def _counts_of(job: JobView) -> jobs_page.Facts:
    told = job.result or {}
    named = (
        (_("rows"), "rows"),
        (_("imported"), "imported"),
        (_("duplicates"), "duplicates"),
        (_("refused"), "rejected"),
        (_("warnings"), "warnings"),
    )
    return [(title, told.get(name)) for title, name in named]


jobs_page.shows(
    LOOK,
    jobs_page.Shown(
        title=N_("Looking at a table"),
        permission="complaints.import",
        failed=N_("Nothing was stored. Correct the file or the answers and look again."),
        subject=_file_of,
        result=_seen,
        again=_again,
        facts=lambda _job: [],
    ),
)
jobs_page.shows(
    IMPORT,
    jobs_page.Shown(
        title=N_("Importing complaints"),
        permission="complaints.import",
        failed=N_(
            "What was stored before stays stored, and is not stored twice when you import the file again: it goes on "
            "where it stopped."
        ),
        subject=_file_of,
        result=_result_of,
        again=_again,
        facts=_counts_of,
    ),
)
jobs_page.shows(
    UNDO,
    jobs_page.Shown(
        title=N_("Taking an import back"),
        permission="complaints.import",
        failed=N_("What was removed before stays removed; the page of the import says what is left."),
        subject=lambda job: job.payload["file"],
        result=lambda job: url_for("complaints_import.run", run_id=job.payload["run"]),
        again=lambda job: url_for("complaints_import.run", run_id=job.payload["run"]),
        facts=lambda job: [(_("removed"), (job.result or {}).get("removed"))],
    ),
)
