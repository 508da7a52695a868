"""The verification itself, from the ZIP's structure to the signature. It goes on past a fault where that is safe,
so that every bad file is named and not only the first."""

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from auditkit.packs.verify import layout
from auditkit.packs.verify.archive import Archive, Damaged, Entry, bad_crc
from auditkit.packs.verify.hashing import crc_is_right, digests
from auditkit.packs.verify.manifests import (
    DIGEST_DIGITS,
    Accepted,
    Manifest,
    check_oxum,
    read_bag_info,
    read_declaration,
    read_manifest,
)
from auditkit.packs.verify.report import N_, Problem, Report, problem
from auditkit.packs.verify.signature import fingerprint, fits, read_public_key

_MANIFEST_NAME = re.compile(r"(tag)?manifest-([^/]+)\.txt")
MAX_TAG_FILE = 16 << 20
MAX_SMALL_FILE = 64 << 10


def verify(
    path: Path, public_key: Ed25519PublicKey | None = None, accepted: Accepted | None = None
) -> Report:
    """Check the pack at `path`; with `public_key`, that this key signed it. Nothing is unpacked or changed.

    Raises Unusable when there is nothing to check (no such file, not a ZIP).
    """
    report = Report(str(path))
    with Archive(path) as archive:
        report.problems.extend(archive.problems)
        if archive.problems:
            report.left_out(N_("The files in the ZIP: not checked, because the ZIP itself is not in order"))
            return report
        report.did(
            N_(
                "The ZIP: %(count)s members, each byte of the file belongs to one of them, no name is unsafe or doubled"
            ),
            count=len(archive.entries),
        )
        _Check(archive, report, accepted or Accepted(), public_key).run()
    return report


