"""The clause matrix, computed from the records each time it is asked for.

A dozen statements whatever the number of records; benchmarks/clause_matrix.py times it at 200,000 complaints.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from auditkit.audits.queries.showing import Asked as AskedRows
from auditkit.audits.rules import Grade
from auditkit.audits.rules import State as AuditState
from auditkit.base.db import Session
from auditkit.content.library import Library
from auditkit.content.shapes import NodeKind, Probe, ProbesShape
from auditkit.readiness import rules
from auditkit.readiness.probing import PROBES, Reads
from auditkit.readiness.queries.counting import Counting, Names, content_digest, counting, names_of
from auditkit.readiness.queries.stated import Carried, carried, overrides, with_carried
from auditkit.readiness.rules import Asked, Column, Matrix, Part, PartKind, Period, Reading, Row, State, Stopped, Via

DONE = (AuditState.REPORTED, AuditState.CLOSED)
WORST = 5
"""The rank of what a body cannot go on with."""


def matrix(tx: Session, library: Library, edition_id: str, period: Period, now: datetime) -> Matrix:
    """The matrix of an edition over a period. Raises NotFound, NoProbes and PeriodUnfit.

    `library` is the organisation's; words of it are in its language, the digest is not of words.
    """
    return build(Reads(tx, rules.check_period(period), now), library, counting(library, edition_id))


def build(reads: Reads, library: Library, how: Counting) -> Matrix:
    """The matrix out of these reads."""
    readings = {probe.id: PROBES[probe.id].count(reads) for probe in how.probes.probes}
    judged = {
        probe.id: rules.judge(readings[probe.id], probe.least, State(probe.absent)) for probe in how.probes.probes
    }
    texts = [section for policy in library.policies.values() for section in policy.sections]
    expected = frozenset(ref for section in texts for ref in section.clauses)
    stand = overrides(reads.tx)
    carried_over = carried(reads.tx, how.edition.id)
    rows = names_of(library, how)
    made = [
        rules.overridden(_row(reads, how, names, expected, readings, judged, carried_over), stand) for names in rows
    ]
    return Matrix(
        edition=how.edition.id,
        period=reads.period,
        rows=tuple(made),
        readings=readings,
        content=content_digest(how, rows),
        score=rules.score(made, how.weights),
        stops=_stops(how, made, readings, judged, reads),
        bridge=how.bridge,
    )


def _row(
    reads: Reads, how: Counting, names: Names, expected: frozenset[str], readings: Mapping[str, Reading],
    judged: Mapping[str, State], carried: Mapping[str, Carried],
) -> Row:  # fmt: skip
    documents = rules.documents(_documents(reads, names), not expected.isdisjoint(names.refs))
    shown = list(_probed(how.probes.probes, names, readings, judged))
    tagged = _evidence(reads, names)
    records = rules.records([*shown, *([tagged] if tagged else [])])
    asked = list(_asked(reads, names))
    audit = rules.audit(asked)
    if names.node.ref in carried:
        audit = with_carried(audit, carried[names.node.ref])
    findings = rules.findings(_findings(reads, names), any(part.state is not State.NOT_CHECKED for part in audit.parts))
    freshness = rules.freshness([*records.parts, *audit.parts], reads.period, how.weights)
    node = names.node
    return Row(
        node.ref,
        node.id,
        node.title,
        node.kind is NodeKind.PRINCIPLE,
        (documents, records, audit, findings, freshness),
    )


def _documents(reads: Reads, names: Names) -> list[Part]:
    parts = []
    for one in reads.documents:
        counts, via = names.of(one.clauses)
        if counts:
            late = one.review_by is not None and one.review_by < reads.period.last
            parts.append(
                Part(
                    PartKind.DOCUMENT, f"{one.reference} v{one.number}", State.GAP if late else State.FOUND, 1,
                    exceptions=int(late), newest=one.effective_on, label=one.title, via=via,
                )
            )  # fmt: skip
    return parts


def _probed(
    probes: Sequence[Probe], names: Names, readings: Mapping[str, Reading], judged: Mapping[str, State]
) -> Iterator[Part]:
    for probe in probes:
        counts, via = names.of(probe.clauses)
        if counts:
            one = readings[probe.id]
            yield Part(
                PartKind.PROBE, probe.id, judged[probe.id], one.found, one.of, one.exceptions, one.unseen, one.newest,
                one.months, via=via,
            )  # fmt: skip


def _evidence(reads: Reads, names: Names) -> Part | None:
    number, newest, through = 0, None, None
    for one in reads.tagged:
        counts, via = names.of(one.clauses)
        if counts:
            number += one.number
            newest = max(one.newest, newest or one.newest)
            through = via
    return Part(PartKind.EVIDENCE, "evidence", State.FOUND, number, newest=newest, via=through) if number else None


def _asked(reads: Reads, names: Names) -> Iterator[Asked]:
    """What each audit asked about the row's clauses, or, of a principle, under its code in other clauses."""
    by_audit: dict[str, list[tuple[AskedRows, Via | None]]] = {}
    for one in reads.audits[1]:
        counts, via = names.asked(one.clause, one.principles)
        if counts:
            by_audit.setdefault(one.audit, []).append((one, via))
    for number, found in by_audit.items():
        rows = [one for one, _via in found]
        vias = [via for _one, via in found]
        yield Asked(
            audit=number,
            begun=rows[0].state is not AuditState.PLANNED,
            done=rows[0].state in DONE,
            questions=sum(one.questions for one in rows),
            looked=sum(one.looked for one in rows),
            below=sum(one.below for one in rows),
            points=sum(one.points for one in rows),
            weight=sum(one.weight for one in rows),
            newest=reads.within(max((one.answered_on for one in rows if one.answered_on), default=None)),
            via=None if None in vias else vias[0],
        )


