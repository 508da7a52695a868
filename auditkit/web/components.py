"""What the page components (`templates/web/components.html`) and the frame around every page need from Python."""

import re
from collections.abc import Iterable
from functools import cache, lru_cache
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from flask import Blueprint, Flask, current_app, g, render_template, request, session, url_for
from flask_login import current_user
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup, escape
from wtforms import BooleanField, Field, FileField, HiddenField, RadioField, SelectField, SelectMultipleField
from wtforms.form import BaseForm
from wtforms.widgets import CheckboxInput, HiddenInput, ListWidget

from auditkit.web import assets, navigation
from auditkit.web.languages import LANGUAGES, in_own_digits, locale
from auditkit.web.preferences import themes

bp = Blueprint("web", __name__, template_folder="templates")

_EMPTY = re.compile(r"(<td\b[^>]*>)\s+(</td>)", re.IGNORECASE)
_CELL = re.compile(r"<(tr|td|th)\b([^>]*)>", re.IGNORECASE)
_TEXT_ONLY = re.compile(r"(<(td|th)\b[^>]*>)(?=[^<]*\S)([^<]+)(</\2>)", re.IGNORECASE)


def init_app(app: Flask) -> None:
    """Make the components known to every template of `app`."""
    app.register_blueprint(bp)
    app.jinja_env.globals.update(
        icon=assets.icon,
        _icon=assets.icon,
        asset=asset_url,
        frame_of_page=frame_of_page,
        frame_top=frame_top,
        field_id=field_id,
        field_kind=field_kind,
        flat_errors=flat_errors,
        has_files=has_files,
        label_cells=label_cells,
        may_be_empty=may_be_empty,
        unique_id=unique_id,
    )
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True


def asset_url(name: str) -> str:
    """The address of a static file, which changes with its content. Raises LookupError for an unknown file."""
    return f"/assets/{assets.version(name)}/{name}"


@cache
def _version() -> str:
    try:
        return version("auditkit")
    except PackageNotFoundError:  # run from a checkout that was never installed
        return ""


def frame_of_page(bare: bool = False) -> dict[str, Any]:
    """What the frame shows around the page: organisation, person, navigation, preferences.

    `bare` asks for nothing that needs the database: the page after a fault must not fault again.
    """
    organisation = g.get("organisation")
    frame: dict[str, Any] = {
        "organisation": organisation.name if organisation is not None else "",
        "zone": organisation.zone if organisation is not None else "",
        "logo": "" if bare else logo_address(),
        "home": "/",
        "person": "",
        "navigation": (),
        "others": (),
        "address": request.full_path.rstrip("?") if request.method == "GET" else "",
        "language": LANGUAGES.get(locale(), ""),
        "theme": session.get("theme", ""),
        "version": _version(),
    }
    if bare:
        return frame
    if current_user.is_authenticated and "account.mine" in current_app.view_functions:
        frame["person"] = current_user.name
        frame["navigation"] = navigation.items()
        if organisation is not None:
            frame["home"] = navigation.address("home.show")
            frame["others"] = _organisations(organisation.slug)
    return frame


def logo_address() -> str:
    """Where the logo of the page's organisation is fetched; empty where it has none."""
    organisation = g.get("organisation")
    if organisation is None or not organisation.logo:
        return ""
    everybodys = "logo.picture" in current_app.view_functions  # not in a process that serves the staff alone
    return url_for("logo.picture" if everybodys else "logos.picture", digest=organisation.logo)


def _organisations(here: str) -> tuple[tuple[str, str, bool], ...]:
    """The person's organisations as (name, address, whether it is this one), where there are several."""
    found = current_app.extensions["auditkit.directory"].organisations()
    if len(found) < 2:
        return ()
    return tuple([(one.name, url_for("home.show", organisation=one.slug), one.slug == here) for one in found])


# What stands for the values that change with every page while the rest of the frame is kept.
_TOKEN, _NEXT = "\x00token\x00", "\x00next\x00"


def frame_top(here: dict[str, Any]) -> Markup:
    """What stands above and beside the page. It is the same on every page but for the token of its forms and their
    way back, so it is drawn once for each organisation, person, language, appearance and place in the navigation.
    """
    kept = tuple((name, value) for name, value in here.items() if name != "address")
    top = _drawn_top(locale(), kept)
    token = generate_csrf() if _TOKEN in top else ""
    return Markup(top.replace(_TOKEN, token).replace(_NEXT, escape(here["address"])))  # noqa: S704 - ours, escaped


