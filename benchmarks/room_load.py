"""Twenty reviewers read in their rooms while a pack is sealed; all over HTTP from a server of its own on 127.0.0.1.

Each reviewer enters by a link and goes on: the room, a clause, a file, a judgement. First for some seconds with nothing
else to do, then from the start of a building until the pack is recorded (the job is put, and done by the server's
worker, as the page does it). Figures: the median and the 95th percentile of an answer in each phase, their ratio, and
how long the building took, beside how long the same one took alone before. Exits with 1 where an answer was not what
it should be (a lock, a fault, a refusal), or where reading became slower than the goal. The ratio is not judged where
others keep the machine busy. A pack that is not sealed within many times what it took alone is given up: it says how
far the job was, what the reviewers met until then, and the server's last words.
"""

import re
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import zipfile
from dataclasses import dataclass, field
from datetime import timedelta
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, build_opener

import pack_build

REVIEWERS = 20
IDLE_SECONDS = 6.0
THINKS = 1.0  # seconds between two clicks of a reviewer
ENTERS_WITHIN = 90.0  # seconds, for all of them at once on a busy machine
GIVES_UP_AFTER = 20.0  # times what the same pack took alone
AT_LEAST = 120.0  # seconds, before it gives up
GOAL = 3.0
"""How many times slower the median answer may be while a pack is sealed: building is one of two cores' work."""
FILES, MEGABYTES = 200, 64
CLAUSE = "iso10002-2018:8.5"
PACK = "stage-2"
"""What a reviewer gets before the audit on site."""
_TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


@dataclass
class Seen:
    """What the reviewers met: seconds of each answer, and what was wrong."""

    seconds: list[float] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


class Reviewer(threading.Thread):
    """One reviewer, who goes on reading until told to stop."""

    def __init__(self, base: str, secret: str, file: str) -> None:
        super().__init__(daemon=True)
        self.base, self.secret, self.file = base, secret, file
        self.seen: Seen | None = None
        self.stopping = threading.Event()
        self.entered = threading.Event()
        self.opener: OpenerDirector = build_opener(HTTPCookieProcessor(CookieJar()))

    def run(self) -> None:
        """Enter, then read."""
        page = self._ask(f"/enter/{self.secret}")
        self._ask(f"/enter/{self.secret}", {"csrf_token": _TOKEN.findall(page)[-1]})
        self.entered.set()
        while not self.stopping.is_set():
            for path in ("/", f"/clauses/{CLAUSE}", f"/files/{self.file}"):
                page = self._ask(path)
                time.sleep(THINKS)
                if path.startswith("/clauses"):
                    said = {"csrf_token": _TOKEN.findall(page)[-1], "verdict": "question", "comment": "Where is it?"}
                    self._ask(f"{path}/judge", said)

    def _ask(self, path: str, form: dict[str, str] | None = None) -> str:
        begun = time.perf_counter()
        try:
            data = urlencode(form).encode() if form else None
            with self.opener.open(self.base + path, data, timeout=60) as answer:
                text = answer.read().decode("utf-8", "replace")
        except (HTTPError, OSError) as error:
            text = ""
            if self.seen is not None:
                self.seen.faults.append(f"{path}: {error}")
        if self.seen is not None:
            self.seen.seconds.append(time.perf_counter() - begun)
        return text


def build(settings: Any) -> int:
    """A pack of the benchmark's organisation, kept in the instance; its id."""
    from auditkit.base import clock
    from auditkit.base.actor import Actor
    from auditkit.base.db import transaction
    from auditkit.packs import building, service, signing

    asked = building.Asked(PACK, pack_build.date(2026, 1, 1), pack_build.date(2026, 12, 31), "B", "Bench")
    actor = Actor.system(1)
    prepared = building.build_apart(settings, asked, actor, signing.signer(settings.instance), lambda _share: None)
    with transaction(actor) as tx:
        return service.build(tx, service.BuildPack(prepared), clock.now(), actor)


def rooms(pack_id: int) -> list[str]:
    """A room for each reviewer; the secrets of their links."""
    from auditkit.base import clock
    from auditkit.base.actor import Actor
    from auditkit.base.db import transaction
    from auditkit.packs.rooms import service

    actor, secrets = Actor.system(1), []
    last_day = clock.now().date() + timedelta(days=30)
    for number in range(REVIEWERS):
        with transaction(actor) as tx:
            command = service.OpenRoom(pack_id, f"Body {number}", f"Reviewer {number}", last_day)
            secrets.append(service.open_room(tx, command, clock.now(), actor)[1])
    return secrets


def a_document(instance: Path) -> str:
    """The path of a Word file in the pack."""
    (pack,) = (instance / "packs").glob("*.zip")
    with zipfile.ZipFile(pack) as archive:
        return next(name.partition("/")[2] for name in archive.namelist() if name.endswith(".docx"))


def put_job() -> int:
    """Ask for another pack, as the page does; the id of the job."""
    from auditkit.base import clock, jobs
    from auditkit.base.actor import Actor
    from auditkit.base.db import transaction
    from auditkit.packs.jobs import BUILD, payload

    actor = Actor.system(1)
    asked = payload(PACK, pack_build.date(2026, 1, 1), pack_build.date(2026, 12, 31), "Another")
    with transaction(actor) as tx:
        job = jobs.put(tx, BUILD, asked, now=clock.now(), actor=actor)
        tx.flush()
        return int(job.id)


