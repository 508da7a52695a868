"""Marks for personal values, and leaves that cannot be opened by guessing."""

import hashlib
import itertools
import json

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from auditkit.packs.signer import Signer
from auditkit.packs.veiling import BothForms, Leaves, Veil
from auditkit.packs.verify.salting import leaf


def signer(seed: bytes = bytes(range(32))) -> Signer:
    key = Ed25519PrivateKey.from_private_bytes(seed)
    return Signer(key.public_key().public_bytes_raw(), key.sign)


PACK = {"bag": "acme_audit", "dated": "2026-03-31T00:00:00+00:00"}
PEOPLE = ["Nino Beridze", "Li Wu", "ნინო ბერიძე", "مریم رضایی", "Ayşe İnan"]


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("Asked Nino Beridze about it", "Asked [V-0001] about it"),
        ("NINO BERIDZE, and Beridze again", "[V-0001], and [V-0002] again"),
        ("Li Wu said: Liability is not Wu's", "[V-0001] said: Liability is not Wu's"),
        ("Nino's file", "[V-0001]'s file"),
        ("see nino.beridze@acme.example, or +995 555 12 34 56!", "see [V-0001], or [V-0002]!"),
        ("2026-03-31, 12.5 %, F-12, 5b1e09c4", "2026-03-31, 12.5 %, F-12, 5b1e09c4"),
        ("ნინო ბერიძე და مریم رضایی", "[V-0001] და [V-0002]"),
        ("Beridze Trading Ltd stays", "Beridze Trading Ltd stays"),
        ("", ""),
    ],
)
def test_people_become_marks(text: str, hidden: str) -> None:
    assert Veil(PEOPLE, kept=["Beridze Trading Ltd"]).hide(text) == hidden


def test_the_same_value_keeps_its_mark_and_values_are_in_order() -> None:
    veil = Veil(PEOPLE)
    assert veil.hide_in({"Nino Beridze": ["Li Wu", 3, None, {"by": "Nino Beridze"}], "when": True}) == {
        "Nino Beridze": ["[V-0001]", 3, None, {"by": "[V-0002]"}],
        "when": True,
    }
    assert [(one.id, one.kind, one.value) for one in veil.values] == [
        ("V-0001", "person", "Li Wu"),
        ("V-0002", "person", "Nino Beridze"),
    ]


def test_nobody_to_hide_changes_nothing() -> None:
    assert Veil([]).hide("Nino Beridze") == "Nino Beridze"


def sealed(values: list[str]) -> tuple[dict, dict]:
    veil = Veil(values)
    veil.hide(" ".join(values))
    files = [BothForms("data/a.docx", "1" * 64, "data/a.docx", "2" * 64), BothForms("data/b", "3" * 64, "data/b", None)]
    return Leaves(files, veil.values, ["data/cover.docx"]).sealed(signer(), PACK)


def test_the_whole_form_opens_every_leaf() -> None:
    leaves, opened = sealed(["Nino Beridze"])
    assert leaves["files"][0][:2] == ["data/a.docx", "2" * 64]
    for (number, kind, expected), one in zip(leaves["values"], opened["values"], strict=True):
        assert leaf(one["salt"], number, kind, one["value"]) == expected
    for path, _digest, expected in leaves["files"]:
        (one,) = (one for one in opened["files"] if one["redacted"] == path)
        assert leaf(one["salt"], path, one["path"], one["sha256"]) == expected
    assert sealed(["Nino Beridze"]) == (leaves, opened)


def test_names_of_a_small_set_are_not_found_by_trying() -> None:
    """Whoever knows all names that could be meant, and the whole recipe but the salts, finds none of them."""
    candidates = ["Nino Beridze", "Maia Lomidze", "Giorgi Kapanadze"]
    leaves, _opened = sealed(candidates[:1])
    told = {expected for _number, _kind, expected in leaves["values"]}
    told |= {hidden for _path, _digest, hidden in leaves["files"]}
    public_salts = ["", "00" * 32, hashlib.sha256(json.dumps(PACK).encode()).hexdigest(), "1" * 64]
    public_salts += [hashlib.sha256(one.encode()).hexdigest() for one in (*candidates, "V-0001", "data/a.docx")]
    for name, number, salt in itertools.product(candidates, ["V-0001", "V-0002"], public_salts):
        assert leaf(salt, number, "person", name) not in told
    for salt in public_salts:
        assert leaf(salt, "data/a.docx", "data/a.docx", "1" * 64) not in told
    assert "Nino" not in json.dumps(leaves)
    assert "1" * 64 not in json.dumps(leaves)


def test_other_packs_and_other_keys_have_other_salts() -> None:
    veil = Veil(["Nino Beridze"])
    veil.hide("Nino Beridze")
    hashes = {
        Leaves([], veil.values).sealed(key, pack)[0]["values"][0][2]
        for key in (signer(), signer(bytes(32)))
        for pack in (PACK, PACK | {"bag": "other"})
    }
    assert len(hashes) == 4
