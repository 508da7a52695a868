"""Telling the demo's complaints: each act of each tale, in the order in which it happened."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from auditkit.base.actor import Actor
from auditkit.base.db import Session, transaction
from auditkit.complaints import queries, service
from auditkit.complaints.rules import Answer, Severity
from auditkit.complaints.service import (
    AskEscalation,
    CloseDuplicate,
    EndReferral,
    Escalate,
    Identity,
    Investigate,
    LinkTo,
    NamePerson,
    Reclassify,
    Refer,
    Reopen,
    WaitFor,
    Withdraw,
    WriteNote,
)
from auditkit.instance.demo import letters, surveys
from auditkit.instance.demo.story import Story
from auditkit.instance.demo.tales import COMPLAINTS, Also, Say, Told, Where

LIMIT = 25_000  # GBP 250.00: what a handler of the demo decides alone


def tell(story: Story) -> None:
    """Everything that happened to every complaint, in the order in which it happened."""
    _settle(story)
    letters.settle(story)
    acts: list[tuple[float, letters.Act]] = [
        (days_ago, partial(act, story, told)) for one in COMPLAINTS for days_ago, told, act in _acts(one)
    ]
    acts += letters.acts(story)
    references: dict[str, str] = {}
    surveys.switch_on(story)
    asking = surveys.Asking(story)
    for days_ago, act in sorted(acts, key=lambda one: -one[0]):
        asking.until(story.at(days_ago))
        act(references, story.at(days_ago))
    asking.until(story.today)


def _settle(story: Story) -> None:
    when = story.at(115)
    limit = service.SetLimit("GBP", LIMIT, "complaint-handler")
    practice = service.SetPractice("GBP", "Home Appliances Ombudsman, 1 Mill Lane, Lakeside", 14, 90)
    story.tell("quentin", lambda tx, actor: service.set_limit(tx, limit, when, actor))
    story.tell("quentin", lambda tx, actor: service.set_practice(tx, practice, when, actor))


Act = Callable[[Story, Told, dict[str, str], datetime], None]


def _acts(told: Told) -> Iterator[tuple[float, Told, Act]]:
    """(days ago, complaint, act) for each step that this complaint took."""

    def after(days: float, act: Act) -> tuple[float, Told, Act]:
        return told.days_ago - days, told, act

    yield after(0, _register)
    if told.acknowledged is not None:
        yield after(told.acknowledged, _acknowledge)
        if told.assessed:
            yield after(told.acknowledged + 0.02, _assess)
    if told.decided is not None:
        if _is_laborious(told):
            yield after(told.decided - 0.5, _investigate)
        yield after(told.decided, _decide)
        if told.answer is not None:
            yield after(told.decided + 1, _record_answer)
    for one in told.also:
        yield after(one.day, _also(one))
    if told.closed is not None:
        if told.promised is not None:
            yield after(told.closed - 0.1, _deliver)
            yield after(told.closed - 0.05, _check_remedy)
        yield after(told.closed, _close)


def _is_laborious(told: Told) -> bool:
    return told.complexity != "simple" or told.safety or told.severity in (Severity.HIGH, Severity.CRITICAL)


def _register(story: Story, told: Told, references: dict[str, str], when: datetime) -> None:
    called = told.who.split()[0].lower() if told.who.isascii() else str(told.days_ago)
    email = f"{called}@customers.example"
    phone = f"020 7946 {sum(map(ord, told.who)) % 10_000:04d}"  # the same person has the same number
    identity = Identity(name=told.who, email=email, phone=phone, city="Lakeside", country="GB")
    command = service.Register(
        subject=told.subject,
        description=told.description,
        received_at=when,
        kind=told.kind.value,
        channel=told.channel.value,
        category=told.category.value,
        severity=told.severity.value,
        happened_on=(when - timedelta(days=2)).date(),
        product=told.product,
        site=told.site,
        wanted_remedy=told.wanted,
        complainant=identity,
    )
    registered = story.tell("hana", lambda tx, actor: service.register(tx, command, when, actor))
    references[told.subject] = registered.reference


def _do(
    story: Story, who: str, verb: Callable[..., Any], reference: str, when: datetime, say: Say, **more: Any
) -> None:
    """One verb of one person, on the case as it stands."""
    actor = Actor.public(story.organisation_id) if who == "public" else story.cast[who]
    with transaction(actor) as tx:
        case = queries.by_reference(tx, reference)
        abroad = queries.history(tx, case.id).abroad
        at = Where(reference, case.version, when.date(), more.pop("others", {}), story, abroad[0].id if abroad else 0)
        verb(tx, say(at), when, actor, **more)


def _acknowledge(story: Story, told: Told, references: dict[str, str], when: datetime) -> None:
    _do(story, "hana", service.acknowledge, references[told.subject], when, lambda at: service.Acknowledge(*at.at))


def _assess(story: Story, told: Told, references: dict[str, str], when: datetime) -> None:
    def say(at: Where) -> service.Assess:
        at_once = "Sales stopped, buyers warned" if told.safety else ""
        return service.Assess(
            *at.at,
            severity=told.severity.value,
            complexity=told.complexity,
            reach=told.reach,
            safety=told.safety,
            immediate_needed=told.safety,
            immediate_possible=told.safety,
            immediate_action=at_once,
            compensation="likely" if told.pays else "unlikely",
        )

    _do(story, "hana", service.assess, references[told.subject], when, say, library=story.library)


def _investigate(story: Story, told: Told, references: dict[str, str], when: datetime) -> None:
    def say(at: Where) -> Investigate:
        return Investigate(
            *at.at,
            plan="Ask the people who were there, look at the records of the day",
            complainant_side=told.description,
            other_side="Heard by telephone; agrees with the records",
            facts=told.found or told.reasons,
            cause=told.cause,
            cause_method="Five whys",
            independence="Nobody who had a hand in the matter took part",
            ended=True,
        )

    _do(story, "hana", service.investigate, references[told.subject], when, say, library=story.library)


def _decide(story: Story, told: Told, references: dict[str, str], when: datetime) -> None:
    def say(at: Where) -> service.Decide:
        promised = None if told.promised is None else at.today + timedelta(days=told.promised)
        return service.Decide(
            *at.at,
            told.outcome.value,
            told.reasons,
            told.remedy,
            remedies=told.remedies,
            amount=told.pays or None,
            currency="GBP" if told.pays else "",
            promised_on=promised,
            others="yes" if told.reach == "many" else "no",
            others_note="Every buyer of the batch was called" if told.reach == "many" else "",
            told_channel=told.channel.value,
            options="Home Appliances Ombudsman, 1 Mill Lane, Lakeside",
        )

    _do(story, "hana", service.decide, references[told.subject], when, say, library=story.library)


def _record_answer(story: Story, told: Told, references: dict[str, str], when: datetime) -> None:
    answer = (told.answer or Answer.ACCEPTED).value
    _do(
        story, "hana", service.record_answer, references[told.subject], when,
        lambda at: service.RecordAnswer(*at.at, answer),
    )  # fmt: skip


def _deliver(story: Story, told: Told, references: dict[str, str], when: datetime) -> None:
    proof = "Receipt of the bank" if told.pays else "Receipt of the carrier"
    _do(
        story, "hana", service.deliver, references[told.subject], when,
        lambda at: service.Deliver(*at.at, at.today, proof),
    )  # fmt: skip


def _check_remedy(story: Story, told: Told, references: dict[str, str], when: datetime) -> None:
    """Maya, who delivered nothing, asks the customer."""
    note = "Called the customer: the money is there" if told.pays else "Called the customer: it came and it works"
    _do(
        story, "maya", service.verify_remedy, references[told.subject], when,
        lambda at: service.VerifyRemedy(*at.at, "as-promised", at.today, note),
    )  # fmt: skip


def _close(story: Story, told: Told, references: dict[str, str], when: datetime) -> None:
    note = "The ombudsman's decision 2291 followed our reasons." if told.answer is Answer.REFUSED else ""
    _do(
        story, "hana", service.close, references[told.subject], when,
        lambda at: service.Close(*at.at, told.ground.value, note),
    )  # fmt: skip


_VERBS: dict[type, Callable[..., Any]] = {
    AskEscalation: service.ask_escalation,
    CloseDuplicate: service.close_duplicate,
    EndReferral: service.end_referral,
    Escalate: service.escalate,
    Investigate: service.investigate,
    LinkTo: service.link,
    NamePerson: service.name_person,
    Reclassify: service.reclassify,
    Refer: service.refer,
    Reopen: service.reopen,
    WaitFor: service.wait_for,
    Withdraw: service.withdraw,
    WriteNote: service.write_note,
}


def _also(one: Also) -> Act:
    def act(story: Story, told: Told, references: dict[str, str], when: datetime) -> None:
        def verb(tx: Session, command: Any, now: datetime, actor: Actor) -> None:
            _VERBS[type(command)](tx, command, now, actor)

        _do(story, one.who, verb, references[told.subject], when, one.says, others=references)

    return act
