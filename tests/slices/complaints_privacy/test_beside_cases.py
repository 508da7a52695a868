"""What is kept beside the cases has a time of its own and goes; a table that nobody gave a fate is found."""

from datetime import timedelta

import pytest

from auditkit import schema
from auditkit.base import jobs as base_jobs
from auditkit.base import outbox
from auditkit.base.db import Base, db, reading, transaction
from auditkit.base.errors import Forbidden
from auditkit.complaints.correspondence.models import IncomingMail
from auditkit.complaints.correspondence.running import ASIDE, Aside, MailIn
from auditkit.complaints.correspondence.taking import Place
from auditkit.complaints.privacy import beside, jobs, rules
from auditkit.complaints.privacy.fates import APART, BESIDE, FATES, SLICES, STAYS
from auditkit.complaints.privacy.models import KeepingTime
from auditkit.complaints.privacy.service import anonymising, keeping
from auditkit.journal import queries as journal
from tests.factories.refusals import accepts, refuses
from tests.slices.complaints_privacy import filling
from tests.slices.complaints_privacy.test_anonymising_leaves_nothing import whole_case

TOKEN = "q0123456789ab"


def owner(table: str) -> str:
    """The slice that a table's model stands in, such as `complaints` or `audits`."""
    for mapper in Base.registry.mappers:
        if mapper.local_table is not None and mapper.local_table.name == table:
            return mapper.class_.__module__.split(".")[1]
    return ""


def without_fate(tables) -> set[str]:
    """Tables that could hold something of a person and of which nobody said what becomes of it."""
    known = {*FATES, *APART, *BESIDE, *STAYS}
    return {table for table in tables if table not in known and owner(table) not in SLICES}


def test_every_table_has_a_fate():
    assert without_fate(schema.metadata.tables) == set()


def test_a_table_without_a_fate_is_found():
    assert without_fate([*schema.metadata.tables, "complaint_gossip"]) == {"complaint_gossip"}


def test_what_is_said_names_tables_and_slices_that_exist():
    tables = set(schema.metadata.tables)
    assert {*BESIDE, *STAYS} <= tables
    assert not set(STAYS) & {*FATES, *APART, *BESIDE}
    assert set(SLICES) <= {owner(table) for table in tables}
    assert set(BESIDE.values()) == {one.value for one in rules.Aside}, "every kind with a time has its table"
    assert set(beside.KEPT) == set(rules.Aside)
    assert all(reason for reason in (*STAYS.values(), *SLICES.values()))


def count(table: str, **wanted) -> int:
    db.session.rollback()
    here = Base.metadata.tables[table]
    with db.engine.connect() as connection:
        query = here.select().where(*(here.c[name] == value for name, value in wanted.items()))
        return len(connection.execute(query).all())


def machine_mail(app, house, clock, subject="Out of office") -> str:
    """A mail of a machine about TOKEN that opens no complaint; its digest."""
    raw = (
        f"From: {TOKEN} <{TOKEN}@c.example>\r\nTo: us@acme.example\r\nSubject: {subject} {TOKEN}\r\n"
        f"Message-ID: <{subject.replace(' ', '')}@{TOKEN}.example>\r\n"
        "Auto-Submitted: auto-replied\r\n\r\nI am away.\r\n"
    ).encode()
    told = MailIn(app.extensions["auditkit.settings"], house.system).take(raw, Place("x.eml"))
    assert told.outcome == "ignored"
    db.session.rollback()
    return reading(house.system).query(IncomingMail).order_by(IncomingMail.id.desc()).first().digest


def test_mails_in_no_case_go_and_stay_known(app, acme, clock, browser):
    digest = machine_mail(app, acme, clock)
    folder = Aside(app.extensions["auditkit.settings"].instance, acme.id).folder
    clock.advance(days=180)
    assert jobs.tidy(acme.system) == {}
    assert (folder / f"{digest}.eml").exists()
    clock.advance(days=1)
    assert jobs.tidy(acme.system) == {"mails-aside": 1}
    assert not (folder / f"{digest}.eml").exists()
    assert not [place for place, value in filling.everything_stored() if TOKEN in str(value)]
    assert count("incoming_mail", digest=digest) == 1, "so that it is not taken twice"
    assert jobs.tidy(acme.system) == {}, "once"
    page = browser(acme, "complaint-handler").get("/o/acme/correspondence/mail")
    assert "[erased]" in page.text
    assert "Open a complaint from it" not in page.text
    page = browser(acme, "quality-manager").get("/o/acme/journal/")
    assert "Records beside cases erased at their time" in page.text


