"""Keeping a dashboard, and deciding what everybody sees."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select

from auditkit.base.actor import Actor
from auditkit.base.db import Session
from auditkit.base.errors import Conflict, NotFound
from auditkit.base.text import N_
from auditkit.base.verbs import verb
from auditkit.insights.dashboards import queries, rules
from auditkit.insights.dashboards.models import PublishedFigures, SavedDashboard
from auditkit.insights.dashboards.rules import DASHBOARD_KEPT, DASHBOARD_REMOVED, FIGURES_PUBLISHED
from auditkit.insights.indicators import computing
from auditkit.insights.sending.following import follow
from auditkit.journal.service import record


class PublishedMeanwhile(Conflict):
    message = N_("Somebody else changed the public figures meanwhile. Look at them again, then save")


@dataclass(frozen=True)
class Keep:
    """Keep these figures over what `asked` (an address) selects; an older one of the same name is replaced.

    Schedules that send the older one send this one from now on.
    """

    name: str
    asked: str
    figures: tuple[str, ...]


@dataclass(frozen=True)
class Remove:
    """Keep it no longer."""

    dashboard_id: int


@dataclass(frozen=True)
class Publish:
    """What everybody sees from now on. `seen`: the stamp of the settings that were on the screen."""

    shown: bool
    figures: tuple[str, ...]
    span: str
    introduction: str
    seen: str | None = None


@verb("complaints.read", leaves=DASHBOARD_KEPT)
def keep(tx: Session, command: Keep, now: datetime, actor: Actor) -> int:
    """Keep a dashboard for the actor. Raises NameMissing, NothingChosen, AskedTooLong, TooManyKept."""
    name = rules.checked_name(command.name)
    figures = rules.chosen(command.figures, computing.names())
    if len(command.asked) > rules.LONGEST_ASKED:
        raise rules.AskedTooLong
    mine = SavedDashboard.person_id == actor.person_id
    found = tx.execute(select(SavedDashboard).where(mine, SavedDashboard.name == name)).scalar_one_or_none()
    if found is None:
        if len(queries.kept(tx, actor.person_id)) >= rules.MOST_KEPT:
            raise rules.TooManyKept(most=rules.MOST_KEPT)
        found = SavedDashboard(person_id=actor.person_id, name=name)
        tx.add(found)
    found.asked, found.figures, found.kept_at = command.asked, figures, now
    tx.flush()
    follow(tx, found)
    record(tx, DASHBOARD_KEPT, now=now, actor=actor, subject=("dashboard", found.id), facts={"figures": figures})
    return found.id


@verb("complaints.read", leaves=DASHBOARD_REMOVED)
def remove(tx: Session, command: Remove, now: datetime, actor: Actor) -> None:
    """Remove one of the actor's own. Raises NotFound."""
    if command.dashboard_id not in {one.id for one in queries.kept(tx, actor.person_id)}:
        raise NotFound
    tx.execute(delete(SavedDashboard).where(SavedDashboard.id == command.dashboard_id))
    record(tx, DASHBOARD_REMOVED, now=now, actor=actor, subject=("dashboard", command.dashboard_id))


@verb("organisation.manage", leaves=FIGURES_PUBLISHED)
def publish(tx: Session, command: Publish, now: datetime, actor: Actor) -> None:
    """Show figures to everybody, or no longer. Raises NothingChosen, TextTooLong, PublishedMeanwhile."""
    if command.seen is not None and command.seen != queries.published(tx).stamp:
        raise PublishedMeanwhile
    figures = rules.chosen(command.figures, rules.PUBLISHABLE) if command.shown else list(command.figures)
    introduction = command.introduction.strip()
    if len(introduction) > rules.LONGEST_INTRODUCTION:
        raise rules.TextTooLong(longest=rules.LONGEST_INTRODUCTION)
    row = tx.execute(select(PublishedFigures)).scalar_one_or_none()
    if row is None:
        row = PublishedFigures()
        tx.add(row)
    row.shown, row.figures, row.span = command.shown, figures, rules.checked_span(command.span)
    row.introduction, row.changed_at, row.changed_by = introduction, now, actor.person_id
    tx.flush()
    facts = {"shown": row.shown, "figures": figures, "span": row.span}
    record(tx, FIGURES_PUBLISHED, now=now, actor=actor, subject=("published-figures", row.id), facts=facts)
