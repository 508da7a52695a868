"""Kinds by content, made on the spot; and that no damage to a file is anything but a refusal."""

import io
import random
import struct
import zipfile
import zlib

import pytest

from auditkit.evidence import intake, kinds, rules
from auditkit.evidence.inspection import inspect

TYPES = "[Content_Types].xml"


def png(width=8, height=8, tail=b"") -> bytes:
    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    pixels = zlib.compress(b"\x00" + b"\x00\x00\x00" * width)
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"") + tail


def jpeg(width=8, height=8, end=b"\xff\xd9") -> bytes:
    app0 = b"\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"
    sof = b"\xff\xc0\x00\x0b\x08" + struct.pack(">HH", height, width) + b"\x01\x01\x11\x00"
    scan = b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00" + b"\x12\x34"
    return b"\xff\xd8" + app0 + sof + scan + end


def gif(width=8, height=8) -> bytes:
    image = b"," + struct.pack("<HHHHB", 0, 0, width, height, 0) + b"\x02\x02\x44\x01\x00"
    return b"GIF89a" + struct.pack("<HHBBB", width, height, 0x80, 0, 0) + b"\x00" * 6 + image + b";"


def webp(width=8, height=8) -> bytes:
    packed = (width - 1) | (height - 1) << 14
    chunk = b"VP8L" + struct.pack("<I", 10) + b"/" + struct.pack("<I", packed) + b"\x00" * 5
    return b"RIFF" + struct.pack("<I", 4 + len(chunk)) + b"WEBP" + chunk


def tiff(width=8, height=8) -> bytes:
    entries = struct.pack("<HHII", 256, 4, 1, width) + struct.pack("<HHIHH", 257, 3, 1, height, 0)
    return b"II*\x00" + struct.pack("<I", 8) + struct.pack("<H", 2) + entries + struct.pack("<I", 0)


def heic(width=8, height=8) -> bytes:
    ispe = b"\x00\x00\x00\x14ispe\x00\x00\x00\x00" + struct.pack(">II", width, height)
    return b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + ispe


PICTURES = {"png": png, "jpeg": jpeg, "gif": gif, "webp": webp, "tiff": tiff, "heic": heic}


