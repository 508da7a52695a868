"""Public holidays by country and year, as the library `holidays` knows them. It is loaded when first asked."""

from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from importlib.metadata import version


@dataclass(frozen=True)
class Year:
    """The holidays of a year and the weekend days that are worked in exchange, by name."""

    holidays: dict[date, str]
    worked: frozenset[date]


@cache
def library() -> str:
    """The library and its version, to be kept with what it said."""
    return f"holidays {version('holidays')}"


def countries() -> dict[str, list[str]]:
    """ISO 3166 country code -> codes of its parts that have holidays of their own."""
    import holidays

    return {code: list(parts) for code, parts in holidays.list_supported_countries().items() if len(code) == 2}


def weekend_of(country: str) -> frozenset[int]:
    """The weekend of a country as ISO weekdays; Saturday and Sunday where the country is not known."""
    if not known(country):
        return frozenset({6, 7})
    import holidays

    return frozenset(day + 1 for day in holidays.country_holidays(country).weekend)


def known(country: str, part: str = "") -> bool:
    """Whether the library has holidays of the country (and of its part)."""
    if not country:
        return False  # the library need not be loaded for that
    found = countries()
    return country in found and (not part or part in found[country])


@lru_cache(maxsize=512)
def year_of(country: str, part: str, year: int) -> Year:
    """The holidays of one year; none where the country is not known."""
    if not known(country, part):
        return Year({}, frozenset())
    import holidays

    found = holidays.country_holidays(country, subdiv=part or None, years=year)
    return Year(
        {day: str(name) for day, name in sorted(found.items()) if day.year == year},
        frozenset(day for day in found.weekend_workdays if day.year == year),
    )
