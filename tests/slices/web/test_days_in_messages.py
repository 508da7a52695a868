"""Days, times and moments that fill a sentence: each language's own on screens and in mails, ISO 8601 elsewhere."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from auditkit.base.text import _, spoken, translated_by
from auditkit.reviews.rules import PeriodReversed

pytestmark = pytest.mark.sqlite_only
DAY, CLOCK = date(2026, 3, 21), time(9, 5)
NOON_THERE = datetime(2026, 3, 21, 8, 30, tzinfo=UTC).astimezone(ZoneInfo("Asia/Tehran"))


@pytest.mark.usefixtures("app")
@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("fa", "۱ فروردین ۱۴۰۵ | ۰۹:۰۵ | ۱ فروردین ۱۴۰۵، ۱۲:۰۰"),
        ("en", "21 Mar 2026 | 09:05 | 21 Mar 2026, 12:00"),
        ("tr", "21 Mar 2026 | 09:05 | 21 Mar 2026, 12:00"),
    ],
)
def test_a_sentence_of_a_language(language: str, said: str) -> None:
    with spoken(language):
        assert _("%(day)s | %(time)s | %(moment)s", day=DAY, time=CLOCK, moment=NOON_THERE) == said


def test_where_no_language_is_spoken_and_in_documents() -> None:
    sentence = {"day": DAY, "time": CLOCK, "moment": NOON_THERE}
    assert _("%(day)s | %(time)s | %(moment)s", **sentence) == "2026-03-21 | 09:05 | 2026-03-21 12:00"
    with translated_by(str, "fa"):
        assert _("%(day)s", day=DAY) == "۱ فروردین ۱۴۰۵"


@pytest.mark.usefixtures("app")
def test_a_refusal_speaks_as_the_screen_does() -> None:
    with spoken("fa"):
        assert "۱ فروردین ۱۴۰۵" in str(PeriodReversed(first=DAY))
        assert "2026" not in str(PeriodReversed(first=DAY))
