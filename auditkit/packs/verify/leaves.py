"""Personal values as salted leaves: what a redacted pack withholds, and what it still proves.

`leaves.json` is the same, byte for byte, in the whole and in the redacted form of a pack, and is signed by itself; its
SHA-256 is the root that both forms share. It names every file of both forms and every personal value by a hash over a
salt that only the whole form tells, so that neither can be found by trying out names. Its writer is `packs/veiling.py`.
"""

import hashlib
import json
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from auditkit.packs.verify import layout
from auditkit.packs.verify.archive import Damaged
from auditkit.packs.verify.reading import MAX_TAG_FILE, Bag
from auditkit.packs.verify.report import N_
from auditkit.packs.verify.salting import leaf
from auditkit.packs.verify.signature import fingerprint, fits


class Leaves:
    """The check of the leaves against a bag's manifest; `files` maps each payload path to its digest."""

    def __init__(self, bag: Bag, files: dict[str, str], key: Ed25519PublicKey | None) -> None:
        self.bag = bag
        self.files = files
        self.key = key

    def check(self, form: object) -> None:
        """Do it. A pack made before there were leaves names no form, and nothing is said of it."""
        if form is None and self.bag.entry(layout.LEAVES) is None:
            return
        told = self._object(layout.LEAVES)
        if told is None:
            return
        if form not in layout.FORMS:
            self._bad(layout.PACK, N_("It must name its form: whole or redacted"))
            return
        self.bag.report.pack["form"] = str(form)
        if told.get("format") != layout.LEAVES_FORMAT:
            self._bad(layout.LEAVES, N_("This verifier does not know the form of these leaves"))
            return
        self._check_signature()
        try:
            self._check_whole(told) if form == layout.WHOLE else self._check_redacted(told)
        except (KeyError, TypeError, ValueError, AttributeError):
            self._bad(layout.LEAVES, N_("These leaves are not laid out as they should be"))

    def _check_signature(self) -> None:
        entry, leaves = self.bag.archive.entries.get(layout.LEAVES_SIGNATURE), self.bag.entry(layout.LEAVES)
        if entry is None or leaves is None:
            self.bag.say("missing", layout.LEAVES_SIGNATURE, N_("The signature over the leaves is missing"))
            return
        if self.key is None:  # said with the pack's own signature
            return
        try:
            signature = self.bag.archive.read(entry, layout.SIGNATURE_BYTES)
            signed = self.bag.archive.read(leaves, MAX_TAG_FILE)
        except Damaged as damaged:
            self.bag.problems.append(damaged.problem)
            return
        if not fits(self.key, signature, signed):
            told = N_("The signature over the leaves is not one by the key %(key)s")
            self.bag.say("leaves", layout.LEAVES_SIGNATURE, told, key=fingerprint(self.key))
            return
        self.bag.report.pack["shared_root"] = hashlib.sha256(signed).hexdigest()
        self.bag.report.did(
            N_("The Ed25519 signature over %(file)s, which the whole and the redacted form share"), file=layout.LEAVES
        )

    def _check_whole(self, told: dict[str, Any]) -> None:
        opened = self._object(layout.OPENED)
        if opened is None:
            return
        values = {one["id"]: one for one in opened["values"]}
        for number, kind, expected in told["values"]:
            one = values.pop(number, None)
            if one is None or leaf(one["salt"], number, kind, one["value"]) != expected:
                self._bad(layout.OPENED, N_("The value %(id)s is not the one that was signed"), id=number)
        for number in values:
            self._bad(layout.OPENED, N_("The value %(id)s is not the one that was signed"), id=number)
        files = {one["redacted"]: one for one in opened["files"]}
        expected_paths = set(told["own"])
        for path, digest, hidden in told["files"]:
            if hidden is None:
                self._holds(path, digest)
                expected_paths.add(path)
                continue
            one = files.get(path)
            if one is None or leaf(one["salt"], path, one["path"], one["sha256"]) != hidden:
                self._bad(layout.OPENED, N_("What is said of %(file)s is not what was signed"), file=path)
            else:
                self._holds(one["path"], one["sha256"])
                expected_paths.add(one["path"])
        self._nothing_else(expected_paths)
        self.bag.report.did(
            N_("%(values)s personal values and %(files)s files fit their salted leaves"),
            values=len(told["values"]),
            files=len(told["files"]),
        )

    def _check_redacted(self, told: dict[str, Any]) -> None:
        if self.bag.entry(layout.OPENED) is not None:
            self._bad(layout.OPENED, N_("A redacted pack must not hold this file"))
        withheld = [path for path, digest, _hidden in told["files"] if digest is None]
        for path, digest, _hidden in told["files"]:
            if digest is not None:
                self._holds(path, digest)
        self._nothing_else({path for path, digest, _hidden in told["files"] if digest is not None} | set(told["own"]))
        replaced = sum(hidden is not None and digest is not None for _path, digest, hidden in told["files"])
        self.bag.report.left_out(
            N_(
                "What is withheld: not checked. %(values)s personal values are marked, %(replaced)s files stand in a "
                "redacted form and %(files)s are not in this pack; the whole form of it tells them under the same root"
            ),
            values=len(told["values"]),
            replaced=replaced,
            files=len(withheld),
        )

    def _holds(self, path: str, digest: str) -> None:
        if self.files.get(path) != digest:
            self._bad(path, N_("This file is not the one that the signed leaves name"))

    def _nothing_else(self, expected: set[str]) -> None:
        for path in sorted(self.files.keys() - expected):
            self._bad(path, N_("The signed leaves do not name this file"))

    def _object(self, path: str) -> dict[str, Any] | None:
        data = self.bag.read(path, MAX_TAG_FILE)
        if data is None:
            return None
        try:
            told = json.loads(data)
        except (ValueError, RecursionError):
            told = None
        if not isinstance(told, dict):
            self._bad(path, N_("This is not a JSON object"))
            return None
        return told

    def _bad(self, path: str, message: str, **params: object) -> None:
        self.bag.say("leaves", self.bag.member(path), message, **params)
