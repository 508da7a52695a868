"""From closing to the answer: by the worker or at once, one reminder, one answer; and what came back."""

import re

import pytest
from sqlalchemy import select

from auditkit.base import clock as clock_module
from auditkit.base import outbox
from auditkit.base.db import Base, db, transaction
from auditkit.base.outbox import OutboxMail
from auditkit.complaints import queries as core_queries
from auditkit.complaints import service as core
from auditkit.complaints.service import Identity
from auditkit.complaints.survey import jobs, queries, rules, service
from tests.factories.refusals import accepts, refuses
from tests.slices.complaints import recording

PERSIAN = Identity(name="نیکو ‌خواه", email="nikou@example.org")


def switch_on(house, **more) -> None:
    actor = house.actor("quality-manager")
    with transaction(actor) as tx:
        practice = rules.Practice(on=True, **more)
        service.put_settings(tx, service.PutSettings(practice), clock_module.now(), actor)


def closed(house, who: Identity = PERSIAN, language: str = "", **fields) -> tuple[int, str]:
    """A complaint that was answered and closed; its id and reference."""
    actor = house.actor("quality-manager")
    reference = recording.registered(actor, complainant=who, **{"kind": "request", **fields})
    with transaction(actor) as tx:
        case = core_queries.by_reference(tx, reference)
    if language:
        own = {"organisation_id": house.id, "complaint_id": case.id}
        accepts(
            Base.metadata.tables["complaint_intake"],
            {
                **own,
                "source": "staff",
                "language": language,
                "anonymous": False,
                "may_share": False,
                "recurrent": False,
            },
        )
    acknowledge(actor, reference)
    close(actor, reference)
    return case.id, reference


def acknowledge(actor, reference: str) -> None:
    with transaction(actor) as tx:
        version = core_queries.by_reference(tx, reference).version
        core.acknowledge(tx, core.Acknowledge(reference, version), clock_module.now(), actor)


def close(actor, reference: str) -> None:
    with transaction(actor) as tx:
        version = core_queries.by_reference(tx, reference).version
        core.close(tx, core.Close(reference, version, "answered"), clock_module.now(), actor)


@pytest.mark.parametrize(("kind", "asked"), [("compliment", False), ("suggestion", False), ("request", True)])
def test_who_praised_or_suggested_something_is_not_asked_how_a_complaint_was_handled(acme, clock, kind, asked):
    switch_on(acme, wait_days=0)
    complaint_id, _reference = closed(acme, kind=kind)
    assert (survey(acme, complaint_id) is not None) is asked
    assert bool(mails(acme)) is asked


def survey(house, complaint_id: int):
    db.session.rollback()
    with transaction(house.system) as tx:
        return queries.of_case(tx, complaint_id)


def mails(house) -> list[OutboxMail]:
    db.session.rollback()
    with transaction(house.system) as tx:
        return list(tx.execute(select(OutboxMail).order_by(OutboxMail.id)).scalars())


def link(mail: OutboxMail) -> str:
    return re.search(r"/p/acme/survey/[0-9A-Z-]+", mail.body)[0]


def test_nobody_is_asked_where_it_is_off(acme, clock):
    complaint_id, _reference = closed(acme)
    assert survey(acme, complaint_id) is None
    jobs.invite_due()
    assert mails(acme) == []


def test_asked_at_once_in_the_transaction_of_closing(acme, clock):
    switch_on(acme, wait_days=0)
    complaint_id, _reference = closed(acme)
    assert survey(acme, complaint_id).state == "sent"
    (mail,) = mails(acme)
    assert mail.recipient == "nikou@example.org"


def test_nothing_is_sent_when_closing_fails(acme, clock):
    switch_on(acme, wait_days=0)
    actor = acme.actor("quality-manager")
    reference = recording.registered(actor, complainant=PERSIAN, kind="request")
    acknowledge(actor, reference)
    with pytest.raises(RuntimeError, match="power cut"), transaction(actor) as tx:
        core.close(tx, core.Close(reference, 2, "answered"), clock_module.now(), actor)
        raise RuntimeError("power cut")
    assert mails(acme) == []


