"""A report as PDF takes seconds: it is made as a job, and its page leads on to the file."""

import io
from collections.abc import Callable
from typing import Any

from flask import current_app

from auditkit.accounts.queries import organisations
from auditkit.audits.issuing import service
from auditkit.audits.issuing.making import made
from auditkit.audits.issuing.rules import Kind
from auditkit.base import clock, jobs
from auditkit.base.actor import Actor
from auditkit.base.db import reading, transaction
from auditkit.base.text import _
from auditkit.content.library import of_organisation
from auditkit.evidence import intake
from auditkit.web.languages import by_clocks_of

MAKE = "audits.report-file"


def make(number: str, kind: Kind, language: str, actor: Actor) -> int:
    """Make the file and keep it; its id. Raises as `written`."""
    tx = reading(actor)
    house = next(one for one in organisations(tx) if one.id == actor.organisation_id)
    library = of_organisation(current_app.extensions["auditkit.settings"].instance, house.slug).library
    with by_clocks_of(house.zone):
        document = made(tx, number, house.name, kind, language, library=library)
    title = _("Audit report %(number)s", number=number)
    received = intake.receive([(io.BytesIO(document.content), f"{title}.{kind.value}")])[0]
    with transaction(actor) as open_tx:
        document.tell(open_tx, title, clock.now(), actor)
        command = service.FileReport(number, kind, language, received)
        return int(service.file_report(open_tx, command, clock.now(), actor))


@jobs.handler(MAKE)
def make_file(asked: dict[str, Any], actor: Actor, _progress: Callable[[float], None]) -> dict[str, Any]:
    """The file as a job."""
    return {"file": make(asked["number"], Kind(asked["kind"]), asked["language"], actor)}
