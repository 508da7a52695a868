"""The demo's policy, from questionnaire to the public page, and its finished pack."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from auditkit.accounts.queries import organisation_by_slug
from auditkit.base.actor import Actor
from auditkit.base.db import reading, transaction
from auditkit.complaints.queries import population
from auditkit.complaints.rules.words import Stage
from auditkit.instance.demo.story import SLUG, Story
from auditkit.packs import service as packs
from auditkit.packs import signing
from auditkit.packs.queries import by_id
from auditkit.packs.reading import PreparePack
from auditkit.packs.rooms import queries
from auditkit.packs.rooms import service as rooms
from auditkit.packs.rooms.contents import SealedPack
from auditkit.packs.rooms.rules import Verdict
from auditkit.packs.verify import layout
from auditkit.policies import service as policies
from auditkit.policies.rules import COMPLAINTS_POLICY

ANSWERS = {
    "organisation": "Lakeside Appliances",
    "offer": "home appliances, their delivery and their repair",
    "web_form": "https://lakeside.example/complaints",
    "email": "complaints@lakeside.example",
    "telephone": "020 7946 0123, Monday to Saturday from 8:00 to 18:00",
    "postal_address": "1 Harbour Road, Lakeside",
    "languages": "English; other languages with an interpreter",
    "external_body": "the Appliance Ombudsman (ombudsman.example, telephone 020 7946 0999)",
    "privacy_notice": "https://lakeside.example/privacy",
}


def tell_policy(story: Story) -> None:
    """Quentin answers the questionnaire, Maya approves, the public reads."""
    fields = story.library.policy(COMPLAINTS_POLICY).fields
    answers = {one.name: ANSWERS.get(one.name, one.example) for one in fields}
    when = story.at(118)
    policy_id = story.tell(
        "quentin", lambda tx, actor: policies.start(tx, policies.Start(), when, actor, library=story.library)
    )
    story.tell(
        "quentin",
        lambda tx, actor: policies.answer(tx, policies.AnswerQuestions(policy_id, answers), story.at(117), actor),
    )
    approval = policies.Approve(
        policy_id,
        "First version, made from the library text and read by both shop managers",
        (story.today + timedelta(days=245)).date(),
    )
    number = story.tell("maya", lambda tx, actor: policies.approve(tx, approval, story.at(115), actor))
    publication = policies.Publish(policy_id, number, story.at(114).date())
    story.tell("maya", lambda tx, actor: policies.publish(tx, publication, story.at(114), actor))


def tell_pack(story: Story, instance: Path, audit: str) -> None:
    """Quentin builds packs, and says why what is missing is missing: of one complaint, of one audit, of the audits.

    That of the complaint is redacted, that of the one audit in Persian for the head office abroad.
    """
    (_number, complaint), *_later = population(reading(story.cast["quentin"]), stage=Stage.CLOSED)
    _build(story, instance, "single-complaint", form=layout.REDACTED, subject=complaint)
    _build(story, instance, "single-audit", languages=("fa",), subject=audit)
    tell_room(story, instance, _build(story, instance, "internal-audit"))


def _build(story: Story, instance: Path, pack: str, **more: Any) -> int:
    actor = story.cast["quentin"]
    command = PreparePack(
        pack,
        organisation_by_slug(reading(actor), SLUG),
        story.library,
        story.at(119).date(),
        story.today.date(),
        reason="The demo shows how accepted gaps look; a real organisation would close them first",
        by=actor.name,
        library=lambda: story.library,
        **more,
    )
    prepared = packs.prepare(reading(actor), command, actor, instance, signing.signer(instance))
    return story.tell("quentin", lambda tx, actor: packs.build(tx, packs.BuildPack(prepared), story.today, actor))


def tell_room(story: Story, instance: Path, pack_id: int) -> None:
    """A certification body looks at the pack: it accepts a clause and an item, doubts, comments, asks, and is answered.

    The room is given to an account, so that whoever tries the demo can sign in as the reviewer.
    """
    now, last_day = story.today, (story.today + timedelta(days=60)).date()
    opening = rooms.OpenRoom(pack_id, "Harbour Certification (invented)", "", last_day, story.cast["rita"].person_id)
    room_id, _secret = story.tell("quentin", lambda tx, actor: rooms.open_room(tx, opening, now, actor))
    stranger = Actor.public(story.cast["quentin"].organisation_id)
    built = by_id(reading(stranger), pack_id)
    sealed = SealedPack(packs.kept_file(instance, built.root), built.bag)
    with transaction(stranger) as tx:
        rooms.judge(tx, rooms.Judge(room_id, "iso10002-2018:7.2", Verdict.ACCEPTED), now, stranger)
        doubt = "The report says that one question was not looked into. When will it be?"
        audited = "iso10002-2018:8.5"
        rooms.judge(tx, rooms.Judge(room_id, audited, Verdict.NOT_SUFFICIENT, doubt, concern=True), now, stranger)
        items = [one.path for one in sealed.clause(audited).items]
        for path, verdict, why in zip(
            items,
            (Verdict.ACCEPTED, Verdict.QUESTION),
            ("", "Who read this before it was given out?"),
            strict=False,
        ):
            rooms.judge(tx, rooms.Judge(room_id, audited, verdict, why, path), now, stranger)
        rooms.say(tx, rooms.Say(room_id, "Clear to read; keep this order in the next pack"), now, stranger)
        wish = "The minutes of the last management review, signed"
        rooms.ask(tx, rooms.AskFor(room_id, "iso10002-2018:8.6", wish, last_day), now, stranger)
        rooms.ask(tx, rooms.AskFor(room_id, "iso10002-2018:8.3", "The questions of the survey"), now, stranger)
        rooms.ask(tx, rooms.AskFor(room_id, audited, "Who received this, and when?", last_day, items[0]), now, stranger)
    asked = queries.requests(reading(stranger), room_id)[0]
    answer = rooms.AnswerRequest(asked.id, "They stand in the pack of the first stage, which comes next week")
    story.tell("quentin", lambda tx, actor: rooms.answer(tx, answer, now, actor))
