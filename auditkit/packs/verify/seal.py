"""What a pack says of itself (pack.json) and the signature that stands for every byte of it."""

import json
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.x509 import Certificate

from auditkit.packs.verify import layout
from auditkit.packs.verify.archive import Damaged
from auditkit.packs.verify.history import History
from auditkit.packs.verify.keys import KeyList
from auditkit.packs.verify.leaves import Leaves
from auditkit.packs.verify.reading import MAX_SMALL_FILE, MAX_TAG_FILE, Bag
from auditkit.packs.verify.report import N_, shown
from auditkit.packs.verify.signature import fingerprint, fits, read_public_key
from auditkit.packs.verify.stamp import Stamp


@dataclass(frozen=True)
class Trusted:
    """What a person brought along by another way than the pack: a key, the list of keys, certificates for the time."""

    public_key: Ed25519PublicKey | None = None
    keys: KeyList | None = None
    roots: tuple[Certificate, ...] = ()


class Seal:
    """The check of pack.json, the key and the signature, with what a person brought along (else the key inside)."""

    def __init__(self, bag: Bag, trusted: Trusted) -> None:
        self.bag = bag
        self.trusted = trusted
        self.public_key = trusted.public_key

    def check(self, digests_right: bool, files: dict[str, str]) -> None:
        """Do it; `digests_right` says whether every file agreed with the manifests, `files` what they list."""
        pack = self._read_pack()
        key = self._check_signature(pack, digests_right)
        self._check_second(pack)
        Leaves(self.bag, files, key).check(pack.get("form"))
        History(self.bag).check()

    def _read_pack(self) -> dict[str, Any]:
        member = self.bag.root + layout.PACK
        data = self.bag.read(layout.PACK, MAX_TAG_FILE)
        if data is None:
            return {}
        try:
            pack = json.loads(data)
        except (ValueError, RecursionError):
            pack = None
        if not isinstance(pack, dict):
            self.bag.say("pack-json", member, N_("This is not a JSON object"))
            return {}
        if pack.get("format") != layout.PACK_FORMAT:
            self.bag.say(
                "pack-json",
                member,
                N_("The format is %(format)s; this verifier knows %(known)s"),
                format=str(pack.get("format")),
                known=layout.PACK_FORMAT,
            )
        if pack.get("bag") != self.bag.root.rstrip("/"):
            self.bag.say(
                "renamed",
                member,
                N_("The bag was renamed: it calls itself %(told)s but lies in %(found)s"),
                told=str(pack.get("bag")),
                found=self.bag.root,
            )
        for key in ("title", "organisation", "dated"):
            if isinstance(pack.get(key), str):
                self.bag.report.pack[key] = shown(pack[key])
        period = pack.get("period")
        if isinstance(period, dict):
            self.bag.report.pack["period"] = shown(f"{period.get('start')} to {period.get('end')}")
        return pack

    def _check_signature(self, pack: dict[str, Any], digests_right: bool) -> Ed25519PublicKey | None:
        """The key with which the pack is checked, or None."""
        inside = self._key_inside(pack)
        signature = self._signature()
        if self.public_key is None and self.trusted.keys is not None and inside is not None:
            listed = self.trusted.keys.keys.get(fingerprint(inside))
            self.public_key = listed.key if listed else None
            if listed is None:
                self.bag.say(
                    "other-key",
                    self.bag.root + layout.PUBLIC_KEY,
                    N_("The organisation's list of keys does not name this key (%(inside)s)"),
                    inside=fingerprint(inside),
                )
        key = self.public_key or inside
        manifest_entry = self.bag.entry(layout.TAG_MANIFEST)
        if self.public_key is not None and inside is not None and fingerprint(self.public_key) != fingerprint(inside):
            self.bag.say(
                "other-key",
                self.bag.root + layout.PUBLIC_KEY,
                N_("The pack names another key (%(inside)s) than the one you gave (%(given)s)"),
                inside=fingerprint(inside),
                given=fingerprint(self.public_key),
            )
        if key is None or signature is None or manifest_entry is None:
            self.bag.report.left_out(
                N_(
                    "The signature: not checked, because the key, the signature or the tag manifest is missing "
                    "or unreadable"
                )
            )
            return None
        try:
            signed = self.bag.archive.read(manifest_entry, MAX_TAG_FILE)
        except Damaged:  # said when the manifest was read
            self.bag.report.left_out(N_("The signature: not checked, because the tag manifest cannot be read"))
            return None
        if not fits(key, signature, signed):
            # Which of the two was changed cannot be known, so both are named.
            self.bag.say(
                "signature",
                layout.SIGNATURE,
                N_("The signature is not one over %(file)s by the key %(key)s"),
                file=layout.TAG_MANIFEST,
                key=fingerprint(key),
            )
            self.bag.say(
                "not-signed",
                self.bag.root + layout.TAG_MANIFEST,
                N_("This is not what was signed: it was changed, or the signature was, or another key signed"),
            )
            return None
        self.bag.report.did(
            N_("The Ed25519 signature over %(file)s, with the key %(key)s"),
            file=layout.TAG_MANIFEST,
            key=fingerprint(key),
        )
        self._say_what_the_signature_leaves_open(key, digests_right)
        stamped = Stamp(self.bag, self.trusted.roots).check(signature)
        if self.trusted.keys is not None and fingerprint(key) in self.trusted.keys.keys:
            self.trusted.keys.tell(self.bag.report, key, stamped)
        return key

    def _check_second(self, pack: dict[str, Any]) -> None:
        """The signature of a person beside the installation's, where the pack names one."""
        if self.bag.entry(layout.SECOND_KEY) is None:
            return
        key = read_public_key(self.bag.read(layout.SECOND_KEY, MAX_SMALL_FILE) or b"")
        entry, manifest = self.bag.archive.entries.get(layout.SECOND_SIGNATURE), self.bag.entry(layout.TAG_MANIFEST)
        if key is None or entry is None or entry.size != layout.SIGNATURE_BYTES or manifest is None:
            self.bag.say("second-signature", layout.SECOND_SIGNATURE, N_("The second signature or its key is missing"))
            return
        try:
            signature = self.bag.archive.read(entry, layout.SIGNATURE_BYTES)
            signed = self.bag.archive.read(manifest, MAX_TAG_FILE)
        except Damaged as damaged:
            self.bag.problems.append(damaged.problem)
            return
        if not fits(key, signature, signed):
            self.bag.say(
                "second-signature", layout.SECOND_SIGNATURE, N_("The second signature is not by the second key")
            )
            return
        self.bag.report.pack["second_key"] = fingerprint(key)
        name = pack.get("second_key", {}).get("name") if isinstance(pack.get("second_key"), dict) else None
        self.bag.report.did(
            N_("The second signature, with the key %(key)s, which the pack says is that of %(name)s"),
            key=fingerprint(key),
            name=str(name),
        )

    def _signature(self) -> bytes | None:
        entry = self.bag.archive.entries.get(layout.SIGNATURE)
        if entry is None:
            self.bag.say("missing", layout.SIGNATURE, N_("The signature is missing"))
            return None
        if entry.size != layout.SIGNATURE_BYTES:
            self.bag.say(
                "signature",
                entry.name,
                N_("The signature is %(size)s bytes long instead of %(right)s"),
                size=entry.size,
                right=layout.SIGNATURE_BYTES,
            )
            return None
        try:
            return self.bag.archive.read(entry, layout.SIGNATURE_BYTES)
        except Damaged as damaged:
            self.bag.problems.append(damaged.problem)
            return None

    def _key_inside(self, pack: dict[str, Any]) -> Ed25519PublicKey | None:
        pem = self.bag.read(layout.PUBLIC_KEY, MAX_SMALL_FILE)
        if pem is None:
            return None
        member = self.bag.root + layout.PUBLIC_KEY
        key = read_public_key(pem)
        if key is None:
            self.bag.say("key", member, N_("This is no Ed25519 public key in PEM form"))
            return None
        self.bag.report.pack["signing_key"] = fingerprint(key)
        if pack and pack.get("signing_key") != fingerprint(key):
            self.bag.say("key", member, N_("This is not the signing key that %(file)s names"), file=layout.PACK)
        return key

    def _say_what_the_signature_leaves_open(self, key: Ed25519PublicKey, digests_right: bool) -> None:
        if self.public_key is None:
            self.bag.report.left_out(
                N_(
                    "Whose key it is: not checked, because no public key was given, so the key inside the pack was "
                    "used. Compare its fingerprint with the one the organisation gave you by another way: %(key)s"
                ),
                key=fingerprint(key),
            )
        if digests_right:
            self.bag.report.left_out(
                N_(
                    "Whether the documents are true: not checked; the signature says that they are unchanged, "
                    "not that they are right"
                )
            )
