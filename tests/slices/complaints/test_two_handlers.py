"""Two people at one case, or at the settings: whoever comes second is told, and nothing is overwritten in silence."""

from dataclasses import MISSING, fields, is_dataclass
from inspect import isfunction, signature
from typing import get_type_hints

import pytest

from auditkit.base import clock
from auditkit.base.db import transaction
from auditkit.base.errors import Conflict
from auditkit.complaints import service
from auditkit.complaints.assigning import queries as assigning
from auditkit.complaints.clock import service as due
from auditkit.complaints.clock.queries import limit_sets
from auditkit.complaints.clock.service.settings import LimitValues, Settings
from auditkit.complaints.privacy.queries import keeping
from auditkit.complaints.views.acts import ACTS
from tests.slices.complaints.recording import decided, do, found, history, registered

CASE = "/o/acme/complaints/"
_BY_TYPE = {str: "x", int: 1, bool: False}


def versioned():
    """Every verb whose command carries the version of the case that its person looked at."""
    pairs = []
    for name in service.__all__:
        verb = getattr(service, name)
        if not isfunction(verb) or "command" not in signature(verb).parameters:
            continue
        command = get_type_hints(verb)["command"]
        if is_dataclass(command) and "version" in {one.name for one in fields(command)}:
            pairs.append((verb, command))
    return pairs


def filled(command, reference, version):
    """The command with something in every field that has to be given."""
    types = get_type_hints(command)
    given = {
        one.name: _BY_TYPE.get(types[one.name], clock.now().date())
        for one in fields(command)
        if one.default is MISSING and one.default_factory is MISSING
    }
    return command(**{**given, "reference": reference, "version": version})


@pytest.mark.parametrize(("verb", "command"), versioned(), ids=lambda one: one.__name__)
def test_every_editing_verb_refuses_a_version_that_is_no_longer_there(acme, verb, command):
    actor = acme.actor("quality-manager")
    reference = registered(actor)
    seen = found(actor, reference).version
    do(actor, service.assign, service.Assign, reference, actor.person_id)
    before = found(actor, reference)
    with pytest.raises(Conflict), transaction(actor) as tx:
        verb(tx, filled(command, reference, seen), clock.now(), actor)
    assert found(actor, reference) == before


def test_the_verbs_that_edit_a_case_are_all_among_them():
    names = {verb.__name__ for verb, _command in versioned()}
    assert {
        "acknowledge", "approve", "assess", "assign", "clear_person", "close", "close_duplicate", "correct",
        "correct_identity", "decide", "deliver", "verify_remedy",
        "escalate", "investigate", "link", "name_person", "reclassify", "record_answer", "refer", "reopen", "send_back",
        "tell", "unlink", "wait_for", "withdraw",
    } <= names  # fmt: skip


FORMS = {
    "assign": ({"owner": "{first}"}, {"owner": "{second}"}),
    "assess": (
        {"severity": "low", "complexity": "simple", "reach": "one"},
        {"severity": "high", "complexity": "complex", "reach": "many", "owner": "{second}"},
    ),
    "reclassify": ({"kind": "request", "reason": "Asks only"}, {"kind": "suggestion", "reason": "Suggests"}),
    "correct": ({"product": "Lamp", "reason": "Misread"}, {"product": "Kettle", "reason": "She wrote again"}),
    "escalate": ({"level": "2", "reason": "Deadline"}, {"level": "3", "reason": "Media"}),
}


