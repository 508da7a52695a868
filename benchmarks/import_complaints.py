"""Importing 215,781 complaints, against storing the same final rows with sqlite3 and reading the file with csv.

Floor: `sqlite3.executemany` of the very rows the import ended up with, into the same tables with the same indexes and
search index, in one transaction, plus one pass over the file with the csv module. Every part is a process of its own;
CPU is user and system time. The import is timed whole, as `auditkit complaints import` runs it after the program has
started (starting is timed apart). Exits with 1 when a goal is missed. `--rows 1000000` repeats the file, each time with
references of its own, until it has so many rows.
"""

import argparse
import csv
import gzip
import itertools
import os
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

GOAL_RATIO = 2.5
GOAL_MEMORY_MB = 200
ROUNDS = 2
SHARED = Path(os.environ.get("AUDITKIT_SHARED", Path(__file__).resolve().parents[2] / "shared"))
FILE = SHARED / "data" / "complaints" / "chicago_215781_iso_status_noaddr.csv.gz"
ROWS, WARNINGS = 215_781, 1_866
TABLES = ("import_run", "complaint", "imported_reference", "complaint_untimed")
PRAGMAS = (
    "PRAGMA foreign_keys=ON",
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=NORMAL",
    "PRAGMA cache_size=-32768",
    "PRAGMA temp_store=MEMORY",
)


def make_instance(folder: Path) -> None:
    """An instance with one organisation, made by the program itself."""
    environment = {**os.environ, "AUDITKIT_INSTANCE": str(folder)}
    for arguments in (["init"], ["org", "add", "bench", "--name", "Bench"]):
        command = [sys.executable, "-m", "auditkit.cli", *arguments]
        subprocess.run(command, check=True, env=environment, stdout=subprocess.DEVNULL)


def measured(part: str, *arguments: str) -> tuple[float, float]:
    """(CPU seconds, peak memory in MB) of one part, run in a process of its own."""
    command = [sys.executable, __file__, part, *arguments]
    found = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()[-1].split()
    return float(found[0]), float(found[1])


def report(work: Callable[[], None]) -> None:
    """Print CPU seconds of `work` and the peak memory of this process."""
    start = time.process_time()
    work()
    seconds = time.process_time() - start
    print(seconds, peak_memory())


def peak_memory() -> float:
    """MB. From /proc where there is one: ru_maxrss starts with what the process had that started this one."""
    try:
        lines = Path("/proc/self/status").read_text().splitlines()
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1 << 20 if sys.platform == "darwin" else 1 << 10)
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024


def repeated(folder: Path, rows: int) -> Path:
    """The file with its rows again and again until there are `rows`; the references of each time are its own."""
    path = folder / FILE.name
    with (
        gzip.open(FILE, "rt", encoding="utf-8", newline="") as source,
        gzip.open(path, "wt", encoding="utf-8", newline="", compresslevel=1) as target,
    ):
        reader, writer = csv.reader(source), csv.writer(target)
        writer.writerow(next(reader))
        whole = list(reader)
        turns = (([f"{turn}-{row[0]}", *row[1:]] for row in whole) for turn in itertools.count(1))
        writer.writerows(itertools.islice(itertools.chain.from_iterable(turns), rows))
    return path


def import_file(folder: str, file: str, rows: str) -> None:
    """Part: the import itself."""
    os.environ["AUDITKIT_INSTANCE"] = folder
    from auditkit.accounts.queries import organisation_by_slug
    from auditkit.base.actor import Actor
    from auditkit.base.db import reading
    from auditkit.complaints.importing.running import run_import
    from auditkit.web.pageless import create_pageless_app

    with create_pageless_app().app_context():
        actor = Actor.system(organisation_by_slug(reading(), "bench").id)

        def work() -> None:
            result = run_import(Path(file), actor)
            assert (result.rows, result.imported) == (int(rows), int(rows)), result.as_json()
            assert int(rows) != ROWS or result.warnings == WARNINGS, result.as_json()

        report(work)


def read_file(file: str, expected: str) -> None:
    """Part: one pass over the file with the csv module."""

    def work() -> None:
        with gzip.open(file, "rt", encoding="utf-8", newline="") as stream:
            rows = sum(1 for _ in csv.reader(stream))
        assert rows == int(expected) + 1, rows

    report(work)


def insert_rows(folder: str, source: str, expected: str) -> None:
    """Part: the final rows into empty tables of the same design. Fetching them from `source` is not counted."""
    here = sqlite3.connect(Path(folder) / "auditkit.sqlite", isolation_level=None)
    there = sqlite3.connect(Path(source) / "auditkit.sqlite")
    for pragma in PRAGMAS:
        here.execute(pragma)
    seconds = 0.0

    def timed(work: Callable[..., object], *arguments: object) -> None:
        nonlocal seconds
        start = time.process_time()
        work(*arguments)
        seconds += time.process_time() - start

    timed(here.execute, "BEGIN IMMEDIATE")
    for table in TABLES:
        cursor = there.execute(f"SELECT * FROM {table} ORDER BY 1")
        names = ", ".join(column[0] for column in cursor.description)
        insert = f"INSERT INTO {table} ({names}) VALUES ({', '.join('?' * len(cursor.description))})"
        while rows := cursor.fetchmany(5_000):
            timed(here.executemany, insert, rows)
    timed(here.execute, "INSERT INTO complaint_search(rowid, search_words) SELECT id, search_words FROM complaint")
    timed(here.execute, "COMMIT")
    assert here.execute("SELECT count(*) FROM complaint").fetchone() == (int(expected),)
    print(seconds, peak_memory())


PARTS = {"import": import_file, "read": read_file, "insert": insert_rows}


def _one_round(
    file: Path, rows: str, imports: list[tuple[float, float]], floor: list[float], reading: list[float]
) -> None:
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
        make_instance(Path(one))
        make_instance(Path(other))
        imports.append(measured("import", one, str(file), rows))
        floor.append(measured("insert", other, one, rows)[0])
        reading.append(measured("read", str(file), rows)[0])


def main(rows: int = ROWS) -> int:
    """Print ratio and memory; exit code 1 when a goal is missed."""
    if not FILE.exists():
        print(f"import: not measured, because {FILE.name} is absent (set AUDITKIT_SHARED)")
        return 0
    imports: list[tuple[float, float]] = []
    floor: list[float] = []
    reading: list[float] = []
    with tempfile.TemporaryDirectory() as kept:
        file = FILE if rows == ROWS else repeated(Path(kept), rows)
        for _round in range(ROUNDS if rows == ROWS else 1):
            _one_round(file, str(rows), imports, floor, reading)
    ours, memory = min(seconds for seconds, _peak in imports), max(peak for _seconds, peak in imports)
    total = min(floor) + min(reading)
    ratio = ours / total
    print(
        f"import of {rows:,} rows: {ratio:.2f} x executemany and csv.reader (goal {GOAL_RATIO}); "
        f"CPU {ours:.1f} s against {min(floor):.1f} + {min(reading):.1f} s; "
        f"peak memory {memory:.0f} MB (goal {GOAL_MEMORY_MB})"
    )
    return 0 if ratio <= GOAL_RATIO and memory <= GOAL_MEMORY_MB else 1


if __name__ == "__main__":
    if sys.argv[1:2] and sys.argv[1] in PARTS:
        PARTS[sys.argv[1]](*sys.argv[2:])
    else:
        parser = argparse.ArgumentParser(description=__doc__)
        parser.add_argument("--rows", type=int, default=ROWS)
        sys.exit(main(parser.parse_args().rows))
