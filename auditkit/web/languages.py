"""Language and direction of the screens: the person's choice, else the browser's, else the installation's."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time, tzinfo
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_time
from babel.lists import format_list
from flask import Flask, current_app, g, has_request_context, request, session
from flask_babel import Babel
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from auditkit.base import jalali, text
from auditkit.base.calendar.spans import day_of, is_day_only
from auditkit.web.catalogues import catalogue

LANGUAGES = {
    "en": "English",
    "ru": "Русский",
    "ka": "ქართული",
    "fa": "فارسی",
    "el": "Ελληνικά",
    "az": "Azərbaycanca",
    "tr": "Türkçe",
}
PSEUDO = "en_XA"  # every text bracketed and accented, so that a text that was left out shows at once

_ACCENTED = str.maketrans("aeiouAEIOUcnsy", "áéíóúÁÉÍÓÚçñšý")
_KEPT = re.compile(r"(%\(\w+\)[sd]|%[sd]|<[^>]+>|&\w+;)")


def pseudo(message: str) -> str:
    """`message` as the pseudo-locale shows it: accented, in brackets, placeholders and tags untouched."""
    parts = _KEPT.split(message)
    return "⟦" + "".join(part if index % 2 else part.translate(_ACCENTED) for index, part in enumerate(parts)) + "⟧"


def locale() -> str:
    """The screens' language in this request (BCP 47 with underscore)."""
    chosen: str | None = g.get("locale")
    if chosen is None:
        chosen = g.locale = _choose()
    return chosen


def _choose() -> str:
    chosen = session.get("locale", "")
    if chosen in LANGUAGES or (chosen == PSEUDO and current_app.testing):
        return str(chosen)
    return request.accept_languages.best_match(LANGUAGES) or str(current_app.config["BABEL_DEFAULT_LOCALE"])


def direction() -> str:
    """`rtl` or `ltr` for the screens' language."""
    return "rtl" if locale() == "fa" else "ltr"


def speaking() -> str | None:
    """The language of texts now: of the innermost `spoken` block (a mail), else the request's, else None."""
    return text.language_spoken() or (locale() if has_request_context() else None)


def _translate(message: str) -> str:
    language = speaking()
    if language is None:
        return message
    return pseudo(message) if language == PSEUDO else catalogue(language).text(message)


def _plural(one: str, many: str, number: int) -> str:
    language = speaking()
    if language is None:
        return one if number == 1 else many
    if language == PSEUDO:
        return pseudo(one if number == 1 else many)
    return catalogue(language).plural(one, many, number)


class _PersianNumber(int):
    """A number that Persian digits stand for where it is written out; `%d` and arithmetic see the number."""

    def __str__(self) -> str:
        return jalali.persian_digits(int.__repr__(self))


def numeral(value: Any) -> Any:
    """A whole number so that it is written in the digits of the screens' language; anything else as it is."""
    return _PersianNumber(value) if type(value) is int and speaking() == "fa" else value


def in_own_digits(number: str) -> str:
    """A number that is a text already, such as "1,000+", in the digits of the screens' language."""
    return jalali.persian_digits(number) if speaking() == "fa" else number


def _filled(params: Mapping[str, Any]) -> Mapping[str, Any]:
    return {name: _written_out(text.in_a_row(value)) for name, value in params.items()}


def _written_out(value: Any) -> Any:
    """What fills a placeholder: days and times as the language writes them, a moment by the clocks of its own zone."""
    if speaking() is None:  # the command line
        return text.plain(value)
    if isinstance(value, time):
        return in_own_digits(f"{value:%H:%M}")
    if isinstance(value, datetime):
        return local_moment(value, value.tzinfo or UTC)
    return day(value) if isinstance(value, date) else numeral(value)


# What templates call. New-style gettext fills placeholders itself and escapes their values; so do these, with numerals.
@pass_context
def _gettext(context: Context, message: str, /, **params: Any) -> str:
    return _written(context, _translate(message), params)


@pass_context
def _ngettext(context: Context, one: str, many: str, number: int, /, **params: Any) -> str:
    return _written(context, _plural(one, many, number), {"num": number, **params})


def _written(context: Context, message: str, params: Mapping[str, Any]) -> str:
    found = Markup(message) if context.eval_ctx.autoescape else message  # noqa: S704 - texts of the source and catalogue
    return found % _filled(params)


@lru_cache(maxsize=4096)
def _day(value: date, language: str) -> str:
    if language == "fa":
        try:
            return jalali.day_in_persian(value.date() if isinstance(value, datetime) else value)
        except ValueError:  # outside the years of its rule: better the other calendar than a wrong day
            pass
    return format_date(value, "medium", locale=Locale.parse(language))


