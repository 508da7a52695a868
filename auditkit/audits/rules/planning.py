"""What a plan must say, and the states of an audit. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from auditkit.base.errors import BadInput, Conflict, RuleBroken
from auditkit.base.events import event
from auditkit.base.text import N_

PLANNED = event("audit:planned", N_("Audit planned"))
REPLANNED = event("audit:replanned", N_("Plan of the audit changed"))
STARTED = event("audit:started", N_("Audit started, checklist frozen"))
TEAM_CHANGED = event("audit:team-changed", N_("Audit team changed"))
SEED_COMMITTED = event("audit:seed-committed", N_("Seed of a sample made; its hash is on record"))
POPULATION_CLOSED = event("audit:population-closed", N_("Population of a sample closed; its digest is on record"))
SAMPLE_DRAWN = event("audit:sample-drawn", N_("Sample drawn, its complaints captured"))

SERIES = "audit"


class State(StrEnum):
    """Where an audit stands."""

    PLANNED = "planned"
    RUNNING = "running"
    REPORTED = "reported"
    CLOSED = "closed"


STATE_TITLES = {
    State.PLANNED: N_("Planned"),
    State.RUNNING: N_("Running"),
    State.REPORTED: N_("Reported"),
    State.CLOSED: N_("Closed"),
}


class AuditKind(StrEnum):
    """What kind of audit it is. `OUTSIDE` was done by a certification body and is recorded here, not run here."""

    INTERNAL = "internal"
    SUPPLIER = "supplier"
    STAGE_1 = "stage-1"
    STAGE_2 = "stage-2"
    FOLLOW_UP = "follow-up"
    OUTSIDE = "outside"


KIND_TITLES = {
    AuditKind.INTERNAL: N_("Internal audit"),
    AuditKind.SUPPLIER: N_("Audit of a supplier or dealer"),
    AuditKind.STAGE_1: N_("Mock stage 1"),
    AuditKind.STAGE_2: N_("Mock stage 2"),
    AuditKind.FOLLOW_UP: N_("Follow-up audit"),
    AuditKind.OUTSIDE: N_("Audit by a certification body, recorded from outside"),
}


class Method(StrEnum):
    """Where the auditors are (ISO 19011:2026 asks that the method is planned)."""

    ON_SITE = "on-site"
    REMOTE = "remote"
    HYBRID = "hybrid"


METHOD_TITLES = {
    Method.ON_SITE: N_("On site"),
    Method.REMOTE: N_("Remote"),
    Method.HYBRID: N_("Partly on site, partly remote"),
}


class CriterionSource(StrEnum):
    """Where a further criterion comes from."""

    STANDARD = "standard"
    POLICY = "policy"


class BasisKind(StrEnum):
    """What a plan names beside standards and documents; `GUIDELINES` is how it is audited, not what against."""

    GUIDELINES = "guidelines"
    LAW = "law"
    CONTRACT = "contract"
    SCHEME = "scheme"


class CriterionKind(StrEnum):
    """What a criterion is, for whoever reads the plan or the report."""

    STANDARD = "standard"
    DOCUMENT = "document"
    LAW = "law"
    CONTRACT = "contract"
    SCHEME = "scheme"
    OTHER = "other"


CRITERION_TITLES = {
    CriterionKind.STANDARD: N_("Standard, edition"),
    CriterionKind.DOCUMENT: N_("Own document"),
    CriterionKind.LAW: N_("Law"),
    CriterionKind.CONTRACT: N_("Contract"),
    CriterionKind.SCHEME: N_("Scheme"),
    CriterionKind.OTHER: N_("Other criterion"),
}
GUIDELINES = "iso19011"
"""The standard, in any edition, that audits are conducted after."""


class TeamRole(StrEnum):
    """What a person does in an audit."""

    LEAD = "lead"
    AUDITOR = "auditor"
    EXPERT = "expert"
    OBSERVER = "observer"


TEAM_ROLE_TITLES = {
    TeamRole.LEAD: N_("Lead auditor"),
    TeamRole.AUDITOR: N_("Auditor"),
    TeamRole.EXPERT: N_("Technical expert"),
    TeamRole.OBSERVER: N_("Observer"),
}


class NotPlanned(RuleBroken):
    message = N_("This audit has started, so its plan and checklist stand as they are")


class NotRunning(RuleBroken):
    message = N_("Questions are answered, and findings raised, while the audit is running")


class TitleMissing(BadInput):
    message = N_("Enter a title for the audit")


class ObjectivesMissing(BadInput):
    message = N_("Enter what the audit is to find out")


class ScopeMissing(BadInput):
    message = N_("Enter what is audited: processes, sites, period")


class DatesReversed(BadInput):
    message = N_("Enter a last day that is not before the first day (%(first)s)")


class LeadMissing(BadInput):
    message = N_("Name exactly one lead auditor")


class PersonTwice(BadInput):
    message = N_("Give each person of the team one role only")


class NotAnAuditor(BadInput):
    message = N_("Choose people of this organisation; the lead auditor must be one who may run audits")


class TeamStands(RuleBroken):
    message = N_("This audit is reported, so its team stands as it was")


class TeamReasonMissing(BadInput):
    message = N_("Write down why the team changes")


class AuditeeMissing(BadInput):
    message = N_("Enter who is audited: the supplier or dealer, and where")


class GuidelinesUnknown(BadInput):
    message = N_("Choose an edition of ISO 19011 as guidelines for the audit, or none")


class FollowedMissing(BadInput):
    message = N_("Choose the audit that is followed up")


class RemoteRiskMissing(BadInput):
    message = N_(
        "Write down what was checked for remote work: connection, screen sharing, access to records, confidentiality, "
        "and what is done when it fails"
    )


class VirtualOnSite(BadInput):
    message = N_(
        "An audit that is wholly on site has no virtual places. Choose “Partly on site, partly remote”, or take the "
        "virtual places out"
    )


class PlanChanged(Conflict):
    message = N_("Somebody else changed this audit meanwhile. Nothing was overwritten: reload the page and try again")


@dataclass(frozen=True)
class Tally:
    """Rows of an audit by how they stand. `not_covered`: not checked, with the reason written down."""

    total: int
    answered: int = 0
    excluded: int = 0
    not_covered: int = 0

    @property
    def unanswered(self) -> int:
        """Rows nobody has looked at and nobody has said why."""
        return self.total - self.answered - self.excluded - self.not_covered

    @property
    def percent(self) -> int:
        """Share of rows that are settled, in whole percent; 100 only when all are."""
        return 100 if self.total == 0 else (self.total - self.unanswered) * 100 // self.total


def number(year: int, serial: int) -> str:
    """`A-2026-001`: what people call the audit."""
    return f"A-{year}-{serial:03d}"


def check_plan(*, title: str, objectives: str, scope: str, planned_from: date, planned_to: date) -> None:
    """Whether a plan says what a plan must (ISO 19011, plan content).

    Raises TitleMissing, ObjectivesMissing, ScopeMissing or DatesReversed.
    """
    if not title.strip():
        raise TitleMissing()
    if not objectives.strip():
        raise ObjectivesMissing()
    if not scope.strip():
        raise ScopeMissing()
    if planned_to < planned_from:
        raise DatesReversed(first=planned_from)


def check_kind(kind: AuditKind, *, auditee: str, followed: str) -> None:
    """What one kind of audit asks for beside the rest: a supplier is named, a follow-up follows an audit.

    Raises AuditeeMissing or FollowedMissing.
    """
    if kind is AuditKind.SUPPLIER and not auditee.strip():
        raise AuditeeMissing()
    if kind is AuditKind.FOLLOW_UP and not followed.strip():
        raise FollowedMissing()


def check_remote(kind: AuditKind, method: Method, remote_risk: str, virtual_places: str = "") -> None:
    """Whoever audits from afar has looked at what can go wrong with the technology (ISO 19011:2026).

    What a certification body did about it is not ours to say. Raises RemoteRiskMissing, and VirtualOnSite for an audit
    wholly on site that names virtual places.
    """
    if method is Method.ON_SITE and virtual_places.strip():
        raise VirtualOnSite()
    if method is not Method.ON_SITE and kind is not AuditKind.OUTSIDE and not remote_risk.strip():
        raise RemoteRiskMissing()


def check_team(*, team: Sequence[tuple[int, TeamRole]], auditors: Iterable[int], people: Iterable[int]) -> None:
    """Whether a team has its lead and nobody twice. `auditors` may run audits, `people` are all members.

    Raises LeadMissing, PersonTwice or NotAnAuditor.
    """
    leads = [person for person, role in team if role is TeamRole.LEAD]
    if len(leads) != 1:
        raise LeadMissing()
    if len({person for person, _role in team}) != len(team):
        raise PersonTwice()
    if leads[0] not in set(auditors) or not {person for person, _role in team} <= set(people):
        raise NotAnAuditor()


def check_team_change(state: State, reason: str) -> None:
    """Raises TeamStands once the audit is reported, or TeamReasonMissing."""
    if state not in (State.PLANNED, State.RUNNING):
        raise TeamStands()
    if not reason.strip():
        raise TeamReasonMissing()


def check_planned(state: State) -> None:
    """Raises NotPlanned once the audit has started."""
    if state is not State.PLANNED:
        raise NotPlanned()


def check_running(state: State) -> None:
    """Raises NotRunning unless the audit is running."""
    if state is not State.RUNNING:
        raise NotRunning()
