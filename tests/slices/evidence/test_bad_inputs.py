"""Every file of the shared bad inputs (`files`, `images`, `zip`) behaves as its CASES.tsv says.

What is refused leaves nothing behind; what is taken is of the kind its content says, and a person is told what was odd.
"""

import csv
import io

import pytest

from auditkit.evidence import intake, rules

TAKEN, REFUSED = "taken", "refused"

# file -> (refusal, part of its message) or (kind, codes of the notices)
CASES = {
    "zip/slip_dotdot.zip": (rules.MemberMisplaced, "../../tmp/evil_slip.txt"),
    "zip/slip_absolute.zip": (rules.MemberMisplaced, "/tmp/evil_abs.txt"),
    "zip/slip_backslash.zip": (rules.MemberMisplaced, "evil_win.txt"),
    "zip/dup_names.zip": (rules.MemberTwice, "“a.txt” twice"),
    "zip/case_collision.zip": ("zip", []),
    "zip/nfc_nfd.zip": ("zip", []),
    "zip/names_unicode.zip": ("zip", []),
    "zip/bomb_10MB_to_10kB.zip": (rules.ArchiveBomb, "1015 times its size"),
    "zip/bomb_1GB.zip": (rules.ArchiveBomb, "times its size"),
    "zip/bomb_nested.zip": (rules.MemberIsArchive, "“l2_0.zip” is an archive inside"),
    "zip/symlink.zip": (rules.MemberIsLink, "“link” in the archive is a link"),
    "zip/many_files.zip": (rules.ArchiveTooMany, "holds 20000 files; at most 5000"),
    "zip/truncated.zip": (rules.ArchiveDamaged, "cut off or damaged"),
    "zip/prefix_junk.zip": (rules.ProgramRefused, "Windows program"),
    "zip/bad_crc.zip": (rules.MemberDamaged, "“a.txt” in the archive is damaged"),
    "zip/encrypted_flag.zip": (rules.ArchiveLocked, "password protected (“a.txt”)"),
    "images/ok.png": ("png", []),
    "images/html_polyglot.png": ("png", ["trailing-data"]),
    "images/text_chunk_xss.png": ("png", []),
    "images/bomb_30000x30000.png": (rules.PictureTooLarge, "30000 × 30000 pixels; at most 250 million"),
    "images/gifar.gif": (rules.FileDamaged, "GIF picture"),
    "images/wrong_ext.jpg": ("png", ["named-otherwise"]),
    "images/exe_named.png": (rules.ProgramRefused, "Windows program"),
    "images/script.svg": ("svg", ["active-svg"]),
    "images/xxe.svg": ("svg", ["active-svg"]),
    "images/use_external.svg": ("svg", ["active-svg"]),
    "files/html.txt": ("txt", []),
    "files/page.html": ("html", ["active-html"]),
    "files/shell.phtml": ("txt", ["named-otherwise"]),
    "files/js.pdf": ("pdf", ["active-pdf"]),
    "files/name_list.json": ("json", []),
    "files/empty.bin": (rules.FileEmpty, "The file is empty"),
}
REFUSALS = {name: case for name, case in CASES.items() if isinstance(case[0], type)}
ACCEPTED = {name: case for name, case in CASES.items() if isinstance(case[0], str)}


def receive(disk, path):
    with path.open("rb") as file:
        return intake.receive([(file, path.name)], disk)


def test_no_case_is_forgotten(shared):
    with shared("bad_inputs/CASES.tsv").open(encoding="utf-8", newline="") as file:
        listed = {row["file"] for row in csv.DictReader(file, delimiter="\t")}
    ours = {name for name in listed if name.startswith(("zip/", "images/", "files/"))}
    assert len(ours) > 25
    assert ours == set(CASES)


@pytest.mark.parametrize("name", sorted(REFUSALS))
def test_refused(name, shared, disk, tmp_path):
    refusal, text = REFUSALS[name]
    path = shared(f"bad_inputs/{name}")
    with pytest.raises(rules.UploadsRefused) as caught:
        receive(disk, path)
    (told,) = caught.value.refusals
    assert type(told) is refusal
    assert text in str(told)
    assert str(told).startswith(path.name + ": ")
    assert [left for left in tmp_path.rglob("*") if left.is_file()] == [], "something was stored"


@pytest.mark.parametrize("name", sorted(ACCEPTED))
def test_taken(name, shared, disk):
    kind, codes = ACCEPTED[name]
    path = shared(f"bad_inputs/{name}")
    (received,) = receive(disk, path)
    assert received.kind == kind
    assert [notice["code"] for notice in received.notices] == codes
    assert b"".join(disk.open_stream(received.digest)) == path.read_bytes()


def test_a_picture_by_another_name_says_so(shared, disk):
    (received,) = receive(disk, shared("bad_inputs/images/wrong_ext.jpg"))
    assert received.media_type == "image/png"
    assert received.notices == [{"code": "named-otherwise", "extension": ".jpg", "kind": "png"}]


def test_no_name_in_an_archive_is_lost(shared, disk):
    (received,) = receive(disk, shared("bad_inputs/zip/nfc_nfd.zip"))
    assert len({name for name, _size in received.details["members"]}) == 2
    (received,) = receive(disk, shared("bad_inputs/zip/names_unicode.zip"))
    assert "\u202egnp.exe" in [name for name, _size in received.details["members"]], "kept exactly; shown otherwise"


@pytest.mark.parametrize(
    "name", ["csv/nul_bytes.csv", "csv/xlsx_named.csv", "csv/koi8r.csv", "csv/utf16le_bom_tab.csv"]
)
def test_tables_as_evidence(name, shared, disk):
    path = shared(f"bad_inputs/{name}")
    if name == "csv/nul_bytes.csv":
        with pytest.raises(rules.UploadsRefused, match="Files of this kind are not taken"):
            receive(disk, path)
        return
    (received,) = receive(disk, path)
    expected = {
        "csv/xlsx_named.csv": ("xlsx", ["named-otherwise"]),
        "csv/koi8r.csv": ("csv", ["charset-unknown"]),
        "csv/utf16le_bom_tab.csv": ("csv", []),
    }[name]
    assert (received.kind, [notice["code"] for notice in received.notices]) == expected


def test_one_bad_file_of_several_stores_none(shared, disk, tmp_path):
    paths = [shared(f"bad_inputs/{name}") for name in ("images/ok.png", "files/empty.bin", "images/exe_named.png")]
    with pytest.raises(rules.UploadsRefused) as caught:
        intake.receive([(io.BytesIO(path.read_bytes()), path.name) for path in paths], disk)
    assert str(caught.value).splitlines() == [
        "empty.bin: The file is empty. Choose the file that holds the evidence",
        f"exe_named.png: {rules.ProgramRefused(what='Windows program')}",
    ]
    assert [left for left in tmp_path.rglob("*") if left.is_file()] == []
