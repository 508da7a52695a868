"""The page of one complaint: its next act, what was done with it, what happened."""

from datetime import date
from typing import Any

from flask import current_app, render_template
from werkzeug.wrappers import Response

from auditkit.base import clock
from auditkit.base.db import reading, transaction
from auditkit.base.text import SEMICOLON, _, enumerated
from auditkit.complaints import queries, rules, service
from auditkit.complaints.categories import category_titles, known_title
from auditkit.complaints.forms.act import Given
from auditkit.complaints.forms.side_acts import NoteForm, SeenForm
from auditkit.complaints.queries import Case
from auditkit.complaints.views import acts
from auditkit.complaints.views.blueprint import bp
from auditkit.complaints.views.given import CASE, given_for, is_erased
from auditkit.complaints.views.parts import beside, folded, mark_of, parts_of
from auditkit.evidence import queries as evidence
from auditkit.journal import actors
from auditkit.journal.queries import Entry, timeline
from auditkit.library.here import library
from auditkit.web.access import access, current_actor, may
from auditkit.web.languages import day

MARKS = {
    rules.REGISTERED.name: ("inbox", "neutral"),
    rules.RECEIVED.name: ("inbox", "neutral"),
    rules.ACKNOWLEDGED.name: ("envelope-check", "info"),
    rules.RECLASSIFIED.name: ("tags", "neutral"),
    rules.CORRECTED.name: ("pencil", "neutral"),
    rules.IDENTITY_CORRECTED.name: ("pencil", "neutral"),
    rules.ASSIGNED.name: ("person-check", "neutral"),
    rules.ASSESSED.name: ("speedometer2", "info"),
    rules.ASSESSED_AGAIN.name: ("speedometer2", "info"),
    rules.PERSON_NAMED.name: ("person-exclamation", "warn"),
    rules.PERSON_CLEARED.name: ("person-dash", "neutral"),
    rules.INVESTIGATION_BEGUN.name: ("search", "info"),
    rules.INVESTIGATION_NOTED.name: ("search", "neutral"),
    rules.INVESTIGATION_ENDED.name: ("search", "info"),
    rules.PROPOSED.name: ("clipboard", "warn"),
    rules.RETURNED.name: ("arrow-return-left", "warn"),
    rules.DECIDED.name: ("clipboard-check", "info"),
    rules.TOLD.name: ("send", "info"),
    rules.DECISION_ACCEPTED.name: ("hand-thumbs-up", "good"),
    rules.DECISION_REFUSED.name: ("hand-thumbs-down", "warn"),
    rules.REMEDY_DELIVERED.name: ("box-seam", "good"),
    rules.REMEDY_CHECKED.name: ("clipboard2-check", "good"),
    rules.ESCALATED.name: ("arrow-up-circle", "warn"),
    rules.ESCALATION_ASKED.name: ("arrow-up-circle", "warn"),
    rules.ESCALATION_DECLINED.name: ("slash-circle", "neutral"),
    rules.REFERRED.name: ("building", "warn"),
    rules.REFERRAL_ENDED.name: ("building-check", "info"),
    rules.WAITING.name: ("hourglass-split", "neutral"),
    rules.CAME.name: ("hourglass-bottom", "neutral"),
    rules.WITHDRAWN.name: ("box-arrow-left", "neutral"),
    rules.CLOSED.name: ("lock", "good"),
    rules.REOPENED.name: ("arrow-counterclockwise", "warn"),
    rules.LINKED.name: ("link-45deg", "neutral"),
    rules.UNLINKED.name: ("x-lg", "neutral"),
    rules.NOTED.name: ("pencil-square", "neutral"),
    rules.DETRIMENT_CHECKED.name: ("shield-check", "info"),
    rules.IDENTITY_READ.name: ("eye", "neutral"),
    rules.MESSAGES_READ.name: ("eye", "neutral"),
}


@bp.get("/<reference>")
@access("complaints.read")
def show(reference: str) -> str:
    """One complaint: its story, its next act, what happened."""
    return _page(queries.by_reference(reading(), reference))


@bp.get("/<reference>/complainant")
@access("identity.read")
def complainant(reference: str) -> str | Response:
    """The same page with who complained; the reading is on record."""
    with transaction(current_actor()) as tx:
        command = service.ReadIdentity(reference)
        who = service.read_identity(tx, command, clock.now(), current_actor())
    return _page(queries.by_reference(reading(), reference), who=who)


def _page(case: Case, *, who: service.Identity | None = None) -> str:
    given = given_for(case)
    case = given.case  # it knows now what hangs on it, and the parts ask for nothing else
    erased = is_erased(case)
    handles = may("complaints.handle") and not erased
    act = acts.next_of(given)
    history = given.history
    return render_template(
        "complaints/show.html",
        case=case,
        history=history,
        given=given,
        who=who,
        next_act=act,
        erased=erased,
        next_form=act.form(given) if act else None,
        acts=acts.offered(given) if handles else [],
        note_form=NoteForm(given) if handles else None,
        seen_form=SeenForm(given) if any(given.me in one.unseen for one in history.notes) else None,
        similar=_similar(given) if handles else [],
        files=_files(given),
        happened=_happened(case),
        names=_names(),
        words=_words(given),
        parts_of=parts_of,
        beside=beside,
    )


def _names() -> dict[int, str]:
    names: dict[int, str] = current_app.extensions["auditkit.directory"].names()
    return names


def _similar(given: Given) -> list[queries.Similar]:
    history = given.history
    return queries.similar(
        reading(),
        given.case.id,
        given.practice.repeat_days,
        linked=bool(history.links),
        investigated=bool(history.investigations),
        identified=given.case.has_identity,
    )


