"""What a document can be about, and which languages it can be made in."""

from auditkit.audits.programme import queries as programmes
from auditkit.audits.queries import plans
from auditkit.base.db import Session
from auditkit.base.text import _
from auditkit.content.library import Library
from auditkit.documents import catalogue
from auditkit.documents.own import queries as own
from auditkit.papers.rules import OF_LIBRARY, Of, Paper
from auditkit.policies import queries as policies
from auditkit.policies.rules.cards import kind_of

KINDS = {Of.MANUAL: "manual", Of.PROCEDURE: "procedure", Of.ROLE: "role", Of.LEAFLET: "leaflet"}


def subjects(tx: Session, of: Of, library: Library) -> list[tuple[str, str]]:
    """(key, what it is called) of everything a document of this kind can be about."""
    if of is Of.AUDIT:
        return [(number, f"{number} {title}") for number, title in plans.numbers(tx)]
    if of is Of.YEAR:
        return [(str(year), str(year)) for year in programmes.years(tx)]
    if of in KINDS:
        own_ones = [one for one in policies.policies(tx) if one.card.kind == KINDS[of]]
        left = [one for one in policies.to_start(tx, library, library.language) if kind_of(one.id) == KINDS[of]]
        return [(str(one.id), f"{one.reference} {one.title}") for one in own_ones] + [
            (f"{OF_LIBRARY}{one.id}", _("%(title)s (text of the library)", title=one.title)) for one in left
        ]
    return []


def languages(tx: Session, paper: Paper) -> tuple[str, ...]:
    """The languages in which there is a template, shipped or our own; English first."""
    ours = [language for template, language in own.uses(tx) if template == paper.id]
    return tuple(dict.fromkeys((*catalogue.languages_of(paper.id), *ours)))
