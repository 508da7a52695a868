"""The words of a frozen checklist in the language in which somebody reads it.

An audit keeps its questions in the language in which it was started. Whoever reads in another one gets the library's
text of the same id in that language, as long as the library still says what was frozen, in whichever language. Where
it says something else by now, the frozen words stay, as `AsFrozen` with their language; what a person wrote for one
audit has no id in the library and stays as it is. tests/slices/audits/test_audit_wording.py.
"""

import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import cache, lru_cache
from typing import Any

from auditkit.audits.checking.rules import Result
from auditkit.audits.queries.plans import AuditHead
from auditkit.audits.queries.run import LeftOut, RowView, SectionProgress
from auditkit.audits.scoring.queries import Scores
from auditkit.audits.tailoring.queries import LeftOut as Spared
from auditkit.audits.tailoring.queries import Tailoring
from auditkit.base.text import SEMICOLON, enumerated
from auditkit.content.library import Checklist, Library, Section, in_language
from auditkit.content.shapes import Answer, Item
from auditkit.content.texts import ENGLISH, Said

_OF_ROW = (("question", "question"), ("good", "good"), ("expected", "evidence"), ("guidance", "guidance"))
_OF_ITEM = ("question", "good", "evidence", "guidance", "recomputed")
# The scripts of languages that are not written in Latin letters, by the first word of a letter's Unicode name.
_SCRIPTS = {"ARABIC": "fa", "GEORGIAN": "ka", "GREEK": "el", "CYRILLIC": "ru"}

Found = Callable[[Library], str | None]


class AsFrozen(Said):
    """Words that stand as they were frozen, because the library says something else today."""


