"""The report says all that a report must (ISO 19011 in sense), in English and Persian, signed or as a draft."""

import io
import re
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import docx
import pytest

from auditkit.audits.findings import service as said
from auditkit.audits.findings.rules import Outcome, ResponseKind
from auditkit.audits.issuing.making import written
from auditkit.audits.issuing.rules import Kind
from auditkit.audits.queries import plans, samples
from auditkit.audits.rules import Grade, ReportNotReady
from auditkit.audits.signing import service as signing
from auditkit.audits.signing.queries import Texts
from auditkit.audits.tailoring import service as tailoring
from auditkit.base import clock as clock_module
from auditkit.base.db import reading, transaction
from auditkit.content.library import Library
from auditkit.documents import catalogue
from auditkit.documents.contexts.facts import Count
from auditkit.documents.direction import sided
from auditkit.documents.render import Renderer
from tests.conftest import House
from tests.factories.http import Browser
from tests.slices.audits.doing import answer, own_library, planned, raised, reported, rows_of, started
from tests.slices.audits.test_audit_independence import override, owns
from tests.slices.audits_signing.doing import acknowledge, amend, name_auditee, sign
from tests.slices.complaints.recording import registered
from tests.slices.documents.test_documents_catalogue import whole_text
from tests.slices.documents.writing import rendered

Opener = Callable[..., Browser]


@pytest.fixture
def books(tmp_path: Path) -> Library:
    return own_library(tmp_path / "house")


@pytest.fixture
def renderer() -> Iterator[Renderer]:
    made = Renderer(size=1)
    yield made
    made.close()


def text_of(acme: House, number: str, language: str = "en") -> str:
    return whole_text(written(reading(acme.system), number, "Acme Ltd", Kind.WORD, language))


def _full(acme: House, books: Library, clock) -> str:
    """An audit with everything in it."""
    from auditkit.audits import service as audits

    number, lead = started(acme, books), acme.actor("internal-auditor")
    answer(acme, number, 1, "bad", "Door 3 stood open")
    answer(acme, number, 2, "good")
    answer(acme, number, 3, "open", "The key holder was ill")
    made = raised(acme, number, books, Grade.MINOR, principles=("ACC",))
    raised(
        acme,
        number,
        books,
        Grade.OPPORTUNITY,
        statement="The rule is not met in the cellar",
        grade_reason="Mended at once",
    )
    raised(
        acme,
        number,
        books,
        Grade.GOOD_PRACTICE,
        row_id=rows_of(acme, number)[1].id,
        statement="A rota hangs at the door",
    )
    texts = Texts(
        client="The board", process="Opening meeting on Monday", obstacles="The cellar was locked",
        diverging="Whether a closed door is a shut door", follow_up="Plans by 1 April",
        confidentiality="For the people listed", distribution="Director\nQuality manager",
    )  # fmt: skip
    quality = acme.actor("quality-manager")
    with transaction(lead) as tx:
        signing.write_report(tx, signing.WriteReport(number, texts), clock_module.now(), lead)
    with transaction(quality) as tx:
        command = said.Respond(made, ResponseKind.DISPUTED, "It was shut", "Head of sales", in_meeting=True)
        dispute = said.respond(tx, command, clock_module.now(), quality)
    with transaction(lead) as tx:
        said.resolve(tx, said.Resolve(dispute, Outcome.UPHELD, "The film shows it"), clock_module.now(), lead)
    with transaction(lead) as tx:
        audits.report(tx, audits.ReportAudit(number, "Mostly shut"), clock_module.now(), lead)
    name_auditee(acme, number)
    sign(acme, number)
    acknowledge(acme, number, remark="Read on Monday")
    amend(acme, number, made, "One door, not two", statement="Door 3 stood open at nine")
    return number