def _files(given: Given) -> dict[str, dict[int, list[evidence.Attached]]]:
    """The files of the case itself, of its investigations and of its remedies, by what they hang on."""
    tx = reading()
    ids = {
        CASE: [given.case.id] if given.case.has(queries.FILES) else [],
        service.INVESTIGATION: [one.id for one in given.history.investigations],
        service.REMEDY: [one.id for one in given.history.decisions],
    }
    return {kind: evidence.for_subjects(tx, kind, numbers) for kind, numbers in ids.items()}


def _words(given: Given) -> dict[str, dict[str, str]]:
    """Our words in the language of the screen, and the organisation's in the language of its content."""
    titles: dict[str, dict[Any, str]] = {
        "stage": rules.STAGE_TITLES,
        "kind": rules.KIND_TITLES,
        "channel": rules.CHANNEL_TITLES,
        "severity": rules.SEVERITY_TITLES,
        "outcome": rules.OUTCOME_TITLES,
        "answer": rules.ANSWER_TITLES,
        "ground": rules.GROUND_TITLES,
        "complexity": rules.COMPLEXITY_TITLES,
        "compensation": rules.COMPENSATION_TITLES,
        "trigger": rules.TRIGGER_TITLES,
        "relation": rules.RELATION_TITLES,
        "waits_for": rules.WAITS_FOR_TITLES,
        "others": rules.OTHERS_TITLES,
        "detriment": rules.DETRIMENT_TITLES,
        "remedy_found": rules.REMEDY_FOUND_TITLES,
        "level": dict(enumerate(rules.LEVEL_TITLES)),
    }
    words = {name: {str(word): _(title) for word, title in known.items()} for name, known in titles.items()}
    words["category"] = category_titles(given.library)
    matrix = given.library.matrix(service.MATRIX)
    words["priority"] = {one.id: one.label for one in matrix.priorities}
    words["reach"] = {one.id: one.label for one in matrix.reaches}
    words["fact"] = {one.id: one.label for one in matrix.overrides}
    for name, listed in (("cause", service.CAUSES), ("remedy", service.REMEDIES)):
        words[name] = {one.id: one.label for one in given.library.value_list(listed).values}
    return words


def _happened(case: Case) -> list[dict[str, Any]]:
    """The timeline of the page, newest first."""
    names = _names()
    told = timeline(reading(), current_actor().organisation_id, (CASE, case.id))
    entries = [_line(act, after, names) for act, after in folded(told)]
    if case.import_run_id is not None:
        entries.append(
            {"when": case.recorded_at, "title": _("Brought in from a file"), "icon": "file-earmark-arrow-up"}
        )
    return entries


def _line(entry: Entry, after: list[Entry], names: dict[int, str]) -> dict[str, Any]:
    """An act, and in its text what followed from it by itself."""
    mark = mark_of(entry.event)
    icon, tone = (mark.icon, mark.tone) if mark else MARKS.get(entry.event, ("dot", "neutral"))
    said = (_said(entry, names), *dict.fromkeys(_(one.title) for one in after))
    by = names.get(entry.actor_id, "") if entry.actor_id else _by(entry.role)
    return {
        "when": entry.at,
        "title": _(entry.title),
        "by": by,
        "icon": icon,
        "tone": tone,
        "text": " · ".join(filter(None, said)),
    }


def _by(role: str) -> str:
    return _("the complainant") if role == "public" else actors.named(role) or _("the system")


def _said(entry: Entry, names: dict[int, str]) -> str:
    """What an entry says in a word or two: an outcome, a ground, a level, a person."""
    facts = entry.facts
    if entry.event == rules.ESCALATED.name:
        return _(rules.LEVEL_TITLES[facts["to"]])
    if entry.event in (rules.CORRECTED.name, rules.IDENTITY_CORRECTED.name):
        return _corrected(entry)
    if entry.event == rules.RECLASSIFIED.name:
        return f"{_(rules.KIND_TITLES[facts['from']])} → {_(rules.KIND_TITLES[facts['to']])}"
    person = facts.get("person") or (facts.get("owner") if entry.event == rules.ASSIGNED.name else None)
    if person:
        return names.get(person, "")
    if entry.event == rules.REMEDY_CHECKED.name:
        return _(rules.REMEDY_FOUND_TITLES[rules.RemedyFound(facts["found"])])
    outcome, ground, severity = (facts.get(name, "") for name in ("outcome", "ground", "severity"))
    title = rules.OUTCOME_TITLES.get(outcome) or rules.GROUND_TITLES.get(ground)
    if title is None and entry.event in (rules.ASSESSED.name, rules.ASSESSED_AGAIN.name):
        title = rules.SEVERITY_TITLES.get(severity)
    return _(title) if title else ""


def _corrected(entry: Entry) -> str:
    """Which fields were corrected, and what stood there where that is no identity and was not erased."""
    facts, kept, told = entry.facts, entry.personal, []
    for name in facts["fields"]:
        title = _("Happened on") if name == "happened_on" else _(rules.TEXT_TITLES[name])
        if name == "category":
            pair = [known_title(library(), word) if word else "–" for word in facts[name]]
        elif name == "happened_on":
            pair = [day(date.fromisoformat(text)) if text else "–" for text in facts[name]]
        else:
            pair = [kept.get(key) or "–" for key in (f"{name}_before", name)]
        nothing = name in rules.IDENTITY or name == "wanted_remedy" or pair == ["–", "–"]
        told.append(title if nothing else f"{title}: {pair[0]} → {pair[1]}")
    return " · ".join(filter(None, (enumerated(told, SEMICOLON), kept.get("reason", ""))))
