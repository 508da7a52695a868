"""Timetables, invitations that a calendar understands (parsed back by the library), and feeds under a secret."""

import io
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import docx
import pytest
from icalendar import Calendar

from auditkit.accounts import service as accounts
from auditkit.accounts.models import Person
from auditkit.audits import queries as audits
from auditkit.audits import service as audit_service
from auditkit.audits.agenda import document, queries, rules, service
from auditkit.audits.agenda.models import CalendarFeed
from auditkit.audits.agenda.rules import FEED_MISSES, Activity
from auditkit.audits.queries import plans
from auditkit.base import clock as clocks
from auditkit.base import jalali, outbox
from auditkit.base.clock import FrozenClock
from auditkit.base.db import db, reading, transaction
from auditkit.base.delivery import Parcel
from auditkit.base.errors import NotFound
from auditkit.base.text import spoken
from auditkit.content.library import Library, in_language, shared
from auditkit.web.catalogues import catalogue
from tests.conftest import House
from tests.factories.http import Browser
from tests.slices.audits.doing import own_library, planned, reported

Opener = Callable[..., Browser]
ASKED = "surveillance-2018"  # of the library, which holds it in Persian too
SUMMER = (date(2026, 6, 8), date(2026, 6, 9))  # British Summer Time


@pytest.fixture(autouse=True)
def _time(clock: FrozenClock) -> None:
    """2 March 2026."""


@pytest.fixture
def books(tmp_path: Path) -> Library:
    return own_library(tmp_path)


@pytest.fixture
def number(acme: House, books: Library) -> str:
    """An audit planned for two days of June."""
    return planned(acme, books, planned_from=SUMMER[0], planned_to=SUMMER[1], places="Head office\nShop")


def save(house: House, number: str, **changes: Any) -> int:
    """The id of a line from nine to ten with the lead."""
    fields = {
        "number": number,
        "kind": Activity.AUDITING,
        "activity": "Doors",
        "day": SUMMER[0],
        "start": time(9),
        "end": time(10),
        "place": "Board room",
        "auditors": (house.person("internal-auditor"),),
        **changes,
    }
    actor = house.actor("internal-auditor")
    with transaction(actor) as tx:
        return int(service.save_line(tx, service.SaveLine(**fields), clocks.now(), actor))


def invite(house: House, number: str) -> int:
    actor = house.actor("internal-auditor")
    with transaction(actor) as tx:
        command = service.Invite(number, "audits@acme.example", "Acme Ltd")
        return int(service.invite(tx, command, clocks.now(), actor))


def sent() -> list[EmailMessage]:
    """What leaves the house when the outbox is sent."""
    messages: list[EmailMessage] = []

    def deliver(parcel: Parcel, leaves: Callable[[], None]) -> None:
        leaves()
        messages.append(parcel.as_message())

    db.session.rollback()
    outbox.send_due(deliver, "audits@acme.example")
    return messages


def calendar_of(message: EmailMessage) -> Calendar:
    (part,) = list(message.iter_attachments())
    assert part.get_content_type() == "text/calendar"
    assert part.get_param("charset") == "UTF-8"
    calendar = Calendar.from_ical(part.get_payload(decode=True))
    assert part.get_param("method") == calendar["METHOD"]
    return calendar


