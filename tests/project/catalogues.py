"""The texts of the source for translators: `python -m tests.project.catalogues fa` brings a catalogue up to date.

New texts are added without a translation, texts that are gone are dropped. `test_catalogues.py` compares.
"""

import sys
from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from auditkit.web.catalogues import FOLDER
from tests.factories import once

PACKAGE = Path(__file__).parents[2] / "auditkit"
KEYWORDS = {"_": None, "N_": None, "lazy_": None, "gettext": None, "ngettext": (1, 2), "N_plural": (1, 2)}
METHODS = [
    ("**/templates/**.html", "jinja2"),
    ("**/formats/**.html", "jinja2"),  # the room of a pack, which no server hands out
    ("**/templates/**.txt", "jinja2"),
    ("**.py", "python"),
]
OPTIONS = {"**/templates/**.html": {"trimmed": "true", "encoding": "utf-8"}}


@cache
def texts(folder: str = "") -> dict[str | tuple[str, str], list[str]]:
    """Each text of the source (or of one folder of the package) -> the files it stands in. A plural is a pair."""
    return once.value(f"texts-{folder or 'all'}", lambda: _extracted(folder))


def _extracted(folder: str) -> dict[str | tuple[str, str], list[str]]:
    found: dict[str | tuple[str, str], list[str]] = {}
    root = PACKAGE / folder
    for name, _line, message, _comments, _context in extract_from_dir(str(root), METHODS, OPTIONS, KEYWORDS):
        key = message if isinstance(message, str) else (message[0], message[1])
        if key and (isinstance(key, str) or key[0]):
            found.setdefault(key, []).append(f"{folder}/{name}".lstrip("/"))
    return found


def path_of(language: str) -> Path:
    """The catalogue's file."""
    return FOLDER / language / "LC_MESSAGES" / "messages.po"


def read(language: str) -> Catalog:
    """The catalogue as it is kept; empty where there is none."""
    path = path_of(language)
    if not path.is_file():
        return Catalog(locale=language)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def update(language: str) -> Catalog:
    """The catalogue with every text of the source and no other, translations kept; written to its file."""
    before = read(language)
    fresh = Catalog(
        locale=language,
        project="auditkit",
        header_comment=f"# Texts of the screens. Brought up to date by: python -m tests.project.catalogues {language}",
        msgid_bugs_address="the project's issues",
        last_translator="auditkit",
        language_team=language,
        creation_date=before.creation_date,
        revision_date=before.creation_date,
        fuzzy=False,
    )
    for message, files in sorted(texts().items(), key=lambda item: (item[1][0], str(item[0]))):
        kept = before.get(message if isinstance(message, str) else message[0])
        if kept and isinstance(kept.string, str) != isinstance(message, str):  # it has gained or lost its plural
            kept = None
        fresh.add(message, kept.string if kept else None, locations=[(name, 0) for name in sorted(set(files))[:1]])
    path_of(language).parent.mkdir(parents=True, exist_ok=True)
    with path_of(language).open("wb") as file:
        write_po(file, fresh, width=110, include_lineno=False, sort_by_file=True)
    return fresh


if __name__ == "__main__":
    for chosen in sys.argv[1:]:
        catalogue = update(chosen)
        missing = [message for message in catalogue if message.id and not message.string]
        print(f"{chosen}: {len(catalogue)} texts, {len(missing)} without a translation")  # noqa: T201 - a program at a terminal
