"""Making many documents as a job: language and kind go in, the name of the ZIP comes out."""

from collections.abc import Callable
from typing import Any

from flask import current_app

from auditkit.accounts import queries as accounts
from auditkit.accounts.queries import today_of_house
from auditkit.base import clock, jobs
from auditkit.base.actor import Actor
from auditkit.base.db import reading, transaction
from auditkit.base.ids import new_secret
from auditkit.base.text import translated_by
from auditkit.content.library import in_language, of_organisation
from auditkit.content.texts import ENGLISH
from auditkit.documents.own.rules import Kind
from auditkit.papers import folder, queries
from auditkit.papers.building import Asked
from auditkit.papers.rules import PAPERS, Of
from auditkit.web.catalogues import catalogue as texts_in
from auditkit.web.languages import by_clocks_of

MAKE = "papers.folder"


def payload(language: str, kind: Kind) -> dict[str, Any]:
    """What the job has to know."""
    return {"language": language, "kind": kind.value}


@jobs.handler(MAKE)
def make_folder(asked: dict[str, Any], actor: Actor, progress: Callable[[float], None]) -> dict[str, Any]:
    """Make every document the person may see and put them into a ZIP. Raises PdfUnavailable, PdfFailed."""
    tx, language = reading(actor), asked["language"]
    settings = current_app.extensions["auditkit.settings"]
    house = next(one for one in accounts.organisations(tx) if one.id == actor.organisation_id)
    library = of_organisation(settings.instance, house.slug).library
    spoken = in_language(library, language if language in library.languages else ENGLISH)
    names, today = accounts.names(tx), today_of_house(tx, clock.now())
    address = f"{settings.public_url.rstrip('/')}/p/{house.slug}/"
    subjects = {one.id: queries.subjects(tx, one.of, library) for one in PAPERS.values() if one.of is not Of.NOTHING}

    def request(subject: str) -> Asked:
        return Asked(tx, house.name, names, spoken, language, today, address, subject)

    with translated_by(str if language == "en" else texts_in(language).text, language), by_clocks_of(house.zone):
        batch = folder.make(request, folder.wanted(subjects, actor.may), progress)
        tx.rollback()  # converting takes its time, and an open reading would keep the database from tidying up
        name = new_secret()
        target = folder.place(settings.instance, house.slug, name)
        folder.write(target, batch, Kind(asked["kind"]), progress)
    with transaction(actor) as open_tx:
        for title, made in batch.made:
            made.tell(open_tx, title, clock.now(), actor)
    return {"file": name, "made": len(batch.made), "missing": len(batch.missing)}
