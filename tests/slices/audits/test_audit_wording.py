"""An audit is read in the reader's language, whatever language it was started in, and never silently in another."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from auditkit.audits import service
from auditkit.audits.filetest.rules import CHECKLIST as FILE_TEST
from auditkit.audits.queries import plans, run
from auditkit.audits.wording import AsFrozen, Wording
from auditkit.audits.workbook import service as workbook
from auditkit.audits.workbook.models import AuditWorkbook
from auditkit.audits.workbook.reading import Came, Returned
from auditkit.base import clock
from auditkit.base.db import reading, transaction
from auditkit.content.library import Library, in_language, of_organisation, shared
from auditkit.content.texts import language_of
from auditkit.web.catalogues import catalogue
from auditkit.web.languages import LANGUAGES
from tests.conftest import House
from tests.factories.http import Browser, Page
from tests.slices.audits.doing import answer, planned
from tests.slices.audits.run.test_audit_workbook import brought, filled, taken

pytestmark = pytest.mark.sqlite_only  # which words are shown does not depend on the kind of database
CHECKLIST = "surveillance-2018"  # selects from another checklist, under sections of its own
OpenBrowser = Callable[..., Browser]


def begun(house: House, language: str) -> str:
    """A running audit that somebody started who reads content in `language`."""
    books = in_language(shared(), language)
    number = planned(house, books, checklist_id=CHECKLIST)
    actor = house.actor("internal-auditor")
    with transaction(actor) as tx:
        service.start(tx, service.StartAudit(number), clock.now(), actor, library=books)
    return number


def reads(house: House, number: str, books: Library) -> tuple[plans.AuditHead, list[run.RowView]]:
    tx = reading(house.system)
    words, head = Wording(books), plans.by_number(tx, number)
    return words.head(head), words.rows(run.rows(tx, head.id), head)


def persian(browser: Browser, path: str) -> Page:
    browser.get("/o/acme/")
    return browser.post("/preferences", {"locale": "fa", "next": path})


@pytest.mark.parametrize("frozen", ["en", "fa"])
@pytest.mark.parametrize("read", ["en", "fa"])
def test_every_word_of_an_audit_is_in_the_readers_language(acme: House, frozen: str, read: str) -> None:
    number, books = begun(acme, frozen), in_language(shared(), read)
    head, rows = reads(acme, number, books)
    asked = books.checklist(CHECKLIST)
    assert [row.question for row in rows] == [item.question for item in asked.items]
    assert [row.section_title for row in rows] == [one.title for one in asked.sections for _item in one.items]
    for row, item in zip(rows, asked.items, strict=True):
        assert (row.good, row.expected, row.guidance) == (item.good, item.evidence, item.guidance or "")
        assert row.clause_label == books.node(row.clause).label
        for text in (row.question, row.good, row.expected, row.guidance, row.clause_label, row.section_title):
            assert not text or language_of(text) == read
            assert not isinstance(text, AsFrozen)
    assert head.checklist_title == asked.title
    assert head.scale is not None
    assert [one["label"] for one in head.scale["answers"]] == [one.label for one in asked.scale.answers]


@pytest.mark.parametrize(("frozen", "language", "read"), [("en", "en", "fa"), ("fa", "fa", "en"), ("fa", "fa", "fa")])
def test_words_that_the_library_has_changed_since_stay_as_they_were_asked(
    acme: House, tmp_path: Path, frozen: str, language: str, read: str
) -> None:
    """Also by a change of the organisation's own: an answer belongs to the question that was asked."""
    number = begun(acme, frozen)
    item = shared().checklist(CHECKLIST).items[0]
    folder = tmp_path / "content"
    folder.mkdir()
    (folder / "ours.yaml").write_text(
        f"kind: override\nid: ours\nedition: iso10002-2018\nreplace:\n  - item:\n      id: {item.id}\n"
        f'      clauses: ["{item.clauses[0].rpartition(":")[2]}"]\n      question: Is something else asked now?\n'
        "      good: Yes\n      evidence: Paper\n      methods: [D]\n",
        encoding="utf-8",
    )
    changed = in_language(of_organisation(tmp_path, None).library, read)
    assert changed.items[item.id].question == "Is something else asked now?"
    _head, rows = reads(acme, number, changed)
    row = rows[0]
    assert isinstance(row.question, AsFrozen)
    assert row.question == in_language(shared(), frozen).items[item.id].question
    assert row.question.language == language
    assert not isinstance(rows[1].question, AsFrozen)  # the others are read as ever


