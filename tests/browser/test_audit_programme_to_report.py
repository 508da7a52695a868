"""An audit that the programme made, from its timetable to the signed report, Word and PDF, on a phone and at a desk.

In English and in Persian: the steps go by what the pages offer next, never by an address typed in.
"""

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import docx
import pytest

from auditkit.audits.issuing import queries as issuing
from auditkit.audits.programme import jobs as programme
from auditkit.audits.queries import findings, plans
from auditkit.audits.rules import Grade
from auditkit.audits.signing import queries as signing
from auditkit.base import clock
from auditkit.base.db import db, reading
from auditkit.base.ids import digest
from auditkit.content.library import in_language, shared
from auditkit.documents import pdf
from tests.browser.walking import DESK, PHONE, fits, go, send
from tests.conftest import House
from tests.slices.audits.doing import rows_of
from tests.slices.complaints.recording import registered

pytestmark = pytest.mark.sqlite_only

CHECKLIST = {"en": "stage1-readiness", "fa": "principles-2018"}  # translated as a whole
TEXTS = {
    "en": {
        "programme": "Every clause once in three years",
        "title": "Ready for stage 1?",
        "objectives": "Find out what is missing for stage 1",
        "scope": "Complaints of the last year, all channels",
        "note": "Seen in the register",
        "gap": "Two of five have no entry",
        "conclusion": "Ready but for the training records",
        "heading": "Audit report",
    },
    "fa": {
        "programme": "هر بند یک بار در سه سال",
        "title": "آمادگی برای مرحلهٔ ۱",
        "objectives": "یافتن کمبودهای مرحلهٔ ۱",
        "scope": "شکایت‌های سال گذشته، همهٔ کانال‌ها",
        "note": "در دفتر دیده شد",
        "gap": "دو نفر از پنج نفر سابقه‌ای ندارند",
        "conclusion": "جز سوابق آموزش آماده است",
        "heading": "گزارش ممیزی",
    },
}


def _programme(page: Any, texts: dict[str, str]) -> None:
    year = clock.now().year
    go(page, "/audits/", "/audits/programme/")
    go(page, f"/programme/{year}/edit")
    send(page, f"/programme/{year}/edit", objectives=texts["programme"])
    assert texts["programme"] in page.locator("main").inner_text()


def _put_into_the_programme(page: Any, acme: House, texts: dict[str, str], checklist_id: str) -> None:
    """The quality manager puts an audit that is due today into the programme, which makes it."""
    go(page, "/programme/audits/new")
    send(
        page,
        "/programme/audits/new",
        title=texts["title"],
        checklist_id=checklist_id,
        objectives=texts["objectives"],
        scope=texts["scope"],
        lead_id=str(acme.person("internal-auditor")),
        first_on=clock.now().date().isoformat(),
    )
    assert texts["title"] in page.locator("main").inner_text()
    db.session.rollback()
    programme.make_due_audits()


def _prepare(page: Any, texts: dict[str, str]) -> str:
    """The auditor finds the audit that the programme made, has a timetable suggested, and invites."""
    go(page, "/audits/")
    page.locator('main a[href*="/audits/A-"]').first.click()
    page.wait_for_url("**/audits/A-*")
    number = page.url.split("#")[0].rpartition("/")[2]
    go(page, f"/audits/{number}/agenda")
    send(page, "/suggest")
    send(page, "/invite")
    assert page.locator("#invitations li").count() == 1
    go(page, f"/audits/{number}")
    return number


def _sample(page: Any, number: str, reference: str) -> None:
    go(page, f"/audits/{number}/samples")
    send(page, "/samples", method="all")
    assert reference in page.locator("#sample-1").inner_text()
    go(page, f"/audits/{number}/run")


def _answer(page: Any, acme: House, number: str, texts: dict[str, str]) -> None:
    """Every question by a tap: the first does not conform, the others do, with what they need."""
    for row in rows_of(acme, number):
        article = page.locator(f"#row-{row.position}")
        if not article.is_visible():  # on a phone one question stands there at a time
            page.locator(".audit-steps [data-step='1']").click()
        article.scroll_into_view_if_needed()
        article.locator('[name="note"]').fill(texts["gap"] if row.position == 1 else texts["note"])
        if "conforms" in row.evidence_for and row.position > 1:
            file = {"name": "seen.txt", "mimeType": "text/plain", "buffer": b"seen"}
            article.locator('input[type="file"]').set_input_files(file)
        answer = "does-not-conform" if row.position == 1 else "conforms"
        article.locator(f'button[value="{answer}"]').click()
    page.wait_for_function("document.querySelectorAll('article.audit-row:not(.is-settled)').length === 0")
    page.wait_for_selector('#audit-sync[data-state="saved"]', state="attached")


