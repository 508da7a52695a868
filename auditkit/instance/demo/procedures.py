"""The demo's documents beside the first policy: a second version that most have read, a translation left behind, a
procedure under approval, one that states what has changed, and how long records are kept."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from auditkit.accounts.rules import Role
from auditkit.base.db import reading
from auditkit.complaints import service as complaints
from auditkit.content.blanks import fill
from auditkit.content.library import policy_in
from auditkit.instance.demo.documents import ANSWERS
from auditkit.instance.demo.story import Story
from auditkit.policies import queries
from auditkit.policies import service as policies
from auditkit.policies.rules import COMPLAINTS_POLICY
from auditkit.policies.service import Approve, Confirm, Publish, SetReaders

RUSSIAN = {
    "Our commitment": "Наше обещание",
    "How to complain": "Как подать жалобу",
}

PERSIAN = {
    "organisation": "لوازم خانگی لیک‌ساید",
    "offer": "لوازم خانگی و تحویل و تعمیر آن‌ها",
    "places": "هر دو فروشگاه ما",
    "languages": "انگلیسی؛ زبان‌های دیگر با مترجم",
    "external_body": "بازرس مستقل لوازم خانگی (ombudsman.example، تلفن 020 7946 0999)",
    "telephone": "020 7946 0123، دوشنبه تا شنبه از ساعت ۸ تا ۱۸",
    "postal_address": "1 Harbour Road, Lakeside",
    "decision_target": "پانزده روز کاری",
}
"""Answers in the Persian policy that are other than the library's examples; addresses stay as they are."""

AMOUNTS = {
    "contact_staff_limit": "50 pounds",
    "handler_limit": "300 pounds",
    "reviewer_limit": "1,500 pounds",
    "representative_limit": "5,000 pounds",
}

KEPT = {
    "complaint-register": ("Six years after closing", "Time in which claims can be brought", "auditkit"),
    "complaint-file": ("Six years after closing", "Time in which claims can be brought", "auditkit, files encrypted"),
    "audits": ("Six years", "Two cycles of certification", "auditkit"),
    "findings": ("Six years", "Two cycles of certification", "auditkit"),
    "policies-published": ("Ten years after replacement", "Proof of what was promised", "auditkit"),
}
"""Kind of record -> how long, on which ground, where."""

DISTRIBUTED = {COMPLAINTS_POLICY: "The public: website and a copy on the counter of both shops; all staff: intranet"}


def tell(story: Story) -> None:
    """Two months of work on the documents, told after everything they state was set."""
    _translate(story)
    _second_version(story)
    _persian(story)
    _remedies(story)
    _escalation(story)
    _keep_records(story)
    _hand_out(story)


def _tell(story: Story, name: str, verb: Callable[..., Any], command: object, days_ago: float, **more: Any) -> Any:
    return story.tell(name, lambda tx, actor: verb(tx, command, story.at(days_ago), actor, **more))


def _policy(story: Story) -> queries.PolicyView:
    policy = queries.complaints_policy(reading(story.cast["quentin"]))
    if policy is None:
        raise LookupError("the policy is told before its second version")
    return policy


def _translate(story: Story) -> None:
    """Quentin translates version 1 into Russian; version 2 then leaves it behind."""
    policy = _policy(story)
    _tell(story, "quentin", policies.start_translation, policies.StartTranslation(policy.id, "ru"), 62)
    sections = {
        one.id: (RUSSIAN.get(one.title, one.title), f"(Перевод раздела «{one.title}».)\n\n{one.text}")
        for one in policy.versions[-1].sections
    }
    written = policies.Translate(policy.id, "ru", "Политика работы с жалобами", sections)
    _tell(story, "quentin", policies.translate, written, 60)
    approval = policies.ApproveTranslation(policy.id, "ru", "First translation, read by the shop on the harbour")
    _tell(story, "maya", policies.approve_translation, approval, 59)


def _second_version(story: Story) -> None:
    """The times became shorter; all who deal with complaints must read it, and three of four have."""
    policy = _policy(story)
    faster = {"acknowledgement_target": "one working day", "decision_target": "fifteen working days"}
    _tell(story, "quentin", policies.answer, policies.AnswerQuestions(policy.id, faster), 34)
    roles = tuple(role.value for role in (Role.COMPLAINT_HANDLER, Role.INTERNAL_AUDITOR, Role.STAFF))
    _tell(story, "quentin", policies.set_readers, SetReaders(policy.id, roles, (story.person("maya"),)), 34)
    review = (story.today + timedelta(days=20)).date()
    approval = Approve(policy.id, "Decisions within fifteen working days, because we keep that anyway", review)
    number = _tell(story, "maya", policies.approve, approval, 33)
    _tell(story, "maya", policies.publish, Publish(policy.id, number, story.at(31).date()), 32)
    for days_ago, name in ((30, "hana"), (29, "ivan"), (27, "maya")):
        _tell(story, name, policies.confirm, Confirm(policy.id, number, ticked=True), days_ago)


