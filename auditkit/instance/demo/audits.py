"""The demo's audits: one reported with findings in every state, one in the middle of its checklist, one planned."""

import io
from datetime import date, timedelta
from typing import Any

from auditkit.actions import queries as actions_read
from auditkit.actions import service as actions
from auditkit.actions.rules import Kind
from auditkit.audits import service
from auditkit.audits.queries import findings, plans, run
from auditkit.audits.rules import AuditKind, Grade, Method, TeamRole
from auditkit.audits.tailoring import service as tailoring
from auditkit.base.db import Session, reading
from auditkit.evidence import intake
from auditkit.evidence import service as evidence
from auditkit.instance.demo import programme, sampling
from auditkit.instance.demo.story import Story

CHECKLIST = "internal-audit-2018"

# Answers that are not "conforms", by question id, with their notes.
NOTED = {
    "q18-4.4-1": ("partly", "The leaflet in the shop names the old telephone number."),
    "q18-4.14-1": ("does-not-conform", "Two of five contact staff have no training record for the last 24 months."),
    "q18-5.4-1": ("opportunity", "The deputy of the representative is known to all but written down nowhere."),
    "q18-7.3-1": ("does-not-conform", "No progress notice after ten days in 4 of 12 files examined."),
    "q18-7.4-1": ("partly", "9 of 12 acknowledged on time; e-mails of the weekend wait until Tuesday."),
    "q18-8.2-1": ("opportunity", "Repeat complaints are seen by the handlers but not counted."),
    "q18-8.6-1": ("not-checked", "The management review takes place after this audit."),
}


def tell(story: Story) -> tuple[str, str]:
    """Three audits, as far as each came; the numbers of the reported and of the running one."""
    programme.prepare(story)
    first = _plan(story, 45, "Complaints handling, whole process", (30, 28), Method.ON_SITE)
    programme.permit(story, first, 31)
    _run(story, first, 30)
    _findings(story, first)
    second = _plan(story, 9, "Service centre North: receipt and tracking", (2, -2), Method.HYBRID)
    _start_from(story, first, second, 3)
    _start(story, second, 2)
    _answer_some(story, second, 2, until=26)
    _question_of_its_own(story, second, 2)
    sampling.tell(story, second, 2)
    third = _plan(
        story, 4, "Follow-up of the first audit", (-39, -40), Method.REMOTE, kind=AuditKind.FOLLOW_UP, followed=first
    )
    programme.tell(story, third)
    return first, second


def _day(story: Story, days_ago: int) -> date:
    return (story.today - timedelta(days=days_ago)).date()


def _plan(story: Story, days_ago: int, title: str, period: tuple[int, int], method: Method, **more: Any) -> str:
    command = service.PlanAudit(
        title=title,
        objectives="Find out whether complaints are handled as the policy promises, and what could be better.",
        scope="All channels, shop High Street, service centre North, online shop; complaints of the last six months.",
        checklist_id=CHECKLIST,
        planned_from=_day(story, period[0]),
        planned_to=_day(story, period[1]),
        team=((story.person("ivan"), TeamRole.LEAD), (story.person("sofia"), TeamRole.OBSERVER)),
        laws=("Consumer Rights Act 2015",),
        contracts=("Service agreement with the delivery partner, part 4",),
        places="1 Harbour Road\nService centre North",
        virtual_places="" if method is Method.ON_SITE else "Video room of the call centre",
        interviewees="Director\nRepresentative for complaints\nHandlers of all channels",
        sampling="All critical complaints and the square root of the others, at least 10.",
        language="English",
        confidentiality="Complainants are named by their references only.",
        logistics="Meeting room 2 on both days; headsets for the call centre.",
        follow_up="Corrective actions are agreed within 30 days; their effect is checked at the follow-up.",
        distribution="Director\nRepresentative for complaints",
        remote_risk="" if method is Method.ON_SITE else "Line and shared screen tried; without a line: telephone.",
        method=method,
        **more,
    )
    when = story.at(days_ago)
    return story.tell("ivan", lambda tx, actor: service.plan(tx, command, when, actor, library=story.library))


