"""PDF in packs: made once and kept by the digest of the Word file; without LibreOffice the pack says so."""

import json

import pytest

from auditkit.documents import pdf
from auditkit.packs.verify import verify

from .test_service import built, members

pytestmark = [pytest.mark.usefixtures("key"), pytest.mark.sqlite_only]


def test_each_is_made_once_so_that_the_same_records_give_the_same_bytes(
    acme, year, instance, tmp_path, monkeypatch
) -> None:
    made: list[int] = []

    def convert_all(documents, *_more):
        made.append(len(documents))
        return [b"%%PDF-1.7 %d" % (number + sum(made)) for number in range(len(documents))]  # other bytes each time

    monkeypatch.setattr(pdf, "convert_all", convert_all)
    first = built(acme, instance, tmp_path / "1.zip", pdf=True).sealed
    asked = list(made)
    assert built(acme, instance, tmp_path / "2.zip", pdf=True).sealed.root == first.root
    assert made == asked, "a PDF was made again"
    assert verify(first.file).good
    found = members(first.file)
    assert found[f"data/documents/audit-report-{year}.pdf"].startswith(b"%PDF")
    redacted = built(acme, instance, tmp_path / "r.zip", pdf=True, form="redacted").sealed
    assert verify(redacted.file).good, list(map(str, verify(redacted.file).problems))
    assert redacted.shared_root == first.shared_root


def test_without_libreoffice_the_pack_is_built_and_says_so(acme, year, instance, tmp_path, monkeypatch) -> None:
    monkeypatch.setenv(pdf.VARIABLE, "no-such-program")
    file = built(acme, instance, tmp_path / "pack.zip", pdf=True).sealed.file
    assert verify(file).good
    found = members(file)
    assert not [path for path in found if path.endswith(".pdf")]
    (omitted,) = json.loads(found["omissions.json"])["omitted"]
    assert omitted["what"] == "Documents as PDF"
    assert "LibreOffice" in omitted["why"]
    assert omitted["why"] in found["index.html"].decode()


def test_a_libreoffice_that_hangs_is_stopped_and_the_pack_is_built_and_says_so(
    acme, year, instance, tmp_path, monkeypatch
) -> None:
    hanging = tmp_path / "soffice"
    hanging.write_text("#!/bin/sh\nsleep 300\n")
    hanging.chmod(0o755)
    monkeypatch.setenv(pdf.VARIABLE, str(hanging))
    convert_all = pdf.convert_all

    def impatient(documents, *more):
        return convert_all(documents, *more, limits=pdf.Limits(wall_seconds=1 - pdf.EACH_SECONDS * len(documents)))

    monkeypatch.setattr(pdf, "convert_all", impatient)
    file = built(acme, instance, tmp_path / "pack.zip", pdf=True).sealed.file
    assert verify(file).good
    found = members(file)
    assert [path for path in found if path.endswith(".docx")]
    assert not [path for path in found if path.endswith(".pdf")]
    (omitted,) = json.loads(found["omissions.json"])["omitted"]
    assert omitted["what"] == "Documents as PDF"
    assert "time" in omitted["why"] or " s" in omitted["why"]
