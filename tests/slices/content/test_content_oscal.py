"""OSCAL in: a catalog in the manner of NIST SP 800-53, and profiles that select from it."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from auditkit.content.checks import check
from auditkit.content.locate import Found
from auditkit.content.reading import read_file
from auditkit.content.shapes import ChecklistShape, EditionShape, NodeShape

pytestmark = pytest.mark.sqlite_only

WORK = "5c9c9f0e-0000-4000-8000-000000000001"


def label(text: str) -> list[dict[str, str]]:
    """Labels as NIST gives them: the plain one last, one with a class before it."""
    padded = {"name": "label", "value": f"{text}-padded", "class": "zero-padded"}
    return [padded, {"name": "label", "value": text}, {"name": "sort-id", "value": text.lower()}]


def catalog() -> dict[str, Any]:
    """Two families; nested controls, parameters in parameters, items, guidance, a withdrawn control, a reference."""
    return {
        "catalog": {
            "uuid": "5c9c9f0e-0000-4000-8000-000000000000",
            "metadata": {"title": "Controls of the house", "version": "1", "oscal-version": "1.1.2"},
            "groups": [
                {
                    "id": "ch",
                    "class": "family",
                    "title": "Complaints Handling",
                    "controls": [
                        {
                            "id": "ch-1",
                            "class": "SP800-53",
                            "title": "Policy and Procedures",
                            "params": [
                                {"id": "ch-1_prm_1", "label": "organization-defined personnel"},
                                {
                                    "id": "ch-01_odp.02",
                                    "select": {
                                        "how-many": "one-or-more",
                                        "choice": ["organization-level", "{{ insert: param, ch-01_odp.03 }}"],
                                    },
                                },
                                {"id": "ch-01_odp.03", "label": "frequency"},
                            ],
                            "props": label("CH-1"),
                            "links": [{"href": f"#{WORK}", "rel": "reference"}, {"href": "#ch-2", "rel": "related"}],
                            "parts": [
                                {
                                    "id": "ch-1_smt",
                                    "name": "statement",
                                    "parts": [
                                        {
                                            "id": "ch-1_smt.a",
                                            "name": "item",
                                            "props": [{"name": "label", "value": "a."}],
                                            "prose": "Develop and tell {{ insert: param, ch-1_prm_1 }}:",
                                            "parts": [
                                                {
                                                    "id": "ch-1_smt.a.1",
                                                    "name": "item",
                                                    "props": [{"name": "label", "value": "1."}],
                                                    "prose": "A {{ insert: param, ch-01_odp.02 }} rule, [CH-2](#ch-2).",
                                                }
                                            ],
                                        }
                                    ],
                                },
                                {
                                    "id": "ch-1_gdn",
                                    "name": "guidance",
                                    "prose": "Say who for {{ insert: param, x }}.",
                                },
                                {"id": "ch-1_obj", "name": "assessment-objective", "prose": "Determine if it is so."},
                            ],
                        },
                        {
                            "id": "ch-2",
                            "title": "Register",
                            "props": label("CH-2"),
                            "parts": [{"name": "statement", "prose": "Keep a register."}],
                            "controls": [
                                {
                                    "id": "ch-2.1",
                                    "title": "Register | Automation",
                                    "props": label("CH-2(1)"),
                                    "parts": [{"name": "statement", "prose": "Automate it."}],
                                },
                                {
                                    "id": "ch-2.2",
                                    "title": "Register | Ledger",
                                    "props": [*label("CH-2(2)"), {"name": "status", "value": "withdrawn"}],
                                },
                            ],
                        },
                    ],
                },
                {
                    "id": "au",
                    "title": "Audit",
                    "controls": [
                        {
                            "id": "au-1",
                            "title": "Audit",
                            "params": [{"id": "au-1_prm", "values": ["every year"]}],
                            "props": label("AU-1"),
                            "parts": [{"name": "statement", "prose": "Audit {{ insert: param, au-1_prm }}."}],
                        }
                    ],
                },
            ],
            "back-matter": {"resources": [{"uuid": WORK, "citation": {"text": "Handbook of Complaints, 3rd edition"}}]},
        }
    }


def profile(**changed: Any) -> dict[str, Any]:
    return {
        "profile": {
            "uuid": "5c9c9f0e-0000-4000-8000-000000000002",
            "metadata": {"title": "Small-firm baseline", "version": "1", "oscal-version": "1.1.2"},
            "imports": [{"href": "catalog.json", "include-controls": [{"with-ids": ["ch-1", "ch-2.1"]}]}],
            "merge": {"as-is": True},
            **changed,
        }
    }


@pytest.fixture
def imported(command: Callable[..., Any], tmp_path: Path) -> Callable[..., Any]:
    """`imported(data, "--catalog", …)`: the standard, its nodes by title and its checklist; or the refusal's text."""

    def run(data: dict[str, Any], *more: str) -> Any:
        (tmp_path / "given.json").write_text(json.dumps(data), encoding="utf-8")
        out = tmp_path / "out"
        ran = command("content", "import", str(tmp_path / "given.json"), "--id", "house", "--out", str(out), *more)
        if ran.code:
            assert ran.code == 2
            assert not out.exists()
            return ran.err
        assert check([out]) == []
        _document, edition, _faults = read_file(Found("house.yaml", out / "house.yaml"), EditionShape)
        _document, checklist, _faults = read_file(Found("c.yaml", out / "house-checklist.yaml"), ChecklistShape)
        assert edition is not None
        assert checklist is not None
        return edition, {node.title: node for node in every(edition.nodes)}, checklist

    return run


