"""The verifier refuses every tampering and names the file, and says what it could not check.

Inputs: packs of our own writer, changed; the faulty ZIP files and the BagIt conformance suite of the shared data.
"""

import io
import json
import os
import struct
import subprocess
import sys
import tarfile
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from auditkit.packs import signing
from auditkit.packs.verify import Report, Unusable, verify
from auditkit.packs.verify.__main__ import main
from auditkit.packs.verify.manifests import Accepted
from auditkit.packs.verify.report import shown

from .conftest import BAG

SIGNATURE = "signature/tagmanifest-sha256.txt.sig"
ROOT = BAG + "/"


@pytest.fixture(scope="session")
def verdict(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Report]:
    """The report over a ZIP's bytes."""
    path = tmp_path_factory.mktemp("verdict") / "x.zip"

    def check(data: bytes, **options: object) -> Report:
        path.write_bytes(data)
        return verify(path, **options)

    return check


def named(report: Report) -> dict[str | None, set[str]]:
    """Member -> codes of its problems."""
    found: dict[str | None, set[str]] = {}
    for problem in report.problems:
        found.setdefault(problem.member, set()).add(problem.code)
    return found


class TestAGoodPack:
    def test_says_what_was_checked_and_what_was_not_and_why(self, pack: Path, signing_key) -> None:
        report = verify(pack)
        assert report.good
        assert any("Ed25519 signature" in str(remark) for remark in report.checked)
        (key,) = [str(remark) for remark in report.not_checked if "no public key was given" in str(remark)]
        assert signing.fingerprint(signing_key) in key
        assert report.pack["organisation"] == "Acme & Söhne"
        assert report.pack["files"] == 4

    def test_with_the_organisation_s_key_it_no_longer_asks_whose_key_it_is(self, pack: Path, signing_key) -> None:
        report = verify(pack, signing_key.public_key())
        assert report.good
        assert not any("no public key was given" in str(remark) for remark in report.not_checked)

    @pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
    def test_stays_good_when_packed_again_by_another_program(self, contents, zipped, verdict, method: int) -> None:
        assert verdict(zipped(dict(reversed(contents.items())), method)).good

    def test_stays_good_when_packed_again_as_a_stream_with_folder_entries(self, contents, verdict) -> None:
        class Pipe(io.RawIOBase):
            """Cannot seek, so zipfile writes sizes after the data."""

            def __init__(self) -> None:
                self.data = bytearray()

            def writable(self) -> bool:
                return True

            def write(self, piece) -> int:
                self.data += piece
                return len(piece)

        out = Pipe()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.mkdir(BAG)
            archive.mkdir(ROOT + "data")
            for name, content in contents.items():
                archive.writestr(name, content)
        report = verdict(bytes(out.data))
        assert report.good, report.problems


@pytest.fixture(scope="session")
def judge(zipped, verdict) -> Callable[[dict[str, bytes]], dict[str | None, set[str]]]:
    """What is found in a ZIP of these members."""
    return lambda members: named(verdict(zipped(members)))


COUNT = 14
MEMBERS = st.integers(0, COUNT - 1)


