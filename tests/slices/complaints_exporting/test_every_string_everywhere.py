"""The fuzz lists, all of them, through every field that strangers, complainants and members fill in, and out again.

Which fields there are is read from the forms and from `privacy.fates`, so that a new one is covered by itself.
"""

import csv
import io
import itertools
import json
import zipfile
from pathlib import Path

import docx
import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from auditkit.base import clock as time
from auditkit.base.db import Base, db, reading, transaction
from auditkit.complaints.correspondence.models import ComplaintMessage
from auditkit.complaints.exporting.rules import paragraphs
from auditkit.complaints.intake import rules as intake
from auditkit.complaints.intake.models import ComplaintIntake, ComplaintReceipt
from auditkit.complaints.models import Complaint
from auditkit.complaints.privacy import erasing
from auditkit.complaints.privacy.fates import FATES, Fate, columns
from auditkit.complaints.queries import Wanted
from auditkit.complaints.register import exporting
from auditkit.complaints.survey import rules as survey
from auditkit.documents.tables import unguard
from tests.slices.complaints.intake.filling import send
from tests.slices.complaints_exporting.test_case_files import download, unpacked, words
from tests.slices.complaints_privacy import filling

NAME = "q0123456789ab"
WRITTEN = (Fate.BLANK, Fate.MARK, Fate.SIFT)


def storable(text: str) -> bool:
    return bool(text.strip()) and "\x00" not in text and not any("\ud800" <= char <= "\udfff" for char in text)


def everything(shared) -> list[str]:
    """Every string of every list once: those in JSON as they are, those in files line by line."""
    folder = Path(shared("bad_inputs/strings/blns.json")).parent
    found: dict[str, None] = {}
    for path in sorted(folder.iterdir()):
        if path.suffix == ".json":
            found |= dict.fromkeys(json.loads(path.read_text(encoding="utf-8")))
        else:
            found |= dict.fromkeys(path.read_bytes().decode("utf-8", "replace").splitlines())
    texts = [text for text in found if storable(text)]
    assert len(texts) > 1_500, "the lists are there, all of them"
    return texts


def in_one_line(text: str) -> str:
    return " ".join(text.split())


# Ways in


TEXT_FIELDS = ("subject", "description", "site", "product", "order_reference", "batch", "wanted_remedy", "for_name",
               "authority", "name", "phone", "street", "postcode", "city", "country", "contact_person",
               "accessibility")  # fmt: skip
KEPT_IN = {
    "for_name": "complainant_name", "name": "representative", "phone": "complainant_phone",
    "street": "complainant_street", "postcode": "complainant_postcode", "city": "complainant_city",
    "country": "complainant_country",
}  # fmt: skip
"""Where a field is kept that is called otherwise: who acts for somebody else is the representative."""