def every(nodes: tuple[NodeShape, ...]) -> list[NodeShape]:
    return [one for node in nodes for one in (node, *every(node.children))]


def beside(tmp_path: Path, name: str = "catalog.json") -> None:
    (tmp_path / name).write_text(json.dumps(catalog()), encoding="utf-8")


# --- catalogs ----------------------------------------------------------------------------------------------------


def test_a_catalog_in_nists_manner_becomes_a_standard_with_a_checklist(imported: Callable[..., Any]) -> None:
    edition, nodes, checklist = imported(catalog())
    assert [node.id for node in edition.nodes] == ["ch", "au"]
    assert [node.id for node in every(edition.nodes)] == ["ch", "CH-1", "CH-2", "CH-2-1", "CH-2-2", "au", "AU-1"]
    # Items keep their labels and order; parameters are written out, also within each other; links become words
    assert nodes["Policy and Procedures"].text == (
        "a. Develop and tell [organization-defined personnel]:\n\n1. A [organization-level | [frequency]] rule, CH-2."
    )
    items = {item.clauses[0]: item for section in checklist.sections for item in section.items}
    assert items["AU-1"].good == "Audit every year."
    # Guidance and references help to answer; assessment objectives stay out
    assert items["CH-1"].guidance == "Say who for [x].\n\nReferences: Handbook of Complaints, 3rd edition"
    assert "Determine if" not in checklist.model_dump_json()
    # A nested control is a clause below its control; a withdrawn one is a heading without a question
    assert [child.id for child in nodes["Register"].children] == ["CH-2-1", "CH-2-2"]
    assert not nodes["Register | Ledger"].auditable
    assert set(items) == {"CH-1", "CH-2", "CH-2-1", "AU-1"}


def test_a_parameter_within_itself_ends(imported: Callable[..., Any]) -> None:
    data = catalog()
    params = data["catalog"]["groups"][0]["controls"][0]["params"]
    params[2]["label"] = "every {{ insert: param, ch-01_odp.02 }}"
    _edition, nodes, _checklist = imported(data)
    assert "[ch-01_odp.02]" in nodes["Policy and Procedures"].text


# --- profiles ----------------------------------------------------------------------------------------------------


