"""Building and verifying a pack of 30 documents and 2,000 evidence files (1 GiB), against floors of the same run.

Needs 5 GB of disk. `AUDITKIT_BENCH_FILES` and `AUDITKIT_BENCH_MB` make it smaller.

Floors: (build) read, SHA-256 and store the same bytes in one ZIP by Python's zipfile, in one pass; (verify) read the
same bytes and SHA-256 them. "seal" is our writer; "whole" is all of `auditkit pack build`: gathering from the database,
documents, registers, index, seal. "child" is the same in the process that builds for a page (`packs/building.py`);
its memory is judged, beside that of the writer and of the verifier. That memory is the peak (VmHWM) of the largest
single process among the child and those it starts: two forks that read, one that renders documents, one that copies.
What all of them hold at one moment, each page counted once (PSS), is told beside it and not judged. Every run is a
process of its own; CPU is user and system time of it and of all processes it started (where there is a /proc; one
copies evidence, one renders documents); the best round counts. CPU is told and not judged: the goals
are set for wall time, where both cores are used, at most 1.3 of the floor for 500 files and 256 MB, at most 0.8 for the
full size.
Exits with 1 when a goal is missed. Wall time is not judged while others keep the machine busy.
"""

import hashlib
import json
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import nullcontext, suppress
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

FILES = int(os.environ.get("AUDITKIT_BENCH_FILES", "2000"))
TOTAL = int(os.environ.get("AUDITKIT_BENCH_MB", "1024")) << 20
SMALL = FILES <= 500
"""As the first goal is set for: its own limits, and none for parts, which are to be fast where there is much."""
PACK = "stage-2"
AUDITS, DOCUMENTS = 30, 30
"""Every audit has a plan in the pack, and only the first was held."""
ROUNDS = 5
BUFFER = 1 << 20
GOALS = [
    # what, numerator, floor, measure, at most
    ("seal, CPU", "seal", "store", "cpu", None),
    ("seal, wall", "seal", "store", "wall", None if SMALL else 0.8),
    ("whole, CPU", "whole", "store", "cpu", None),
    ("whole, wall", "whole", "store", "wall", 1.3 if SMALL else 0.8),
    ("verify, CPU", "verify", "hash", "cpu", None),
    ("verify, wall", "verify", "hash", "wall", None if SMALL else 0.8),
]
MEMORY_GOAL_MB = 120 if SMALL else 100
"""Whatever the evidence weighs: 500 files of 256 MB, 2,000 of 1 GiB."""
LOOKS_EVERY = 0.02  # seconds


def make_evidence(folder: Path) -> list[list[Any]]:
    """Files of uneven size and a list of them with their digests."""
    dice = random.Random(10002)
    weights = [dice.lognormvariate(0, 1.2) for _ in range(FILES)]
    listed = []
    for number, weight in enumerate(weights):
        content = dice.randbytes(max(1, int(TOTAL * weight / sum(weights))))
        path = folder / f"{number:04}.bin"
        path.write_bytes(content)
        listed.append([str(path), len(content), hashlib.sha256(content).hexdigest()])
    (folder / "list.json").write_text(json.dumps(listed))
    return listed