def test_a_returned_mail_of_an_erased_case_goes_from_the_folder_too(app, acme, clock):
    complaint_id, reference, _digest = whole_case(acme, TOKEN)
    digest = machine_mail(app, acme, clock)
    with db.engine.begin() as connection:
        mails = Base.metadata.tables["incoming_mail"]
        connection.execute(mails.update().where(mails.c.digest == digest).values(complaint_id=complaint_id))
    manager = acme.actor("quality-manager")
    with transaction(manager) as tx:
        anonymising.anonymise(tx, anonymising.Anonymise(reference, "by-hand", "asked"), clock.at, manager)
    while base_jobs.run_next():
        pass
    folder = app.extensions["auditkit.settings"].instance / ASIDE / str(acme.id)
    assert not (folder / f"{digest}.eml").exists()


def put_filter(house, person: int, asked: str, clock, name="mine") -> None:
    filling.row("register_filter", organisation_id=house.id, person_id=person, name=name, asked=asked, kept_at=clock.at)


def test_a_filter_that_looks_for_a_complainant_goes_with_the_case(acme, clock):
    person = acme.person("complaint-handler")
    _id, reference, _digest = whole_case(acme, TOKEN)
    put_filter(acme, person, f"q={TOKEN}em%40example.org&stage=all", clock)
    put_filter(acme, person, "q=kettle", clock, "other")
    manager = acme.actor("quality-manager")
    with transaction(manager) as tx:
        anonymising.anonymise(tx, anonymising.Anonymise(reference, "by-hand", "asked"), clock.at, manager)
    assert (count("register_filter"), count("register_filter", name="other")) == (1, 1)


def test_filters_of_people_who_left_go(acme, globex, clock):
    stays, left = acme.person("complaint-handler"), globex.person("complaint-handler")
    put_filter(acme, stays, "q=a", clock)
    put_filter(acme, left, "q=b", clock)
    clock.advance(days=31)
    assert jobs.tidy(acme.system) == {"filters": 1}
    assert count("register_filter", person_id=stays) == 1


def profile(house, clock, name: str, *, retired: bool) -> None:
    filling.row(
        "import_profile", organisation_id=house.id, name=name, version=1, title=name, digest="a" * 64, shape={},
        saved_at=clock.at, retired_at=clock.at if retired else None,
    )  # fmt: skip


def test_profiles_that_are_out_of_use_go(acme, clock):
    profile(acme, clock, "old", retired=True)
    profile(acme, clock, "used", retired=False)
    clock.advance(days=366)
    assert jobs.tidy(acme.system) == {"import-profiles": 1}
    assert count("import_profile", name="used") == 1


def token(house, clock, name: str, *, days: int, of_organisation: bool = False) -> int:
    made = filling.row(
        "api_token", organisation_id=house.id, person_id=house.person("staff"), name=name, digest=name.ljust(64, "0"),
        scopes=[], made_at=clock.at, expires_at=clock.at + timedelta(days=days), for_organisation=of_organisation,
    )  # fmt: skip
    filling.row(
        "api_request", organisation_id=house.id, token_id=made, key="k", body_digest="b" * 64, reference="C-1",
        answered_at=clock.at,
    )  # fmt: skip
    return made


def test_ended_tokens_and_old_requests_go(acme, clock):
    token(acme, clock, "ended", days=1)
    token(acme, clock, "live", days=2000)
    token(acme, clock, "house", days=1, of_organisation=True)
    clock.advance(days=91)
    assert jobs.tidy(acme.system) == {"api-requests": 3}
    clock.advance(days=300)
    assert jobs.tidy(acme.system) == {"api-tokens": 1}
    assert count("api_token", name="ended") == 0
    assert count("api_token") == 2, "the journal shows the organisation's tokens by their names"


