"""The library's pages: every standard, clause, checklist, policy text and scale opens and shows what it holds."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask

from auditkit.content import library
from tests.conftest import House
from tests.factories.http import Browser

OpenBrowser = Callable[..., Browser]
BASE = "/o/acme/library"
pytestmark = pytest.mark.sqlite_only  # no table is read; one database is enough


@pytest.fixture
def reader(acme: House, browser: OpenBrowser) -> Browser:
    return browser(acme, "internal-auditor")


def test_a_person_finds_a_clause_from_the_index(reader: Browser) -> None:
    # Given the library's first page
    page = reader.get(f"{BASE}/")
    assert page.title == "Library"
    assert str(len(library.shared().checklist("internal-audit-2018").items)) in page.text
    # When the auditor follows the current edition to clause 7.4
    page = reader.follow("ISO 10002:2018")
    assert page.title == "ISO 10002:2018"
    page = reader.follow("Acknowledgement of complaint")
    # Then its questions, strength and policy text are there, and the neighbours are one click away
    assert page.title == "7.4 Acknowledgement of complaint"
    assert "Is receipt acknowledged to the complainant immediately, on every channel?" in page.text
    assert "Guidance (should)" in page.text
    assert reader.follow("7.5 Initial assessment").title == "7.5 Initial assessment of complaint"
    reader.follow("7.4 Acknowledgement")
    assert reader.follow("Complaints-handling policy").title == "Complaints-handling policy"


def test_every_page_of_every_clause_is_sound(reader: Browser) -> None:
    for node in library.shared().nodes.values():
        assert reader.get(f"{BASE}/standards/{node.edition}/{node.id}").title == node.label


def test_a_principle_shows_where_else_it_is_tested(reader: Browser) -> None:
    page = reader.get(f"{BASE}/standards/iso10002-2018/4.15")
    assert "Guiding principle TIM" in page.text
    assert page.soup.select_one("#questions li[id='q18-4.15-1']") is not None
    assert page.soup.select_one("#testing li[id='q18-7.4-1']") is not None
    assert page.soup.select_one("#testing li[id='q18-4.15-1']") is None


def test_what_is_not_published_is_marked_on_screen(reader: Browser) -> None:
    assert "Inferred, not seen in print" in reader.get(f"{BASE}/standards/iso10002-2018/J").text
    assert "Practice, not confirmed in print" in reader.get(f"{BASE}/standards/iso10002-2018/5.4.2").text
    page = reader.get(f"{BASE}/standards/iso10002-2018/7.4")
    assert "not confirmed" not in page.soup.select_one("h1").parent.get_text()


def test_a_clause_without_questions_says_so(reader: Browser) -> None:
    assert "No question names this clause" in reader.get(f"{BASE}/standards/iso10002-2018/1").text


def test_a_checklist_shows_each_question_once_with_its_digest(reader: Browser) -> None:
    for checklist in library.shared().checklists.values():
        page = reader.get(f"{BASE}/checklists/{checklist.id}")
        assert page.title == checklist.title
        assert [li["id"] for li in page.soup.select("ol.questions > li")] == [item.id for item in checklist.items]
        assert checklist.digest in page.text


def test_a_policy_text_is_shown_filled_with_its_examples(reader: Browser) -> None:
    page = reader.get(f"{BASE}/policies/complaints-handling-policy")
    assert "A complaint gives Borjomi Home Appliances the chance" in page.text
    assert page.soup.select_one("#section-what-happens ol > li strong") is not None
    assert "{{" not in page.text


def test_the_scale_says_what_each_answer_counts_for(reader: Browser) -> None:
    page = reader.get(f"{BASE}/scales/conformity")
    assert "Not checked" in page.text
    assert "not counted" in page.text


def test_a_clause_shows_what_corresponds_to_it_in_other_editions(reader: Browser) -> None:
    page = reader.get(f"{BASE}/standards/iso10002-2014/4.4")
    rows = page.soup.select("#counterparts tbody tr")
    assert len(rows) == 1
    assert "4.6 Responsiveness" in rows[0].get_text()
    assert "4.15 Timeliness" in rows[0].get_text()
    assert "Widened" in rows[0].get_text()
    page = reader.get(f"{BASE}/standards/iso10002-2018/7.9")
    assert "Without counterpart on the left" in page.soup.select_one("#counterparts").get_text()
    page = reader.get(f"{BASE}/standards/iso9001-2015/8.2.1")
    assert "7.2 Receipt of complaint" in page.soup.select_one("#counterparts").get_text()


def test_a_crosswalk_shows_both_sides_and_the_gaps(reader: Browser) -> None:
    for crosswalk in library.shared().crosswalks.values():
        page = reader.get(f"{BASE}/crosswalks/{crosswalk.id}")
        assert page.title == crosswalk.shape.title
        assert len(page.soup.select("tbody tr")) == len(crosswalk.rows)
    page = reader.get(f"{BASE}/crosswalks/iso9001-2015-to-iso10002-2018")
    gaps = page.soup.select_one("#new").get_text()
    for number in ("4.5 Accessibility", "4.7 Objectivity", "4.8 Charges", "4.10 Confidentiality", "7.9 Closing"):
        assert number in gaps


def test_the_presets_open_from_the_index(reader: Browser) -> None:
    lib = library.shared()
    index = reader.get(f"{BASE}/")
    for path, things in (
        ("words", lib.values),
        ("matrices", lib.matrices),
        ("time-limits", lib.time_limits),
        ("indicators", lib.indicator_sets),
    ):
        for name, thing in things.items():
            assert index.soup.select_one(f"a[href$='/library/{path}/{name}']") is not None
            assert reader.get(f"{BASE}/{path}/{name}").title == thing.title
    page = reader.get(f"{BASE}/records")
    assert [th["id"] for th in page.soup.select("tbody th")] == list(lib.records)


def test_a_register_shows_its_fields_levels_and_examples(reader: Browser) -> None:
    index = reader.get(f"{BASE}/")
    for name, shape in library.shared().registers.items():
        assert index.soup.select_one(f"a[href$='/library/registers/{name}']") is not None
        page = reader.get(f"{BASE}/registers/{name}")
        assert page.title == shape.title
        assert len(page.soup.select("#fields tbody tr")) == len(shape.fields)
        assert len(page.soup.select("#examples details")) == len(shape.examples) > 0
    page = reader.get(f"{BASE}/registers/risks")
    assert "1. Rare" in page.soup.select_one("#fields").get_text(" ", strip=True)
    assert "from 10 on" in page.soup.select_one("#level-level").get_text(" ", strip=True)
    assert "after 6 months" in page.text


def test_a_time_limit_says_what_kind_of_days_and_where_it_comes_from(reader: Browser) -> None:
    text = reader.get(f"{BASE}/time-limits/time-limits-eu-payments").text
    assert "15 working days from receipt" in text
    assert "Directive (EU) 2015/2366, article 101" in text
    assert "8 weeks from receipt" in reader.get(f"{BASE}/time-limits/time-limits-fca-disp").text


def test_an_indicator_shows_its_formula_and_how_it_misleads(reader: Browser) -> None:
    page = reader.get(f"{BASE}/indicators/indicators")
    assert len(page.soup.select("section[id^='indicator-']")) == 16
    assert "divided by complaints decided plus open complaints that are overdue" in page.text
    assert "Leaving out open overdue cases" in page.text


OWN = """\
kind: override
id: ours
edition: iso10002-2018
replace:
  - base: "{base}"
    item:
      id: q18-7.4-1
      clauses: ["7.4"]
      question: Do we ring back within the hour?
      good: Yes
      evidence: The telephone system
      methods: [R]