def test_the_report_says_everything(acme: House, books: Library, clock) -> None:
    number = _full(acme, books, clock)
    page = text_of(acme, number)
    for wanted in (
        "See whether the house is shut",  # objectives
        "All doors and keys",  # scope
        "The board",  # client
        "complaint-handler of acme",  # who answers as auditee
        "internal-auditor of acme",  # team
        "2 March 2026",  # dates
        "House rules:2026",  # criteria, with edition
        "Door 3 stood open at nine",  # the finding as amended
        "Door 3, 9 March",  # its evidence
        "guidance (should) · House rules:2026",
        "Mended at once",  # why a nonconformity is graded as less
        "A rota hangs at the door",  # good practice
        "Mostly shut",  # conclusion
        "2 of 3 questions were answered and counted",  # degree to which criteria are met
        "Whether a closed door is a shut door",  # diverging opinions
        f"{number}-F1: Head of sales: It was shut",
        "The finding stands: The film shows it",
        "An audit looks at samples",
        "Opening meeting on Monday",  # process
        "The cellar was locked",  # obstacles
        "1: Are the keys counted?".removeprefix("1: "),  # not covered
        "The key holder was ill",  # and why
        "Plans by 1 April",  # follow-up
        "For the people listed",  # confidentiality
        "Director",  # distribution
        "Planned days",
        "Questions without an answer and without a reason",  # checks
        "Nothing found",
        "Not checked",
        "Amendment 1",
        "One door, not two",
        "One door stood open",  # what stood before
        "Signed, not acknowledged",  # the amended version
        "Read on Monday",
        "Version 2 of",
        "1 Doors",
        "50 %",
    ):
        assert wanted in page, wanted
    assert "{" not in page


def test_questions_that_checks_name_are_found_in_the_annex(acme: House, books: Library, clock) -> None:
    from auditkit.audits import service as audits

    number, lead = started(acme, books), acme.actor("internal-auditor")
    answer(acme, number, 1, "bad", "Door 3 stood open")
    answer(acme, number, 2, "good")
    answer(acme, number, 3, "open", "The key holder was ill")
    with transaction(lead) as tx:
        audits.report(tx, audits.ReportAudit(number, "Shut"), clock_module.now(), lead)
    content = written(reading(acme.system), number, "Acme Ltd", Kind.WORD, "en")
    cells = [
        [cell.text for cell in row.cells] for table in docx.Document(io.BytesIO(content)).tables for row in table.rows
    ]
    named = {one for row in cells if len(row) == 3 and row[1] == "Found" for one in row[2].split("; ")}
    first, second = (row.item_id for row in rows_of(acme, number)[:2])
    assert {f"Question {first}", f"Question {second}"} <= named
    assert {first, second} <= {row[0] for row in cells}
    assert "come to 50 % conformity." in whole_text(content)


def test_a_report_that_nobody_signed_says_that_it_is_a_draft(acme: House, books: Library, clock) -> None:
    number = reported(acme, books)
    page = text_of(acme, number)
    assert "Not signed yet: this is a draft." in page
    assert "Reported, not signed" in page
    assert "No findings were raised." in page
    assert "None: everybody who answered was independent" in page


def test_what_was_not_asked_stands_in_the_report_with_its_reason(acme: House, books: Library, clock) -> None:
    from auditkit.audits import service as audits

    number, quality, lead = planned(acme, books), acme.actor("quality-manager"), acme.actor("internal-auditor")
    wish = tailoring.Tailor(number, sections=("1",), spared=("q-1-2",), reason="The keys are counted in June")
    with transaction(quality) as tx:
        tailoring.tailor(tx, wish, clock_module.now(), quality, library=books)
    with transaction(lead) as tx:
        audits.start(tx, audits.StartAudit(number), clock_module.now(), lead, library=books)
    answer(acme, number, 1, "good")
    with transaction(lead) as tx:
        audits.report(tx, audits.ReportAudit(number, "Shut"), clock_module.now(), lead)
    page = text_of(acme, number)
    left_out = {item.id: item.question for item in books.checklist("house-round").items if item.id != "q-1-1"}
    assert f"1: {left_out['q-1-2']}" in page, "a single question by its words"
    assert "Left out as a single question: The keys are counted in June" in page
    assert "2 Keys" in page, "a clause nobody asked about by its title"
    assert left_out["q-2-1"] not in page
    assert "Clause not chosen for this audit: The keys are counted in June" in page


def test_what_was_permitted_stands_in_the_report_with_its_reason(acme: House, books: Library, clock) -> None:
    from auditkit.audits import service as audits

    number, lead = started(acme, books), acme.actor("internal-auditor")
    override(acme, number, owns(acme, "internal-auditor"))
    answer(acme, number, 1, "good")
    answer(acme, number, 2, "good")
    answer(acme, number, 3, "open", "The key holder was ill")
    with transaction(lead) as tx:
        audits.report(tx, audits.ReportAudit(number, "Shut"), clock_module.now(), lead)
    page = text_of(acme, number)
    for wanted in ("Override", "Responsible for the audited process: Doors", "The second auditor is ill"):
        assert wanted in page, wanted
    assert "None: everybody who answered was independent" not in page


