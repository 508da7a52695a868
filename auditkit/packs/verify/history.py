"""Journal heads and histories: that a later pack's journal begins with the one an earlier pack was made from.

`journal-head.json` carries the root of a Merkle tree over the hashes of all entries up to the head (`tree.py`);
`journal-history.json` a consistency proof for each pack that was built before. With the earlier pack at hand the
verifier compares; alone, it checks that the proofs hold in themselves.
"""

import json
from dataclasses import dataclass
from typing import Any

from auditkit.packs.verify import layout
from auditkit.packs.verify.reading import MAX_TAG_FILE, Bag
from auditkit.packs.verify.report import N_, Report
from auditkit.packs.verify.tree import is_consistent


@dataclass(frozen=True)
class Head:
    """How far a journal went: number and hash of its last entry about records, root of the tree over all up to it."""

    entry: int
    hash: str
    tree: str


class History:
    """The check of a pack's own history; its head goes into the report for a comparison with another pack's."""

    def __init__(self, bag: Bag) -> None:
        self.bag = bag

    def check(self) -> None:
        """Do it. A pack made before there were trees says nothing of its history."""
        told = self._read(layout.JOURNAL_HEAD)
        if told is None or not told.get("tree"):
            if told is not None:
                self._say_alone()
            return
        try:
            head = Head(int(told["entry"]), str(told["hash"]), str(told["tree"]))
            earlier = self._read(layout.JOURNAL_HISTORY) or {}
            entries = list(earlier.get("earlier", []))
            for one in entries:
                self._check_one(head, one)
        except (KeyError, TypeError, ValueError, AttributeError):
            self._bad(layout.JOURNAL_HISTORY, N_("This history is not laid out as it should be"))
            return
        self.bag.report.head = head
        self.bag.report.history = entries
        if entries:
            self.bag.report.did(
                N_("The journal of this pack begins with those of %(count)s earlier packs: each proof holds"),
                count=len(entries),
            )
        self._say_alone()

    def _check_one(self, head: Head, one: dict[str, Any]) -> None:
        proof = [bytes.fromhex(step) for step in one["proof"]]
        if not is_consistent(one["entry"], bytes.fromhex(one["tree"]), head.entry, bytes.fromhex(head.tree), proof):
            self._bad(
                layout.JOURNAL_HISTORY,
                N_("The proof about the earlier pack %(bag)s does not hold"),
                bag=str(one.get("bag")),
            )

    def _say_alone(self) -> None:
        self.bag.report.left_out(
            N_(
                "Whether %(file)s is of the organisation's journal: not checked; that needs the installation, or "
                "an earlier pack of it"
            ),
            file=layout.JOURNAL_HEAD,
        )

    def _read(self, path: str) -> dict[str, Any] | None:
        if self.bag.entry(path) is None:
            return None
        data = self.bag.read(path, MAX_TAG_FILE)
        try:
            told = json.loads(data or b"")
        except (ValueError, RecursionError):
            told = None
        if not isinstance(told, dict):
            self._bad(path, N_("This is not a JSON object"))
            return None
        return told

    def _bad(self, path: str, message: str, **params: object) -> None:
        self.bag.say("history", self.bag.member(path), message, **params)


def compare(later: Report, earlier: Report) -> None:
    """Note in `later` whether its journal begins with that of `earlier`; both were verified before."""
    if not earlier.good:
        later.left_out(N_("The earlier pack %(file)s: not compared, because it is refused itself"), file=earlier.file)
    elif later.head is None or earlier.head is None:
        later.left_out(N_("The earlier pack %(file)s: not compared, because one of the two tells no tree"),
                       file=earlier.file)  # fmt: skip
    elif later.pack.get("signing_key") != earlier.pack.get("signing_key"):
        later.wrong("history", N_("The earlier pack %(file)s was signed with another key"), file=earlier.file)
    elif _begins_with(later, earlier.head):
        later.did(N_("The journal begins with the one that %(file)s was made from"), file=earlier.file)
    elif earlier.head.entry > later.head.entry:
        later.wrong("history", N_("%(file)s is not earlier: its journal goes further"), file=earlier.file)
    else:
        later.wrong(
            "history",
            N_("This pack does not prove that its journal begins with the one that %(file)s was made from"),
            file=earlier.file,
        )


def _begins_with(later: Report, head: Head) -> bool:
    if later.head == head:
        return True
    told = [(one.get("entry"), one.get("hash"), one.get("tree")) for one in later.history]
    return (head.entry, head.hash, head.tree) in told