def compound(*names: str) -> bytes:
    """A compound file (MS-CFB) whose directory holds these names."""
    entries = ["Root Entry", *names]
    directory = b""
    for name in entries:
        encoded = name.encode("utf-16-le")
        directory += encoded.ljust(64, b"\x00") + struct.pack("<H", len(encoded) + 2) + b"\x00" * 62
    directory = directory.ljust(-(-len(directory) // 512) * 512, b"\x00")
    sectors = len(directory) // 512
    chain = [0xFFFFFFFD, *range(2, sectors + 1), 0xFFFFFFFE]
    table = struct.pack(f"<{len(chain)}I", *chain).ljust(512, b"\xff")
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 16 + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6)
    header = header.ljust(44, b"\x00") + struct.pack("<II", 1, 1)
    header = header.ljust(76, b"\x00") + struct.pack("<I", 0) + b"\xff" * (108 * 4)
    return header + table + directory


@pytest.fixture
def look(tmp_path):
    def run(data: bytes, name: str = "file"):
        path = tmp_path / "x.part"
        path.write_bytes(data)
        return inspect(path, len(data), name)

    return run


@pytest.mark.parametrize("kind", PICTURES)
def test_pictures(look, kind):
    seen = look(PICTURES[kind](640, 480), f"x{kinds.KINDS[kind].extensions[0]}")
    assert (seen.kind.id, seen.details, seen.notices) == (kind, {"pixels": [640, 480]}, [])


@pytest.mark.parametrize("kind", ["png", "jpeg", "gif", "tiff", "heic"])
def test_a_picture_may_have_250_million_pixels_and_no_more(look, kind):
    make = PICTURES[kind]
    data = make(25_000, 10_000) if kind != "png" else png(25_000, 10_000)
    assert look(data).details == {"pixels": [25_000, 10_000]}
    with pytest.raises(rules.PictureTooLarge, match="25001 × 10000"):
        look(make(25_001, 10_000))


def test_a_jpeg_that_was_cut_off_is_taken_and_said(look):
    assert look(jpeg(end=b"")).notices == [{"code": "cut-off"}]


@pytest.mark.parametrize("kind", ["png", "gif", "tiff"])
def test_what_only_begins_like_a_picture_is_refused(look, kind):
    whole = PICTURES[kind]()
    with pytest.raises(rules.FileDamaged, match=kinds.KINDS[kind].title):
        look(whole[:20] + b"<script>alert(1)</script>\x00")


@pytest.mark.parametrize("kind", ["png", "jpeg", "webp"])
def test_a_picture_with_an_archive_behind_it_is_refused(look, make_zip, kind):
    with pytest.raises(rules.TwoInOne, match=kinds.KINDS[kind].title):
        look(PICTURES[kind]() + make_zip(("evil.class", b"x")))


def test_an_archive_with_something_in_front_of_it_is_refused(look, make_zip):
    with pytest.raises(rules.TwoInOne):
        look(b"PK\x03\x04junk" + make_zip(("a.txt", b"x")), "a.zip")


@pytest.mark.parametrize(
    ("kind", "folder"),
    [("docx", "word/document.xml"), ("xlsx", "xl/workbook.xml"), ("pptx", "ppt/presentation.xml")],
)
def test_office_documents(look, make_zip, kind, folder):
    seen = look(make_zip((TYPES, b"<Types/>"), (folder, b"<x/>")), f"x.{kind}")
    assert (seen.kind.id, seen.notices) == (kind, [])


@pytest.mark.parametrize(
    "members",
    [
        ((TYPES, b"<Types/>"), ("word/document.xml", b"<x/>"), ("word/vbaProject.bin", b"\x00")),
        ((TYPES, b"...sheet.macroEnabled.main+xml..."), ("xl/workbook.xml", b"<x/>")),
        (("mimetype", b"application/vnd.oasis.opendocument.text"), ("Basic/Standard/Module1.xml", b"Sub")),
    ],
)
def test_macros_are_refused_by_content(look, make_zip, members):
    with pytest.raises(rules.MacrosRefused):
        look(make_zip(*members), "harmless.docx")


def test_an_open_document(look, make_zip):
    mimetype = zipfile.ZipInfo("mimetype")
    seen = look(make_zip((mimetype, b"application/vnd.oasis.opendocument.spreadsheet"), ("content.xml", b"<x/>")))
    assert seen.kind.id == "ods"


def test_a_word_document_may_embed_a_workbook(look, make_zip):
    workbook = make_zip((TYPES, b"<Types/>"), ("xl/workbook.xml", b"<x/>"))
    document = make_zip((TYPES, b"<Types/>"), ("word/document.xml", b"<x/>"), ("word/embeddings/1.bin", workbook))
    assert look(document).kind.id == "docx"


def test_a_document_inside_an_archive_is_taken_and_said_unchecked(look, make_zip):
    seen = look(make_zip(("a.docx", make_zip((TYPES, b"<Types/>"))), ("b.txt", b"x")), "a.zip")
    assert seen.kind.id == "zip"
    assert seen.details == {"member_count": 2, "members": [["a.docx", seen.details["members"][0][1]], ["b.txt", 1]]}
    assert seen.notices == [{"code": "members-unchecked"}]


@pytest.mark.parametrize(
    "data", [b"MZ\x90\x00\x03" + b"\x00" * 60, b"\x7fELF\x02\x01\x01", b"\xca\xfe\xba\xbe\x00\x00\x00\x34"]
)
def test_a_program_is_refused_alone_and_in_an_archive(look, make_zip, data):
    with pytest.raises(rules.ProgramRefused):
        look(data, "picture.png")
    with pytest.raises(rules.MemberIsProgram, match=r"“photos/a\.jpg”"):
        look(make_zip(("photos/a.jpg", data)), "a.zip")


def test_text_that_begins_like_a_program_is_text(look):
    assert look(b"MZ-001;broken boiler\n", "list.csv").kind.id == "csv"


@pytest.mark.parametrize(
    ("head", "what"), [(b"Rar!\x1a\x07\x01\x00", "RAR"), (b"7z\xbc\xaf\x27\x1c", "7z"), (b"\x1f\x8b\x08", "gzip")]
)
def test_other_archives_are_named(look, head, what):
    with pytest.raises(rules.OtherArchive, match=what):
        look(head + b"\x00" * 300, "a.zip")


def test_an_archive_that_inflates_slowly_but_too_much(look):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("a.txt", b"x" * 1000)
    data = bytearray(target.getvalue())
    at = data.index(b"PK\x01\x02")
    struct.pack_into("<I", data, at + 24, 600 * rules.MIB)  # the directory lies about the size
    with pytest.raises((rules.ArchiveBomb, rules.ArchiveTooLarge)):
        look(bytes(data), "a.zip")


def test_a_directory_that_lies_about_its_count(look, make_zip):
    data = bytearray(make_zip(*((f"{number}.txt", b"") for number in range(rules.MAX_MEMBERS + 1))))
    end = data.rindex(b"PK\x05\x06")
    struct.pack_into("<HH", data, end + 8, 1, 1)
    with pytest.raises(rules.ArchiveTooMany, match="5001"):
        look(bytes(data), "a.zip")


@pytest.mark.parametrize("name", ["../x", "a/../../x", "/x", "C:x", "c:/x", "a\\b"])
def test_members_stay_inside(look, make_zip, name):
    with pytest.raises(rules.MemberMisplaced):
        look(make_zip((name, b"x")), "a.zip")


def test_a_member_name_with_a_zero_byte(look, make_zip):
    data = make_zip(("a.txtX.exe", b"x")).replace(b"a.txtX.exe", b"a.txt\x00.exe")
    with pytest.raises(rules.MemberMisplaced):
        look(data, "a.zip")


def test_an_unusual_method_is_refused(look):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("a.txt", b"x" * 100)
    with pytest.raises(rules.MemberPackedOddly, match=r"a\.txt"):
        look(target.getvalue(), "a.zip")


def test_an_empty_archive_holds_no_evidence(look, make_zip):
    with pytest.raises(rules.ArchiveDamaged):
        look(make_zip(), "a.zip")


@pytest.mark.parametrize(
    ("names", "kind"),
    [
        (["WordDocument", "1Table"], "doc"),
        (["Workbook"], "xls"),
        (["PowerPoint Document"], "ppt"),
        (["__nameid_version1.0", "__properties_version1.0"], "msg"),
        ([*(f"stream {number}" for number in range(30)), "WordDocument"], "doc"),
    ],
)
def test_old_office_files(look, names, kind):
    assert look(compound(*names), f"x.{kind}").kind.id == kind


def test_old_office_files_that_are_refused(look):
    with pytest.raises(rules.MacrosRefused):
        look(compound("WordDocument", "Macros", "VBA"), "x.doc")
    with pytest.raises(rules.DocumentLocked):
        look(compound("EncryptionInfo", "EncryptedPackage"), "x.docx")
    with pytest.raises(rules.KindRefused, match="installer"):
        look(compound("something else"), "x.msi")
    with pytest.raises(rules.FileDamaged):
        look(compound("WordDocument")[:700], "x.doc")


@pytest.mark.parametrize(
    ("body", "codes"),
    [
        (b"/OpenAction<</S/JavaScript>>\n%%EOF\n", ["active-pdf"]),
        (b"/Encrypt 5 0 R\n%%EOF\n", ["encrypted-pdf"]),
        (b"/Type/Page\n%%EOF\n", []),
        (b"/Type/Page\n", ["cut-off"]),
    ],
)
def test_pdf_notices(look, body, codes):
    assert [notice["code"] for notice in look(b"%PDF-1.7\n" + body, "x.pdf").notices] == codes


def test_a_word_across_two_chunks_of_a_pdf_is_seen(look):
    filling = b"%PDF-1.7\n" + b"x" * (1024 * 1024 - 9 - 5)
    assert look(filling + b"/JavaScript \n%%EOF", "x.pdf").notices == [{"code": "active-pdf", "what": "JavaScript"}]


@pytest.mark.parametrize(
    ("data", "name", "kind"),
    [
        (b"a;b\n1;2\n", "x.csv", "csv"),
        ("жалоба".encode(), "x.txt", "txt"),
        (b"From: a@example.org\nSubject: x\n\nhello\n", "x.eml", "eml"),
        (b"no headers at all", "x.eml", "txt"),
        (b"<html><body>x</body></html>", "x.jpg", "html"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "x.png", "svg"),
        (b"{\\rtf1 hello}", "x.doc", "rtf"),
        (b"#!/bin/sh\nrm -rf /\n", "x.sh", "txt"),
        ("\ufeffhello".encode("utf-16-le"), "x.txt", "txt"),
        (b"\xff\xfb\x90\x64" + b"\x00" * 200, "x.mp3", "mp3"),
        (b"ID3\x04\x00\x00\x00\x00\x00\x7f" + b"\x00" * 200, "x.mp3", "mp3"),
        (b"RIFF\x24\x00\x00\x00WAVEfmt \x10\x00\x00\x00", "x.wav", "wav"),
        (b"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isomiso2", "x.mp4", "mp4"),
        (b"\x00\x00\x00\x18ftypM4A \x00\x00\x02\x00isomiso2", "x.m4a", "m4a"),
        (b"\x00\x00\x00\x14ftypqt  \x00\x00\x02\x00qt  ", "x.mov", "mov"),
        (b"OggS\x00\x02" + b"\x00" * 30, "x.opus", "ogg"),
        (b"\x1aE\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x84webm" + b"\x00" * 30, "x.webm", "webm"),
    ],
)
def test_texts_and_recordings(look, data, name, kind):
    assert look(data, name).kind.id == kind


@pytest.mark.parametrize(
    "data", [b"\x00\x01\x02\x03", b"text and \x00 zero", b"\xff\xfe\x00\xd8\x41\x00", b"SQLite format 3\x00"]
)
def test_everything_else_is_refused(look, data):
    with pytest.raises(rules.KindRefused, match="Send a PDF"):
        look(data, "x.txt")


def good_files(make_zip) -> dict[str, bytes]:
    document = make_zip((TYPES, b"<Types/>"), ("word/document.xml", b"<x/>" * 50))
    return {
        **{kind: make() for kind, make in PICTURES.items()},
        "zip": make_zip(("a.txt", b"hello" * 20), ("b/c.txt", b"more")),
        "docx": document,
        "doc": compound("WordDocument", "1Table"),
        "pdf": b"%PDF-1.7\n/JavaScript\n%%EOF\n",
    }


@pytest.mark.parametrize("kind", [*PICTURES, "zip", "docx", "doc", "pdf"])
def test_no_damage_is_anything_but_a_refusal(look, make_zip, kind):
    whole = good_files(make_zip)[kind]
    chance = random.Random(kind)
    outcomes = {"taken": 0, "refused": 0}
    for _round in range(300):
        data = bytearray(whole)
        for _change in range(chance.randint(1, 4)):
            data[chance.randrange(len(data))] = chance.choice((0, 1, 0x7F, 0x80, 0xFF, chance.randrange(256)))
        if chance.random() < 0.3:
            del data[chance.randrange(len(data)) :]
        if not data:
            continue
        try:
            look(bytes(data), f"x.{kind}")
            outcomes["taken"] += 1
        except rules.FileRefused:
            outcomes["refused"] += 1
    assert outcomes["refused"] > 10
    assert sum(outcomes.values()) > 250


def test_uploads_left_empty_are_passed_over(disk):
    class Empty:
        filename = ""
        stream = io.BytesIO(b"")

    assert intake.receive_uploads([Empty()]) == []