class TestLines:
    @pytest.mark.parametrize(
        ("change", "refusal"),
        [
            ({"activity": " "}, rules.ActivityMissing),
            ({"day": date(2026, 6, 10)}, rules.OutsideTheDays),
            ({"end": time(9)}, rules.EndsBeforeItStarts),
            ({"auditors": (999,)}, audit_service.planning.rules.NotAnAuditor),
        ],
    )
    def test_a_line_is_refused(
        self, acme: House, number: str, change: dict[str, object], refusal: type[Exception]
    ) -> None:
        with pytest.raises(refusal):
            save(acme, number, **change)

    def test_one_person_is_in_one_place_also_across_audits(self, acme: House, books: Library, number: str) -> None:
        save(acme, number)
        with pytest.raises(rules.Overlap, match="Doors, 2026-06-08 09:00 to 10:00 \\(A-2026-001\\)"):
            save(acme, number, activity="Keys", start=time(9, 30), end=time(11))
        save(acme, number, activity="Keys", start=time(10), end=time(11))
        save(acme, number, activity="Beside it", auditors=(acme.person("administrator"),))
        second = planned(acme, books, planned_from=SUMMER[0], planned_to=SUMMER[1])
        with pytest.raises(rules.Overlap):
            save(acme, second)

    def test_a_line_may_move_over_itself(self, acme: House, number: str) -> None:
        line = save(acme, number)
        save(acme, number, line_id=line, version=1, start=time(9, 30), end=time(10, 30))
        with pytest.raises(rules.LineChanged):
            save(acme, number, line_id=line, version=1)

    def test_breaks_keep_nobody_busy(self, acme: House, number: str) -> None:
        save(acme, number, kind=Activity.BREAK, activity="Coffee")
        save(acme, number)

    def test_a_reported_audit_keeps_its_timetable(self, acme: House, books: Library) -> None:
        number = reported(acme, books)
        with pytest.raises(rules.AgendaStands):
            save(acme, number, day=date(2026, 3, 9))

    def test_a_suggestion_fills_an_empty_timetable_once(self, acme: House, books: Library, number: str) -> None:
        actor = acme.actor("internal-auditor")
        with transaction(actor) as tx:
            service.suggest(tx, service.Suggest(number), clocks.now(), actor, library=books)
        lines = queries.lines(reading(acme.system), audits.plans.by_number(reading(acme.system), number).id)
        assert (lines[0].kind, lines[-1].kind) == (Activity.OPENING, Activity.CLOSING)
        assert lines[0].starts_at == datetime(2026, 6, 8, 8, tzinfo=UTC)  # nine o'clock in London
        audited = "; ".join(one.activity for one in lines if one.kind is Activity.AUDITING)
        assert sorted(audited.split("; ")) == ["1 Doors", "2 Keys"]
        with pytest.raises(rules.AgendaIsThere), transaction(actor) as tx:
            service.suggest(tx, service.Suggest(number), clocks.now(), actor, library=books)


class TestWords:
    """A timetable is read in the reader's language, whoever made it in whichever."""

    @pytest.fixture
    def suggested(self, acme: House) -> str:
        """A timetable that somebody suggested who reads content in Persian."""
        spoken_in = in_language(shared(), "fa")
        number = planned(acme, spoken_in, checklist_id=ASKED, planned_from=SUMMER[0], planned_to=SUMMER[1])
        actor = acme.actor("internal-auditor")
        with spoken("fa"), transaction(actor) as tx:
            service.suggest(tx, service.Suggest(number), clocks.now(), actor, library=spoken_in)
        return number

    @staticmethod
    def called(language: str) -> set[str]:
        """What the lines of that timetable may be called."""
        texts = catalogue(language)
        kinds = {texts.text(rules.ACTIVITY_TITLES[kind]) for kind in Activity if kind is not Activity.AUDITING}
        return kinds | {one.title for one in in_language(shared(), language).checklist(ASKED).sections}

    @pytest.mark.parametrize("language", ["en", "fa"])
    def test_the_page_and_the_plan(self, acme: House, browser: Opener, suggested: str, language: str) -> None:
        auditor = browser(acme, "internal-auditor")
        auditor.get("/o/acme/")
        page = auditor.post("/preferences", {"locale": language, "next": f"/o/acme/audits/{suggested}/agenda"})
        shown = [one.get_text(strip=True) for one in page.soup.select("tbody th")]
        parts = {part for one in shown for part in re.split("[;؛] ", one)}
        assert parts == self.called(language)
        word = docx.Document(io.BytesIO(auditor.get(f"/o/acme/audits/{suggested}/plan.docx").response.data))
        cells = {cell.text for table in word.tables for row in table.rows for cell in row.cells}
        assert set(shown) <= {one.strip("\u200e") for one in cells}

    def test_an_invitation_is_in_the_language_of_whom_it_goes_to(self, acme: House, suggested: str) -> None:
        with transaction(acme.system) as tx:
            tx.get_one(Person, acme.person("administrator")).locale = "fa"
            tx.get_one(Person, acme.person("internal-auditor")).locale = "en"
        actor = acme.actor("internal-auditor")
        with spoken("ka"), transaction(actor) as tx:
            command = service.Invite(suggested, "audits@acme.example", "Acme Ltd")
            service.invite(tx, command, clocks.now(), actor, library=shared())
        letters = sent()
        for to, language in (("administrator", "fa"), ("internal-auditor", "en")):
            subjects = [str(one["Subject"]) for one in letters if one["To"] == f"{to}@acme.example"]
            said = {part for one in subjects for part in re.split("[;؛] ", one.partition(": ")[2])}
            assert said
            assert said <= self.called(language), to

    def test_a_line_that_is_saved_as_it_was_shown_is_still_read_in_every_language(
        self, acme: House, browser: Opener, suggested: str
    ) -> None:
        lines = queries.lines(reading(acme.system), audits.plans.by_number(reading(acme.system), suggested).id)
        auditor = browser(acme, "internal-auditor")
        auditor.get("/o/acme/")
        for line in (lines[0], lines[1]):
            auditor.post("/preferences", {"locale": "fa", "next": f"/o/acme/audits/{suggested}/agenda/{line.id}"})
            auditor.post_form({"place": "Hall"}, action=f"/agenda/{line.id}")
        page = auditor.post("/preferences", {"locale": "en", "next": f"/o/acme/audits/{suggested}/agenda"})
        assert page.text.count("Hall") == 2
        assert {one.get_text(strip=True) for one in page.soup.select("tbody th")[:2]} <= self.called("en")

    def test_a_persons_own_words_stay(self, acme: House, browser: Opener, suggested: str) -> None:
        save(acme, suggested, activity="Walk; 4 Something else", start=time(18), end=time(19))
        page = browser(acme, "internal-auditor").get(f"/o/acme/audits/{suggested}/agenda")
        assert "Walk; 4 Something else" in page.text


