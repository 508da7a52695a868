"""How numbers of a chart are written and which way it runs."""

from dataclasses import dataclass
from functools import lru_cache

from babel import Locale
from babel.numbers import NumberPattern, format_decimal, format_percent, parse_pattern

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
        return _number(self.language, round(value, digits), digits)

    def share(self, value: float) -> str:
        """A share of one as a percentage with at most one decimal."""
        return _share(self.language, value)

    def written(self, value: float, *, digits: int = 0, share: bool = False) -> str:
        """A value of a chart, which is either a number or a share of one."""
        return self.share(value) if share else self.number(value, digits)


ENGLISH = Manner()


@lru_cache(maxsize=16)
def _locale(language: str) -> Locale:
    return Locale.parse("en_GB" if language in ("en", "en_XA") else language)


# Kept, because a page of figures writes hundreds of numbers, most of them small and many of them equal.
@lru_cache(maxsize=8192)
def _number(language: str, value: float, digits: int) -> str:
    pattern = _pattern("#,##0" + ("." + "#" * digits if digits else ""))
    return _in_digits(language, format_decimal(value, pattern, locale=_locale(language), numbering_system="default"))


@lru_cache(maxsize=8192)
def _share(language: str, value: float) -> str:
    pattern = _pattern("#,##0.#%")
    return _in_digits(language, format_percent(value, pattern, locale=_locale(language), numbering_system="default"))


@lru_cache(maxsize=32)
def _pattern(written: str) -> NumberPattern:
    return parse_pattern(written)


def _in_digits(language: str, number: str) -> str:
    return persian_digits(number) if language == "fa" else number
