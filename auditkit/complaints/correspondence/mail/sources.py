"""Where mails come from on this machine: a file, an mbox, a folder. One mail in memory at a time."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from auditkit.base.errors import BadInput
from auditkit.base.text import N_
from auditkit.complaints.correspondence.mail.reading import MAX_MAIL_BYTES


class NoMails(BadInput):
    message = N_("There is no mail here: neither .eml files nor an mbox. Name a file, an mbox or a folder of them")


class NotReadable(BadInput):
    message = N_("This cannot be read: %(reason)s")


@dataclass(frozen=True)
class Found:
    """One mail as bytes; `name` says where it lies (`box.mbox: message 3`), `size` how many bytes it has.

    Of a mail that is larger than is taken only the head is here.
    """

    name: str
    raw: bytes
    size: int

    @property
    def cut(self) -> bool:
        """Whether it is larger than is taken."""
        return self.size > MAX_MAIL_BYTES


def mails_at(path: Path) -> Iterator[Found]:
    """Every mail at `path`, in order of names. Raises NoMails, NotReadable."""
    try:
        if path.is_dir():
            files = sorted(
                one for one in path.rglob("*") if one.is_file() and one.suffix.lower() in (".eml", ".mbox", ".mbx")
            )
            if not files:
                raise NoMails(place=str(path))
            for file in files:
                yield from _in_file(file, file.relative_to(path).as_posix())
        else:
            yield from _in_file(path, path.name)
    except OSError as error:
        raise NotReadable(place=str(path), reason=error.strerror or str(error)) from error


def _in_file(path: Path, name: str) -> Iterator[Found]:
    with path.open("rb") as file:
        is_box = file.read(5) == b"From "
    if is_box and path.suffix.lower() != ".eml":
        yield from _in_box(path, name)
        return
    with path.open("rb") as file:
        raw = file.read(MAX_MAIL_BYTES + 1)
    yield Found(name, raw, max(len(raw), path.stat().st_size))


def _in_box(path: Path, name: str) -> Iterator[Found]:
    """Mails of an mbox: each begins with a line `From ` after an empty one; `>From ` inside was `From `."""
    lines: list[bytes] = []
    size = number = 0
    after_empty = True
    with path.open("rb") as file:
        for line in file:
            if after_empty and line.startswith(b"From "):
                if number:
                    yield _closed(name, number, lines, size)
                lines, size = [], 0
                number += 1
            else:
                size += len(line)
                if size <= MAX_MAIL_BYTES:
                    lines.append(line[1:] if line.lstrip(b">").startswith(b"From ") and line.startswith(b">") else line)
            after_empty = not line.strip()
    if number:
        yield _closed(name, number, lines, size)


def _closed(name: str, number: int, lines: list[bytes], size: int) -> Found:
    return Found(f"{name}: message {number}", b"".join(lines), size)
