"""Tables of counts that are offered as registers: each row sums up many complaints, so importing it would invent some.

One sign alone proves nothing (a register of requests may count its comments); two together do, or columns that are
periods. What was found is told and has to be confirmed; nothing is refused for it. Pure; checked by
tests/rules/test_importing_statistics.py.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from auditkit.base.folding import fold
from auditkit.base.text import N_, _
from auditkit.web.languages import listed

LOOKED_AT = 2_000
_FEWEST_ROWS = 3
_MOSTLY = 0.8

_COUNTING_WORDS = (
    "count|number|total|sum|quantity|qty|volume|complaints|cases|claims|percent|percentage|share|rate|average|"
    "avg|mean|median|num|количество|число|всего|итого|сумма|кол|жалоб|доля|процент|среднее|რაოდენობა|სულ|ჯამი|"
    "საჩივრები|წილი|პროცენტი|საშუალო|تعداد|جمع|مجموع|درصد|سهم|میانگین|αριθμός|πλήθος|σύνολο|ποσοστό|μέσος|say|"
    "sayı|miqdar|cəmi|faiz|orta|adet|toplam|miktar|yüzde|oran|ortalama|anzahl|summe|nombre|totale"
)
_COUNTING = frozenset(fold(word) for word in _COUNTING_WORDS.split("|"))
_NUMBER = re.compile(r"[-+]?[\d٠-٩۰-۹][\d٠-٩۰-۹\s.,٬٫]*\s?[%٪]?")
_WORD = re.compile(r"[^\W_]+")
_YEAR = r"(?:1[34]\d{2}|19\d{2}|20\d{2})"
_PERIODS = (
    re.compile(_YEAR),
    re.compile(rf"{_YEAR}[-/. ](?:0?[1-9]|1[0-2])"),
    re.compile(rf"(?:0?[1-9]|1[0-2])[-/. ]{_YEAR}"),
    re.compile(rf"(?:q[1-4]|[1-4]q|h[12]|w\d{{1,2}}|week \d{{1,2}}|(?:i|ii|iii|iv)\s?\w{{1,3}}\.?)[-/ ,.]*{_YEAR}"),
    re.compile(rf"{_YEAR}[-/ ,.]*(?:q[1-4]|[1-4]q|h[12]|w\d{{1,2}}|week \d{{1,2}})"),
    re.compile(rf"[^\W\d_]{{3,12}}\.?[ -]+(?:{_YEAR}|\d{{2}})"),
    re.compile(rf"{_YEAR}[ -]+[^\W\d_]{{3,12}}\.?"),
)
_FIRST_OF_MONTH = re.compile(r"\d{4}-\d\d-01|0?1[./]\d\d?[./]\d{4}")
_MONTHS_WORDS = (
    "jan|january|feb|february|mar|march|apr|april|may|jun|june|jul|july|aug|august|sep|september|oct|october|"
    "nov|november|dec|december|январь|февраль|март|апрель|май|июнь|июль|август|сентябрь|октябрь|ноябрь|"
    "декабрь|იანვარი|თებერვალი|მარტი|აპრილი|მაისი|ივნისი|ივლისი|აგვისტო|სექტემბერი|ოქტომბერი|ნოემბერი|"
    "დეკემბერი|فروردین|اردیبهشت|خرداد|تیر|مرداد|شهریور|مهر|آبان|آذر|دی|بهمن|اسفند|ιανουάριος|φεβρουάριος|"
    "μάρτιος|απρίλιος|μάιος|ιούνιος|ιούλιος|αύγουστος|σεπτέμβριος|οκτώβριος|νοέμβριος|δεκέμβριος|yanvar|"
    "fevral|mart|aprel|may|iyun|iyul|avqust|sentyabr|oktyabr|noyabr|dekabr|ocak|şubat|nisan|mayıs|haziran|"
    "temmuz|ağustos|eylül|ekim|kasım|aralık"
)
_MONTHS = frozenset(fold(word) for word in _MONTHS_WORDS.split("|"))


@dataclass(frozen=True)
class Sign:
    """One reason to think so: a sentence and the columns it is about."""

    message: str
    columns: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The sentence in the language of the reader."""
        return _(self.message, columns=listed(self.columns))


def signs_of_statistics(names: Sequence[str], rows: Iterable[Sequence[str]]) -> list[Sign]:
    """Why the table looks like counts; empty where it looks like a register. Looks at LOOKED_AT rows."""
    table = [cells for _number, cells in zip(range(LOOKED_AT), rows, strict=False)]
    if len(table) < _FEWEST_ROWS:
        return []
    columns = [[cells[place].strip() for cells in table if cells[place].strip()] for place in range(len(names))]
    periods = tuple(
        name for name, cells in zip(names, columns, strict=True) if is_period(name) and _mostly(cells, _NUMBER)
    )
    if len(periods) >= _FEWEST_ROWS:
        return [Sign(N_("columns are periods (%(columns)s)"), periods[:6])]
    found = []
    counts = tuple(
        name
        for name, cells in zip(names, columns, strict=True)
        if _COUNTING.intersection(_WORD.findall(fold(name))) and _mostly(cells, _NUMBER)
    )
    if counts:
        found.append(Sign(N_("columns hold counts (%(columns)s)"), counts[:6]))
    spans = tuple(name for name, cells in zip(names, columns, strict=True) if _holds_periods(cells))
    if spans:
        found.append(Sign(N_("rows stand for months, quarters or years (%(columns)s)"), spans[:6]))
    if not any(_holds_words(cells) for cells in columns):
        found.append(Sign(N_("no column tells in words what happened")))
    return found if len(found) > 1 and (counts or spans) else []


def is_period(text: str) -> bool:
    """Whether the text names a month, a quarter, a week or a year, and no day."""
    folded = " ".join(fold(text).split())
    if folded in _MONTHS:
        return True
    if not any(pattern.fullmatch(folded) for pattern in _PERIODS):
        return False
    words = [word for word in _WORD.findall(folded) if word.isalpha() and len(word) >= 3]
    return all(word in _MONTHS or word == "week" for word in words)


def _mostly(cells: Sequence[str], pattern: re.Pattern[str]) -> bool:
    return bool(cells) and sum(1 for cell in cells if pattern.fullmatch(cell)) >= _MOSTLY * len(cells)


def _holds_periods(cells: Sequence[str]) -> bool:
    if not cells:
        return False
    if len(set(cells)) >= _FEWEST_ROWS and all(_FIRST_OF_MONTH.fullmatch(cell) for cell in cells):
        return True
    years = sum(1 for cell in cells if cell.isdigit())
    return years < len(cells) and sum(1 for cell in cells if is_period(cell)) >= _MOSTLY * len(cells)


def _holds_words(cells: Sequence[str]) -> bool:
    """Whether the column tells its own story in most rows: several words, and seldom the same ones."""
    telling = {cell for cell in cells if sum(word.isalpha() for word in _WORD.findall(cell)) >= 3}
    return len(telling) >= max(2, len(cells) // 3)
