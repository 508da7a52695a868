"""A kept dashboard goes out on its day: once, to those who may read, as Word, with what it says of small numbers."""

import io
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import docx
import pytest

from auditkit.accounts import service as accounts
from auditkit.base import clock as time
from auditkit.base import jobs as work
from auditkit.base import outbox
from auditkit.base.clock import FrozenClock
from auditkit.base.db import db, reading, transaction
from auditkit.base.delivery import Parcel
from auditkit.base.errors import NotFound
from auditkit.documents import pdf
from auditkit.insights.dashboards import service as dashboards
from auditkit.insights.dashboards.models import SavedDashboard
from auditkit.insights.sending import jobs, queries, rules, service
from auditkit.insights.sending.models import DashboardReport, DashboardSchedule, ReportPicture
from auditkit.insights.sending.rules import Every, Kind
from tests.conftest import House
from tests.factories.http import Browser
from tests.factories.refusals import accepts, refuses
from tests.slices.complaints.recording import registered

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)


def act(house: House, verb: Any, command: Any, role: str = "quality-manager") -> Any:
    with transaction(house.actor(role)) as tx:
        return verb(tx, command, time.now(), house.actor(role))


@pytest.fixture
def dashboard(acme: House, clock: FrozenClock) -> int:
    """A dashboard of last month that the quality manager keeps."""
    with transaction(acme.system) as tx:
        row = SavedDashboard(
            person_id=acme.person("quality-manager"), name="Last month", asked="period=last-month",
            figures=["received", "acknowledged-on-time", "time-to-close"], kept_at=time.now(),
        )  # fmt: skip
        tx.add(row)
        tx.flush()
        return int(row.id)


def scheduled(house: House, dashboard: int, kind: Kind = Kind.WORD, *roles: str) -> int:
    people = tuple(house.person(role) for role in roles or ("quality-manager", "complaint-handler"))
    command = service.ScheduleDashboard(dashboard, Every.MONTH, kind, people, "en")
    return int(act(house, service.schedule, command))


def leave(house: House, role: str) -> None:
    act(house, accounts.remove_member, accounts.RemoveMember(house.person(role)), "administrator")


def worked() -> list[Any]:
    """Run the watch and what it asked for; the mails that wait."""
    jobs.look()
    while work.run_next():
        pass
    return list(db.session.execute(db.select(outbox.OutboxMail).order_by(outbox.OutboxMail.id)).scalars())


def test_it_goes_out_once_on_its_day(acme: House, dashboard: int, clock: FrozenClock) -> None:
    registered(acme.actor("complaint-handler"), received_at=time.now())
    key = scheduled(acme, dashboard)
    assert queries.schedule(reading(acme.system), key).next_on == date(2026, 4, 1)
    assert worked() == []
    clock.advance(days=30)
    mails = worked()
    assert len({one.recipient for one in mails}) == 2
    assert len(mails) == 2
    assert len(worked()) == 2
    found = queries.schedule(reading(acme.system), key)
    assert (found.next_on, found.problem) == (date(2026, 5, 1), "")

    report = queries.report(reading(acme.system), mails[0].about_id)
    document = docx.Document(io.BytesIO(report.content))
    rows = [[cell.text for cell in row.cells] for table in document.tables for row in table.rows]
    assert ["Complaints received", "1", "", "", "0"] in rows
    told = {row[0]: row[1] for row in rows if len(row) == 5}
    assert told["Time to close"] == "too few"
    assert told["Acknowledged on time"].startswith("not checked because")
    assert ["Period", "1 Mar 2026 to 31 Mar 2026"] in rows
    assert report.digest in mails[0].body


