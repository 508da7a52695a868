"""Catalogues fit the source: placeholders equal, nothing translated that is gone, the frame of the pages complete."""

import re

import pytest

from auditkit.web.catalogues import FOLDER, catalogue
from auditkit.web.languages import LANGUAGES
from tests.project.catalogues import read, texts

PLACEHOLDER = re.compile(r"%\(\w+\)[sdr]|<[^>]+>|`[^`]+`")
LOCALES = sorted(path.name for path in FOLDER.iterdir() if path.is_dir())
# What surrounds every page, signing in, people and errors.
FRAME = ("web/", "accounts/", "home/", "journal/", "base/", "app.py")
COMPLETE_FRAME = ("fa",)


def pairs(language: str):
    for message in read(language):
        if message.id and message.string:
            ids = message.id if isinstance(message.id, tuple | list) else (message.id,)
            strings = message.string if isinstance(message.string, tuple | list) else (message.string,)
            if all(strings):
                yield tuple(ids), tuple(strings)


def test_texts_are_found_in_the_source():
    found = texts()
    assert "Skip to the content" in found, "templates are read"
    assert "E-mail" in found, "Python is read"
    assert ("%(num)s entry was checked.", "%(num)s entries were checked.") in found, "plurals are read"
    assert LOCALES


def test_only_languages_that_can_be_chosen_have_catalogues():
    assert set(LOCALES) <= set(LANGUAGES)


@pytest.mark.parametrize("language", LOCALES)
def test_translations_keep_placeholders_tags_and_commands(language):
    wrong = [
        (ids[-1], string)
        for ids, strings in pairs(language)
        for string in strings
        if sorted(PLACEHOLDER.findall(string)) != sorted(PLACEHOLDER.findall(ids[-1]))
    ]
    assert not wrong


@pytest.mark.parametrize("language", LOCALES)
def test_nothing_is_translated_that_the_source_no_longer_says(language):
    source = {key if isinstance(key, tuple) else (key,) for key in texts()}
    stale = [ids for ids, _strings in pairs(language) if ids not in source]
    assert not stale, "run: python -m tests.project.catalogues " + language


@pytest.mark.parametrize("language", COMPLETE_FRAME)
def test_the_frame_of_the_pages_is_translated(language):
    known = catalogue(language)
    missing = [
        message
        for message, files in texts().items()
        if any(file.startswith(FRAME) for file in files)
        and (known.text(message) == message if isinstance(message, str) else message[0] not in known.forms)
    ]
    assert not missing


def test_a_persian_page_speaks_persian(acme, browser):
    page = browser(acme, "administrator")
    page.get("/account")
    turned = page.post("/preferences", {"locale": "fa", "next": "/o/acme/people/"})
    assert turned.title == "افراد"
    assert "دفتر وقایع" in turned.text