class TestInvitations:
    def test_an_invitation_is_what_a_calendar_expects(self, acme: House, number: str) -> None:
        save(acme, number, auditees=(acme.person("complaint-handler"),), whom="Night shift")
        assert invite(acme, number) == 2
        messages = {str(one["To"]): one for one in sent()}
        calendar = calendar_of(messages["internal-auditor@acme.example"])
        (event,) = calendar.walk("VEVENT")
        assert str(calendar["METHOD"]) == "REQUEST"
        assert event["SUMMARY"] == "Audit A-2026-001: Doors"
        assert event["LOCATION"] == "Board room"
        assert event["SEQUENCE"] == 0
        assert event["STATUS"] == "CONFIRMED"
        assert event["ORGANIZER"] == "mailto:audits@acme.example"
        assert event["ATTENDEE"] == "mailto:internal-auditor@acme.example"
        assert event["ATTENDEE"].params["RSVP"] == "TRUE"
        start = event["DTSTART"].dt
        assert (start.hour, start.utcoffset().total_seconds()) == (9, 3600)
        assert event["DTSTART"].params["TZID"] == "Europe/London"
        assert start.astimezone(UTC) == datetime(2026, 6, 8, 8, tzinfo=UTC)
        assert [str(zone["TZID"]) for zone in calendar.walk("VTIMEZONE")] == ["Europe/London"]
        assert "Night shift" in event["DESCRIPTION"]
        assert "complaint-handler@acme.example" in messages

    def test_it_speaks_the_language_of_whom_it_goes_to(self, acme: House, number: str) -> None:
        reader = acme.person("complaint-handler")
        with transaction(acme.system) as tx:
            tx.get_one(Person, reader).locale = "fa"
        save(acme, number, auditees=(reader,))
        invite(acme, number)
        letters = sent()
        bodies = {str(one["To"]): one.get_body().get_content() for one in letters}
        assert "8 Jun 2026 09:00 – 10:00 (Europe/London)" in bodies["internal-auditor@acme.example"]
        assert (
            f"{jalali.day_in_persian(SUMMER[0])} ۰۹:۰۰ – ۱۰:۰۰ (Europe/London)"
            in bodies["complaint-handler@acme.example"]
        )
        said = {str(one["To"]): str(one["Subject"]) for one in letters}
        assert said["internal-auditor@acme.example"] == "Audit A-2026-001: Doors"
        assert said["complaint-handler@acme.example"] == f"{catalogue('fa').text('Audit %(number)s: %(activity)s')}" % {
            "number": "A-2026-001",
            "activity": "Doors",
        }

    def test_nobody_is_told_twice_and_a_change_counts_up(self, acme: House, number: str) -> None:
        line = save(acme, number)
        invite(acme, number)
        (first,) = sent()
        with pytest.raises(rules.NobodyToInvite):
            invite(acme, number)
        save(acme, number, line_id=line, version=1, start=time(14), end=time(15))
        invite(acme, number)
        (second,) = sent()
        (one,), (other,) = (calendar_of(message).walk("VEVENT") for message in (first, second))
        assert one["UID"] == other["UID"]
        assert (one["SEQUENCE"], other["SEQUENCE"]) == (0, 1)
        assert (one["DTSTART"].dt.hour, other["DTSTART"].dt.hour) == (9, 14)

    def test_what_was_sent_stays_as_it_was_when_the_line_changes_before_it_leaves(
        self, acme: House, number: str
    ) -> None:
        line = save(acme, number)
        invite(acme, number)
        save(acme, number, line_id=line, version=1, activity="Keys")
        (message,) = sent()
        (event,) = calendar_of(message).walk("VEVENT")
        assert event["SUMMARY"] == "Audit A-2026-001: Doors"

    def test_whoever_is_out_or_whose_line_is_off_is_told(self, acme: House, number: str) -> None:
        line = save(acme, number, auditors=(acme.person("internal-auditor"), acme.person("administrator")))
        invite(acme, number)
        sent()
        save(acme, number, line_id=line, version=1)
        invite(acme, number)
        told = {str(one["To"]): calendar_of(one) for one in sent()}
        assert str(told["administrator@acme.example"]["METHOD"]) == "CANCEL"
        assert str(told["internal-auditor@acme.example"]["METHOD"]) == "REQUEST"
        actor = acme.actor("internal-auditor")
        with transaction(actor) as tx:
            service.drop_line(tx, service.DropLine(number, line), clocks.now(), actor)
        assert invite(acme, number) == 1
        (message,) = sent()
        (event,) = calendar_of(message).walk("VEVENT")
        assert (event["STATUS"], event["SEQUENCE"]) == ("CANCELLED", 2)
        assert message["Subject"].startswith("Off: ")

    def test_a_line_nobody_heard_of_goes_without_a_word(self, acme: House, number: str) -> None:
        line = save(acme, number)
        actor = acme.actor("internal-auditor")
        with transaction(actor) as tx:
            service.drop_line(tx, service.DropLine(number, line), clocks.now(), actor)
        with pytest.raises(rules.NobodyToInvite):
            invite(acme, number)

    def test_another_organisations_timetable_is_not_there(self, acme: House, globex: House, number: str) -> None:
        save(acme, number)
        actor = globex.actor("internal-auditor")
        with pytest.raises(NotFound), transaction(actor) as tx:
            service.invite(tx, service.Invite(number, "a@b.example", "Globex"), clocks.now(), actor)


