"""The verifier reads a hostile ZIP without harm and says what is wrong with it.

Inputs: packs of our own writer with bytes changed; the faulty ZIPs and the BagIt conformance suite of the shared data.
"""

import io
import struct
import subprocess
import sys
import tarfile
import zipfile
import zlib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from auditkit.packs.verify import Unusable, verify
from auditkit.packs.verify.manifests import Accepted

from .conftest import BAG, named

SIGNATURE = "signature/tagmanifest-sha256.txt.sig"
ROOT = BAG + "/"


class TestTheZipItself:
    def test_no_single_changed_byte_gets_by_but_in_what_says_nothing(self, pack: Path, verdict) -> None:
        """Every byte of every header, and one in 17 of the contents. Passed over: times, versions and attributes."""
        good = pack.read_bytes()
        silent = _bytes_that_say_nothing(good)
        with zipfile.ZipFile(pack) as archive:
            starts = [
                (one.header_offset + 30 + len(one.filename.encode()), one.file_size) for one in archive.infolist()
            ]
        contents = {start + at for start, size in starts for at in range(size) if at % 17}
        got_by = []
        for place in sorted(set(range(len(good))) - contents):
            bad = bytearray(good)
            bad[place] ^= 0x15
            if verdict(bytes(bad)).good:
                got_by.append(place)
        assert set(got_by) <= silent
        assert len(silent) < len(good) / 10

    def test_no_shortened_pack_gets_by(self, pack: Path, verdict) -> None:
        good = pack.read_bytes()
        for length in range(4, len(good), 7):
            assert not verdict(good[:length]).good

    def test_data_around_and_between_the_members(self, pack: Path, verdict) -> None:
        good = pack.read_bytes()
        assert named(verdict(good + b"more")) == {None: {"data-after"}}
        assert None in named(verdict(b"MZ" + good))
        commented = good[:-2] + struct.pack("<H", 5) + b"hello"
        assert named(verdict(commented)) == {None: {"comment"}}

    def test_bytes_hidden_before_the_first_member_with_offsets_put_right(self, zipped, verdict) -> None:
        out = io.BytesIO(b"#!/bin/sh\n")
        out.seek(10)
        with zipfile.ZipFile(out, "a") as archive:
            archive.writestr("a/bagit.txt", b"")
        assert named(verdict(out.getvalue())) == {None: {"data-before"}}

    def test_bytes_hidden_between_members(self, contents, verdict) -> None:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            for number, (name, content) in enumerate(contents.items()):
                archive.writestr(name, content)
                if number == 2:
                    out.write(b"hidden")
                    archive.start_dir = out.tell()
        found = named(verdict(out.getvalue()))
        assert found == {list(contents)[3]: {"hidden-data"}}

    def test_a_local_header_that_tells_another_story(self, pack: Path, verdict) -> None:
        good = pack.read_bytes()
        name = f"{ROOT}data/evidence/E-3.bin".encode()
        other = name.replace(b"E-3", b"E-9")
        local = good.index(name, good.index(b"PK\x03\x04"))
        local = good.rindex(b"PK\x03\x04", 0, good.index(name + bytes(range(10)))) + 30
        bad = good[:local] + other + good[local + len(name) :]
        assert named(verdict(bad)) == {name.decode(): {"local-header"}}

    def test_two_members_that_share_their_bytes(self, zipped, verdict) -> None:
        one = zipped([("a", b"content")])
        directory = one.index(b"PK\x01\x02")
        entry = one[directory : one.index(b"PK\x05\x06")]
        end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 2, 2, 2 * len(entry), directory, 0)
        assert "duplicate" in named(verdict(one[:directory] + entry * 2 + end))["a"]

    @pytest.mark.parametrize("field", ["crc", "size"])
    def test_a_size_or_crc_changed_in_both_headers(self, contents, zipped, verdict, field: str) -> None:
        name = ROOT + "pack.json"
        data = bytearray(zipped(contents))
        content = contents[name]
        for _ in range(2):
            if field == "crc":
                place = data.index(zlib.crc32(content).to_bytes(4, "little"))
                data[place : place + 4] = b"ABCD"
            else:
                sizes = struct.pack("<LL", len(content), len(content))
                place = data.index(sizes, data.index(zlib.crc32(content).to_bytes(4, "little")))
                data[place : place + 4] = struct.pack("<L", len(content) - 1)
                break
        assert name in named(verdict(bytes(data)))

    def test_a_second_name_in_an_extra_field(self, verdict) -> None:
        info = zipfile.ZipInfo("a/bagit.txt")
        info.extra = struct.pack("<HHBL", 0x7075, 10, 1, 0) + b"other"
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            archive.writestr(info, b"")
        assert named(verdict(out.getvalue())) == {"a/bagit.txt": {"bad-extra"}}

    def test_a_packed_member_that_unfolds_to_more_than_it_promises(self, zipped, contents, verdict) -> None:
        name = ROOT + "data/evidence/E-3.bin"
        data = bytearray(zipped(contents, zipfile.ZIP_DEFLATED))
        size = struct.pack("<L", len(contents[name]))
        for _ in range(2):
            place = data.index(size)
            data[place : place + 4] = struct.pack("<L", 5)
        assert "bad-size" in named(verdict(bytes(data)))[name]

    def test_packed_data_that_is_damaged(self, zipped, contents, verdict) -> None:
        name = ROOT + "data/evidence/E-3.bin"
        data = bytearray(zipped(contents, zipfile.ZIP_DEFLATED))
        place = data.index(name.encode()) + len(name)
        data[place] = 0xFF
        assert "bad-data" in named(verdict(bytes(data)))[name]

    def test_a_file_that_is_also_a_folder(self, zipped, verdict) -> None:
        assert "twins" in named(verdict(zipped({"a/b": b"1", "a/b/c": b"2"})))["a/b/c"]

    def test_a_deep_json_is_refused_and_not_a_crash(self, contents, zipped, verdict) -> None:
        found = named(verdict(zipped(contents | {ROOT + "pack.json": b"[" * 100_000})))
        assert "pack-json" in found[ROOT + "pack.json"]

    @settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(data=st.data())
    def test_garbage_is_refused_and_never_a_crash(self, pack: Path, verdict, data) -> None:
        good = pack.read_bytes()
        bad = bytearray(good)
        for _ in range(data.draw(st.integers(1, 4))):
            place = data.draw(st.one_of(st.integers(0, len(good) - 1), st.integers(len(good) - 1200, len(good) - 1)))
            junk = data.draw(
                st.sampled_from([b"\xff" * 4, b"\0" * 4, b"PK\x05\x06", b"PK\x01\x02", b"\xff" * 8, b"\x01"])
            )
            bad[place : place + len(junk)] = junk
        try:
            verdict(bytes(bad))
        except Unusable:
            assert bad[:2] != b"PK"


