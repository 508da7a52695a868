"""What is shipped beside the checklists: standards with their strengths, crosswalks, presets that fit the records."""

import pytest

from auditkit.complaints.rules import Category, Channel, Ground, Kind, Outcome, Severity
from auditkit.content import library
from auditkit.content.library import Library
from auditkit.content.shapes import Relation, Source, Strength

E2018 = "iso10002-2018"


@pytest.fixture(scope="module")
def lib() -> Library:
    return library.shared()


@pytest.mark.parametrize(
    ("edition_id", "strength", "name"),
    [
        (E2018, Strength.SHOULD, "ISO 10002:2018"),
        ("iso10002-2014", Strength.SHOULD, "ISO 10002:2014"),
        ("iso9001-2015", Strength.SHALL, "ISO 9001:2015"),
        ("iso19011-2018", Strength.SHOULD, "ISO 19011:2018"),
        ("iso19011-2026", Strength.SHOULD, "ISO 19011:2026"),
        ("as10002-2022", Strength.SHOULD, "AS 10002:2022"),
        ("bs8543-2015", Strength.SHALL, "BS 8543:2015"),
        ("fca-disp1", Strength.LAW, "FCA DISP 1"),
        ("certification-scheme", Strength.OWN, "Generic certification scheme"),
    ],
)
def test_every_criterion_has_the_strength_of_its_standard(
    lib: Library, edition_id: str, strength: Strength, name: str
) -> None:
    edition = lib.edition(edition_id)
    assert edition.name == name
    assert edition.shape.strength is strength
    assert all(node.strength is strength for node in edition.nodes if node.auditable and node.kind != "annex")


def test_no_shipped_standard_holds_a_sentence_of_its_publisher(lib: Library) -> None:
    assert [node.ref for node in lib.nodes.values() if node.text] == []


def test_iso_19011_has_seven_principles_in_both_editions(lib: Library) -> None:
    assert len(lib.edition("iso19011-2018").principles) == len(lib.edition("iso19011-2026").principles) == 7
    below = [node for node in lib.edition("iso19011-2026").nodes if node.level == 2]
    assert {node.source for node in below} == {Source.INFERRED}


def test_what_is_new_in_2018_is_said(lib: Library) -> None:
    new = {node.id for row in lib.crosswalk("iso10002-2014-to-2018").new for node in row.to_nodes}
    assert new == {"4.2", "4.3", "4.9", "4.14", "5.1", "A", "E"}


def test_an_iso_9001_firm_sees_its_gaps(lib: Library) -> None:
    gaps = {node.id for row in lib.crosswalk("iso9001-2015-to-iso10002-2018").new for node in row.to_nodes}
    assert {"4.5", "4.7", "4.8", "4.10", "4.15", "7.3", "7.4", "7.8", "7.9", "C", "D", "E", "F", "G", "H"} <= gaps


def test_counterparts_are_found_from_both_sides_and_from_above_and_below(lib: Library) -> None:
    (one,) = lib.counterparts("iso10002-2014:4.4")
    assert one.relation is Relation.WIDENED
    assert [node.id for node in one.nodes] == ["4.6", "4.15"]
    assert one.forward
    back = {each.edition.id: each for each in lib.counterparts(f"{E2018}:4.15")}
    assert [node.id for node in back["iso10002-2014"].nodes] == ["4.4"]
    assert not back["iso10002-2014"].forward
    (role,) = lib.counterparts("iso10002-2014:5.3.2")
    assert ([node.id for node in role.stated_for], [node.id for node in role.nodes]) == (["5.3"], ["5.4"])
    (nothing,) = lib.counterparts("iso9001-2015:8.6")
    assert (nothing.relation, nothing.nodes) == (Relation.DROPPED, ())
    below = [each for each in lib.counterparts("iso10002-2014:7") if each.edition.id == E2018]
    assert len(below) == 9


def test_rows_that_rest_on_practice_say_so(lib: Library) -> None:
    for crosswalk in lib.crosswalks.values():
        assert crosswalk.shape.source is Source.PRACTICE
    rows = {row.to_nodes[0].id: row for row in lib.crosswalk("iso10002-2014-to-2018").rows if row.to_nodes}
    assert rows["4.12"].source is Source.PUBLISHED
    assert rows["J"].source is Source.INFERRED


@pytest.mark.parametrize(
    ("list_id", "words"),
    [
        ("feedback-types", Kind),
        ("channels", Channel),
        ("severities", Severity),
        ("problem-categories", Category),
        ("outcomes", Outcome),
        ("closing-grounds", Ground),
    ],
)
def test_the_words_are_those_that_complaints_store(lib: Library, list_id: str, words: type) -> None:
    assert [one.id for one in lib.value_list(list_id).values] == [str(one) for one in words]


def test_the_matrix_never_gives_less_for_more(lib: Library) -> None:
    matrix = lib.matrix("priority-matrix")
    order = [one.id for one in matrix.priorities]
    severities = [one.id for one in lib.value_list("severities").values]
    table = [[order.index(str(matrix.priority(one, reach.id))) for reach in matrix.reaches] for one in severities]
    for row in table:
        assert row == sorted(row, reverse=True)
    for column in zip(*table, strict=True):
        assert list(column) == sorted(column, reverse=True)
    assert matrix.priority("critical", "nobody") is None


def limit(lib: Library, limits_id: str, name: str) -> tuple[int, str, str]:
    one = next(each for each in lib.limits(limits_id).limits if each.id == name)
    return one.amount, one.unit, one.days


def test_time_limits_are_those_of_the_frameworks(lib: Library) -> None:
    assert len(lib.time_limits) == 5
    assert limit(lib, "time-limits-fca-disp", "decide") == (8, "weeks", "calendar")
    assert limit(lib, "time-limits-fca-disp", "settle-early") == (3, "days", "working")
    assert limit(lib, "time-limits-cfpb", "decide") == (15, "days", "calendar")
    assert limit(lib, "time-limits-cfpb", "decide-latest") == (60, "days", "calendar")
    assert limit(lib, "time-limits-india-e-commerce", "acknowledge") == (48, "hours", "calendar")
    assert limit(lib, "time-limits-india-e-commerce", "decide") == (1, "months", "calendar")
    assert limit(lib, "time-limits-eu-payments", "decide") == (15, "days", "working")
    assert limit(lib, "time-limits-eu-payments", "decide-latest") == (35, "days", "working")
    assert not any(one.binding for one in lib.limits("time-limits-generic").limits)


def test_there_are_sixteen_indicators_with_pitfalls(lib: Library) -> None:
    assert [one.number for one in lib.indicators.values()] == list(range(1, 17))
    assert "overdue" in lib.indicators["decided-on-time"].formula
    assert all(one.pitfalls and one.denominator for one in lib.indicators.values())


def test_profiles_select_and_copy_nothing(lib: Library) -> None:
    profiles = [one for one in lib.checklists.values() if one.based_on]
    assert profiles
    for one in profiles:
        base = lib.checklist(str(one.based_on))
        left_out = {name for exclusion in one.excluded for name in exclusion.items}
        assert {item.id for item in base.items} - left_out <= set(one.by_id)
        assert not left_out & set(one.by_id)


def test_answers_of_a_gap_analysis_lead_to_steps(lib: Library) -> None:
    for checklist in lib.of_use("gap-analysis"):
        for item in checklist.items:
            worst = min(
                (one for one in checklist.scale.answers if one.conformity is not None),
                key=lambda one: one.conformity or 0,
            )
            assert [checklist.step(name) for name in item.steps(worst)], item.id
