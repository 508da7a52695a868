"""What is due next: mine, everybody's, nobody's. And the column of the register that says the same."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from flask import render_template, request, url_for

from auditkit.base import clock
from auditkit.base.db import Session, reading
from auditkit.base.text import N_, _
from auditkit.complaints.assigning.queries import stood_in_for
from auditkit.complaints.clock import queries, telling
from auditkit.complaints.clock.queries import NextDue, Queue, QueueWanted
from auditkit.complaints.clock.rules import STATE_TITLES, STATE_TONES, TARGET_TITLES, State, Target
from auditkit.complaints.clock.views.blueprint import bp, people
from auditkit.complaints.queries import Sort
from auditkit.complaints.rules import SEVERITY_TITLES, STAGE_TITLES
from auditkit.complaints.views.parts import list_column
from auditkit.web.access import access, current_actor
from auditkit.web.languages import locale

WHOSE = {"mine": N_("Mine"), "all": N_("Everybody's"), "nobody": N_("Nobody's yet")}
WEEK = timedelta(days=7)
PARTS = {"": N_("All that is due"), "overdue": N_("Overdue"), "warned": N_("Soon due")}


@bp.get("/")
@access("complaints.read")
def index() -> str:
    """Open cases by what is due first."""
    tx, now = reading(), clock.now()
    whose, state, person_id = _asked()
    wanted = _wanted(tx, whose, state, person_id, now)
    page = queries.queue(tx, wanted, now, request.args.get("page", ""))
    return render_template(
        "complaints/clock/queue.html",
        page=page,
        whose=whose,
        state=state,
        person_id=person_id,
        tabs=_tabs(whose, state),
        parts=_parts(whose, person_id, queries.counts(tx, wanted, now)),
        due=lambda one: shown(one, now),
        without_clock=queries.without_clock(tx),
        has_limits=bool(queries.limit_sets(tx)),
        words=_words(),
        **_clock(tx),
        **_people(tx, page, wanted, whose, now),
    )


def _clock(tx: Session) -> dict[str, Any]:
    return {"local": telling.local, "zone": queries.calendar_settings(tx).zone}


def _people(tx: Session, page: Queue, wanted: QueueWanted, whose: str, now: datetime) -> dict[str, Any]:
    """Names; on the first page of everybody's, who has how much to do; and whom to ask where nobody owns a case."""
    team = whose == "all" and not request.args.get("page")
    return {
        "names": people(),
        "absent": wanted.standing_in_for,
        "loads": queries.loads(tx, now, now + WEEK) if team else [],
        "asked_of": queries.channel_owners(tx) if any(row.owner_id is None for row in page.rows) else {},
    }


def _words() -> dict[str, dict[str, str]]:
    titles: dict[str, dict[Any, str]] = {"stage": STAGE_TITLES, "severity": SEVERITY_TITLES, "parts": PARTS}
    return {name: {str(word): _(title) for word, title in known.items()} for name, known in titles.items()}


def _wanted(tx: Session, whose: str, state: str, asked: int | None, now: datetime) -> QueueWanted:
    person_id = current_actor().person_id if whose == "mine" else asked
    absent = stood_in_for(tx, person_id, now) if person_id is not None and whose == "mine" else ()
    return QueueWanted(person_id, whose == "nobody", state, absent)


def shown(due: NextDue, now: datetime) -> dict[str, Any]:
    """What is due next in words."""
    return _shown(due.target, due.state, due.paused, distance(due, now))


def _shown(target: Target, state: State, paused: bool, words: str) -> dict[str, Any]:
    tone, icon = STATE_TONES[state]
    return {
        "target": _(TARGET_TITLES[target]),
        "state": _(STATE_TITLES[state]),
        "tone": tone,
        "icon": icon,
        "distance": words,
        "paused": paused,
    }


def _asked() -> tuple[str, str, int | None]:
    """Whose cases, in which state, and of everybody's only those of one person."""
    whose, state = request.args.get("whose", "mine"), request.args.get("state", "")
    person = request.args.get("person", "")
    one = int(person) if whose == "all" and person.isascii() and person.isdigit() and len(person) < 18 else None
    return (whose if whose in WHOSE else "mine"), (state if state in PARTS else ""), one


def _tabs(whose: str, state: str) -> list[tuple[str, str, bool]]:
    return [
        (_(title), url_for(".index", whose=word, state=state or None), word == whose) for word, title in WHOSE.items()
    ]


def _parts(whose: str, person_id: int | None, counts: dict[str, int]) -> list[tuple[str, str, str, str]]:
    """Overdue and soon due as (number, label, address, tone)."""
    tones = {"overdue": "bad", "warned": "warn"}
    return [
        (
            queries.counted(counts[word]),
            _(PARTS[word]),
            url_for(".index", whose=whose, state=word, person=person_id),
            tones[word] if counts[word] else "neutral",
        )
        for word in ("overdue", "warned")
    ]


@list_column(N_("Due next"), sort=Sort.DUE.value)
def due_cells(complaint_ids: Sequence[int]) -> dict[int, str]:
    """The column of the register: what is due next in each complaint, and whether it is late."""
    now, language = clock.now(), locale()
    found = queries.next_dues(reading(), complaint_ids, now)
    return {
        number: _cell(language, due.target, due.state, due.paused, distance(due, now)) for number, due in found.items()
    }


def distance(due: NextDue, now: datetime) -> str:
    """How far away what is due next is, in words."""
    return telling.distance(due.due_at, now)


@lru_cache(maxsize=2048)
def _cell(_language: str, target: Target, state: State, paused: bool, words: str) -> str:
    """A cell is that of its words: drawn once and kept."""
    return render_template("complaints/clock/_cell.html", due=_shown(target, state, paused, words))
