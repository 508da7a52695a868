"""A whole import: every row mapped, known ones counted as duplicates, the rest stored chunk by chunk.

Each chunk is a transaction of its own, so a killed import leaves whole chunks and goes on after them when the same
file comes again. A dry run does the same without storing. Checked by tests/slices/complaints_importing/.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from auditkit.accounts.queries import day_of_house
from auditkit.base import clock
from auditkit.base.actor import Actor
from auditkit.base.db import reading, transaction
from auditkit.base.errors import BadInput
from auditkit.base.text import N_
from auditkit.complaints.importing import queries, service, writing
from auditkit.complaints.importing.announcements import FIRST_LINES, Announcement, guess, warning
from auditkit.complaints.importing.mapping import REMARKS, WARNINGS, MappedRow, Refused, RowMapper
from auditkit.complaints.importing.planning import Plan, plan_import
from auditkit.complaints.importing.profiles import ProfileShape, profile_digest
from auditkit.complaints.importing.queries import own_profiles
from auditkit.complaints.importing.rejects import RejectsFile

CHUNK = 5_000  # rows a transaction; a few megabytes of memory
SHOWN_ROWS = 5
SHOWN_FAULTS = 20

OnProgress = Callable[[int], None]


@dataclass(frozen=True)
class RowFault:
    """A refused row, for people: where it is, why, and its cells."""

    row: int
    line: int
    reason: str
    cells: tuple[str, ...]


@dataclass
class ImportResult:
    """What became of a file. `rows` = imported + duplicates + rejected; a dry run's `imported` is what would be.

    `warnings` counts rows that were imported though something about them is odd, `by_kind` says what.
    """

    plan: Plan
    is_dry_run: bool
    rows: int = 0
    imported: int = 0
    duplicates: int = 0
    changed: int = 0
    rejected: int = 0
    left_out: int = 0
    warnings: int = 0
    by_kind: dict[str, int] = field(default_factory=dict)
    announcements: list[Announcement] = field(default_factory=list)
    faults: list[RowFault] = field(default_factory=list)
    shown: list[MappedRow] = field(default_factory=list)
    run_id: int | None = None
    resumed_after: int = 0

    def as_json(self) -> dict[str, Any]:
        """For `--json`; the counts first named in the command's help, then how the file was understood."""
        return {
            "rows": self.rows,
            "imported": self.imported,
            "duplicates": self.duplicates,
            "rejected": self.rejected,
            "warnings": self.warnings,
            "warnings_by_kind": {name: count for name, count in self.by_kind.items() if name in WARNINGS},
            "duplicates_changed": self.changed,
            "dry_run": self.is_dry_run,
            "importable": not self.plan.questions,
            "profile": self.plan.profile.id,
            "columns": {name: self.plan.columns_of(name) for name in self.plan.sources},
            "announcements": [announcement.as_json() for announcement in self.announcements],
            "faults": [{"row": one.row, "line": one.line, "reason": one.reason} for one in self.faults],
            "run": self.run_id,
        }


class ImportRefused(BadInput):
    """The file cannot be imported before somebody has answered what is doubtful."""

    message = N_("Nothing was imported, because this must be settled first: %(questions)s")


def check_settled(plan: Plan) -> None:
    """Raises ImportRefused when a doubt is left."""
    if plan.questions:
        raise ImportRefused(questions=" ".join(question.text for question in plan.questions))


def run_import(
    path: Path,
    actor: Actor,
    *,
    profile: ProfileShape | None = None,
    file_name: str | None = None,
    dry_run: bool = False,
    rejects: RejectsFile | None = None,
    on_progress: OnProgress | None = None,
) -> ImportResult:
    """Import the complaints of a file, or say what an import would do.

    Must be called outside a transaction: it opens one for each chunk. Raises BadInput for a file that is no table or
    does not fit the profile, ImportRefused when a doubt is left, Conflict when another import of the same rows runs.
    """
    actor.require("complaints.import")
    plan = plan_import(path, profile, own_profiles(reading(actor)))
    if not dry_run:
        check_settled(plan)
    job = _Job(plan, actor, ImportResult(plan, dry_run), rejects, on_progress)
    if rejects:
        if rejects.path.exists() and rejects.path.samefile(path):
            raise BadInput(N_("The list of refused rows would overwrite the file itself. Name another file"))
        rejects.begin(plan.table.columns)
    if dry_run:
        job.rehearse()
    else:
        job.run(file_name or path.name)
    return job.result