@pytest.mark.parametrize("act", FORMS)
def test_of_two_with_one_form_the_second_is_told_and_keeps_what_was_typed(acme, browser, act):
    first, second = browser(acme, "complaint-handler"), browser(acme, "quality-manager")
    handler = acme.actor("complaint-handler")
    reference = registered(handler)
    do(handler, service.acknowledge, service.Acknowledge, reference)
    people = {"first": acme.person("complaint-handler"), "second": acme.person("quality-manager")}
    path = f"{CASE}{reference}/{act}"
    sent = [{name: text.format(**people) for name, text in values.items()} for values in FORMS[act]]
    first.get(path)
    second.get(path)
    first.post_form(sent[0], action=f"/{act}")
    before = found(handler, reference)
    page = second.post_form(sent[1], action=f"/{act}", status=409)
    assert "changed" in page.text
    assert found(handler, reference) == before
    form = page.form(f"/{act}")
    for name, value in sent[1].items():
        field = form.find(attrs={"name": name, "value": value, "checked": True}) or form.find(attrs={"name": name})
        chosen = field.find("option", selected=True) if field.name == "select" else None
        assert (chosen or field).get("value", field.get_text()).strip() == value
    second.post_form(action=f"/{act}")  # having seen it, one may go on
    assert found(handler, reference).version == before.version + 1


BY_THEMSELVES = ("note", "seen", "files")
"""Acts that add and change nothing: of two, both are kept."""
UNTOUCHED = ("version", "csrf_token", "amount", "currency", "complainant_email", "email")


def typed_into(form):
    """Something in every field of the form that a person could fill: the last choice, a day, a text."""
    values = {}
    for field in form.find_all(["input", "select", "textarea"]):
        name, kind = field.get("name"), field.get("type", field.name)
        if name in UNTOUCHED or kind in ("hidden", "file", "checkbox", "submit"):
            continue
        if field.name == "select":
            values[name] = field.find_all("option")[-1]["value"]
        else:
            values[name] = {"radio": field.get("value"), "date": "2026-03-02"}.get(kind, f"Of the second: {name}")
    return values


def stands_in(form, name):
    """What a field of the form shows."""
    fields = form.find_all(attrs={"name": name})
    if fields[0].get("type") == "radio":
        return next((one["value"] for one in fields if one.has_attr("checked")), None)
    if fields[0].name == "select":
        return fields[0].find("option", selected=True)["value"]
    return fields[0].get("value", fields[0].get_text()).strip()


@pytest.mark.sqlite_only
@pytest.mark.parametrize("act", [one.name for one in ACTS if one.name not in BY_THEMSELVES])
def test_every_form_of_the_case_is_refused_when_it_is_stale_and_keeps_what_was_typed(acme, browser, act):
    handler, visitor = acme.actor("complaint-handler"), browser(acme, "quality-manager")
    other, reference = registered(handler), decided(handler)
    do(handler, service.link, service.LinkTo, reference, other, "related")
    do(handler, service.name_person, service.NamePerson, reference, acme.person("staff"))
    do(handler, service.refer, service.Refer, reference, "Ombudsman", clock.now().date())
    form = visitor.get(f"{CASE}{reference}/{act}").form(f"/{act}")
    assert form.find("input", {"name": "version"}), "every form says which state of the case its person saw"
    typed = typed_into(form)
    do(handler, service.assign, service.Assign, reference, handler.person_id)
    before, kept = found(handler, reference), history(handler, reference)
    page = visitor.post_form(typed, action=f"/{act}", status=409)
    assert "changed" in page.text
    assert (found(handler, reference), history(handler, reference)) == (before, kept)
    form = page.form(f"/{act}")
    assert {name: stands_in(form, name) for name in typed} == typed
    assert stands_in(form, "version") == str(before.version)


@pytest.mark.sqlite_only
def test_every_form_on_the_page_of_a_case_says_what_its_person_saw(acme, browser):
    handler = acme.actor("complaint-handler")
    reference = registered(handler)
    page = browser(acme, "complaint-handler").get(f"{CASE}{reference}")
    forms = page.soup.find("main").find_all("form", method="post")
    of_acts = [one for one in forms if one["action"].startswith(f"{CASE}{reference}/")]
    assert len(of_acts) >= 2, "the next act and the note"
    assert all(one.find("input", {"name": "version"}) for one in of_acts)
    others = {one["action"].removeprefix("/o/acme/") for one in forms if one not in of_acts}
    assert all("case-files" in one for one in others), "what is left makes files and changes nothing"