def test_a_question_added_for_one_audit_is_a_persons_own_words(acme: House, browser: OpenBrowser) -> None:
    from auditkit.audits.tailoring import service as tailoring

    number, actor = begun(acme, "en"), acme.actor("internal-auditor")
    section = shared().checklist(CHECKLIST).sections[0].id
    with transaction(actor) as tx:
        added = tailoring.AddQuestion(number, section, "آیا تابلو خوانا است؟", "", "")
        position = tailoring.add_question(tx, added, clock.now(), actor)
    page = browser(acme, "internal-auditor").get(f"/o/acme/audits/{number}/run")
    shown = page.soup.select_one(f"#row-{position} h3 span")
    assert (shown.get_text(), shown.get("dir"), shown.get("lang")) == ("آیا تابلو خوانا است؟", "auto", None)


def test_pages_of_an_audit_started_in_english_are_persian_for_a_persian_reader(
    app: Flask, acme: House, browser: OpenBrowser
) -> None:
    number, books = begun(acme, "en"), in_language(shared(), "fa")
    answer(acme, number, 1, "does-not-conform", "x")
    auditor = browser(acme, "internal-auditor")
    page = persian(auditor, f"/o/acme/audits/{number}/run")
    asked = [one.get_text(strip=True) for one in page.soup.select("article.audit-row h3")]
    assert asked == [item.question for item in books.checklist(CHECKLIST).items]
    assert page.soup.select("article.audit-row h3 [lang]") == []  # the page's own language is not said again
    labels = {one.label for one in books.scale("conformity").answers}
    shown = {one.get_text(strip=True) for one in page.soup.select("article.audit-row .answers label")}
    assert shown <= labels
    english = {item.question for item in shared().checklist(CHECKLIST).items}
    english |= {one.title for one in shared().checklist(CHECKLIST).sections}
    for path in ("", "/report", "/scores", "/gaps", "/findings/new?row=1"):
        text = auditor.get(f"/o/acme/audits/{number}{path}").text
        assert [one for one in english if one in text] == [], path


def test_pages_of_an_audit_started_in_persian_are_english_for_an_english_reader(
    acme: House, browser: OpenBrowser
) -> None:
    number = begun(acme, "fa")
    page = browser(acme, "internal-auditor").get(f"/o/acme/audits/{number}/run")
    asked = [one.get_text(strip=True) for one in page.soup.select("article.audit-row h3")]
    assert asked == [item.question for item in shared().checklist(CHECKLIST).items]


def test_screens_in_a_language_without_content_say_that_the_questions_are_english(
    acme: House, browser: OpenBrowser
) -> None:
    number, auditor = begun(acme, "fa"), browser(acme, "internal-auditor")
    auditor.get("/o/acme/")
    page = auditor.post("/preferences", {"locale": "ka", "next": f"/o/acme/audits/{number}/run"})
    for question in page.soup.select("article.audit-row h3"):
        (held,) = question.select("span")
        assert (held["lang"], held["dir"]) == ("en", "ltr")


def test_conflicts_of_a_workbook_are_read_in_the_readers_language(acme: House, browser: OpenBrowser) -> None:
    number, books, auditor = begun(acme, "en"), in_language(shared(), "fa"), browser(acme, "internal-auditor")
    data = taken(auditor, number)
    answer(acme, number, 1, "does-not-conform", "x")
    path = brought(auditor, number, filled(data, {"E2": "Conforms", "F2": "Seen in the register"})).path
    page = persian(auditor, path)
    asked, said = books.checklist(CHECKLIST).items[0].question, books.scale("conformity")
    assert asked in page.text
    assert shared().checklist(CHECKLIST).items[0].question not in page.text
    for id_ in ("conforms", "does-not-conform"):
        assert said.answer(id_).label in page.text
        assert shared().scale("conformity").answer(id_).label not in page.text


