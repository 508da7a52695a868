"""`auditkit complaints import`: counts as JSON, exit codes, the list of refused rows, and words for people."""

import csv
import io
from pathlib import Path

import pytest
from sqlalchemy import func, select

from auditkit.base.db import reading
from auditkit.complaints.importing.dates import FORMATS
from auditkit.complaints.importing.fields import FIELDS
from auditkit.complaints.importing.profiles import named_profile
from auditkit.complaints.models import Complaint


def how_many(house) -> int:
    found = select(func.count()).select_from(Complaint).where(Complaint.organisation_id == house.id)
    return reading(house.system).execute(found).scalar_one()


def test_the_counts_come_as_json_and_again_there_is_nothing_new(acme, command, shared) -> None:
    path = shared("complaints/cfpb_148_snakecase_iso.csv")
    arguments = ("complaints", "import", str(path), "--org", "acme", "--json")
    first = command(*arguments)
    assert first.code == 0
    counts = {name: first.json[name] for name in ("rows", "imported", "duplicates", "rejected", "warnings")}
    assert counts == {"rows": 145, "imported": 145, "duplicates": 0, "rejected": 0, "warnings": 0}
    assert first.json["profile"] == "cfpb"
    assert {one["about"] for one in first.json["announcements"]} >= {"encoding", "delimiter", "header", "dates"}
    again = command(*arguments)
    assert (again.code, again.json["imported"], again.json["duplicates"]) == (0, 0, 145)
    assert how_many(acme) == 145


def test_people_read_what_was_guessed_and_where_rows_were_refused(acme, command, shared) -> None:
    answer = command("complaints", "import", str(shared("bad_inputs/csv/ragged_rows.csv")), "--org", "acme")
    assert answer.code == 0
    assert "Cells end at each comma" in answer.out
    assert "line 2: 4 cells where the table has 6 columns" in answer.out
    assert "4 rows, 1 imported, 0 duplicates, 3 rejected, 0 warnings" in answer.out


def test_refused_rows_are_listed_with_line_and_reason_and_are_safe_to_open(acme, command, tmp_path: Path) -> None:
    table, rejects = tmp_path / "in.csv", tmp_path / "rejects.csv"
    table.write_text("Reference,Received,Subject\nC-1,2026-01-05,x\n=1+1,2026-13-05,y\nC-3,2026-01-05\n")
    answer = command("complaints", "import", str(table), "--org", "acme", "--rejects", str(rejects))
    assert answer.code == 0
    rows = list(csv.reader(io.StringIO(rejects.read_text(encoding="utf-8-sig"))))
    assert rows[0] == ["line", "row", "reason", "Reference", "Received", "Subject"]
    assert rows[1][:2] == ["3", "2"]
    assert "2026-13-05" in rows[1][2]
    assert rows[1][3:] == ["'=1+1", "2026-13-05", "y"]
    assert rows[2][:2] == ["4", "3"]
    assert "2 cells where the table has 3" in rows[2][2]


def test_the_list_of_refused_rows_put_right_is_imported(acme, command, tmp_path: Path) -> None:
    table, rejects, profile = tmp_path / "in.csv", tmp_path / "rejects.csv", tmp_path / "mine.yaml"
    table.write_text("Reference,Received,Subject\n=1+1,2026-13-05,y\nC-1,2026-01-05,x\n")
    profile.write_text(
        "kind: import-profile\nid: mine\ntitle: Mine\nfile: {guarded: true}\n"
        "fields:\n  reference: {column: Reference}\n  received: {column: Received}\n  subject: {column: Subject}\n"
    )
    command("complaints", "import", str(table), "--org", "acme", "--rejects", str(rejects))
    rejects.write_text(rejects.read_text(encoding="utf-8-sig").replace("2026-13-05", "2026-01-13"))
    answer = command("complaints", "import", str(rejects), "--org", "acme", "--profile", str(profile), "--json")
    assert answer.json["imported"] == 1
    wanted = select(Complaint.external_reference).where(Complaint.organisation_id == acme.id)
    assert set(reading(acme.system).execute(wanted).scalars()) == {"C-1", "=1+1"}


def test_a_dry_run_shows_the_first_rows_and_stores_nothing(acme, command, shared) -> None:
    path = shared("bad_inputs/csv/cp1251_semicolon.csv")
    answer = command("complaints", "import", str(path), "--org", "acme", "--dry-run")
    assert answer.code == 0
    assert "Windows-1251" in answer.out
    assert "DD.MM.YYYY" in answer.out
    assert "2026-01-05 | received | Ж-1" in answer.out
    assert "1 would be imported" in answer.out
    assert how_many(acme) == 0


@pytest.mark.parametrize(
    ("name", "options", "code"),
    [
        ("cp1253_greek", (), 2),
        ("cp1253_greek", ("--dry-run",), 1),
        ("empty", (), 2),
        ("empty", ("--dry-run",), 2),
        ("json_named", ("--json",), 2),
        ("wide_2000_cols", (), 2),
        ("huge_cell", (), 1),
        ("only_header", (), 0),
        ("utf8_bom", ("--profile", "cfpb"), 2),
        ("utf8_bom", ("--profile", "nobody"), 2),
        ("utf8_bom", ("--profile", "nowhere/absent.yaml"), 2),
    ],
)
def test_exit_codes_tell_good_from_negative_from_unusable(
    acme, command, shared, name: str, options: tuple[str, ...], code: int
) -> None:
    answer = command("complaints", "import", str(shared(f"bad_inputs/csv/{name}.csv")), "--org", "acme", *options)
    assert answer.code == code
    assert "Traceback" not in answer.err + answer.out
    assert (answer.err if code == 2 else answer.out).strip()
    assert how_many(acme) == 0


def test_a_file_that_is_refused_leaves_no_list_of_refused_rows(acme, command, shared, tmp_path: Path) -> None:
    rejects = tmp_path / "rejects.csv"
    path = shared("bad_inputs/csv/empty.csv")
    assert command("complaints", "import", str(path), "--org", "acme", "--rejects", str(rejects)).code == 2
    assert not rejects.exists()


def test_the_list_of_refused_rows_never_overwrites_the_file_and_needs_a_place(acme, command, tmp_path: Path) -> None:
    table = tmp_path / "in.csv"
    table.write_text("Reference,Received,Subject\nC-1,2026-01-05,x\n")
    for rejects in (table, tmp_path / "nowhere" / "rejects.csv"):
        answer = command("complaints", "import", str(table), "--org", "acme", "--rejects", str(rejects))
        assert answer.code == 2
        assert "another file" in answer.err
    assert "C-1" in table.read_text()
    assert how_many(acme) == 0


def test_an_unknown_organisation_is_said(acme, command, shared) -> None:
    answer = command("complaints", "import", str(shared("bad_inputs/csv/utf8_bom.csv")), "--org", "nobody")
    assert answer.code != 0
    assert "nobody" in answer.err


def test_the_profile_of_the_guide_is_sound_and_the_guide_names_every_field_and_format(tmp_path: Path) -> None:
    guide = (Path(__file__).parents[3] / "docs" / "importing.md").read_text(encoding="utf-8")
    profile = tmp_path / "guide.yaml"
    profile.write_text(guide.split("```yaml\n")[1].split("```")[0], encoding="utf-8")
    assert named_profile(str(profile)).closed_without_date == "unknown"
    for name in (*FIELDS, *FORMATS):
        assert f"{name}," in guide.replace("\n", " ") or f"{name}." in guide