@lru_cache(maxsize=4096)
def _moment(value: datetime, language: str) -> str:
    # Seconds say nothing to a reader; `datetime` attributes carry them.
    hour = format_time(value, "short", locale=Locale.parse(language))
    if language == "fa":
        return f"{_day(value.date(), language)}، {jalali.persian_digits(hour)}"
    return f"{_day(value.date(), language)}, {hour}"


def day(value: date | None) -> str:
    """A day in the screens' language; a dash for none."""
    return _day(value, _formatting()) if value else "–"


def day_in(value: date, language: str) -> str:
    """A day in `language`, outside of a request too: for documents that a worker makes."""
    return _day(value, "en_GB" if language in ("en", PSEUDO) else language)


def beginning(first: date, name: str) -> str:
    """A span of days on an axis: by its `name`, such as 2026-W31 or 2026-03.

    Persian readers know neither week nor month of another calendar: for them it is the day on which it begins,
    ۱۴۰۵/۰۵/۰۵.
    """
    if speaking() != "fa":
        return name
    year, month, number = jalali.gregorian_to_jalali(first)
    return jalali.persian_digits(f"{year}/{month:02}/{number:02}")


def moment(value: datetime | None) -> str:
    """A moment in the screens' language, a dash for none: by the clocks of the organisation whose page this is (its
    foot names their zone), elsewhere in UTC, which is then said."""
    if value is None:
        return "–"
    zone = zone_here()
    return local_moment(value, zone) if zone is not None else f"{_moment(_clock_face(value, UTC), _formatting())} UTC"


def moments() -> Callable[[datetime], str]:
    """What writes many moments of one page as `moment` does: zone and language are asked for once."""
    zone, language = zone_here(), _formatting()
    if zone is None:
        return moment
    return lambda value: _moment(_clock_face(value, zone), language)


def zone_here() -> ZoneInfo | None:
    """The time zone of the organisation whose page this is; None on pages of none, and outside a request."""
    organisation = g.get("organisation") if has_request_context() else None
    return ZoneInfo(organisation.zone) if organisation is not None else None


def day_there(value: datetime) -> date:
    """The day of a moment by the clocks of the organisation whose page this is, or whose document (`by_clocks_of`).

    Midnight UTC stands for a day whose hour is not known, and stays that day.
    """
    zone = zone_here() or _CLOCKS.get()
    return value.date() if zone is None else day_of(value, zone)


_CLOCKS: ContextVar[ZoneInfo | None] = ContextVar("clocks", default=None)


@contextmanager
def by_clocks_of(zone: str) -> Iterator[None]:
    """Within it days are those of this zone (IANA name): for documents that a job or a process of its own makes."""
    token = _CLOCKS.set(ZoneInfo(zone))
    try:
        yield
    finally:
        _CLOCKS.reset(token)


def local_moment(value: datetime, zone: tzinfo) -> str:
    """A moment as clocks show it in `zone`, in the screens' language; the caller says which zone it is."""
    return _moment(_clock_face(value, zone), _formatting())


def _clock_face(value: datetime, zone: tzinfo) -> datetime:
    """What a clock in `zone` shows, without its zone: moments equal in two zones must not share a place in a cache."""
    return value.astimezone(zone).replace(tzinfo=None)


def listed(values: Iterable[object]) -> str:
    """Several things in one sentence, as the screens' language writes them: "a, b and c"; "a، b، و c" in Persian.

    `text.enumerated` leaves out the "and", for what stands in a row: references, clauses, the words one may choose.
    """
    language, words = speaking(), [str(one) for one in values]
    if language == PSEUDO:
        return ", ".join(words)
    known = "en_GB" if language in (None, "en") else language
    return str(format_list(words, locale=Locale.parse(known)))


def _formatting() -> str:
    language = speaking() or locale()
    return "en_GB" if language in ("en", PSEUDO) else language


def init_app(app: Flask, default: str) -> None:
    """Give `app` its languages."""
    app.config["BABEL_DEFAULT_LOCALE"] = default
    Babel(app, locale_selector=_formatting)
    text.install(_translate, _plural, _filled, speaking)
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]  # added by the extension
        _gettext,
        _ngettext,
        newstyle=False,
    )
    app.jinja_env.newstyle_gettext = True  # type: ignore[attr-defined]  # so that `trans` hands its values over too
    app.jinja_env.filters.update(
        day=day, moment=moment, day_there=day_there, is_day_only=is_day_only, numeral=numeral, own_digits=in_own_digits
    )
    app.jinja_env.filters.update(listed=listed, enumerated=text.enumerated)
    app.jinja_env.globals.update(locale=locale, direction=direction, LANGUAGES=LANGUAGES)