class TestFeeds:
    def make(self, house: House, role: str = "internal-auditor") -> str:
        actor = house.actor(role)
        with transaction(actor) as tx:
            return str(service.make_feed(tx, service.MakeFeed(), clocks.now(), actor))

    def read(self, browser: Opener, secret: str) -> Calendar:
        answer = browser().client.get(f"/feeds/{secret}.ics")
        assert answer.mimetype == "text/calendar"
        assert answer.headers["Cache-Control"] == "private, no-store"
        return Calendar.from_ical(answer.data)

    def status(self, browser: Opener, secret: str) -> int:
        return browser().client.get(f"/feeds/{secret}.ics").status_code

    def test_it_gives_titles_times_and_places_and_no_names(
        self, acme: House, books: Library, browser: Opener, number: str
    ) -> None:
        save(acme, number, whom="Mara Lind", auditees=(acme.person("complaint-handler"),))
        whole = planned(acme, books, title="Keys only", places="Shop")
        calendar = self.read(browser, self.make(acme))
        events = {str(event["SUMMARY"]): event for event in calendar.walk("VEVENT")}
        assert set(events) == {"Audit A-2026-001: Doors", f"{whole} Keys only"}
        assert events["Audit A-2026-001: Doors"]["DTSTART"].dt.astimezone(UTC).hour == 8
        assert events[f"{whole} Keys only"]["DTSTART"].dt == date(2026, 3, 9)
        assert events[f"{whole} Keys only"]["DTEND"].dt == date(2026, 3, 11)
        text = calendar.to_ical().decode()
        assert "Mara" not in text
        assert "@acme" not in text
        assert "of acme" not in text

    def test_only_the_digest_of_the_secret_is_kept(self, acme: House) -> None:
        secret = self.make(acme)
        with db.engine.connect() as connection:
            kept = connection.exec_driver_sql("SELECT secret_digest FROM calendar_feed").scalar_one()
        assert secret not in str(kept)
        assert CalendarFeed.__tablename__ == "calendar_feed"

    def test_it_ends_when_taken_back_renewed_or_the_person_left(self, acme: House, browser: Opener) -> None:
        first = self.make(acme)
        second = self.make(acme)
        assert (self.status(browser, first), self.status(browser, second)) == (404, 200)
        actor = acme.actor("internal-auditor")
        with transaction(actor) as tx:
            service.revoke_feed(tx, service.RevokeFeed(), clocks.now(), actor)
        assert self.status(browser, second) == 404
        third = self.make(acme)
        with transaction(acme.system) as tx:
            command = accounts.RemoveMember(acme.person("internal-auditor"))
            accounts.remove_member(tx, command, clocks.now(), acme.system)
        assert self.status(browser, third) == 404
        assert self.status(browser, "guessed") == 404

    def test_addresses_are_not_guessed_quickly(self, acme: House, browser: Opener, clock: FrozenClock) -> None:
        secret = self.make(acme)
        visitor = browser().client

        def ask(named: str, address: str = "203.0.113.7") -> Any:
            return visitor.get(f"/feeds/{named}.ics", environ_overrides={"REMOTE_ADDR": address})

        for guess in range(FEED_MISSES.an_hour):
            assert ask(f"guess-{guess}").status_code == 404
            if guess % 20 == 0:
                assert ask(secret).status_code == 200, "who knows the address is not counted"
        refused = ask("one-more")
        assert (refused.status_code, refused.headers["Retry-After"]) == (429, "3600")
        assert "60 minutes" in refused.get_data(as_text=True)
        assert ask(secret).status_code == 429, "or the answer would say that the guess was right"
        assert ask(secret, "198.51.100.1").status_code == 200
        clock.advance(hours=1)
        assert ask(secret).status_code == 200

    def test_it_shows_one_persons_audits_of_one_organisation(
        self, acme: House, globex: House, books: Library, browser: Opener, number: str
    ) -> None:
        save(acme, number)
        planned(globex, books, title="Theirs")
        assert self.read(browser, self.make(acme, "quality-manager")).walk("VEVENT") == []
        (event,) = self.read(browser, self.make(globex)).walk("VEVENT")
        assert "Theirs" in event["SUMMARY"]


