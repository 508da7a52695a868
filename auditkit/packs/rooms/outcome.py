"""What a review came to, as a Word document in the words of the screen's language; the same for both sides of a room.

Checked by tests/slices/packs/test_rooms_outcome.py.
"""

import re
from collections.abc import Iterable, Sequence

from auditkit.accounts.queries import today_of_house
from auditkit.actions.rules import STATE_TITLES
from auditkit.base import clock
from auditkit.base.db import Session
from auditkit.base.text import _, enumerated
from auditkit.documents import catalogue
from auditkit.documents.contexts.facts import Count, DocumentFacts, LeftOut, Organisation
from auditkit.documents.contexts.outcome import (
    ClauseRow,
    CommentRow,
    ConcernRow,
    ItemRow,
    RequestRow,
    ReviewedPack,
    ReviewOf,
    ReviewOutcome,
    SeenRow,
)
from auditkit.documents.own.making import Made, make
from auditkit.evidence import queries as evidence
from auditkit.packs import queries as packs
from auditkit.packs.definitions import title_in
from auditkit.packs.queries import BuiltPack
from auditkit.packs.rooms import queries
from auditkit.packs.rooms.contents import SealedPack
from auditkit.packs.rooms.queries import ANSWER, Judgement, Place, Room
from auditkit.packs.rooms.rules import VERDICT_TITLES, Verdict
from auditkit.packs.rules import CLAUSE_STATE_TITLES, ClauseState
from auditkit.packs.verify.layout import REDACTED
from auditkit.web.languages import day, day_there, locale

TEMPLATE = "review-outcome"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

_CLAUSE = re.compile(r"[a-z0-9-]+:[A-Z]?\d+(?:\.\d+)*")


def made(tx: Session, room: Room, pack: SealedPack, organisation: str) -> Made:
    """The report with the template in force. Raises TemplateRefused, PackUnreadable."""
    return make(tx, TEMPLATE, report(tx, room, pack, organisation), language())


def language() -> str:
    """The screens' language where the template was written in it, else English."""
    return locale() if locale() in catalogue.languages_of(TEMPLATE) else "en"


def report(tx: Session, room: Room, pack: SealedPack, organisation: str) -> ReviewOutcome:
    """What the document is filled with, as far as the review is."""
    today = today_of_house(tx, clock.now())
    reviewed = _pack(packs.by_id(tx, room.pack_id))
    judgements = queries.judgements(tx, room.id)
    every = queries.newest(judgements)
    said = queries.of_clauses(every)
    return ReviewOutcome(
        organisation=Organisation(organisation),
        document=DocumentFacts(f"ROOM-{room.id}", today.isoformat(), day(today)),
        review=ReviewOf(
            room.body,
            room.reviewer,
            day(day_there(room.opened_at)),
            day(room.last_day),
            day(day_there(room.concluded_at)) if room.concluded_at else "",
            room.outcome,
        ),
        pack=reviewed,
        counts=_counts(said.values(), len(pack.clauses)),
        clauses=_clauses(pack, said),
        items=_items(pack, every),
        concerns=_concerns(tx, judgements),
        comments=_comments(tx, room),
        requests=_requests(tx, room.id),
        seen=tuple(
            SeenRow(
                seen_as(path, reviewed.title), _("taken") if taken else _("looked at"), str(times), day(day_there(last))
            )
            for path, taken, times, last in queries.seen(tx, room.id)
        ),
        left_out=_left_out(room, pack, every),
    )


def seen_as(path: str, title: str) -> str:
    """A place of the room as its readers call it: the pack by its title, a clause by its number, a file by its path."""
    if _CLAUSE.fullmatch(path):
        return f"{_('Clause')} {path.partition(':')[2]}"
    return path or title


def _pack(built: BuiltPack) -> ReviewedPack:
    return ReviewedPack(
        title_in(language(), built.definition, built.title),
        f"{day(built.period_start)} – {day(built.period_end)}",
        _("People withheld") if built.form == REDACTED else _("People named"),
        built.root,
        built.signing_key,
    )


