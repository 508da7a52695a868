"""Building and verifying a pack of 500 evidence files (256 MB), against floors measured in the same run.

Floors: (build) read, SHA-256 and store the same bytes in one ZIP by Python's zipfile, in one pass; (verify) read the same
bytes and SHA-256 them. Every run is a process of its own; CPU is user and system time, and the best of the rounds counts.
Exits with 1 when a goal is missed.
"""

import hashlib
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

FILES, TOTAL = 500, 256 << 20
ROUNDS = 5
BUFFER = 1 << 20
GOALS = [
    # what, numerator, floor, measure, at most
    ("build, CPU", "build", "store", "cpu", 1.3),
    ("build, wall", "build", "store", "wall", 1.3),
    ("verify, CPU", "verify", "hash", "cpu", 1.15),
    ("verify, wall", "verify", "hash", "wall", 0.8),
]
MEMORY_GOAL_MB = 120


def make_evidence(folder: Path) -> None:
    """500 files of uneven size, 256 MB together, and a list of them with their digests."""
    dice = random.Random(10002)
    weights = [dice.lognormvariate(0, 1.2) for _ in range(FILES)]
    listed = []
    for number, weight in enumerate(weights):
        content = dice.randbytes(max(1, int(TOTAL * weight / sum(weights))))
        path = folder / f"{number:04}.bin"
        path.write_bytes(content)
        listed.append([str(path), len(content), hashlib.sha256(content).hexdigest()])
    (folder / "list.json").write_text(json.dumps(listed))


def store(folder: Path) -> None:
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


def build(folder: Path) -> None:
    """What is measured: our writer."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from auditkit.packs.bag import write_pack
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
            Source.of_file(f"data/evidence/{Path(path).name}", Path(path), size, digest) for path, size, digest in listed
        ],
        key=Ed25519PrivateKey.from_private_bytes(bytes(32)),
    )


def hash_only(folder: Path) -> None:
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


WORK = {"store": store, "build": build, "hash": hash_only, "verify": verify}
IMPORTS = {"store": "zipfile", "build": "auditkit.packs.bag", "hash": "hashlib", "verify": "auditkit.packs.verify"}


def measured(what: str, folder: Path) -> dict[str, float]:
    """Do `what` in this process: seconds of CPU and wall, and the process's peak memory in MB. Imports do not count."""
    __import__(IMPORTS[what])
    cpu, wall = time.process_time(), time.perf_counter()
    WORK[what](folder)
    return {"cpu": time.process_time() - cpu, "wall": time.perf_counter() - wall, "memory": peak_memory()}


def peak_memory() -> float:
    """MB. From /proc where there is one: ru_maxrss starts with what the parent process had."""
    try:
        lines = Path("/proc/self/status").read_text().splitlines()
    except OSError:
        import resource

        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1 << 20 if sys.platform == "darwin" else 1 << 10)
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024


def main() -> int:
    """Run all, print the ratios, return 1 when a goal is missed."""
    best: dict[str, dict[str, float]] = {}
    with tempfile.TemporaryDirectory(prefix="auditkit-bench-") as name:
        folder = Path(name)
        make_evidence(folder)
        for _ in range(ROUNDS):
            for what in WORK:
                command = [sys.executable, __file__, what, name]
                result = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
                sofar = best.setdefault(what, result)
                best[what] = {
                    key: max(sofar[key], result[key]) if key == "memory" else min(sofar[key], result[key]) for key in result
                }
                for left in ("floor.zip",) if what == "store" else ():
                    os.unlink(folder / left)
    for what, figures in best.items():
        print(f"{what:8} {figures['cpu']:6.3f} s CPU {figures['wall']:6.3f} s wall {figures['memory']:6.1f} MB")
    missed = 0
    for title, ours, floor, key, goal in GOALS:
        ratio = best[ours][key] / best[floor][key]
        missed += ratio > goal
        print(f"{title:14} {ratio:5.2f} x the floor (at most {goal}){'  MISSED' if ratio > goal else ''}")
    for what in ("build", "verify"):
        memory = best[what]["memory"]
        missed += memory > MEMORY_GOAL_MB
        over = "  MISSED" if memory > MEMORY_GOAL_MB else ""
        print(f"{what + ', memory':14} {memory:5.0f} MB at the peak (at most {MEMORY_GOAL_MB}){over}")
    return 1 if missed else 0


if __name__ == "__main__":
    if len(sys.argv) == 3:
        print(json.dumps(measured(sys.argv[1], Path(sys.argv[2]))))
    else:
        sys.exit(main())
