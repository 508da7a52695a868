"""The library in the language of content: chosen apart from that of the screens, English marked, never silent."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask

from auditkit.content import library
from tests.conftest import House
from tests.factories.http import Browser, Page

OpenBrowser = Callable[..., Browser]
BASE = "/o/acme/library"
pytestmark = pytest.mark.sqlite_only  # no table is read; one database is enough


@pytest.fixture
def reader(acme: House, browser: OpenBrowser) -> Browser:
    return browser(acme, "internal-auditor")


def choose(reader: Browser, path: str, code: str) -> Page:
    """What the form above the content sends when the button of a language is pressed."""
    form = reader.get(f"{BASE}{path}").soup.select_one("form.content-language")
    held = {one["name"]: one["value"] for one in form.select("input")}
    return reader.post(form["action"], {**held, "content": code})


def marks(page: Page) -> list[str]:
    return [one.parent.get_text() for one in page.soup.select("main [lang] abbr.untranslated")]


OWN_QUESTION = """\
kind: override
id: our-additions
edition: iso10002-2018
add:
  - checklist: internal-audit-2018
    section: "7.4"
    items:
      - id: own-1
        clauses: ["7.4"]
        question: Is the mascot polite?
        good: Always
        evidence: The mascot
        methods: [O]
"""


def test_content_is_read_in_persian_while_the_screens_stay_english(own_folder: Path, reader: Browser) -> None:
    # Given a question of the organisation's own, which nobody has translated
    (own_folder / "additions.yaml").write_text(OWN_QUESTION, encoding="utf-8")
    page = reader.get(f"{BASE}/standards/iso10002-2018/7.4")
    assert page.title == "7.4 Acknowledgement of complaint"
    assert marks(page) == []
    # When the person chooses Persian for the content
    page = choose(reader, "/standards/iso10002-2018/7.4", "fa")
    # Then the page stands again, titles in Persian from right to left, labels in English
    assert page.path == f"{BASE}/standards/iso10002-2018/7.4"
    assert page.title == "7.4 اعلام وصول شکایت"
    heading = page.soup.select_one("h1 span[lang]")
    assert (heading["lang"], heading["dir"]) == ("fa", "rtl")
    assert page.soup.html["lang"] == "en"
    assert "Questions an auditor asks" in page.text
    question = page.soup.select_one("[id='q18-7.4-1'] summary span[lang]")
    assert (question["lang"], question["dir"]) == ("fa", "rtl")
    # and what is English still is marked, in its own direction
    question = page.soup.select_one("[id='own-1'] summary span[lang]")
    assert (question["lang"], question["dir"]) == ("en", "ltr")
    assert question.select_one("abbr.untranslated")["title"] == "Not translated yet"
    chosen = page.soup.select_one(".content-language [aria-current]")
    assert chosen["value"] == "fa"
    # Back to English, and nothing is marked
    assert marks(choose(reader, "/standards/iso10002-2018/7.4", "en")) == []


def test_every_page_in_persian_says_of_each_text_what_language_it_is_in(reader: Browser) -> None:
    choose(reader, "/", "fa")
    lib = library.shared()
    paths = ["/", "/records", "/own", "/matrices/priority-matrix", "/indicators/indicators"]
    paths += [f"/standards/{one}" for one in lib.editions] + [f"/crosswalks/{one}" for one in lib.crosswalks]
    paths += [f"/checklists/{one}" for one in lib.checklists] + [f"/policies/{one}" for one in lib.policies]
    paths += [f"/words/{one}" for one in lib.values] + [f"/scales/{one}" for one in lib.scales]
    paths += [f"/time-limits/{one}" for one in lib.time_limits]
    for path in paths:
        page = reader.get(f"{BASE}{path}")
        for one in page.soup.main.find_all(lambda tag: "lang" in tag.attrs and tag.name != "button"):
            if one["lang"] == "fa":
                assert one["dir"] == "rtl"
                assert one.find("abbr", class_="untranslated") is None
            elif one.get("dir") == "ltr" and one.name in ("span", "div"):
                assert one.find("abbr", class_="untranslated") is not None, (path, one.get_text())


def test_the_principles_are_whole_in_persian(reader: Browser) -> None:
    page = choose(reader, "/checklists/principles-2018", "fa")
    assert page.title == "اصول راهنما — ISO 10002:2018"
    questions = page.soup.select("ol.questions > li summary span[lang]")
    assert len(questions) == len(library.shared().checklist("principles-2018").items)
    assert {one["lang"] for one in questions} == {"fa"}
    # The digest is that of the content itself, whatever language it is read in
    assert library.shared().checklist("principles-2018").digest in page.text


def test_without_a_choice_content_follows_the_screens_where_there_is_a_translation(reader: Browser) -> None:
    reader.get(f"{BASE}/")
    page = reader.post("/preferences", {"locale": "fa", "next": f"{BASE}/"})
    assert page.soup.html["dir"] == "rtl"
    assert reader.get(f"{BASE}/scales/conformity").title == "انطباق"
    reader.post("/preferences", {"locale": "ka"})
    assert reader.get(f"{BASE}/scales/conformity").title == "Conformity"


def test_an_unknown_language_changes_nothing(reader: Browser) -> None:
    assert choose(reader, "/scales/conformity", "tlh").title == "Conformity"


@pytest.fixture
def own_folder(app: Flask, acme: House) -> Iterator[Path]:
    folder = app.extensions["auditkit.settings"].instance / "content" / acme.slug
    folder.mkdir(parents=True)
    yield folder
    shutil.rmtree(folder)


def test_a_translation_of_an_earlier_english_is_marked_as_such_and_a_broken_one_is_told(
    own_folder: Path, reader: Browser
) -> None:
    # Given a shipped question that the organisation words otherwise: the Persian is of the shipped words
    own = OWN_QUESTION.replace(
        'add:\n  - checklist: internal-audit-2018\n    section: "7.4"\n    items:\n', "replace:\n"
    )
    own = own.replace("      - id: own-1", "  - item:\n      id: q18-7.4-1").replace("\n        ", "\n      ")
    (own_folder / "ours.yaml").write_text(own, encoding="utf-8")
    page = choose(reader, "/standards/iso10002-2018/7.4", "fa")
    asked = page.soup.select_one("[id='q18-7.4-1'] summary span[lang]")
    assert asked.get_text().startswith("Is the mascot polite?")
    assert asked.select_one("abbr.untranslated")["title"] == "The English has changed since it was translated"
    path = own_folder / "records.fa.yaml"
    path.write_text("kind: translation\n", encoding="utf-8")
    page = reader.get(f"{BASE}/own")
    assert "Translations with faults are not used" in page.text
    assert "content/acme/records.fa.yaml" in page.text


def test_practice_is_marked_wherever_it_is_shown(reader: Browser) -> None:
    mark = "Practice, not confirmed in print"
    policy = reader.get(f"{BASE}/policies/complaints-handling-policy")
    assert mark in policy.soup.select_one(".page-head").get_text()
    row = next(one for one in policy.soup.select("#questions tbody tr") if "cell-note" in str(one))
    assert row.select_one(".cell-note").get_text(strip=True)
    shown = library.shared().checklist("internal-audit-2018")
    checklist = reader.get(f"{BASE}/checklists/{shown.id}")
    marked = [one["id"] for one in checklist.soup.select("ol.questions > li") if mark in one.get_text()]
    assert marked == [item.id for item in shown.items if item.source == "practice"]
    assert f"Of these from practice, not confirmed in print {len(marked)}" in checklist.text
    gap = reader.get(f"{BASE}/checklists/gap-analysis-2018")
    assert "How long a step takes is practice" in gap.soup.select_one("#steps").get_text()


def test_help_and_source_of_a_policys_questions_are_shown(reader: Browser) -> None:
    for policy in library.shared().policies.values():
        page = reader.get(f"{BASE}/policies/{policy.id}")
        shown = page.soup.select_one("#questions").get_text(" ", strip=True) if policy.fields else ""
        for blank in policy.fields:
            assert " ".join((blank.help or "").split()) in " ".join(shown.split())
        marked = [one for one in policy.fields if one.source and one.source != "published"]
        assert shown.count("Practice, not confirmed in print") + shown.count("Inferred, not seen") == len(marked)