def test_notes_of_two_are_both_kept(acme, browser):
    first, second = browser(acme, "complaint-handler"), browser(acme, "quality-manager")
    handler = acme.actor("complaint-handler")
    reference = registered(handler)
    for visitor in (first, second):
        visitor.get(f"{CASE}{reference}")
    first.post_form({"note": "From the first"}, action="/note")
    second.post_form({"note": "From the second"}, action="/note")
    assert [one.note for one in history(handler, reference).notes] == ["From the second", "From the first"]


def test_settings_of_two_managers_are_not_overwritten(acme, browser):
    first, second = browser(acme, "quality-manager"), browser(acme, "administrator")
    path = f"{CASE}settings/handling"
    for visitor in (first, second):
        visitor.get(path)
    first.post_form({"review_days": "7", "repeat_days": "30"}, action="/handling")
    page = second.post_form({"review_days": "21", "repeat_days": "60"}, action="/handling")
    assert "changed" in page.text
    assert first.get(path).soup.find("input", {"name": "review_days"})["value"] == "7"
    second.post_form(action="/handling")
    assert first.get(path).soup.find("input", {"name": "review_days"})["value"] == "21"


def test_the_working_time_of_two_managers_is_not_overwritten(acme, browser):
    first, second = browser(acme, "quality-manager"), browser(acme, "administrator")
    path = f"{CASE}due/calendar"
    for visitor in (first, second):
        visitor.get(path)
    first.post_form({"zone": "Asia/Tbilisi"}, action="/calendar")
    assert "changed" in second.post_form({"zone": "Asia/Tehran"}, action="/calendar").text
    chosen = first.get(path).soup.find("select", {"name": "zone"}).find("option", selected=True)
    assert chosen["value"] == "Asia/Tbilisi"
    with pytest.raises(Conflict), transaction(acme.system) as tx:
        due.change_calendar(tx, due.ChangeCalendar(Settings(), 0), clock.now(), acme.system)


AUTHORITY = f"{CASE}settings/handling"


def authority(visitor):
    """Each line of the limits of authority: who, up to how much, currency."""
    rows = visitor.get(AUTHORITY).soup.select("main table tbody tr")
    return [[cell.get_text(strip=True) for cell in row.find_all(["th", "td"])[:3]] for row in rows]


def test_limits_of_authority_of_two_managers_are_not_overwritten(acme, browser):
    first, second = browser(acme, "quality-manager"), browser(acme, "administrator")
    for visitor in (first, second):
        visitor.get(AUTHORITY)
    limit = {"who": "role:complaint-handler", "currency": "EUR"}
    first.post_form({**limit, "amount": "100"}, action="/limits")
    page = second.post_form({**limit, "amount": "9000"}, action="/limits")
    assert "changed" in page.text
    assert page.form("/limits").find("input", {"name": "amount"})["value"] == "9000"
    assert [line[1:] for line in authority(first)] == [["100.00", "EUR"]]
    second.post_form(action="/limits")  # having seen it, one may go on
    assert [line[1:] for line in authority(first)] == [["9000.00", "EUR"]]


def test_a_limit_of_authority_that_changed_meanwhile_is_not_removed(acme, browser):
    first, second = browser(acme, "quality-manager"), browser(acme, "administrator")
    limit = {"who": "role:complaint-handler", "currency": "EUR"}
    first.get(AUTHORITY)
    first.post_form({**limit, "amount": "100"}, action="/limits")
    for visitor in (first, second):
        visitor.get(AUTHORITY)
    first.post_form({**limit, "amount": "250"}, action="/limits")
    page = second.post_form(action="/remove")
    assert "changed" in page.text
    assert [line[1] for line in authority(first)] == ["250.00"]
    second.post_form(action="/remove")
    assert authority(first) == []


