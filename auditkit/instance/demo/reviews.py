"""The demo's management reviews: one signed six weeks ago with decisions under way, one prepared for next week."""

from datetime import timedelta
from pathlib import Path

from auditkit.actions import queries as action_queries
from auditkit.actions import service as actions
from auditkit.base import signing
from auditkit.base.actor import Actor
from auditkit.base.db import Session
from auditkit.insights.objectives import service as objectives
from auditkit.insights.rules import Span
from auditkit.instance.demo.story import Story
from auditkit.reviews import queries
from auditkit.reviews import service as reviews
from auditkit.reviews.rules import Attendance, Proof

AGENDA = "review-agenda-2018"
HELD = 45
WORDS = {
    "follow-up": "This is the first review under the new policy, so no earlier decision is open.",
    "policy": "Answers within two working days were promised and kept but for weekends. The promise stays.",
    "objectives": "The share acknowledged on time rises and is not there yet. The target of 95 % stays.",
    "complaints": "Machines and deliveries bring most.\nPhone calls of the weekend reach nobody until Monday.",
    "satisfaction": "Too few answers for numbers. Those who answered liked the calls, not the waiting.",
    "audits": "The first audit was thorough. The second auditor was missing once.",
    "actions": "Two actions are late, both for want of one person's time.",
    "inside": "The second branch is not opened. One handler more is needed from spring on.",
    "outside": "The rules on dispute resolution now name a period in days; the letters have it.",
    "risks": "Spoken complaints remain the highest risk. Recording calls has made it smaller.",
    "suggestions": "A customer suggested a call back at a chosen hour. It is tried in one shop.",
    "suitable": "Yes. It fits shops and service centre alike.",
    "adequate": "Not quite: a second auditor and cover for weekends are missing.",
    "effective": "Mostly: complaints are solved, and the same causes come back less often than in autumn.",
    "efficient": "Yes. An hour and a half a complaint, and remedies below what returns had cost before.",
    "decide-products": "Nothing is decided before the makers' reports on washing machines are here.",
}  # fmt: skip
DECISIONS = (
    ("decide-process", "Answer calls of the weekend on Saturday\nHana's team takes turns.", "hana", 20),
    ("decide-process", "Train a second internal auditor", "ada", -30),
    ("decide-resources", "Find out what cover for the call centre costs", "sofia", 10),
)  # fmt: skip


def tell(story: Story, instance: Path) -> None:
    """Quentin prepares, Tom, of top management, leads and signs."""
    quentin = "quentin"
    tell_objectives(story)
    every = reviews.SetInterval(every_months=2, ahead_days=21)
    story.tell(quentin, lambda tx, actor: reviews.set_interval(tx, every, story.at(100), actor))
    first = _plan(story, "Management review, winter", HELD, 118, HELD + 1)
    _freeze(story, first, HELD)
    _invite(story, first, HELD)
    _attend(story, first)
    held = reviews.HoldReview(first, story.at(HELD).date())
    story.tell(quentin, lambda tx, actor: reviews.hold(tx, held, story.at(HELD, 3), actor))
    for item, text in WORDS.items():
        _write(story, first, item, text)
    for item, text, owner, due in DECISIONS:
        _decide(story, first, item, text, owner, due)
    signed = reviews.SignMinutes(first, story.cast["tom"].name, Proof.SESSION)
    key = signing.load_key(instance)
    story.tell("tom", lambda tx, actor: reviews.sign(tx, signed, story.at(HELD - 2), actor, key=key))
    _done(story, first)
    second = _plan(story, "Management review, spring", -7, HELD, 1)
    _freeze(story, second, 0)
    _invite(story, second, 0)


def _plan(story: Story, title: str, day: int, first: int, last: int) -> str:
    command = reviews.PlanReview(
        title=title,
        planned_on=(story.today - timedelta(days=day)).date(),
        period_from=(story.today - timedelta(days=first)).date(),
        period_to=(story.today - timedelta(days=last)).date(),
        chair_id=story.person("tom"),
        agenda=story.library.agenda(AGENDA),
        place="Office by the lake",
    )
    return story.tell("quentin", lambda tx, actor: reviews.plan(tx, command, story.at(max(day, 0) + 14), actor))


def _freeze(story: Story, number: str, days: int) -> None:
    command, library = reviews.FreezeInputs(number), story.library
    story.tell("quentin", lambda tx, actor: reviews.freeze(tx, command, story.at(days), actor, library=library))


def _invite(story: Story, number: str, days: int) -> None:
    for person, name, function, top in (
        ("quentin", "", "Quality manager", False),
        ("hana", "", "Complaint handling", False),
        ("", "Oscar Owner", "Managing director", True),
    ):
        command = reviews.InviteGuest(number, story.person(person) if person else None, name, function, top)
        _put_on_list(story, command, days)


def _put_on_list(story: Story, command: reviews.InviteGuest, days: int) -> None:
    story.tell("quentin", lambda tx, actor: reviews.invite(tx, command, story.at(days), actor))


def _attend(story: Story, number: str) -> None:
    def come(tx: Session, actor: Actor) -> None:
        guests = queries.guests(tx, queries.by_number(tx, number).id)
        states = {one.id: (Attendance.PRESENT, "") for one in guests}
        excused = next(one for one in guests if one.name == "Oscar Owner")
        states[excused.id] = (Attendance.EXCUSED, "Abroad; has read the inputs and agreed by mail")
        reviews.attend(tx, reviews.NoteAttendance(number, states), story.at(HELD, 2), actor)

    story.tell("quentin", come)


def _write(story: Story, number: str, item: str, text: str) -> None:
    note = reviews.WriteNote(number, item, text, 0)
    story.tell("quentin", lambda tx, actor: reviews.write(tx, note, story.at(HELD, 4), actor))


def _decide(story: Story, number: str, item: str, text: str, owner: str, due: int) -> None:
    command = reviews.Decide(number, item, text, story.person(owner), (story.today - timedelta(days=due)).date())
    story.tell("quentin", lambda tx, actor: reviews.decide(tx, command, story.at(HELD, 5), actor))


def _done(story: Story, number: str) -> None:
    """The first decision is carried out and its effect verified."""
    decided = story.tell("quentin", lambda tx, _actor: queries.decisions(tx, queries.by_number(tx, number).id))
    action_id = decided[0].action_id or 0
    action = story.tell("quentin", lambda tx, _actor: action_queries.number_of(tx, action_id))
    proof = "Rota of the Saturdays; first four weekends covered."
    complete = actions.CompleteAction(action, 1, proof)
    story.tell("hana", lambda tx, actor: actions.complete(tx, complete, story.at(22), actor))
    verify = actions.VerifyAction(action, 2, effective=True, text="Calls of four Saturdays looked up: all answered.")
    story.tell("ivan", lambda tx, actor: actions.verify(tx, verify, story.at(3), actor))


def tell_objectives(story: Story) -> None:
    """One objective is measured by an indicator, and somebody says how it stands."""
    by_indicator = objectives.SetSource("OBJ-002", "backlog", Span.THIS_MONTH)
    story.tell("quentin", lambda tx, actor: objectives.set_source(tx, by_indicator, story.at(3), actor))
    said = objectives.Comment("OBJ-001", "Two answers were late in autumn: both came by letter.")
    story.tell("quentin", lambda tx, actor: objectives.comment(tx, said, story.at(2), actor))
