"""The writer: strangers' tools accept a pack, the same records give the same bytes, and there is never half a pack."""

import hashlib
import io
import os
import shutil
import signal
import subprocess
import sys
import time
import zipfile
import zlib
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from bagit_utils import Bag

from auditkit.base.errors import BadInput
from auditkit.packs import signing
from auditkit.packs.output import CannotWrite, Output
from auditkit.packs.verify import verify
from auditkit.packs.verify.archive import Archive
from auditkit.packs.zipping import FULL32, Member, Source, SourcesChanged, ZipLayout


def run(*command: str | Path, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run([str(part) for part in command], cwd=cwd, capture_output=True, text=True, check=False)


@pytest.fixture
def unpacked(pack: Path, tmp_path: Path) -> Path:
    """The bag's folder, unpacked by a stranger's tool."""
    with zipfile.ZipFile(pack) as archive:
        archive.extractall(tmp_path)
    return next(path.parent for path in tmp_path.glob("*/bagit.txt"))


class TestStrangersAccept:
    def test_bagit_py(self, unpacked: Path) -> None:
        answer = run(sys.executable, "-m", "bagit", "--validate", unpacked)
        assert answer.returncode == 0, answer.stderr

    def test_bagit_utils(self, unpacked: Path) -> None:
        report = Bag(unpacked, load=True).validate()
        assert (report.valid, report.issues) == (True, []), report

    def test_bagit_utils_would_refuse_a_signature_inside_the_bag(self, unpacked: Path) -> None:
        """Why the signature stands beside the bag: should this ever pass, it could move in."""
        shutil.move(unpacked.parent / "signature", unpacked)
        assert not Bag(unpacked, load=True).validate().valid

    def test_sha256sum(self, unpacked: Path) -> None:
        if not shutil.which("sha256sum"):
            pytest.skip("sha256sum is not installed (package coreutils)")
        for manifest in ("manifest-sha256.txt", "tagmanifest-sha256.txt"):
            answer = run("sha256sum", "--strict", "-c", manifest, cwd=unpacked)
            assert answer.returncode == 0, answer.stdout + answer.stderr

    def test_openssl(self, unpacked: Path) -> None:
        if not shutil.which("openssl"):
            pytest.skip("openssl is not installed (package openssl)")
        check = ("openssl", "pkeyutl", "-verify", "-rawin", "-pubin", "-inkey", "public-key.pem")
        signature = ("-sigfile", "../signature/tagmanifest-sha256.txt.sig", "-in", "tagmanifest-sha256.txt")
        answer = run(*check, *signature, cwd=unpacked)
        assert answer.returncode == 0, answer.stdout + answer.stderr
        with (unpacked / "tagmanifest-sha256.txt").open("a") as file:
            file.write("x")
        assert run(*check, *signature, cwd=unpacked).returncode != 0

    def test_unzip(self, pack: Path) -> None:
        if not shutil.which("unzip"):
            pytest.skip("unzip is not installed (package unzip)")
        assert run("unzip", "-tq", pack).returncode == 0

    def test_python_s_zipfile_and_our_own_verifier(self, pack: Path) -> None:
        with zipfile.ZipFile(pack) as archive:
            assert archive.testzip() is None
        assert verify(pack).good


def test_a_member_says_only_what_is_the_same_on_every_machine(pack: Path) -> None:
    with zipfile.ZipFile(pack) as archive:
        members = archive.infolist()
    assert [one.filename for one in members] == sorted(one.filename for one in members)
    for one in members:
        assert one.date_time == (2026, 6, 30, 15, 4, 8)  # ZIP counts two seconds
        assert (one.compress_type, one.extra, one.comment, one.external_attr >> 16) == (
            zipfile.ZIP_STORED,
            b"",
            b"",
            0o100644,
        )


BUILD = """
import sys
from datetime import datetime
from pathlib import Path
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from auditkit.packs.bag import write_pack
from auditkit.packs.signing import signer_with
from auditkit.packs.zipping import Source
contents = {"data/b.txt": b"b" * 3_000_000, "data/a.txt": b"a", "data/c.txt": b"c" * 5}
write_pack(
    Path(sys.argv[1]), bag="same", dated=datetime.fromisoformat("2026-06-30T18:04:09+03:00"),
    about={"z": 1, "a": {"y": 2, "b": 3}}, info={"Source-Organization": "Acme"},
    tag_files={name: name.encode() for name in {"one.json", "two.json", "three.json"}},
    payload=[Source.of_bytes(name, contents[name]) for name in set(contents)],
    signer=signer_with(Ed25519PrivateKey.from_private_bytes(bytes(32))),
)
"""


def test_two_builds_are_the_same_bytes_in_another_time_zone_and_with_another_hash_seed(
    tmp_path: Path,
) -> None:
    digests = set()
    for number, (zone, seed) in enumerate([("UTC", "0"), ("Asia/Tehran", "1"), ("America/St_Johns", "77")]):
        target = tmp_path / f"{number}.zip"
        env = os.environ | {"TZ": zone, "PYTHONHASHSEED": seed}
        subprocess.run([sys.executable, "-c", BUILD, target], env=env, check=True)
        digests.add(hashlib.sha256(target.read_bytes()).hexdigest())
        assert verify(target).good
    assert len(digests) == 1


def test_a_date_before_zip_s_own_time_is_stamped_as_the_first_day_zip_knows(tmp_path: Path, write) -> None:
    for zone in (UTC, timezone(timedelta(hours=-11))):
        write(tmp_path / "old.zip", dated=datetime(1979, 12, 31, 5, tzinfo=zone))
        with zipfile.ZipFile(tmp_path / "old.zip") as archive:
            assert archive.infolist()[0].date_time == (1980, 1, 1, 0, 0, 0)


class TestSourcesThatChanged:
    @pytest.fixture
    def stored(self, tmp_path: Path) -> list[Source]:
        sources = []
        for name in ("kept", "missing", "altered", "longer", "shorter"):
            content = name.encode() * 1000
            (tmp_path / name).write_bytes(content)
            digest = hashlib.sha256(content).hexdigest()
            sources.append(Source.of_file(f"data/evidence/{name}", tmp_path / name, len(content), digest))
        (tmp_path / "missing").unlink()
        (tmp_path / "altered").write_bytes(b"ALTERED" + (tmp_path / "altered").read_bytes()[7:])
        (tmp_path / "longer").write_bytes((tmp_path / "longer").read_bytes() + b"!")
        (tmp_path / "shorter").write_bytes((tmp_path / "shorter").read_bytes()[:-1])
        return sources

    def test_all_of_them_are_named_with_the_reason_and_nothing_is_written(self, stored, tmp_path, write) -> None:
        folder = tmp_path / "out"
        folder.mkdir()
        (folder / "pack.zip").write_bytes(b"the pack of last year")
        with pytest.raises(SourcesChanged) as refused:
            write(folder / "pack.zip", payload=stored)
        assert [fault.path.rpartition("/")[2] for fault in refused.value.faults] == [
            "altered",
            "longer",
            "missing",
            "shorter",
        ]
        assert "data/evidence/missing: the stored file is missing" in str(refused.value)
        assert "data/evidence/altered: the stored file was altered" in str(refused.value)
        assert [path.name for path in folder.iterdir()] == ["pack.zip"]
        assert (folder / "pack.zip").read_bytes() == b"the pack of last year"

    def test_a_file_that_cannot_be_read_is_named(self, tmp_path: Path, write) -> None:
        with pytest.raises(SourcesChanged, match=r"data/a: the stored file cannot be read \(Is a directory\)"):
            write(tmp_path / "pack.zip", payload=[Source.of_file("data/a", tmp_path, 1, "0" * 64)])


class TestNeverHalfAPack:
    SLOW = """
import io, sys, time
from datetime import datetime, UTC
from pathlib import Path
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from auditkit.packs.bag import write_pack
from auditkit.packs.signing import signer_with
from auditkit.packs.zipping import Source
class Hanging(io.RawIOBase):
    def readinto(self, buffer):
        print("reading", flush=True)
        time.sleep(60)
write_pack(
    Path(sys.argv[1]), bag="b", dated=datetime(2026, 1, 1, tzinfo=UTC), about={}, info={}, tag_files={},
    payload=[Source.of_bytes("data/a", b"a" * 100_000), Source("data/b", 9, "0" * 64, Hanging)],
    signer=signer_with(Ed25519PrivateKey.from_private_bytes(bytes(32))),
)
"""

    @pytest.mark.skipif(os.name == "nt", reason="needs SIGKILL and flock")
    def test_a_killed_build_leaves_no_zip_and_the_next_one_clears_up(self, tmp_path: Path, write) -> None:
        target = tmp_path / "pack.zip"
        with subprocess.Popen([sys.executable, "-c", self.SLOW, target], stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == b"reading\n"
            # Another build of the same file leaves the running one's file alone.
            write(tmp_path / "pack.zip")
            target.unlink()
            (left,) = tmp_path.iterdir()
            process.send_signal(signal.SIGKILL)
        assert left.suffix == ".part"
        assert left.name.startswith(".")
        assert list(tmp_path.glob("*.zip")) == []
        write(target)
        assert list(tmp_path.iterdir()) == [target]
        assert verify(target).good

    def test_a_folder_that_is_not_there_is_named(self, tmp_path: Path, write) -> None:
        with pytest.raises(CannotWrite, match=r"nowhere.pack\.zip: The pack cannot be written: No such file"):
            write(tmp_path / "nowhere" / "pack.zip")

    def test_a_full_disk_is_said_and_leaves_nothing(self, tmp_path: Path, write) -> None:
        """A limit on the size of files plays the full disk."""
        resource = pytest.importorskip("resource")
        before = resource.getrlimit(resource.RLIMIT_FSIZE)
        old = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (8192, before[1]))
        try:
            with pytest.raises(CannotWrite, match="File too large"):
                write(tmp_path / "pack.zip", payload=[Source.of_bytes("data/a", bytes(100_000))])
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)
            signal.signal(signal.SIGXFSZ, old)
        assert list(tmp_path.iterdir()) == []


