"""A major nonconformity to verified effect in Chromium, by three people, with the keyboard where it matters."""

import pytest

from auditkit.accounts import service as accounts
from auditkit.actions import queries, service
from auditkit.actions.rules import CauseMethod, Grade, Kind, State
from auditkit.base import clock
from auditkit.base.db import reading, transaction

pytestmark = pytest.mark.sqlite_only


@pytest.fixture
def sign_in(chromium, server, app, acme):
    """A page of its own for each person, who is signed in; says what the console said."""
    contexts, said = [], []

    def entered(role: str):
        with app.app_context(), transaction(acme.system) as tx:
            command = accounts.IssueLink(acme.person(role))
            secret = accounts.issue_link(tx, command, clock.now(), acme.system)
        context = chromium.new_context()
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: said.append(message.text))
        page.goto(f"{server}/account/link/{secret}")
        page.locator("main button").click()
        return page

    yield entered
    for context in contexts:
        context.close()
    assert said == []


def _nonconformity(app, acme) -> None:
    """A body's major under time limits that ask for the whole path."""
    quality = acme.actor("quality-manager")
    with app.app_context():
        with transaction(quality) as tx:
            scheme = service.adopt_scheme(tx, service.AdoptScheme("usual", "Usual"), clock.now(), quality)
        values = service.NcValues("Body Ltd", "NC-7", Grade.MAJOR, "Late answers", clock.now().date(), scheme_id=scheme)
        with transaction(quality) as tx:
            service.record_nc(tx, service.RecordNc(values), clock.now(), quality)


def test_a_major_goes_to_verified_effect_by_three_people(sign_in, server, app, acme) -> None:
    _nonconformity(app, acme)
    day = clock.now().date().isoformat()
    quality = sign_in("quality-manager")
    quality.goto(f"{server}/o/acme/actions/nonconformities/1")
    quality.get_by_role("link", name="Open an action").first.click()
    quality.get_by_label("What is to be done?").fill("Answer in time")
    quality.get_by_label("Owner").select_option(label="staff of acme")
    quality.get_by_label("Due", exact=True).fill(day)
    quality.get_by_role("button", name="Open the action").click()
    address = quality.url

    staff = sign_in("staff")
    staff.goto(address)
    staff.get_by_role("link", name="Write down: Correction").first.click()
    staff.get_by_label("What was put right").fill("All were answered")
    staff.get_by_label("On which day").fill(day)
    staff.get_by_role("button", name="Save").click()
    staff.get_by_role("link", name="Write down: Extent: where else?").first.click()
    staff.get_by_label("Where else you looked").fill("Every file of the year")
    staff.get_by_label("What you found there").fill("Nothing else")
    staff.keyboard.press("Tab")
    with staff.expect_navigation():
        staff.keyboard.press("Enter")  # the button, by keyboard
    staff.get_by_role("link", name="Write down: Cause").first.click()
    for text in ("Answered late", "Nobody saw the date"):
        staff.locator("#lines").get_by_label("Cause", exact=True).fill(text)
        staff.get_by_role("button", name="Add", exact=True).click()
        staff.get_by_text(text).first.wait_for()
    staff.locator("#settle").get_by_label("Cause", exact=True).fill("The list of dates was nobody's")
    staff.get_by_role("button", name="Settle the cause").click()
    staff.get_by_role("link", name="Write down: Plan with steps").first.click()
    staff.get_by_label("What is to be done").fill("Somebody owns the list")
    staff.get_by_label("Due", exact=True).fill(day)
    staff.get_by_role("button", name="Plan the step").click()
    staff.get_by_role("link", name="Criterion of the effect").click()
    staff.get_by_label("By what will somebody else see that it worked?").fill("Ten answers, none late")
    staff.get_by_label("Waiting time in days").fill("0")
    staff.get_by_role("button", name="Save").click()
    staff.get_by_role("link", name="To the plan").click()
    staff.get_by_role("button", name="The plan is ready").click()
    staff.get_by_role("link", name="To the plan").click()
    staff.get_by_role("link", name="Done or dropped").click()
    staff.get_by_label("How it can be seen, or why it is dropped").fill("Named on the list")
    staff.get_by_role("button", name="Save").click()
    staff.goto(address)
    staff.get_by_label("What was done, and how it can be seen").fill("The list has an owner")
    staff.get_by_role("button", name="Report as done").click()
    assert staff.get_by_text("Waiting for verification").is_visible()

    quality.goto(f"{server}/o/acme/actions/nonconformities/1")
    quality.get_by_label("Accepted", exact=True).check()
    quality.get_by_role("button", name="Note the review").click()
    auditor = sign_in("internal-auditor")
    auditor.goto(address)
    assert auditor.get_by_text("Ten answers, none late").is_visible()
    auditor.get_by_label("Yes, it does not come back").check()
    auditor.get_by_label("How it was checked and what was seen").fill("Ten looked at, none late")
    auditor.get_by_role("button", name="Save the result").click()
    assert auditor.get_by_text("Effect verified").first.is_visible()
    auditor.get_by_role("button", name="Close the action").click()
    assert auditor.get_by_text("is closed").first.is_visible()
    with app.app_context():
        action = queries.by_number(reading(acme.system), address.rsplit("/", 1)[1])
        assert action.state is State.CLOSED
        people = {action.opened_by, action.completed_by, action.verified_by}
        assert people == {acme.person(role) for role in ("quality-manager", "staff", "internal-auditor")}


def test_the_fishbone_is_mirrored_in_persian(sign_in, server, app, acme) -> None:
    with app.app_context():
        staff = acme.actor("staff")
        opening = service.OpenAction(
            Kind.CORRECTIVE, "Lock", ("initiative", acme.id), "Door 3", acme.person("staff"), clock.now().date()
        )
        with transaction(staff) as tx:
            number = service.open_action(tx, opening, clock.now(), staff)
        cause = service.AddCause(number, CauseMethod.FISHBONE, "Worn spring", None, "systems")
        with transaction(staff) as tx:
            service.add_cause(tx, cause, clock.now(), staff)
    page = sign_in("staff")
    sides = []
    for language in ("en", "fa"):
        page.context.set_extra_http_headers({"Accept-Language": language})
        page.goto(f"{server}/o/acme/actions/{number}/causes")
        head = page.locator("svg.fishbone rect.fish-head").bounding_box()
        whole = page.locator("svg.fishbone").bounding_box()
        sides.append(head["x"] + head["width"] / 2 > whole["x"] + whole["width"] / 2)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert sides == [True, False]
