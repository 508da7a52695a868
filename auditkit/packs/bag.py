"""Writes a pack: the text files of a BagIt 1.0 bag around its payload, signed, in one ZIP.

The layout is `verify/layout.py`, the ZIP is written by `zipping.py`; the verifier and strangers' tools check the result
in tests/slices/packs.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from auditkit.base.errors import BadInput
from auditkit.base.ids import digest
from auditkit.base.text import N_
from auditkit.packs.rules import collision_key, is_safe_path
from auditkit.packs.signer import NotStamped, Signer
from auditkit.packs.verify import layout
from auditkit.packs.writing import OnProgress, Progress, Writing, begun
from auditkit.packs.zipping import Member, Source

TagFile = bytes | Source
"""A file beside the payload: in memory, or in a file where many entries make it long."""


@dataclass(frozen=True)
class Sealed:
    """A finished pack. `root` is the SHA-256 of the tag manifest, which stands for every byte of the bag.

    `shared_root` is the SHA-256 of the leaves, which stands for the records in both forms of the pack.
    """

    file: Path
    bag: str
    root: str
    size: int
    files: int
    payload_bytes: int
    signing_key: str
    shared_root: str


def write_pack(
    target: Path,
    *,
    bag: str,
    dated: datetime,
    payload: Sequence[Source],
    signer: Signer,
    on_progress: OnProgress | None = None,
    **more: Any,
) -> Sealed:
    """Write the pack `target` from what is all there already; the rest as in `Pack`."""
    progress = Progress(on_progress)
    progress.made(1)
    with being_written(target, bag, dated, (), progress) as pack:
        return pack.seal(payload=payload, signer=signer, **more)


@contextmanager
def being_written(
    target: Path, bag: str, dated: datetime, evidence: Sequence[Source], progress: Progress
) -> Iterator["Pack"]:
    """Begin the pack `target` with its evidence, which is copied while the caller makes the rest; then `Pack.seal`.

    `bag` names its folder; `dated` (aware) is the pack's own date, stamped on every member. The pack is written whole
    or not at all; an older file of that name is replaced at the very end. Raises CannotWrite.
    """
    with begun(target, dated, [_member(f"{bag}/{one.path}", one) for one in evidence], progress) as writing:
        yield Pack(target, bag, dated, evidence, writing)


@dataclass(frozen=True)
class Pack:
    """A pack whose evidence is being copied."""

    target: Path
    bag: str
    dated: datetime
    evidence: Sequence[Source]
    writing: Writing

    def check(self) -> None:
        """Raise what went wrong with the evidence so far, where that ends everything: a full disk."""
        self.writing.check()

    def seal(
        self,
        *,
        about: dict[str, Any],
        info: dict[str, str],
        tag_files: Mapping[str, TagFile],
        payload: Sequence[Source],
        signer: Signer,
        leaves: bytes | None = None,
        opened: bytes | None = None,
        not_stamped: Callable[[NotStamped], Mapping[str, TagFile]] | None = None,
    ) -> Sealed:
        """Write all else, the `payload` beside the evidence among it, and sign it; call it once and nothing after it.

        `about` goes into pack.json beside what the verifier needs, `info` into bag-info.txt (label -> value),
        `tag_files` (path -> content) beside them; `leaves` is what both forms of a pack share, `opened` what opens it,
        in the whole form. The same arguments give the same bytes, but for a time stamp. `not_stamped` gives the tag
        files that say why there is none, where the authority gave none. Raises SourcesChanged, OSError where it cannot
        be written; BadInput for more files than a pack may hold; ValueError for unsafe or doubled paths or no payload,
        which is the caller's defect.
        """
        bag, dated = self.bag, self.dated
        held = sorted((*self.evidence, *payload), key=lambda source: source.path)
        both = {layout.LEAVES: leaves, layout.OPENED: opened}
        tag_files = {**tag_files, **{path: content for path, content in both.items() if content is not None}}
        if signer.second is not None:
            about = about | {"second_key": {"name": signer.second.name, "key": signer.second.signer.fingerprint}}
            tag_files = {**tag_files, layout.SECOND_KEY: signer.second.signer.pem}
        texts = _tag_files(bag, dated, about, info, tag_files, held, signer)
        signature = signer.sign(manifest := _signed(texts))
        token = None
        if signer.stamp is not None:
            try:
                token = signer.stamp(signature)
            except NotStamped as refusal:
                if not_stamped is None:
                    raise
                texts = _tag_files(bag, dated, about, info, {**tag_files, **not_stamped(refusal)}, held, signer)
                signature = signer.sign(manifest := _signed(texts))
        members = [_member(f"{bag}/{path}", content) for path, content in texts.items()]
        members.append(Member.of_bytes(layout.SIGNATURE, signature))
        if token is not None:
            members.append(Member.of_bytes(layout.TIMESTAMP, token))
        if signer.second is not None:
            second = signer.second.signer.sign(manifest)
            members.append(Member.of_bytes(layout.SECOND_SIGNATURE, second))
        if leaves is not None:
            members.append(Member.of_bytes(layout.LEAVES_SIGNATURE, signer.sign(leaves)))
        members += [_member(f"{bag}/{source.path}", source) for source in payload]
        _check_layout(bag, [*texts, *(source.path for source in held)])
        size = self.writing.finish(members)
        return Sealed(
            file=self.target,
            bag=bag,
            root=digest(manifest),
            size=size,
            files=len(held),
            payload_bytes=sum(source.size for source in held),
            signing_key=signer.fingerprint,
            shared_root=digest(leaves) if leaves is not None else "",
        )


def _signed(texts: Mapping[str, TagFile]) -> bytes:
    """The tag manifest, which is made last and in memory."""
    manifest = texts[layout.TAG_MANIFEST]
    assert isinstance(manifest, bytes)  # noqa: S101 - made below; for the type checker
    return manifest


def _member(name: str, content: TagFile) -> Member:
    return (
        Member.of_bytes(name, content) if isinstance(content, bytes) else Member(name.encode(), content.size, content)
    )


def as_json(value: Any) -> bytes:
    """JSON as packs hold it: UTF-8, sorted keys, an entry a line; the same value, the same bytes.

    Not `indent=2`: that leaves the fast encoder, which 2,000 files in an index make felt.
    """
    return b"".join(json_pieces(value))


def json_pieces(value: Any) -> Iterator[bytes]:
    """The same bytes in pieces, an entry each."""
    if isinstance(value, dict):
        between = "{\n"
        for key in sorted(value):
            yield f"{between}{_compact(key)}: ".encode()
            yield from _entries(value[key])
            between = ",\n"
        yield b"\n}\n" if value else b"{\n\n}\n"
    else:
        yield from _entries(value)
        yield b"\n"


def _entries(value: Any) -> Iterator[bytes]:
    if not isinstance(value, list) or not value:
        yield _compact(value).encode()
        return
    between = "[\n"
    for entry in value:
        yield f"{between}{_compact(entry)}".encode()
        between = ",\n"
    yield b"\n]"


_encoder = json.JSONEncoder(ensure_ascii=False, sort_keys=True, allow_nan=False, check_circular=False)
_compact = _encoder.encode


def _tag_files(
    bag: str,
    dated: datetime,
    about: dict[str, Any],
    info: dict[str, str],
    tag_files: Mapping[str, TagFile],
    payload: Sequence[Source],
    signer: Signer,
) -> dict[str, TagFile]:
    """All tag files, the tag manifest last."""
    stamp = dated.astimezone(UTC)
    texts = dict(tag_files)
    own: dict[str, TagFile] = {
        layout.BAGIT: layout.BAGIT_TEXT,
        layout.BAG_INFO: _bag_info(
            info
            | {
                "External-Identifier": bag,
                "Bagging-Date": stamp.date().isoformat(),
                "Payload-Oxum": f"{sum(source.size for source in payload)}.{len(payload)}",
            }
        ),
        layout.PACK: as_json(
            about
            | {
                "format": layout.PACK_FORMAT,
                "bag": bag,
                "dated": stamp.isoformat().replace("+00:00", "Z"),
                "signing_key": signer.fingerprint,
            }
        ),
        layout.PUBLIC_KEY: signer.pem,
        layout.MANIFEST: _manifest((source.path, source.sha256) for source in payload),
    }
    if taken := own.keys() & texts.keys():
        raise ValueError(f"these tag files are the writer's own: {sorted(taken)}")
    texts |= own
    texts[layout.TAG_MANIFEST] = _manifest((path, _digest(texts[path])) for path in sorted(texts))
    return texts


def _digest(content: TagFile) -> str:
    return digest(content) if isinstance(content, bytes) else content.sha256


def _bag_info(info: dict[str, str]) -> bytes:
    # A value with a line break would be read as the next label: RFC 8493 section 2.2.2.
    return "".join(f"{label}: {' '.join(value.split())}\n" for label, value in info.items()).encode()


def _manifest(entries: Iterable[tuple[str, str]]) -> bytes:
    return "".join(f"{sha}  {path}\n" for path, sha in entries).encode()


def _check_layout(bag: str, paths: list[str]) -> None:
    folded = {collision_key(path) for path in paths}
    if len(folded) != len(paths):
        raise ValueError("two members of the pack would have the same name")
    if unsafe := [path for path in (bag, *paths) if not is_safe_path(path)]:
        raise ValueError(f"unsafe names in the pack: {unsafe[:3]}")
    if "/" in bag or f"{bag.casefold()}/" == layout.SIGNATURE_FOLDER:
        raise ValueError(f"{bag!r} cannot name a bag")
    if not any(path.startswith(layout.PAYLOAD) for path in paths):
        raise ValueError("a bag needs a payload")
    if len(paths) + 1 > layout.MAX_MEMBERS:
        raise BadInput(
            N_("The pack would hold %(count)s files; a pack holds at most %(limit)s. Choose a shorter period"),
            count=len(paths) + 1,
            limit=layout.MAX_MEMBERS,
        )
