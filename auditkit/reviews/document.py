"""The minutes of a review as a Word document, in the words of the screen's language."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from auditkit.accounts.queries import names
from auditkit.actions import queries as actions
from auditkit.base.db import Session
from auditkit.base.text import _, language_written
from auditkit.content.shapes import AgendaItem
from auditkit.documents.charts import chart_facts
from auditkit.documents.contexts.facts import DocumentFacts, LeftOut, Organisation
from auditkit.documents.contexts.review import (
    DecisionRow,
    InputFigure,
    InputRecord,
    MinutesItem,
    Participant,
    ReviewedInput,
    ReviewFacts,
    ReviewMinutes,
    Words,
)
from auditkit.documents.direction import figure, sided
from auditkit.reviews import queries, showing
from auditkit.reviews.queries import DecisionView, GuestView, Head, NoteView, Signed
from auditkit.reviews.rules import ATTENDANCE_TITLES, STATE_TITLES
from auditkit.reviews.showing import ShownInput
from auditkit.web.languages import day, day_there, numeral
from auditkit.web.manner import manner

TEMPLATE = "review-minutes"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
RECORDS_SHOWN = 25


def minutes(tx: Session, number: str, organisation: str, now: datetime) -> ReviewMinutes:
    """What the document is filled with, as far as the review is."""
    head = queries.by_number(tx, number)
    called, written = names(tx), queries.notes(tx, head.id)
    inputs = showing.shown(queries.inputs(tx, head.id))
    decided = queries.decisions(tx, head.id)
    signature = queries.signature(tx, head.id)
    filled = ReviewMinutes(
        organisation=Organisation(organisation),
        document=DocumentFacts(head.number, figure(head.version), day(day_there(now))),
        review=_facts(head, called, signature),
        participants=tuple(_participant(one) for one in queries.guests(tx, head.id)),
        items=tuple(
            _item(place, item, inputs, written, [one for one in decided if one.item_id == item.id], called)
            for place, item in enumerate(head.items, start=1)
        ),
        decisions=_decisions(tx, decided, called, now),
        left_out=_left_out(head, inputs, signature),
    )
    return sided(filled, language_written())


def _facts(head: Head, called: Mapping[int, str], signature: Signed | None) -> ReviewFacts:
    return ReviewFacts(
        title=head.title,
        held=day(head.held_on) if head.held_on else _("Planned for %(day)s", day=day(head.planned_on)),
        period=_("%(first)s to %(last)s", first=day(head.period_from), last=day(head.period_to)),
        place=head.place,
        chair=called.get(head.chair_id, ""),
        state=_(STATE_TITLES[head.state]),
        signed=f"{day(day_there(signature.signed_at))}, {signature.typed_name}" if signature else "",
        digest=signature.digest if signature else "",
        key=signature.key_fingerprint if signature else "",
    )


def _participant(one: GuestView) -> Participant:
    state = _(ATTENDANCE_TITLES[one.state])
    return Participant(
        one.name,
        one.function,
        _("Top management") if one.top_management else "",
        f"{state}: {one.note}" if one.note else state,
    )


def _item(
    place: int,
    item: AgendaItem,
    inputs: Mapping[str, ShownInput],
    written: Mapping[str, NoteView],
    decided: Sequence[DecisionView],
    called: Mapping[int, str],
) -> MinutesItem:
    text = written[item.id].text if item.id in written else ""
    said = [line for line in text.split("\n") if line.strip()]
    said += [
        _(
            "Decided, %(number)s: %(text)s (%(person)s, by %(day)s)",
            number=one.label,
            text=" ".join(one.text.split()),
            person=called.get(one.owner_id, ""),
            day=day(one.due_on),
        )
        for one in decided
    ]
    return MinutesItem(
        number=str(numeral(place)),
        title=item.title,
        question=item.question,
        clauses=", ".join(clause.rpartition(":")[2] for clause in item.clauses),
        inputs=tuple(_input(inputs[name.value]) for name in item.inputs if name.value in inputs),
        words=tuple(Words(line) for line in said),
    )


def _input(found: ShownInput) -> ReviewedInput:
    drawn = {one.title for one in found.charts}
    tables = [one for one in found.tables if one.title not in drawn]
    lines = [" · ".join(cell.text for cell in row if cell.text) for table in tables for row in table.rows]
    if len(lines) > RECORDS_SHOWN:
        more = len(lines) - RECORDS_SHOWN
        lines = [*lines[:RECORDS_SHOWN], _("… and %(count)s more", count=more)]
    return ReviewedInput(
        found.title,
        found.digest,
        tuple(InputFigure(one.label, one.value, one.of, one.before) for one in found.figures),
        tuple(chart_facts(one, manner()) for one in found.charts),
        tuple(InputRecord(line) for line in [*lines, *found.left_out]),
    )


def _decisions(
    tx: Session, decided: Sequence[DecisionView], called: Mapping[int, str], now: datetime
) -> tuple[DecisionRow, ...]:
    ids = [one.action_id for one in decided if one.action_id is not None]
    opened = {one.id: one.number for one in actions.told(tx, now, ids=ids)}
    return tuple(
        DecisionRow(
            one.label, one.text, called.get(one.owner_id, ""), day(one.due_on), opened.get(one.action_id or 0, "")
        )
        for one in decided
    )


def _left_out(head: Head, inputs: Mapping[str, ShownInput], signature: Signed | None) -> tuple[LeftOut, ...]:
    found = [LeftOut(_("Files of the inputs"), _("They stay in the program and are found there by their digests"))]
    if signature is None:
        found.append(LeftOut(_("Signature"), _("The chair has not signed these minutes yet")))
    absent = [name.value for item in head.items for name in item.inputs if name.value not in inputs]
    if absent:
        found.append(LeftOut(_("Computed inputs: %(number)s", number=len(absent)), _("They are not frozen yet")))
    return tuple(found)