def test_a_set_of_time_limits_of_two_managers_is_not_overwritten(acme, browser):
    first, second = browser(acme, "quality-manager"), browser(acme, "administrator")
    first.get(f"{CASE}due/limits/new")
    first.post_form({"title": "Our promise"}, action="/new")
    with transaction(acme.system) as tx:
        (owner,) = limit_sets(tx)
    path = f"{CASE}due/limits/{owner.id}"
    for visitor in (first, second):
        visitor.get(path)
    first.post_form({"title": "Ours"}, action=path)
    page = second.post_form({"title": "Theirs"}, action=path)
    assert "changed" in page.text
    assert page.form(path).find("input", {"name": "title"})["value"] == "Theirs"
    assert first.get(path).soup.find("input", {"name": "title"})["value"] == "Ours"
    second.post_form(action=path)
    assert first.get(path).soup.find("input", {"name": "title"})["value"] == "Theirs"


def test_a_time_limit_that_was_replaced_meanwhile_is_refused_in_words(acme, browser):
    first, second = browser(acme, "quality-manager"), browser(acme, "administrator")
    with transaction(acme.system) as tx:
        owner = due.put_set(tx, due.PutSet(None, "Our promise"), clock.now(), acme.system)
        values = LimitValues("decide", "receipt", 10, "days")
        number = due.put_limit(tx, due.PutLimit(owner, None, values), clock.now(), acme.system)
    path = f"{CASE}due/limits/{owner}/{number}"
    for visitor in (first, second):
        visitor.get(path)
    first.post_form({"amount": "5"}, action=path)
    page = second.post_form({"amount": "60", "reference": "Handbook 4"}, action=path)
    assert "Look at the time limits again" in page.text
    assert page.form(path).find("input", {"name": "reference"})["value"] == "Handbook 4"
    with transaction(acme.system) as tx:
        assert [one.amount for one in limit_sets(tx)[0].limits] == [5]


def test_rules_of_pauses_of_two_managers_are_not_overwritten(acme, browser):
    first, second = browser(acme, "quality-manager"), browser(acme, "administrator")
    path = f"{CASE}due/pauses"
    for visitor in (first, second):
        visitor.get(path)
    first.post_form({"complainant-max_days": "10"}, action="/pauses")
    page = second.post_form({"complainant-max_days": "90", "expert-max_days": "50"}, action="/pauses")
    assert "changed" in page.text
    shown = first.get(path).soup
    assert shown.find("input", {"name": "complainant-max_days"})["value"] == "10"
    assert shown.find("input", {"name": "expert-max_days"})["value"] == "30"
    second.post_form(action="/pauses")
    assert first.get(path).soup.find("input", {"name": "complainant-max_days"})["value"] == "90"


def test_a_rule_of_pauses_that_nobody_touched_overwrites_nothing(acme, browser):
    first, second = browser(acme, "quality-manager"), browser(acme, "administrator")
    path = f"{CASE}due/pauses"
    for visitor in (first, second):
        visitor.get(path)
    first.post_form({"complainant-max_days": "10"}, action="/pauses")
    second.post_form({"expert-max_days": "50"}, action="/pauses")
    shown = first.get(path).soup
    assert shown.find("input", {"name": "complainant-max_days"})["value"] == "10"
    assert shown.find("input", {"name": "expert-max_days"})["value"] == "50"


PAGES = {
    "public pages": (f"{CASE}settings/", "/settings/", "phone", ("111", "222")),
    "a channel": (f"{CASE}settings/channels/1", "/channels/1", "address", ("Desk 1", "Desk 2")),
    "survey": (f"{CASE}survey/settings", "/survey/settings", "valid_days", ("20", "40")),
    "personal data": (f"{CASE}privacy/", "/privacy/settings", "request_days", ("20", "40")),
    "keeping beside the cases": (f"{CASE}privacy/", "/privacy/keeping", "keep_jobs", ("20", "40")),
}


@pytest.mark.parametrize("name", PAGES)
def test_other_settings_of_two_managers_are_not_overwritten(acme, browser, name):
    path, action, field, (ours, theirs) = PAGES[name]
    first, second = browser(acme, "quality-manager"), browser(acme, "administrator")

    def kept():
        return first.get(path).form(action).find("input", {"name": field})["value"]

    for visitor in (first, second):
        visitor.get(path)
    first.post_form({field: ours}, action=action)
    page = second.post_form({field: theirs}, action=action)
    assert "changed" in page.text
    assert page.form(action).find("input", {"name": field})["value"] == theirs
    assert kept() == ours
    second.post_form(action=action)
    assert kept() == theirs