class TestLayoutsThatNoVerifierTakes:
    @pytest.mark.parametrize(
        "path",
        [
            "data/../x",
            "/data/x",
            "data//x",
            "data/a%b",
            "data/con.txt",
            "data/a:b",
            "data/a\\b",
            "data/x.",
            "data/ x",
            "data/a\nb",
            "data/a\u202eb",
        ],
    )
    def test_unsafe_names(self, tmp_path: Path, write, path: str) -> None:
        with pytest.raises(ValueError, match="unsafe"):
            write(tmp_path / "pack.zip", payload=[Source.of_bytes(path, b"")])

    def test_twins_no_payload_and_reserved_names(self, tmp_path: Path, write) -> None:
        with pytest.raises(ValueError, match="same name"):
            write(
                tmp_path / "pack.zip",
                payload=[Source.of_bytes("data/a", b""), Source.of_bytes("data/A", b"")],
            )
        with pytest.raises(ValueError, match="payload"):
            write(tmp_path / "pack.zip", payload=[])
        with pytest.raises(ValueError, match="writer's own"):
            write(tmp_path / "pack.zip", tag_files={"pack.json": b""})
        with pytest.raises(ValueError, match="cannot name a bag"):
            write(tmp_path / "pack.zip", bag="Signature")

    def test_more_files_than_a_pack_may_hold(self, tmp_path: Path, write) -> None:
        with pytest.raises(BadInput, match="at most 10000"):
            write(
                tmp_path / "pack.zip",
                payload=[Source.of_bytes(f"data/{number}", b"") for number in range(10_000)],
            )