def make_instance(folder: Path, listed: list[list[Any]]) -> None:
    """An instance whose organisation planned its audits of 2026 and held one, with the files at its questions."""
    from auditkit.accounts import service as accounts
    from auditkit.accounts.rules import Role
    from auditkit.app import create_app
    from auditkit.audits import queries, service
    from auditkit.audits.independence import service as independence
    from auditkit.audits.rules import TeamRole
    from auditkit.base import clock
    from auditkit.base.actor import Actor
    from auditkit.base.db import reading, transaction
    from auditkit.base.settings import Settings
    from auditkit.content.library import shared
    from auditkit.evidence import service as evidence
    from auditkit.evidence import store
    from auditkit.evidence.intake import Received
    from auditkit.instance import migrate
    from auditkit.packs import signing

    settings = Settings(instance=folder / "instance", _env_file=None)  # type: ignore[call-arg]
    settings.make_instance()
    signing.make_key(settings.instance)
    app = create_app(settings)
    migrate.upgrade(app)
    with app.app_context():
        with transaction() as tx:
            organisation_id = accounts.add_organisation(tx, accounts.AddOrganisation("bench", "Bench"), clock.now())
        actor = Actor.system(organisation_id)
        with transaction(actor) as tx:
            auditor = accounts.add_member(
                tx, accounts.AddMember("ivan@bench.example", Role.INTERNAL_AUDITOR, "Ivan"), clock.now(), actor
            )
            record = independence.RecordCompetence(
                auditor, "Lead auditor", "Course", date(2020, 1, 1), date(2040, 1, 1)
            )
            independence.record_competence(tx, record, clock.now(), actor)
            plan = service.PlanAudit(
                title="Round",
                objectives="See",
                scope="All",
                checklist_id="principles-2018",
                planned_from=date(2026, 3, 9),
                planned_to=date(2026, 3, 10),
                team=((auditor, TeamRole.LEAD),),
            )
            number = service.plan(tx, plan, clock.now(), actor, library=shared())
            for other in range(2, AUDITS + 1):
                service.plan(tx, replace(plan, title=f"Round {other}"), clock.now(), actor, library=shared())
            service.start(tx, service.StartAudit(number), clock.now(), actor, library=shared())
        rows = queries.run.rows(reading(actor), queries.plans.by_number(reading(actor), number).id)
        for path, _size, _digest in listed:
            store.current().put(Path(path).read_bytes())
        with transaction(actor) as tx:
            for place, (path, size, digest) in enumerate(listed):
                received = Received(digest, size, "png", "image/png", Path(path).name)
                subject = ("audit-row", rows[place % len(rows)].id)
                evidence.add(tx, evidence.Add([received], subject), clock.now(), actor)


def store_floor(folder: Path) -> None:
    """The floor of building."""
    import zipfile

    buffer = memoryview(bytearray(BUFFER))
    with zipfile.ZipFile(folder / "floor.zip", "w", zipfile.ZIP_STORED) as archive:
        for path, _size, digest in json.loads((folder / "list.json").read_text()):
            hashing = hashlib.sha256()
            with Path(path).open("rb", buffering=0) as source, archive.open(Path(path).name, "w") as member:
                while count := source.readinto(buffer):
                    hashing.update(buffer[:count])
                    member.write(buffer[:count])
            if hashing.hexdigest() != digest:
                raise SystemExit(f"{path} changed")


