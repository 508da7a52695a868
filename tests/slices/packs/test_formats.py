"""What a pack offers to other programs and to a browser without a network."""

import base64
import hashlib
import importlib
import io
import json
import re
import warnings
import zipfile
from pathlib import Path

import pytest
import python_calamine
from bs4 import BeautifulSoup

from auditkit.packs.verify import verify
from tests.project.page_checks import problems

from . import records
from .test_service import built, members

pytestmark = [pytest.mark.usefixtures("key"), pytest.mark.sqlite_only]

OSCAL = {
    "assessment-plan": "oscal_assessment-plan_schema.json",
    "assessment-results": "oscal_assessment-results_schema.json",
    "plan-of-action": "oscal_poam_schema.json",
}


@pytest.fixture
def pack(acme, year, instance, tmp_path) -> dict[str, bytes]:
    return members(built(acme, instance, tmp_path / "pack.zip").sealed.file)


FORMS = [(form, language) for form in ("whole", "redacted") for language in ("en", "fa")]


@pytest.mark.parametrize(("form", "language"), FORMS)
def test_oscal_is_what_the_schemas_accept(acme, year, instance, tmp_path, shared, form, language) -> None:
    jsonschema_rs = pytest.importorskip("jsonschema", reason="comes with check-jsonschema")
    held = members(built(acme, instance, tmp_path / "pack.zip", form=form, languages=(language,)).sealed.file)
    for name, file in OSCAL.items():
        schema = json.loads(shared(f"lists/oscal-schemas/{file}").read_text())
        document = json.loads(held[f"oscal/{name}.json"])
        # Patterns with \\p{...} are not Python's: the schemas' own note says so; what they guard is checked below.
        validator = jsonschema_rs.Draft7Validator(_without_patterns(schema))
        assert not [f"{list(one.path)}: {one.message}" for one in validator.iter_errors(document)], name


def _trestle_reads(held: dict[str, bytes], place: Path) -> None:
    """Compliance-trestle reads each file as what it says it is and keeps every finding."""
    names = {"assessment-plan": ("assessment_plan", "AssessmentPlan"),
             "assessment-results": ("assessment_results", "AssessmentResults"),
             "plan-of-action": ("poam", "PlanOfActionAndMilestones")}  # fmt: skip
    for name, (module, model) in names.items():
        file = place / f"{name}.json"
        file.write_bytes(held[f"oscal/{name}.json"])
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of its own dependencies
            read = getattr(importlib.import_module(f"trestle.oscal.{module}"), model).oscal_read(file)
        (whole,) = json.loads(held[f"oscal/{name}.json"]).values()
        assert str(read.uuid) == whole["uuid"]
        assert read.metadata.title == whole["metadata"]["title"]


def test_trestle_reads_what_this_machine_makes(acme, year, instance, tmp_path) -> None:
    pytest.importorskip(
        "trestle", reason="not among the test needs for its many dependencies: pip install compliance-trestle"
    )
    for form, language in FORMS:
        file = built(acme, instance, tmp_path / f"{form}.{language}.zip", form=form, languages=(language,)).sealed.file
        _trestle_reads(members(file), tmp_path)


def _without_patterns(schema: object) -> object:
    if isinstance(schema, dict):
        return {
            key: _without_patterns(value)
            for key, value in schema.items()
            if not (key == "pattern" and isinstance(value, str) and "\\p{" in value)
        }
    return [_without_patterns(one) for one in schema] if isinstance(schema, list) else schema


def test_oscal_tells_the_audit_its_finding_and_its_action(pack, year) -> None:
    (result,) = json.loads(pack["oscal/assessment-results.json"])["assessment-results"]["results"]
    assert result["title"].startswith(year)
    (finding,) = result["findings"]
    assert finding["target"]["status"]["state"] == "not-satisfied"
    assert re.fullmatch(r"c-[\w.]+", finding["target"]["target-id"])
    (item,) = json.loads(pack["oscal/plan-of-action.json"])["plan-of-action-and-milestones"]["poam-items"]
    assert item["title"].startswith("A")


def test_an_organisation_without_audits_has_no_oscal_rather_than_an_empty_one(acme, instance, tmp_path) -> None:
    held = members(built(acme, instance, tmp_path / "pack.zip").sealed.file)
    assert not [path for path in held if path.startswith("oscal/")]


def test_the_crate_describes_every_file_once(pack) -> None:
    graph = {one["@id"]: one for one in json.loads(pack["ro-crate-metadata.json"])["@graph"]}
    assert graph["ro-crate-metadata.json"]["about"] == {"@id": "./"}
    parts = [one["@id"].replace("%20", " ") for one in graph["./"]["hasPart"]]
    assert sorted(parts) == sorted(path for path in pack if path.startswith("data/"))
    for path in parts:
        one = graph[path.replace(" ", "%20")]
        assert one["sha256"] == hashlib.sha256(pack[path]).hexdigest()
        assert one["contentSize"] == str(len(pack[path]))


