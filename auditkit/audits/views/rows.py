"""What all rows of a run page share, made once a page: 184 rows must not ask 184 times for texts and addresses."""

from dataclasses import dataclass
from typing import Any

from flask import get_template_attribute, request, url_for
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup, escape

from auditkit.audits.queries.plans import AuditHead
from auditkit.audits.rules import GRADE_TITLES, State
from auditkit.audits.views.blueprint import names
from auditkit.base.text import N_, _
from auditkit.content.shapes import Answer, Scale, Source
from auditkit.library.queries import SOURCES
from auditkit.web.access import may
from auditkit.web.assets import icon

METHODS = {
    "D": N_("Documents"),
    "I": N_("Interview"),
    "O": N_("Observation"),
    "R": N_("Records"),
    "T": N_("Live test"),
}


@dataclass(frozen=True)
class Refused:
    """What a person sent for one row and why it was not stored; the page shows it again, nothing typed is lost."""

    row_id: int
    message: str
    note: str
    conflict: bool


@dataclass(frozen=True, slots=True)
class Fixed:
    """Texts are escaped already. `buttons` and `badges` hold the answers as drawn, by the answer that was given."""

    editable: bool
    buttons: dict[str, Markup]
    badges: dict[str, Markup]
    grades: dict[str, Markup]
    methods: dict[str, str]
    sources: dict[str, Markup]
    names: dict[int, str]
    token: Markup
    url: Markup
    suffix: Markup
    finding_url: Markup
    problem: Markup
    note_label: Markup
    files_label: Markup
    save_label: Markup
    finding_label: Markup
    more_label: Markup
    good_label: Markup
    expected_label: Markup
    methods_label: Markup
    their_note: Markup

    def methods_of(self, letters: list[str]) -> str:
        """`Documents, Interview`: how an auditor finds out."""
        return ", ".join(self.methods[letter] for letter in letters)


def fixed(head: AuditHead) -> Fixed:
    """What the rows of this audit share, for the person who asks."""
    answers = Scale.model_validate(head.scale).answers if head.scale else ()
    editable = head.state is State.RUNNING and may("audits.run")
    return Fixed(
        editable=editable,
        buttons=_buttons(answers) if editable else {},
        badges=_badges(answers),
        grades={grade: escape(_(title)) for grade, title in GRADE_TITLES.items()},
        methods={letter: _(title) for letter, title in METHODS.items()},
        sources={source: escape(_(title)) for source, title in SOURCES.items() if source is not Source.PUBLISHED},
        names=names(),
        token=escape(generate_csrf() if editable else ""),
        url=escape(url_for("audits.answer", number=head.number, row_id=0).removesuffix("0")),
        suffix=escape("?show=open" if request.args.get("show") == "open" else ""),
        finding_url=escape(url_for("audits.new_finding", number=head.number) + "?row="),
        problem=icon("exclamation-triangle"),
        note_label=escape(_("Note")),
        files_label=escape(_("Files that show it")),
        save_label=escape(_("Save")),
        finding_label=escape(_("Raise a finding")),
        more_label=escape(_("What good looks like")),
        good_label=escape(_("Good looks like:")),
        expected_label=escape(_("Ask to see:")),
        methods_label=escape(_("How:")),
        their_note=escape(_("Their note:")),
    )


def _drawn(name: str, *arguments: Any) -> Markup:
    return Markup(get_template_attribute("audits/answers.html", name)(*arguments))  # noqa: S704 - a macro escapes


def _buttons(answers: tuple[Answer, ...]) -> dict[str, Markup]:
    label = _("Answer")
    return {given: _drawn("buttons", answers, given, label, icon) for given in ("", *(one.id for one in answers))}


def _badges(answers: tuple[Answer, ...]) -> dict[str, Markup]:
    return {one.id: _drawn("badge", one, icon) for one in answers}
