"""The light and the trend of an objective."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from auditkit.insights.objectives.rules import Light, standing

TODAY = date(2026, 3, 10)
NEXT_YEAR = date(2026, 12, 31)


@pytest.mark.parametrize(
    ("values", "target", "higher", "by", "light", "trend"),
    [
        ([], "95", True, NEXT_YEAR, Light.NOT_MEASURED, ""),
        (["95"], "95", True, NEXT_YEAR, Light.REACHED, ""),
        (["90", "96"], "95", True, NEXT_YEAR, Light.REACHED, "better"),
        (["97", "96"], "95", True, NEXT_YEAR, Light.REACHED, "worse"),
        (["90"], "95", True, NEXT_YEAR, Light.NEAR, ""),
        (["85.5"], "95", True, NEXT_YEAR, Light.NEAR, ""),
        (["85.4"], "95", True, NEXT_YEAR, Light.MISSED, ""),
        (["90"], "95", True, TODAY, Light.NEAR, ""),
        (["90"], "95", True, date(2026, 3, 9), Light.MISSED, ""),
        (["90"], "95", True, None, Light.NEAR, ""),
        (["12", "10"], "10", False, NEXT_YEAR, Light.REACHED, "better"),
        (["10.5", "11"], "10", False, NEXT_YEAR, Light.NEAR, "worse"),
        (["11.5", "11.5"], "10", False, NEXT_YEAR, Light.MISSED, "same"),
        (["1"], "0", False, NEXT_YEAR, Light.MISSED, ""),
        (["0"], "0", False, NEXT_YEAR, Light.REACHED, ""),
    ],
)
def test_light_and_trend(
    values: list[str], target: str, higher: bool, by: date | None, light: Light, trend: str
) -> None:
    days = [TODAY - timedelta(days=30 * (len(values) - place)) for place in range(len(values))]
    measured = list(zip(days, map(Decimal, values), strict=True))
    found = standing(measured, target=Decimal(target), higher_is_better=higher, by=by, today=TODAY)
    assert (found.light, found.trend) == (light, trend)
    assert found.on == (days[-1] if values else None)
