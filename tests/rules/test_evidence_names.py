"""Names of files: the hostile ones of the shared data, and what each function promises for any text."""

import json
import unicodedata
from email.message import Message
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditkit.evidence import names


@pytest.fixture(scope="module")
def hostile(shared):
    found = json.loads(shared("bad_inputs/files/name_list.json").read_text(encoding="utf-8"))
    assert len(found) > 15
    return found


def parsed(header: str) -> tuple[str, str]:
    """The plain and the true file name as a reader of RFC 6266 understands them."""
    message = Message()
    message["Content-Disposition"] = header
    assert message.get_content_disposition() == "attachment"
    params = dict(message.get_params(header="content-disposition")[1:])
    plain = next(part for part in header.split("; ") if part.startswith("filename="))[10:-1]
    true = next((part for part in header.split("; ") if part.startswith("filename*=")), None)
    assert params
    return plain, unquote(true.removeprefix("filename*=UTF-8''")) if true else plain


def test_hostile_names_are_kept_on_one_line_and_in_255_characters(hostile):
    for name in hostile:
        kept = names.kept_name(name)
        assert 0 < len(kept) <= 255
        assert not any(unicodedata.category(char) == "Cc" for char in kept), name


def test_hostile_names_are_handed_out_as_plain_file_names(hostile):
    for name in hostile:
        out = names.download_name(names.kept_name(name), (".txt",))
        assert out.endswith(".txt")
        assert not set(out) & set('<>:"/\\|?*\r\n\u202e')
        assert not out.startswith((".", "-", "~"))
        assert len(out.encode()) <= names.MAX_DOWNLOAD_BYTES


def test_hostile_names_cannot_write_headers(hostile):
    for name in hostile:
        for given_name in (name, names.download_name(names.kept_name(name), (".bin",))):
            header = names.content_disposition(given_name)
            assert header.isascii()
            assert header.isprintable()
            assert header.count('"') == 2
            plain, _true = parsed(header)
            assert plain.strip()


@pytest.mark.parametrize(
    ("name", "extensions", "expected"),
    [
        ("report.pdf", (".pdf",), "report.pdf"),
        ("REPORT.PDF", (".pdf",), "REPORT.PDF"),
        ("photo.jpg", (".png",), "photo.jpg.png"),
        ("invoice.js", (".txt",), "invoice.js.txt"),
        ("../../etc/passwd", (".txt",), "passwd.txt"),
        ("..\\..\\boot.ini", (".txt",), "boot.ini.txt"),
        ("CON", (".txt",), "_CON.txt"),
        ("nul.txt", (".txt",), "_nul.txt"),
        ("x.docx. ", (".docx",), "x.docx"),
        (".htaccess", (".txt",), "htaccess.txt"),
        ("\u202egnp.exe", (".txt",), "_gnp.exe.txt"),
        ("شکایت.pdf", (".pdf",), "شکایت.pdf"),
        ("می\u200cخواهم.pdf", (".pdf",), "می\u200cخواهم.pdf"),
        ("=cmd.csv", (".csv",), "=cmd.csv"),
        ("....//", (".txt",), "unnamed.txt"),
    ],
)
def test_download_name(name, extensions, expected):
    assert names.download_name(name, extensions) == expected


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("report.pdf", 'attachment; filename="report.pdf"'),
        ("a;b.txt", 'attachment; filename="a;b.txt"'),
        ("café.pdf", "attachment; filename=\"cafe.pdf\"; filename*=UTF-8''caf%C3%A9.pdf"),
        (
            "شکایت.pdf",
            "attachment; filename=\"file.pdf\"; filename*=UTF-8''%D8%B4%DA%A9%D8%A7%DB%8C%D8%AA.pdf",
        ),
        ("%2e.txt", "attachment; filename=\"2e.txt\"; filename*=UTF-8''%252e.txt"),
        (
            'a"\r\nSet-Cookie: x.txt',
            "attachment; filename=\"a___Set-Cookie: x.txt\"; filename*=UTF-8''a%22%0D%0ASet-Cookie%3A%20x.txt",
        ),
    ],
)
def test_content_disposition(name, header):
    assert names.content_disposition(name) == header


def test_a_name_that_turns_the_writing_direction_is_written_out():
    assert names.shown_name("\u202egnp.exe") == "‹U+202E›gnp.exe"


@pytest.mark.parametrize(
    ("name", "expected"),
    [("a.PDF", ".pdf"), ("a", ""), (".htaccess", ""), ("a.tar.gz", ".gz"), ("x.docx. ", ".docx"), ("d.e/f", "")],
)
def test_extension(name, expected):
    assert names.extension(name) == expected


def test_no_name_at_all():
    assert names.kept_name(None) == names.kept_name("") == names.kept_name(" \t") == "unnamed"


def test_a_long_name_keeps_its_extension():
    kept = names.kept_name("ж" * 400 + ".pdf")
    assert len(kept) == 255
    assert kept.endswith("ж….pdf")


@given(st.text(max_size=300))
def test_any_text_makes_a_good_header(text):
    name = names.download_name(names.kept_name(text), (".pdf",))
    header = names.content_disposition(name)
    assert header.isascii()
    assert header.isprintable()
    plain, true = parsed(header)
    assert true == name
    assert plain.lower().endswith(".pdf")
