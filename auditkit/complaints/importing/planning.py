"""Bringing a table and a profile together: which column fills which field, and how its dates are written.

`plan_import` takes every decision before the first row is written, and says each. Nothing is decided row by row.
Checked by tests/slices/complaints_importing/test_importing_running.py.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from auditkit.base.errors import BadInput
from auditkit.base.text import N_, SEMICOLON, _, enumerated
from auditkit.complaints.importing.announcements import QUESTION, Announcement, guess, question, warning
from auditkit.complaints.importing.dates import ColumnFormat, FormatFinder, format_title
from auditkit.complaints.importing.fields import DATES, FIELDS
from auditkit.complaints.importing.guessing import guess_fields, is_known, name_key
from auditkit.complaints.importing.profiles import ColumnShape, FileShape, ProfileShape, shipped_profiles
from auditkit.complaints.importing.reading import Table, open_table
from auditkit.complaints.importing.statistics import signs_of_statistics
from auditkit.complaints.importing.words import is_total
from auditkit.web.languages import listed

DATE_SAMPLE = 5_000  # rows looked at before a column's format is settled; undecided columns are read to the end
GUESSED, BY_HAND = "guessed", "by-hand"  # profiles that are no files: made from names of columns, or on the page


@dataclass(frozen=True)
class FieldSource:
    """Where a field's text comes from: positions (from 0; several are joined), or a constant."""

    positions: tuple[int, ...]
    use: ColumnShape
    date_format: str | None = None


@dataclass
class Plan:
    """Everything that was decided about an import. `questions` must be empty before rows may be written."""

    table: Table
    profile: ProfileShape
    is_guessed: bool
    sources: dict[str, FieldSource]
    announcements: list[Announcement] = field(default_factory=list)

    @property
    def given(self) -> ProfileShape | None:
        """The profile to hand in for the same plan again; None where it was guessed."""
        return None if self.is_guessed else self.profile

    @property
    def is_free(self) -> bool:
        """Whether no profile fixes the columns, so that a person may choose them."""
        return self.profile.id in (GUESSED, BY_HAND)

    @property
    def questions(self) -> list[Announcement]:
        """What only a person can decide."""
        return [one for one in self.announcements if one.kind == QUESTION]

    def columns_of(self, name: str) -> list[str]:
        """Names of the columns that fill a field, for people."""
        source = self.sources.get(name)
        return [self.table.columns[position] for position in source.positions] if source else []


def plan_import(
    path: Path, profile: ProfileShape | None = None, own: Sequence[ProfileShape] = (), *, free: bool = False
) -> Plan:
    """Understand the file and settle what each column means, by `profile`, a known one that fits it, or a guess.

    `own` are the profiles the organisation keeps; they come before the shipped ones. With `free` the profile only says
    how to read the file, and the columns are guessed. Raises BadInput when the file is no table, or the profile does
    not fit it (naming the columns there are).
    """
    if profile is not None:
        table = open_table(path, profile.file.hints(), is_known)
        if free:
            guessed, said = guess_profile(table)
            return _plan(table, guessed.model_copy(update={"file": profile.file}), guessed=True, said=said)
        return _plan(table, profile, guessed=False, said=[])
    table = open_table(path, is_known=is_known)
    for known in (*own, *shipped_profiles()):
        if known.recognises(table.original_names):
            said = [
                guess(
                    "profile",
                    N_("The columns are those of the profile %(id)s (%(title)s), which is used"),
                    id=known.id,
                    title=known.title,
                )
            ]
            if known.file != FileShape():
                table = open_table(path, known.file.hints(), is_known)
            return _plan(table, known, guessed=False, said=said)
    guessed, said = guess_profile(table)
    return _plan(table, guessed, guessed=True, said=said)


