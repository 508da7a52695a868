"""The demo's samples: a stratified one with files tested, a chosen complaint, the whole population, a log, a figure."""

import io
import tempfile
from datetime import timedelta
from pathlib import Path

from auditkit.audits import service
from auditkit.audits.filetest import queries as filetests
from auditkit.audits.filetest.rules import Verdict
from auditkit.audits.filetest.service import AnswerFile, FinishFile, Given, answer_file, finish_file
from auditkit.audits.identity.service import AnswerRequest, AskIdentity, answer, ask
from auditkit.audits.machinetest.examining import PopulationWish
from auditkit.audits.machinetest.service import run_tests
from auditkit.audits.queries import plans
from auditkit.audits.reconciling.reading import read_log
from auditkit.audits.reconciling.service import CompareLog, compare_log
from auditkit.audits.recounting.service import Recount, recount
from auditkit.audits.rules import Grade, Origin
from auditkit.audits.sampling import Method, Stratify
from auditkit.audits.service.sampling import DrawSample, PickComplaint, draw_sample, pick_complaint
from auditkit.base.db import reading
from auditkit.complaints import queries as complaints
from auditkit.complaints.checking.vocabulary import Indicator
from auditkit.evidence import intake
from auditkit.evidence import service as evidence
from auditkit.instance.demo.story import DAYS, Story

SIZE = 6
LOG = """Date,From,Subject
{first},lift@example.net,The lift in the shop was out of order again
{second},front.desk@example.net,{reference}: any news?
{third},kettle@example.net,Kettle leaks after two weeks and nobody answers the telephone
"""


def tell(story: Story, number: str, days_ago: int) -> None:
    """What Ivan did with the register in the running audit."""
    when = story.at(days_ago, 2)
    first, last = (story.today - timedelta(days=DAYS)).date(), story.today.date()
    sample = DrawSample(
        number,
        first,
        last,
        size=SIZE,
        reason="Six files can be read with care in the two days on site.",
        method=Method.STRATIFIED,
        by=Stratify.OUTCOME,
    )
    story.tell("ivan", lambda tx, actor: draw_sample(tx, sample, when, actor))
    files = list(filetests.files(reading(story.cast["ivan"]), _id(story, number)))
    others = [one for _key, one in complaints.population(reading(story.cast["ivan"]), first, last) if one not in files]
    if others:
        chosen = PickComplaint(number, others[0], "The local paper wrote about it.")
        story.tell("ivan", lambda tx, actor: pick_complaint(tx, chosen, when, actor))
    _ask_who_complained(story, number, days_ago, files[0])
    for reference in files[:2]:
        _test(story, number, reference, days_ago)
    wish = PopulationWish(number, first, last)
    story.tell("ivan", lambda tx, actor: run_tests(tx, wish, story.at(days_ago, 5), actor))
    _compare(story, number, days_ago, files[0])
    figure = Recount(
        number, Indicator.ACKNOWLEDGED_ON_TIME, first, last, "98.2", "Report to the director, last quarter"
    )
    story.tell("ivan", lambda tx, actor: recount(tx, figure, story.at(days_ago, 6), actor))


def _id(story: Story, number: str) -> int:
    return plans.by_number(reading(story.cast["ivan"]), number).id


def _ask_who_complained(story: Story, number: str, days_ago: int, reference: str) -> None:
    """Ivan asks, Quentin grants."""
    asked = AskIdentity(number, reference, "The file does not show whether the letter went to the right address.")
    request = story.tell("ivan", lambda tx, actor: ask(tx, asked, story.at(days_ago, 2.4), actor))
    granted = AnswerRequest(number, request, granted=True, words="For the address only.")
    story.tell("quentin", lambda tx, actor: answer(tx, granted, story.at(days_ago, 2.8), actor))


def _test(story: Story, number: str, reference: str, days_ago: int) -> None:
    """Every question of one file; where something was found not in order, a note and for the first of it a finding."""
    view = filetests.show(reading(story.cast["ivan"]), _id(story, number), reference, story.library)
    odd = {item: [one for one in found if one.verdict is Verdict.EXCEPTION] for item, found in view.facts.items()}
    given = []
    for item in view.checklist.items:
        if odd.get(item.id):
            given.append(Given(item.id, 0, "obs", "The machine found an exception; seen in the file."))
        elif "evidence" in item.needs(view.checklist.scale.answers[0]):
            given.append(Given(item.id, 0, "na", "Not in this case."))
        else:
            given.append(Given(item.id, 0, view.checklist.scale.answers[0].id))
    when = story.at(days_ago, 3)
    answers = AnswerFile(number, reference, given)
    story.tell("ivan", lambda tx, actor: answer_file(tx, answers, when, actor, library=story.library))
    done = FinishFile(number, reference)
    story.tell("ivan", lambda tx, actor: finish_file(tx, done, when, actor, library=story.library))
    found = next(((item, facts[0]) for item, facts in odd.items() if facts), None)
    if found is None:
        return
    finding = service.RaiseFinding(
        number,
        Grade.OBSERVATION,
        "A file does not show what the procedure asks for.",
        f"{reference}: {found[1].label}",
        clause=next(item.clauses[0] for item in view.checklist.items if item.id == found[0]),
        origin=Origin.SAMPLE,
        origin_id=view.complaint_id,
        origin_text=reference,
    )
    story.tell("ivan", lambda tx, actor: service.raise_finding(tx, finding, when, actor, library=story.library))


def _compare(story: Story, number: str, days_ago: int, reference: str) -> None:
    """A listing of the shop's mailbox with one mail that nobody recorded."""
    days = [(story.today - timedelta(days=before)).date().isoformat() for before in (30, 20, 10)]
    text = LOG.format(first=days[0], second=days[1], third=days[2], reference=reference)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "mailbox.csv")
        path.write_text(text, encoding="utf-8")
        log = read_log(path)
    received = intake.receive([(io.BytesIO(text.encode()), "mailbox-high-street.csv")])
    when = story.at(days_ago, 5)
    (file_id,) = story.tell("ivan", lambda tx, actor: evidence.add(tx, evidence.Add(received), when, actor))
    command = CompareLog(number, "Mailbox of the shop High Street", file_id, log)
    story.tell("ivan", lambda tx, actor: compare_log(tx, command, when, actor))