def test_a_profile_takes_its_controls_from_the_catalog_beside_it(imported: Callable[..., Any], tmp_path: Path) -> None:
    beside(tmp_path)
    edition, _nodes, checklist = imported(profile())
    assert edition.title == "Small-firm baseline"
    # The enhancement stands on its own, because its control was not chosen; a group without controls is gone
    assert [node.id for node in every(edition.nodes)] == ["ch", "CH-1", "CH-2-1"]
    assert [item.clauses[0] for section in checklist.sections for item in section.items] == ["CH-1", "CH-2-1"]


@pytest.mark.parametrize(
    ("chosen", "ids"),
    [
        ({"include-all": {}}, ["CH-1", "CH-2", "CH-2-1", "AU-1"]),
        ({"include-all": {}, "exclude-controls": [{"with-ids": ["ch-1", "ch-2.1"]}]}, ["CH-2", "AU-1"]),
        ({"include-controls": [{"matching": [{"pattern": "ch-*"}]}]}, ["CH-1", "CH-2", "CH-2-1"]),
        ({"include-controls": [{"with-ids": ["ch-2"], "with-child-controls": "yes"}]}, ["CH-2", "CH-2-1"]),
        ({"include-controls": [{"with-ids": ["ch-2"]}]}, ["CH-2"]),
    ],
)
def test_controls_are_included_and_excluded(
    imported: Callable[..., Any], tmp_path: Path, chosen: dict[str, Any], ids: list[str]
) -> None:
    beside(tmp_path)
    _edition, _nodes, checklist = imported(profile(imports=[{"href": "./catalog.json", **chosen}]))
    assert [item.clauses[0] for section in checklist.sections for item in section.items] == ids


def test_a_profile_sets_parameters(imported: Callable[..., Any], tmp_path: Path) -> None:
    beside(tmp_path)
    modify = {
        "set-parameters": [
            {"param-id": "ch-1_prm_1", "values": ["all staff", "dealers"]},
            {"param-id": "ch-01_odp.03", "label": "how often"},
        ]
    }
    _edition, nodes, _checklist = imported(profile(modify=modify))
    text = nodes["Policy and Procedures"].text
    assert "Develop and tell all staff, dealers:" in text
    assert "[how often]" in text


def test_the_catalog_may_be_named_and_be_behind_a_resource(imported: Callable[..., Any], tmp_path: Path) -> None:
    beside(tmp_path, "elsewhere.json")
    resource = {
        "uuid": "84cbf061-eb87-4ec1-8112-1f529232e907",
        "rlinks": [
            {"href": "../../rev5/xml/house.xml", "media-type": "application/oscal.catalog+xml"},
            {"href": "../../rev5/json/house.json", "media-type": "application/oscal.catalog+json"},
        ],
    }
    data = profile(
        imports=[{"href": "#84cbf061-eb87-4ec1-8112-1f529232e907", "include-controls": [{"with-ids": ["au-1"]}]}]
    )
    data["profile"]["back-matter"] = {"resources": [resource]}
    assert "put house.json beside it, or name the catalog: --catalog" in imported(data)
    _edition, _nodes, checklist = imported(data, "--catalog", str(tmp_path / "elsewhere.json"))
    assert [item.clauses[0] for section in checklist.sections for item in section.items] == ["AU-1"]


def test_flat_leaves_the_groups_out_and_the_same_control_comes_once(
    imported: Callable[..., Any], tmp_path: Path
) -> None:
    beside(tmp_path)
    both = [
        {"href": "catalog.json", "include-controls": [{"with-ids": ["ch-2"], "with-child-controls": "yes"}]},
        {"href": "catalog.json", "include-controls": [{"with-ids": ["ch-2", "au-1"]}]},
    ]
    edition, _nodes, _checklist = imported(profile(imports=both, merge={"flat": {}}))
    assert [node.id for node in edition.nodes] == ["CH-2", "CH-2-1", "CH-2-2", "AU-1"]


