"""The demo's first report: disputed, signed, acknowledged, amended, given to people; and a finding that came again."""

from pathlib import Path

from auditkit.audits import service as audits
from auditkit.audits.findings import service as said
from auditkit.audits.findings.rules import Outcome, ResponseKind, Verdict
from auditkit.audits.issuing.jobs import make
from auditkit.audits.issuing.rules import Kind, Way
from auditkit.audits.issuing.service import Distribute, distribute
from auditkit.audits.queries import findings, plans, run
from auditkit.audits.rules import Grade
from auditkit.audits.signing import service
from auditkit.audits.signing.queries import Texts
from auditkit.audits.signing.rules import Proof
from auditkit.base import signing
from auditkit.base.db import reading
from auditkit.instance.demo.story import Story

TEXTS = Texts(
    client="Quentin Quality, quality manager",
    process=(
        "Opening meeting with the representative and the head of the service centre. Twelve complaint files, chosen "
        "by the auditor, were followed from receipt to closing, five contact staff interviewed, the register and the "
        "mailbox looked at beside them. The findings were read out and explained in the closing meeting."
    ),
    obstacles="The night shift of the call centre was heard by telephone only; its screen was not seen. The sample of "
    "the plan was not drawn, because the register had few closed files then; twelve files were chosen instead.",
    follow_up="Plans for the nonconformities within 30 days; their effect is looked at in the follow-up audit.",
    confidentiality="Complainants appear by the number of their complaint. For the people listed only.",
    distribution="Maya Manager\nQuentin Quality\nHead of the service centre North",
)


def tell(story: Story, first: str, second: str, instance: Path) -> None:
    """What became of the findings of the `first` audit, and which of them the `second` one met again."""
    found = findings.of_audit(reading(story.cast["ivan"]), _id(story, first))
    _closing_meeting(story, found)
    _sign(story, first, instance)
    _amend(story, first, found, instance)
    _distribute(story, first)
    _repeat(story, second, found)


def _id(story: Story, number: str) -> int:
    return plans.by_number(reading(story.cast["ivan"]), number).id


def _acknowledge(story: Story, number: str) -> None:
    command = said.Respond(number, ResponseKind.ACKNOWLEDGED, said_by="Maya Manager", in_meeting=True)
    story.tell("ivan", lambda tx, actor: said.respond(tx, command, story.at(28, 6), actor))


def _closing_meeting(story: Story, found: list[findings.FindingView]) -> None:
    major, training, weekend, *others = found
    for one in (major, training, *others):
        _acknowledge(story, one.number)
    dispute = said.Respond(
        weekend.number,
        ResponseKind.DISPUTED,
        "Nobody works at the weekend, so the working day begins on Monday. Tuesday is one working day later.",
        "Hana Handler",
        in_meeting=True,
    )
    kept = story.tell("ivan", lambda tx, actor: said.respond(tx, dispute, story.at(28, 6), actor))
    end = said.Resolve(
        kept,
        Outcome.UPHELD,
        "The policy promises one working day after receipt; mail of Saturday is due on Monday evening.",
    )
    story.tell("ivan", lambda tx, actor: said.resolve(tx, end, story.at(27), actor))


def _sign(story: Story, number: str, instance: Path) -> None:
    key = signing.load_key(instance)
    words = service.WriteReport(number, TEXTS)
    story.tell("ivan", lambda tx, actor: service.write_report(tx, words, story.at(27, 1), actor))
    named = service.NameAuditee(number, story.person("maya"))
    story.tell("quentin", lambda tx, actor: service.name_auditee(tx, named, story.at(27, 2), actor))
    command = service.Sign(number, story.cast["ivan"].name, Proof.PASSWORD)
    story.tell("ivan", lambda tx, actor: service.sign(tx, command, story.at(27, 3), actor, key=key))
    read = service.Acknowledge(number, story.cast["maya"].name, "Read with the service centre; plans follow.")
    story.tell("maya", lambda tx, actor: service.acknowledge(tx, read, story.at(25), actor))


def _amend(story: Story, number: str, found: list[findings.FindingView], instance: Path) -> None:
    command = service.Amend(
        number,
        {"evidence": f"{found[1].evidence} Both joined in spring."},
        "The representative asked since when the two colleagues are here; it matters for the cause.",
        story.cast["ivan"].name,
        Proof.PASSWORD,
        found[1].number,
    )
    key = signing.load_key(instance)
    story.tell("ivan", lambda tx, actor: service.amend(tx, command, story.at(22), actor, key=key))
    read = service.Acknowledge(number, story.cast["maya"].name)
    story.tell("maya", lambda tx, actor: service.acknowledge(tx, read, story.at(21), actor))


def _distribute(story: Story, number: str) -> None:
    file_id = make(number, Kind.WORD, "en", story.cast["ivan"])
    command = Distribute(number, file_id, "Head of the service centre North", Way.HAND)
    story.tell("ivan", lambda tx, actor: distribute(tx, command, story.today, actor))


def _repeat(story: Story, number: str, found: list[findings.FindingView]) -> None:
    rows = {row.item_id: row for row in run.rows(reading(story.cast["ivan"]), _id(story, number))}
    command = audits.RaiseFinding(
        number,
        Grade.MINOR,
        "Two of five contact staff of the service centre have no record of training.",
        "Training list of the service centre: 2 of 5 names without an entry.",
        row_id=rows["q18-4.14-1"].id,
    )
    raised = story.tell(
        "ivan", lambda tx, actor: audits.raise_finding(tx, command, story.at(1, 4), actor, library=story.library)
    )
    judged = said.JudgeRepeat(raised, found[1].number, Verdict.CONFIRMED, "The same gap at another place.")
    story.tell("ivan", lambda tx, actor: said.judge_repeat(tx, judged, story.at(1, 5), actor))