def test_a_worker_that_dies_after_sending_sends_nothing_twice(
    acme: House, dashboard: int, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = scheduled(acme, dashboard)
    clock.advance(days=30)
    jobs.look()

    def dies(*_job: Any, **_values: Any) -> None:
        raise SystemExit

    with monkeypatch.context() as killed, pytest.raises(SystemExit):
        killed.setattr(work, "_end", dies)
        work.run_next()
    sent_at = queries.schedule(reading(acme.system), key).sent_at
    assert sent_at is not None, "its mails were in the outbox before it died"
    # Another worker takes the silent one's job over, later that day, and the next month's goes out as ever
    clock.advance(hours=1)
    work.requeue_silent()
    assert len(worked()) == 2
    states = db.session.execute(db.select(work.Job.state, work.Job.attempts).where(work.Job.kind == jobs.SEND)).all()
    assert [tuple(one) for one in states] == [("done", 2)]
    assert queries.schedule(reading(acme.system), key).sent_at == sent_at
    clock.advance(days=30)
    assert len(worked()) == 4


def test_two_workers_at_one_report_send_it_once(acme: House, dashboard: int, clock: FrozenClock) -> None:
    key = scheduled(acme, dashboard)
    report = service.SendReport(key, "x.docx", Kind.WORD, b"x", asked_at=time.now())
    act(acme, service.send, report)
    with pytest.raises(rules.AlreadySent):
        act(acme, service.send, report)


def test_who_left_gets_nothing_and_who_sends_must_be_there(acme: House, dashboard: int, clock: FrozenClock) -> None:
    key = scheduled(acme, dashboard)
    leave(acme, "complaint-handler")
    clock.advance(days=30)
    assert [one.recipient.partition("@")[0] for one in worked()] == ["quality-manager"]
    # When the person who scheduled it has left as well, nobody gets anything and the schedule says why
    leave(acme, "quality-manager")
    clock.advance(days=31)
    assert len(worked()) == 1
    assert queries.schedule(reading(acme.system), key).problem == service.NOBODY_SENDS


def delivered() -> list[Parcel]:
    """What the mails that wait are, as they leave."""
    found: list[Parcel] = []
    outbox.send_due(lambda parcel, _leaves: found.append(parcel), "auditkit@acme.example")
    return found


@pytest.mark.sqlite_only
def test_the_mail_shows_the_charts_and_says_them_without_pictures(
    acme: House, dashboard: int, clock: FrozenClock
) -> None:
    for number in range(22):
        category = "delivery" if number % 2 else "service"
        registered(acme.actor("complaint-handler"), received_at=time.now(), category=category)
    scheduled(acme, dashboard, Kind.WORD, "quality-manager")
    clock.advance(days=30)
    worked()
    [parcel] = delivered()
    message = parcel.as_message()
    [mixed, *files] = list(message.iter_parts())
    [text, related] = list(mixed.iter_parts())
    assert (message.get_content_type(), mixed.get_content_type()) == ("multipart/mixed", "multipart/alternative")
    assert [one.get_filename().rpartition(".")[2] for one in files] == ["docx"]

    page, *pictures = list(related.iter_parts())
    html = page.get_content()
    assert [one["Content-ID"] for one in pictures] == ["<chart-1>", "<chart-2>"]
    assert all(one.get_content().startswith(b"\x89PNG") for one in pictures)
    assert all(one["Content-Disposition"].startswith("inline") for one in pictures)
    assert 'src="cid:chart-1" alt="Complaints by category. Delivery: Complaints 11' in html
    assert 'src="cid:chart-2" alt="Time to close. ' in html
    told = text.get_content()
    assert "Complaints received: 22 (before: 0)" in told
    assert "Complaints by category" in told
    assert "Delivery: Complaints 11, Share 50%, Share up to here 50%" in told
    assert "/o/acme/insights/?period=last-month" in told

    document = docx.Document(io.BytesIO(files[0].get_content()))
    described = [one._inline.docPr.get("descr") for one in document.inline_shapes]
    assert [one.partition(".")[0] for one in described] == ["Complaints by category", "Time to close"]
    assert len({one._inline.graphic.graphicData.pic.blipFill.blip.embed for one in document.inline_shapes}) == 2


def test_a_schedule_follows_its_dashboard_and_outlives_it(acme: House, dashboard: int, clock: FrozenClock) -> None:
    key = scheduled(acme, dashboard)
    act(acme, dashboards.keep, dashboards.Keep("Last month", "period=last-quarter&category=service", ("backlog",)))
    found = queries.schedule(reading(acme.system), key)
    assert (found.asked, found.figures) == ("period=last-quarter&category=service", ("backlog",))
    act(acme, dashboards.remove, dashboards.Remove(dashboard))
    clock.advance(days=30)
    [mail, _other] = worked()
    assert "Category: service" in mail.body
    assert "Complaints received" not in mail.body

    act(acme, dashboards.keep, dashboards.Keep("Last month", "period=this-year", ("received",)))
    assert queries.schedule(reading(acme.system), key).asked == "period=last-quarter&category=service"


def test_a_dashboard_that_was_given_fixed_days_is_not_sent_and_says_why(
    acme: House, dashboard: int, clock: FrozenClock
) -> None:
    key = scheduled(acme, dashboard)
    act(acme, dashboards.keep, dashboards.Keep("Last month", "from=2026-01-01&to=2026-01-31", ("received",)))
    clock.advance(days=30)
    assert worked() == []
    assert queries.schedule(reading(acme.system), key).problem == rules.PeriodStands.message


def test_without_libreoffice_word_goes_and_says_so(
    acme: House, dashboard: int, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none(_document: bytes) -> bytes:
        raise pdf.PdfUnavailable

    monkeypatch.setattr(pdf, "convert", none)
    key = scheduled(acme, dashboard, Kind.PDF)
    clock.advance(days=30)
    [first, _second] = worked()
    assert "no LibreOffice" in first.body
    found = queries.schedule(reading(acme.system), key)
    assert found.problem == jobs.NO_PDF
    report = queries.report(reading(acme.system), first.about_id)
    assert report.kind is Kind.WORD
    assert report.file_name.endswith(".docx")


def test_what_cannot_be_scheduled_or_stopped(acme: House, dashboard: int) -> None:
    with pytest.raises(rules.RecipientMayNot):
        scheduled(acme, dashboard, Kind.WORD, "staff")
    with pytest.raises(rules.DashboardUnknown):
        scheduled(acme, dashboard + 1)
    key = scheduled(acme, dashboard)
    with pytest.raises(NotFound):
        act(acme, service.stop, service.StopSending(key), "complaint-handler")
    act(acme, service.stop, service.StopSending(key))
    assert queries.of_person(reading(acme.system), acme.person("quality-manager")) == []


def test_the_tables_refuse(acme: House) -> None:
    schedule = {
        "organisation_id": acme.id, "person_id": acme.person("quality-manager"), "name": "Month", "asked": "",
        "figures": [], "every": "month", "kind": "docx", "language": "en", "recipients": [],
        "next_on": date(2026, 4, 1),
        "made_at": AT, "problem": "",
    }  # fmt: skip
    refuses(DashboardSchedule.__table__, "schedule_is_named", schedule | {"name": ""})
    refuses(DashboardSchedule.__table__, "every_known", schedule | {"every": "minute"})
    refuses(DashboardSchedule.__table__, "kind_known", schedule | {"kind": "odt"})
    report = {
        "organisation_id": acme.id, "schedule_id": accepts(DashboardSchedule.__table__, schedule),
        "file_name": "a.docx",
        "kind": "docx", "content": b"x", "digest": "0" * 64, "made_at": AT,
    }  # fmt: skip
    refuses(DashboardReport.__table__, "kind_known", report | {"kind": "odt"})
    refuses(DashboardReport.__table__, "report_is_whole", report | {"digest": "0"})
    picture = {"organisation_id": acme.id, "report_id": accepts(DashboardReport.__table__, report), "content": b"x"}
    refuses(ReportPicture.__table__, "picture_is_numbered", picture | {"serial": 0})


@pytest.mark.sqlite_only
def test_pages(browser: Callable[..., Browser], acme: House, dashboard: int) -> None:
    manager, base = browser(acme, "quality-manager"), "/o/acme/insights/sending/"
    manager.get(base)
    page = manager.post_form(
        {"dashboard_id": str(dashboard), "recipients": str(acme.person("quality-manager"))}, action=""
    )
    assert "On the first day of each month" in page.text
    key = queries.of_person(reading(acme.system), acme.person("quality-manager"))[0].id
    assert "It is sent no longer" in manager.post_form({}, action=f"{base}{key}/stop").text
    assert "Nothing to send yet" in browser(acme, "complaint-handler").get(base).text
