"""Who complained in a sampled case: asked for with a reason, granted by another for some days, each reading logged."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from auditkit.audits.identity import queries, rules
from auditkit.audits.identity.models import AuditIdentityRequest
from auditkit.audits.identity.service import AnswerRequest, AskIdentity, ReadGranted, answer, ask, read_granted
from auditkit.audits.independence.rules import NotInTeam
from auditkit.audits.rules import NotRunning, TeamRole
from auditkit.audits.sampling import Method
from auditkit.audits.service import ChangeTeam, change_team
from auditkit.audits.service.sampling import DrawSample, draw_sample
from auditkit.base import clock as clocks
from auditkit.base.actor import Actor
from auditkit.base.clock import FrozenClock
from auditkit.base.db import reading, transaction
from auditkit.base.errors import BadInput, Forbidden
from auditkit.complaints.service import Identity
from auditkit.journal import queries as journal
from tests.conftest import House
from tests.factories.http import Browser
from tests.factories.refusals import accepts, refuses
from tests.slices.audits.doing import own_library, planned, started
from tests.slices.audits_samples.test_samples_tab import YEAR
from tests.slices.audits_signing.test_signing_verbs import head_of
from tests.slices.complaints.recording import registered

Opener = Callable[..., Browser]
WHY = "Whether the letter went to the right address"


@pytest.fixture
def case(acme: House, tmp_path: Path, clock: FrozenClock) -> tuple[str, str]:
    """A running audit, and a complaint in its sample."""
    number = started(acme, own_library(tmp_path))
    identity = Identity(name="Anahit Petrosyan", email="anahit@example.org")
    reference = registered(acme.actor("complaint-handler"), received_at=clocks.now(), complainant=identity)
    auditor = acme.actor("internal-auditor")
    with transaction(auditor) as tx:
        draw_sample(tx, DrawSample(number, *YEAR, method=Method.ALL), clocks.now(), auditor)
    return number, reference


def asked(actor: Actor, case: tuple[str, str], reason: str = WHY) -> int:
    with transaction(actor) as tx:
        return int(ask(tx, AskIdentity(*case, reason), clocks.now(), actor))


def answered(actor: Actor, number: str, request: int, *, granted: bool = True, days: int = 7, words: str = "") -> None:
    with transaction(actor) as tx:
        answer(tx, AnswerRequest(number, request, granted, days, words), clocks.now(), actor)


def looked(actor: Actor, case: tuple[str, str]) -> str:
    with transaction(actor) as tx:
        return str(read_granted(tx, ReadGranted(*case), clocks.now(), actor).name)


def test_an_auditor_sees_who_complained_only_while_a_grant_lasts(
    acme: House, case: tuple[str, str], clock: FrozenClock
) -> None:
    auditor, quality = acme.actor("internal-auditor"), acme.actor("quality-manager")
    with pytest.raises(rules.NotGranted):
        looked(auditor, case)
    request = asked(auditor, case)
    with pytest.raises(rules.NotGranted):  # asked is not granted
        looked(auditor, case)
    answered(quality, case[0], request, days=3, words="For the letters only")
    assert looked(auditor, case) == "Anahit Petrosyan"
    with pytest.raises(rules.NotGranted):  # it was granted to one person
        looked(acme.actor("administrator"), case)
    clock.advance(days=3)
    with pytest.raises(rules.NotGranted):
        looked(auditor, case)
    assert asked(auditor, case) != request  # over, so it can be asked for again

    complaint = queries.of_audit(reading(acme.system), head_of(acme, case[0]).id)[0].complaint_id
    entries = journal.timeline(reading(acme.system), acme.id, ("complaint", complaint), 50)
    read = [one for one in entries if one.event == "complaint:identity-read"]
    assert [(one.actor_id, one.facts) for one in read] == [(auditor.person_id, {"audit": case[0], "request": request})]
    told = journal.timeline(reading(acme.system), acme.id, ("audit", head_of(acme, case[0]).id), 50)
    assert [one.event for one in told if "identity" in one.event] == [
        "audit:identity-asked", "audit:identity-answered", "audit:identity-asked",
    ]  # fmt: skip
    assert WHY not in str([one.facts for one in told])  # a reason may name people: hashed in the chain, erasable


def test_nobody_grants_their_own_and_a_refusal_says_why(acme: House, case: tuple[str, str]) -> None:
    number, _reference = case
    manager = acme.actor("administrator")  # in the team, and may grant
    request = asked(manager, case)
    with pytest.raises(rules.OwnRequest):
        answered(manager, number, request)
    quality = acme.actor("quality-manager")
    with pytest.raises(rules.RefusalReasonMissing):
        answered(quality, number, request, granted=False)
    for days in (0, rules.MOST_DAYS + 1):
        with pytest.raises(rules.DaysOutOfRange):
            answered(quality, number, request, days=days)
    answered(quality, number, request, granted=False, words="The captured file has the letter")
    with pytest.raises(rules.AnsweredAlready):
        answered(quality, number, request)
    with pytest.raises(rules.NotGranted):
        looked(manager, case)


@pytest.mark.parametrize("role", ["internal-auditor", "complaint-handler", "staff", "external-reviewer"])
def test_only_those_who_may_grant_answer(acme: House, case: tuple[str, str], role: str) -> None:
    request = asked(acme.actor("administrator"), case)
    with pytest.raises(Forbidden):
        answered(acme.actor(role), case[0], request)


def test_who_may_ask(acme: House, case: tuple[str, str], tmp_path: Path) -> None:
    number, reference = case
    auditor = acme.actor("internal-auditor")
    with pytest.raises(rules.IdentityReasonMissing):
        asked(auditor, case, " ")
    with pytest.raises(Forbidden):  # may read who complained in the register, but does not audit
        asked(acme.actor("quality-manager"), case)
    with pytest.raises(NotInTeam):
        asked(acme.colleague("internal-auditor", "Otto"), case)
    asked(auditor, case)
    with pytest.raises(rules.AskedAlready):
        asked(auditor, case)
    other = registered(acme.actor("complaint-handler"), received_at=clocks.now() - timedelta(hours=1))
    with pytest.raises(rules.NotSampled):
        asked(auditor, (number, other))
    with pytest.raises(NotRunning):
        asked(auditor, (planned(acme, own_library(tmp_path / "more")), reference))


def test_who_left_the_team_sees_nothing_any_more(acme: House, case: tuple[str, str]) -> None:
    auditor, quality = acme.actor("internal-auditor"), acme.actor("quality-manager")
    answered(quality, case[0], asked(auditor, case))
    with transaction(quality) as tx:
        team = ((acme.person("administrator"), TeamRole.LEAD),)
        command = ChangeTeam(case[0], head_of(acme, case[0]).version, team, "Ill")
        change_team(tx, command, clocks.now(), quality)
    with pytest.raises(NotInTeam):
        looked(auditor, case)


@pytest.mark.sqlite_only
def test_the_pages(browser: Opener, acme: House, case: tuple[str, str]) -> None:
    number, reference = case
    address = f"/o/acme/audits/{number}/files/{reference}"
    auditor = browser(acme, "internal-auditor")
    assert "Anahit" not in auditor.get(address).text
    auditor.follow("Ask to see who complained")
    page = auditor.post_form({"reason": WHY}, action=f"{address}/identity")
    assert "Waits for an answer" in page.text
    auditor.get(address)  # a token
    assert auditor.post(f"{address}/identity/open", status=403).status == 403

    quality = browser(acme, "quality-manager")
    assert "requests to see who complained wait for an answer" in quality.get("/o/acme/").text
    assert WHY in quality.get(f"/o/acme/audits/{number}").text
    page = quality.get(f"{address}/identity")
    request = queries.waiting(reading(acme.system))[0].id
    page = quality.post_form({"granted": "no"}, action=f"{address}/identity/{request}")
    assert "Say why it is not granted" in page.text
    page = quality.post_form({"granted": "yes", "days": "2"}, action=f"{address}/identity/{request}")
    assert "Granted" in page.text
    assert WHY not in quality.get(f"/o/acme/audits/{number}").text.partition("What happened")[0]

    assert "wait for an answer" not in quality.get("/o/acme/").text
    assert "Anahit" not in auditor.get(f"{address}/identity").text  # not before the button
    page = auditor.post_form({}, action=f"{address}/identity/open")
    assert "Anahit Petrosyan" in page.text
    assert "That you read this is on record" in page.text
    browser(acme, "complaint-handler").get(f"{address}/identity", status=403)


@pytest.mark.parametrize(
    ("constraint", "values"),
    [
        ("asked_with_reason", {"reason": ""}),
        ("answered_has_date", {"answered_at": None}),
        ("answered_by_somebody", {"answered_by": None}),
        ("nobody_grants_their_own", {"answered_by": "asked_by"}),
        ("granted_until", {"until": None}),
        ("refused_with_reason", {"granted": False, "until": None}),
    ],
)
def test_the_database_refuses(acme: House, case: tuple[str, str], constraint: str, values: dict[str, object]) -> None:
    table, now = AuditIdentityRequest.__table__, clocks.now()
    possible: dict[str, object] = {
        "organisation_id": acme.id, "audit_id": head_of(acme, case[0]).id, "complaint_id": 1, "reference": case[1],
        "reason": WHY, "asked_at": now, "asked_by": acme.person("internal-auditor"), "granted": True, "answer": "",
        "answered_at": now, "answered_by": acme.person("quality-manager"), "until": now,
    }  # fmt: skip
    accepts(table, possible)
    changed = {name: possible[str(value)] if value == "asked_by" else value for name, value in values.items()}
    refuses(table, constraint, {**possible, **changed})


def test_bad_days_are_bad_input() -> None:
    with pytest.raises(BadInput):
        rules.lasting(0, clocks.now())