def _findings(reads: Reads, names: Names) -> list[Part]:
    parts = []
    for one in reads.findings:
        counts, via = names.asked(one.clause, one.principles)
        if counts:
            gap = one.nonconformity and one.open
            parts.append(
                Part(
                    PartKind.FINDING, one.number, State.GAP if gap else State.FOUND, 1, exceptions=int(gap),
                    newest=one.raised_on, label=one.grade.value, via=via,
                )
            )  # fmt: skip
            parts += [
                Part(
                    PartKind.ACTION, action.number, State.GAP if gap else State.FOUND, 1,
                    exceptions=int(action.overdue), unseen=int(action.done), label=action.title, via=via,
                )
                for action in reads.waiting.get(one.id, ())
            ]  # fmt: skip
    return parts


def _stops(
    how: Counting, rows: Sequence[Row], readings: Mapping[str, Reading], judged: Mapping[str, State], reads: Reads
) -> tuple[Stopped, ...]:
    clauses = {probe.id: probe.clauses for probe in how.probes.probes}
    if how.bridge:
        return ()
    by_ref = {row.ref: row for row in rows}
    found = []
    for one in how.probes.stops:
        parts = {name: (judged[name], readings[name].exceptions) for name in one.probes}
        of = dict(clauses)
        if one.findings:
            major = [row for row in reads.findings if row.open and row.grade is Grade.MAJOR]
            parts["major"] = (State.GAP if major else State.FOUND, len(major))
            of["major"] = tuple(row.clause for row in major)
        gaps = [
            ref for ref in one.documents
            if ref in by_ref and by_ref[ref].cell(Column.DOCUMENTS).state is State.GAP
        ]  # fmt: skip
        found.append(rules.stop(one.id, one.rank, parts, rows, gaps, of))
    return rules.worst_first(found)


def band_of(probes: ProbesShape, made: Matrix) -> str:
    """The id of the words that belong to the number; those that promise most are not given while something stops."""
    stopped = any(one.state is State.GAP and one.rank == WORST for one in made.stops)
    fitting = [one for one in probes.bands if made.score.percent >= one.least and (one.despite_stops or not stopped)]
    return fitting[-1].id
