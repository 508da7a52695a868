"""Turns a draft into a pack: renders its documents once each, writes its tables, index, and seals it all (decision 10).

Made files lie in a folder of their own until the ZIP is whole, so that memory stays flat whatever the registers weigh.
The texts of a pack are in the language of its documents; callers open `translated_by` around `gather` and this.
"""

from datetime import UTC
from importlib.metadata import version
from pathlib import Path

from auditkit.base.errors import AuditkitError
from auditkit.base.text import N_, _
from auditkit.documents import catalogue, render
from auditkit.packs.bag import Sealed, as_json, write_pack
from auditkit.packs.contents import Acceptance, Contents, dated
from auditkit.packs.formats import crate, oscal, room, workbook
from auditkit.packs.gathering import Draft, clause_lines
from auditkit.packs.gathering.outcome import Outcome
from auditkit.packs.making import DocumentFailed, Made, Maker, made_file
from auditkit.packs.rules import EvidenceLost, check_gaps
from auditkit.packs.signer import Signer
from auditkit.packs.veiling import Leaves, Veil
from auditkit.packs.verify import layout
from auditkit.packs.zipping import OnProgress, Source

__all__ = ["Acceptance", "DocumentFailed", "seal"]

COVER, INDEX = "data/documents/pack-cover.docx", "data/documents/clause-index.docx"
HOW_TO_CHECK = N_("""HOW TO CHECK THIS PACK

This folder is a BagIt bag (RFC 8493). Nothing in it needs auditkit to be read or checked.

1. That no file was changed, with any computer that has sha256sum. In this folder:
     sha256sum -c manifest-sha256.txt
     sha256sum -c tagmanifest-sha256.txt

2. That the list of files is the one that was signed (Ed25519). In this folder, with OpenSSL 3:
     openssl pkeyutl -verify -rawin -pubin -inkey public-key.pem \\
       -sigfile ../signature/tagmanifest-sha256.txt.sig -in tagmanifest-sha256.txt

3. Whose key it is. A key inside a pack proves nothing by itself: compare its fingerprint with the one the
   organisation gave you by another way. The fingerprint is the SHA-256 of the key:
     openssl pkey -pubin -in public-key.pem -outform DER | sha256sum
   It must be:
     %(key)s

4. All of it at once, and the ZIP too, with Python and its package cryptography:
     python -m auditkit.packs.verify FILE.zip --public-key the-key-you-were-given.pem

5. What is personal. leaves.json names every personal value and every file of this pack by a hash; it is the same in the
   whole and in the redacted form of the pack, and signed by itself:
     openssl pkeyutl -verify -rawin -pubin -inkey public-key.pem \\
       -sigfile ../signature/leaves.json.sig -in leaves.json

What the signature says: these files are the ones that the holder of the key put together. What it does not say: when
that was (the date in the pack is the pack's own statement), and whether what the documents tell is true.

omissions.json lists what is missing and why. clause-index.json lists, clause by clause, what is shown for it.
""")
HOW_TO_REDRAW = N_(
    "To draw a sample of complaints again, with nothing but Python, in %(folder)s: python redraw.py SAMPLE.json "
    "(the files whose names end in -S1.json, -S2.json ...); it ends with “agrees” three times."
)