def seal(folder: Path) -> None:
    """What is measured: our writer."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from auditkit.packs.bag import write_pack
    from auditkit.packs.signing import signer_with
    from auditkit.packs.zipping import Source

    listed = json.loads((folder / "list.json").read_text())
    write_pack(
        folder / "pack.zip",
        bag="bench",
        dated=datetime(2026, 1, 1, tzinfo=UTC),
        about={},
        info={},
        tag_files={},
        payload=[
            Source.of_file(f"data/evidence/{Path(path).name}", Path(path), size, digest)
            for path, size, digest in listed
        ],
        signer=signer_with(Ed25519PrivateKey.from_private_bytes(bytes(32))),
    )


def hash_floor(folder: Path) -> None:
    """The floor of verifying."""
    buffer = memoryview(bytearray(BUFFER))
    for path, _size, digest in json.loads((folder / "list.json").read_text()):
        hashing = hashlib.sha256()
        with Path(path).open("rb", buffering=0) as source:
            while count := source.readinto(buffer):
                hashing.update(buffer[:count])
        if hashing.hexdigest() != digest:
            raise SystemExit(f"{path} changed")


def verify(folder: Path) -> None:
    """What is measured: our verifier."""
    from auditkit.packs.verify import verify

    if not verify(folder / "pack.zip").good:
        raise SystemExit("the pack does not verify")


class Whole:
    """What is measured: the whole building, in a process that built one before (its renderers are warm)."""

    def __init__(self, folder: Path) -> None:
        from auditkit.base.garbage import staying
        from auditkit.base.settings import Settings

        self.folder = folder
        self.settings = Settings(instance=folder / "instance", _env_file=None)  # type: ignore[call-arg]
        with staying():  # as every process of ours does
            from auditkit.web.pageless import create_pageless_app

            self.app = create_pageless_app(self.settings)
        self()
        (folder / "whole.zip").unlink()  # giving its pages back is no part of building the next

    def __call__(self) -> None:
        """Build once."""
        from auditkit.accounts.queries import organisation_by_slug
        from auditkit.base.actor import Actor
        from auditkit.base.db import reading
        from auditkit.content.library import standards
        from auditkit.packs import service, signing
        from auditkit.packs.reading import PreparePack

        signer = signing.signer(self.settings.instance)
        with self.app.app_context():
            organisation = organisation_by_slug(reading(), "bench")
            actor = Actor.system(organisation.id)
            command = PreparePack(
                PACK,
                organisation,
                standards(),
                date(2026, 1, 1),
                date(2026, 12, 31),
                reason="A benchmark",
                by="Bench",
            )
            built = service.prepare(
                reading(actor), command, actor, self.settings.instance, signer, self.folder / "whole.zip"
            ).sealed
            if built.files < FILES + DOCUMENTS:
                raise SystemExit(f"only {built.files} files in the pack")


class Child:
    """What is measured: the process that builds for a page."""

    def __init__(self, folder: Path) -> None:
        from auditkit.base.settings import Settings
        from auditkit.packs import building, signing

        self.build_apart = building.build_apart
        self.settings = Settings(instance=folder / "instance", _env_file=None)  # type: ignore[call-arg]
        self.asked = building.Asked(PACK, date(2026, 1, 1), date(2026, 12, 31), "A benchmark", "Bench")
        self.signer = signing.signer(self.settings.instance)

    def __call__(self) -> None:
        """Have one built; this organisation is the instance's only one."""
        from auditkit.base.actor import Actor

        prepared = self.build_apart(self.settings, self.asked, Actor.system(1), self.signer, lambda _share: None)
        if prepared.sealed.files < FILES + DOCUMENTS:
            raise SystemExit(f"only {prepared.sealed.files} files in the pack")
        (self.settings.instance / "packs" / f"{prepared.sealed.root}.zip").unlink()


WORK = {"store": store_floor, "seal": seal, "hash": hash_floor, "verify": verify}
PREPARED: dict[str, Any] = {"whole": Whole, "child": Child}
IMPORTS = {"store": "zipfile", "seal": "auditkit.packs.signing", "hash": "hashlib", "verify": "auditkit.packs.verify"}


def measured(what: str, folder: Path) -> dict[str, float]:
    """Do `what` in this process: seconds of CPU and wall, and the process's peak memory in MB. Imports do not count."""
    if what in PREPARED:
        work = PREPARED[what](folder)
    else:
        __import__(IMPORTS[what])

        def work() -> None:
            WORK[what](folder)

    cpu, wall = cpu_of_all(), time.perf_counter()
    with Weighing() if what == "child" else nullcontext() as scales:
        work()
    found = {"wall": time.perf_counter() - wall, "cpu": cpu_of_all() - cpu, "memory": peak_memory()}
    if scales is not None:
        found |= {"memory": scales.largest, "together": scales.together}
    return found


def cpu_of_all() -> float:
    """Seconds of CPU of this process and all it started, those that live and those that have ended."""
    of = os.times()
    alive = 0
    for process in below(os.getpid()):
        with suppress(OSError):  # it has ended between
            alive += int((process / "schedstat").read_text().split()[0])
    return time.process_time() + of.children_user + of.children_system + alive / 1e9


