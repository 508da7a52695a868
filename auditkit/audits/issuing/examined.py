"""What a report says of complaints that were looked at: files followed, whole populations, logs, figures. Pure."""

from collections.abc import Callable, Iterator
from datetime import date

from auditkit.audits.issuing.gathering import Facts
from auditkit.audits.machinetest.queries import RunView
from auditkit.audits.reconciling.rules import Standing
from auditkit.audits.recounting.queries import RecountView
from auditkit.audits.rules import AnswerState
from auditkit.base.text import N_, SEMICOLON, Points, _, enumerated
from auditkit.complaints.checking import machine
from auditkit.complaints.checking.vocabulary import ABOUT, UNIT_TITLES, Unit
from auditkit.content.shapes import Scale
from auditkit.documents.contexts.audit import (
    AnswerCount,
    ChannelLog,
    FollowedFile,
    Population,
    PopulationTest,
    RecountedFigure,
)
from auditkit.web.languages import day_there

Day = Callable[[date], str]
MET = 100

UNSAMPLED = N_(
    "No sample was drawn in this audit. Files that were followed were chosen by the auditors, and records named in the "
    "answers likewise: they show what can happen, and nothing is concluded from them about how often it does."
)
NOTHING_LOOKED_AT = N_("No sample was drawn in this audit, and no complaint file was chosen to be followed.")


def answer_counts(facts: Facts, scale: Scale | None) -> Iterator[AnswerCount]:
    """Each answer that was given, with what it rests on."""
    for answer in scale.answers if scale else ():
        rows = [row for row in facts.rows if row.answer == answer.id]
        if rows:
            files = sum(1 for row in rows if row.files)
            notes = sum(1 for row in rows if row.note.strip() and not row.files)
            yield AnswerCount(answer.label, len(rows), files, notes, len(rows) - files - notes)


def founded(facts: Facts) -> str:
    """On what the answers rest that say a criterion is met; an answer without file or note rests on nothing kept."""
    met = [row for row in facts.rows if row.answer_state is AnswerState.ANSWERED and row.conformity == MET]
    if not met:
        return _("No answer says that a criterion is wholly met.")
    files = sum(1 for row in met if row.files)
    notes = sum(1 for row in met if row.note.strip() and not row.files)
    counted = {"met": len(met), "files": files, "notes": notes, "neither": len(met) - files - notes}
    said = _(
        "Answers that say a criterion is wholly met: %(met)s. Resting on a file: %(files)s; on a note only: %(notes)s; "
        "on neither: %(neither)s.",
        **counted,
    )
    if not counted["neither"]:
        return said
    return _(
        "%(said)s Where there is neither, the answer rests on what the auditors saw and heard, of which nothing was "
        "kept here.",
        said=said,
    )


def unsampled(facts: Facts) -> str:
    """What stands where no sample was drawn."""
    looked_at = facts.sampling.picks or facts.files or any(row.files for row in facts.rows)
    return _(UNSAMPLED) if looked_at else _(NOTHING_LOOKED_AT)


def followed(facts: Facts, day: Day) -> Iterator[FollowedFile]:
    """Every complaint of the samples and of the judgement picks with the test of its file, by reference."""
    chosen: dict[str, list[str]] = {}
    for sample in facts.sampling.samples:
        for reference in sample.references:
            chosen.setdefault(reference, []).append(_("Sample %(serial)s", serial=sample.serial))
    for pick in facts.sampling.picks:
        chosen.setdefault(pick.reference, []).append(_("By judgement: %(reason)s", reason=pick.reason))
    for reference, how in sorted(chosen.items()):
        state = facts.files.get(reference)
        if state is None or state.tested_at is None:
            yield FollowedFile(reference, enumerated(how, SEMICOLON), _("not tested"), "–")
            continue
        result = _("Questions: %(all)s. Not met: %(against)s", all=state.total, against=state.nonconformities)
        yield FollowedFile(reference, enumerated(how, SEMICOLON), day(day_there(state.tested_at)), result)


def populations(facts: Facts, day: Day) -> Iterator[Population]:
    """Each run of the machine tests, in the order run."""
    for run in sorted(facts.runs, key=lambda one: one.serial):
        days = {"start": day(run.received_from), "end": day(run.received_to), "count": run.population_size}
        yield Population(
            _("Complaints received from %(start)s to %(end)s: %(count)s", **days),
            _(
                "Every one was tested, none was drawn. Population and exceptions, by reference: %(file)s, SHA-256 of "
                "the population %(digest)s",
                file=run.record.shown_name,
                digest=run.population_digest,
            ),
            tuple(_tests(run)),
        )


def _tests(run: RunView) -> Iterator[PopulationTest]:
    for one in run.results:
        share = one.share
        yield PopulationTest(
            _(machine.ABOUT[one.test].title),
            "–" if share is None else f"{share:.1f} %",
            one.checked,
            one.exceptions,
            one.not_checked,
        )


def logs(facts: Facts, day: Day) -> Iterator[ChannelLog]:
    """Each log of a channel that was compared with the register, in the order compared."""
    for log in sorted(facts.logs, key=lambda one: one.serial):
        title = log.title
        if log.covers_from and log.covers_to:
            days = {"start": day(log.covers_from), "end": day(log.covers_to)}
            title = _("%(title)s, %(start)s to %(end)s", title=log.title, **days)
        others = [_(title, number=log.counts[standing]) for standing, title in _OTHERS.items() if log.counts[standing]]
        yield ChannelLog(
            title,
            log.rows,
            log.counts[Standing.MATCHED],
            log.counts[Standing.UNMATCHED],
            enumerated(others, SEMICOLON) or "–",
        )


_OTHERS = {
    Standing.NO_COMPLAINT: N_("no complaint: %(number)s"),
    Standing.DOUBTFUL: N_("doubtful, not settled: %(number)s"),
    Standing.UNREADABLE: N_("not readable, not checked: %(number)s"),
}


def figures(facts: Facts, day: Day) -> Iterator[RecountedFigure]:
    """Each reported figure beside the counted one, in the order counted."""
    for one in sorted(facts.recounts, key=lambda each: each.serial):
        about = ABOUT[one.indicator]
        days = {"start": day(one.covers_from), "end": day(one.covers_to)}
        yield RecountedFigure(
            _("%(title)s, %(start)s to %(end)s", title=_(about.title), **days),
            _("%(figure)s (%(where)s)", figure=f"{one.reported} {_unit(about.unit)}".strip(), where=one.source),
            _counted(one, about.unit),
            _result(one),
        )


def _unit(unit: Unit) -> str:
    return {Unit.SHARE: "%", Unit.COUNT: ""}.get(unit, _(UNIT_TITLES[unit]))


def _counted(one: RecountView, unit: Unit) -> str:
    if one.found is None:
        return "–"
    figure = str(one.found) if unit is Unit.COUNT else f"{one.found:.2f} {_unit(unit)}"
    if not one.excluded:
        return figure
    left = Points(f"{count}: {_(why)}" for why, count in one.excluded.items())
    return _("%(figure)s; left out: %(why)s", figure=figure, why=left)


def _result(one: RecountView) -> str:
    if one.agrees is None:
        return _("nothing to count")
    return _("agrees within its rounding") if one.agrees else _("does not agree")