class _Check:
    def __init__(
        self, archive: Archive, report: Report, accepted: Accepted, public_key: Ed25519PublicKey | None
    ) -> None:
        self.archive = archive
        self.report = report
        self.accepted = accepted
        self.public_key = public_key
        self.root = ""
        self.manifests: list[Manifest] = []
        self.tag_manifests: list[Manifest] = []
        self.info: dict[str, list[str]] = {}

    def run(self) -> None:
        """Do all checks in order; what is found goes into the report."""
        if not self._find_bag():
            self._check_loose_files()
            return
        self._read_tag_files()
        digests_right = self._check_files()
        self._check_extra_members()
        self._check_payload_total()
        if self.accepted.signed:
            pack = self._read_pack()
            self._check_signature(pack, digests_right)

    # The bag and its own files

    @property
    def problems(self) -> list[Problem]:
        return self.report.problems

    def _entry(self, path: str) -> Entry | None:
        return self.archive.entries.get(self.root + path)

    def _read(self, path: str, limit: int) -> bytes | None:
        """A file of the bag; None (and a problem) when it is missing, too long or damaged."""
        entry = self._entry(path)
        if entry is None:
            self.problems.append(problem("missing", self.root + path, N_("This file is missing")))
            return None
        try:
            return self.archive.read(entry, limit)
        except Damaged as damaged:
            self.problems.append(damaged.problem)
            return None

    def _find_bag(self) -> bool:
        roots = {name.split("/")[0] + "/" for name in self.archive.entries if "/" in name}
        roots.discard(layout.SIGNATURE_FOLDER)
        with_declaration = [root for root in sorted(roots) if root + layout.BAGIT in self.archive.entries]
        # A pack whose bagit.txt was taken away is still to be told from a ZIP of holiday pictures.
        with_manifest = [
            root
            for root in sorted(roots)
            if root + layout.MANIFEST in self.archive.entries
            or root + layout.TAG_MANIFEST in self.archive.entries
        ]
        candidates = with_declaration or with_manifest
        if not candidates:
            self.problems.append(
                problem("not-a-bag", None, N_("This is not a pack: no folder in it holds a bagit.txt"))
            )
            return False
        if len(candidates) > 1:
            self.problems.append(
                problem(
                    "several-bags",
                    None,
                    N_("The ZIP holds several bags: %(names)s"),
                    names=", ".join(candidates),
                )
            )
            return False
        self.root = candidates[0]
        self.report.pack["bag"] = self.root.rstrip("/")
        return True

    def _check_loose_files(self) -> None:
        for entry in self.archive.entries.values():
            if not entry.is_folder and not crc_is_right(self.archive, entry):
                self.problems.append(bad_crc(entry))
        self.report.left_out(
            N_(
                "The contents: not checked, because there is no bag whose manifests could say what they should be"
            )
        )

    def _read_tag_files(self) -> None:
        declaration = self._read(layout.BAGIT, MAX_SMALL_FILE)
        if declaration is not None:
            read_declaration(self.root + layout.BAGIT, declaration, self.accepted, self.problems)
        for name in sorted(self.archive.entries):
            match = (
                _MANIFEST_NAME.fullmatch(name.removeprefix(self.root)) if name.startswith(self.root) else None
            )
            if match:
                self._read_manifest(match[0], match[2], payload=match[1] is None)
        required = [layout.MANIFEST, layout.TAG_MANIFEST, layout.BAG_INFO] if self.accepted.signed else []
        for path in required:
            if self._entry(path) is None:
                self.problems.append(problem("missing", self.root + path, N_("This file is missing")))
        if not self.manifests and not self.accepted.signed:
            self.problems.append(problem("missing", self.root + "manifest-*.txt", N_("This file is missing")))
        if self._entry(layout.BAG_INFO) is not None:
            info = self._read(layout.BAG_INFO, MAX_SMALL_FILE)
            self.info = read_bag_info(self.root + layout.BAG_INFO, info or b"", self.problems)
        if self._entry(layout.FETCH) is not None:
            self.problems.append(
                problem(
                    "fetch",
                    self.root + layout.FETCH,
                    N_("This bag leaves files to be fetched elsewhere; a pack is whole"),
                )
            )

    def _read_manifest(self, path: str, algorithm: str, payload: bool) -> None:
        if algorithm not in self.accepted.algorithms or algorithm not in DIGEST_DIGITS:
            self.problems.append(
                problem(
                    "algorithm",
                    self.root + path,
                    N_("A pack's manifests use sha256, not %(algorithm)s"),
                    algorithm=algorithm,
                )
            )
            return
        data = self._read(path, MAX_TAG_FILE)
        if data is not None:
            manifest = read_manifest(self.root + path, data, algorithm, payload, self.problems)
            (self.manifests if payload else self.tag_manifests).append(manifest)

    # Files against manifests

    def _check_files(self) -> bool:
        """Hash every listed file and compare. Whether all that is listed is there and right."""
        before = len(self.problems)
        wanted: dict[str, list[str]] = {}
        for manifest in (*self.manifests, *self.tag_manifests):
            for path in manifest.digests:
                if self._entry(path) is not None:
                    wanted.setdefault(self.root + path, []).append(manifest.algorithm)
        found, damaged = digests(self.archive, wanted)
        self.problems.extend(damaged)
        for manifest in (*self.manifests, *self.tag_manifests):
            for path, digest in manifest.digests.items():
                self._compare(manifest, path, digest, found)
        self._name_renamed_files(found)
        right = len(self.problems) == before
        if right:
            self.report.did(
                N_("%(count)s files: each is there and its digest is the one in %(manifests)s"),
                count=len(wanted),
                manifests=", ".join(
                    manifest.file.removeprefix(self.root)
                    for manifest in (*self.manifests, *self.tag_manifests)
                ),
            )
            self.report.left_out(
                N_(
                    "The ZIP's own CRC-32 of these files: not checked, because their SHA-256 agrees, which is the stronger proof"
                )
            )
        return right

    def _compare(self, manifest: Manifest, path: str, digest: str, found: dict[str, dict[str, str]]) -> None:
        member = self.root + path
        entry = self._entry(path)
        if entry is None:
            self.problems.append(
                problem(
                    "missing",
                    member,
                    N_("This file is missing: %(manifest)s lists it"),
                    manifest=manifest.file,
                )
            )
        elif member in found and found[member][manifest.algorithm] != digest:
            if not crc_is_right(self.archive, entry):
                self.problems.append(bad_crc(entry))
            self.problems.append(
                problem(
                    "changed",
                    member,
                    N_("This file was changed: its digest is not the one in %(manifest)s"),
                    manifest=manifest.file,
                )
            )

    def _unlisted(self) -> Iterable[Entry]:
        """Files in the ZIP that no manifest lists and that are not the signature or a tag manifest."""
        for name, entry in self.archive.entries.items():
            path = name.removeprefix(self.root) if name.startswith(self.root) else None
            if entry.is_folder or name == layout.SIGNATURE:
                continue
            if path is None or not self._is_listed(path):
                yield entry

    def _is_listed(self, path: str) -> bool:
        """Whether a manifest of its sort lists the file; where that manifest is missing (said elsewhere), all are."""
        if path.startswith("tagmanifest-"):
            return True
        sort = self.manifests if path.startswith(layout.PAYLOAD) else self.tag_manifests
        return not sort or any(path in manifest.digests for manifest in sort)

    def _name_renamed_files(self, found: dict[str, dict[str, str]]) -> None:
        """Where a missing file's content stands under another name, say so."""
        lost = {
            digest: self.root + path
            for manifest in (*self.manifests, *self.tag_manifests)
            if manifest.algorithm == "sha256"
            for path, digest in manifest.digests.items()
            if self._entry(path) is None
        }
        if not lost:
            return
        strangers, _ = digests(self.archive, {entry.name: ["sha256"] for entry in self._unlisted()})
        for name, result in sorted(strangers.items()):
            if result["sha256"] in lost:
                self.problems.append(
                    problem(
                        "renamed",
                        name,
                        N_("This is the content of %(other)s under another name"),
                        other=lost[result["sha256"]],
                    )
                )

    def _check_extra_members(self) -> None:
        for entry in self._unlisted():
            # RFC 8493 lets tag files go unlisted; a pack has none such.
            if self.accepted.signed or entry.name.startswith(self.root + layout.PAYLOAD):
                self.problems.append(
                    problem("extra", entry.name, N_("No manifest lists this file: it was added"))
                )
        everything = {path for manifest in self.manifests for path in manifest.digests}
        for manifest in self.manifests:
            for path in sorted(everything - set(manifest.digests)):
                self.problems.append(
                    problem(
                        "unlisted",
                        self.root + path,
                        N_("%(manifest)s does not list this file"),
                        manifest=manifest.file,
                    )
                )
        if self.accepted.signed:
            self._check_empty_folders()

    def _check_empty_folders(self) -> None:
        files = [name for name, entry in self.archive.entries.items() if not entry.is_folder]
        needed = {name[: at + 1] for name in files for at, char in enumerate(name) if char == "/"}
        for name, entry in self.archive.entries.items():
            if entry.is_folder and name not in needed:
                self.problems.append(problem("extra", name, N_("This empty folder was added")))

    def _check_payload_total(self) -> None:
        data = self.root + layout.PAYLOAD
        sizes = [
            entry.size
            for name, entry in self.archive.entries.items()
            if name.startswith(data) and not entry.is_folder
        ]
        self.report.pack.update(files=len(sizes), bytes=sum(sizes))
        if check_oxum(self.root + layout.BAG_INFO, self.info, sizes, self.accepted.signed, self.problems):
            self.report.did(
                N_("Payload-Oxum: %(bytes)s bytes in %(files)s files, as counted"),
                bytes=sum(sizes),
                files=len(sizes),
            )

    # What the pack says of itself, and the signature

    def _read_pack(self) -> dict[str, Any]:
        member = self.root + layout.PACK
        data = self._read(layout.PACK, MAX_TAG_FILE)
        if data is None:
            return {}
        try:
            pack = json.loads(data)
        except (ValueError, RecursionError):
            pack = None
        if not isinstance(pack, dict):
            self.problems.append(problem("pack-json", member, N_("This is not a JSON object")))
            return {}
        if pack.get("format") != layout.PACK_FORMAT:
            self.problems.append(
                problem(
                    "pack-json",
                    member,
                    N_("The format is %(format)s; this verifier knows %(known)s"),
                    format=str(pack.get("format")),
                    known=layout.PACK_FORMAT,
                )
            )
        if pack.get("bag") != self.root.rstrip("/"):
            self.problems.append(
                problem(
                    "renamed",
                    member,
                    N_("The bag was renamed: it calls itself %(told)s but lies in %(found)s"),
                    told=str(pack.get("bag")),
                    found=self.root,
                )
            )
        for key in ("title", "organisation", "period", "dated"):
            if key in pack:
                self.report.pack[key] = pack[key]
        return pack

    def _check_signature(self, pack: dict[str, Any], digests_right: bool) -> None:
        inside = self._key_inside(pack)
        signature = self._signature()
        key = self.public_key or inside
        manifest_entry = self._entry(layout.TAG_MANIFEST)
        if (
            self.public_key is not None
            and inside is not None
            and fingerprint(self.public_key) != fingerprint(inside)
        ):
            self.problems.append(
                problem(
                    "other-key",
                    self.root + layout.PUBLIC_KEY,
                    N_("The pack names another key (%(inside)s) than the one you gave (%(given)s)"),
                    inside=fingerprint(inside),
                    given=fingerprint(self.public_key),
                )
            )
        if key is None or signature is None or manifest_entry is None:
            self.report.left_out(
                N_(
                    "The signature: not checked, because the key, the signature or the tag manifest is missing or unreadable"
                )
            )
            return
        try:
            signed = self.archive.read(manifest_entry, MAX_TAG_FILE)
        except Damaged:  # said when the manifest was read
            self.report.left_out(N_("The signature: not checked, because the tag manifest cannot be read"))
            return
        if not fits(key, signature, signed):
            self.problems.append(
                problem(
                    "signature",
                    layout.SIGNATURE,
                    N_(
                        "The signature does not fit %(file)s: one of the two was changed, or another key (not %(key)s) signed"
                    ),
                    file=layout.TAG_MANIFEST,
                    key=fingerprint(key),
                )
            )
            return
        self.report.did(
            N_("The Ed25519 signature over %(file)s, with the key %(key)s"),
            file=layout.TAG_MANIFEST,
            key=fingerprint(key),
        )
        self._say_what_the_signature_leaves_open(key, digests_right)

    def _signature(self) -> bytes | None:
        entry = self.archive.entries.get(layout.SIGNATURE)
        if entry is None:
            self.problems.append(problem("missing", layout.SIGNATURE, N_("The signature is missing")))
            return None
        if entry.size != layout.SIGNATURE_BYTES:
            self.problems.append(
                problem(
                    "signature",
                    entry.name,
                    N_("The signature is %(size)s bytes long instead of %(right)s"),
                    size=entry.size,
                    right=layout.SIGNATURE_BYTES,
                )
            )
            return None
        try:
            return self.archive.read(entry, layout.SIGNATURE_BYTES)
        except Damaged as damaged:
            self.problems.append(damaged.problem)
            return None

    def _key_inside(self, pack: dict[str, Any]) -> Ed25519PublicKey | None:
        pem = self._read(layout.PUBLIC_KEY, MAX_SMALL_FILE)
        if pem is None:
            return None
        member = self.root + layout.PUBLIC_KEY
        key = read_public_key(pem)
        if key is None:
            self.problems.append(problem("key", member, N_("This is no Ed25519 public key in PEM form")))
            return None
        self.report.pack["signing_key"] = fingerprint(key)
        if pack and pack.get("signing_key") != fingerprint(key):
            self.problems.append(
                problem(
                    "key", member, N_("This is not the signing key that %(file)s names"), file=layout.PACK
                )
            )
        return key

    def _say_what_the_signature_leaves_open(self, key: Ed25519PublicKey, digests_right: bool) -> None:
        if self.public_key is None:
            self.report.left_out(
                N_(
                    "Whose key it is: not checked, because no public key was given, so the key inside the pack was used. Compare its "
                    "fingerprint with the one the organisation gave you by another way: %(key)s"
                ),
                key=fingerprint(key),
            )
        self.report.left_out(
            N_(
                "When it was signed: not checked, because the pack carries no time stamp of a third party; its date is its own statement"
            )
        )
        if digests_right:
            self.report.left_out(
                N_(
                    "Whether the documents are true: not checked; the signature says that they are unchanged, not that they are right"
                )
            )