def test_members_and_places_beyond_four_gigabytes_are_written_as_zip64(tmp_path: Path) -> None:
    """Headers only, in a file with holes: the real size would take minutes and prove no more."""
    huge = FULL32 + 5
    sizes = {"b/data/a": 3, "b/data/huge": huge, "b/data/z": 7}
    members = [Member(name.encode(), size, b"") for name, size in sizes.items()]
    layout = ZipLayout(datetime(2026, 1, 1, tzinfo=UTC))
    layout.place(members)
    layout.crcs[-1] = zlib.crc32(bytes(7))
    target = tmp_path / "huge.zip"
    with target.open("w+b") as file:
        output = Output(file.fileno())
        for number, place in enumerate(layout.offsets):
            output.write_at(layout.local(number), place)
        output.write_at(layout.directory(), layout.directory_at)
    assert target.stat().st_size > huge
    with zipfile.ZipFile(target) as archive:
        assert {one.filename: one.file_size for one in archive.infolist()} == sizes
        assert archive.read("b/data/z") == bytes(7)
    with Archive(target) as read:
        assert not read.problems
        assert {entry.name: entry.size for entry in read.entries.values()} == sizes
    if shutil.which("unzip"):
        assert "3 files" in run("unzip", "-l", target).stdout


MEMORY = """
import sys
from pathlib import Path
def peak():  # ru_maxrss would begin with what the parent had
    return next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM"))
exec(Path(sys.argv[3]).read_text())
before = peak()
build(Path(sys.argv[1]), Path(sys.argv[2]))
print(before, peak())
"""
MEMORY_BUILD = """
from datetime import datetime, UTC
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from auditkit.packs.bag import write_pack
from auditkit.packs.signing import signer_with
from auditkit.packs.zipping import Source
from auditkit.packs.verify import verify
def build(target, source):
    write_pack(
        target, bag="b", dated=datetime(2026, 1, 1, tzinfo=UTC), about={}, info={}, tag_files={},
        payload=[Source.of_file(f"data/{number}", source, source.stat().st_size, DIGEST) for number in range(4)],
        signer=signer_with(Ed25519PrivateKey.from_private_bytes(bytes(32))),
    )
    assert verify(target).good
"""


