"""The verifier refuses every tampering and names the file, and says what it could not check.

Inputs: packs of our own writer, changed.
"""

import io
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from auditkit.packs import signing
from auditkit.packs.verify import verify
from auditkit.packs.verify.__main__ import main
from auditkit.packs.verify.report import shown

from .conftest import BAG, named

SIGNATURE = "signature/tagmanifest-sha256.txt.sig"
ROOT = BAG + "/"


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