def seal(
    draft: Draft,
    acceptance: Acceptance,
    target: Path,
    work: Path,
    signer: Signer,
    on_progress: OnProgress | None = None,
    form: str = layout.WHOLE,
    outcome: Outcome | None = None,
) -> Sealed:
    """Write the pack to `target`; `work` is an empty folder for the files made on the way.

    Making the files counts as half of the progress, writing the ZIP as the other half. The same draft and acceptance
    give the same bytes. `form`: with personal values, or with marks in their place; both share their leaves. `outcome`:
    audits, findings, actions and journal for other programs, which are left out without it.
    Raises EvidenceLost, PackHasGaps, SourcesChanged (evidence altered on disk), DocumentFailed, CannotWrite; nothing is
    left behind then.
    """
    if draft.lost:
        raise EvidenceLost(draft.lost)
    check_gaps(draft.gaps, acceptance.reason)
    tell = on_progress or _tell_nobody
    veil = Veil([*draft.people, acceptance.by], kept=[draft.organisation.name])
    maker = Maker(draft, work, veil, form)
    made = {}
    for number, item in enumerate(draft.items):
        tell(number / len(draft.items) / 2)
        made[item.path] = maker.make(item)
    # In either form the same values are met, so that both have the same leaves.
    veil.hide_in([acceptance.by, acceptance.reason, *(text for gap in draft.gaps for text in (gap.what, gap.why))])
    hide = veil.hide if form == layout.REDACTED else str
    contents = Contents(draft, made, acceptance, form, hide, clause_lines(draft))
    own = [
        *(
            Made(path, script.title, "", None, Source.of_bytes(path, script.content))
            for path, script in sorted(draft.scripts.items())
        ),
        _own_document(draft, "clause-index", INDEX, _("Clause index"), contents.index(), work),
        _own_document(draft, "pack-cover", COVER, _("Cover"), contents.cover(signer), work),
    ]
    leaves, opened = Leaves(maker.both, veil.values, own=[one.path for one in own]).sealed(
        signer, {"bag": draft.bag, "dated": dated(draft).astimezone(UTC).isoformat()}
    )
    beside = _beside(contents, own, outcome, signer)
    return write_pack(
        target,
        bag=draft.bag + ("_redacted" if form == layout.REDACTED else ""),
        dated=dated(draft),
        about=contents.about(own),
        info={
            "Source-Organization": draft.organisation.name,
            "External-Description": f"{draft.definition.title}, {draft.start.isoformat()} to {draft.end.isoformat()}",
            "Bag-Software-Agent": f"auditkit {version('auditkit')}",
        },
        tag_files=beside,
        leaves=as_json(leaves),
        opened=as_json(opened) if form == layout.WHOLE else None,
        payload=[one.source for one in (*made.values(), *own) if isinstance(one, Made)],
        signer=signer,
        on_progress=lambda share: tell(0.5 + share / 2),
    )


def _beside(contents: Contents, own: list[Made], outcome: Outcome | None, signer: Signer) -> dict[str, bytes]:
    """The files beside the payload: path in the bag -> content."""
    draft, date = contents.draft, dated(contents.draft)
    how_to_check = _how_to_check(draft, signer)
    trail = outcome.trail if outcome else ()
    oscal_files = oscal.documents(draft, outcome, date, contents.hide) if outcome else {}
    return {
        "clause-index.json": as_json(contents.index_facts()),
        "omissions.json": as_json(contents.omissions()),
        layout.JOURNAL_HEAD: as_json(contents.head()),
        layout.JOURNAL_HISTORY: as_json(contents.history()),
        "HOW-TO-CHECK.txt": how_to_check.encode(),
        room.FILE: room.room(contents, own, trail, date, signer, how_to_check),
        workbook.FILE: workbook.index(contents, own, date),
        crate.FILE: as_json(crate.crate(contents, own, date.astimezone(UTC).isoformat())),
        **{path: as_json(document) for path, document in oscal_files.items()},
    }


def _own_document(draft: Draft, template: str, path: str, title: str, context: catalogue.Context, work: Path) -> Made:
    """A document about the pack itself; what it says is of this form already."""
    file = work / f"own-{Path(path).name}"
    try:
        render.render(draft.template(template).file, catalogue.data_of(context), file)
    except AuditkitError as error:
        raise DocumentFailed(title=title, reason=str(error)) from error
    return Made(path, title, "", None, made_file(path, file))


def _how_to_check(draft: Draft, signer: Signer) -> str:
    text = _(HOW_TO_CHECK, key=signer.fingerprint)
    for path in sorted(draft.scripts):
        text += "\n" + _(HOW_TO_REDRAW, folder=path.rpartition("/")[0]) + "\n"
    return text


def _tell_nobody(_share: float) -> None:
    return None
