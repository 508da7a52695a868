"""Forms of report files."""

from typing import Any

from wtforms import RadioField

from auditkit.audits.issuing.rules import (
    KIND_TITLES,
    WAY_TITLES,
    AddressMissing,
    AddressNotNeeded,
    Kind,
    RecipientMissing,
    Way,
)
from auditkit.base.text import _, lazy_
from auditkit.documents import pdf
from auditkit.web.forms import ChoiceField, Form, LineField
from auditkit.web.languages import LANGUAGES

MENDED_BY: dict[type[Exception], str] = {
    RecipientMissing: "recipient",
    AddressMissing: "address",
    AddressNotNeeded: "address",
}


class FileForm(Form):
    """Make a report as a file. Without LibreOffice there is Word only."""

    kind = RadioField(lazy_("Kind of file"), default=Kind.WORD.value)
    language = ChoiceField(lazy_("Language"))

    def __init__(self, languages: tuple[str, ...], *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.kind.choices = [
            (kind.value, _(title)) for kind, title in KIND_TITLES.items() if kind is Kind.WORD or pdf.available()
        ]
        self.language.choices = [(one, LANGUAGES[one]) for one in languages]


class DistributeForm(Form):
    """Give a report file to somebody."""

    mended_by = MENDED_BY

    recipient = LineField(lazy_("Who gets it"))
    way = RadioField(lazy_("How"), default=Way.MAIL.value)
    address = LineField(lazy_("E-mail address"), max_length=320)

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.way.choices = [(way.value, _(title)) for way, title in WAY_TITLES.items()]