def test_memory_stays_flat_whatever_the_evidence_weighs(tmp_path: Path) -> None:
    if not Path("/proc/self/status").exists():
        pytest.skip("needs Linux's /proc to see a process's peak memory")
    size = 48 << 20
    source = tmp_path / "zeros"
    with source.open("wb") as file:
        file.truncate(size)
    digest = hashlib.sha256(bytes(size)).hexdigest()
    script = tmp_path / "build.py"
    script.write_text(MEMORY_BUILD + f"\nDIGEST = {digest!r}\n")
    answer = subprocess.run(
        [sys.executable, "-c", MEMORY, tmp_path / "out.zip", source, script],
        capture_output=True,
        text=True,
        check=True,
    )
    before, after = (int(word) / 1024 for word in answer.stdout.split())
    assert (after < 120, after - before < 24) == (True, True), f"{before:.0f} MB before, {after:.0f} MB after"


def test_a_source_may_be_any_unbuffered_file(tmp_path: Path, write) -> None:
    class Dripping(io.RawIOBase):
        def __init__(self) -> None:
            self.left = [b"ab", b"c", b"def"]

        def readinto(self, buffer) -> int:
            piece = self.left.pop(0) if self.left else b""
            buffer[: len(piece)] = piece
            return len(piece)

    sealed = write(tmp_path / "p.zip", payload=[Source("data/a", 6, hashlib.sha256(b"abcdef").hexdigest(), Dripping)])
    with zipfile.ZipFile(sealed.file) as archive:
        assert archive.read(f"{sealed.bag}/data/a") == b"abcdef"


def test_what_was_sealed_is_told(pack: Path, write, tmp_path: Path, contents, signing_key) -> None:
    sealed = write(tmp_path / "again.zip")
    assert sealed.file.read_bytes() == pack.read_bytes()
    assert sealed.size == pack.stat().st_size
    assert sealed.root == hashlib.sha256(contents[f"{sealed.bag}/tagmanifest-sha256.txt"]).hexdigest()
    assert sealed.files == 4
    assert sealed.signing_key == signing.fingerprint(signing_key)
    assert b"External-Description: two lines: one value\n" in contents[f"{sealed.bag}/bag-info.txt"]


def test_time_spent_is_not_written_anywhere(tmp_path: Path, write) -> None:
    first = write(tmp_path / "a.zip").file.read_bytes()
    time.sleep(0.01)
    assert write(tmp_path / "b.zip").file.read_bytes() == first