def test_the_workbook_lists_clauses_files_and_what_is_missing(pack) -> None:
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(pack["index.xlsx"]))
    assert book.sheet_names == ["Clauses", "Clause matrix", "Files", "Records", "Missing"]
    files = book.get_sheet_by_name("Files").to_python()
    assert {row[0] for row in files[1:]} == {path for path in pack if path.startswith("data/")}
    assert any("not looked into" in row[1].lower() for row in book.get_sheet_by_name("Missing").to_python())


class TestRoom:
    def test_is_a_sound_page_whose_policy_names_all_that_may_run(self, pack) -> None:
        page = pack["index.html"].decode()
        # Its policy names the one style and the one script by their hashes; pages of the server have neither inline.
        told = ["an inline <style>", "no Content-Security-Policy", "an inline <script>"]  # the last: among the headers
        assert problems(page, {}) == told
        soup = BeautifulSoup(page, "html.parser")
        policy = soup.find("meta", {"http-equiv": "Content-Security-Policy"})["content"]
        for tag, directive in (("style", "style-src"), ("script", "script-src")):
            (element,) = soup.find_all(tag)
            digest = base64.b64encode(hashlib.sha256(element.string.encode()).digest()).decode()
            assert f"{directive} 'sha256-{digest}'" in policy
        assert "unsafe" not in policy
        assert policy.startswith("default-src 'none'")
        assert not soup.find_all(src=True)
        assert not [
            tag for tag in soup.find_all(True) for name in tag.attrs if name.startswith("on") or name == "style"
        ]

    def test_each_cell_tells_its_heading_where_rows_are_cards(self, pack) -> None:
        for table in BeautifulSoup(pack["index.html"], "html.parser").find_all("table"):
            headings = [one.get_text() for one in table.thead.find_all("th")]
            rows = table.tbody.find_all("tr")
            assert rows
            for row in rows:
                assert [headings[0], *(cell["data-label"] for cell in row.find_all("td"))] == headings

    def test_every_link_leads_to_a_file_of_the_pack_or_into_the_page(self, pack) -> None:
        from urllib.parse import unquote

        soup = BeautifulSoup(pack["index.html"], "html.parser")
        targets = [link["href"] for link in soup.find_all("a")]
        ids = {f"#{tag['id']}" for tag in soup.find_all(id=True)}
        assert {one for one in targets if one.startswith("#")} <= ids
        linked = {unquote(one) for one in targets if not one.startswith("#")}
        assert linked == {path for path in pack if path.startswith("data/")}

    def test_the_redacted_room_holds_no_file_that_is_withheld(self, acme, year, instance, tmp_path) -> None:
        held = members(built(acme, instance, tmp_path / "pack.zip", form="redacted").sealed.file)
        page = BeautifulSoup(held["index.html"], "html.parser").get_text(" ")
        assert "Nobody has decided what of this file an outsider may see" in page
        assert "Protokoll" in page
        assert not [path for path in held if "Protokoll" in path]

    def test_strings_that_break_pages_stay_text(self, acme, year, instance, tmp_path, shared) -> None:
        lines = shared("bad_inputs/strings/fuzzdb_xss-rsnake.txt").read_text("utf-8", "replace").splitlines()
        names = [*[line.strip()[:180] for line in lines if line.strip()][:40], "{{ 7*7 }}<script>alert(1)</script>"]
        rows = records.rows_of(acme, year)
        for number, name in enumerate(names):
            records.add_file(acme, f"{number}".encode(), f"{name}.txt", ("audit-row", rows[number % 5].id))
        file = built(acme, instance, tmp_path / "pack.zip").sealed.file
        assert verify(file).good
        soup = BeautifulSoup(members(file)["index.html"], "html.parser")
        assert len(soup.find_all("script")) == len(soup.find_all("style")) == 1
        allowed = {"a", "bdi", "body", "br", "caption", "dd", "div", "dl", "dt", "footer", "h1", "h2", "head", "header",
                   "html", "input", "label", "li", "main", "meta", "nav", "p", "pre", "script", "span", "style",
                   "table", "tbody", "td", "th", "thead", "title", "tr", "ul"}  # fmt: skip
        assert {tag.name for tag in soup.find_all(True)} <= allowed
        text = soup.get_text()
        assert "{{ 7*7 }}" in text
        assert "<script>alert(1)" in text


def test_strangers_take_a_bag_with_all_of_it(acme, year, instance, tmp_path: Path) -> None:
    import bagit
    from bagit_utils import Bag

    for form in ("whole", "redacted"):
        target = tmp_path / form
        with zipfile.ZipFile(built(acme, instance, tmp_path / f"{form}.zip", form=form).sealed.file) as archive:
            archive.extractall(target)
        (folder,) = [path for path in target.iterdir() if path.name != "signature"]
        assert bagit.Bag(str(folder)).validate()
        report = Bag(folder, load=True).validate()
        assert (report.valid, report.issues) == (True, [])
