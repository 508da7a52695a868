"""Step 2: the documents the organisation has and those its gap analysis asks for, and its registers."""

from typing import Any

from auditkit.audits.queries import briefs, plans
from auditkit.base.text import _
from auditkit.content.library import Checklist
from auditkit.content.shapes import Use
from auditkit.home.stage1.looking import Look
from auditkit.home.stage1.registers import register_line, registers_beside
from auditkit.home.stage1.rules import Line, Part, Standing, Step, each_once, earliest
from auditkit.policies.queries import listing
from auditkit.policies.queries.listing import MARK_TITLES, Mark
from auditkit.policies.rules import COMPLAINTS_POLICY
from auditkit.web.languages import day, listed

TO_MEND = (
    Mark.NONE,
    Mark.COMING,
    Mark.UNDER_APPROVAL,
    Mark.OPEN_QUESTIONS,
    Mark.REVIEW_OVERDUE,
    Mark.OUT_OF_DATE,
    Mark.STALE_TRANSLATION,
    Mark.UNREAD,
)
"""What keeps a document from being called done."""


def step(look: Look) -> Step:
    """The step as it stands."""
    lines: list[Line] = []
    if look.actor.may("policies.read"):
        lines += _documents(look)
    if look.actor.may("registers.read"):
        lines += [register_line(look, _("Register kept"), one) for one in registers_beside(look)]
    return Step(Part.DOCUMENTS, tuple(lines), look.lacks("policies.read", "registers.read", "audits.read"))


def _documents(look: Look) -> list[Line]:
    there = listing.lines(look.tx, look.today)
    started = {one.policy.content_id for one in there}
    asked = [one for one in (COMPLAINTS_POLICY, *_asked_for(look)) if one not in started]
    return [_started(look, one) for one in there] + [_to_start(look, one) for one in dict.fromkeys(asked)]


def _asked_for(look: Look) -> list[str]:
    """The library's texts that the answers of the newest gap analysis lead to, in the order of its plan."""
    audit = next((one for one in look.run_here(Use.GAP) if one.rows), None)
    checklist = plans.checklist(look.tx, audit.id) if audit else None
    if audit is None or checklist is None:
        return []
    steps = _led_to(checklist, briefs.answers(look.tx, audit.id))
    wanted = [text for one in checklist.steps if one.id in steps for text in one.policies]
    return [one for one in wanted if one in look.library.policies]


def _led_to(checklist: Checklist, given: list[tuple[str, str]]) -> set[str]:
    answers = {one.id: one for one in checklist.scale.answers}
    return {
        name
        for item, answer in given
        if answer in answers and item in checklist.by_id
        for name in checklist.by_id[item].steps(answers[answer])
    }


def _to_start(look: Look, content_id: str) -> Line:
    shape = look.library.policies[content_id]
    always = content_id == COMPLAINTS_POLICY
    said = _("Not begun") if always else _("Not begun; the gap analysis asks for it")
    return Line(_("Document"), Standing.MISSING, said, ("policies.index", {}), shape.title)


def _started(look: Look, line: listing.Line) -> Line:
    policy, version = line.policy, line.version
    marks = [mark for mark in line.marks if mark in TO_MEND]
    place: tuple[str, dict[str, Any]] = ("policies.show", {"policy_id": policy.id})
    due = earliest([version.review_by if version else None, *(one.review_by for one in policy.versions[-1:])])
    who = each_once([line.turn, policy.card.owner_id, policy.edited_by_id])
    if marks:
        said = listed([_(MARK_TITLES[mark]) for mark in marks])
    elif version is not None and version.effective_on is not None:
        said = _("Version %(number)s in force since %(day)s", number=version.number, day=day(version.effective_on))
    else:
        said = _("In force")
    standing = Standing.UNDER_WAY if marks else Standing.DONE
    return Line(_("Document"), standing, said, place, f"{policy.reference} {policy.title}", due, who)
