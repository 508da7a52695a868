"""Probes over audits, their findings, actions, frozen figures and management reviews."""

from functools import partial

from auditkit.actions.queries import showing as actions
from auditkit.actions.queries.showing import Lack
from auditkit.audits.queries.showing import Found, Head
from auditkit.audits.rules import FindingState, State
from auditkit.readiness.probing.reads import Named, Probe, Reads
from auditkit.readiness.rules import Reading
from auditkit.reviews import counting as reviews

DONE = (State.REPORTED, State.CLOSED)


def _ended(reads: Reads) -> list[Head]:
    return [one for one in reads.audits[0] if one.planned_to <= reads.period.last or one.state in DONE]


def _reported(reads: Reads) -> Reading:
    ended = _ended(reads)
    done = [one for one in ended if one.state in DONE]
    newest = max((one.reported_on for one in done if one.reported_on), default=None)
    return Reading(len(done), len(ended), len(ended) - len(done), newest=reads.within(newest))


def _unreported(reads: Reads, limit: int) -> list[Named]:
    return [Named("audit", one.number, one.number) for one in _ended(reads) if one.state not in DONE][:limit]


def _raised(reads: Reads) -> list[Found]:
    first, last = reads.period.first, reads.period.last
    return [one for one in reads.findings if one.nonconformity and first <= one.raised_on <= last]


def _answered(reads: Reads) -> Reading:
    raised = _raised(reads)
    bare = [one for one in raised if one.state is FindingState.OPEN]
    newest = max((one.raised_on for one in raised), default=None)
    return Reading(len(raised) - len(bare), len(raised), len(bare), newest=newest)


def _unanswered(reads: Reads, limit: int) -> list[Named]:
    bare = [one for one in _raised(reads) if one.state is FindingState.OPEN]
    return [Named("finding", one.number, one.number) for one in bare[:limit]]


def _with_cause(reads: Reads) -> Reading:
    shown = reads.actions
    return _share(reads, shown.cause_needed, shown.without_cause)


def _on_time(reads: Reads) -> Reading:
    return _share(reads, reads.actions.alive, reads.actions.overdue)


def _verified(reads: Reads) -> Reading:
    return _share(reads, reads.actions.done, reads.actions.unverified)


def _share(reads: Reads, of: int, exceptions: int) -> Reading:
    newest = reads.within(reads.actions.newest) if of else None
    return Reading(of - exceptions, of, exceptions, newest=newest)


def _lacking(lack: Lack, reads: Reads, limit: int) -> list[Named]:
    found = actions.lacking(reads.tx, lack, reads.period.first, reads.period.last, limit)
    return [Named("action", one, one) for one in found]


def _reviewed(reads: Reads) -> Reading:
    held = reads.reviews
    return Reading(held.signed, held.held, held.held - held.signed, newest=reads.within(held.newest))


def _unsigned(reads: Reads, limit: int) -> list[Named]:
    found = reviews.unsigned(reads.tx, reads.period.first, reads.period.last, limit)
    return [Named("review", one, one) for one in found]


def _frozen(reads: Reads) -> Reading:
    return Reading(reads.figures.number, newest=reads.figures.newest)


def _satisfaction_frozen(reads: Reads) -> Reading:
    return Reading(reads.figures.of_satisfaction, newest=reads.figures.newest_of_satisfaction)


PROBES: dict[str, Probe] = {
    "figures-frozen": Probe(_frozen),
    "satisfaction-frozen": Probe(_satisfaction_frozen),
    "audits-reported": Probe(_reported, _unreported),
    "programme-written": Probe(lambda reads: Reading(reads.programmes)),
    "findings-answered": Probe(_answered, _unanswered),
    "management-reviews": Probe(_reviewed, _unsigned),
    "actions-with-cause": Probe(_with_cause, partial(_lacking, Lack.CAUSE)),
    "actions-on-time": Probe(_on_time, partial(_lacking, Lack.TIME)),
    "effect-verified": Probe(_verified, partial(_lacking, Lack.VERIFICATION)),
}
