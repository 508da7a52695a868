"""PDF through LibreOffice: made where there is one, said where there is none, killed with all its children in time."""

import io
import shutil
import stat
import subprocess
import sys
import time
from operator import ne
from pathlib import Path

import pytest
from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from auditkit.documents import pdf
from auditkit.documents.pdf import Limits, PdfFailed, PdfUnavailable


def word(text: str = "One page") -> bytes:
    out = io.BytesIO()
    document = Document()
    document.add_paragraph(text)
    document.save(out)
    return out.getvalue()


def program(folder: Path, script: str) -> str:
    """A stand-in for LibreOffice."""
    file = folder / "soffice"
    file.write_text(f"#!/bin/sh\n{script}\n")
    file.chmod(file.stat().st_mode | stat.S_IXUSR)
    return str(file)


def test_a_pdf_is_made() -> None:
    if not pdf.available():
        pytest.skip("install LibreOffice (Debian: libreoffice-writer-nogui)")
    made = pdf.convert(word())
    assert made.startswith(b"%PDF-")


def test_without_libreoffice_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(pdf.VARIABLE, "/nowhere/soffice")
    assert not pdf.available()
    with pytest.raises(PdfUnavailable, match="Take the Word file"):
        pdf.convert(word())


def test_what_makes_nothing_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(pdf.VARIABLE, program(tmp_path, "echo source file could not be loaded; exit 1"))
    with pytest.raises(PdfFailed, match="source file could not be loaded"):
        pdf.convert(word())