def test_there_is_none_before_the_audit_is_reported(acme: House, books: Library, clock) -> None:
    with pytest.raises(ReportNotReady):
        text_of(acme, started(acme, books))


def test_in_persian_it_is_persian_and_runs_from_right_to_left(acme: House, books: Library, clock) -> None:
    number = _full(acme, books, clock)
    content = written(reading(acme.system), number, "Acme Ltd", Kind.WORD, "fa")
    page = whole_text(content)
    assert "گزارش ممیزی" in page
    assert "۱۱ اسفند ۱۴۰۴" in page  # 2 March 2026
    assert "Audit team" not in page
    assert not re.search(r"[0-9]+ (?:%|از (?![0-9]))", page)  # Persian digits; the foot has a field that Word counts
    assert "\u200eMostly shut\u200e" in page  # English records keep their direction
    document = docx.Document(io.BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    assert [one for one in cells if one.isascii() and one.isdigit()] == ["1"]  # a clause keeps its own number
    assert {"۳", "۲", "۱"} <= set(cells)  # questions asked, answered, not covered
    ns = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
    paragraphs = list(document.element.body.iter(f"{ns}p"))
    assert all(one.find(f"{ns}pPr/{ns}bidi") is not None for one in paragraphs)
    assert all(table.tblPr.find(f"{ns}bidiVisual") is not None for table in document.element.body.iter(f"{ns}tbl"))


def test_the_persian_template_takes_the_same_fields(renderer: Renderer) -> None:
    entry = catalogue.entry("audit-report", "fa")
    assert entry.file.name == "template.fa.docx"
    assert catalogue.differences(entry) == []
    assert renderer.lint(entry.file.read_bytes(), fields=catalogue.paths_of(entry.context)) == []
    page = whole_text(rendered(renderer, entry.file.read_bytes(), catalogue.data_of(entry.context.example())))
    assert "The fourth complaint was counted twice" in page
    assert catalogue.languages_of("audit-report") == ("en", "fa")
    assert catalogue.entry("audit-report", "ru").file.name == "template.docx"


def test_only_latin_texts_get_marks_and_only_in_persian() -> None:
    assert sided(Count("Door 3.", 2), "fa") == Count("\u200eDoor 3.\u200e", 2)
    assert sided(Count("۳ در باز بود.", 2), "fa") == Count("۳ در باز بود.", 2)
    assert sided(Count("12", 2), "fa") == Count("12", 2)
    assert sided(Count("Door 3.", 2), "en") == Count("Door 3.", 2)


def test_own_words_stand_in_the_report(acme: House, books: Library, clock) -> None:
    number = reported(acme, books, Grade.MINOR)
    quality = acme.actor("quality-manager")
    with transaction(quality) as tx:
        said.word_grades(tx, said.WordGrades({Grade.MINOR: "Deviation"}), clock_module.now(), quality)
    page = text_of(acme, number)
    assert "Deviation" in page
    assert "Minor nonconformity" not in page


def test_who_handled_what_was_sampled_stands_in_the_report(acme: House, books: Library, clock) -> None:
    from auditkit.audits import service as audits
    from auditkit.audits.service.sampling import PickComplaint, pick_complaint

    number, lead = started(acme, books), acme.actor("internal-auditor")
    drawn = registered(acme.actor("administrator"))
    picked = registered(acme.actor("administrator"))
    strange = registered(acme.actor("complaint-handler"))
    with transaction(lead) as tx:
        audits.draw_sample(
            tx, audits.DrawSample(number, date(2025, 1, 1), date(2026, 12, 31)), clock_module.now(), lead
        )
    with transaction(lead) as tx:
        pick_complaint(tx, PickComplaint(number, picked, "In the newspaper"), clock_module.now(), lead)
    answer(acme, number, 1, "good")
    answer(acme, number, 2, "good")
    answer(acme, number, 3, "open", "The key holder was ill")
    with transaction(lead) as tx:
        audits.report(tx, audits.ReportAudit(number, "Shut"), clock_module.now(), lead)
    report = text_of(acme, number)
    name = "administrator of acme"
    assert f"Complaints that members of the audit team had handled: {drawn}: {name}; {picked}: {name}." in report
    (sample,) = samples.of_audit(
        reading(acme.system), plans.by_number(reading(acme.system), number), plans.team(reading(acme.system), 1)
    )
    for wanted in (sample.seed, sample.population_digest, "1 January 2025 to 31 December 2026", "In the newspaper"):
        assert wanted in report, wanted
    assert f"{strange}: " not in report
