"""Turns a draft into a pack: renders its documents once each, writes its tables, index, and seals it all (decision 10).

Made files lie in a folder of their own until the ZIP is whole, so that memory stays flat whatever the registers weigh.
What the pack says of itself is said in each of its languages; its machine-readable files are in the first one.
"""

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from auditkit.base.errors import AuditkitError
from auditkit.base.text import N_, _
from auditkit.documents import catalogue
from auditkit.documents.contexts.facts import LeftOut
from auditkit.packs import pdfs
from auditkit.packs.bag import Pack, Sealed, as_json, being_written, json_pieces
from auditkit.packs.contents import STAMP, Acceptance, Contents
from auditkit.packs.formats import crate, oscal, room, workbook
from auditkit.packs.gathering import Draft, Seen, clause_lines
from auditkit.packs.gathering.draft import dated
from auditkit.packs.gathering.standing import Hide, Standings
from auditkit.packs.making import DocumentFailed, FromTemplate, Made, Maker, Withheld, filled, kept, made_file
from auditkit.packs.reading import Records
from auditkit.packs.rules import EvidenceLost, check_gaps
from auditkit.packs.signer import NotStamped, Signer
from auditkit.packs.speaking import speaking
from auditkit.packs.veiling import Leaves, Veil
from auditkit.packs.verify import layout
from auditkit.packs.writing import OnProgress, Progress
from auditkit.packs.zipping import Source

if TYPE_CHECKING:
    from auditkit.packs.gathering.outcome import Outcome

__all__ = ["Acceptance", "DocumentFailed", "seal"]

COVER, INDEX = "pack-cover", "clause-index"
OWN = (INDEX, COVER)
BESIDE, UNSTAMPED = "beside", "beside-unstamped"
"""Folders for the files beside the payload; the second for those that say why there is no time stamp."""
PDF = N_("Documents as PDF")
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
HOW_TO_CHECK_KEYS = N_("""6. Since when the key is to be trusted. The organisation publishes its keys as a signed
   list at its own address, under /.well-known/auditkit-keys.json: the one that signs,
   those retired on a day, those revoked since a day. Take the list from there, not from
   whoever gave you this pack:
     python -m auditkit.packs.verify FILE.zip --keys auditkit-keys.json

7. When it was signed, where signature/tagmanifest-sha256.txt.sig.tsr is there: a time
   stamp of a third party (RFC 3161). With the root certificate of that authority:
     openssl ts -verify -data signature/tagmanifest-sha256.txt.sig \\
       -in signature/tagmanifest-sha256.txt.sig.tsr -CAfile root.pem

8. Who signed besides, where second-key.pem lies in this folder: a person, with a key of their own. In this folder:
     openssl pkeyutl -verify -rawin -pubin -inkey second-key.pem \\
       -sigfile ../signature/tagmanifest-sha256.txt.second.sig -in tagmanifest-sha256.txt
""")
HOW_TO_REDRAW = N_(
    "To draw a sample of complaints again, with nothing but Python, in %(folder)s: python redraw.py SAMPLE.json "
    "(the files whose names end in -S1.json, -S2.json ...); it ends with “agrees” three times."
)


@dataclass(frozen=True)
class Wish:
    """What a pack is to be. `form`: with personal values, or with marks in their place; both share their leaves.

    `pdfs`: the folder of the instance's packs where PDF of the documents is wanted too, None where it is not.
    """

    form: str = layout.WHOLE
    pdfs: Path | None = None


