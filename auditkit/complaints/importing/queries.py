"""Reads about imports: the runs of an organisation, newest first, those of one file, and the profiles it keeps."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from auditkit.base.db import Session
from auditkit.base.errors import NotFound
from auditkit.complaints.importing.models import ImportProfile, ImportUndo
from auditkit.complaints.importing.profiles import ProfileShape, named_profile, shipped_profiles
from auditkit.complaints.models import ImportRun


@dataclass(frozen=True)
class RunSummary:
    """One import. `counts` are whole numbers by name; `finished_at` is None while it runs or after it was killed."""

    id: int
    file_name: str
    profile: str
    profile_digest: str
    state: str
    next_row: int
    counts: dict[str, Any]
    started_at: datetime
    finished_at: datetime | None
    person_id: int | None
    removed: int = 0
    undone_at: datetime | None = None


@dataclass(frozen=True)
class KeptProfile:
    """A profile the organisation keeps, in its newest version."""

    id: int
    version: int
    digest: str
    saved_at: datetime
    saved_by: int | None
    shape: ProfileShape


def runs_of_file(session: Session, file_digest: str) -> list[RunSummary]:
    """Imports of a file with these very bytes, newest first."""
    found = _RUNS.where(ImportRun.file_digest == file_digest).order_by(ImportRun.id.desc())
    return [_summary(run, undo) for run, undo in session.execute(found)]


def newest_runs(session: Session, limit: int = 50) -> list[RunSummary]:
    """The organisation's newest imports."""
    found = _RUNS.order_by(ImportRun.id.desc()).limit(limit)
    return [_summary(run, undo) for run, undo in session.execute(found)]


def run_by_id(session: Session, run_id: int) -> RunSummary:
    """One import. Raises NotFound."""
    found = session.execute(_RUNS.where(ImportRun.id == run_id)).one_or_none()
    if found is None:
        raise NotFound
    return _summary(*found)


_RUNS = select(ImportRun, ImportUndo).outerjoin(ImportUndo, ImportUndo.import_run_id == ImportRun.id)


def _summary(run: ImportRun, undo: ImportUndo | None) -> RunSummary:
    return RunSummary(
        run.id,
        run.file_name,
        run.profile,
        run.profile_digest,
        run.state,
        run.next_row,
        dict(run.counts),
        run.started_at,
        run.finished_at,
        run.person_id,
        undo.removed if undo else 0,
        undo.ended_at if undo else None,
    )


def kept_profiles(session: Session) -> list[KeptProfile]:
    """The profiles the organisation keeps, by name; of each the newest version, unless it was taken out of use."""
    newest = select(func.max(ImportProfile.id)).group_by(ImportProfile.organisation_id, ImportProfile.name)
    found = select(ImportProfile).where(ImportProfile.id.in_(newest), ImportProfile.retired_at.is_(None))
    return [_kept(row) for row in session.execute(found.order_by(ImportProfile.name)).scalars()]


def own_profiles(session: Session) -> list[ProfileShape]:
    """The shapes of the same."""
    return [kept.shape for kept in kept_profiles(session)]


def profile_named(session: Session, name: str) -> ProfileShape:
    """A kept profile, a shipped one, or one from a YAML file. Raises BadInput naming what there is."""
    own = {shape.id: shape for shape in own_profiles(session)}
    return own[name] if name in own else named_profile(name, sorted(own))


def profiles_offered(session: Session) -> list[ProfileShape]:
    """The organisation's own profiles, then the shipped ones."""
    return [*own_profiles(session), *shipped_profiles()]


def _kept(row: ImportProfile) -> KeptProfile:
    shape = ProfileShape.model_validate(row.shape)
    return KeptProfile(row.id, row.version, row.digest, row.saved_at, row.saved_by, shape)