def _finding(page: Any, number: str) -> None:
    if not page.locator("#row-1").is_visible():
        page.evaluate("location.hash = 'row-1'")  # as the link of a message about the question does
    page.locator("#row-1 a[href*='/findings/new?row=']").click()  # the first tap
    page.wait_for_url("**/findings/new?row=*")
    fits(page)
    page.locator('main form button[type="submit"]:not([name])').last.click()  # the second
    page.wait_for_url(f"**/findings/{number}-F1")
    fits(page)


def _sign(page: Any, acme: House, number: str, texts: dict[str, str]) -> None:
    go(page, f"/audits/{number}", f"/audits/{number}/report")
    send(page, f"/{number}/report", conclusion=texts["conclusion"])
    go(page, f"/audits/{number}/signing")
    send(page, "/auditee", person_id=str(acme.person("quality-manager")))
    send(page, "/sign", typed_name="internal-auditor of acme")
    assert page.locator("#signatures .badge-good").count() >= 2  # the signature fits, the records are as signed


def _report(page: Any, language: str, work: Callable[[], int]) -> dict[str, bytes]:
    """The report as Word and, where this machine can make one, as PDF; as they are handed out."""
    found = {}
    for kind in ("docx", "pdf") if pdf.available() else ("docx",):
        send(page, "/report-files", kind=kind, language=language)
        if kind == "pdf":
            page.wait_for_url("**/work/*")
            assert work() == 1
            page.wait_for_url("**/signing*")  # the page of the work leads on by itself
        with page.expect_download() as download:
            page.locator("#files a[href*='/report-files/']").first.click()
        found[kind] = download.value.path().read_bytes()
    return found


# Both sizes and both directions; the two other pairs would take a minute and pass no line that these do not
@pytest.mark.parametrize(("size", "language"), [(PHONE, "fa"), (DESK, "en")], ids=["phone-fa", "desk-en"])
def test_from_programme_to_signed_report(
    size: dict[str, Any], language: str, visit: Callable[..., Any], acme: House, work: Callable[[], int]
) -> None:
    texts = TEXTS[language]
    received = clock.now() - timedelta(days=20)
    complaint = registered(acme.actor("complaint-handler"), received_at=received)
    # Given the programme of the year, made by the quality manager, with an audit that is due
    quality = visit("quality-manager", language, size)
    _programme(quality, texts)
    _put_into_the_programme(quality, acme, texts, CHECKLIST[language])

    # When an auditor invites to the audit it made, draws a sample, answers, raises a finding, reports and signs
    page = visit("internal-auditor", language, size)
    assert page.locator("html").get_attribute("dir") == ("rtl" if language == "fa" else "ltr")
    number = _prepare(page, texts)
    send(page, "/start")
    page.wait_for_url("**/run")
    _sample(page, number, complaint)
    _answer(page, acme, number, texts)
    _finding(page, number)
    _sign(page, acme, number, texts)
    made = _report(page, language, work)

    # Then the report is signed, kept, and says what was found in the language of the auditor
    db.session.rollback()
    head = plans.by_number(reading(acme.system), number)
    assert [one.typed_name for one in signing.signatures(reading(acme.system), head.id)] == ["internal-auditor of acme"]
    assert [one.grade for one in findings.of_audit(reading(acme.system), head.id)] == [Grade.MINOR]
    files = {one.kind.value: one.file.digest for one in issuing.files(reading(acme.system), head.id)}
    assert files == {kind: digest(content) for kind, content in made.items()}
    assert made.get("pdf", b"%PDF-").startswith(b"%PDF-")
    document = docx.Document(io.BytesIO(made["docx"]))
    said = "\n".join(paragraph.text for paragraph in document.paragraphs)
    assert texts["heading"] in said
    assert texts["conclusion"] in said
    asked = in_language(shared(), language).checklist(CHECKLIST[language])
    cells = "\n".join(cell.text for table in document.tables for row in table.rows for cell in row.cells)
    assert all(item.question in cells for item in asked.items), "asked in the language of the auditor"
    assert asked.scale.answer("conforms").label in cells
    assert complaint in cells
    assert "ISO 19011:2026" in cells

    # And the auditee, who is somebody else, acknowledges it
    auditee = visit("quality-manager", language, size)
    go(auditee, "/audits/", f"/audits/{number}", f"/audits/{number}/signing", f"/audits/{number}/auditee")
    send(auditee, "/acknowledge", typed_name="quality-manager of acme")
    db.session.rollback()
    assert signing.papers(reading(acme.system), head.id, head.state).acknowledged