def test_the_public_form_keeps_every_string_in_every_field(acme, browser, shared, clock):
    stranger = browser()
    page = stranger.get("/p/acme/complaints/new")
    drawn = {
        field["name"]
        for field in page.soup.find("form", {"action": lambda url: url and url.endswith("/new")}).find_all(
            ["input", "textarea"]
        )
        if field.name == "textarea" or field.get("type") in ("text", "tel", "search")
    }
    assert drawn - {"website"} == set(TEXT_FIELDS), "a new field has to be written into here"
    texts = [text[:30] for text in everything(shared) if storable(text[:30]) and len(text.splitlines()) == 1][::5]
    around = itertools.cycle(texts)
    for number in range(len(texts) // len(TEXT_FIELDS) + 1):
        said = {name: next(around) for name in TEXT_FIELDS}
        clock.advance(hours=1)
        page = send(stranger, clock, whose="other", email="z@c.example", **said)
        assert "Your complaint has arrived" in page.text, said
        db.session.rollback()
        tx = reading(acme.system)
        complaint = tx.execute(select(Complaint).order_by(Complaint.id.desc()).limit(1)).scalar_one()
        beside = tx.execute(select(ComplaintIntake).where(ComplaintIntake.complaint_id == complaint.id)).scalar_one()
        content = tx.execute(
            select(ComplaintReceipt.content).where(ComplaintReceipt.complaint_id == complaint.id)
        ).scalar_one()
        for name, text in said.items():
            column = KEPT_IN.get(name, name)
            kept = getattr(complaint, column, None) if hasattr(complaint, column) else getattr(beside, column)
            assert kept == text.strip(), (number, name)
        assert json.loads(content)["said"]["description"] == said["description"].strip()
        own = in_one_line(stranger.get("/p/acme/complaints/mine").soup.get_text(" "))
        assert in_one_line(said["description"]) in own
        assert in_one_line(said["subject"]) in own


STAFF_FIELDS = ("subject", "description", "wanted_remedy", "name", "phone", "accessibility", "street", "postcode",
                "city", "region", "country", "representative", "authority", "contact_person", "order_reference",
                "product", "site", "batch", "segment", "recipient", "unit", "department", "referred_by",
                "external_reference")  # fmt: skip
NO_WORDS = {"received_on", "received_time", "happened_on", "purchased_on", "email"}


@pytest.mark.sqlite_only
def test_the_form_of_members_keeps_every_string_in_every_field(acme, browser, shared, clock):
    member = browser(acme, "complaint-handler")
    form = member.get("/o/acme/complaints/new").form("/new")
    typed = ("hidden", "checkbox", "radio", "file", "submit")
    drawn = {field["name"] for field in form.find_all(["input", "textarea"]) if field.get("type") not in typed}
    assert drawn - NO_WORDS == set(STAFF_FIELDS), "a new field has to be written into here"
    texts = [text[:20] for text in everything(shared) if storable(text[:20]) and len(text.splitlines()) == 1][::5]
    around = itertools.cycle(texts)
    for _number in range(len(texts) // len(STAFF_FIELDS) + 1):
        said = {name: next(around) for name in STAFF_FIELDS}
        member.get("/o/acme/complaints/new")
        page = member.post_form({**said, "channel": "phone"}, action="/new")
        assert page.title == "Receipt for the complainant", (page.text, said)
        db.session.rollback()
        tx = reading(acme.system)
        complaint = tx.execute(select(Complaint).order_by(Complaint.id.desc()).limit(1)).scalar_one()
        beside = tx.execute(select(ComplaintIntake).where(ComplaintIntake.complaint_id == complaint.id)).scalar_one()
        for name, text in said.items():
            column = name if hasattr(complaint, name) or hasattr(beside, name) else f"complainant_{name}"
            kept = getattr(complaint, column) if hasattr(complaint, column) else getattr(beside, column)
            assert kept == text.strip(), name
        shown = in_one_line(member.get(f"/o/acme/complaints/{complaint.reference}").soup.get_text(" "))
        assert [said[name] for name in ("subject", "description") if in_one_line(said[name]) not in shown] == []


def test_what_complainants_write_on_their_own_page_stays_as_it_is(acme, browser, shared, clock):
    stranger = browser()
    send(stranger, clock)
    texts = everything(shared)[::40]
    for text in texts:
        clock.advance(minutes=2)
        stranger.get("/p/acme/complaints/mine")
        page = stranger.post_form({"text": text}, action="/reply")
        assert "Your message has arrived" in page.text
    db.session.rollback()
    kept = reading(acme.system).execute(
        select(ComplaintMessage.text).where(ComplaintMessage.direction == "in").order_by(ComplaintMessage.id)
    )
    assert kept.scalars().all() == [text.strip().replace("\r\n", "\n").replace("\r", "\n") for text in texts]
    shown = in_one_line(stranger.get("/p/acme/complaints/mine").soup.get_text(" "))
    assert [text for text in texts if in_one_line(text) not in shown] == []


def test_lines_and_comments_take_every_string(shared):
    for text in everything(shared):
        assert survey.check_comment(text[: survey.LONGEST_COMMENT]) == text[: survey.LONGEST_COMMENT]
        assert intake.check_line("words", text[:1000]) == text[:1000].strip()


# Ways out


@pytest.fixture
def naughty_case(acme, clock, shared) -> tuple[str, dict[str, dict[str, str]]]:
    """A case with strings of the lists in every column that people's words stand in; its reference and the words."""
    actor = acme.actor("quality-manager")
    complaint_id, reference = filling.registered(actor, filling.identity(NAME), NAME)
    filling.closed(complaint_id, NAME)
    filling.filled(acme.id, complaint_id, acme.person("staff"), NAME)
    texts = [text for text in everything(shared) if text == text.strip()]
    written: dict[str, dict[str, str]] = {}
    turn = 0
    with db.engine.begin() as connection:
        for name in FATES:
            table, values = Base.metadata.tables[name], {}
            for column, fate in columns(name):
                if fate not in WRITTEN:
                    continue
                turn += 97
                length = getattr(table.c[column].type, "length", None)
                rotated = [*texts[turn % len(texts) :], *texts[: turn % len(texts)]]
                values[column] = "\n".join(rotated)[:60_000] if length is None else rotated[0][:length].strip() or "x"
            if values:
                condition = erasing.rows_of(name, complaint_id)
                filled = {
                    column: text
                    for column, text in values.items()
                    if _is_filled(connection, table.c[column], condition)
                }
                for column, text in filled.items():
                    connection.execute(table.update().where(condition, table.c[column] != "").values({column: text}))
                written[name] = filled
    return reference, written


def _is_filled(connection, column, condition) -> bool:
    return connection.execute(select(column).where(condition, column != "")).first() is not None


def test_a_case_leaves_with_every_string_in_every_column(acme, browser, naughty_case):
    reference, written = naughty_case
    members = unpacked(download(browser, acme, reference, "whole", "zip"))
    records = json.loads(members[f"{reference}/case.json"])["records"]
    checked = 0
    for table, values in written.items():
        for column, text in values.items():
            assert text in [row[column] for row in records[table]], f"{table}.{column}"
            checked += 1
    assert checked > 60, "columns that people write into"
    letter = next(data for name, data in members.items() if "/messages/0001" in name).decode()
    assert written["complaint_message"]["text"] in letter
    said = in_one_line(words(members[f"{reference}/case.docx"]))
    for table, column in (
        ("complaint", "description"),
        ("complaint_decision", "reasons"),
        ("complaint_message", "text"),
    ):
        lines = paragraphs(written[table][column])
        assert [line for line in lines if in_one_line(line) not in said] == [], f"{table}.{column}"
    assert docx.Document(io.BytesIO(members[f"{reference}/case.docx"])).paragraphs


def test_nothing_of_it_leaves_with_a_redacted_case(acme, browser, naughty_case):
    reference, written = naughty_case
    members = unpacked(download(browser, acme, reference, "redacted", "zip"))
    records = json.loads(members[f"{reference}/case.json"])["records"]
    for table, values in written.items():
        for column, text in values.items():
            if dict(columns(table))[column] is not Fate.SIFT:
                assert text not in [row[column] for row in records[table]], f"{table}.{column}"


@pytest.mark.parametrize("kind", [exporting.CSV, exporting.XLSX])
def test_the_register_leaves_with_every_string(acme, shared, clock, tmp_path, kind):
    actor = acme.actor("quality-manager")
    texts = everything(shared)[::5]
    kept = {}
    for text in texts:
        line = text[:60].strip() or "-"
        _id, reference = filling.registered(
            actor, filling.identity(NAME), NAME, subject=line, description=text, product=line, wanted_remedy=text
        )
        kept[reference] = (line, text)
    path = tmp_path / f"register.{kind}"
    with transaction(actor) as tx:
        exporting.write(tx, Wanted(), path, kind, identity=True, now=time.now())
    if kind == exporting.CSV:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.reader(file))
    else:
        with zipfile.ZipFile(path) as book:
            assert b"<f>" not in book.read("xl/worksheets/sheet1.xml"), "no cell is a formula"
        sheet = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0)
        rows = [[str(cell) for cell in row] for row in sheet.to_python()]
    at = {name: rows[0].index(name) for name in ("Reference", "Subject", "Description", "Remedy wanted")}
    found = {row[at["Reference"]]: row for row in rows[1:]}
    assert set(found) == set(kept)
    for reference, (line, text) in kept.items():
        for name, wanted in (("Subject", line), ("Description", text), ("Remedy wanted", text)):
            cell = found[reference][at[name]]
            if kind == exporting.CSV:
                assert cell[:1] not in ("=", "+", "-", "@", "\t", "\r", "＝"), "no cell is a formula"
                cell = unguard(cell)
            assert in_one_line(cell) == in_one_line(wanted), (reference, name)