def _bytes_that_say_nothing(data: bytes) -> set[int]:
    """Places of versions, times and attributes in the headers of a ZIP."""
    silent: set[int] = set()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for one in archive.infolist():
            silent.update(one.header_offset + at for at in (4, 5, 10, 11, 12, 13))
        at = archive.start_dir
        for one in archive.infolist():
            silent.update(at + place for place in (4, 5, 6, 7, 12, 13, 14, 15, 36, 37, 38, 39, 40, 41))
            at += 46 + len(one.filename.encode())
    return silent


BAD_ZIPS = {
    "slip_dotdot": ("name-unsafe", "../../../../../../tmp/evil_slip.txt"),
    "slip_absolute": ("name-unsafe", "/tmp/evil_abs.txt"),
    "slip_backslash": ("name-unsafe", "..\\..\\..\\evil_win.txt"),
    "dup_names": ("duplicate", "a.txt"),
    "case_collision": ("twins", "evidence.TXT"),
    "nfc_nfd": ("twins", None),
    "names_unicode": ("not-a-bag", None),
    "bomb_10MB_to_10kB": ("bomb", "zeros.bin"),
    "bomb_1GB": ("bomb", "z0.bin"),
    "bomb_nested": ("not-a-bag", None),
    "symlink": ("link", "link"),
    "many_files": ("too-many-members", None),
    "truncated": ("truncated", None),
    "prefix_junk": ("bad-directory", None),
    "bad_crc": ("bad-crc", "a.txt"),
    "encrypted_flag": ("encrypted", "a.txt"),
}