def test_from_invitation_over_one_reminder_to_the_answer(acme, browser, clock):
    switch_on(acme, wait_days=3, remind_days=7, valid_days=30)
    complaint_id, reference = closed(acme, language="fa")
    jobs.invite_due()
    assert mails(acme) == []
    clock.advance(days=3)
    jobs.invite_due()
    jobs.invite_due()
    assert len(mails(acme)) == 1
    clock.advance(days=7)
    jobs.invite_due()
    clock.advance(days=7)
    jobs.invite_due()
    first, second = mails(acme)
    assert link(first) == link(second)
    stranger = browser()
    page = stranger.get(link(first))
    assert page.soup.html["dir"] == "rtl"
    assert not page.soup.find_all("script", src=False)
    stranger.post_form({"handling": "5"})
    assert "survey" in stranger.page.path
    assert survey(acme, complaint_id).state == "sent", "the outcome was not scored"
    stranger.post_form(
        {"handling": "5", "outcome": "2", "accepted": "no", "comment": "=1+1 <b>سپاس", "may_contact": "y"}
    )
    found = survey(acme, complaint_id)
    assert (found.process_score, found.outcome_score, found.accepted) == (5, 2, "no")
    assert (found.comment, found.may_contact) == ("=1+1 <b>سپاس", True)
    stranger.get(link(first))
    assert not stranger.page.soup.find("form", attrs={"method": "post", "action": ""})
    page = browser(acme, "complaint-handler").get(f"/o/acme/complaints/{reference}")
    assert "=1+1 <b>سپاس" in page.text
    assert "May be contacted" in page.text
    clock.advance(days=60)
    jobs.invite_due()
    assert len(mails(acme)) == 2


def test_the_secret_is_nowhere_in_the_database_once_it_was_sent(acme, clock):
    switch_on(acme, wait_days=0)
    complaint_id, _reference = closed(acme)
    (mail,) = mails(acme)
    secret = link(mail).rpartition("/")[2]
    sent = []
    outbox.send_due(lambda *parcel: sent.append(parcel), "us@acme.example")
    assert sent
    db.session.rollback()
    with db.engine.connect() as connection:
        for table in Base.metadata.sorted_tables:
            assert not any(secret in str(value) for row in connection.execute(select(table)) for value in row), table
    assert survey(acme, complaint_id).state == "sent"


def test_a_link_runs_out_and_a_wrong_one_says_the_same(acme, browser, clock):
    switch_on(acme, wait_days=0, valid_days=10, remind_days=0)
    closed(acme)
    url = link(mails(acme)[0])
    stranger = browser()
    stranger.get(url)
    clock.advance(days=10)
    gone = stranger.get(url, status=404).text
    wrong = stranger.get("/p/acme/survey/00000-00000-00000-00000", status=404).text
    assert gone == wrong


@pytest.mark.parametrize(
    ("who", "why"), [(Identity(name="No address"), "no-address"), (Identity(email="not an address"), "no-address")]
)
def test_who_cannot_be_asked_is_counted(acme, browser, clock, who, why):
    switch_on(acme)
    complaint_id, reference = closed(acme, who)
    found = survey(acme, complaint_id)
    assert (found.state, found.why) == ("not-sent", why)
    page = browser(acme, "internal-auditor").get(f"/o/acme/complaints/{reference}")
    assert "No e-mail address that can be written to" in page.text
    today = clock_module.now().date()
    with transaction(acme.system) as tx:
        figures = queries.figures(tx, today, today)
    assert (figures.closed, figures.sent, figures.not_sent) == (1, 0, {why: 1})


def test_a_reopened_case_is_not_asked(acme, clock):
    switch_on(acme, wait_days=3)
    complaint_id, reference = closed(acme)
    actor = acme.actor("quality-manager")
    with transaction(actor) as tx:
        version = core_queries.by_reference(tx, reference).version
        core.reopen(tx, core.Reopen(reference, version, "More came to light"), clock_module.now(), actor)
    assert survey(acme, complaint_id).why == "reopened"
    close(actor, reference)
    assert survey(acme, complaint_id).state == "waiting"


def test_what_came_back(acme, browser, clock):
    actor = acme.actor("quality-manager")
    _first_id, first = closed(acme, category="delivery", product="Washer")
    today = clock_module.now().date()
    for days, who, product in ((10, PERSIAN, "Washer"), (100, Identity(name="Other"), "Washer"), (5, PERSIAN, "Dryer")):
        clock.advance(days=days)
        recording.registered(
            actor, complainant=who, category="delivery", product=product, received_at=clock_module.now()
        )
    page = browser(acme, "complaint-handler").get(f"/o/acme/complaints/{first}")
    assert "10 days after closing" in page.text
    assert "same person and cause" in page.text
    assert "110 days after closing" in page.text
    with transaction(acme.system) as tx:
        figures = queries.figures(tx, today, today)
    ninety, longer = figures.recurrences
    assert (ninety.days, ninety.cause.part, ninety.person_and_cause.part, ninety.cause.whole) == (90, 1, 1, 1)
    assert (longer.days, longer.cause.part) == (180, 1)


