"""Pages of evidence over HTTP: adding, looking, downloading, and what hostile names and other people get to see."""

import hashlib
import io
import json

import pytest

from auditkit.base.db import reading
from auditkit.base.errors import NotFound
from auditkit.evidence import kinds, queries, subjects
from auditkit.evidence.rules import UPLOAD
from auditkit.journal import queries as journal

DIGEST = hashlib.sha256(b"one\n").hexdigest()
PAGE = f"/o/acme/evidence/{DIGEST}"


def send(visitor, *files, **values):
    visitor.get("/o/acme/evidence/add")
    streams = [(io.BytesIO(data), name) for data, name in files]
    return visitor.post_form({"files": streams, **values})


def download(visitor, url=f"{PAGE}/download", **headers):
    answer = visitor._run(visitor.client.get, url, headers=headers)
    answer.get_data()
    answer.close()
    return answer


def test_adding_one_file_leads_to_its_page(acme, browser):
    visitor = browser(acme, "internal-auditor")
    assert "No evidence yet" in visitor.get("/o/acme/evidence/").text
    page = send(visitor, (b"one\n", "letter.txt"), note="the letter", clauses="iso10002-2018:7.4")
    assert page.path == PAGE
    assert page.title == "letter.txt"
    for text in ("Text", DIGEST, "internal-auditor of acme", "Attached nowhere yet", "Stored: 1"):
        assert text in page.text
    assert "letter.txt" in visitor.get("/o/acme/evidence/").text


def test_several_files_at_once(acme, browser):
    visitor = browser(acme, "internal-auditor")
    page = send(visitor, (b"one\n", "a.txt"), (b"two\n", "b.txt"))
    assert page.path == "/o/acme/evidence/"
    assert "a.txt" in page.text
    assert "b.txt" in page.text


def test_refusals_stand_beside_the_field_and_nothing_is_stored(acme, browser):
    visitor = browser(acme, "internal-auditor")
    page = send(visitor, (b"one\n", "a.txt"), (b"", "empty.bin"), (b"MZ\x00\x00" + b"\x00" * 99, "b.png"), note="kept")
    assert "empty.bin: The file is empty" in page.text
    assert "b.png: This is a program" in page.text
    assert page.soup.find("textarea", {"name": "note"}).get_text().strip() == "kept"
    assert queries.page(reading(acme.system)) == ([], None)


@pytest.mark.parametrize(
    ("values", "text"),
    [
        ({"clauses": "7.4"}, "“7.4” is not a clause"),
        ({"period_begins": "2026-02-01", "period_ends": "2026-01-01"}, "The period ends before it begins"),
    ],
)
def test_tags_are_checked(acme, browser, values, text):
    page = send(browser(acme, "internal-auditor"), (b"one\n", "a.txt"), **values)
    assert text in page.text


def test_no_file_chosen(acme, browser):
    visitor = browser(acme, "internal-auditor")
    visitor.get("/o/acme/evidence/add")
    assert "Choose the files to add" in visitor.post_form().text


def test_staff_may_add_without_reading(acme, browser):
    visitor = browser(acme, "staff")
    page = send(visitor, (b"one\n", "a.txt"))
    assert page.path == "/o/acme/evidence/add"
    assert "Stored: 1" in page.text
    visitor.get(PAGE, status=403)
    assert download(visitor).status_code == 403


def test_a_download_is_an_attachment_in_a_sandbox_and_on_record(acme, browser, add):
    add(acme, name="letter.txt")
    visitor = browser(acme, "quality-manager")
    answer = download(visitor)
    assert answer.data == b"one\n"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="letter.txt"'
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    entry = journal.page(reading(acme.system), acme.id, event="evidence:read")[0][0]
    assert entry.actor_id == acme.person("quality-manager")
    assert entry.facts == {"digest": DIGEST}


def test_ranges_and_conditions(acme, browser, add):
    add(acme)
    visitor = browser(acme, "quality-manager")
    part = download(visitor, Range="bytes=1-2")
    assert (part.status_code, part.data, part.headers["Content-Range"]) == (206, b"ne", "bytes 1-2/4")
    same = download(visitor, **{"If-None-Match": f'"{DIGEST}"'})
    assert (same.status_code, same.data) == (304, b"")
    told = journal.page(reading(acme.system), acme.id, event="evidence:read")[0]
    assert len(told) == 1, "the second part of a download is not told again"