"""


@pytest.fixture
def own_folder(app: Flask, acme: House) -> Iterator[Path]:
    folder = app.extensions["auditkit.settings"].instance / "content" / acme.slug
    folder.mkdir(parents=True)
    yield folder
    shutil.rmtree(folder)


def test_own_content_is_shown_with_its_difference_and_marked_suspect(own_folder: Path, reader: Browser) -> None:
    assert "Everything is as shipped" in reader.get(f"{BASE}/own").text
    # Given a question of the organisation's own, written against another shipped text
    (own_folder / "ours.yaml").write_text(OWN.format(base="0" * 64))
    # Then the library's first page says so, and the page of the clause shows the own question with a mark
    assert "Own content: 1" in reader.get(f"{BASE}/").text
    page = reader.get(f"{BASE}/standards/iso10002-2018/7.4")
    assert "Do we ring back within the hour?" in page.text
    assert "Suspect" in page.text
    page = reader.follow("Own text in place of the shipped one")
    assert "Is receipt acknowledged to the complainant immediately" in page.text
    assert "Do we ring back within the hour?" in page.text


def test_own_files_with_faults_are_told_and_not_used(own_folder: Path, reader: Browser) -> None:
    (own_folder / "ours.yaml").write_text(OWN.format(base="0" * 64).replace('["7.4"]', '["99"]'))
    assert "Own files with faults are not used" in reader.get(f"{BASE}/").text
    assert "content/acme/ours.yaml:8" in reader.follow("Show the faults").text
    assert "ring back" not in reader.get(f"{BASE}/standards/iso10002-2018/7.4").text


@pytest.mark.parametrize(
    "path",
    [
        "standards/iso1",
        "standards/iso10002-2018/99",
        "standards/iso1/4.1",
        "standards/iso10002-2018/%3Cscript%3E",
        "checklists/x",
        "crosswalks/x",
        "words/x",
        "matrices/x",
        "time-limits/x",
        "registers/x",
        "indicators/x",
        "policies/x",
        "scales/x",
    ],
)
def test_what_is_not_there_is_a_404(reader: Browser, path: str) -> None:
    reader.get(f"{BASE}/{path}", status=404)


def test_what_often_goes_wrong_in_a_section_is_said_once(reader: Browser) -> None:
    page = reader.get(f"{BASE}/checklists/internal-audit-2018")
    section = page.soup.select_one("[id='section-7.4']")
    assert section.get_text().count("Only e-mails are acknowledged, and only automatically.") == 1
    # A question with nonconformities of its own still shows them, and so does the page of a clause
    assert "The matrix names documents for each principle" in page.soup.select_one("[id='q18-4.1-1']").get_text()
    clause = reader.get(f"{BASE}/standards/iso10002-2018/7.4")
    assert "Only e-mails are acknowledged" in clause.soup.select_one("[id='q18-7.4-1']").get_text()


def test_the_library_begins_with_what_it_is_about(reader: Browser) -> None:
    page = reader.get(f"{BASE}/")
    tables = [
        [th.get_text(strip=True).replace("\xa0", " ") for th in table.select("tbody th")]
        for table in page.soup.select("table")
    ]
    assert tables[0][:2] == ["ISO 10002:2018", "ISO 10002:2014"]
    assert tables[2][0].startswith("Internal audit of complaints handling")
    clause = reader.get(f"{BASE}/standards/iso10002-2018/7.4")
    groups = [h3.get_text(strip=True) for h3 in clause.soup.select("#questions h3")]
    assert groups[0].startswith("Internal audit")
    assert len(groups) == len(set(groups)) >= 3
    ids = [li["id"] for li in clause.soup.select("#questions ol.questions > li")]
    assert sorted(ids) == sorted(item.id for item in library.shared().items_for("iso10002-2018:7.4"))