class TestTampering:
    """Change, add, drop, rename or swap any file, or any byte of the signature: refused, and the file named."""

    def test_there_are_as_many_members_as_the_property_tests_draw_from(self, contents) -> None:
        assert len(contents) == COUNT

    @settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(member=MEMBERS, data=st.data())
    def test_change_any_file(self, contents, judge, member: int, data) -> None:
        name = sorted(contents)[member]
        old = contents[name]
        place = data.draw(st.integers(0, max(0, len(old) - 1)))
        new = data.draw(
            st.one_of(
                st.integers(1, 255).map(
                    lambda mask: old[:place] + bytes([old[place] ^ mask]) + old[place + 1 :] if old else b"!"
                ),
                st.binary(min_size=1, max_size=5).map(lambda more: old[:place] + more + old[place:]),
                st.just(old[:place] + old[place + 1 :] if old else b"\0"),
            )
        )
        assert name in judge(contents | {name: new})

    @pytest.mark.parametrize("member", range(COUNT))
    def test_drop_any_file(self, contents, judge, member: int) -> None:
        name = sorted(contents)[member]
        found = judge({other: content for other, content in contents.items() if other != name})
        assert "missing" in found[name]

    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(
        folder=st.sampled_from(
            ["", ROOT, ROOT + "data/", ROOT + "data/evidence/", "signature/", "other/", ROOT + "signature/"]
        ),
        name=st.text("abz.-_%é", min_size=1, max_size=8).filter(lambda name: name.strip(".")),
        content=st.binary(max_size=20),
    )
    def test_add_any_file(self, contents, judge, folder: str, name: str, content: bytes) -> None:
        added = folder + name
        assert added in judge(contents | {added: content})

    @pytest.mark.parametrize("name", ["bagit.txt", "tagmanifest-sha512.txt", "manifest-md5.txt", "fetch.txt", "data/"])
    def test_add_a_file_with_a_meaning(self, contents, judge, name: str) -> None:
        if name == "data/":
            assert "extra" in judge(contents | {ROOT + "data/empty/": b""})[ROOT + "data/empty/"]
        elif name == "bagit.txt":
            assert "several-bags" in judge(contents | {"other/bagit.txt": b"x"})[None]
        else:
            assert ROOT + name in judge(contents | {ROOT + name: b""})

    @pytest.mark.parametrize("member", range(COUNT))
    def test_rename_any_file(self, contents, judge, member: int) -> None:
        old = sorted(contents)[member]
        new = old + "x"
        found = judge({new if name == old else name: content for name, content in contents.items()})
        assert "missing" in found[old]
        assert new in found
        if contents[old] and "manifest" not in old:
            assert {"renamed", "extra"} <= found[new]

    def test_rename_the_bag(self, contents, judge) -> None:
        found = judge({name.replace(BAG, "globex"): content for name, content in contents.items()})
        assert found == {"globex/pack.json": {"renamed"}}

    @pytest.mark.parametrize("one", range(0, COUNT, 2))
    @pytest.mark.parametrize("other", range(1, COUNT, 2))
    def test_swap_any_two_files(self, contents, judge, one: int, other: int) -> None:
        names = sorted(contents)
        a, b = names[one], names[other]
        found = judge(contents | {a: contents[b], b: contents[a]})
        assert a in found or b in found
        if {a, b}.isdisjoint({ROOT + "tagmanifest-sha256.txt", ROOT + "manifest-sha256.txt"}):
            assert a in found
            assert b in found

    @pytest.mark.parametrize("place", range(64))
    def test_any_byte_of_the_signature(self, contents, judge, place: int) -> None:
        signature = bytearray(contents[SIGNATURE])
        signature[place] ^= 1
        assert judge(contents | {SIGNATURE: bytes(signature)}) == {
            SIGNATURE: {"signature"},
            ROOT + "tagmanifest-sha256.txt": {"not-signed"},
        }

    def test_a_forger_who_signs_anew_with_another_key_is_found_by_the_right_key(
        self, tmp_path: Path, write, signing_key
    ) -> None:
        forged = write(tmp_path / "forged.zip", key=Ed25519PrivateKey.generate()).file
        assert verify(forged).good  # which is why the report asks to compare the fingerprint
        found = named(verify(forged, signing_key.public_key()))
        assert found[ROOT + "public-key.pem"] == {"other-key"}
        assert found[SIGNATURE] == {"signature"}

    def test_a_key_file_inside_that_is_not_the_signer_s(self, tmp_path: Path, contents, judge) -> None:
        pem = Ed25519PrivateKey.generate().public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        found = judge(contents | {ROOT + "public-key.pem": pem})
        assert found[ROOT + "public-key.pem"] == {"changed", "key"}
        found = judge(contents | {ROOT + "public-key.pem": b"no key"})
        assert found[ROOT + "public-key.pem"] == {"changed", "key"}


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


