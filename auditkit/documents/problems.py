"""The sentences for what can be wrong with a template, and the errors that carry them to a person.

Runs in the parent: the child sends codes (`faults.py`). Every sentence says what to do.
Checked by tests/rules/test_documents_problems.py: each code that the child can send has its sentence.
"""

from dataclasses import dataclass

from auditkit.base.errors import AuditkitError, BadInput
from auditkit.base.text import N_, _
from auditkit.documents.faults import ERROR, Fault, Place

MESSAGES = {
    # the file
    "empty": N_("The file is empty. Choose a Word file (.docx)"),
    "not-a-zip": N_("This is not a Word file (.docx), whatever its name says. Save it from Word as .docx"),
    "old-or-encrypted": N_("This is an old .doc or a file with a password. Save it as .docx without a password"),
    "too-large": N_("The template is larger than %(mebibytes)s MiB. Use smaller pictures"),
    "zip-many": N_("The file holds %(count)s members; at most %(most)s are accepted"),
    "zip-large": N_("Unpacked, the file would take more than %(mebibytes)s MiB. Use smaller pictures"),
    "zip-climbs": N_("The file holds a member named %(member)s, which points outside. It was not opened"),
    "zip-twice": N_("The file holds %(member)s twice. Save it again from Word"),
    "zip-encrypted": N_("%(member)s in the file is encrypted. Save it without a password"),
    "zip-method": N_("%(member)s is compressed in a way Word does not use. Save the file again from Word"),
    "zip-bomb": N_("%(member)s would unpack to many times its size. It was not opened"),
    "zip-damaged": N_("%(member)s in the file is damaged. Save the file again from Word"),
    "no-member": N_("%(member)s is missing: this is not a whole Word file. Save it again from Word"),
    "not-a-document": N_("This is not a plain Word document (%(kind)s). Save it as “Word document (.docx)”"),
    "macros": N_("The file carries macros (%(member)s). Save it as .docx without macros"),
    "document-type": N_("%(member)s declares a document type, as no Word file does. It was not read"),
    "xml-broken": N_("%(member)s cannot be read: %(detail)s. Save the file again from Word"),
    "embedded": N_("The file carries another file (%(member)s). Remove the embedded object"),
    "outside": N_("The document would fetch %(target)s (%(kind)s) when it is opened. Put a copy into the file instead"),
    "template-path": N_(
        "The file names the template it was made from (%(target)s). Detach it in Word if others get it"
    ),
    # the tags
    "no-tags": N_("The template has no tags, so every document made from it will be the same"),
    "foreign-tag": N_("This looks like a tag of another program and stays as it is. Tags are written {{ name }}"),
    "tag-not-closed": N_("The tag is not closed. Add %(closing)s in the same paragraph"),
    "comment-not-closed": N_("The comment that begins with {# is not closed. Add #}"),
    "block-not-closed": N_("This block is not closed. Add {%% %(end)s %%} where it should end"),
    "block-not-open": N_("There is no open {%% %(block)s %%} that this %(end)s could close"),
    "outside-table": N_("{%%%(scope)s works only inside a table. Use {%%p for whole paragraphs"),
    "no-rich-text": N_("{{%(scope)s needs formatted text, which the data do not have. Write {{ name }}"),
    "across-cells": N_("This block begins in one table cell and ends in another: rows get more or fewer cells"),
    "scope-differs": N_(
        "The block that %(opening)s opens ends in another way. Write %(end)s here, alone like the opening"
    ),
    "other-table": N_("%(opening)s stands in another table. Begin and end the rows of a loop in the same table"),
    "row-not-alone": N_("What else stands in this table row goes with the tag. Put the tag into a row of its own"),
    "paragraph-not-alone": N_(
        "What else stands in this paragraph goes with the tag. Put the tag into a paragraph of its own"
    ),
    "no-table-head": N_("The head of this table is not repeated on the next page. In Word: Repeat Header Rows"),
    "no-style": N_("The style %(style)s is used and not in the file, so Word shows plain text there"),
    "not-right-to-left": N_(
        "The document runs from right to left, %(count)s paragraphs here do not. Set their direction"
    ),
    "table-not-right-to-left": N_("%(count)s tables here have their first column on the left. Set their direction"),
    "tags-not-filled": N_("This part has tags, but only the document, headers, footers and footnotes are filled in"),
    "unknown-tag": N_("There is no tag named %(name)s. Use for, if, set or with"),
    "unexpected-character": N_("The character %(character)s cannot stand in a tag. Type it again as a plain one"),
    "syntax": N_("The tag cannot be understood: %(detail)s"),
    "too-deep": N_("The blocks are nested too deeply (%(detail)s). Use fewer loops inside one another"),
    "no-filter": N_("There is no filter named %(name)s"),
    "no-filter-guess": N_("There is no filter named %(name)s. Did you mean %(guess)s?"),
    "no-test": N_("There is no test named %(name)s"),
    "no-test-guess": N_("There is no test named %(name)s. Did you mean %(guess)s?"),
    "no-call": N_("A template may not call anything. Use a field of the data"),
    "no-call-of": N_("A template may not call %(name)s(). Use a field of the data or a filter"),
    "no-self": N_("A template may not look at itself. Use a field of the data"),
    "no-underscore": N_("%(name)s: no field begins with an underscore. Use a field of the data"),
    "no-node": N_("A template may not use %(kind)s. Use for, if, set, with and {{ name }}"),
    "no-operator": N_("%(operator)s works on numbers of sensible size only"),
    "no-fields": N_("%(name)s is asked of a value that has no fields (%(kind)s)"),
    # the data
    "unknown-field": N_("There is no field %(field)s"),
    "unknown-field-guess": N_("There is no field %(field)s. Did you mean %(guess)s?"),
    "not-looped": N_("%(list)s is a list. Write {%% for one in %(list)s %%} and print %(field)s of each entry"),
    "loops-over-no-list": N_("%(field)s is no list, so it cannot be repeated. Print it, or loop over a list"),
    "required-missing": N_("A document of this kind must show %(field)s. Put the field into the template"),
    "shows-no-picture": N_("%(field)s is no picture. Name the picture after a field that is one"),
    "prints-picture": N_(
        "%(field)s is a picture. Put in a picture and name it “picture: %(field)s” in the selection pane"
    ),
    "no-picture": N_("What %(field)s holds is no picture of the kind that stands in the template"),
    "empty-list": N_("The list is empty, so it has no such entry. Test it with {% if … %} first"),
    "prints-nothing": N_("The value is missing for this record. Test it with {% if … %} or give a text with “or”"),
    "prints-list": N_("The value is a list. Use {% for … %} and print one field of each entry"),
    "prints-fields": N_("The value is a group of fields. Print one of them"),
    "cannot-compute": N_("The tag cannot be worked out with these data: %(detail)s"),
    "result-broken": N_("The tags break the document apart (%(detail)s). Begin and end each block at the same level"),
    # the process
    "too-slow": N_("The template took longer than %(seconds)s seconds and was stopped. Use fewer loops"),
    "too-hungry": N_("The template needed more memory or processor time than a document may, and was stopped"),
}