def _start(story: Story, number: str, days_ago: int) -> None:
    when = story.at(days_ago)
    command = service.StartAudit(number)
    story.tell("ivan", lambda tx, actor: service.start(tx, command, when, actor, library=story.library))


def _start_from(story: Story, before: str, number: str, days_ago: int) -> None:
    """What the audit before said stands folded at each question."""
    previous = plans.by_number(reading(story.cast["ivan"]), before).id
    command, when = tailoring.Tailor(number, previous_id=previous), story.at(days_ago)
    story.tell("ivan", lambda tx, actor: tailoring.tailor(tx, command, when, actor, library=story.library))


def _question_of_its_own(story: Story, number: str, days_ago: int) -> None:
    section = _rows(story, number)[0].section
    asked = "Does the night shift of the service centre know where complaints go?"
    command = tailoring.AddQuestion(number, section, asked, good="Everybody asked names the register.")
    when = story.at(days_ago, 5)
    story.tell("ivan", lambda tx, actor: tailoring.add_question(tx, command, when, actor))


def _rows(story: Story, number: str) -> list[run.RowView]:
    tx = reading(story.cast["ivan"])
    return run.rows(tx, plans.by_number(tx, number).id)


def _file(story: Story, name: str, text: str, days_ago: int) -> int:
    received = intake.receive([(io.BytesIO(text.encode()), name)])
    when = story.at(days_ago, 2)
    return story.tell("ivan", lambda tx, actor: evidence.add(tx, evidence.Add(received), when, actor))[0]


def _answer_some(story: Story, number: str, days_ago: int, until: int | None = None) -> None:
    """Answer the rows in one transaction an hour, as an auditor at work would."""
    actor = story.cast["ivan"]
    rows = _rows(story, number)[:until]
    interview = _file(
        story, "interview-notes.txt", "Opening interview with the representative and two handlers.\n", days_ago
    )

    def answer_all(tx: Session, _actor: object) -> None:
        for position, row in enumerate(rows):
            answer, note = NOTED.get(row.item_id, ("conforms", ""))
            files = (interview,) if position % 20 == 0 or answer in row.evidence_for else ()
            if not note and (position % 3 < 2 or answer in row.note_for):
                note = f"Seen: {row.expected}" if position % 9 else "Seen in the register, confirmed in the interview."
            command = service.Answer(number, row.id, row.version, answer, note, files)
            service.answer(tx, command, story.at(days_ago, 1 + position / 30), actor)

    story.tell("ivan", answer_all)


def _run(story: Story, number: str, days_ago: int) -> None:
    _start(story, number, days_ago)
    _answer_some(story, number, days_ago)
    register = _file(story, "register-extract.csv", "reference,acknowledged\nC-0001,yes\nC-0002,yes\n", days_ago - 1)
    by_item = {row.item_id: row for row in _rows(story, number)}

    def finding(item: str, grade: Grade, statement: str, seen: str, files: tuple[int, ...] = ()) -> None:
        command = service.RaiseFinding(number, grade, statement, seen, row_id=by_item[item].id, files=files)
        when = story.at(days_ago - 1, 3)
        story.tell("ivan", lambda tx, actor: service.raise_finding(tx, command, when, actor, library=story.library))

    finding(
        "q18-7.3-1",
        Grade.MAJOR,
        "Complainants are not told how their complaint stands at the promised intervals.",
        "4 of 12 files without a progress notice after ten days: C-2026 numbers in the extract; two calls on record.",
        (register,),
    )
    finding(
        "q18-4.14-1",
        Grade.MINOR,
        "Training of contact personnel is not shown for everybody.",
        "Training list of the shop High Street: 2 of 5 names without an entry since 24 months.",
    )
    finding(
        "q18-7.4-1",
        Grade.MINOR,
        "E-mails that arrive at the weekend are acknowledged late.",
        "3 of 12 files: received on Saturday, acknowledged on Tuesday; target one working day.",
        (register,),
    )
    finding(
        "q18-8.2-1", Grade.OPPORTUNITY, "Repeat complaints could be counted by cause.", "Interview with two handlers."
    )
    finding(
        "q18-7.9-1",
        Grade.GOOD_PRACTICE,
        "Every refused decision names the external body with its address.",
        "All 2 refused decisions of the period.",
    )
    conclusion = (
        "The process works on all channels and the records can be trusted. Telling complainants how their complaint "
        "stands does not work as promised and needs corrective action before stage 1."
    )
    when = story.at(days_ago - 3)
    story.tell("ivan", lambda tx, actor: service.report(tx, service.ReportAudit(number, conclusion), when, actor))


