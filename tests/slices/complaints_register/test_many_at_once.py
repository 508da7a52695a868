"""Twenty people at once on one SQLite file, served by two processes; and a server that is killed in the middle.

Nothing is lost, nobody reads "locked", of two who change one case in one version only one succeeds, and whatever was
acknowledged with a reference is on record.
"""

import http.client
import http.cookiejar
import io
import random
import signal
import socket
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import delete, select
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import encode_multipart

from auditkit.accounts import service as accounts
from auditkit.accounts.rules import Role
from auditkit.app import create_app
from auditkit.base import clock, signing
from auditkit.base.actor import Actor
from auditkit.base.db import db, reading, transaction
from auditkit.base.limits import LimitCount
from auditkit.base.settings import Settings
from auditkit.complaints.intake.rules import TRACK_LIMIT
from auditkit.complaints.models import Complaint, ComplaintNote
from auditkit.instance import migrate
from auditkit.journal.models import JournalEntry
from auditkit.journal.queries import verify
from tests.factories.forks import Forked
from tests.factories.http import _filled
from tests.slices.complaints.intake.filling import PNG, STORY, receipt_of

pytestmark = pytest.mark.sqlite_only

PEOPLE, EACH, SERVERS = 20, 3, 2
FORM = "application/x-www-form-urlencoded"
LONGEST_TEST = 300.0  # what never ends is found; how fast it is, the benchmarks say

SERVER = """
import sys
from pathlib import Path
from waitress import create_server
from auditkit.app import create_app
from auditkit.base.settings import Settings

app = create_app(Settings(instance=Path(sys.argv[1]), secure_cookies=False, _env_file=None))
server = create_server(app, host="127.0.0.1", port=int(sys.argv[2]), threads=12, ident=None)
print("ready", flush=True)
server.run()
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class House:
    """An instance of its own, its people's one-time links, and the servers that share its file."""

    folder: Path
    app: object
    organisation_id: int
    links: list[str]
    people: list[int]
    ports: list[int] = field(default_factory=list)
    processes: list[Forked] = field(default_factory=list)

    def serve(self, before: str = "") -> None:
        port = free_port()
        process = Forked(before + SERVER, str(self.folder), str(port), quiet=True)
        assert process.stdout.readline().strip() == "ready"
        self.ports.append(port)
        self.processes.append(process)

    def complaints(self) -> dict[str, Complaint]:
        with self.app.app_context():
            db.session.rollback()
            found = reading(Actor.system(self.organisation_id)).execute(select(Complaint)).scalars()
            return {one.reference: one for one in found}


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    settings = Settings(instance=tmp_path, secure_cookies=False, _env_file=None)
    settings.make_instance()
    app = create_app(settings)
    migrate.upgrade(app)
    with app.app_context():
        now = clock.now()
        with transaction() as tx:
            organisation_id = accounts.add_organisation(tx, accounts.AddOrganisation("crowd", "Crowd"), now)
        system = Actor.system(organisation_id)
        links, people = [], []
        with transaction(system) as tx:
            for number in range(PEOPLE):
                member = accounts.AddMember(f"p{number}@crowd.example", Role.QUALITY_MANAGER, f"Person {number}")
                people.append(accounts.add_member(tx, member, now, system))
                links.append(accounts.issue_link(tx, accounts.IssueLink(people[-1]), now, system))
        db.session.remove()
        db.engine.dispose()
    made = House(tmp_path, app, organisation_id, links, people)
    yield made
    for process in made.processes:
        process.end()
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


