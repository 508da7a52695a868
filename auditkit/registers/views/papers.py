"""A register and an entry as Word documents, made with the organisation's template in force."""

from flask import Response

from auditkit.base import clock
from auditkit.base.db import reading
from auditkit.base.text import _, spoken
from auditkit.content.library import in_language
from auditkit.documents import catalogue
from auditkit.documents.own import here as making
from auditkit.library.here import here
from auditkit.registers import document, queries, targets
from auditkit.registers.views.blueprint import bp, people
from auditkit.web.access import access, current_actor, current_organisation
from auditkit.web.languages import day_there, locale

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@bp.get("/<register>/register.docx")
@access("registers.read")
def as_word(register: str) -> Response:
    """The whole register."""
    paper = _paper(register, document.REGISTER)
    with spoken(paper.language):
        context = document.register(paper, queries.every(reading(), register, paper.today))
    return _sent(document.REGISTER, context, str(paper.shape.title), paper.language, register)


@bp.get("/<register>/<number>/entry.docx")
@access("registers.read")
def entry_as_word(register: str, number: str) -> Response:
    """One entry with all about it."""
    paper, tx = _paper(register, document.ENTRY), reading()
    one = queries.entry(tx, register, number, paper.today)
    with spoken(paper.language):
        context = document.entry(paper, one, _about(one))
    title = _("Entry %(number)s", number=number)
    return _sent(document.ENTRY, context, title, paper.language, number)


def _paper(register: str, template: str) -> document.Paper:
    """In the language of the screens where the form was written in it, else in English throughout."""
    language = locale() if locale() in catalogue.languages_of(template) else "en"
    shape = in_language(here().library, language).register(register)
    return document.Paper(shape, current_organisation().name, people(), language, day_there(clock.now()))


def _about(one: queries.EntryView) -> document.About:
    tx, actor, known = reading(), current_actor(), targets.known()
    links = queries.links(tx, one.id)
    shown = [link for link in links if link.kind in known and actor.may(known[link.kind].permission)]
    return document.About(
        queries.versions(tx, one.id),
        queries.reviews(tx, one.id),
        queries.measurements(tx, [one.id]).get(one.id, []),
        [(_(known[link.kind].title), targets.shown(tx, link.kind, link.subject_id).label) for link in shown],
        len(links) - len(shown),
    )


def _sent(template: str, context: catalogue.Context, title: str, language: str, name: str) -> Response:
    content = making.made(template, context, title, language=language)
    response = Response(content, mimetype=WORD)
    response.headers.set("Content-Disposition", "attachment", filename=f"{name}.docx")
    return response