@lru_cache(maxsize=512)
def _drawn_top(_language: str, here: tuple[tuple[str, Any], ...]) -> str:
    return render_template("web/_top.html", here=dict(here), themes=themes(), token=_TOKEN, next=_NEXT)


def unique_id(stem: str) -> str:
    """An element id that no other call of this request got: `stem-1`, `stem-2`, ..."""
    counts: dict[str, int] = g.setdefault("component_ids", {})
    counts[stem] = counts.get(stem, 0) + 1
    return f"{stem}-{counts[stem]}"


def field_id(field: Field) -> str:
    """The element id of a form field; where two forms of a page have a field of one name, the later gets a number."""
    given: dict[int, tuple[Field, str]] = g.setdefault("field_ids", {})
    if id(field) not in given:
        taken = {name for _field, name in given.values()}
        name, number = field.id, 2
        while name in taken:
            name, number = f"{field.id}-{number}", number + 1
        given[id(field)] = (field, name)  # the field is kept, so that its id() is not used again
    return given[id(field)][1]


def field_kind(field: Field) -> str:
    """How a field is drawn: hidden, check, choices (a group of radio buttons or boxes), select, file or text."""
    if isinstance(field, HiddenField) or isinstance(field.widget, HiddenInput):
        return "hidden"
    if isinstance(field, BooleanField) or isinstance(field.widget, CheckboxInput):
        return "check"
    if isinstance(field, RadioField) or isinstance(field.widget, ListWidget):
        return "choices"
    if isinstance(field, SelectField | SelectMultipleField):
        return "select"
    return "file" if isinstance(field, FileField) else "text"


def has_files(form: BaseForm) -> bool:
    """Whether the form takes files, so that it must be sent as multipart."""
    return any(isinstance(field, FileField) for field in form)


def may_be_empty(field: Field) -> bool:
    """Whether a person may leave the field out, so that its label says "optional"."""
    if field.flags.required or field_kind(field) in ("check", "choices"):
        return False
    if isinstance(field, SelectField):
        return any(not choice[0] for choice in field.iter_choices())
    return True


def flat_errors(field: Field) -> list[str]:
    """The texts of a field's errors, those of nested fields among them."""
    return list(_texts(field.errors))


def _texts(errors: Any) -> Iterable[str]:
    if isinstance(errors, dict):
        errors = errors.values()
    for error in errors:
        if isinstance(error, list | tuple | dict):
            yield from _texts(error)
        else:
            yield str(error)


def _label(heading: Any) -> Markup:
    if not isinstance(heading, dict):
        return escape(heading)
    return Markup("") if heading.get("hidden") else escape(heading["text"])


def _text_cell(match: re.Match[str]) -> str:
    start, _tag, text, end = match.groups()
    if "translate=" not in start and text.strip().isdigit():
        text = in_own_digits(text)
    return f"{start}<bdi>{text}</bdi>{end}"


def label_cells(rows: Markup, headings: list[Any]) -> Markup:
    """`rows` with each cell carrying its heading as `data-label`, which the theme shows where rows are drawn as cards.

    A cell of nothing but text runs the way its own letters do: what people wrote need not be in the page's direction.
    One of nothing but a number has the digits of the screens' language.

    A row with a cell over several columns, and a cell that has a label already, stay as they are.
    """
    labels = [_label(heading) for heading in headings]
    column = 0

    def label(match: re.Match[str]) -> str:
        nonlocal column
        tag, attributes = match.group(1), match.group(2)
        if tag.lower() == "tr":
            column = 0
            return match.group(0)
        if "colspan" in attributes:
            column = len(labels)
        column += 1
        if column > len(labels) or not labels[column - 1] or "data-label" in attributes:
            return match.group(0)
        return f'<{tag} data-label="{labels[column - 1]}"{attributes}>'

    # A cell of white space becomes an empty one, which the theme leaves out of a card.
    cells = _TEXT_ONLY.sub(_text_cell, _EMPTY.sub(r"\1\2", str(rows)))
    return Markup(_CELL.sub(label, cells))  # noqa: S704 - `rows` is markup already, the labels are escaped