@pytest.mark.parametrize(("frozen", "chosen"), [("fa", "en"), ("en", "fa"), ("fa", "fa")])
def test_a_workbook_goes_out_in_the_language_chosen_and_comes_back_into_the_same_rows(
    acme: House, browser: OpenBrowser, frozen: str, chosen: str
) -> None:
    number, books, auditor = begun(acme, frozen), in_language(shared(), chosen), browser(acme, "internal-auditor")
    page = auditor.get(f"/o/acme/audits/{number}/workbook")
    assert [one["value"] for one in page.soup.select("select[name=language] option")][:2] == ["en", "fa"]
    sent = auditor.post(f"/o/acme/audits/{number}/workbook/take", {"language": chosen}, unchecked="a file")
    data = sent.response.get_data()
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    said = [[str(cell) for cell in row] for row in book.get_sheet_by_index(0).to_python()]
    assert [row[3] for row in said[1:]] == [item.question for item in books.checklist(CHECKLIST).items]
    assert book.sheet_names[0] == catalogue(chosen).text("Questions")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert (b'rightToLeft="1"' in archive.read("xl/worksheets/sheet1.xml")) == (chosen == "fa")
    label, other = (books.scale("conformity").answer(one).label for one in ("does-not-conform", "conforms"))
    answer(acme, number, 2, "does-not-conform", "Here")
    came = brought(auditor, number, filled(data, {"E2": label, "F2": "Not seen", "E3": other, "F3": "There"}))
    assert "1 Rows taken over" in came.text
    assert "2 Conflicts to settle" in came.text
    assert "0 Rows refused" in came.text
    _head, rows = reads(acme, number, books)
    assert {row.answer for row in rows[:2]} == {"does-not-conform"}
    assert [row.note for row in rows[:2]] == ["Not seen", "Here"]
    assert LANGUAGES[chosen] in auditor.get(f"/o/acme/audits/{number}/workbook").soup.select_one("#taken").text


def test_a_workbook_is_known_again_when_the_library_words_its_questions_otherwise_by_then(
    acme: House,
) -> None:
    number, actor, persian_books = begun(acme, "en"), acme.actor("internal-auditor"), in_language(shared(), "fa")
    with transaction(actor) as tx:
        given = workbook.take(tx, workbook.Take(number, "fa"), clock.now(), actor, library=shared())
    row = given.rows[0]
    assert row.question == persian_books.checklist(CHECKLIST).items[0].question
    with transaction(actor) as tx:  # as if the library had said so then
        kept = tx.execute(select(AuditWorkbook)).scalar_one()
        assert kept.words["questions"][str(row.id)] == row.question
        kept.words = {**kept.words, "questions": {**kept.words["questions"], str(row.id): "متن پیشین"}}
    label = persian_books.scale("conformity").answer("does-not-conform").label
    came = Returned(given.code, (Came("1", str(row.id), "متن پیشین", label, "دیده نشد"),), ())
    with transaction(actor) as tx:
        workbook.bring_back(tx, workbook.BringBack(number, came, "0" * 64, "x.xlsx"), clock.now(), actor)
    _head, rows = reads(acme, number, shared())
    assert rows[0].note == "دیده نشد"


def test_the_answer_of_the_last_audit_is_read_in_the_readers_language() -> None:
    words, english = Wording(in_language(shared(), "fa")), shared().scale("conformity").answers
    persian = in_language(shared(), "fa").scale("conformity").answers
    for frozen, read in zip(english, persian, strict=True):
        assert words.answer("conformity", frozen.label) == read.label
        assert words.answer("conformity", read.label) == read.label
    assert words.answer("conformity", "Nearly") == "Nearly"
    assert words.answer("of-nobody", "Nearly") == "Nearly"


def test_the_criterion_of_a_finding_is_translated_only_where_it_is_the_clause_and_nothing_else() -> None:
    words, node = Wording(in_language(shared(), "fa")), shared().node("iso10002-2018:7.4")
    persian = in_language(shared(), "fa").node(node.ref).label
    assert words.criterion(node.ref, "ISO 10002:2018", f"ISO 10002:2018, {node.label}") == f"ISO 10002:2018, {persian}"
    assert words.criterion(node.ref, "ISO 10002:2018", f"ISO 10002:2018, {persian}") == f"ISO 10002:2018, {persian}"
    for own in ("Our policy, promise 3", f"ISO 10002:2018, {node.label}, first sentence", ""):
        assert words.criterion(node.ref, "ISO 10002:2018", own) == own
    assert Wording(shared()).criterion(node.ref, "ISO 10002:2018", f"ISO 10002:2018, {persian}").endswith(node.label)


def test_the_frozen_test_of_a_file_is_read_in_the_readers_language() -> None:
    frozen, books = shared().checklist(FILE_TEST), in_language(shared(), "fa")
    shown, asked = Wording(books).checklist(frozen), books.checklist(FILE_TEST)
    assert [one.title for one in shown.sections] == [one.title for one in asked.sections]
    for one, other in zip(shown.items, asked.items, strict=True):
        assert (one.id, one.question, one.good, one.evidence, one.guidance, one.recomputed) == (
            other.id, other.question, other.good, other.evidence, other.guidance, other.recomputed,
        )  # fmt: skip
    assert [one.label for one in shown.scale.answers] == [one.label for one in asked.scale.answers]
    # and back
    english = Wording(shared()).checklist(asked)
    assert [one.question for one in english.items] == [one.question for one in frozen.items]