class Visitor:
    """A browser of one person: cookies, forms with their tokens, and nothing that answers 500."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.opener = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()), urllib.request.ProxyHandler({})
        )

    def ask(self, path: str, data: bytes | None = None, kind: str = FORM) -> tuple[int, str, str]:
        """(status, address after redirects, page)."""
        headers = {"Content-Type": kind} if data is not None else {}
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", data, headers)
        try:
            with self.opener.open(request, timeout=120) as answer:
                return answer.status, answer.url, answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, path, error.read().decode()

    def send(self, path: str, ending: str, **values: Any) -> tuple[int, str, str]:
        """Fill the form of a page whose action ends so, and send it."""
        page = BeautifulSoup(self.ask(path)[2], "html.parser")
        form = next(
            one
            for one in page.find_all("form", method="post")
            if str(one.get("action") or path).split("?")[0].endswith(ending)
        )
        filled = {**_filled(form), **values}
        action = str(form.get("action") or path)
        if any(isinstance(value, FileStorage) for value in filled.values()):
            boundary, body = encode_multipart(MultiDict(filled))
            return self.ask(action, body, f"multipart/form-data; boundary={boundary}")
        return self.ask(action, urllib.parse.urlencode({name: str(value) for name, value in filled.items()}).encode())

    def enter(self, secret: str) -> None:
        status, _url, page = self.send(f"/account/link/{secret}", secret)
        assert status == 200, page[:300]


def reference_in(url: str, page: str) -> str:
    """The reference that an answer acknowledges."""
    soup = BeautifulSoup(page, "html.parser")
    for place in (urllib.parse.unquote(url), soup.get_text(" ")):
        for word in place.replace("/", " ").replace("?", " ").split():
            if word.startswith("C-20") and len(word) == 13:
                return word
    return ""


def register(visitor: Visitor, subject: str) -> tuple[int, str, str]:
    day = f"{clock.now():%Y-%m-%d}"
    return visitor.send("/o/crowd/complaints/new", "/new", subject=subject, received_on=day, channel="phone")


def together(works: list[threading.Thread]) -> None:
    for work in works:
        work.start()
    for work in works:
        work.join(LONGEST_TEST)
        assert not work.is_alive(), "somebody waits for ever"


def test_twenty_people_at_once_lose_nothing(house: House) -> None:
    for _number in range(SERVERS):
        house.serve()
    answers: list[tuple[int, str, str, str]] = []

    def work(number: int) -> None:
        visitor = Visitor(house.ports[number % SERVERS])
        visitor.enter(house.links[number])
        for turn in range(EACH):
            subject = f"Work {number} {turn}"
            answers.append((*register(visitor, subject), subject))
            answers.append((*visitor.ask(f"/o/crowd/complaints/?stage=all&q=work+{number}"), ""))

    begun = time.monotonic()
    together([threading.Thread(target=work, args=(number,)) for number in range(PEOPLE)])
    assert time.monotonic() - begun < LONGEST_TEST
    assert {status for status, *_rest in answers} == {200}, [
        page[:300] for status, _, page, _ in answers if status != 200
    ]
    assert not any("locked" in page for _status, _url, page, _subject in answers)
    kept = house.complaints()
    told = {reference_in(url, page): subject for _status, url, page, subject in answers if subject}
    assert len(told) == PEOPLE * EACH
    assert {reference: kept[reference].subject for reference in told} == told
    assert len(kept) == PEOPLE * EACH
    with house.app.app_context():
        session = reading(Actor.system(house.organisation_id))
        registered = session.execute(
            select(JournalEntry.subject_id).where(
                JournalEntry.organisation_id == house.organisation_id, JournalEntry.event == "complaint:registered"
            )
        ).scalars()
        assert sorted(registered) == sorted(one.id for one in kept.values())
        assert verify(session, house.organisation_id).bad is None


# Who comes one after the other from one network has to prove work; that is looked at elsewhere
AT_ONCE = """
from datetime import timedelta
from auditkit.complaints.intake.rules import gate
gate.LEAST_TIME, gate.FREE_AN_HOUR = timedelta(0), 100
"""


def test_twenty_strangers_at_once_each_get_a_receipt_that_holds(house: House) -> None:
    signing.make_key(house.folder)
    for _number in range(SERVERS):
        house.serve(AT_ONCE)
    answers: dict[str, tuple[int, str, str]] = {}
    begin = threading.Barrier(PEOPLE)

    def work(number: int) -> None:
        visitor, subject = Visitor(house.ports[number % SERVERS]), f"Stranger {number}"
        begin.wait(LONGEST_TEST)
        told = {**STORY, "subject": subject, "files": FileStorage(io.BytesIO(PNG), f"photo-{number}.png")}
        status, _url, page = visitor.send("/p/crowd/complaints/new", "/new", **told)
        found = receipt_of(SimpleNamespace(text=page)) if status == 200 else ("", "")
        asked = {"reference": found[0], "secret": found[1]}
        answers[subject] = (status, found[0], visitor.send("/p/crowd/complaints/track", "/track", **asked)[2])

    together([threading.Thread(target=work, args=(number,)) for number in range(PEOPLE)])
    assert [status for status, _reference, _page in answers.values()] == [200] * PEOPLE
    for subject, (_status, _reference, page) in answers.items():
        words = " ".join(BeautifulSoup(page, "html.parser").get_text(" ").split())
        assert "signature and fingerprint fit" in words, words[-1500:]
        assert subject.replace("Stranger ", "photo-") + ".png" in page
        assert "locked" not in page
    kept = {reference: one.subject for reference, one in house.complaints().items()}
    assert kept == {reference: subject for subject, (_status, reference, _page) in answers.items()}
    with house.app.app_context():
        assert verify(reading(Actor.system(house.organisation_id)), house.organisation_id).bad is None


def test_of_two_who_change_one_case_one_is_told(house: House) -> None:
    for _number in range(SERVERS):
        house.serve()
    visitors = [Visitor(house.ports[number % SERVERS]) for number in range(4)]
    for visitor, link in zip(visitors, house.links, strict=False):
        visitor.enter(link)
    _status, url, page = register(visitors[0], "One case")
    reference = reference_in(url, page)
    path = f"/o/crowd/complaints/chosen?chosen={reference}"
    forms = [_filled(BeautifulSoup(visitor.ask(path)[2], "html.parser").main.form) for visitor in visitors]
    answers: list[str] = []

    def work(number: int) -> None:
        values = {**forms[number], "owner": str(house.people[number])}
        data = urllib.parse.urlencode(values).encode()
        answers.append(visitors[number].ask("/o/crowd/complaints/chosen", data)[2])

    together([threading.Thread(target=work, args=(number,)) for number in range(4)])
    assert sum("1 complaints have a new owner" in page for page in answers) == 1
    assert sum(f"{reference}:" in page for page in answers) == 3
    (kept,) = house.complaints().values()
    assert kept.version == 2


def test_twenty_people_at_one_case_lose_nothing_they_wrote(house: House) -> None:
    for _number in range(SERVERS):
        house.serve()
    visitors = [Visitor(house.ports[number % SERVERS]) for number in range(PEOPLE)]
    for visitor, link in zip(visitors, house.links, strict=True):
        visitor.enter(link)
    _status, url, page = register(visitors[0], "One case")
    reference = reference_in(url, page)
    path = f"/o/crowd/complaints/{reference}"
    answers: list[tuple[int, str]] = []

    def work(number: int) -> None:
        visitor = visitors[number]
        status, _url, page = visitor.send(path, "/note", note=f"Note of {number}")
        answers.append((status, page))
        values = {"owner": str(house.people[number])}
        status, _url, page = visitor.send(f"{path}/assign", "/assign", **values)
        answers.append((status, page))

    together([threading.Thread(target=work, args=(number,)) for number in range(PEOPLE)])
    assert {status for status, _page in answers} <= {200, 409}
    assert not any("locked" in page for _status, page in answers)
    with house.app.app_context():
        db.session.rollback()
        session = reading(Actor.system(house.organisation_id))
        notes = session.execute(select(ComplaintNote.note)).scalars().all()
        assert sorted(notes) == sorted(f"Note of {number}" for number in range(PEOPLE))
        assigned = session.execute(
            select(JournalEntry.facts).where(JournalEntry.event == "complaint:assigned").order_by(JournalEntry.seq)
        ).scalars()
        last = [facts["owner"] for facts in assigned]
        (kept,) = session.execute(select(Complaint)).scalars()
        assert last
        assert (kept.owner_id, kept.version) == (last[-1], 1 + len(last))
        assert verify(session, house.organisation_id).bad is None


def test_limits_hold_across_two_servers(house: House) -> None:
    for _number in range(SERVERS):
        house.serve()
    path, tries = "/p/crowd/complaints/track", TRACK_LIMIT.an_hour + 8

    def attempt() -> list[int]:
        answers: list[int] = []

        def work(number: int) -> None:
            visitor = Visitor(house.ports[number % SERVERS])
            said = {"reference": "C-2026-000001", "secret": "x"}
            answers.extend(visitor.send(path, "/track", **said)[0] for _turn in range(tries // 4 + 1))

        together([threading.Thread(target=work, args=(number,)) for number in range(4)])
        return answers

    hour = clock.now().hour
    answers = attempt()
    if clock.now().hour != hour:  # the count began anew meanwhile
        with house.app.app_context(), transaction() as tx:
            tx.execute(delete(LimitCount))
        answers = attempt()
    assert len(answers) >= tries
    assert answers.count(200) == TRACK_LIMIT.an_hour, "neither server let anybody in beyond what both counted"
    assert answers.count(429) == len(answers) - TRACK_LIMIT.an_hour
    for port in house.ports:
        assert Visitor(port).send(path, "/track", reference="C-2026-000001", secret="x")[0] == 429


def test_a_killed_server_leaves_what_it_acknowledged(house: House) -> None:
    dice = random.Random(10002)
    told: dict[str, str] = {}
    sent = 0
    for round_number in range(3):
        house.serve()
        visitor = Visitor(house.ports[-1])
        visitor.enter(house.links[round_number])
        stop = threading.Event()

        def work(visitor: Visitor = visitor, round_number: int = round_number, stop: threading.Event = stop) -> None:
            nonlocal sent
            for turn in range(200):
                if stop.is_set():
                    return
                subject = f"Round {round_number} {turn}"
                try:
                    sent += 1
                    status, url, page = register(visitor, subject)
                except (OSError, http.client.HTTPException, StopIteration):
                    return
                assert status == 200
                told[reference_in(url, page)] = subject

        thread = threading.Thread(target=work)
        thread.start()
        before, patience = len(told), time.monotonic() + LONGEST_TEST
        while len(told) == before and time.monotonic() < patience:
            time.sleep(0.05)  # on a busy machine the first answer takes its time
        time.sleep(dice.random())
        house.processes[-1].send_signal(signal.SIGKILL)
        house.processes[-1].wait()
        stop.set()
        thread.join(LONGEST_TEST)
    kept = {reference: one.subject for reference, one in house.complaints().items()}
    assert told, "nothing was acknowledged before the servers were killed"
    assert {reference: kept[reference] for reference in told} == told
    assert len(kept) <= sent
    with house.app.app_context():
        assert verify(reading(Actor.system(house.organisation_id)), house.organisation_id).bad is None