def test_time_runs_out_for_the_process_and_its_children(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    noted = tmp_path / "child"
    monkeypatch.setenv(pdf.VARIABLE, program(tmp_path, f"sleep 300 & echo $! > {noted}; wait"))
    began = time.monotonic()
    with pytest.raises(PdfFailed, match="> 1 s"):
        pdf.convert(word(), Limits(wall_seconds=1))
    assert time.monotonic() - began < 120
    child = int(noted.read_text())
    for _attempt in range(600):
        state = subprocess.run(["ps", "-o", "stat=", "-p", str(child)], capture_output=True, text=True, check=False)
        if not state.stdout.strip() or state.stdout.startswith("Z"):
            return
        time.sleep(0.1)
    pytest.fail("the child lives on")


def test_it_sees_nothing_of_ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    noted = tmp_path / "seen"
    monkeypatch.setenv("AUDITKIT_SECRET_KEY", "do not tell")
    monkeypatch.setenv(pdf.VARIABLE, program(tmp_path, f"env > {noted}; ls /sys/class/net >> {noted}"))
    with pytest.raises(PdfFailed):
        pdf.convert(word())
    seen = noted.read_text()
    assert "do not tell" not in seen
    home = next(line for line in seen.splitlines() if line.startswith("HOME="))
    assert not Path(home.removeprefix("HOME=")).exists()  # gone with everything in it


def test_it_has_no_network_where_the_kernel_allows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if not pdf._without_network():
        pytest.skip("this kernel gives no network namespaces to ordinary processes")
    noted = tmp_path / "net"
    monkeypatch.setenv(pdf.VARIABLE, program(tmp_path, f"cat /proc/net/dev > {noted}"))
    with pytest.raises(PdfFailed):
        pdf.convert(word())
    interfaces = [line.split(":")[0].strip() for line in noted.read_text().splitlines() if ":" in line]
    assert interfaces == ["lo"]


# A stand-in that writes each document's name into its PDF, one after the other.
ONE_BY_ONE = """
while [ "$1" != "--outdir" ]; do shift; done
out="$2"; shift 2; mkdir -p "$out"; echo started >> "$NOTED"
for source; do
  name=$(basename "$source" .docx); sleep 0.6
  [ "$name" = "$SKIP" ] || { echo "%PDF- $name"; cat "$source"; } > "$out/$name.pdf"
done
"""


def test_a_batch_is_made_by_one_process_in_its_order_and_tells_how_far_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    noted = tmp_path / "noted"
    monkeypatch.setenv(pdf.VARIABLE, program(tmp_path, ONE_BY_ONE.replace("$NOTED", str(noted))))
    heard: list[float] = []

    made = pdf.convert_all([b"x" * 200 + name for name in (b"first", b"second", b"third")], heard.append)

    assert noted.read_text() == "started\n"
    assert [content.removeprefix(b"%PDF- 0000").split(b"x")[-1] for content in made] == [b"first", b"second", b"third"]
    assert heard == sorted(heard)
    assert heard[-1] == 1.0
    assert set(heard) & {1 / 3, 2 / 3}


def test_a_batch_without_one_of_its_documents_hands_out_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = ONE_BY_ONE.replace("$NOTED", "/dev/null").replace("$SKIP", "00001")
    monkeypatch.setenv(pdf.VARIABLE, program(tmp_path, script))

    with pytest.raises(PdfFailed, match="document 2"):
        pdf.convert_all([b"x" * 200, b"y" * 200])


def test_a_batch_that_hangs_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(pdf.VARIABLE, program(tmp_path, "sleep 300"))
    began = time.monotonic()

    with pytest.raises(PdfFailed, match="> 1 s"):
        pdf.convert_all([word()], lambda _: None, Limits(wall_seconds=1 - pdf.EACH_SECONDS))
    assert time.monotonic() - began < 120


def test_libreoffice_makes_a_batch() -> None:
    if not pdf.available():
        pytest.skip("install LibreOffice (Debian: libreoffice-writer-nogui)")
    made = pdf.convert_all([word("one"), word("two")])
    assert [content[:5] for content in made] == [b"%PDF-", b"%PDF-"]
    assert pdf.convert_all([]) == []


def _page_number(number: str) -> bytes:
    """A Persian line that ends in a number: as a field of Word's, or as a text."""
    out = io.BytesIO()
    document = Document()
    paragraph = document.add_paragraph()
    paragraph._p.get_or_add_pPr().append(parse_xml(f"<w:bidi {nsdecls('w')}/>"))
    rtl = f"<w:rPr {nsdecls('w')}><w:rtl/><w:lang w:bidi='fa-IR'/></w:rPr>"
    paragraph._p.append(parse_xml(f"<w:r {nsdecls('w')}>{rtl}<w:t xml:space='preserve'>صفحهٔ </w:t></w:r>"))
    run = f"<w:r {nsdecls('w')}>{rtl}<w:t>{number or 1}</w:t></w:r>"
    paragraph._p.append(
        parse_xml(run if number else f"<w:fldSimple {nsdecls('w')} w:instr=' PAGE '>{run}</w:fldSimple>")
    )
    document.add_paragraph("ISO 10002:2018, A-2026-001")
    document.save(out)
    return out.getvalue()


def test_pages_of_a_persian_document_are_numbered_in_persian_digits(tmp_path: Path) -> None:
    if not pdf.available() or shutil.which("pdftoppm") is None:
        pytest.skip("install LibreOffice and Poppler (Debian: libreoffice-writer-nogui, poppler-utils)")
    drawn = []
    for place, made in enumerate(pdf.convert_all([_page_number(""), _page_number("۱"), _page_number("8")])):
        file = tmp_path / f"{place}.pdf"
        file.write_bytes(made)
        run = subprocess.run(["pdftoppm", "-r", "200", "-gray", file], check=True, capture_output=True, timeout=60)
        drawn.append([dot < 128 for dot in run.stdout])
    field, persian, other = drawn
    # A field may stand a fraction of a dot beside a text
    assert sum(map(ne, field, persian)) * 3 < sum(map(ne, field, other))
    assert abs(sum(field) - sum(persian)) * 3 < abs(sum(field) - sum(other)), "as much ink as the Persian digit"


def test_where_the_machine_allows_less_the_program_runs_within_that() -> None:
    """A container's own limits stand: ours only ever lower them."""
    script = (
        "import resource, sys; from auditkit.documents import pdf; size = 4 << 30;"
        "resource.setrlimit(resource.RLIMIT_AS, (size, size)); pdf._confinement(pdf.Limits())();"
        "sys.exit(resource.getrlimit(resource.RLIMIT_AS)[1] > size)"
    )
    pytest.importorskip("resource")
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
