"""A bag inside an open archive: its files by their paths in the bag, and the report that problems go to."""

from dataclasses import dataclass

from auditkit.packs.verify.archive import Archive, Damaged
from auditkit.packs.verify.report import N_, Problem, Report, problem
from auditkit.packs.verify.structure import Entry

MAX_TAG_FILE = 16 << 20
MAX_SMALL_FILE = 64 << 10


@dataclass
class Bag:
    """`root` is the bag's folder in the ZIP, with its slash."""

    archive: Archive
    report: Report
    root: str = ""

    @property
    def problems(self) -> list[Problem]:
        """What was found wrong so far."""
        return self.report.problems

    def member(self, path: str) -> str:
        """The ZIP's name for a file of the bag."""
        return self.root + path

    def say(self, code: str, member: str | None, message: str, **params: object) -> None:
        """Report a problem."""
        self.problems.append(problem(code, member, message, **params))

    def entry(self, path: str) -> Entry | None:
        """The bag's file at `path`, if it is there."""
        return self.archive.entries.get(self.root + path)

    def read(self, path: str, limit: int) -> bytes | None:
        """A file of the bag; None (and a problem) when it is missing, longer than `limit` bytes or damaged."""
        entry = self.entry(path)
        if entry is None:
            self.say("missing", self.member(path), N_("This file is missing"))
            return None
        try:
            return self.archive.read(entry, limit)
        except Damaged as damaged:
            self.problems.append(damaged.problem)
            return None