class Weighing(threading.Thread):
    """Looks at the processes below this one while something runs. In MB; only where there is a /proc, else 0.

    `largest`: the peak of the largest; `together`: the most that all held at one moment, shared pages counted once.
    Not ru_maxrss of children: that begins with what this process had when it started them.
    """

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.largest = self.together = 0.0
        self._over = threading.Event()

    def __enter__(self) -> "Weighing":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self.join()

    def run(self) -> None:
        """Until it is over."""
        while not self._over.wait(LOOKS_EVERY):
            now = 0.0
            for process in below(os.getpid()):
                with suppress(OSError, ValueError):  # it has ended between
                    self.largest = max(self.largest, said_in(process / "status", "VmHWM"))
                    now += said_in(process / "smaps_rollup", "Pss")
            self.together = max(self.together, now)


def below(process: int) -> Iterator[Path]:
    """The folders in /proc of all processes that this one started, and those started, and so on."""
    with suppress(OSError):
        for task in Path(f"/proc/{process}/task").iterdir():
            for child in (task / "children").read_text().split():
                yield Path("/proc", child)
                yield from below(int(child))


def said_in(file: Path, name: str) -> float:
    """MB of a line such as `VmHWM:   120 kB`; 0 where there is none."""
    lines = file.read_text().splitlines()
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith(f"{name}:")), 0.0)


def peak_memory() -> float:
    """MB. From /proc where there is one: ru_maxrss starts with what the parent process had."""
    try:
        lines = Path("/proc/self/status").read_text().splitlines()
    except OSError:
        import resource

        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1 << 20 if sys.platform == "darwin" else 1 << 10)
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024


def run(what: str, folder: Path) -> dict[str, float]:
    """One measurement in a process of its own."""
    if what == "seal":
        (folder / "pack.zip").unlink(missing_ok=True)  # nor is it here; the verifier reads the last one
    command = [sys.executable, __file__, what, str(folder)]
    found = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)
    for name in ("floor.zip", "whole.zip"):
        (folder / name).unlink(missing_ok=True)
    return dict(found)


def machine_is_busy() -> bool:
    """Whether more processes waited for a core than there are cores, over the last minute."""
    return hasattr(os, "getloadavg") and os.getloadavg()[0] > (os.cpu_count() or 1) + 1


def main() -> int:
    """Run all, print the ratios, return 1 when a goal is missed."""
    best: dict[str, dict[str, float]] = {}
    with tempfile.TemporaryDirectory(prefix="auditkit-bench-") as name:
        folder = Path(name)
        make_instance(folder, make_evidence(folder))
        os.sync()  # so that no round pays for writing this
        for _ in range(ROUNDS):
            for what in (*WORK, *PREPARED):
                result = run(what, folder)
                sofar = best.setdefault(what, result)
                best[what] = {key: (min if key in ("cpu", "wall") else max)(sofar[key], result[key]) for key in result}
    for what, figures in best.items():
        print(f"{what:8} {figures['cpu']:6.3f} s CPU {figures['wall']:6.3f} s wall {figures['memory']:6.1f} MB")
    missed = 0
    busy = machine_is_busy()
    for title, ours, floor, key, goal in GOALS:
        ratio = best[ours][key] / best[floor][key]
        if key == "wall" and busy:
            goal = None
        over = goal is not None and ratio > goal
        missed += over
        print(
            f"{title:14} {ratio:5.2f} x the floor"
            + (f" (at most {goal})" if goal else "")
            + ("  MISSED" if over else "")
        )
    if busy:
        print("Wall time was not judged: the machine was busy with other work")
    for what in ("seal", "verify", "child"):
        memory = best[what]["memory"]
        missed += memory > MEMORY_GOAL_MB
        over = "  MISSED" if memory > MEMORY_GOAL_MB else ""
        of = "in the largest process" if what == "child" else "at the peak"
        print(f"{what + ', memory':14} {memory:5.0f} MB {of} (at most {MEMORY_GOAL_MB}){over}")
    print(f"{'child, memory':14} {best['child']['together']:5.0f} MB in all its processes at one moment (not judged)")
    return 1 if missed else 0


if __name__ == "__main__":
    if len(sys.argv) == 3:
        print(json.dumps(measured(sys.argv[1], Path(sys.argv[2]))))
    else:
        sys.exit(main())
