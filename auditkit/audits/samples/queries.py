"""What a report says of the samples of an audit, and what may be concluded from them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from auditkit.accounts.queries import names
from auditkit.audits import queries
from auditkit.audits.models import Audit
from auditkit.audits.queries.samples import ItemView, PickView, SampleView
from auditkit.audits.samples import words
from auditkit.audits.samples.sizing import Sizing, upper_limit
from auditkit.audits.sampling import METHOD_TITLES, Method
from auditkit.base.db import Session
from auditkit.base.text import _
from auditkit.documents.direction import figure

CONFIDENCE = 95


@dataclass(frozen=True)
class GroupFacts:
    """A group of a stratified sample: how many it has, how many were drawn."""

    name: str
    population: int
    size: int


@dataclass(frozen=True)
class SampleFacts:
    """One drawn sample. `seed_hash` stood in the journal before the population was closed; `allows` is what it may be
    used to say, in words."""

    serial: int
    method: str
    received_from: date
    received_to: date
    filters: str
    population: int
    population_digest: str
    seed: str
    seed_hash: str
    size: int
    always: int
    reason: str
    stratified_by: str
    groups: tuple[GroupFacts, ...]
    drawn_at: datetime
    record_name: str
    record_digest: str
    allows: str
    references: tuple[str, ...] = ()


@dataclass(frozen=True)
class PickFacts:
    """A complaint chosen by judgement: no part of any sample."""

    reference: str
    reason: str


@dataclass(frozen=True)
class SamplingStatement:
    """The samples of an audit for its report; `picks_allow` says what judgement picks may be used to say, in words.

    `handled`: complaints, drawn or picked, that members of the team had a hand in, with the ids of these persons.
    """

    samples: tuple[SampleFacts, ...]
    picks: tuple[PickFacts, ...]
    picks_allow: str
    handled: tuple[tuple[str, tuple[int, ...]], ...] = ()

    @property
    def drawn(self) -> int:
        """How many complaints the samples have together; one that two samples have counts twice."""
        return sum(one.size for one in self.samples)


def sampling_statement(tx: Session, audit_id: int) -> SamplingStatement:
    """Method, population, digest, seed hash, size of each sample; judgement picks apart; what it allows to say."""
    number = tx.execute(select(Audit.number).where(Audit.id == audit_id)).scalar_one()
    head = queries.plans.by_number(tx, number)
    team = queries.plans.team(tx, audit_id)
    return statement(queries.samples.of_audit(tx, head, team), queries.samples.picks(tx, head, team), names(tx))


def statement(samples: list[SampleView], picks: list[PickView], called: Mapping[int, str]) -> SamplingStatement:
    """The same from what a page has read already; `called`: the names of persons by id."""
    return SamplingStatement(
        tuple(_facts(one, called) for one in samples),
        tuple(PickFacts(one.reference, one.reason) for one in picks),
        _(
            "Complaints chosen by judgement show what can happen. They say nothing about how often it happens, and no "
            "rate is taken from them."
        )
        if picks
        else "",
        _handled(samples, picks),
    )


def _handled(samples: list[SampleView], picks: list[PickView]) -> tuple[tuple[str, tuple[int, ...]], ...]:
    """(reference, ids of persons) of what the team had a hand in, each once, by reference."""
    seen: list[ItemView | PickView] = [*picks, *(item for sample in samples for item in sample.items)]
    return tuple(sorted({one.reference: one.handled_by for one in seen if one.handled_by}.items()))


def _facts(one: SampleView, called: Mapping[int, str]) -> SampleFacts:
    return SampleFacts(
        serial=one.serial,
        method=_(METHOD_TITLES[one.method]),
        received_from=one.received_from,
        received_to=one.received_to,
        filters=words.told(one.filters, called),
        population=one.population_size,
        population_digest=one.population_digest,
        seed=one.seed,
        seed_hash=one.seed_hash,
        size=one.size,
        always=one.always_size,
        reason=one.reason,
        stratified_by=words.by_title(one.stratified_by) if one.stratified_by else "",
        groups=tuple(
            GroupFacts(words.group_title(one.stratified_by, group.name), group.population, group.size)
            for group in one.strata
        ),
        drawn_at=one.drawn_at,
        record_name=one.record.shown_name,
        record_digest=one.record.digest,
        allows=allows(one),
        references=tuple(item.reference for item in one.items),
    )


def allows(one: SampleView) -> str:
    """What a sample may be used to say, in words."""
    if one.size == one.population_size:
        return _(
            "Every complaint of the population is in it: what is found is true of the population, without any estimate."
        )
    if one.sizing:
        return Sizing(**dict(one.sizing)).words
    drawn = one.size - one.always_size
    rate = figure(f"{upper_limit(0, drawn, CONFIDENCE):.1f}") if drawn else ""
    said = {"drawn": drawn, "confidence": CONFIDENCE, "rate": rate, "always": one.always_size}
    if one.method is Method.CRITICAL_AND_ROOT:
        if not drawn:
            return _("All critical complaints (%(always)s) are in it; of others nothing can be said.", **said)
        return _(
            "All critical complaints (%(always)s) are in it, which needs no estimate. Of the others %(drawn)s were "
            "drawn at random: a fault found in none of them may still be in up to %(rate)s per cent of the others "
            "(confidence %(confidence)s per cent).",
            **said,
        )
    if one.method is Method.STRATIFIED:
        return _(
            "%(drawn)s were drawn at random within groups. It shows each group; groups with a single file are shown, "
            "not measured. Taken together, a fault found in none of them may still be in up to about %(rate)s per cent "
            "of the population (confidence %(confidence)s per cent).",
            **said,
        )
    return _(
        "%(drawn)s were drawn at random. A fault found in none of them may still be in up to %(rate)s per cent of the "
        "population (confidence %(confidence)s per cent).",
        **said,
    )