def test_the_pages_from_an_empty_timetable_to_the_invitations(
    acme: House, books: Library, browser: Opener, number: str
) -> None:
    auditor = browser(acme, "internal-auditor")
    page = auditor.get(f"/o/acme/audits/{number}")
    assert "No timetable yet." in page.text
    auditor.follow("Make a timetable")
    auditor.follow("Add a line")
    line = {"activity": "Opening", "day": "2026-06-08", "start": "09:00", "end": "08:00"}
    person = str(acme.person("internal-auditor"))
    page = auditor.post_form({**line, "auditors": [person]})
    assert "Enter an end that is after the start (09:00)" in page.text
    page = auditor.post_form({**line, "end": "09:30", "auditors": [person]})
    assert "09:00" in page.text
    assert "Not told yet: 1 messages" in page.text
    auditor.follow("Add a line")
    page = auditor.post_form({**line, "activity": "Again", "end": "09:15", "auditors": [person]})
    assert "is already busy then: Opening" in page.text
    auditor.get(f"/o/acme/audits/{number}/agenda")
    page = auditor.post_form(action="/invite")
    assert "Everybody knows the present state." in page.text
    assert len(sent()) == 1
    page = auditor.get("/o/acme/audits/calendar")
    page = auditor.post_form(action="/calendar")
    assert "/feeds/" in page.text
    assert "shown this once" in page.text
    page = auditor.post_form(action="/revoke")
    assert "There is no address yet." in page.text