class TestTheCommand:
    def test_exit_codes_and_json(self, pack: Path, tmp_path: Path, capsys, signing_key) -> None:
        pem = tmp_path / "key.pem"
        pem.write_bytes(signing.public_pem(signing_key))
        assert main([str(pack), "--json", "--public-key", str(pem)]) == 0
        answer = json.loads(capsys.readouterr().out)
        assert answer["verdict"] == "good"
        assert answer["problems"] == []
        assert len(answer["checked"]) == 4
        assert answer["not_checked"]
        assert answer["pack"]["bag"] == BAG

        bad = tmp_path / "bad.zip"
        bad.write_bytes(pack.read_bytes()[:-30])
        assert main([str(bad), "--json"]) == 1
        answer = json.loads(capsys.readouterr().out)
        assert answer["verdict"] == "refused"
        assert answer["problems"][0]["code"] == "truncated"

        assert main([str(tmp_path / "none.zip"), "--json"]) == 2
        assert json.loads(capsys.readouterr().out)["verdict"] == "unusable"

    def test_people_read_the_verdict_first_and_then_what_is_wrong(self, pack: Path, tmp_path: Path, capsys) -> None:
        assert main([str(pack)]) == 0
        lines = capsys.readouterr().out.splitlines()
        assert lines[0].endswith("GOOD")
        assert "Not checked:" in lines

    @pytest.mark.parametrize("content", [None, b"", b"hello, this is text", b"\xff" * 100])
    def test_what_is_no_zip_is_unusable(self, tmp_path: Path, capsys, content: bytes | None) -> None:
        path = tmp_path / "x.zip"
        if content is not None:
            path.write_bytes(content)
        assert main([str(path)]) == 2
        assert str(path) in capsys.readouterr().err

    def test_a_folder_is_unusable(self, tmp_path: Path) -> None:
        assert main([str(tmp_path)]) == 2

    @pytest.mark.parametrize("content", [None, b"", b"not a key"])
    def test_a_public_key_that_is_none_is_unusable_and_named(self, pack: Path, tmp_path: Path, capsys, content) -> None:
        pem = tmp_path / "key.pem"
        if content is not None:
            pem.write_bytes(content)
        assert main([str(pack), "--public-key", str(pem)]) == 2
        assert str(pem) in capsys.readouterr().err


ONLY_CRYPTOGRAPHY = """
import sys
allowed = set(sys.stdlib_module_names) | {"cryptography", "_cffi_backend", "cffi", "auditkit", "__main__"}
class Nothing:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] not in allowed or name.startswith("auditkit.") and not name.startswith("auditkit.packs"):
            raise ImportError(f"{name} is not there: only Python and cryptography are")
sys.meta_path.insert(0, Nothing())
from auditkit.packs.verify.__main__ import main
code = main(sys.argv[1:])
print(sorted(name for name in sys.modules if name.startswith("auditkit")))
sys.exit(code)
"""


def test_it_runs_with_nothing_but_python_and_cryptography(pack: Path) -> None:
    command = [sys.executable, "-c", ONLY_CRYPTOGRAPHY, str(pack)]
    answer = subprocess.run(
        command, capture_output=True, text=True, check=False, env=os.environ | {"PYTHONIOENCODING": "ascii"}
    )
    assert answer.returncode == 0, answer.stderr
    loaded = eval(answer.stdout.splitlines()[-1])
    assert {name for name in loaded if not name.startswith("auditkit.packs.verify")} == {
        "auditkit",
        "auditkit.packs",
    }


def test_the_guard_above_would_notice_another_import(pack: Path) -> None:
    planted = ONLY_CRYPTOGRAPHY.replace("code = main", "import auditkit.base.text; code = main")
    answer = subprocess.run([sys.executable, "-c", planted, str(pack)], capture_output=True, text=True, check=False)
    assert answer.returncode != 0
    assert "only Python and cryptography" in answer.stderr


def test_names_that_play_tricks_are_shown_as_they_are(zipped, verdict) -> None:
    report = verdict(zipped({"a/bagit.txt": b"", "a/manifest-sha256.txt": b"", "a/data/evil\u202etxt.exe": b""}))
    assert any("data/evil\\u202etxt.exe: No manifest" in str(problem) for problem in report.problems)
    assert shown("a\x1b[31m") == "a\\x1b[31m"
