"""Time stamps (RFC 3161) from an authority that the test itself is: asked for, kept in the pack, checked offline."""

import shutil
import subprocess
import threading
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from auditkit.packs import signing
from auditkit.packs.signer import NotStamped
from auditkit.packs.stamping import stamper
from auditkit.packs.verify import Unusable, verify
from auditkit.packs.verify.stamp import read_certificates

from .conftest import named

pytestmark = [
    pytest.mark.skipif(shutil.which("openssl") is None, reason="this machine has no openssl"),
    pytest.mark.sqlite_only,
]
pytest.importorskip("rfc3161_client", reason="comes with auditkit[timestamp]")

CONFIG = """
[tsa]
default_tsa = own
[own]
serial = {place}/serial
crypto_device = builtin
signer_cert = {place}/tsa.pem
signer_key = {place}/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha384, sha512
ess_cert_id_chain = no
ess_cert_id_alg = sha256
"""
TOKEN = "signature/tagmanifest-sha256.txt.sig.tsr"


def openssl(*arguments: str) -> str:
    answer = subprocess.run(["openssl", *arguments], capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stderr
    return answer.stdout + answer.stderr


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The authority: root certificate, its own certificate, its settings."""
    place = tmp_path_factory.mktemp("authority")
    (place / "serial").write_text("01")
    (place / "ext").write_text(
        "extendedKeyUsage=critical,timeStamping\nkeyUsage=critical,digitalSignature\nbasicConstraints=CA:FALSE\n"
    )
    (place / "tsa.cnf").write_text(CONFIG.format(place=place))
    root = ("-x509", "-days", "3650", "-subj", "/CN=Root of the test", "-addext", "keyUsage=critical,keyCertSign")
    openssl("req", "-newkey", "rsa:2048", "-nodes", "-keyout", f"{place}/root.key", "-out", f"{place}/root.pem", *root)
    openssl("req", "-newkey", "rsa:2048", "-nodes", "-keyout", f"{place}/tsa.key", "-out", f"{place}/tsa.csr",
            "-subj", "/CN=Clock of the test")  # fmt: skip
    openssl("x509", "-req", "-in", f"{place}/tsa.csr", "-CA", f"{place}/root.pem", "-CAkey", f"{place}/root.key",
            "-CAcreateserial", "-days", "3650", "-extfile", f"{place}/ext", "-out", f"{place}/tsa.pem")  # fmt: skip
    return place


@pytest.fixture(scope="module")
def authority(place: Path) -> Iterator[str]:
    """Its address."""

    class Answering(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            (place / "asked.tsq").write_bytes(self.rfile.read(int(self.headers["Content-Length"])))
            if self.path != "/":
                self.send_error(503)
                return
            openssl("ts", "-reply", "-config", f"{place}/tsa.cnf", "-queryfile", f"{place}/asked.tsq",
                    "-out", f"{place}/answer.tsr")  # fmt: skip
            self.send_response(200)
            self.end_headers()
            self.wfile.write((place / "answer.tsr").read_bytes())

        def log_message(self, *_arguments: object) -> None:
            return

    server = HTTPServer(("127.0.0.1", 0), Answering)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def stamped(authority, write, signing_key, tmp_path) -> Path:
    signer = replace(signing.signer_with(signing_key), stamp=stamper(f"{authority}/"))
    return write(tmp_path / "stamped.zip", signer=signer).file


def test_the_token_is_checked_without_a_network_and_openssl_agrees(stamped, place, tmp_path) -> None:
    report = verify(stamped, roots=read_certificates(place / "root.pem"))
    assert report.good, list(map(str, report.problems))
    assert any("the signature existed on" in str(one) for one in report.checked)
    with zipfile.ZipFile(stamped) as archive:
        archive.extractall(tmp_path)
    folder = tmp_path / "signature"
    said = openssl("ts", "-verify", "-data", f"{folder}/tagmanifest-sha256.txt.sig", "-in", str(tmp_path / TOKEN),
                   "-CAfile", f"{place}/root.pem")  # fmt: skip
    assert "Verification: OK" in said
    without = verify(stamped)
    assert without.good
    assert any("Who made the time stamp" in str(one) for one in without.not_checked)


def test_a_stamp_does_not_change_the_pack_it_is_over(stamped, pack) -> None:
    with zipfile.ZipFile(stamped) as one, zipfile.ZipFile(pack) as other:
        assert set(one.namelist()) - set(other.namelist()) == {TOKEN}
        assert all(one.read(name) == other.read(name) for name in other.namelist())


@pytest.mark.parametrize("change", ["other", "damaged", "nothing"])
def test_a_token_over_something_else_is_refused(authority, contents, zipped, verdict, change) -> None:
    token = {"other": stamper(f"{authority}/")(b"something else"), "damaged": b"\x30\x03abc", "nothing": b""}[change]
    assert named(verdict(zipped(contents | {TOKEN: token}))) == {TOKEN: {"time-stamp"}}


def test_a_token_of_another_authority_is_refused(stamped, place, tmp_path) -> None:
    made = ("-x509", "-nodes", "-keyout", f"{tmp_path}/k", "-out", f"{tmp_path}/other.pem", "-subj", "/CN=Other")
    openssl("req", "-newkey", "rsa:2048", *made)
    report = verify(stamped, roots=read_certificates(tmp_path / "other.pem"))
    assert named(report) == {TOKEN: {"time-stamp"}}
    (tmp_path / "none.pem").write_text("no certificate")
    with pytest.raises(Unusable, match="no certificate"):
        read_certificates(tmp_path / "none.pem")


@pytest.mark.parametrize("address", ["{authority}/broken", "http://127.0.0.1:9/", "ftp://example.org/"])
def test_without_an_answer_the_pack_is_built_and_says_why_there_is_none(
    authority, write, signing_key, tmp_path, address
) -> None:
    signer = replace(signing.signer_with(signing_key), stamp=stamper(address.format(authority=authority)))
    told = []

    def not_stamped(refusal: NotStamped) -> dict[str, bytes]:
        told.append(str(refusal))
        return {"omissions.json": b"[]\n"}

    report = verify(write(tmp_path / "x.zip", signer=signer, not_stamped=not_stamped).file)
    assert report.good
    assert any("carries no time stamp" in str(one) for one in report.not_checked)
    assert len(told) == 1
    assert told[0].startswith("The authority gave no time stamp: ")