def test_a_download_from_a_bucket(acme, browser, add, app, bucket):
    before = app.extensions.get("auditkit.evidence")
    app.extensions["auditkit.evidence"] = bucket
    try:
        add(acme)
        visitor = browser(acme, "quality-manager")
        answer = download(visitor)
        assert (answer.data, answer.headers["Content-Length"]) == (b"one\n", "4")
        assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert download(visitor, **{"If-None-Match": f'"{DIGEST}"'}).status_code == 304
    finally:
        app.extensions["auditkit.evidence"] = before
        if before is None:
            del app.extensions["auditkit.evidence"]


@pytest.mark.parametrize(
    ("data", "name", "header", "type_"),
    [
        (b"<!doctype html><script>alert(1)</script>", "page.html", 'filename="page.html"', kinds.BYTES),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "x.svg", 'filename="x.svg"', kinds.BYTES),
        (b"<html><script>alert(1)</script>", "html.txt", 'filename="html.txt"', "text/plain; charset=utf-8"),
        (b"<?php phpinfo();", "shell.phtml", 'filename="shell.phtml.txt"', "text/plain; charset=utf-8"),
        ("жалоба".encode("cp1251"), "x.txt", 'filename="x.txt"', "text/plain"),
        ("hello".encode("utf-16"), "x.txt", 'filename="x.txt"', "text/plain; charset=utf-16"),
    ],
)
def test_nothing_is_served_as_something_that_runs(acme, browser, add, data, name, header, type_):
    add(acme, data, name)
    visitor = browser(acme, "quality-manager")
    answer = download(visitor, f"/o/acme/evidence/{hashlib.sha256(data).hexdigest()}/download")
    assert answer.headers["Content-Disposition"] == f"attachment; {header}"
    assert answer.headers["Content-Type"] == type_
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_hostile_names_are_shown_and_handed_out_harmlessly(acme, browser, shared):
    visitor = browser(acme, "internal-auditor")
    hostile = json.loads(shared("bad_inputs/files/name_list.json").read_text(encoding="utf-8"))
    for number, name in enumerate(hostile):
        data = f"file {number}\n".encode()
        from_browser = name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")  # as the HTML standard has it
        if from_browser != name:  # as it stands it breaks the form itself: no file arrives, and that is said
            assert "Choose the files to add" in send(visitor, (data, name)).text
        page = send(visitor, (data, from_browser))
        digest = hashlib.sha256(data).hexdigest()
        assert page.path == f"/o/acme/evidence/{digest}", name
        assert not page.soup.find_all("img"), name
        assert "\u202e" not in page.response.get_data(as_text=True)
        answer = download(visitor, f"/o/acme/evidence/{digest}/download")
        assert answer.data == data
        assert not any("x=1" in cookie for cookie in answer.headers.getlist("Set-Cookie"))
        disposition = answer.headers["Content-Disposition"]
        assert disposition.startswith("attachment; filename=")
        assert disposition.isascii()
    listed = visitor.get("/o/acme/evidence/")
    assert not listed.soup.find_all("img")


def test_a_name_sent_by_extended_encoding(acme, browser):
    visitor = browser(acme, "internal-auditor")
    visitor.get("/o/acme/evidence/add")
    token = visitor.page.form().find("input", {"name": "csrf_token"})["value"]
    body = (
        f'--b\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n{token}\r\n'
        "--b\r\nContent-Disposition: form-data; name=\"files\"; filename*=UTF-8''%D8%B4%DA%A9%D8%A7%DB%8C%D8%AA.txt\r\n"
        "Content-Type: text/plain\r\n\r\none\n\r\n--b--\r\n"
    )
    answer = visitor._run(
        visitor.client.post,
        "/o/acme/evidence/add",
        data=body.encode(),
        content_type="multipart/form-data; boundary=b",
    )
    assert answer.status_code == 302
    assert queries.by_digest(reading(acme.system), DIGEST).name == "شکایت.txt"
    assert download(visitor).headers["Content-Disposition"] == (
        "attachment; filename=\"file.txt\"; filename*=UTF-8''%D8%B4%DA%A9%D8%A7%DB%8C%D8%AA.txt"
    )


