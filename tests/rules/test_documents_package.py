"""The zip of an Office file: dishonest ones refused, members copied as they lie, the same bytes."""

import io
import random
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from auditkit.documents import package
from auditkit.documents.faults import Refused


def zipped(*members: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return out.getvalue()


def refusal(content: bytes) -> str:
    with pytest.raises(Refused) as refused:
        for member in package.read(content):
            member.unpacked()
    return refused.value.faults[0].code


def written(*members: package.Member) -> bytes:
    out = io.BytesIO()
    writer = package.Writer(out)
    for member in members:
        writer.add(member)
    writer.close()
    return out.getvalue()


def test_what_is_written_is_a_zip_that_python_reads_whole() -> None:
    content = written(package.deflated("a.xml", b"<a/>" * 1000), package.deflated("მაგალითი.xml", b""))

    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == ["a.xml", "მაგალითი.xml"]
        assert archive.read("a.xml") == b"<a/>" * 1000
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_members_pass_through_as_they_lie() -> None:
    source = zipped(("a", b"a" * 5000), ("b", random.Random(1).randbytes(100)))

    members = package.read(source)
    again = package.read(written(*members))

    assert members == again
    assert [member.unpacked() for member in again] == [b"a" * 5000, random.Random(1).randbytes(100)]


def test_a_stream_of_chunks_gives_one_member_with_a_true_header() -> None:
    out = io.BytesIO(b"")
    writer = package.Writer(out)
    writer.stream("big", (bytes([number]) * 1000 for number in range(200)))
    writer.add(package.deflated("small", b"x"))
    writer.close()

    assert [member.unpacked()[:1] for member in package.read(out.getvalue())] == [b"\x00", b"x"]
    assert package.read(out.getvalue())[0].size == 200_000


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"%PDF-1.7", "not-a-zip"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + b"\x00" * 600, "old-or-encrypted"),
        (zipped(("../up.txt", b"x")), "zip-climbs"),
        (zipped(("/etc/x", b"x")), "zip-climbs"),
        (zipped(("a\\b", b"x")), "zip-climbs"),
        (zipped(("C:/x", b"x")), "zip-climbs"),
        (zipped(("a", b"x"), ("A", b"y")), "zip-twice"),
        (zipped(("a", b"x"), method=zipfile.ZIP_LZMA), "zip-method"),
        (zipped(("a", b"\x00" * (8 << 20))), "zip-bomb"),
        (zipped(*((f"{number}", b"") for number in range(2001))), "zip-many"),
        (zipped(("a", b"some text" * 50))[:-20], "not-a-zip"),
    ],
)  # fmt: skip
def test_a_dishonest_file_is_refused(content: bytes, code: str) -> None:
    assert refusal(content) == code


def test_a_member_that_lies_about_its_size_is_not_unpacked_further() -> None:
    liar = package.deflated("a", b"x" * 1_000_000)
    short = package.Member("a", liar.packed, liar.method, liar.crc, 10)

    assert refusal(written(short)) == "zip-damaged"


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("bad_crc.zip", "zip-damaged"),
        ("encrypted_flag.zip", "zip-encrypted"),
        ("slip_absolute.zip", "zip-climbs"),
        ("slip_backslash.zip", "zip-climbs"),
        ("slip_dotdot.zip", "zip-climbs"),
        ("truncated.zip", "not-a-zip"),
        ("case_collision.zip", "zip-twice"),
        ("dup_names.zip", "zip-twice"),
    ],
)
def test_the_shared_bad_zips_are_refused(name: str, code: str, shared: Callable[[str], Path]) -> None:
    assert refusal(shared(f"bad_inputs/zip/{name}").read_bytes()) == code


@pytest.mark.parametrize("name", ["bomb_10MB_to_10kB.zip", "bomb_1GB.zip", "many_files.zip"])
def test_the_shared_bombs_are_refused_before_they_unpack(name: str, shared: Callable[[str], Path]) -> None:
    assert refusal(shared(f"bad_inputs/zip/{name}").read_bytes()) in {"zip-bomb", "zip-large", "zip-many"}
