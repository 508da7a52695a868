"""Keys over the years: renewal, revocation, passphrase, a second key; what old packs then say of themselves."""

import base64
import json
import stat
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from auditkit.base import keyring, signing
from auditkit.base.db import reading, separate_scope
from auditkit.base.errors import BadInput
from auditkit.journal import queries as journal
from auditkit.packs import signing as packs_signing
from auditkit.packs.verify import Unusable, verify
from auditkit.packs.verify.keys import KeyList, read_key_list
from auditkit.packs.verify.signature import fits

from .conftest import BAG, named

TODAY = date(2026, 7, 1)


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """An instance's folder with a key, as far as keys are concerned."""
    folder = tmp_path / "instance"
    folder.mkdir()
    assert signing.make_key(folder)
    return folder


@pytest.fixture
def old_pack(house: Path, tmp_path: Path, write: Callable) -> Path:
    """A pack of 30 June 2026, signed before anything happened to the key."""
    return write(tmp_path / "old.zip", key=signing.load_key(house)).file


def listed(house: Path) -> KeyList:
    path = house / "auditkit-keys.json"
    path.write_text(json.dumps(keyring.statement(house)))
    return read_key_list(path)


def test_an_old_pack_verifies_after_renewal_and_says_since_when_its_key_is_retired(house, old_pack) -> None:
    assert verify(old_pack, keys=listed(house)).pack["key_state"] == "current"
    old, new = keyring.rotate(house, TODAY)
    assert signing.fingerprint(signing.load_key(house)) == new.fingerprint != old.fingerprint
    assert stat.S_IMODE(signing.key_path(house).stat().st_mode) == 0o600
    report = verify(old_pack, keys=listed(house))
    assert report.good, list(map(str, report.problems))
    assert any("signed with a key retired on 2026-07-01" in str(one) for one in report.checked)
    assert [one.state for one in keyring.known(house)] == ["current", "retired"]


def test_a_signature_of_an_earlier_key_is_still_known_as_ours(house) -> None:
    signature = signing.load_key(house).sign(b"receipt")
    old, _new = keyring.rotate(house, TODAY)
    assert keyring.signed_by(house, signature, b"receipt").fingerprint == old.fingerprint
    assert keyring.signed_by(house, signature, b"changed") is None


def test_a_renewal_that_was_cut_off_leaves_a_key_that_signs(house, monkeypatch) -> None:
    before = signing.fingerprint(signing.load_key(house))
    monkeypatch.setattr(signing, "replace_key", _killed)
    with pytest.raises(KeyboardInterrupt):
        keyring.rotate(house, TODAY)
    assert keyring.known(house)[0].fingerprint == before
    assert keyring.known(house)[0].state == "current"


def _killed(*_arguments: object) -> None:
    raise KeyboardInterrupt


@pytest.mark.parametrize(("since", "good"), [("2026-06-30", False), ("2026-07-01", True)])
def test_a_revoked_key_is_told_and_what_it_signed_since_is_refused(house, old_pack, since: str, good: bool) -> None:
    fingerprint = signing.fingerprint(signing.load_key(house))
    revoked = keyring.revoke(house, fingerprint[:9], date.fromisoformat(since), "A backup was lost", TODAY)
    assert revoked.state == "revoked"
    assert signing.fingerprint(signing.load_key(house)) != fingerprint, "a revoked key went on signing"
    report = verify(old_pack, keys=listed(house))
    assert report.pack["key_state"] == f"revoked since {since}"
    assert report.good is good
    if good:
        assert any("before its key was revoked" in str(one) and "A backup was lost" in str(one)
                   for one in report.not_checked)  # fmt: skip
    else:
        assert named(report) == {None: {"revoked-key"}}


def test_a_revocation_needs_a_reason_and_a_key_that_is_there(house) -> None:
    with pytest.raises(keyring.ReasonMissing):
        keyring.revoke(house, signing.fingerprint(signing.load_key(house)), TODAY, " ", TODAY)
    for given in ("", "12", "0000 0000"):
        with pytest.raises(keyring.NoSuchKey):
            keyring.revoke(house, given, TODAY, "Lost", TODAY)


def test_a_pack_by_a_key_that_is_not_on_the_list_is_refused(house, pack) -> None:
    assert "other-key" in named(verify(pack, keys=listed(house)))[f"{BAG}/public-key.pem"]


@pytest.mark.parametrize(
    "change",
    [
        lambda told: told["keys"][1].update(retired_on=""),
        lambda told: told["keys"].pop(),
        lambda told: told.update(signature="AAAA"),
        lambda told: told.update(format="auditkit-keys/2"),
        lambda told: told.pop("keys"),
        lambda told: told["keys"][0].update(fingerprint=told["keys"][1]["fingerprint"]),
    ],
)
def test_a_changed_list_of_keys_is_refused(house, change) -> None:
    keyring.rotate(house, TODAY)
    told = keyring.statement(house)
    change(told)
    path = house / "changed.json"
    path.write_text(json.dumps(told))
    with pytest.raises(Unusable, match="list of keys"):
        read_key_list(path)