class Wording:
    """Reads frozen words in the language of `spoken`, an organisation's library in some language."""

    def __init__(self, spoken: Library) -> None:
        self.source, self.spoken = spoken.translated_from or spoken, spoken
        self._section = cache(self._section_title)
        self._section_named = cache(self._section_id)
        self.answer = cache(self._answer)

    def rows(self, rows: Iterable[RowView], head: AuditHead) -> list[RowView]:
        """The rows, changed in place."""
        return [self.row(row, head) for row in rows]

    def row(self, row: RowView, head: AuditHead) -> RowView:
        """The row, changed in place; what was added for this audit only stays a plain text."""
        item = None if row.added_digest else self.spoken.items.get(row.item_id)
        if item is not None:
            for field, name in _OF_ROW:
                frozen, now = getattr(row, field), getattr(item, name)
                setattr(row, field, _known(now) if now == frozen else self._of_item(row.item_id, name, frozen))
        if row.previous and head.scale:
            row.previous = replace(row.previous, answer=self.answer(head.scale["id"], row.previous.answer))
        row.clause_label = self.clause(row.clause, row.clause_label)
        row.section_title = self.section(head.checklist_id, row.section, row.section_title)
        return row

    def question(self, item_id: str, frozen: str) -> str:
        """A question by the id of its item."""
        return self._of_item(item_id, "question", frozen)

    def clause(self, ref: str, frozen: str) -> str:
        """A clause by its reference, with its number: `7.4 Acknowledgement of complaint`."""

        def found(library: Library) -> str | None:
            return library.nodes[ref].label if ref in library.nodes else None

        return self._same(frozen, found)

    def criterion(self, ref: str, edition_name: str, said: str) -> str:
        """The criterion of a finding, where it is the clause by its title and nothing was added to it."""
        start = f"{edition_name}, "
        named = self.clause(ref, said.removeprefix(start)) if said.startswith(start) else said
        return f"{start}{named}" if named is not said and not isinstance(named, AsFrozen) else said

    def section(self, checklist_id: str, section_id: str, frozen: str) -> str:
        """The title of a section of a checklist."""
        return self._same(frozen, lambda library: self._section(library.language, checklist_id, section_id))

    def sections(self, checklist_id: str, named: str) -> str:
        """Titles of sections in a row, as a timetable names them; as they stand where one of them is no section's.

        The last may be cut short (`…`); read, it is whole.
        """
        ids = [self._section_named(checklist_id, one) for one in named.split(f"{SEMICOLON} ")]
        found = [self._section(self.spoken.language, checklist_id, one) for one in ids if one]
        return enumerated((one for one in found if one), SEMICOLON) if len(found) == len(ids) else named

    def _section_id(self, checklist_id: str, named: str) -> str | None:
        """The id of the section that the library calls so in some language."""
        start = named.removesuffix("…")
        for library in (self.spoken, *self._others()):
            for one in self._sections_of(library, checklist_id):
                if one.title == named or (start != named and one.title.startswith(start)):
                    return one.id
        return None

    def _answer(self, scale_id: str, label: str) -> str:
        """The label of an answer of which nothing but the label was kept."""
        scale = self.spoken.scales.get(scale_id)
        known = (self._label(scale_id, one.id, label) for one in scale.answers) if scale else iter(())
        return next((str(one) for one in known if not isinstance(one, AsFrozen)), label)

    def left_out(self, found: Iterable[LeftOut]) -> list[LeftOut]:
        """Questions that nobody looked at."""
        return [
            replace(
                one,
                question=self.question(one.item_id, one.question),
                clause_label=self.clause(one.clause, one.clause_label),
            )
            for one in found
        ]

    def progress(self, found: Iterable[SectionProgress], checklist_id: str) -> list[SectionProgress]:
        """How far the sections are."""
        return [replace(one, title=self.section(checklist_id, one.id, one.title)) for one in found]

    def scores(self, found: Scores) -> Scores:
        """Figures by clause."""
        return replace(
            found, clauses=tuple(replace(one, title=self.clause(one.key, one.title)) for one in found.clauses)
        )

    def checks(self, found: Iterable[Result]) -> list[Result]:
        """What the checks of gaps found: the questions they name."""
        return [
            replace(
                one,
                items=tuple(
                    replace(item, text=self.question(item.asked, item.text)) if item.asked else item
                    for item in one.items
                ),
            )
            for one in found
        ]

    def tailored(self, found: Tailoring) -> Tailoring:
        """How an audit was tailored, with the questions it does not ask."""
        return replace(found, left_out=tuple(self._spared(one) for one in found.left_out))

    def _spared(self, one: Spared) -> Spared:
        item = self.spoken.items.get(one.item)
        clause = self.clause(item.clauses[0], one.clause) if item else one.clause
        return replace(one, clause=clause, question=self.question(one.item, one.question))

    def principles(self, edition_id: str) -> dict[str, str]:
        """Code -> title of an edition's principles; empty where the library no longer has the edition."""
        edition = self.spoken.editions.get(edition_id)
        return {node.code: node.title for node in edition.principles if node.code} if edition else {}

    def head(self, head: AuditHead) -> AuditHead:
        """An audit with the title of its checklist and the answers of its scale."""
        title = self._same(head.checklist_title, lambda library: _title(library, head.checklist_id))
        scale = {**head.scale, "answers": self._answers(head.scale)} if head.scale else head.scale
        return replace(head, checklist_title=title, scale=scale)

    def checklist(self, frozen: Checklist) -> Checklist:
        """A whole frozen checklist."""
        said = {
            "title": self._same(frozen.title, lambda library: _title(library, frozen.id)),
            "scale": frozen.scale.model_copy(update={"answers": self._scale_answers(frozen)}),
            "sections": tuple(self._frozen_section(frozen.id, one) for one in frozen.sections),
        }
        # Made anew: a copy would keep the list of questions that was put together from the frozen sections.
        return Checklist.model_construct(**{name: getattr(frozen, name) for name in Checklist.model_fields} | said)

    def _frozen_section(self, checklist_id: str, one: Section) -> Section:
        items = tuple(self._frozen_item(item) for item in one.items)
        return one.model_copy(update={"title": self.section(checklist_id, one.id, one.title), "items": items})

    def _frozen_item(self, item: Item) -> Item:
        texts = {name: getattr(item, name) for name in _OF_ITEM}
        return item.model_copy(
            update={name: self._of_item(item.id, name, text) for name, text in texts.items() if text is not None}
        )

    def _scale_answers(self, frozen: Checklist) -> tuple[Answer, ...]:
        return tuple(
            one.model_copy(update={"label": self._label(frozen.scale.id, one.id, one.label)})
            for one in frozen.scale.answers
        )

    def _answers(self, scale: dict[str, Any]) -> list[dict[str, Any]]:
        return [{**one, "label": str(self._label(scale["id"], one["id"], one["label"]))} for one in scale["answers"]]

    def _label(self, scale_id: str, answer_id: str, frozen: str) -> str:
        def found(library: Library) -> str | None:
            scale = library.scales.get(scale_id)
            chosen = scale.answer(answer_id) if scale else None
            return chosen.label if chosen else None

        return self._same(frozen, found)

    def _of_item(self, item_id: str, name: str, frozen: str) -> str:
        def found(library: Library) -> str | None:
            item = library.items.get(item_id)
            return getattr(item, name) if item else None

        return self._same(frozen, found)

    def _section_title(self, language: str, checklist_id: str, section_id: str) -> str | None:
        sections = self._sections_of(self._in(language), checklist_id)
        return next((one.title for one in sections if one.id == section_id), None)

    def _sections_of(self, library: Library, checklist_id: str) -> Iterator[Section]:
        own = library.checklists.get(checklist_id)
        # A profile of the checklist may have been asked, with sections of its own.
        asked = [own] if own else []
        asked += [one for one in library.checklists.values() if one.based_on == checklist_id]
        return (one for each in asked for one in each.sections)

    def _same(self, frozen: str, found: Found) -> str:
        """The text of today in the reader's language, where the library still says in some language what was frozen."""
        now = found(self.spoken)
        if not frozen or now is None:
            return frozen
        if now == frozen or any(found(library) == frozen for library in self._others()):
            return _known(now)
        return AsFrozen(frozen, self._language_by_letters(frozen))

    def _others(self) -> Iterator[Library]:
        for language in self.source.languages:  # English first: most audits are frozen in it
            if language != self.spoken.language:
                yield self._in(language)

    def _in(self, language: str) -> Library:
        return self.spoken if language == self.spoken.language else in_language(self.source, language)

    def _language_by_letters(self, text: str) -> str:
        """Which of the library's languages a text is in that it no longer holds."""
        letter = next((one for one in text if one.isalpha() and not one.isascii()), "")
        language = _SCRIPTS.get(unicodedata.name(letter, "").partition(" ")[0], ENGLISH) if letter else ENGLISH
        return language if language in self.source.languages else ENGLISH


def _known(text: str) -> str:
    """A text of the library that says its language, English too: a person's own words say none."""
    return text if isinstance(text, Said) else _english(text)


@lru_cache(maxsize=4096)
def _english(text: str) -> Said:
    return Said(text, ENGLISH)


def _title(library: Library, checklist_id: str) -> str | None:
    found = library.checklists.get(checklist_id)
    return found.title if found else None
