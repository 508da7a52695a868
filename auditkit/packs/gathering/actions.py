"""What packs take from actions: the register of findings and actions, the table, the files that show effect (8.7)."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from itertools import groupby

from auditkit.actions import queries as actions
from auditkit.actions.queries import RegisterRow
from auditkit.actions.rules import KIND_TITLES, STATE_TITLES, State
from auditkit.audits.queries import findings as findings_of
from auditkit.audits.queries import grades
from auditkit.audits.rules import FINDING_STATE_TITLES
from auditkit.base.text import _
from auditkit.documents.contexts.facts import Count, DocumentFacts, LeftOut, Organisation
from auditkit.documents.contexts.registers import FindingsAndActions, Period, RegisteredAction, RegisteredFinding
from auditkit.documents.tables import Column, Sheet
from auditkit.evidence import queries as evidence
from auditkit.packs.gathering import audits
from auditkit.packs.gathering.found import Document, Register, Scope, Seen, day, number_of
from auditkit.web.languages import day_there

COMPLAINT = "complaint"


def alive(scope: Scope) -> list[RegisterRow]:
    """The actions that were opened by the end of the period and not closed before its start."""
    return scope.once("actions", lambda: list(_alive(scope)))


def _alive(scope: Scope) -> Iterator[RegisterRow]:
    wanted = _wanted(scope)
    for one in actions.register(scope.tx, scope.start, scope.end):
        if wanted is None or one.number in wanted:
            yield one


def _wanted(scope: Scope) -> dict[str, int] | None:
    """Number -> id of the actions of a pack about one audit or one complaint; None where all count."""

    def read() -> dict[str, int] | None:
        if scope.audit:
            lines = actions.for_origins(scope.tx, findings_of.SUBJECT, sorted(audits.findings_by_id(scope)))
        elif scope.complaint:
            from auditkit.complaints.privacy.queries import cases  # only for such packs (decision 0007)

            case = cases.subject(scope.tx, scope.complaint)
            lines = actions.for_origins(scope.tx, COMPLAINT, [case.id])
        else:
            return None
        return {one.number: one.id for found in lines.values() for one in found}

    return scope.once("wanted actions", read)


def newest(scope: Scope) -> datetime | None:
    """When one of these actions last changed."""
    if _wanted(scope) is not None:
        return max((moment for one in alive(scope) for moment in _moments(one)), default=None)
    return actions.newest_change(scope.tx, scope.start, scope.end)


def _moments(one: RegisterRow) -> Iterator[datetime]:
    for moment in (one.opened_at, one.completed_at, one.verified_at, one.closed_at):
        if moment is not None:
            yield moment


def findings_and_actions(scope: Scope) -> list[Document] | str:
    """The register as a document, or why there is none."""
    found = audits.found_in(scope)
    done = alive(scope)
    changed = [moment for moment in (audits.newest(scope), newest(scope)) if moment is not None]
    if not changed:
        return _("There is no audit and no action in this period")
    states = Counter(one.state for one in done)
    called = grades.titles(scope.tx)
    context = FindingsAndActions(
        organisation=Organisation(scope.organisation.name),
        document=DocumentFacts("REG-FA", day_there(max(changed)).isoformat(), day(day_there(max(changed)))),
        period=Period(day(scope.start), day(scope.end)),
        totals=(
            Count(_("Findings"), len(found)),
            Count(_("Actions"), len(done)),
            *(Count(f"{_('Actions')}: {_(STATE_TITLES[state])}", states[state]) for state in State),
        ),
        findings=tuple(
            RegisteredFinding(
                number=one.number,
                audit=one.audit,
                grade=called[one.grade],
                clause=number_of(one.clause),
                statement=one.statement,
                state=_(FINDING_STATE_TITLES[one.state]),
            )
            for one in found
        ),
        actions=tuple(_registered(one) for one in done),
        left_out=(
            LeftOut(_("Findings of audits planned for other days"), _("Outside the period")),
            LeftOut(_("Actions closed before the period or opened after it"), _("Outside the period")),
        ),
    )
    return [Document(_("Register of findings and actions"), context, max(changed))]


def _registered(one: RegisterRow) -> RegisteredAction:
    verified = ""
    if one.verified_at is not None:
        verified = f"{day(day_there(one.verified_at))}, {one.verified_by}: {one.verification}"
    return RegisteredAction(
        number=one.number,
        origin=one.origin_title,
        kind=_(KIND_TITLES[one.kind]),
        description=one.title,
        cause=one.cause,
        owner=one.owner,
        due=day(one.due_on),
        completed=day(day_there(one.completed_at)) if one.completed_at else "",
        verified=verified,
        state=_(STATE_TITLES[one.state]),
    )


def action_register(scope: Scope) -> Register | str:
    """The actions alive in the period as a table, or why there is none."""
    found = alive(scope)
    if not found:
        return _("No action was open in this period")
    columns = [
        Column(_("Number"), 14),
        Column(_("Kind"), 20),
        Column(_("What is done"), 50),
        Column(_("In answer to"), 40),
        Column(_("Correction"), 40),
        Column(_("Cause"), 40),
        Column(_("Plan"), 40),
        Column(_("Owner"), 22),
        Column(_("Due on"), 12),
        Column(_("State"), 28),
        Column(_("Opened on"), 12),
        Column(_("Done on"), 12),
        Column(_("Done by"), 22),
        Column(_("How it was done"), 50),
        Column(_("Verified on"), 12),
        Column(_("Verified by"), 22),
        Column(_("How the effect was checked"), 50),
        Column(_("Closed on"), 12),
        Column(_("Rounds without effect"), 10),
    ]

    def sheets() -> Iterator[Sheet]:
        yield Sheet(
            _("Actions"),
            columns,
            (
                (
                    one.number,
                    _(KIND_TITLES[one.kind]),
                    one.title,
                    one.origin_title,
                    one.correction,
                    one.cause,
                    one.plan,
                    one.owner,
                    one.due_on,
                    _(STATE_TITLES[one.state]),
                    day_there(one.opened_at),
                    day_there(one.completed_at) if one.completed_at else None,
                    one.completed_by,
                    one.completion,
                    day_there(one.verified_at) if one.verified_at else None,
                    one.verified_by,
                    one.verification,
                    day_there(one.closed_at) if one.closed_at else None,
                    one.rounds_without_effect,
                )
                for one in found
            ),
        )

    return Register(_("Actions"), sheets, len(found), newest(scope))


def _ids(scope: Scope) -> frozenset[int] | None:
    wanted = _wanted(scope)
    return None if wanted is None else frozenset(wanted.values())


def files(scope: Scope) -> list[Seen] | str:
    """Files that show what was done (corrections and steps too) and its effect, or why there are none."""
    period = (scope.tx, scope.start, scope.end)
    of_path = actions.path_subjects(*period, _ids(scope))
    subjects = sorted([*actions.subjects(*period), *of_path])
    if (ids := _ids(scope)) is not None:
        subjects = [one for one in subjects if one in of_path or one[1] in ids]
    seen: dict[int, Seen] = {}
    for kind, group in groupby(subjects, key=lambda subject: subject[0]):
        held = evidence.for_subjects(scope.tx, kind, [action_id for _kind, action_id in group])
        label = _("Effect of an action") if kind == actions.VERIFICATION else _("Completion of an action")
        for attachments in held.values():
            for attached in attachments:
                one = seen.setdefault(attached.file.id, Seen(attached.file))
                newest_of_file = max(attached.added_at, attached.file.added_at)
                one.used(label, [scope.ref("8.7"), *attached.file.clauses], newest_of_file)
    return list(seen.values()) or _("No file is attached to an action of this period")