def guess_profile(table: Table) -> tuple[ProfileShape, list[Announcement]]:
    """A profile made from the names of the columns, and what to tell about it.

    Missing required fields and columns that claim the same field become questions.
    """
    chosen, doubtful = guess_fields(table.original_names)
    said: list[Announcement] = []
    if chosen:
        pairs = [
            _("%(column)s as %(field)s", column=table.columns[position], field=_(FIELDS[name].title).lower())
            for name, position in chosen.items()
        ]
        said.append(guess("columns", N_("Columns are taken by their names: %(pairs)s"), pairs=listed(pairs)))
    for name, positions in doubtful.items():
        said.append(
            question(
                "columns",
                N_("Columns %(positions)s have the same name; say in a profile which is the %(field)s (position: …)"),
                positions=listed(position + 1 for position in positions),
                field=_(FIELDS[name].title).lower(),
            )
        )
    said.extend(_missing(chosen, table.columns))
    uses = {name: ColumnShape(position=position + 1) for name, position in chosen.items()}
    return ProfileShape(id=GUESSED, title="-", source="import", fields=uses), said


def _missing(have: dict[str, int], columns: Sequence[str]) -> list[Announcement]:
    missing = []
    if "received" not in have:
        missing.append(_(FIELDS["received"].title))
    if not {"subject", "description"} & set(have):
        missing.append(_("Subject or description"))
    if not missing:
        return []
    return [
        question(
            "columns",
            N_("No column could be recognised as: %(missing)s. The columns are: %(columns)s. Name them in a profile"),
            missing=listed(missing),
            columns=_listed(columns),
        )
    ]


def _listed(columns: Sequence[str], most: int = 30) -> str:
    if len(columns) <= most:
        return listed(columns)
    return listed([*columns[:most], _("%(more)s more", more=len(columns) - most)])


def _plan(table: Table, profile: ProfileShape, *, guessed: bool, said: list[Announcement]) -> Plan:
    find = _finder(table)
    sources: dict[str, FieldSource] = {}
    lacking: list[str] = []
    for name, use in profile.fields.items():
        positions = _positions(use, find)
        if positions is None:
            lacking.extend([] if use.optional else _wanted(use))
            continue
        sources[name] = FieldSource(positions, use)
    if lacking:
        raise BadInput(
            N_("The file has no column %(lacking)s, which the profile %(id)s needs. Its columns are: %(columns)s"),
            lacking=listed(lacking),
            id=profile.id,
            columns=_listed(table.columns),
        )
    plan = Plan(table, profile, guessed, sources, [*table.announcements, *said])
    used = {position for source in sources.values() for position in source.positions}
    unused = [name for position, name in enumerate(table.columns) if position not in used]
    if unused and sources:
        plan.announcements.append(
            guess("columns", N_("These columns are not imported: %(columns)s"), columns=_listed(unused))
        )
    _settle_dates(plan)
    signs = signs_of_statistics(table.columns, (row.cells for row in table.rows() if row.fault is None))
    if signs:
        plan.announcements.append(
            warning(
                "statistics",
                N_(
                    "This looks like a table of counts, not a register: %(signs)s. Each row would become one "
                    "complaint. Import the single complaints instead, unless each row really is one"
                ),
                signs=enumerated((sign.text for sign in signs), SEMICOLON),
            )
        )
    return plan


def _wanted(use: ColumnShape) -> list[str]:
    if use.position is not None:
        return [str(use.position)]
    return [use.column or " | ".join(use.any_of) or listed(use.join)]


def _finder(table: Table) -> Callable[[str], int | None]:
    """Finds a column by its folded name; raises BadInput for a name that two columns have."""
    by_key: dict[str, list[int]] = {}
    for position, name in enumerate(table.original_names):
        by_key.setdefault(name_key(name) or name.strip(), []).append(position)
    by_key.pop("", None)

    def find(name: str) -> int | None:
        positions = by_key.get(name_key(name) or name.strip(), [])
        if len(positions) > 1:
            raise BadInput(
                N_("Columns %(positions)s are all called %(name)s. Name the right one by its position (position: …)"),
                positions=listed(position + 1 for position in positions),
                name=name,
            )
        if positions:
            return positions[0]
        return table.columns.index(name) if name in table.columns else None

    return find


