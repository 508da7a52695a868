"""A version as Word and PDF: the data of the template `complaints-policy`, and the bytes made of it."""

from collections.abc import Mapping
from datetime import date

from auditkit.base.jalali import day_in_persian
from auditkit.base.long_day import long_day
from auditkit.base.text import _, enumerated
from auditkit.documents.contexts.facts import DocumentFacts, Organisation
from auditkit.documents.contexts.policy import Change, ComplaintsPolicy, PolicyFacts, numeral, section
from auditkit.documents.markdown import blocks
from auditkit.policies.queries import PolicyView, Version
from auditkit.policies.queries.approvals import Round
from auditkit.policies.queries.translations import Edition, pieces
from auditkit.web.languages import day_there

TEMPLATE = "complaints-policy"


def context(
    policy: PolicyView,
    version: Version,
    organisation: str,
    names: Mapping[int, str],
    edition: Edition | None = None,
) -> ComplaintsPolicy:
    """What the template is filled with, dated by coming into force, else by approval. `names`: person id -> name.

    `edition`: the translation whose text stands in it instead.
    """
    language = edition.language if edition else policy.language
    clauses = {one.id: one.clauses for one in version.sections}
    shown = edition.sections if edition else tuple(pieces(version.sections))

    def day(value: date | None) -> str:
        return _day(value, language) if value else ""

    def count(number: int) -> str:
        return numeral(str(number), language)

    def person(person_id: int | None) -> str:
        return names.get(person_id, "") if person_id is not None else ""

    return ComplaintsPolicy(
        Organisation(organisation),
        DocumentFacts(
            policy.reference, count(version.number), day(version.effective_on or day_there(version.approved_at))
        ),
        PolicyFacts(
            title=edition.title if edition else version.title,
            owner=person(policy.card.owner_id) or person(version.edited_by_id) or person(version.approved_by_id),
            approved_by=person(version.approved_by_id),
            approved_on=day(day_there(version.approved_at)),
            review_by=day(version.review_by),
        ),
        tuple(
            section(number, one.title, _clauses(clauses.get(one.id, ())), one.text, language)
            for number, one in enumerate(shown, start=1)
        ),
        tuple(
            Change(count(one.number), day(day_there(one.approved_at)), one.reason, person(one.approved_by_id))
            for one in policy.versions
            if one.number <= version.number
        ),
    )


def handed_in(policy: PolicyView, asked: Round, organisation: str, names: Mapping[int, str]) -> ComplaintsPolicy:
    """A text that was handed in for approval, as it was, whatever happened to the draft; nobody stands as approver."""
    language = policy.language
    written = _day(day_there(asked.opened_at), language)
    version = _("handed in, not approved") if asked.number is None else numeral(str(asked.number), language)
    return ComplaintsPolicy(
        Organisation(organisation),
        DocumentFacts(policy.reference, version, written),
        PolicyFacts(
            title=asked.title,
            owner=names.get(policy.card.owner_id or 0, "") or names.get(asked.edited_by_id or 0, ""),
            approved_by="",
            approved_on="",
            review_by=_day(asked.review_by, language) if asked.review_by else "",
        ),
        tuple(
            section(number, one.title, _clauses(one.clauses), one.text, language)
            for number, one in enumerate(asked.sections, start=1)
        ),
        (Change(version, written, asked.reason, names.get(asked.edited_by_id or 0, "")),),
    )


def _day(value: date, language: str) -> str:
    """As every document of the language writes it: in Persian by the Solar Hijri calendar."""
    return day_in_persian(value) if language == "fa" else long_day(value, language)


def _clauses(refs: tuple[str, ...]) -> str:
    return enumerated(ref.rpartition(":")[2] for ref in refs)


def readable(markdown: str) -> str:
    """Markdown as lines of plain words, as a comparison shows them: how lines were broken plays no part."""
    marks = {"bullet": "• ", "heading": "# "}
    return "\n".join(
        marks.get(one.style, f"{one.label} " if one.label else "") + one.text.replace("\n", " ")
        for one in blocks(markdown)
    )
