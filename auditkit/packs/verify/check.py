"""The verification itself, from the ZIP's structure to the signature. It goes on past a fault where that is safe,
so that every bad file is named and not only the first."""

import re
from collections.abc import Iterable
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.x509 import Certificate

from auditkit.packs.verify import layout
from auditkit.packs.verify.archive import Archive, bad_crc
from auditkit.packs.verify.hashing import crc_is_right, digests
from auditkit.packs.verify.keys import KeyList
from auditkit.packs.verify.manifests import (
    DIGEST_DIGITS,
    Accepted,
    Manifest,
    check_oxum,
    read_bag_info,
    read_declaration,
    read_manifest,
)
from auditkit.packs.verify.reading import MAX_SMALL_FILE, MAX_TAG_FILE, Bag
from auditkit.packs.verify.report import N_, Report
from auditkit.packs.verify.seal import Seal, Trusted
from auditkit.packs.verify.structure import Entry

_MANIFEST_NAME = re.compile(r"(tag)?manifest-([^/]+)\.txt")


def verify(
    path: Path,
    public_key: Ed25519PublicKey | None = None,
    accepted: Accepted | None = None,
    keys: KeyList | None = None,
    roots: tuple[Certificate, ...] = (),
) -> Report:
    """Check the pack at `path`; with `public_key`, that this key signed it. Nothing is unpacked or changed.

    `keys`: the organisation's list of keys, got by another way than the pack; `roots`: certificates of the authority
    that made its time stamp.

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
        _Check(archive, report, accepted or Accepted(), Trusted(public_key, keys, roots)).run()
    return report


class _Check:
    def __init__(self, archive: Archive, report: Report, accepted: Accepted, trusted: Trusted) -> None:
        self.bag = Bag(archive, report)
        self.accepted = accepted
        self.trusted = trusted
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
            files = {path: digest for manifest in self.manifests for path, digest in manifest.digests.items()}
            Seal(self.bag, self.trusted).check(digests_right, files)

    def _find_bag(self) -> bool:
        roots = {name.split("/")[0] + "/" for name in self.bag.archive.entries if "/" in name}
        roots.discard(layout.SIGNATURE_FOLDER)
        with_declaration = [root for root in sorted(roots) if root + layout.BAGIT in self.bag.archive.entries]
        # A pack whose bagit.txt was taken away is still to be told from a ZIP of holiday pictures.
        with_manifest = [
            root
            for root in sorted(roots)
            if root + layout.MANIFEST in self.bag.archive.entries
            or root + layout.TAG_MANIFEST in self.bag.archive.entries
        ]
        candidates = with_declaration or with_manifest
        if not candidates:
            self.bag.say("not-a-bag", None, N_("This is not a pack: no folder in it holds a bagit.txt"))
            return False
        if len(candidates) > 1:
            self.bag.say("several-bags", None, N_("The ZIP holds several bags: %(names)s"), names=", ".join(candidates))
            return False
        self.bag.root = candidates[0]
        self.bag.report.pack["bag"] = self.bag.root.rstrip("/")
        return True

    def _check_loose_files(self) -> None:
        for entry in self.bag.archive.entries.values():
            if not entry.is_folder and not crc_is_right(self.bag.archive, entry):
                self.bag.problems.append(bad_crc(entry))
        self.bag.report.left_out(
            N_("The contents: not checked, because there is no bag whose manifests could say what they should be")
        )

    def _read_tag_files(self) -> None:
        declaration = self.bag.read(layout.BAGIT, MAX_SMALL_FILE)
        if declaration is not None:
            read_declaration(self.bag.root + layout.BAGIT, declaration, self.accepted, self.bag.problems)
        for name in sorted(self.bag.archive.entries):
            match = (
                _MANIFEST_NAME.fullmatch(name.removeprefix(self.bag.root)) if name.startswith(self.bag.root) else None
            )
            if match:
                self._read_manifest(match[0], match[2], payload=match[1] is None)
        required = [layout.MANIFEST, layout.TAG_MANIFEST, layout.BAG_INFO] if self.accepted.signed else []
        for path in required:
            if self.bag.entry(path) is None:
                self.bag.say("missing", self.bag.root + path, N_("This file is missing"))
        if not self.manifests and not self.accepted.signed:
            self.bag.say("missing", self.bag.root + "manifest-*.txt", N_("This file is missing"))
        if self.bag.entry(layout.BAG_INFO) is not None:
            info = self.bag.read(layout.BAG_INFO, MAX_SMALL_FILE)
            self.info = read_bag_info(self.bag.root + layout.BAG_INFO, info or b"", self.bag.problems)
        if self.bag.entry(layout.FETCH) is not None:
            self.bag.say(
                "fetch",
                self.bag.root + layout.FETCH,
                N_("This bag leaves files to be fetched elsewhere; a pack is whole"),
            )

    def _read_manifest(self, path: str, algorithm: str, payload: bool) -> None:
        if algorithm not in self.accepted.algorithms or algorithm not in DIGEST_DIGITS:
            self.bag.say(
                "algorithm",
                self.bag.root + path,
                N_("A pack's manifests use sha256, not %(algorithm)s"),
                algorithm=algorithm,
            )
            return
        data = self.bag.read(path, MAX_TAG_FILE)
        if data is not None:
            manifest = read_manifest(self.bag.root + path, data, algorithm, payload, self.bag.problems)
            (self.manifests if payload else self.tag_manifests).append(manifest)

    # Files against manifests

    def _check_files(self) -> bool:
        """Hash every listed file and compare. Whether all that is listed is there and right."""
        before = len(self.bag.problems)
        wanted: dict[str, list[str]] = {}
        for manifest in (*self.manifests, *self.tag_manifests):
            for path in manifest.digests:
                if self.bag.entry(path) is not None:
                    wanted.setdefault(self.bag.root + path, []).append(manifest.algorithm)
        found, damaged = digests(self.bag.archive, wanted)
        self.bag.problems.extend(damaged)
        for manifest in (*self.manifests, *self.tag_manifests):
            for path, digest in manifest.digests.items():
                self._compare(manifest, path, digest, found)
        self._name_renamed_files(found)
        right = len(self.bag.problems) == before
        if right:
            self.bag.report.did(
                N_("%(count)s files: each is there and its digest is the one in %(manifests)s"),
                count=len(wanted),
                manifests=", ".join(
                    manifest.file.removeprefix(self.bag.root) for manifest in (*self.manifests, *self.tag_manifests)
                ),
            )
            self.bag.report.left_out(
                N_(
                    "The ZIP's own CRC-32 of these files: not checked, because their SHA-256 agrees, "
                    "which is the stronger proof"
                )
            )
        return right

    def _compare(self, manifest: Manifest, path: str, digest: str, found: dict[str, dict[str, str]]) -> None:
        member = self.bag.root + path
        entry = self.bag.entry(path)
        if entry is None:
            self.bag.say("missing", member, N_("This file is missing: %(manifest)s lists it"), manifest=manifest.file)
        elif member in found and found[member][manifest.algorithm] != digest:
            if not crc_is_right(self.bag.archive, entry):
                self.bag.problems.append(bad_crc(entry))
            self.bag.say(
                "changed",
                member,
                N_("This file was changed: its digest is not the one in %(manifest)s"),
                manifest=manifest.file,
            )

    def _unlisted(self) -> Iterable[Entry]:
        """Files in the ZIP that no manifest lists and that are not the signature or a tag manifest."""
        for name, entry in self.bag.archive.entries.items():
            path = name.removeprefix(self.bag.root) if name.startswith(self.bag.root) else None
            if entry.is_folder or name in self._beside():
                continue
            if path is None or not self._is_listed(path):
                yield entry

    def _beside(self) -> set[str]:
        """The files beside the bag that may be there. A second signature only with the key that the bag names."""
        found = {layout.SIGNATURE, layout.LEAVES_SIGNATURE, layout.TIMESTAMP}
        return found | {layout.SECOND_SIGNATURE} if self.bag.entry(layout.SECOND_KEY) is not None else found

    def _is_listed(self, path: str) -> bool:
        """Whether a manifest of its sort lists the file. Tag manifests list each other nowhere (RFC 8493, 2.2.1)."""
        match = _MANIFEST_NAME.fullmatch(path)
        if match and match[1]:
            return True
        sort = self.manifests if path.startswith(layout.PAYLOAD) else self.tag_manifests
        return any(path in manifest.digests for manifest in sort)

    def _name_renamed_files(self, found: dict[str, dict[str, str]]) -> None:
        """Where a missing file's content stands under another name, say so."""
        lost = {
            digest: self.bag.root + path
            for manifest in (*self.manifests, *self.tag_manifests)
            if manifest.algorithm == "sha256"
            for path, digest in manifest.digests.items()
            if self.bag.entry(path) is None
        }
        if not lost:
            return
        strangers, _ = digests(self.bag.archive, {entry.name: ["sha256"] for entry in self._unlisted()})
        for name, result in sorted(strangers.items()):
            if result["sha256"] in lost:
                self.bag.say(
                    "renamed",
                    name,
                    N_("This is the content of %(other)s under another name"),
                    other=lost[result["sha256"]],
                )

    def _check_extra_members(self) -> None:
        for entry in self._unlisted():
            # RFC 8493 lets tag files go unlisted; a pack has none such.
            if self.accepted.signed or entry.name.startswith(self.bag.root + layout.PAYLOAD):
                self.bag.say(
                    "extra", entry.name, N_("No manifest lists this file: it was added, or the manifest was changed")
                )
        everything = {path for manifest in self.manifests for path in manifest.digests}
        for manifest in self.manifests:
            for path in sorted(everything - set(manifest.digests)):
                self.bag.say(
                    "unlisted", self.bag.root + path, N_("%(manifest)s does not list this file"), manifest=manifest.file
                )
        if self.accepted.signed:
            self._check_empty_folders()

    def _check_empty_folders(self) -> None:
        files = [name for name, entry in self.bag.archive.entries.items() if not entry.is_folder]
        needed = {name[: at + 1] for name in files for at, char in enumerate(name) if char == "/"}
        for name, entry in self.bag.archive.entries.items():
            if entry.is_folder and name not in needed:
                self.bag.say("extra", name, N_("This empty folder was added"))

    def _check_payload_total(self) -> None:
        data = self.bag.root + layout.PAYLOAD
        sizes = [
            entry.size
            for name, entry in self.bag.archive.entries.items()
            if name.startswith(data) and not entry.is_folder
        ]
        self.bag.report.pack.update(files=len(sizes), bytes=sum(sizes))
        if check_oxum(self.bag.root + layout.BAG_INFO, self.info, sizes, self.accepted.signed, self.bag.problems):
            self.bag.report.did(
                N_("Payload-Oxum: %(bytes)s bytes in %(files)s files, as counted"), bytes=sum(sizes), files=len(sizes)
            )
