"""How plan and report name the method and the criteria of an audit."""

import pytest

from auditkit.audits.queries.plans import BasisView, CriterionView, Further
from auditkit.audits.rules import BasisKind, CriterionKind, CriterionSource, Method
from auditkit.audits.telling import guidelines, method_of, method_told

ON, FAR, BOTH = Method.ON_SITE, Method.REMOTE, Method.HYBRID


@pytest.mark.parametrize(
    ("planned", "lines", "virtual", "method"),
    [
        (ON, [], [], ON),
        (ON, [ON, ON], [], ON),
        (ON, [ON, FAR], [], BOTH),
        (ON, [], ["Video room"], BOTH),
        (FAR, [FAR], ["Video room"], FAR),
        (FAR, [ON], [], BOTH),
        (BOTH, [ON], [], BOTH),
    ],
)
def test_the_method_is_what_plan_timetable_and_places_come_to(planned, lines, virtual, method) -> None:
    assert method_of(planned, lines, virtual) is method


def test_a_video_room_is_named_beside_the_method() -> None:
    assert method_told(ON, [], ["Video room"]) == "Partly on site, partly remote (remote: Video room)"
    assert method_told(ON, [], []) == "On site"


def test_each_criterion_has_its_kind() -> None:
    class Head:
        edition_id, edition_name, criteria = "fca-disp1", "FCA DISP 1", "- Letter of the board\n\n"

    further = Further(
        (CriterionView(CriterionSource.STANDARD, "iso9001-2015", "ISO 9001:2015"),
         CriterionView(CriterionSource.POLICY, "1:2", "Policy, version 2")),
        "",
        (BasisView(BasisKind.CONTRACT, "", "Delivery, part 4"), BasisView(BasisKind.SCHEME, "", "Trusted shops")),
    )  # fmt: skip
    assert further.named(Head()) == [  # type: ignore[arg-type]  # three fields of a head matter here
        (CriterionKind.LAW, "FCA DISP 1"),
        (CriterionKind.STANDARD, "ISO 9001:2015"),
        (CriterionKind.DOCUMENT, "Policy, version 2"),
        (CriterionKind.CONTRACT, "Delivery, part 4"),
        (CriterionKind.SCHEME, "Trusted shops"),
        (CriterionKind.OTHER, "- Letter of the board"),
    ]
    assert guidelines(further) == "Not stated in the records"
