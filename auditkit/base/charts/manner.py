"""How numbers of a chart are written and which way it runs."""

from dataclasses import dataclass
from functools import lru_cache

from babel import Locale
from babel.numbers import format_decimal, format_percent

from auditkit.base.jalali import persian_digits

RIGHT_TO_LEFT = ("fa", "ar", "he", "ur")


@dataclass(frozen=True)
class Manner:
    """The language of the numbers (as `web.languages.locale()` names it); Persian and its like are mirrored."""

    language: str = "en"

    @property
    def mirrored(self) -> bool:
        """Whether the picture runs from right to left."""
        return self.language.split("_")[0] in RIGHT_TO_LEFT

    def number(self, value: float, digits: int = 0) -> str:
        """A number with at most `digits` decimals, in the digits of the language."""
        locale = _locale(self.language)
        number = format_decimal(round(value, digits), _pattern(digits), locale=locale, numbering_system="default")
        return self._digits(str(number))

    def share(self, value: float) -> str:
        """A share of one as a percentage with at most one decimal."""
        locale = _locale(self.language)
        return self._digits(str(format_percent(value, "#,##0.#%", locale=locale, numbering_system="default")))

    def written(self, value: float, *, digits: int = 0, share: bool = False) -> str:
        """A value of a chart, which is either a number or a share of one."""
        return self.share(value) if share else self.number(value, digits)

    def _digits(self, number: str) -> str:
        return persian_digits(number) if self.language == "fa" else number


ENGLISH = Manner()


@lru_cache(maxsize=16)
def _locale(language: str) -> Locale:
    return Locale.parse("en_GB" if language in ("en", "en_XA") else language)


def _pattern(digits: int) -> str:
    return "#,##0" + ("." + "#" * digits if digits else "")