def test_the_plan_goes_out_as_word_with_the_first_invitation_of_each(acme: House, browser: Opener, number: str) -> None:
    lead, handler = acme.person("internal-auditor"), acme.person("complaint-handler")
    line = save(acme, number, auditees=(handler,))
    save(acme, number, activity="Keys", start=time(11), end=time(12), auditors=(), auditees=(handler,))
    auditor = browser(acme, "internal-auditor")
    auditor.get(f"/o/acme/audits/{number}/agenda")
    auditor.post_form(action="/invite")
    letters = sent()
    got = [(str(one["To"]), [part.get_filename() for part in one.iter_attachments()]) for one in letters]
    plan = f"Audit plan {number}.docx"
    assert sorted(got) == [
        ("complaint-handler@acme.example", ["invitation.ics"]),
        ("complaint-handler@acme.example", ["invitation.ics", plan]),
        ("internal-auditor@acme.example", ["invitation.ics", plan]),
    ]
    files = [part for one in letters for part in one.iter_attachments() if part.get_filename() == plan]
    assert len({part.get_payload(decode=True) for part in files}) == 1, "everybody has the same plan"
    word = docx.Document(io.BytesIO(files[0].get_payload(decode=True)))
    cells = [cell.text for table in word.tables for row in table.rows for cell in row.cells]
    assert {"Doors", "Keys", "09:00–10:00"} <= set(cells)
    # Who is only told that something is off needs no plan; whoever has a change gets the plan as it is now
    save(acme, number, line_id=line, version=1, auditors=(lead,), start=time(14), end=time(15))
    auditor.get(f"/o/acme/audits/{number}/agenda")
    auditor.post_form(action="/invite")
    changed = {str(one["To"]): [part.get_filename() for part in one.iter_attachments()] for one in sent()}
    assert changed == {
        "complaint-handler@acme.example": ["invitation.ics"],
        "internal-auditor@acme.example": ["invitation.ics", plan],
    }


def test_the_plan_as_word_holds_the_timetable(acme: House, browser: Opener, number: str, tmp_path: Path) -> None:
    save(acme, number, clauses="1", auditees=(acme.person("complaint-handler"),), whom="Night shift")
    answer = browser(acme, "internal-auditor").get(f"/o/acme/audits/{number}/plan.docx").response
    file = tmp_path / "plan.docx"
    file.write_bytes(answer.data)
    document = docx.Document(str(file))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    assert "09:00–10:00" in cells
    assert "On site, Board room" in cells
    assert "complaint-handler of acme, Night shift" in cells
    assert "Internal audit" in cells
    assert "Head office" in [paragraph.text for paragraph in document.paragraphs]


def test_the_persian_plan_has_persian_days_and_keeps_the_direction_of_english_records(
    acme: House, browser: Opener, number: str
) -> None:
    save(acme, number, clauses="1", whom="Night shift")
    head = plans.by_number(reading(acme.system), number)
    with spoken("fa"):
        made = document.plan(reading(acme.system), head, "Acme Ltd", {}, "fa")
    (line,) = made.agenda
    assert line.date == " ".join(jalali.day_in_persian(head.planned_from).split()[:2])
    assert line.time == "۰۹:۰۰–۱۰:۰۰"
    assert made.document.version == jalali.persian_digits(str(head.version))
    assert made.audit.scope == f"\u200e{head.scope}\u200e"
    with spoken("en"):
        english = document.plan(reading(acme.system), head, "Acme Ltd", {}, "en")
    assert english.audit.scope == head.scope
