"""The demo organisation gives every page something to show."""

import io
import zipfile
from datetime import timedelta

import pytest
from sqlalchemy import select

from auditkit.accounts import queries as accounts
from auditkit.actions import queries as actions
from auditkit.audits.queries import findings, plans
from auditkit.base import clock
from auditkit.base.actor import Actor
from auditkit.base.db import reading
from auditkit.base.outbox import OutboxMail
from auditkit.complaints import queries as complaints
from auditkit.complaints.survey import queries as survey
from auditkit.documents import linting
from auditkit.documents.own import choosing, making
from auditkit.documents.own.rules import Origin
from auditkit.instance.demo import house_style
from auditkit.instance.demo.story import SLUG
from auditkit.instance.demo.telling import load
from auditkit.journal import queries as journal
from auditkit.packs import queries as packs
from auditkit.packs.rooms import queries as rooms
from auditkit.policies import queries as policies
from tests.factories import demo


@pytest.fixture
def tx(app):
    demo.tell(app)
    return reading(Actor.system(accounts.organisation_by_slug(reading(), SLUG).id))


def test_every_page_has_something_to_show(app, tx):
    assert all(complaints.stage_counts(tx).values()), "a complaint in each stage"
    assert len(complaints.words_used(tx)) >= 2
    cases = [complaints.history(tx, number) for number, _reference in complaints.population(tx)]
    for part in ("assessments", "investigations", "decisions", "escalations", "referrals", "pauses", "reopenings",
                 "reclassifications", "links", "notes", "named", "remedy_checks"):  # fmt: skip
        assert any(getattr(one, part) for one in cases), part
    grounds = {complaints.snapshot(tx, number)["closing_ground"] for number, _reference in complaints.population(tx)}
    assert {"accepted", "decided-externally", "withdrawn", "duplicate", "answered"} <= grounds
    assert policies.complaints_policy(tx) is not None
    audits = plans.listing(tx)
    assert {head.state for head in audits[0]} == {"planned", "running", "reported"}
    states = {one.state for one in findings.unsettled(tx)}
    assert states == {"open", "planned", "done"}
    shown = {(one.definition, one.form, one.languages) for one in packs.page(tx)[0]}
    assert {("single-complaint", "redacted", "en"), ("single-audit", "whole", "fa")} < shown
    assert actions.counts(tx, clock.now().date()).overdue == 2, "the repair, and the training that the review asked for"


def test_the_story_is_told_once_and_its_journal_holds(app, tx):
    organisation = accounts.organisation_by_slug(tx, SLUG)
    assert load(app) is False
    check = journal.verify(tx, organisation.id)
    assert check.bad is None
    assert check.entries > 250
    times = [entry.at for entry in journal.page(tx, organisation.id, subject_kind="complaint")[0]]
    assert times == sorted(times, reverse=True), "complaints are told in the order in which things happened"


def test_the_audit_plan_is_in_the_house_style_and_the_own_template_passes_the_linter(app, tx):
    chosen = choosing.chosen(tx, app.extensions["auditkit.settings"].instance, house_style.TEMPLATE)
    assert (chosen.origin, chosen.version) == (Origin.ORGANISATION, 1)
    made = making.make(tx, house_style.TEMPLATE, chosen.entry.context.example())
    with zipfile.ZipFile(io.BytesIO(made.content)) as word:
        assert house_style.LAKE in word.read("word/styles.xml").decode()
        assert "Quality and service" in word.read("word/document.xml").decode()
        assert sum(one.compress_size for one in word.infolist()) * 4 < sum(one.file_size for one in word.infolist())
    assert linting.examine(chosen.entry.file.read_bytes(), chosen.entry, "en").usable


def test_the_reviewer_signs_in_to_the_room_that_was_given_to_them(app, tx):
    (rita,) = (one for one in accounts.members(tx) if one.role == "external-reviewer")
    ((room, _pack, _title),) = rooms.given_to(tx, rita.person_id, clock.now().date())
    assert rooms.requests(tx, room.id)


def test_the_survey_was_asked_and_answered(app, tx):
    figures = survey.figures(tx, (clock.now() - timedelta(days=130)).date(), clock.now().date())
    assert figures.sent >= 8
    assert 5 <= figures.answered < figures.sent
    assert None not in (figures.process.value, figures.outcome.value)
    strangers = OutboxMail.recipient.like("%@customers.example")
    states = set(tx.execute(select(OutboxMail.state).where(strangers)).scalars())
    assert states == {"sent"}, "nothing to complainants who do not exist is left to be sent"


def test_no_password_is_shipped(app, tx):
    assert not any(member.has_password for member in accounts.members(tx))