def _findings(story: Story, number: str) -> None:
    """An action for each nonconformity: one verified and closed, one done, one open and overdue."""
    audit = plans.by_number(reading(story.cast["ivan"]), number)
    major, training, weekend, *_others = findings.of_audit(reading(story.cast["ivan"]), audit.id)

    def open_action(finding: findings.FindingView, owner: str, due: int, **words: Any) -> str:
        command = actions.OpenAction(
            kind=Kind.CORRECTIVE,
            origin=("finding", finding.id),
            origin_title=f"{finding.number} {finding.statement}",
            owner_id=story.person(owner),
            due_on=_day(story, due),
            cause_required=finding.grade == Grade.MAJOR,
            **words,
        )
        return story.tell("quentin", lambda tx, actor: actions.open_action(tx, command, story.at(26), actor))

    notices = open_action(
        major, "hana", 12,
        title="Progress notices from the register, not from memory",
        correction="The four complainants were called and written to the same week.",
        cause="The notice depended on a handler's own calendar; absence was not covered.",
        plan="The register lists what needs a notice each morning; the deputy sees the same list.",
    )  # fmt: skip
    open_action(
        training, "maya", 5,
        title="Training for all contact staff, with a record",
        correction="The two colleagues read the procedure and talked it through with Maya.",
        cause="New people in spring were not put on the list.",
        plan="The list is made from the payroll every quarter.",
    )  # fmt: skip
    mailbox = open_action(
        weekend, "sofia", 10,
        title="Weekend e-mails are seen on Monday",
        correction="The open e-mails were acknowledged.",
        cause="Mondays began with the telephone; the mailbox came second.",
        plan="Mailbox first, rota with two names.",
    )  # fmt: skip
    proof = _file(story, "rota.txt", "Mailbox rota: Monday Hana, deputy Sofia.\n", 14)
    _complete(story, notices, "hana", 14, "List in use since the 3rd; 9 notices sent on time since.", (proof,))
    _complete(story, mailbox, "sofia", 11, "Rota hangs in the office and is kept.", (proof,))
    _verify(story, notices, 3, "Twelve open complaints examined: every notice due was sent.")
    version = actions_read.by_number(reading(story.cast["quentin"]), notices).version
    story.tell(
        "quentin",
        lambda tx, actor: actions.close(tx, actions.CloseAction(notices, version), story.at(2), actor),
    )


def _complete(story: Story, number: str, who: str, days_ago: int, proof: str, files: tuple[int, ...]) -> None:
    version = actions_read.by_number(reading(story.cast[who]), number).version
    command = actions.CompleteAction(number, version, proof, files)
    story.tell(who, lambda tx, actor: actions.complete(tx, command, story.at(days_ago), actor))


def _verify(story: Story, number: str, days_ago: int, text: str) -> None:
    version = actions_read.by_number(reading(story.cast["ivan"]), number).version
    command = actions.VerifyAction(number, version, effective=True, text=text)
    story.tell("ivan", lambda tx, actor: actions.verify(tx, command, story.at(days_ago), actor))
