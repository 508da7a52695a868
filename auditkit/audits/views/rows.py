"""What all rows of a run page share, made once a page: 184 rows must not ask 184 times for texts and addresses."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from html import escape as escaped
from typing import Any

from flask import get_template_attribute, request, url_for
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup, escape

from auditkit.audits.queries.plans import AuditHead
from auditkit.audits.queries.run import RowView
from auditkit.audits.rules import State
from auditkit.audits.views.asked import Reader, reader
from auditkit.audits.views.blueprint import grades, names
from auditkit.base.text import N_, _, enumerated
from auditkit.content.shapes import Answer, Scale, Source
from auditkit.library.queries import SOURCES
from auditkit.web.access import may
from auditkit.web.assets import icon
from auditkit.web.languages import in_own_digits, moments

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
    head: str
    form: str
    help: str
    buttons: dict[str, Markup]
    badges: dict[str, Markup]
    icons: Markup
    rules: Markup
    grades: dict[str, Markup]
    methods: dict[str, str]
    sources: dict[str, Markup]
    names: dict[int, str]
    token: Markup
    url: Markup
    suffix: Markup
    finding_url: Markup
    evidence_url: Markup
    finding_page: Markup
    problem: Markup
    note_label: Markup
    files_label: Markup
    photo_label: Markup
    save_label: Markup
    finding_label: Markup
    more_label: Markup
    good_label: Markup
    expected_label: Markup
    methods_label: Markup
    their_note: Markup
    asked_label: Markup
    previous_label: Markup
    added_label: Markup
    device_label: Markup
    place_label: Markup
    barred_icon: Markup
    reader: Reader
    moment: Callable[[datetime], str]
    drawn: dict[tuple[str, ...], str]

    def articles(self, rows: Iterable[RowView], refused: Refused | None, barred: Mapping[int, str]) -> Markup:
        """The questions of one section."""
        made = (self.article(row, refused, barred.get(row.id)) for row in rows)
        return Markup("\n".join(made))  # noqa: S704 - each part is escaped

    def article(self, row: RowView, refused: Refused | None, barred: str | None) -> str:
        """One question as HTML, with its form for who may answer it."""
        mine = refused if refused is not None and refused.row_id == row.id else None
        parts = [self.head_of(row)]
        if mine or barred:
            parts.append(_part("alert", self, row, mine, barred))
        if self.editable and not barred:
            parts.append(self.form_of(row, mine.note if mine else row.note))
        else:
            parts.append(_part("said", self, row))
        parts.append(self.files_of(row))
        if row.findings or row.previous:
            parts.append(_part("raised", self, row))
        parts.append(self.help_of(row))
        if row.answered_at:
            parts.append(self.when_of(row, row.answered_at))
        parts.append("</article>")
        return "".join(parts)

    def when_of(self, row: RowView, at: datetime) -> str:
        """When the question was answered and by whom; when and where on a device."""
        said = [f'<time datetime="{at.isoformat()}" translate="no">{self.moment(at)}</time>']
        if row.answered_by:
            said.append(f'<span translate="no">{escaped(self.names.get(row.answered_by, ""))}</span>')
        trace = row.trace
        if trace and trace.late:
            made = f'<time datetime="{trace.made_at.isoformat()}" translate="no">{self.moment(trace.made_at)}</time>'
            said.append(f"{self.device_label} {made}")
        if trace and trace.latitude is not None:
            said.append(f'{self.place_label} <bdi translate="no">{trace.latitude:.5f}, {trace.longitude:.5f}</bdi>')
        return f'<p class="secondary audit-row-when">{" · ".join(said)}</p>'

    def head_of(self, row: RowView) -> str:
        """The beginning of one question: where it stands, what it asks, what its answers need."""
        added = f' <span class="tag">{self.added_label}</span>' if row.added_digest else ""
        needs = f' data-note-for="{escaped(" ".join(row.note_for))}"' if row.note_for else ""
        needs += f' data-evidence-for="{escaped(" ".join(row.evidence_for))}"' if row.evidence_for else ""
        values = {
            "id": row.id,
            "position": row.position,
            "place": in_own_digits(str(row.position)),
            "settled": " is-settled" if row.settled else "",
            "answer": escaped(row.answer),
            "needs": needs,
            "clause": escaped(row.clause_number),
            "tags": self.tags_of(row.principles) + added,
            "question": self.reader.written(row.question),
        }
        return self.head % values

    def tags_of(self, principles: Iterable[str]) -> str:
        """The principles behind a question; few differ."""
        key = ("tags", *principles)
        if key not in self.drawn:
            self.drawn[key] = "".join(f' <span class="tag" translate="no">{escaped(one)}</span>' for one in key[1:])
        return self.drawn[key]

    def files_of(self, row: RowView) -> str:
        """The files of one question."""
        if not row.named:
            return '<ul class="plain-list" data-files hidden></ul>'
        url = self.evidence_url
        items = [
            f'<li><a href="{url}{one.digest}"><bdi translate="no">{escaped(one.shown_name)}</bdi></a></li>'
            for one in row.named
        ]
        return f'<ul class="plain-list" data-files>{"".join(items)}</ul>'

    def form_of(self, row: RowView, note: str) -> str:
        """The form of one question; `note` is what its field holds."""
        values = {
            "id": row.id,
            "version": row.version,
            "position": row.position,
            "buttons": self.buttons[row.answer if row.answered_at else ""],
            "note": escaped(note),
            "asked": escaped(row.interviewee),
        }
        return self.form % values

    def help_of(self, row: RowView) -> str:
        """What good looks like, what to ask for, and how; folded."""
        written = self.reader.written
        guidance = f"<p>{written(row.guidance)}</p>" if row.guidance else ""
        source = self.sources.get(row.source)
        values = {
            "good": written(row.good),
            "expected": written(row.expected),
            "methods": self.methods_of(row.methods),
            "more": guidance + (f'<p class="secondary">{source}</p>' if source else ""),
        }
        return self.help % values

    def methods_of(self, letters: Iterable[str]) -> str:
        """`Documents, Interview`: how an auditor finds out; few differ."""
        key = ("methods", *letters)
        if key not in self.drawn:
            self.drawn[key] = escaped(enumerated(self.methods[letter] for letter in key[1:]))
        return self.drawn[key]


class _Grades(dict[str, Markup]):
    """What grades are called here, asked for by the first row that has a finding: most rows have none."""

    def __missing__(self, grade: str) -> Markup:
        self.update({one: escape(title) for one, title in grades().items()})
        return self[grade]


def fixed(head: AuditHead) -> Fixed:
    """What the rows of this audit share, for the person who asks."""
    answers = Scale.model_validate(head.scale).answers if head.scale else ()
    editable = head.state is State.RUNNING and may("audits.run")
    made = Fixed(
        head="",
        form="",
        help="",
        editable=editable,
        buttons=_buttons(answers) if editable else {},
        badges=_badges(answers),
        icons=_drawn("icons", answers, icon) if editable else Markup(),
        rules=escape(_rules(answers)),
        grades=_Grades(),
        methods={letter: _(title) for letter, title in METHODS.items()},
        sources={source: escape(_(title)) for source, title in SOURCES.items() if source is not Source.PUBLISHED},
        names=names(),
        token=escape(generate_csrf() if editable else ""),
        url=escape(url_for("audits.answer", number=head.number, row_id=0).removesuffix("0")),
        suffix=escape(_suffix()),
        finding_url=escape(url_for("audits.new_finding", number=head.number) + "?row="),
        evidence_url=escape(url_for("evidence.show", digest="0").removesuffix("0")),
        finding_page=escape(url_for("audits.finding", number="0").removesuffix("0")),
        problem=icon("exclamation-triangle"),
        barred_icon=icon("lock"),
        reader=reader(),
        moment=moments(),
        drawn={},
        **{name: escape(_(text)) for name, text in LABELS.items()},
    )
    return replace(made, head=_skeleton("head", made), form=_skeleton("form", made), help=_skeleton("help", made))


SLOTS = (
    "id", "version", "position", "buttons", "note", "asked", "good", "expected", "methods", "more", "settled", "answer",
    "needs", "clause", "tags", "question", "place",
)  # fmt: skip


def _part(name: str, *arguments: Any) -> str:
    return str(get_template_attribute("audits/parts_of_rows.html", name)(*arguments))


def _skeleton(name: str, made: "Fixed") -> str:
    """A macro drawn with slots where the values of a row go: a text for `%` with a dict."""
    marks = {slot: Markup(f"\x01{slot}\x02") for slot in SLOTS}  # noqa: S704 - fixed names
    drawn = str(get_template_attribute("audits/parts_of_rows.html", name)(made, marks)).replace("%", "%%")
    for slot, mark in marks.items():
        drawn = drawn.replace(str(mark), f"%({slot})s")
    return drawn


LABELS = {
    "note_label": N_("Note"),
    "files_label": N_("Files that show it"),
    "photo_label": N_("Take a photo"),
    "save_label": N_("Save"),
    "finding_label": N_("Raise a finding"),
    "more_label": N_("What good looks like"),
    "good_label": N_("Good looks like:"),
    "expected_label": N_("Ask to see:"),
    "methods_label": N_("How:"),
    "their_note": N_("Their note:"),
    "asked_label": N_("Put to"),
    "previous_label": N_("Last time"),
    "added_label": N_("Added for this audit"),
    "device_label": N_("answered without a network at"),
    "place_label": N_("Place kept:"),
}


def _suffix() -> str:
    kept = {name: request.args[name] for name in ("by", "show") if name in request.args}
    return "?" + "&".join(f"{name}={value}" for name, value in kept.items() if value.isalpha()) if kept else ""


def _rules(answers: tuple[Answer, ...]) -> str:
    """What the page must know of each answer: whether it settles a row, and whether the scale asks for a note."""
    return json.dumps({one.id: {"state": one.state, "note": "note" in one.needs} for one in answers})


def _drawn(name: str, *arguments: Any) -> Markup:
    return Markup(get_template_attribute("audits/answers.html", name)(*arguments))  # noqa: S704 - a macro escapes


def _buttons(answers: tuple[Answer, ...]) -> dict[str, Markup]:
    label = _("Answer")
    return {given: _drawn("buttons", answers, given, label, icon) for given in ("", *(one.id for one in answers))}


def _badges(answers: tuple[Answer, ...]) -> dict[str, Markup]:
    return {one.id: _drawn("badge", one, icon) for one in answers}