def seal(
    draft: Draft,
    acceptance: Acceptance,
    target: Path,
    work: Path,
    signer: Signer,
    on_progress: OnProgress | None = None,
    wish: Wish | None = None,
    records: Records | None = None,
) -> Sealed:
    """Write the pack to `target`; `work` is an empty folder for the files made on the way.

    The evidence, most of a pack's bytes, is copied while all else is made; each counts as half of the progress.
    The same draft and acceptance give the same bytes. `records` gives the outcome for other programs, asked for while
    the evidence is copied, and the clause matrix, asked for when the documents are made; both are left out without it.
    Raises EvidenceLost, PackHasGaps, SourcesChanged (evidence altered on disk), DocumentFailed, CannotWrite; nothing is
    left behind then.
    """
    if draft.lost:
        raise EvidenceLost(draft.lost)
    check_gaps(draft.gaps, acceptance.reason)
    wish = wish or Wish()
    progress = Progress(on_progress)
    veil = Veil([*draft.people, acceptance.by], kept=[draft.organisation.name])
    renders = ThreadPoolExecutor(1)
    maker = Maker(draft, work, veil, wish.form, renders)
    with speaking(draft.language):
        files = {item.path: maker.seen(item) for item in draft.of(Seen)}
    evidence = [one.source for one in files.values() if isinstance(one, Made)]
    bag = draft.bag + ("_redacted" if wish.form == layout.REDACTED else "")
    with renders, being_written(target, bag, dated(draft), evidence, progress) as pack:
        found = records.outcome() if records is not None else None
        texts = dict(_texts(draft, maker, pack, progress))
        made = {item.path: files.get(item.path) or texts[item.path] for item in draft.items}
        drafts = _standing(draft, records.standings() if records is not None else {})
        _meet(veil, drafts, acceptance)
        hide = veil.hide if wish.form == layout.REDACTED else str
        scripts = [
            Made(path, script.title, "", None, Source.of_bytes(path, script.content))
            for path, script in sorted(draft.scripts.items())
        ]
        paths = [one.path for one in scripts] + [_own_path(draft, name, one) for one in draft.languages for name in OWN]
        omitted: list[tuple[str, AuditkitError]] = []
        own = list(scripts)
        if wish.pdfs is not None:
            documents = [one for one in made.values() if isinstance(one, Made) and one.template is not None]
            named = {one.whole_path: one.redacted_path for one in maker.both}
            done, why = pdfs.made(wish.pdfs, documents, named, lambda share: progress.made(0.5 + share * 0.4))
            own += done
            paths += [pdfs.path_of(one.redacted_path) for one in maker.both if one.redacted_path.endswith(".docx")]
            if why is not None:
                omitted.append((PDF, why))
        said = []
        for one in drafts:
            with speaking(one.language):
                told = tuple(LeftOut(_(what), str(why)) for what, why in omitted)
                told_as = one.standing.hidden(hide) if one.standing is not None and hide is not str else one.standing
                lines = clause_lines(replace(one, standing=told_as))
                contents = Contents(one, made, acceptance, wish.form, hide, lines, told_as, told)
                own += _own_documents(contents, work, signer, main=one is drafts[0])
                said.append(contents)
        leaves, opened = Leaves(maker.both, veil.values, own=paths).sealed(
            signer, {"bag": draft.bag, "dated": dated(draft).astimezone(UTC).isoformat()}
        )
        with speaking(draft.language):
            beside = _beside(said, own, found, signer, work / BESIDE)
            progress.made(1)
            return pack.seal(
                about=said[0].about(own),
                info=_info(draft, hide),
                tag_files=beside,
                leaves=as_json(leaves),
                opened=as_json(opened) if wish.form == layout.WHOLE else None,
                payload=[one.source for one in (*texts.values(), *own) if isinstance(one, Made)],
                signer=signer,
                not_stamped=lambda why: _beside(_without_stamp(said, why), own, found, signer, work / UNSTAMPED),
            )


def _info(draft: Draft, hide: Hide) -> dict[str, str]:
    return {
        "Source-Organization": draft.organisation.name,
        "External-Description": hide(f"{draft.title}, {draft.start.isoformat()} to {draft.end.isoformat()}"),
        "Bag-Software-Agent": f"auditkit {version('auditkit')}",
    }


def _texts(draft: Draft, maker: Maker, pack: Pack, progress: Progress) -> Iterator[tuple[str, Made | Withheld]]:
    """The draft's documents and registers by their path in it, which count as half of all that is made."""
    items = [item for item in draft.items if not isinstance(item.content, Seen)]
    for number, one in enumerate(maker.make(items)):
        yield one
        pack.check()
        progress.made((number + 1) / len(items) / 2)


