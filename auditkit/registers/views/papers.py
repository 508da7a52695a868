"""A register and an entry as Word documents, made with the organisation's template in force."""

from flask import Response, url_for

from auditkit.base import clock
from auditkit.base.db import reading
from auditkit.base.text import _, spoken
from auditkit.content.library import in_language
from auditkit.documents import catalogue
from auditkit.documents.contexts.register_form import RegisterEntryForm, RegisterForm
from auditkit.documents.own import feeding
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
    paper, context = _register(register)
    return _sent(document.REGISTER, context, str(paper.shape.title), paper.language, register)


@bp.get("/<register>/register/sources")
@access("registers.read")
def sources(register: str) -> str:
    """Which record feeds which paragraph of it."""
    paper, context = _register(register)
    back = url_for(".entries", register=register)
    return feeding.page(document.REGISTER, context, str(paper.shape.title), back, language=paper.language)


def _register(register: str) -> tuple[document.Paper, RegisterForm]:
    paper = _paper(register, document.REGISTER)
    with spoken(paper.language):
        return paper, document.register(paper, queries.every(reading(), register, paper.today))


@bp.get("/<register>/<number>/entry.docx")
@access("registers.read")
def entry_as_word(register: str, number: str) -> Response:
    """One entry with all about it."""
    paper, context = _entry(register, number)
    title = _("Entry %(number)s", number=number)
    return _sent(document.ENTRY, context, title, paper.language, number)


@bp.get("/<register>/<number>/sources")
@access("registers.read")
def entry_sources(register: str, number: str) -> str:
    """Which record feeds which paragraph of it."""
    paper, context = _entry(register, number)
    title, back = _("Entry %(number)s", number=number), url_for(".show", register=register, number=number)
    return feeding.page(document.ENTRY, context, title, back, language=paper.language)


def _entry(register: str, number: str) -> tuple[document.Paper, RegisterEntryForm]:
    paper = _paper(register, document.ENTRY)
    one = queries.entry(reading(), register, number, paper.today)
    with spoken(paper.language):
        return paper, document.entry(paper, one, _about(one))


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
