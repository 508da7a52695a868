"""Archives that lie about themselves, and those that are merely something else."""

import ast
import io
import struct
import zipfile
import zlib
from pathlib import Path

import pytest

from auditkit.actions import exchanging
from auditkit.base.unpacking import MOST_MEMBERS, Fault, NotOpened, workbook_kind
from auditkit.content.exchange import requirements
from auditkit.content.exchange import workbook as content_workbook
from auditkit.registers import workbook as register_workbook
from tests.project.source import modules, name_of

MOST = 1 << 20
XLSX = {"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<workbook/>"}
ODS = {"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": b"<content/>"}


def packed(parts: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """An archive of these parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def fault_of(content: bytes, most: int = MOST) -> Fault:
    """Why it is not opened."""
    with pytest.raises(NotOpened) as refused:
        workbook_kind(io.BytesIO(content), most)
    return refused.value.fault


def lying(name: str, content: bytes, stated: int) -> bytes:
    """A workbook whose part `name` says of itself, in both of its headers, that it is `stated` bytes long.

    The checksum is that of so many bytes, so that a reader who stops there finds nothing wrong.
    """
    whole = bytearray(packed(XLSX | {name: content}))
    honest, lie = (struct.pack("<L", zlib.crc32(one)) for one in (content, content[:stated]))
    length, short = struct.pack("<L", len(content)), struct.pack("<L", stated)
    assert whole.count(honest) == 2
    at = -1
    for _header in range(2):
        at = whole.index(honest, at + 1)
        assert whole[at + 8 : at + 12] == length
        whole[at : at + 4], whole[at + 8 : at + 12] = lie, short
    return bytes(whole)


def test_sound_workbooks_are_known(tmp_path: Path) -> None:
    assert workbook_kind(io.BytesIO(packed(XLSX)), MOST) == "xlsx"
    assert workbook_kind(io.BytesIO(packed({"xl/workbook.bin": b"x"}, zipfile.ZIP_STORED)), MOST) == "xlsb"
    file = tmp_path / "a.ods"
    file.write_bytes(packed(ODS))
    assert workbook_kind(file, MOST) == "ods"


def test_a_bomb_that_says_what_it_is_is_refused_at_once() -> None:
    assert fault_of(packed(XLSX | {"xl/worksheets/sheet1.xml": bytes(MOST)})) is Fault.TOO_LARGE


def test_many_small_parts_add_up() -> None:
    parts = {f"xl/worksheets/sheet{number}.xml": bytes(MOST // 8) for number in range(9)}
    assert fault_of(packed(XLSX | parts)) is Fault.TOO_LARGE


def test_a_bomb_that_says_it_is_small_is_counted_in_truth() -> None:
    bomb = lying("xl/worksheets/sheet1.xml", bytes(4 * MOST), 100)
    with zipfile.ZipFile(io.BytesIO(bomb)) as archive:
        assert len(archive.read("xl/worksheets/sheet1.xml")) == 100, "who believes it finds nothing wrong"
    assert fault_of(bomb) is Fault.TOO_LARGE


def test_a_part_that_goes_on_after_its_end_is_damaged() -> None:
    assert fault_of(lying("xl/worksheets/sheet1.xml", b"<row/>" * 1000, 600)) is Fault.DAMAGED


def test_a_part_shorter_than_it_says_is_damaged() -> None:
    whole = bytearray(packed(XLSX, zipfile.ZIP_STORED))
    whole[whole.index(b"<workbook/>") + 1] ^= 0xFF
    assert fault_of(bytes(whole)) is Fault.DAMAGED


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", Fault.NO_ARCHIVE),
        (b"a;b\r\n1;2\r\n", Fault.NO_ARCHIVE),
        (packed(XLSX)[:-30], Fault.NO_ARCHIVE),
        (packed({"word/document.xml": b"<document/>"}), Fault.WORD),
        (packed({"letter.txt": b"Dear Sir"}), Fault.ARCHIVE),
        (packed({"mimetype": b"application/epub+zip", "content.xml": b""}), Fault.ARCHIVE),
        (packed(XLSX, zipfile.ZIP_LZMA), Fault.ODD_PARTS),
        (packed(XLSX | {f"part{number}": b"" for number in range(MOST_MEMBERS)}), Fault.ODD_PARTS),
    ],
)
def test_other_files_are_told_apart(content: bytes, fault: Fault) -> None:
    assert fault_of(content) is fault


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_parts_of_one_name_are_refused() -> None:
    out = io.BytesIO(packed(XLSX))
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("xl/workbook.xml", b"<another/>")
    assert fault_of(out.getvalue()) is Fault.ODD_PARTS


def test_a_password_is_told() -> None:
    whole = bytearray(packed(XLSX))
    for signature, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = -1
        while (place := whole.find(signature, place + 1)) >= 0:
            whole[place + at] |= 1
    assert fault_of(bytes(whole)) is Fault.PASSWORD


# --- who reads workbooks -----------------------------------------------------------------------------------------

CHECKED_BY_ANOTHER = {"auditkit/complaints/importing/sheets.py"}  # `containers.py` looks at what it is given


def test_every_reader_of_workbooks_asks_first() -> None:
    readers, askers = set(), set()
    for path, tree in modules():
        imported = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
        place = path.as_posix().rpartition("/auditkit/")[2]
        if any(isinstance(node, ast.Call) and name_of(node).startswith("CalamineWorkbook") for node in ast.walk(tree)):
            readers.add(f"auditkit/{place}")
        if "auditkit.base.unpacking" in imported:
            askers.add(f"auditkit/{place}")
    assert len(readers) >= 6
    assert readers - askers == CHECKED_BY_ANOTHER


BOMB = lying("xl/worksheets/sheet1.xml", bytes(1 << 20), 100)


def test_registers_and_actions_refuse_a_bomb(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(register_workbook, "LARGEST_UNPACKED", 1 << 16)
    with pytest.raises(register_workbook.WorkbookTooLarge):
        register_workbook._rows(BOMB)
    monkeypatch.setattr(exchanging, "MOST_UNPACKED", 1 << 16)
    with pytest.raises(exchanging.TableTooLarge):
        exchanging._xlsx(BOMB)


def test_content_from_a_bomb_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "bomb.xlsx"
    file.write_bytes(BOMB)
    monkeypatch.setattr(content_workbook, "_MAX_UNPACKED", 1 << 16)
    with pytest.raises(content_workbook.WorkbookRefused, match="bearable"):
        content_workbook._sheets(file)
    monkeypatch.setattr(requirements, "_MAX_UNPACKED", 1 << 16)
    with pytest.raises(requirements.ListRefused, match="bearable"):
        requirements._workbook_rows(file)