class TestSharedData:
    @pytest.mark.parametrize("name", BAD_ZIPS)
    def test_a_faulty_zip_is_refused_for_its_fault(self, shared, name: str) -> None:
        report = verify(shared(f"bad_inputs/zip/{name}.zip"))
        code, member = BAD_ZIPS[name]
        assert code in {problem.code for problem in report.problems}
        assert member is None or code in named(report)[member]
        assert report.not_checked

    def test_every_faulty_zip_of_the_shared_data_is_among_them(self, shared) -> None:
        assert {path.stem for path in shared("bad_inputs/zip").glob("*.zip")} == set(BAD_ZIPS)

    @pytest.mark.parametrize("name", ["bomb_1GB", "bomb_nested"])
    def test_a_bomb_costs_no_memory(self, shared, name: str) -> None:
        if not Path("/proc/self/status").exists():
            pytest.skip("needs Linux's /proc to see a process's peak memory")
        code = (
            "import sys; from auditkit.packs.verify.__main__ import main; code = main(sys.argv[1:]);"
            "print(next(line for line in open('/proc/self/status') if line.startswith('VmHWM'))); sys.exit(code)"
        )
        command = [sys.executable, "-c", code, shared(f"bad_inputs/zip/{name}.zip")]
        answer = subprocess.run(command, capture_output=True, text=True, check=False)
        assert answer.returncode == 1
        assert int(answer.stdout.split()[-2]) < 60 * 1024  # kB

    #: Bags that BagIt calls valid or tolerates but that can never be a pack, and the code that says why.
    NEVER_A_PACK = {
        "v0.97/valid/ISO-8859-1-encoded-tag-files": "declaration",
        "v0.97/valid/UTF-16-encoded-tag-files": "declaration",
        "v0.97/valid/holey-bag": "fetch",
    }

    def test_the_bagit_conformance_suite(self, shared, zipped, verdict) -> None:
        accepted = Accepted(
            frozenset({"0.97", "1.0"}), frozenset({"md5", "sha1", "sha224", "sha256", "sha512"}), signed=False
        )
        bags: dict[str, dict[str, bytes]] = {}
        with tarfile.open(shared("bagit/loc_bagit_conformance_v0.97_v1.0.tar.gz")) as archive:
            for member in archive:
                parts = member.name.split("/")
                file = archive.extractfile(member) if member.isfile() and len(parts) > 3 else None
                if file:
                    bags.setdefault("/".join(parts[:3]), {})["bag/" + "/".join(parts[3:])] = file.read()
        seen = {"valid": 0, "invalid": 0}
        for name, members in bags.items():
            report = verdict(zipped(members), accepted=accepted)
            sort = name.split("/")[1]
            if name in self.NEVER_A_PACK:
                assert self.NEVER_A_PACK[name] in {problem.code for problem in report.problems}, name
            elif sort == "valid":
                assert report.good, (name, list(map(str, report.problems)))
                seen["valid"] += 1
            elif sort in ("invalid", "linux-only", "windows-only"):
                assert not report.good, name
                seen["invalid"] += 1
        assert seen == {"valid": 10, "invalid": 27}

    def test_none_of_the_suite_s_bags_passes_for_a_pack(self, shared, zipped, verdict) -> None:
        with tarfile.open(shared("bagit/loc_bagit_conformance_v0.97_v1.0.tar.gz")) as archive:
            prefix = "v1.0/valid/basicBag/"
            members = {}
            for member in archive:
                file = archive.extractfile(member) if member.isfile() and member.name.startswith(prefix) else None
                if file:
                    members["bag/" + member.name.removeprefix(prefix)] = file.read()
        found = named(verdict(zipped(members)))
        assert "missing" in found[SIGNATURE]
        assert "missing" in found["bag/pack.json"]