def test_a_passphrase_locks_the_key_and_is_asked_for(house, monkeypatch) -> None:
    key = signing.load_key(house)
    signing.replace_key(house, key, b"open sesame")
    assert b"ENCRYPTED" in signing.key_path(house).read_bytes()
    with pytest.raises(BadInput, match="AUDITKIT_SIGNING_PASSPHRASE"):
        signing.load_key(house)
    monkeypatch.setenv("AUDITKIT_SIGNING_PASSPHRASE", "wrong")
    with pytest.raises(BadInput, match="cannot be read"):
        signing.load_key(house)
    (house / "secret").write_text("open sesame\n")
    monkeypatch.delenv("AUDITKIT_SIGNING_PASSPHRASE")
    monkeypatch.setenv("AUDITKIT_SIGNING_PASSPHRASE_FILE", str(house / "secret"))
    assert signing.fingerprint(signing.load_key(house)) == signing.fingerprint(key)
    keyring.rotate(house, TODAY)
    assert b"ENCRYPTED" in signing.key_path(house).read_bytes(), "the new key is not locked"


class TestSecondKey:
    @pytest.fixture
    def both(self, house, tmp_path, write, zipped):
        person = tmp_path / "person.pem"
        person.write_bytes(signing._locked(Ed25519PrivateKey.generate(), b"mine"))
        signer = packs_signing.with_second(packs_signing.signer(house), person, "Nino Beridze", "mine")
        return write(tmp_path / "two.zip", signer=signer).file

    def test_a_person_signs_beside_the_installation(self, both) -> None:
        report = verify(both)
        assert report.good, list(map(str, report.problems))
        assert any("second signature" in str(one) and "Nino Beridze" in str(one) for one in report.checked)

    @pytest.mark.parametrize("change", ["gone", "other"])
    def test_without_it_or_with_another_the_pack_is_refused(self, both, zipped, verdict, change) -> None:
        name = "signature/tagmanifest-sha256.txt.second.sig"
        with zipfile.ZipFile(both) as archive:
            members = {one: archive.read(one) for one in archive.namelist()}
        if change == "gone":
            del members[name]
        else:
            members[name] = bytes(64)
        assert "second-signature" in named(verdict(zipped(members)))[name]

    def test_a_second_signature_without_its_key_is_extra(self, contents, zipped, verdict) -> None:
        name = "signature/tagmanifest-sha256.txt.second.sig"
        assert named(verdict(zipped(contents | {name: bytes(64)}))) == {name: {"extra"}}


@pytest.mark.sqlite_only
def test_commands_pages_and_every_journal_tell_all_keys(app, key, instance, command, browser, acme, globex) -> None:
    first = signing.fingerprint(signing.load_key(instance))
    assert command("key", "rotate", "--why", "  ").code == 2
    answer = command("key", "rotate", "--why", "A new machine", "--json")
    assert (answer.code, answer.json["retired"]) == (0, first)
    assert command("key", "revoke", first[:9], "--since", "2026-02-01", "--why", "Seen elsewhere").code == 0
    told = command("key", "list", "--json").json
    public = browser().get("/.well-known/auditkit-keys.json")
    assert json.loads(public.response.get_data()) == told
    assert [one["state"] for one in told["keys"]] == ["current", "revoked"]
    for house in (acme, globex):
        with separate_scope():
            entries = journal.page(reading(house.system), house.id, subject_kind="signing-key")[0]
        assert [one.event for one in entries] == ["signing-key:revoked", "signing-key:renewed"]
        assert {one.facts["key"] for one in entries} == {first}
        assert [one.facts["why"] for one in entries] == ["Seen elsewhere", "A new machine"]
    shown = browser(acme, "administrator").get(f"/o/{acme.slug}/packs/").soup.select_one("main table").get_text()
    assert first in shown
    assert "Seen elsewhere" in shown
    page = browser().get("/signing-key").text
    assert first in page
    assert "Seen elsewhere" in page
    assert "revoked since 2026-02-01: Seen elsewhere" in command("key", "list").out
    key_now = signing.load_key(instance).public_key()
    assert fits(key_now, base64.b64decode(told["signature"]), keyring.canonical(told["keys"]))


@pytest.mark.sqlite_only
def test_a_passphrase_set_and_removed_leaves_an_entry_in_every_journal(
    app, key, instance, command, acme, globex, monkeypatch
) -> None:
    first = signing.fingerprint(signing.load_key(instance))
    monkeypatch.setattr("click.termui.hidden_prompt_func", lambda _asked: "open sesame")
    assert command("key", "passphrase").code == 0
    monkeypatch.setenv("AUDITKIT_SIGNING_PASSPHRASE", "open sesame")
    assert command("key", "passphrase", "--remove").code == 0
    for house in (acme, globex):
        with separate_scope():
            entries = journal.page(reading(house.system), house.id, subject_kind="signing-key")[0]
        assert [one.event for one in entries] == ["signing-key:unlocked", "signing-key:locked"]
        assert {one.facts["key"] for one in entries} == {first}
        assert not [one for one in entries if "sesame" in str(one.facts)]
