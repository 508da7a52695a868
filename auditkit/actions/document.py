"""The response form: what answers a nonconformity, as a Word document, in the words of the screen's language."""

from collections.abc import Mapping
from datetime import datetime

from auditkit.actions import drawing, picture, rules, telling
from auditkit.actions.queries import ActionView, NcView, PathView
from auditkit.actions.rules import (
    BONE_TITLES,
    DISCIPLINES,
    GRADE_TITLES,
    METHOD_TITLES,
    NOTICED_TITLES,
    STATE_TITLES,
    TARGET_TITLES,
    VERDICT_TITLES,
    Noticed,
    StepState,
)
from auditkit.base.text import _, enumerated
from auditkit.documents.contexts.facts import DocumentFacts, LeftOut, Organisation, Picture
from auditkit.documents.contexts.nc_response import (
    AnsweredNonconformity,
    CauseRow,
    DeadlineRow,
    EightDRow,
    NcResponse,
    ResponseFacts,
    ReviewRow,
    StepRow,
)
from auditkit.documents.direction import figure
from auditkit.web.languages import day, day_there

TEMPLATE = "nc-response"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def response(
    action: ActionView,
    path: PathView,
    nc: NcView | None,
    organisation: str,
    names: Mapping[int, str],
    now: datetime,
) -> NcResponse:
    """What the document is filled with; parts that are not written yet are empty and it says so."""
    return NcResponse(
        organisation=Organisation(organisation),
        document=DocumentFacts(action.number, figure(action.version), day(day_there(now))),
        nonconformity=_answered(action, path, nc),
        response=_facts(action, path, names),
        deadlines=_deadlines(path, now),
        causes=tuple(
            CauseRow(str(one.depth), one.line.text, _("Root cause") if one.line.root else "")
            for branch in path.tree
            for one in branch.walked()
        ),
        eight_d=tuple(
            EightDRow(f"D{number} {_(title)}", path.disciplines[number])
            for number, title in DISCIPLINES.items()
            if path.disciplines.get(number)
        ),
        steps=_steps(path, names),
        reviews=tuple(
            ReviewRow(day(one.reviewed_on), _(VERDICT_TITLES[one.verdict]), one.text) for one in path.reviews
        ),
        left_out=_left_out(action, path),
    )


def _answered(action: ActionView, path: PathView, nc: NcView | None) -> AnsweredNonconformity:
    grade = _(GRADE_TITLES[path.grade])
    if nc is None:
        return AnsweredNonconformity("", "", grade, "", "", action.origin_title, "", "", "")
    raised = enumerated(one for one in (day(nc.raised_on), nc.raised_by) if one)
    return AnsweredNonconformity(
        nc.body, nc.number, grade, nc.audit, nc.clause, nc.statement, nc.evidence, raised, nc.accepted_by
    )


def _who(moment: datetime | None, person: int | None, names: Mapping[int, str]) -> str:
    return enumerated(one for one in (day(day_there(moment)), names.get(person or 0, "")) if one) if moment else ""


def _facts(action: ActionView, path: PathView, names: Mapping[int, str]) -> ResponseFacts:
    effect, method = path.effect, path.method
    corrected = names.get(path.correction_by or 0, "")
    figures = ""
    if effect and effect.before_value is not None and effect.after_value is not None:
        figures = _(
            "before %(before)s, after %(after)s, over %(days)s days each",
            before=rules.figure_text(effect.before_value),
            after=rules.figure_text(effect.after_value),
            days=effect.window_days or 0,
        )
    return ResponseFacts(
        number=action.number,
        title=action.title,
        owner=names.get(action.owner_id, ""),
        state=_(STATE_TITLES[action.state]),
        correction=action.correction,
        correction_who=f"{day(path.correction_on)}, {corrected}" if path.correction_on else "",
        correction_proof=path.correction_proof,
        extent_looked=path.extent_looked,
        extent_found=path.extent_found,
        cause=action.cause,
        cause_method=path.method_name or (_(METHOD_TITLES[method]) if method else ""),
        cause_category=path.category_title,
        fishbone=_fishbone(action, path),
        plan=action.plan,
        done=action.completion,
        done_who=_who(action.completed_at, action.completed_by, names),
        criterion=effect.criterion if effect else "",
        criterion_wait=_("%(days)s days after it is done", days=effect.wait_days) if effect else "",
        figures=figures,
        verification=action.verification,
        verified_who=_who(action.verified_at, action.verified_by, names),
        closed=_who(action.closed_at, action.closed_by, names),
    )


def _fishbone(action: ActionView, path: PathView) -> Picture:
    """The drawing of the page, for a document that runs from left to right; empty where no cause hangs on a bone."""
    bones = drawing.ribs(path.tree, {bone.value: _(title) for bone, title in BONE_TITLES.items()})
    if not bones:
        return Picture("")
    more = _("and %(number)s more", number="{number}")
    return picture.png(drawing.fishbone(bones, action.origin_title, label="", more=more, mirrored=False))


def _deadlines(path: PathView, now: datetime) -> tuple[DeadlineRow, ...]:
    found = []
    for one in path.dues:
        if one.step_id is not None:
            continue
        standing = one.standing(now)
        state = _(NOTICED_TITLES[standing])
        if one.ended_at is not None:
            state = _("Done in time") if standing is Noticed.NOTHING else _("Done late")
        found.append(DeadlineRow(_(TARGET_TITLES[one.target]), day(telling.last_day(one)), state))
    return tuple(found)


def _steps(path: PathView, names: Mapping[int, str]) -> tuple[StepRow, ...]:
    return tuple(
        StepRow(
            one.title,
            names.get(one.owner_id, ""),
            day(one.due_on),
            f"{one.cost_text} {one.currency}".strip(),
            day(day_there(one.ended_at)) if one.ended_at else "",
            one.note,
        )
        for one in path.steps
        if one.state is not StepState.DROPPED
    )


def _left_out(action: ActionView, path: PathView) -> tuple[LeftOut, ...]:
    found = [LeftOut(_("Files that show it"), _("They stay in the organisation and can be asked for"))]
    if dropped := sum(one.state is StepState.DROPPED for one in path.steps):
        found.append(LeftOut(_("Dropped steps: %(number)s", number=dropped), _("They are not part of the plan")))
    if action.attempts or path.reopened:
        found.append(LeftOut(_("Earlier rounds: %(number)s", number=path.reopened), _("Only the present one is shown")))
    return tuple(found)
