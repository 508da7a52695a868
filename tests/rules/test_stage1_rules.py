"""Where an organisation stands on the path: first step not done, overdue things first, hidden parts never done."""

from datetime import date

from auditkit.home.stage1.rules import Line, Part, Path, Standing, Step, each_once, earliest

TODAY = date(2026, 3, 2)
PLACE = ("home.show", {})


def line(standing: Standing, due: date | None = None, title: str = "x") -> Line:
    return Line(title, standing, "", PLACE, due=due)


DONE, WAY, MISSING = (line(one) for one in (Standing.DONE, Standing.UNDER_WAY, Standing.MISSING))


def test_a_step_is_done_only_when_every_line_is_and_nothing_is_hidden():
    assert Step(Part.CHECKS, (DONE, DONE)).standing is Standing.DONE
    assert Step(Part.CHECKS, (DONE, MISSING)).standing is Standing.UNDER_WAY
    assert Step(Part.CHECKS, (MISSING,)).standing is Standing.MISSING
    assert Step(Part.CHECKS, ()).standing is Standing.MISSING
    assert Step(Part.CHECKS, (DONE,), ("audits.read",)).standing is Standing.UNDER_WAY, "nobody can say it is done"


def test_the_organisation_stands_at_the_first_step_that_is_not_done():
    steps = (Step(Part.ANALYSIS, (DONE,)), Step(Part.DOCUMENTS, (WAY,)), Step(Part.CHECKS, (MISSING,)))
    path = Path(TODAY, steps)
    assert path.at is steps[1]
    assert path.done == 1
    assert Path(TODAY, (Step(Part.ANALYSIS, (DONE,)),)).at is None


def test_overdue_is_what_is_not_done_after_its_day():
    late, today = line(Standing.UNDER_WAY, date(2026, 3, 1), "late"), line(Standing.UNDER_WAY, TODAY, "today")
    over, later = line(Standing.DONE, date(2026, 2, 1), "over"), line(Standing.MISSING, date(2026, 4, 1), "later")
    never = line(Standing.MISSING, None, "never")
    path = Path(TODAY, (Step(Part.CHECKS, (never, later, today, over, late)),))
    assert [one.title for one in path.overdue] == ["late"]
    assert [one.title for one in path.next_dates(5)] == ["today", "later"]
    assert [one.title for one in path.next_dates(1)] == ["today"]
    assert [one.title for one in path.steps[0].to_do(TODAY)] == ["late", "today", "later", "never"]
    assert [one.title for one in path.steps[0].finished] == ["over"]


def test_days_and_people_that_are_not_known_are_left_out():
    assert earliest([None, date(2026, 5, 1), date(2026, 4, 1)]) == date(2026, 4, 1)
    assert earliest([None]) is None
    assert each_once([3, None, 2, 3]) == (3, 2)
