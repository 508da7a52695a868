"""Evidence is copied by a process beside while the rest is made: the same bytes, faults named, nothing left behind."""

import hashlib
import os
import signal
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from auditkit.packs import bag, copying, signing, writing
from auditkit.packs.output import DiskFull, Output
from auditkit.packs.verify import verify
from auditkit.packs.writing import Progress
from auditkit.packs.zipping import Source, SourcesChanged

from .conftest import BAG, DATED

pytestmark = [
    pytest.mark.sqlite_only,
    pytest.mark.skipif(not hasattr(os, "pwrite"), reason="Windows copies in threads"),
]
SIGNER = signing.signer_with(Ed25519PrivateKey.from_private_bytes(b"a key that only these tests use!"))
SIZES = (3, 0, copying.BUFFER, copying.BUFFER + 1, 700_000, 5)


@pytest.fixture
def evidence(tmp_path: Path) -> list[Source]:
    sources = []
    for number, size in enumerate(SIZES):
        content = bytes([number]) * size
        file = tmp_path / f"stored-{number}"
        file.write_bytes(content)
        digest = hashlib.sha256(content).hexdigest()
        sources.append(Source.of_file(f"data/evidence/{number}.bin", file, size, digest))
    return sources


@pytest.fixture
def out(tmp_path: Path) -> Path:
    folder = tmp_path / "out"
    folder.mkdir()
    return folder


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> Iterator[list["subprocess.Popen[bytes]"]]:
    """A process beside is started however little there is to copy; these are those that were."""
    start, found = writing._started, []

    def noted(output: int) -> "subprocess.Popen[bytes]":
        found.append(start(output))
        return found[-1]

    monkeypatch.setattr(writing, "BESIDE_FROM", 0)
    monkeypatch.setattr(writing, "_started", noted)
    yield found
    assert all(process.poll() is not None for process in found)


def build(target: Path, evidence: list[Source], progress: Progress | None = None) -> bag.Sealed:
    document = Source.of_bytes("data/documents/a.docx", b"PK" * 50)
    with bag.being_written(target, BAG, DATED, evidence, progress or Progress(None)) as pack:
        return pack.seal(about={}, info={}, tag_files={}, payload=[document], signer=SIGNER)


def in_threads(target: Path, evidence: list[Source], monkeypatch: pytest.MonkeyPatch) -> bytes:
    with monkeypatch.context() as patch:
        patch.setattr(writing, "BESIDE_FROM", 1 << 60)
        return build(target, evidence).file.read_bytes()


def test_a_process_and_threads_write_the_same_bytes(out, evidence, started, monkeypatch) -> None:
    sealed = build(out / "a.zip", evidence)
    assert len(started) == 1
    assert sealed.file.read_bytes() == in_threads(out / "b.zip", evidence, monkeypatch)
    assert verify(sealed.file).good
    with zipfile.ZipFile(sealed.file) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == sorted(archive.namelist())
        first = min(archive.infolist(), key=lambda one: one.header_offset)
    assert first.filename == f"{BAG}/data/evidence/0.bin"  # its place hangs on nothing that is made later


def test_evidence_is_there_before_the_rest_is_made(out, evidence, started) -> None:
    arrived = threading.Event()
    whole = sum(SIZES)

    def told(share: float) -> None:
        if share == 0.5:  # all that is known yet is copied, and nothing is made
            arrived.set()

    with bag.being_written(out / "a.zip", BAG, DATED, evidence, Progress(told)) as pack:
        assert arrived.wait(30)
        (part,) = out.iterdir()
        assert part.stat().st_size > whole
        pack.check()
        document = Source.of_bytes("data/documents/a.docx", b"PK")
        pack.seal(about={}, info={}, tag_files={}, payload=[document], signer=SIGNER)
    assert verify(out / "a.zip").good


def test_every_fault_is_named(out, evidence, started) -> None:
    files = [source.file for source in evidence]
    files[0].unlink()
    files[2].write_bytes(b"!" + files[2].read_bytes()[1:])
    files[3].write_bytes(files[3].read_bytes() + b"!")
    files[4].write_bytes(files[4].read_bytes()[1:])
    files[5].unlink()
    files[5].mkdir()
    with pytest.raises(SourcesChanged) as refused:
        build(out / "a.zip", evidence)
    told = [str(fault) for fault in refused.value.faults]
    altered = "the stored file was altered: its SHA-256 is no longer the one it was stored under"
    assert told == [
        "data/evidence/0.bin: the stored file is missing",
        f"data/evidence/2.bin: {altered}",
        f"data/evidence/3.bin: {altered}",
        f"data/evidence/4.bin: {altered}",
        "data/evidence/5.bin: the stored file cannot be read (Is a directory)",
    ]
    assert list(out.iterdir()) == []


@pytest.mark.parametrize("how", ["cannot be started", "dies at once", "dies at work"])
def test_without_the_process_this_one_copies_all(out, evidence, monkeypatch, how) -> None:
    monkeypatch.setattr(writing, "BESIDE_FROM", 0)
    if how == "cannot be started":
        monkeypatch.setattr(sys, "executable", str(out / "no-python"))
    elif how == "dies at once":
        monkeypatch.setattr(copying, "__file__", str(out / "no-such.py"))
    else:
        answer = writing._answer

        def killed(process: "subprocess.Popen[bytes]") -> list:
            os.kill(process.pid, signal.SIGKILL)
            process.wait()
            return answer(process) and []

        monkeypatch.setattr(writing, "_answer", killed)
    sealed = build(out / "a.zip", evidence)
    assert verify(sealed.file).good
    assert sealed.file.read_bytes() == in_threads(out / "b.zip", evidence, monkeypatch)


@pytest.mark.parametrize("when", ["at once", "while it copies"])
def test_a_full_disk_is_told_and_leaves_nothing(out, evidence, started, monkeypatch, when) -> None:
    """A limit on the size of files plays it."""
    resource = pytest.importorskip("resource")
    if when == "while it copies":
        monkeypatch.setattr(Output, "reserve", lambda *_: None)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    old = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, before[1]))
    try:
        with pytest.raises(DiskFull, match="Make room"):
            build(out / "a.zip", evidence)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, old)
    assert list(out.iterdir()) == []
    assert len(started) == (when == "while it copies")


class Enough(Exception):
    pass


def test_what_progress_raises_ends_the_process_and_leaves_nothing(out, evidence, started) -> None:
    def stop(share: float) -> None:
        if share:
            raise Enough

    with pytest.raises(Enough):
        build(out / "a.zip", evidence, Progress(stop))
    assert len(started) == 1
    assert list(out.iterdir()) == []


def test_what_goes_wrong_meanwhile_ends_the_process_and_leaves_nothing(out, evidence, started) -> None:
    with pytest.raises(Enough), bag.being_written(out / "a.zip", BAG, DATED, evidence, Progress(None)):
        raise Enough
    assert list(out.iterdir()) == []


def test_the_process_ends_with_the_one_that_asked(tmp_path: Path) -> None:
    with (tmp_path / "out").open("wb") as output:
        process = writing._started(output.fileno())
    assert process.stdin is not None
    process.stdin.close()
    assert process.wait(30) == 0
    process.stdout.close()


def test_progress_never_goes_back() -> None:
    told: list[float] = []
    progress = Progress(told.append)
    for share in (0.2, 0.1, 0.6):
        progress.made(share)
    progress.copied(0.5)
    progress.copied(0.25)  # what is known to be copied has become more
    assert told == [0.1, 0.1, 0.3, 0.55, 0.55]