def _counts(said: Iterable[Judgement], clauses: int) -> tuple[Count, ...]:
    verdicts = [one.verdict for one in said]
    counted = [Count(_(title), verdicts.count(verdict)) for verdict, title in VERDICT_TITLES.items()]
    return (*counted, Count(_("Not judged"), clauses - len(verdicts)))


def _clauses(pack: SealedPack, said: dict[str, Judgement]) -> tuple[ClauseRow, ...]:
    rows = []
    for clause in pack.clauses:
        one = said.get(clause.ref)
        rows.append(
            ClauseRow(
                clause.number,
                clause.title,
                _(CLAUSE_STATE_TITLES[ClauseState(clause.state)]),
                _(VERDICT_TITLES[one.verdict]) if one else _("Not judged"),
                one.comment if one else "",
                day(day_there(one.judged_at)) if one else "",
            )
        )
    return tuple(rows)


def _items(pack: SealedPack, said: dict[Place, Judgement]) -> tuple[ItemRow, ...]:
    """The items that were judged, in the order of the index; those that were not are counted in what is left out."""
    rows = []
    for clause in pack.clauses:
        for item in clause.items:
            one = said.get((clause.ref, item.path))
            if one is not None:
                verdict = _(VERDICT_TITLES[one.verdict])
                rows.append(ItemRow(clause.number, item.title, verdict, one.comment, day(day_there(one.judged_at))))
    return tuple(rows)


def _comments(tx: Session, room: Room) -> tuple[CommentRow, ...]:
    return tuple(
        CommentRow(
            one.number or _("The pack"),
            one.path.rpartition("/")[2],
            _("Organisation") if one.said_by_id else room.reviewer,
            one.text,
            day(day_there(one.said_at)),
        )
        for one in queries.comments(tx, room.id)
    )


def _concerns(tx: Session, said: Sequence[Judgement]) -> tuple[ConcernRow, ...]:
    opened = queries.actions_on(tx, said)
    doubts = [one for one in queries.newest(said).values() if one.verdict is Verdict.NOT_SUFFICIENT]
    return tuple(
        ConcernRow(
            one.number,
            _concern(one),
            enumerated(f"{action.number}: {action.title}, {_(STATE_TITLES[action.state])}" for action in found)
            if (found := opened[one.place])
            else _("No action was opened for it yet"),
        )
        for one in doubts
    )


def _concern(one: Judgement) -> str:
    """The words, what they are about where that is an item, and whether it could become a nonconformity."""
    about = f"{one.path.rpartition('/')[2]}: " if one.path else ""
    mark = f" ({_('Could become a nonconformity')})" if one.concern else ""
    return f"{about}{one.comment}{mark}"


def _requests(tx: Session, room_id: int) -> tuple[RequestRow, ...]:
    requests = queries.requests(tx, room_id)
    files = evidence.for_subjects(tx, ANSWER, [one.id for one in requests])
    return tuple(
        RequestRow(
            str(one.serial),
            one.number,
            one.path.rpartition("/")[2],
            one.text,
            day(one.due_on) if one.due_on else _("no day given"),
            one.answer or _("Not answered yet"),
            enumerated(held.file.shown_name for held in files.get(one.id, ())),
        )
        for one in requests
    )


def _left_out(room: Room, pack: SealedPack, said: dict[Place, Judgement]) -> tuple[LeftOut, ...]:
    found = [LeftOut(_("The files of the pack"), _("They lie in the pack, whose SHA-256 stands above"))]
    if room.concluded_at is None:
        found.append(LeftOut(_("The outcome"), _("The reviewer has not concluded the review")))
    silent = [one.number for one in pack.clauses if (one.ref, "") not in said]
    if silent:
        found.append(LeftOut(enumerated(silent), _("The reviewer said nothing of these clauses")))
    unseen = sum((one.ref, item.path) not in said for one in pack.clauses for item in one.items)
    if unseen:
        found.append(
            LeftOut(_("Items that were not judged: %(count)s", count=unseen), _("The reviewer said nothing of them"))
        )
    if any(one.verdict is Verdict.NOT_SUFFICIENT for one in said.values()):
        found.append(
            LeftOut(_("Earlier judgements"), _("Of each clause and item the last one stands here; the room keeps all"))
        )
    return tuple(found)
