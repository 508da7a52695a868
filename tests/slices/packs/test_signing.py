"""The instance's signing key: made once, readable by its owner only, and the fingerprint is openssl's."""

import os
import shutil
import stat
import subprocess
from pathlib import Path

import pytest

from auditkit.base.errors import BadInput
from auditkit.packs import signing


def test_a_key_is_made_once_with_mode_0600_and_never_overwritten(tmp_path: Path) -> None:
    assert signing.make_key(tmp_path) is True
    pem = signing.key_path(tmp_path).read_bytes()
    if os.name == "posix":
        assert stat.S_IMODE(signing.key_path(tmp_path).stat().st_mode) == 0o600
    assert signing.make_key(tmp_path) is False
    assert signing.key_path(tmp_path).read_bytes() == pem
    assert [path.name for path in tmp_path.iterdir()] == [signing.KEY_FILE]


def test_the_fingerprint_is_what_openssl_and_sha256sum_say(tmp_path: Path) -> None:
    if not shutil.which("openssl"):
        pytest.skip("openssl is not installed (package openssl)")
    signing.make_key(tmp_path)
    key = signing.load_key(tmp_path)
    command = ["openssl", "pkey", "-pubin", "-outform", "DER"]
    der = subprocess.run(command, input=signing.public_pem(key), capture_output=True, check=True).stdout
    digest = subprocess.run(["openssl", "dgst", "-sha256", "-r"], input=der, capture_output=True, check=True).stdout
    assert signing.fingerprint(key).replace(" ", "") == digest.decode().split()[0]
    assert len(signing.fingerprint(key).split(" ")) == 16
    signer = signing.signer(tmp_path)
    assert (signer.pem, signer.fingerprint) == (signing.public_pem(key), signing.fingerprint(key))
    key.public_key().verify(signer.sign(b"a pack"), b"a pack")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "Run `auditkit init`"),
        (b"not a key", "cannot be read"),
        (b"", "cannot be read"),
    ],
)
def test_a_missing_or_broken_key_says_where_and_what_to_do(tmp_path: Path, content: bytes | None, said: str) -> None:
    if content is not None:
        signing.key_path(tmp_path).write_bytes(content)
    with pytest.raises(BadInput, match=said) as refused:
        signing.load_key(tmp_path)
    assert str(signing.key_path(tmp_path)) in str(refused.value)


def test_a_key_of_another_kind_is_refused(tmp_path: Path) -> None:
    if not shutil.which("openssl"):
        pytest.skip("openssl is not installed (package openssl)")
    subprocess.run(["openssl", "genpkey", "-algorithm", "X25519", "-out", signing.key_path(tmp_path)], check=True)
    with pytest.raises(BadInput, match="another kind"):
        signing.load_key(tmp_path)


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="nowhere"):
        signing.make_key(tmp_path / "nowhere")