@dataclass(frozen=True)
class Problem:
    """One thing to tell the owner of a template: `level` is `error` (it will not render) or `warning`."""

    level: str
    code: str
    text: str
    place: str | None
    where: Place | None = None
    trial: str = ""
    """With which data it failed (`linting.TRIALS`); empty where the template itself is at fault."""

    def __str__(self) -> str:
        told = f"{self.place}: {self.text}" if self.place else self.text
        return f"{self.trial}: {told}" if self.trial else told


class TemplateRefused(BadInput):
    """The template cannot be used, or not with these data; nothing was written.

    `problems` holds every error that was found; message and place are those of the first.
    """

    def __init__(self, name: str, faults: list[Fault]) -> None:
        first = next((fault for fault in faults if fault.level == ERROR), faults[0])
        place = place_text(first.place)
        super().__init__(MESSAGES[first.code], place=f"{name}, {place}" if place else name, **first.params)
        self.problems = [problem(fault) for fault in faults]


class RenderingUnavailable(AuditkitError):
    """The child process that makes documents does not start; not the template's fault."""

    message = N_("Word documents cannot be made at the moment: the process for them does not start (%(detail)s)")


def problem(fault: Fault) -> Problem:
    """A fault in words."""
    text = _(MESSAGES[fault.code], **fault.params)
    return Problem(fault.level, fault.code, text, place_text(fault.place), fault.place)


def place_text(place: Place | None) -> str | None:
    """A place as a reader would look for it: part, paragraph or table and row, and the tag."""
    if place is None:
        return None
    pieces = [_part_name(place.part)]
    if place.table is not None:
        pieces.append(_("table %(table)s, row %(row)s, cell %(cell)s", **_numbers(place)))
    elif place.paragraph is not None:
        pieces.append(_("paragraph %(paragraph)s", paragraph=place.paragraph))
    if place.tag:
        pieces.append(place.tag)
    return ", ".join(pieces)


def _numbers(place: Place) -> dict[str, int | None]:
    return {"table": place.table, "row": place.row, "cell": place.cell}


def _part_name(part: str) -> str:
    if part.startswith("header"):
        return _("header (%(part)s)", part=part)
    if part.startswith("footer"):
        return _("footer (%(part)s)", part=part)
    names = {"document": N_("text"), "footnotes": N_("footnotes"), "properties": N_("document properties")}
    return _(names[part]) if part in names else part