def months(visitor):
    """The months of each rule of keeping in force."""
    return [rule.months for rule in keeping.rules_in_force(visitor)]


def test_a_time_of_keeping_set_meanwhile_is_not_overwritten(acme, browser):
    first, second = browser(acme, "quality-manager"), browser(acme, "administrator")
    for visitor in (first, second):
        visitor.get(f"{CASE}privacy/")
    first.post_form({"months": "24", "warn_days": "30"}, action="/privacy/rules")
    page = second.post_form({"months": "6", "warn_days": "30"}, action="/privacy/rules")
    assert "changed" in page.text
    with transaction(acme.system) as tx:
        assert months(tx) == [24]
    # what somebody set for another kind meanwhile stands in nobody's way
    first.get(f"{CASE}privacy/")
    first.post_form({"months": "12", "warn_days": "30", "kind": "request"}, action="/privacy/rules")
    second.post_form(action="/privacy/rules")
    with transaction(acme.system) as tx:
        assert sorted(months(tx)) == [6, 12]


ASSIGNMENT = f"{CASE}assignment/"


def owners(acme):
    """The owner of each rule of assignment, the last line last."""
    with transaction(acme.system) as tx:
        return [rule.owner_id for rule in assigning.rules_in_force(tx)]


def test_a_rule_of_assignment_of_two_managers_is_not_overwritten(acme, browser):
    first, second = browser(acme, "quality-manager"), browser(acme, "administrator")
    ours, theirs = str(acme.person("complaint-handler")), str(acme.person("quality-manager"))
    first.get(f"{ASSIGNMENT}new")
    first.post_form({"severities": "high", "owner": ours}, action="/new")
    with transaction(acme.system) as tx:
        (rule,) = assigning.rules_in_force(tx)
    for visitor in (first, second):
        visitor.get(f"{ASSIGNMENT}{rule.id}")
    first.post_form({"sites": "North"}, action=f"/{rule.id}")
    page = second.post_form({"owner": theirs}, action=f"/{rule.id}")
    assert "changed" in page.text
    assert owners(acme) == [int(ours)]
    second.post_form(action=f"/{rule.id}")  # having seen it, one may go on
    assert owners(acme) == [int(theirs)]


def test_a_rule_of_assignment_that_changed_meanwhile_is_not_removed(acme, browser):
    first, second = browser(acme, "quality-manager"), browser(acme, "administrator")
    ours, theirs = str(acme.person("complaint-handler")), str(acme.person("quality-manager"))
    first.get(f"{ASSIGNMENT}new")
    first.post_form({"severities": "high", "owner": ours}, action="/new")
    for visitor in (first, second):
        visitor.get(ASSIGNMENT)
    first.follow("Change rule 1")
    first.post_form({"owner": theirs})
    assert "changed" in second.post_form(action="/remove").text
    assert owners(acme) == [int(theirs)]
    second.post_form(action="/remove")
    assert owners(acme) == []


@pytest.mark.parametrize("choice", ["quality-manager", None], ids=["somebody else", "nobody"])
def test_the_last_line_of_the_rules_of_two_managers_is_not_overwritten(acme, browser, choice):
    first, second = browser(acme, "quality-manager"), browser(acme, "administrator")
    theirs = str(acme.person(choice)) if choice else ""
    for visitor in (first, second):
        visitor.get(ASSIGNMENT)
    first.post_form({"owner": str(acme.person("complaint-handler"))}, action="/last")
    page = second.post_form({"owner": theirs}, action="/last")
    assert "changed" in page.text
    assert owners(acme) == [acme.person("complaint-handler")]
    second.post_form(action="/last")
    assert owners(acme) == ([int(theirs)] if theirs else [])
