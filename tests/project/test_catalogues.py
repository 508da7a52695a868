"""Catalogues fit the source: placeholders equal, nothing translated that is gone, whole languages whole."""

import re

import pytest

from auditkit.web import catalogues
from auditkit.web.catalogues import FOLDER, catalogue
from auditkit.web.languages import LANGUAGES
from tests.project.catalogues import PACKAGE, read, texts
from tests.project.public_texts import PUBLIC, PUBLIC_PARTS, english_in, public_texts, texts_of_parts

PLACEHOLDER = re.compile(r"%\(\w+\)[sdr]|<[^>]+>|`[^`]+`")
LOCALES = sorted(path.name for path in FOLDER.iterdir() if path.is_dir())
# Languages whose screens are whole: who adds a text translates it into these too.
COMPLETE = tuple(language for language in LANGUAGES if language != "en")
FORM_TITLES = {
    "ru": "Подать жалобу",
    "ka": "საჩივრის წარდგენა",
    "el": "Υποβολή παραπόνου",
    "az": "Şikayət edin",
    "tr": "Şikâyette bulunun",
}
PUBLIC_PAGES = ("complaints/new", "complaints", "complaints/track", "policy", "survey/no-such-link")


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


def untranslated(language: str) -> list[str]:
    """The texts of the source that `language` has no text for, each with the file it stands in."""
    known = catalogue(language)
    return [
        f"{files[0]}: {message if isinstance(message, str) else ' / '.join(message)}"
        for message, files in texts().items()
        if (message not in known.texts if isinstance(message, str) else message[0] not in known.forms)
    ]


@pytest.mark.parametrize("language", COMPLETE)
def test_every_text_is_translated(language):
    missing = untranslated(language)
    assert not missing, (
        f"{len(missing)} texts of the screens are not translated; run `python -m tests.project.catalogues {language}`"
        f" and translate in {language}/LC_MESSAGES/messages.po:\n" + "\n".join(missing)
    )


def test_what_is_not_translated_is_named(monkeypatch):
    monkeypatch.setitem(texts(), "A text nobody has translated", ["web/somewhere.html"])
    monkeypatch.setitem(texts(), ("%(num)s such", "%(num)s of them"), ["web/elsewhere.py"])
    assert {
        "web/somewhere.html: A text nobody has translated",
        "web/elsewhere.py: %(num)s such / %(num)s of them",
    } <= set(untranslated("fa"))


def test_a_persian_page_speaks_persian(acme, browser):
    page = browser(acme, "administrator")
    page.get("/account")
    turned = page.post("/preferences", {"locale": "fa", "next": "/o/acme/people/"})
    assert turned.title == "افراد"
    assert "دفتر وقایع" in turned.text


def test_a_text_without_a_translation_stays_english(tmp_path, monkeypatch):
    """An empty entry is no text: what strangers do not see has none yet in most languages."""
    file = tmp_path / "ru" / "LC_MESSAGES" / "messages.po"
    file.parent.mkdir(parents=True)
    file.write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'
        'msgid "Audit plan"\nmsgstr ""\n\n'
        'msgid "%(num)s audit"\nmsgid_plural "%(num)s audits"\n'
        'msgstr[0] "%(num)s аудит"\nmsgstr[1] ""\nmsgstr[2] ""\n',
        encoding="utf-8",
    )
    monkeypatch.setattr(catalogues, "FOLDER", tmp_path)
    known = catalogue.__wrapped__("ru")
    assert known.text("Audit plan") == "Audit plan"
    assert [known.plural("%(num)s audit", "%(num)s audits", number) for number in (1, 5)] == [
        "%(num)s audit",
        "%(num)s audits",
    ]


def test_russian_has_three_forms():
    known = catalogue("ru")
    said = [known.plural("%(num)s day", "%(num)s days", number) for number in (1, 3, 5, 11, 21, 22, 112)]
    assert [one.removeprefix("%(num)s ") for one in said] == ["день", "дня", "дней", "дней", "день", "дня", "дней"]


@pytest.mark.parametrize("language", LOCALES)
def test_plurals_have_the_forms_of_their_language(language):
    wanted = read(language).num_plurals
    wrong = [one for one, forms in catalogue(language).forms.items() if len(forms) != wanted]
    assert not wrong


def test_public_texts_are_found():
    found = public_texts()
    assert [one for one in (*PUBLIC, *PUBLIC_PARTS) if not (PACKAGE / one).exists()] == []
    assert found["Send the complaint"].endswith("new.html")
    assert found["Enter the name of the person you act for"] == "complaints/intake/forms.py"
    assert ("%(num)s working day", "%(num)s working days") in found
    assert "Pattern of references" not in found, "a form of members"
    with pytest.raises(KeyError):
        texts_of_parts("complaints/intake/forms.py", ("NoSuchForm",))


@pytest.mark.parametrize("language", COMPLETE)
def test_what_strangers_read_is_translated(language):
    known = catalogue(language)
    missing = [
        (message, file)
        for message, file in public_texts().items()
        if (message not in known.texts if isinstance(message, str) else message[0] not in known.forms)
    ]
    assert not missing


@pytest.mark.sqlite_only
@pytest.mark.parametrize("language", FORM_TITLES)
def test_the_public_form_speaks_its_language(acme, browser, language):
    page = browser().get(f"/p/acme/complaints/new?language={language}")
    assert page.title == FORM_TITLES[language]
    assert page.soup.html["lang"] == language
    assert page.soup.html["dir"] == "ltr"


@pytest.mark.sqlite_only
@pytest.mark.parametrize("language", FORM_TITLES)
def test_no_english_is_left_on_public_pages(acme, browser, language):
    stranger = browser()
    left = english_in(stranger.get(f"/p/acme/complaints/new?language={language}").soup, language)
    left |= english_in(stranger.post_form({"happened_on": "yesterday", "email": "no address"}).soup, language)
    for path in PUBLIC_PAGES:
        status = 404 if path.startswith("survey/") else 200
        left |= english_in(stranger.get(f"/p/acme/{path}", status=status).soup, language)
    left |= english_in(stranger.get("/p/acme/complaints/no-such-page", status=404).soup, language)
    for path in ("/account/sign-in", "/account/reset", "/account/link/no-such-link"):
        left |= english_in(stranger.get(path).soup, language)
    stranger.get("/account/sign-in")
    left |= english_in(stranger.post_form({"email": "nobody@example.org", "password": "wrong"}).soup, language)
    assert not left
