"""The analysis of causes by its verbs: whys and bones, 8D, another method, categories."""

import pytest

from auditkit.actions import queries, rules, service
from auditkit.actions.rules import CauseMethod
from auditkit.base.db import reading
from auditkit.base.errors import Forbidden, NotFound
from tests.conftest import House
from tests.slices.actions.doing import Doing, act, opened, path

pytestmark = pytest.mark.usefixtures("clock")


def test_five_whys_grow_with_branches_and_lose_them(acme: House) -> None:
    doing = Doing(acme, opened(acme))
    owner, number = acme.actor("staff"), doing.number

    def why(text: str, below: int | None = None) -> int:
        return int(act(owner, service.add_cause, service.AddCause(number, CauseMethod.WHYS, text, below)))

    top = why("The door was open")
    second = why("The lock did not catch", top)
    third = why("The spring was worn", second)
    side = why("Nobody checked", top)
    fifth = why("Springs are not on the list", why("Nobody replaced it", third))
    found = path(acme, number)
    assert [(one.line.text, one.depth) for branch in found.tree for one in branch.walked()][-2:] == [
        ("Springs are not on the list", 5),
        ("Nobody checked", 2),
    ]
    doing.cause(CauseMethod.WHYS, roots=(fifth, side))
    found = path(acme, number)
    assert (found.method, {one.id for one in found.causes if one.root}) == (CauseMethod.WHYS, {fifth, side})
    act(owner, service.drop_cause, service.DropCause(number, third))
    assert [one.text for one in path(acme, number).causes] == [
        "The door was open", "The lock did not catch", "Nobody checked"
    ]  # fmt: skip
    with pytest.raises(rules.NoSuchCause):
        act(owner, service.drop_cause, service.DropCause(number, third))
    with pytest.raises(rules.NoSuchCause):
        doing.cause(CauseMethod.WHYS, roots=(third,))


def test_8d_asks_for_team_problem_and_causes(acme: House) -> None:
    doing = Doing(acme, opened(acme))
    for missing in (1, 2, 4):
        with pytest.raises(rules.DisciplineMissing, match=f"D{missing}"):
            doing.cause(CauseMethod.EIGHT_D)
        act(doing.owner, service.write_discipline, service.WriteDiscipline(doing.number, missing, "Written"))
    doing.cause(CauseMethod.EIGHT_D)
    assert path(acme, doing.number).disciplines == {1: "Written", 2: "Written", 4: "Written"}
    with pytest.raises(NotFound):
        act(doing.owner, service.write_discipline, service.WriteDiscipline(doing.number, 9, "x"))


def test_another_method_is_named(acme: House) -> None:
    doing = Doing(acme, opened(acme))
    with pytest.raises(rules.MethodNameMissing):
        doing.cause(method_name=" ")
    with pytest.raises(rules.CauseMissing):
        doing.cause(cause=" ")


def test_a_category_of_the_list_is_chosen_and_a_retired_one_is_not(acme: House, globex: House) -> None:
    quality = acme.actor("quality-manager")
    act(quality, service.add_categories, service.AddCategories(("Wear", "Training")))
    with pytest.raises(rules.CategoryThere):
        act(quality, service.add_categories, service.AddCategories(("Wear",)))
    with pytest.raises(rules.CategoryTitleMissing):
        act(quality, service.add_categories, service.AddCategories((" ",)))
    ids = {title: key for key, title, _retired in queries.categories(reading(acme.system))}
    doing = Doing(acme, opened(acme))
    doing.cause(category_id=ids["Wear"])
    assert path(acme, doing.number).category_title == "Wear"
    act(quality, service.retire_category, service.RetireCategory(ids["Training"], True))
    with pytest.raises(NotFound):
        doing.cause(category_id=ids["Training"])
    assert [title for _key, title, _retired in queries.categories(reading(acme.system))] == ["Wear"]
    with pytest.raises(Forbidden):
        act(acme.actor("staff"), service.add_categories, service.AddCategories(("Mine",)))
    with pytest.raises(NotFound):
        act(globex.actor("quality-manager"), service.retire_category, service.RetireCategory(ids["Wear"], True))