def state_of(job_id: int) -> Any:
    """How the job stands."""
    from auditkit.base import jobs
    from auditkit.base.actor import Actor
    from auditkit.base.db import reading

    tx = reading(Actor.system(1))
    found = jobs.view(tx, job_id)
    tx.rollback()
    assert found is not None
    return found


def served(settings: Any, port: int, log: Path) -> "subprocess.Popen[bytes]":
    """The server with its worker, as `auditkit start` runs it; what it complains of goes to `log`."""
    script = (
        "import logging, sys; from pathlib import Path; from auditkit.app import create_app; "
        "from auditkit.base.settings import Settings; from auditkit.instance.serving import serve; "
        "logging.getLogger('waitress.queue').setLevel(logging.ERROR); "
        "serve(create_app(Settings(instance=Path(sys.argv[1]), _env_file=None)), '127.0.0.1', int(sys.argv[2]), 8, "
        "lambda: print('ready', flush=True))"
    )
    command = [sys.executable, "-c", script, str(settings.instance), str(port)]
    with log.open("wb") as complaints:
        server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=complaints)
    assert server.stdout is not None
    if server.stdout.readline() != b"ready\n":
        raise SystemExit(f"the server did not start: {last_words(log)}")
    return server


def last_words(log: Path) -> str:
    """The end of what the server complained of."""
    return log.read_text(errors="replace").strip()[-2000:] or "it said nothing"


def load(settings: Any, secrets: list[str], file: str, patience: float) -> tuple[Seen, Seen, float]:
    """What was met with nothing else to do, and while a pack was sealed, and how long that took in seconds.

    A pack that is not sealed within `patience` seconds is a fault among the others, and so is a server that died.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = settings.instance.parent / "server.log"
    server = served(settings, port, log)
    try:
        reviewers = [Reviewer(f"http://127.0.0.1:{port}/p/bench/room", secret, file) for secret in secrets]
        for one in reviewers:
            one.start()
        let_in(reviewers, log)
        idle, busy = Seen(), Seen()
        for one in reviewers:
            one.seen = idle
        time.sleep(IDLE_SECONDS)
        begun = time.perf_counter()
        job = put_job()
        for one in reviewers:
            one.seen = busy
        while (found := state_of(job)).state in ("queued", "running"):
            waited = time.perf_counter() - begun
            if server.poll() is not None:
                busy.faults.append(f"the server ended with {server.returncode}: {last_words(log)}")
                break
            if waited > patience:
                busy.faults.append(
                    f"the pack was not sealed within {patience:.0f} s: the job is {found.state}, {found.progress:.0%} "
                    f"done; {len(busy.seconds)} answers until then; the server's last words: {last_words(log)}"
                )
                break
            time.sleep(0.2)
        took = time.perf_counter() - begun
        if found.state == "failed":
            busy.faults.append(f"the pack: {found.message}")
        for one in reviewers:
            one.stopping.set()
        for one in reviewers:
            one.join(10)
        return idle, busy, took
    finally:
        server.terminate()
        server.wait(30)


def let_in(reviewers: list[Reviewer], log: Path) -> None:
    """Wait until every reviewer is in their room."""
    until = time.perf_counter() + ENTERS_WITHIN
    inside = sum(one.entered.wait(max(0.0, until - time.perf_counter())) for one in reviewers)
    if inside < len(reviewers):
        raise SystemExit(f"{inside} of {len(reviewers)} reviewers came in within {ENTERS_WITHIN:.0f} s: "
                         f"{last_words(log)}")  # fmt: skip


def main() -> int:
    """Measure, print, return 1 where something went wrong or reading became too slow."""
    from auditkit.app import create_app
    from auditkit.base.settings import Settings

    pack_build.FILES, pack_build.TOTAL = FILES, MEGABYTES << 20
    with tempfile.TemporaryDirectory(prefix="auditkit-bench-") as name:
        folder = Path(name)
        pack_build.make_instance(folder, pack_build.make_evidence(folder))
        settings = Settings(instance=folder / "instance", _env_file=None)  # type: ignore[call-arg]
        with create_app(settings).app_context():
            begun = time.perf_counter()
            pack = build(settings)
            alone = time.perf_counter() - begun
            patience = max(AT_LEAST, GIVES_UP_AFTER * alone)
            idle, busy, took = load(settings, rooms(pack), a_document(settings.instance), patience)
    faults = idle.faults + busy.faults
    if min(len(idle.seconds), len(busy.seconds)) < 2:
        raise SystemExit(f"the reviewers got no answers: {faults[:10]}")
    for title, seen in (("idle", idle), ("sealing", busy)):
        slow = statistics.quantiles(seen.seconds, n=20)[-1]
        middle = statistics.median(seen.seconds)
        within = f"median {middle * 1000:6.1f} ms, 95 % within {slow * 1000:6.1f} ms"
        print(f"{title:8} {len(seen.seconds):5} answers, {within}")
    ratio = statistics.median(busy.seconds) / statistics.median(idle.seconds)
    judged = not pack_build.machine_is_busy()
    missed = judged and ratio > GOAL
    print(f"sealed in {took:.1f} s beside {REVIEWERS} reviewers, {alone:.1f} s alone; faults: {len(faults)}")
    print(f"reading {ratio:.2f} x as slow while sealing (at most {GOAL})" + ("  MISSED" if missed else ""))
    if not judged:
        print("The ratio was not judged: the machine was busy with other work")
    for fault in faults[:10]:
        print(f"FAULT {fault}")
    return 1 if missed or faults else 0


if __name__ == "__main__":
    sys.exit(main())