def test_a_profile_of_a_profile_is_resolved(imported: Callable[..., Any], tmp_path: Path) -> None:
    beside(tmp_path)
    (tmp_path / "base.json").write_text(json.dumps(profile()), encoding="utf-8")
    above = profile(imports=[{"href": "base.json", "exclude-controls": [{"with-ids": ["ch-1"]}]}])
    _edition, _nodes, checklist = imported(above)
    assert [item.clauses[0] for section in checklist.sections for item in section.items] == ["CH-2-1"]


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"imports": [{"href": "https://example.org/catalog.json", "include-all": {}}]}, "nothing is fetched"),
        ({"imports": [{"href": "//example.org/catalog.json", "include-all": {}}]}, "nothing is fetched"),
        ({"imports": [{"href": "../../../../etc/passwd", "include-all": {}}]}, "put passwd beside it"),
        ({"imports": [{"href": "given.json", "include-all": {}}]}, "put given.json beside it"),
        ({"imports": [{"href": "#nothing", "include-all": {}}]}, "under #nothing has no address"),
        ({"imports": []}, "it imports nothing"),
        ({"imports": [{"href": "catalog.json", "include-controls": [{"with-ids": ["zz-9"]}]}]}, "no control zz-9"),
        ({"modify": {"alters": [{"control-id": "ch-1"}]}}, "it alters texts of controls"),
        ({"modify": {"set-parameters": [{"param-id": "au-1_prm", "values": ["x"]}]}}, "the parameter au-1_prm"),
        ({"merge": {"custom": {}}}, "it regroups controls"),
    ],
)
def test_what_cannot_be_followed_is_refused_with_a_reason(
    imported: Callable[..., Any], tmp_path: Path, changed: dict[str, Any], words: str
) -> None:
    beside(tmp_path)
    assert words in imported(profile(**changed))


def test_profiles_in_a_ring_are_refused(imported: Callable[..., Any], tmp_path: Path) -> None:
    ring = profile(imports=[{"href": "ring.json", "include-all": {}}])
    (tmp_path / "ring.json").write_text(json.dumps(ring), encoding="utf-8")
    assert "in a ring" in imported(ring)


def test_what_is_beside_must_be_a_catalog(imported: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "catalog.json").write_text("[]", encoding="utf-8")
    assert "catalog.json is neither a catalog nor a profile" in imported(profile())


def test_nists_privacy_baseline_asks_for_its_catalog_and_takes_it(
    command: Callable[..., Any], shared: Callable[[str], Path], tmp_path: Path
) -> None:
    baseline = shared("checklists/oscal/NIST_SP-800-53_rev5_PRIVACY-baseline_profile.json")
    out = str(tmp_path / "out")
    ran = command("content", "import", str(baseline), "--id", "privacy", "--out", out)
    assert ran.code == 2
    assert "put NIST_SP-800-53_rev5_catalog.json beside it, or name the catalog: --catalog" in ran.err
    # Given a catalog that has the controls that the baseline names, in NIST's shape (the catalog itself is not at hand)
    ids = json.loads(baseline.read_text())["profile"]["imports"][0]["include-controls"][0]["with-ids"]
    controls = [
        {
            "id": name,
            "title": f"Control {name}",
            "props": label(name.upper()),
            "parts": [{"name": "statement", "prose": "x"}],
        }
        for name in [*ids, "zz-1"]
    ]
    made = {
        "catalog": {"metadata": {"title": "Rev 5"}, "groups": [{"id": "all", "title": "All", "controls": controls}]}
    }
    (tmp_path / "rev5.json").write_text(json.dumps(made), encoding="utf-8")
    ran = command(
        "content", "import", str(baseline), "--id", "privacy", "--out", out, "--catalog", str(tmp_path / "rev5.json")
    )
    assert ran.code == 0, ran.err
    _document, checklist, _faults = read_file(
        Found("c.yaml", tmp_path / "out" / "privacy-checklist.yaml"), ChecklistShape
    )
    assert checklist is not None
    assert len([item for section in checklist.sections for item in section.items]) == len(ids)
