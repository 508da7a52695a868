"""Sidecars: files of translations, by their names, read, and written to be filled in.

Writing again loses nothing: translations, translators' own comments and entries whose English is gone all stay.
tests/slices/content/test_content_translations.py holds it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from textwrap import wrap

from auditkit.base.errors import BadInput
from auditkit.base.text import N_, _
from auditkit.content.exchange.writing import dumped
from auditkit.content.locate import Found
from auditkit.content.reading import ReadFile, Reading, read_found
from auditkit.content.shapes import Shape, Translated, TranslationShape
from auditkit.content.texts import text_digest, texts_of

KIND = "translation"
_WIDTH = 108


class SidecarBroken(BadInput):
    message = N_("%(fault)s. Mend it first; nothing was written")


@dataclass(frozen=True)
class Written:
    """A sidecar's text, and how many of its entries are done, to do, of an earlier English, and of none any more."""

    text: str
    done: int
    open: int
    stale: int
    unused: int


def sidecar_name(name: str, locale: str) -> str:
    """`scales.fa.yaml` for `scales.yaml`."""
    return re.sub(r"\.ya?ml$", "", name) + f".{locale}.yaml"


def read_sidecar(found: Found, reading: Reading) -> None:
    """Read a sidecar, or enter into `reading` what is wrong with it."""
    read_found(found, reading, {KIND: TranslationShape})


def entries_of(file: ReadFile) -> TranslationShape:
    """What a file that `read_sidecar` read holds."""
    assert isinstance(file.shape, TranslationShape)  # noqa: S101 - what read_sidecar says; for the type checker
    return file.shape


def written(kind: str, name: str, shape: Shape, locale: str, before: ReadFile | None, *, drop_empty: bool) -> Written:
    """The sidecar of a content file, with what the one before it holds. `drop_empty` leaves out what is still to do."""
    held = dict(entries_of(before).texts) if before else {}
    heading, comments = _comments(before) if before else ([], {})
    lines = heading or [f"# {_('Translation. Fill in `text:`; `digest:` says which English it is of.')}"]
    lines += [f"kind: {KIND}", f"of: {kind}", f"id: {name}", f"locale: {locale}", "texts:"]
    counts = dict.fromkeys(("done", "open", "stale", "unused"), 0)
    english = texts_of(shape)
    for key, text in english.items():
        entry = held.pop(key, Translated(digest=text_digest(text)))
        state = _state(entry, text)
        counts[state] += 1
        if state == "open" and drop_empty:
            counts["open"] -= 1
            continue
        if state == "open":
            entry = Translated(digest=text_digest(text))
        lines += _entry(key, entry, [*comments.get(key, ()), *_english(text, state)])
    for key, entry in held.items():
        counts["unused"] += 1
        lines += _entry(key, entry, [*comments.get(key, ()), "#! The file has no such text any more."])
    if lines[-1] == "texts:":
        lines[-1] = "texts: {}"
    return Written("\n".join(lines) + "\n", **counts)


def _state(entry: Translated, english: str) -> str:
    if not entry.text:
        return "open"
    return "done" if entry.digest == text_digest(english) else "stale"


def _english(text: str, state: str) -> Iterator[str]:
    """The English above its translation, in comments that are made anew each time (`#.`)."""
    if state == "stale":
        yield f"#! The English has changed. When the translation says this, write: digest: {text_digest(text)}"
    for line in text.splitlines():
        for part in wrap(line, _WIDTH) or [""]:
            yield f"#. {part}".rstrip()


def _entry(key: str, entry: Translated, comments: list[str]) -> Iterator[str]:
    for line in comments:
        yield f"  {line}"
    yield f"  {key}:"
    yield f"    digest: {entry.digest}"
    if not entry.text:
        yield "    text:"
        return
    for line in dumped({"text": entry.text}).rstrip("\n").split("\n"):
        yield f"    {line}".rstrip()


def _comments(file: ReadFile) -> tuple[list[str], dict[str, list[str]]]:
    """Translators' own comments: those at the top, and those of each entry, above it or between its lines."""
    lines = file.file.read_text(encoding="utf-8-sig").splitlines()
    texts = file.document["texts"]
    keys = {place.line: key for key, place in texts.places.items()}
    top = file.document.places["kind"].line
    heading = [line for line in lines[: top - 1] if line.startswith("#")]
    comments: dict[str, list[str]] = {}
    waiting: list[str] = []
    current = ""
    for number, line in enumerate(lines[top:], start=top + 1):
        plain = line.strip()
        if plain.startswith("#") and len(line) - len(line.lstrip()) <= 4:
            if not plain.startswith(("#.", "#!")):
                waiting.append(plain)
        elif plain:
            current = keys.get(number, current)
            comments.setdefault(current, []).extend(waiting)
            waiting = []
    comments.setdefault(current, []).extend(waiting)
    heading += comments.pop("", [])
    return heading, comments


def parsed(found: Found) -> ReadFile:
    """The sidecar that is there already. Raises SidecarBroken."""
    reading = Reading()
    read_sidecar(found, reading)
    if reading.problems:
        raise SidecarBroken(fault=str(reading.problems[0]))
    return reading.files[0]