def _positions(use: ColumnShape, find: Callable[[str], int | None]) -> tuple[int, ...] | None:
    """Positions of the columns a field uses; () for a constant; None when they are not there."""
    if use.constant:
        return ()
    if use.position is not None:
        return (use.position - 1,)
    if use.join:
        found = [find(name) for name in use.join]
        return tuple(position for position in found if position is not None) or None
    for name in (use.column,) if use.column else use.any_of:
        position = find(name)
        if position is not None:
            return (position,)
    return None


def _settle_dates(plan: Plan) -> None:
    """Give every date column its one format, from the profile or from looking at the column."""
    width = len(plan.table.columns)
    open_questions: dict[str, int] = {}
    for name, source in list(plan.sources.items()):
        if source.positions and max(source.positions) >= width:
            raise BadInput(
                N_("The profile takes %(field)s from column %(position)s; the file has %(count)s columns"),
                field=_(FIELDS[name].title),
                position=max(source.positions) + 1,
                count=width,
            )
        if name not in DATES:
            continue
        if source.use.format is not None and source.use.format != "auto":
            plan.sources[name] = FieldSource(source.positions, source.use, source.use.format)
        else:
            open_questions[name] = source.positions[0]
    if open_questions:
        for name, verdict in _look_at_dates(plan, open_questions).items():
            _tell_dates(plan, name, verdict)
    for name, source in plan.sources.items():
        if source.date_format == "jalali":
            plan.announcements.append(
                warning(
                    "dates",
                    N_("Dates in %(column)s are Jalali (solar Hijri) and are converted, e.g. 1404/10/15 to 2026-01-05"),
                    column=plan.columns_of(name)[0],
                )
            )


def _look_at_dates(plan: Plan, columns: dict[str, int]) -> dict[str, ColumnFormat]:
    """Verdicts over the columns; those that a sample leaves undecided are read to the end of the file."""
    finders = {name: FormatFinder(plan.profile.empty) for name in columns}
    rows = (row.cells for row in plan.table.rows() if row.fault is None and not is_total(row.cells))
    for cells in islice(rows, DATE_SAMPLE):
        for name, position in columns.items():
            finders[name].add(cells[position])
    undecided = {name: columns[name] for name in columns if finders[name].verdict().name is None}
    if undecided:
        for cells in rows:
            for name, position in undecided.items():
                finders[name].add(cells[position])
    return {name: finder.verdict() for name, finder in finders.items()}


def _tell_dates(plan: Plan, name: str, verdict: ColumnFormat) -> None:
    source = plan.sources[name]
    column = plan.columns_of(name)[0]
    if verdict.name is not None:
        plan.sources[name] = FieldSource(source.positions, source.use, verdict.name)
        plan.announcements.append(
            guess(
                "dates",
                N_("Dates in %(column)s are read as %(format)s"),
                column=column,
                format=format_title(verdict.name),
            )
        )
    elif verdict.rivals:
        plan.announcements.append(
            question(
                "dates",
                N_("Dates in %(column)s can be read as %(rivals)s. Say which is right (in a profile: format: …)")
                if len(verdict.rivals) > 1 and verdict.fitting == verdict.filled
                else N_(
                    "Dates in %(column)s are not written in one way: %(fitting)s of %(filled)s can be read as "
                    "%(rivals)s. Say which is right (in a profile: format: …)"
                ),
                column=column,
                rivals=" | ".join(map(format_title, verdict.rivals)),
                fitting=verdict.fitting,
                filled=verdict.filled,
            )
        )
    elif verdict.filled:
        plan.announcements.append(
            question(
                "dates",
                N_("None of the %(filled)s texts in %(column)s is a date in a known form. Choose another column"),
                column=column,
                filled=verdict.filled,
            )
        )