def test_another_organisation_s_file_is_not_there(acme, globex, browser, add):
    add(acme)
    visitor = browser(globex, "quality-manager")
    for url in (f"/o/globex/evidence/{DIGEST}", PAGE):
        visitor.get(url, status=404)
        assert download(visitor, f"{url}/download").status_code == 404
    add(globex)
    assert visitor.get(f"/o/globex/evidence/{DIGEST}").title == "note.txt"
    visitor.get(PAGE, status=404)


def test_tags_can_be_changed_on_the_page(acme, browser, add):
    add(acme)
    visitor = browser(acme, "internal-auditor")
    visitor.get(PAGE)
    page = visitor.post_form({"note": "figures of May", "clauses": "iso10002-2018:8.2"}, action="/tags")
    assert "Saved." in page.text
    assert page.soup.find("textarea", {"name": "note"}).get_text().strip() == "figures of May"
    page = visitor.post_form({"clauses": "8.2"}, action="/tags")
    assert "“8.2” is not a clause" in page.text


def test_the_digest_can_be_compared(acme, browser, add):
    add(acme)
    visitor = browser(acme, "quality-manager")
    visitor.get(PAGE)
    assert "it has its digest" in visitor.post_form(action="/check").text
    path = queries.local_path(reading(acme.system), DIGEST)
    path.chmod(0o600)
    path.write_bytes(b"two\n")
    visitor.get(PAGE)
    assert "no longer has its digest" in visitor.post_form(action="/check").text


def test_uses_are_named_and_linked_by_who_knows_them(acme, browser, add, monkeypatch):
    monkeypatch.setattr(subjects, "_kinds", {})
    subjects.declare("trial", "A trial", lambda number: f"/o/acme/trials/{number}")
    with pytest.raises(ValueError, match="declared twice"):
        subjects.declare("trial", "A trial", lambda number: None)

    def gone(number):
        raise NotFound

    subjects.declare("lost", "A lost thing", gone)
    add(acme, subject=("lost", 5))
    add(acme, subject=("trial", 3), note="see page 2")
    add(acme, subject=("unheard-of", 4))
    page = browser(acme, "quality-manager").get(PAGE)
    assert page.soup.find("a", href="/o/acme/trials/3").get_text() == "A trial 3"
    assert "unheard-of 4" in page.text
    assert "see page 2" in page.text
    assert "A lost thing 5" in page.text


def test_what_was_odd_is_said(acme, browser, shared, add):
    data = shared("bad_inputs/images/wrong_ext.jpg").read_bytes()
    add(acme, data, "wrong_ext.jpg")
    visitor = browser(acme, "quality-manager")
    page = visitor.get(f"/o/acme/evidence/{hashlib.sha256(data).hexdigest()}")
    assert "The name ends in .jpg, but by its content this is: PNG picture" in page.text
    answer = download(visitor, f"{page.path}/download")
    assert answer.headers["Content-Type"] == "image/png"
    assert 'filename="wrong_ext.jpg.png"' in answer.headers["Content-Disposition"]


def test_names_inside_an_archive_are_listed_safely(acme, browser, shared, add):
    data = shared("bad_inputs/zip/names_unicode.zip").read_bytes()
    add(acme, data, "names.zip")
    page = browser(acme, "quality-manager").get(f"/o/acme/evidence/{hashlib.sha256(data).hexdigest()}")
    assert "Inside the archive: 9 files" in page.text
    assert "‹U+202E›gnp.exe" in page.text
    assert "საჩივარი.txt" in page.text


def test_the_list_is_filtered_and_paged(acme, browser, add):
    add(acme, subject=("audit", 1), name="used.txt")
    for number in range(queries.PAGE + 1):
        add(acme, f"{number}\n".encode(), f"file {number}.txt")
    visitor = browser(acme, "quality-manager")
    first = visitor.get("/o/acme/evidence/")
    assert "file 50.txt" in first.text
    assert "used.txt" not in first.text
    assert "used.txt" in visitor.follow("Next").text
    assert "used.txt" not in visitor.get("/o/acme/evidence/?unused=1&before=4").text
    assert "No file is like that" in visitor.get("/o/acme/evidence/?kind=pdf").text
    assert queries.file(reading(acme.system), 1).source == UPLOAD