def rehearse(plan: Plan, actor: Actor, on_progress: OnProgress | None = None) -> ImportResult:
    """What an import of this plan would do; stores nothing."""
    actor.require("complaints.import")
    job = _Job(plan, actor, ImportResult(plan, True), None, on_progress)
    job.rehearse()
    return job.result


class _Job:
    """One pass over the file: counts, the rows waiting to be stored, and the run they belong to."""

    def __init__(
        self,
        plan: Plan,
        actor: Actor,
        result: ImportResult,
        rejects: RejectsFile | None,
        on_progress: OnProgress | None,
    ) -> None:
        self.plan, self.actor, self.result = plan, actor, result
        self.rejects, self.on_progress = rejects, on_progress
        self.counts: Counter[str] = Counter()
        self.lines: defaultdict[str, list[int]] = defaultdict(list)
        self.last_row = 0
        self.skip_to = 1

    def rehearse(self) -> None:
        """Count what an import would do, storing nothing."""
        seen_rows: set[int] = set()
        seen_references: set[int] = set()
        for batch in self._batches():
            for row in self._new_ones(batch, seen_rows, seen_references):
                if len(self.result.shown) < SHOWN_ROWS:
                    self.result.shown.append(row)
        self._conclude()

    def run(self, file_name: str) -> None:
        """Store what is new, chunk by chunk."""
        opening = service.OpenRun(
            file_name[:255],
            self.plan.table.sha256,
            self.plan.profile.id,
            profile_digest(self.plan.profile),
            clock.now(),
        )
        self._resume(opening)
        waiting: list[MappedRow] = []
        seen_rows: set[int] = set()
        seen_references: set[int] = set()
        for batch in self._batches():
            waiting += self._new_ones(batch, seen_rows, seen_references)
            if len(waiting) >= CHUNK:
                self._store(opening, waiting, is_last=False)
                waiting = []
                seen_rows.clear()  # what is stored is found there
                seen_references.clear()
        self._store(opening, waiting, is_last=True)
        self._conclude()

    def _resume(self, opening: service.OpenRun) -> None:
        """Go on with a run of the same file and profile that was cut off; say when the file was imported before."""
        for run in queries.runs_of_file(reading(self.actor), opening.file_digest):
            if run.state == service.RUNNING and run.profile_digest == opening.profile_digest:
                self.result.run_id = run.id
                self.result.resumed_after = run.next_row - 1
                self.skip_to = run.next_row
                self.counts.update({name: count for name, count in run.counts.items() if isinstance(count, int)})
                self.result.announcements.append(
                    guess(
                        "rows",
                        N_("An import of this file was cut off after row %(row)s; it goes on there"),
                        row=run.next_row - 1,
                    )
                )
                return
            if run.finished_at is not None:
                message = N_("This very file was imported before, on %(day)s")
                if run.state == service.UNDONE:
                    message = N_("This very file was imported before, on %(day)s, and that import was taken back")
                self.result.announcements.append(
                    guess("rows", message, day=day_of_house(reading(self.actor), run.finished_at).isoformat())
                )
                return

    def _batches(self) -> Iterator[list[MappedRow]]:
        """Mapped rows in batches; refused ones are told and counted on the way."""
        mapper = RowMapper(self.plan, clock.now())
        batch: list[MappedRow] = []
        for row in self.plan.table.rows():
            mapped = mapper.map(row)
            if isinstance(mapped, Refused):
                self._refuse(mapped)
                self.last_row = row.number
                continue
            if row.number < self.skip_to:
                continue
            self.last_row = row.number
            batch.append(mapped)
            if len(batch) >= CHUNK:
                yield batch
                batch = []
                if self.on_progress:
                    self.on_progress(row.number)
        if batch:
            yield batch

    def _refuse(self, refused: Refused) -> None:
        if refused.row.number >= self.skip_to:
            self.counts["left_out" if refused.left_out else "rejected"] += 1
        if refused.left_out:
            self.result.announcements.append(
                guess(
                    "rows",
                    N_("Line %(line)s is left out. %(reason)s"),
                    line=refused.row.line,
                    reason=refused.fault.text,
                )
            )
            return
        if len(self.result.faults) < SHOWN_FAULTS:
            row = refused.row
            self.result.faults.append(RowFault(row.number, row.line, refused.fault.text, tuple(row.cells)))
        if self.rejects:
            self.rejects.add(refused)

    def _new_ones(self, batch: list[MappedRow], seen_rows: set[int], seen_references: set[int]) -> list[MappedRow]:
        """Those of the batch that are neither stored nor came before in this file; counts the others."""
        digests, keys = writing.known_rows(reading(self.actor), batch)
        fresh: list[MappedRow] = []
        for row in batch:
            content = int.from_bytes(row.digest[:8])
            reference = int.from_bytes(row.key[:8]) if row.key else None
            if row.digest in digests or content in seen_rows:
                self.counts["duplicates"] += 1
            elif row.key in keys or (reference is not None and reference in seen_references):
                self.counts["duplicates"] += 1
                self._remark("changed", row)
            else:
                fresh.append(row)
                seen_rows.add(content)
                if reference is not None:
                    seen_references.add(reference)
                for remark in row.remarks:
                    self._remark(remark, row)
        self.counts["imported"] += len(fresh)
        return fresh

    def _remark(self, name: str, row: MappedRow) -> None:
        """Count the row among those of whom `name` is told, and keep where it is while they are few."""
        self.counts[name] += 1
        if len(self.lines[name]) < FIRST_LINES:
            self.lines[name].append(row.line)

    def _store(self, opening: service.OpenRun, rows: list[MappedRow], *, is_last: bool) -> None:
        if not rows and self.result.run_id is None:
            return  # nothing new: the records are as they were, so neither a run nor the journal tells of it
        command = service.StoreChunk(
            opening, self.result.run_id, rows, self.last_row + 1, dict(self.counts), is_last=is_last
        )
        with transaction(self.actor) as tx:
            self.result.run_id = service.store_chunk(tx, command, clock.now(), self.actor)

    def _conclude(self) -> None:
        """Turn the counts into the result and say what they mean."""
        result, counts = self.result, self.counts
        result.imported, result.duplicates = counts["imported"], counts["duplicates"]
        result.changed, result.rejected, result.left_out = counts["changed"], counts["rejected"], counts["left_out"]
        result.rows = result.imported + result.duplicates + result.rejected
        result.by_kind = {name: counts[name] for name in (*WARNINGS, *REMARKS) if counts[name]}
        result.warnings = sum(counts[name] for name in WARNINGS)
        said = result.announcements
        said[:0] = self.plan.announcements
        for name, message in (*WARNINGS.items(), *REMARKS.items()):
            if counts[name]:
                said.append(warning(name, message, count=counts[name], lines=self.lines[name]))
        if self.plan.table.blank_rows:
            said.append(guess("rows", N_("%(count)s blank rows were passed over"), count=self.plan.table.blank_rows))
        if result.changed:
            said.append(
                warning(
                    "duplicates",
                    N_(
                        "Rows with a reference that is registered already or stands earlier in the file, "
                        "and with other content: %(count)s; not imported, what is registered is left as it is"
                    ),
                    count=result.changed,
                    lines=self.lines["changed"],
                )
            )
        if not result.rows:
            said.append(warning("rows", N_("The file has a header and 0 rows of complaints")))
        elif result.duplicates == result.rows:
            said.append(
                guess(
                    "rows",
                    N_("Nothing new: all %(count)s rows are in the register already"),
                    count=result.duplicates,
                )
            )