def test_mail_to_members_is_blanked_and_that_to_complainants_is_not(acme, clock):
    with transaction(acme.system) as tx:
        about = outbox.About(acme.id, "complaint", 1, "C-2026-000001")
        outbox.put(tx, to="a@c.example", subject="case", body="b", now=clock.at, about=about)
        outbox.put(tx, to="m@acme.example", subject="digest", body="b", now=clock.at)
        outbox.put(tx, to="w@acme.example", subject="waits", body="b", now=clock.at)
    with db.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE outbox_mail SET state = 'failed' WHERE subject <> 'waits'")
    clock.advance(days=91)
    assert jobs.tidy(acme.system) == {"mail-to-members": 1}
    assert {one.subject for one in db.session.query(outbox.OutboxMail)} == {"case", "", "waits"}


def test_ended_jobs_go(acme, clock):
    with transaction(acme.system) as tx:
        base_jobs.put(tx, "packs.build", {}, now=clock.at, actor=acme.system)
        base_jobs.put(tx, "packs.build", {"n": 2}, now=clock.at, actor=acme.system).state = "done"
    clock.advance(days=91)
    assert jobs.tidy(acme.system) == {"jobs": 1}
    assert count("job", kind="packs.build", state="queued") == 1
    assert count("job", kind="packs.build") == 1


def test_the_organisation_sets_the_days(acme, browser, clock):
    manager = browser(acme, "administrator")
    manager.get("/o/acme/complaints/privacy/")
    page = manager.post_form({"keep_mails": "7"}, action="/keeping")
    assert "The times of keeping are set" in page.text
    with transaction(acme.system) as tx:
        days = beside.days(tx)
    assert days[rules.Aside.MAILS] == 7
    assert days[rules.Aside.JOBS] == 90
    page = manager.post_form({"keep_mails": "0"}, action="/keeping")
    assert "Enter between 1 and 3650 days" in page.text
    handler = acme.actor("complaint-handler")
    with pytest.raises(Forbidden), transaction(handler) as tx:
        keeping.put_keeping(tx, keeping.PutKeeping({"jobs": 1}), clock.at, handler)


def test_the_worker_tidies_once_a_day_and_each_house_alone(acme, globex, clock):
    for house in (acme, globex):
        profile(house, clock, f"old-{house.slug}", retired=True)
    clock.advance(days=366)
    jobs.tidy_beside()
    assert count("import_profile") == 0
    clock.advance(days=0)
    profile(acme, clock, "again", retired=True)
    with db.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE import_profile SET retired_at = saved_at")
    jobs.tidy_beside()
    assert count("import_profile") == 1, "not twice on one day"
    events = [one.event for one in journal.page(reading(acme.system), acme.id)[0]]
    assert events.count("complaints:beside-cases-tidied") == 1


def test_whoever_manages_the_organisation_is_mailed_of_what_comes_to_its_end(acme, clock):
    actor = acme.actor("quality-manager")
    complaint_id, reference = filling.registered(actor, filling.identity(TOKEN), TOKEN)
    filling.closed(complaint_id, TOKEN)
    with transaction(actor) as tx:
        keeping.put_rule(tx, keeping.PutRule(1, 10), clock.at, actor)
    jobs.look(acme.system)
    mails = db.session.query(outbox.OutboxMail).all()
    managers = {acme.person("administrator"), acme.person("quality-manager")}
    assert len(mails) == len(managers)
    assert all(reference in one.body and "/o/acme/complaints/privacy/" in one.body for one in mails)
    assert not any(TOKEN in one.body + one.subject for one in mails), "references only"
    db.session.rollback()
    jobs.look(acme.system)
    assert db.session.query(outbox.OutboxMail).count() == len(managers), "once"
    db.session.rollback()
    clock.advance(days=10)
    jobs.look(acme.system)
    waiting = db.session.query(outbox.OutboxMail).order_by(outbox.OutboxMail.id.desc()).first()
    assert "a person has to decide" in waiting.body


def test_keeping_time(acme):
    values = {"organisation_id": acme.id, "what": "jobs", "days": 5}
    refuses(KeepingTime.__table__, "what_known", {**values, "what": "gossip"})
    refuses(KeepingTime.__table__, "keeping_days_sensible", {**values, "days": 0})
    accepts(KeepingTime.__table__, values)