def _persian(story: Story) -> None:
    """Version 2 for customers who read Persian: the library's own words, with the answers put into Persian too."""
    policy = _policy(story)
    started = policies.StartTranslation(policy.id, "fa")
    _tell(story, "quentin", policies.start_translation, started, 26, library=story.library)
    said, language = policy_in(story.library, COMPLAINTS_POLICY, "fa")
    told = {one.name: PERSIAN.get(one.name, one.example) for one in said.fields}
    told |= {one.name: ANSWERS[one.name] for one in said.fields if one.type in ("email", "address")}
    sections = {one.id: (str(one.title), fill(one.text, told)) for one in said.sections}
    written = policies.Translate(policy.id, language, str(said.title), sections)
    _tell(story, "quentin", policies.translate, written, 25)
    approval = policies.ApproveTranslation(policy.id, language, "Read by the interpreter of the shop on the harbour")
    _tell(story, "maya", policies.approve_translation, approval, 24)


def _started(story: Story, content_id: str, days_ago: float) -> int:
    """A text of the library with every question answered, those answered before as they were."""
    policy_id: int = _tell(
        story, "quentin", policies.start, policies.Start(content_id), days_ago, library=story.library
    )
    known = queries.policy(reading(story.cast["quentin"]), policy_id).answers
    fields, given = story.library.policy(content_id).fields, ANSWERS | AMOUNTS
    answers = {one.name: given.get(one.name, one.example) for one in fields if one.name not in known}
    _tell(story, "quentin", policies.answer, policies.AnswerQuestions(policy_id, answers), days_ago)
    return policy_id


def _remedies(story: Story) -> None:
    """The procedure says up to what amount a handler decides; since then that limit was raised."""
    handlers = complaints.SetLimit(role=Role.COMPLAINT_HANDLER.value, amount=30_000, currency="GBP")
    _tell(story, "quentin", complaints.set_limit, handlers, 26)
    policy_id = _started(story, "procedure-remedies", 25)
    number = _tell(story, "maya", policies.approve, Approve(policy_id, "First version"), 24)
    _tell(story, "maya", policies.publish, Publish(policy_id, number, story.at(24).date()), 24)
    raised = complaints.SetLimit(role=Role.COMPLAINT_HANDLER.value, amount=50_000, currency="GBP")
    _tell(story, "quentin", complaints.set_limit, raised, 5)


def _escalation(story: Story) -> None:
    """A procedure that Maya has approved and Ada has not yet."""
    policy_id = _started(story, "procedure-escalation", 8)
    order = policies.SetApprovers(policy_id, (story.person("maya"), story.person("ada")))
    _tell(story, "quentin", policies.set_approvers, order, 7)
    _tell(story, "quentin", policies.hand_in, policies.HandIn(policy_id, "First version, discussed with both shops"), 6)
    agreed = policies.Decide(policy_id, approves=True, reason="The times are ones we can keep")
    _tell(story, "maya", policies.decide, agreed, 4)


def _keep_records(story: Story) -> None:
    own = policies.SetKeeping(title="Recordings of telephone calls", period="90 days", place="Telephone system")
    _tell(story, "quentin", policies.set_keeping, own, 3, library=story.library)
    journal = policies.SetKeeping(record="journal", period="ten years", basis="Proof of how complaints were handled")
    _tell(story, "quentin", policies.set_keeping, journal, 3, library=story.library)
    for record, (period, basis, place) in KEPT.items():
        row = policies.SetKeeping(record=record, period=period, basis=basis, place=place, keeper="Quality")
        _tell(story, "quentin", policies.set_keeping, row, 3, library=story.library)


def _hand_out(story: Story) -> None:
    """Who has each document, and how long replaced versions are kept, as the list of documents says."""
    for policy in queries.policies(reading(story.cast["quentin"])):
        command = policies.ChangeCard(
            policy.id,
            policy.title,
            policy.purpose,
            policy.card.kind.value,
            policy.card.owner_id or story.person("quentin"),
            "Six years after they were replaced",
            DISTRIBUTED.get(policy.content_id, "Everybody who deals with complaints: intranet"),
            policy.card.review_months,
            policy.is_public,
            policy.card.states,
        )
        _tell(story, "quentin", policies.change_card, command, 2)