@pytest.mark.parametrize(("days", "ninety", "longer"), [(90, 1, 1), (91, 0, 1), (180, 0, 1), (181, 0, 0)])
def test_the_windows_of_recurrence_end_where_they_say(acme, browser, clock, days, ninety, longer):
    _first_id, first = closed(acme, category="delivery", product="Washer")
    today = clock_module.now().date()
    clock.advance(days=days)
    recording.registered(
        acme.actor("quality-manager"),
        complainant=PERSIAN, category="delivery", product="Washer", received_at=clock_module.now(),
    )  # fmt: skip
    with transaction(acme.system) as tx:
        found = queries.figures(tx, today, today).recurrences
    assert [(one.days, one.cause.part, one.person_and_cause.part) for one in found] == [
        (90, ninety, ninety),
        (180, longer, longer),
    ]
    page = browser(acme, "complaint-handler").get(f"/o/acme/complaints/{first}")
    assert (f"{days} days after closing" in page.text) == (longer == 1)


def test_the_figures_page_and_settings(acme, browser, clock):
    visitor = browser(acme, "quality-manager")
    visitor.get("/o/acme/complaints/survey/")
    assert "Surveys are switched off" in visitor.page.text
    assert "Too few answers" in visitor.page.text
    visitor.get("/o/acme/complaints/survey/settings")
    visitor.post_form({"on": "y", "remind_days": "40"})
    assert "Enter days within the limits" in visitor.page.text
    visitor.post_form({"remind_days": "5", "fewest": "2"})
    assert "Saved." in visitor.page.text
    for process, outcome in ((5, 4), (4, 1)):
        complaint_id, _reference = closed(acme)
        with db.engine.begin() as connection:
            table = Base.metadata.tables["complaint_survey"]
            connection.execute(
                table.update()
                .where(table.c.complaint_id == complaint_id)
                .values(
                    state="answered", due_at=None, sent_at=clock_module.now(), expires_at=clock_module.now(),
                    secret_digest=f"{complaint_id:064x}", answered_at=clock_module.now(), process_score=process,
                    outcome_score=outcome,
                )
            )  # fmt: skip
    page = visitor.get("/o/acme/complaints/survey/")
    assert "4.50" in page.text
    assert "2.50" in page.text
    assert "2 / 2 · 100 %" in page.text


SURVEY = {"state": "waiting", "why": "", "language": "en"}
SENT = {"state": "sent", "due_at": None, "secret_digest": "a" * 64}


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"state": "lost"}, "state_known"),
        ({"state": "not-sent", "why": "whim", "due_at": None}, "why_known"),
        ({"accepted": "maybe"}, "accepted_known"),
        ({"state": "not-sent", "due_at": None}, "not_sent_has_reason"),
        ({"due_at": None}, "waiting_has_day"),
        ({"state": "sent", "due_at": None}, "sent_has_link"),
        ({"answered_at": "now"}, "answered_has_scores"),
        (
            {**SENT, "sent": True, "state": "answered", "answered_at": "now", "process_score": 9, "outcome_score": 1},
            "scores_on_scale",
        ),
        ({"comment": "hello"}, "only_answers_say"),
        ({**SENT, "sent": True, "remind_at": "now", "reminded_at": "now"}, "one_reminder"),
        ({"remind_at": "now"}, "reminds_who_was_asked"),
        ({**SENT, "sent": True, "secret_digest": "short"}, "survey_secret_is_sha256"),
    ],
)
def test_the_database_refuses(acme, clock, change, constraint):
    now = clock_module.now()
    reference = recording.registered(acme.actor("quality-manager"))
    with transaction(acme.system) as tx:
        complaint_id = core_queries.by_reference(tx, reference).id
    fits = {**SURVEY, "organisation_id": acme.id, "complaint_id": complaint_id, "planned_at": now, "due_at": now}
    fits |= {"accepted": "", "may_contact": False, "comment": ""}
    change = {name: now if value == "now" else value for name, value in change.items()}
    if change.pop("sent", False):
        change |= {"sent_at": now, "expires_at": now}
    table = Base.metadata.tables["complaint_survey"]
    refuses(table, constraint, {**fits, **change})
    accepts(table, fits)


@pytest.mark.parametrize(
    ("change", "constraint"), [({"wait_days": 91}, "survey_days_sensible"), ({"fewest": 1}, "fewest_sensible")]
)
def test_settings_the_database_refuses(acme, change, constraint):
    fits = {
        "organisation_id": acme.id,
        "switched_on": True,
        "wait_days": 3,
        "valid_days": 30,
        "remind_days": 7,
        "fewest": 10,
    }
    table = Base.metadata.tables["survey_settings"]
    refuses(table, constraint, {**fits, **change})
    accepts(table, fits)