def _without_stamp(said: list[Contents], refusal: NotStamped) -> list[Contents]:
    found = []
    for one in said:
        with speaking(one.draft.language):
            found.append(replace(one, omitted=(*one.omitted, LeftOut(_(STAMP), str(refusal)))))
    return found


def _standing(draft: Draft, standings: Standings) -> list[Draft]:
    """The draft in each of its languages, the first in front, with the matrix told in it."""
    return [replace(one, standing=standings.get(one.language)) for one in (draft, *draft.further)]


def _meet(veil: Veil, drafts: list[Draft], acceptance: Acceptance) -> None:
    """Meet every personal value in what a pack says of itself: in either form the same, so that leaves agree."""
    veil.hide_in([acceptance.by, acceptance.reason])
    for one in drafts:
        veil.hide_in([one.subject, *(text for gap in one.gaps for text in (gap.what, gap.why))])
        if one.standing is not None:
            one.standing.hidden(veil.hide)
        veil.hide_in([line.why for line in clause_lines(one)])


def _beside(
    said: list[Contents], own: list[Made], outcome: "Outcome | None", signer: Signer, folder: Path
) -> dict[str, Source]:
    """The files beside the payload: path in the bag -> the file made in `folder`, one after another.

    Each lists every file of the pack: together in memory they weigh as much as all records that a pack is made from.
    """
    main = said[0]
    draft, date = main.draft, dated(main.draft)
    trail = outcome.trail if outcome else ()
    beside: dict[str, Source] = {}

    def keep(path: str, pieces: Iterable[bytes]) -> None:
        beside[path] = kept(path, folder / f"{len(beside)}", pieces)

    folder.mkdir()
    keep("clause-index.json", json_pieces(main.index_facts()))
    keep("omissions.json", json_pieces(main.omissions()))
    keep(layout.JOURNAL_HEAD, json_pieces(main.head()))
    keep(layout.JOURNAL_HISTORY, json_pieces(main.history()))
    workbook.index(main, own, date, folder / workbook.FILE)
    beside[workbook.FILE] = made_file(workbook.FILE, folder / workbook.FILE)
    keep(crate.FILE, json_pieces(crate.crate(main, own, date.astimezone(UTC).isoformat())))
    for path, document in (oscal.documents(draft, outcome, date, main.hide) if outcome else {}).items():
        keep(path, json_pieces(document))
    others = room.names(draft.languages)
    for contents in said:
        language = contents.draft.language
        with speaking(language):
            how_to_check = _how_to_check(contents.draft, signer)
            keep(others[language], room.room(contents, own, trail, date, signer, how_to_check, others))
        keep(f"HOW-TO-CHECK{'' if contents is main else f'.{language}'}.txt", [how_to_check.encode()])
    return beside


def _own_path(draft: Draft, name: str, language: str) -> str:
    return f"data/documents/{'' if language == draft.language else f'{language}/'}{name}.docx"


def _own_documents(contents: Contents, work: Path, signer: Signer, *, main: bool) -> Iterator[Made]:
    """Clause index and cover in the language of `contents`; what they say is of this form already."""
    folder = "data/documents/" if main else f"data/documents/{contents.draft.language}/"
    contexts: dict[str, tuple[str, catalogue.Context]] = {
        INDEX: (_("Clause index"), contents.index()),
        COVER: (_("Cover"), contents.cover(signer, len(OWN))),
    }
    for name, (title, context) in contexts.items():
        chosen = contents.draft.template(name, contents.draft.language)
        file = work / f"own-{contents.draft.language}-{name}.docx"
        content, digest = filled(chosen, contents.draft.dressed(catalogue.data_of(context)), title)
        path = f"{folder}{name}.docx"
        template = FromTemplate.of(chosen, digest)
        yield Made(path, title, "", None, kept(path, file, [content]), template, contents.draft.language)


def _how_to_check(draft: Draft, signer: Signer) -> str:
    text = f"{_(HOW_TO_CHECK, key=signer.fingerprint)}\n{_(HOW_TO_CHECK_KEYS)}"
    for path in sorted(draft.scripts):
        text += "\n" + _(HOW_TO_REDRAW, folder=path.rpartition("/")[0]) + "\n"
    return text
