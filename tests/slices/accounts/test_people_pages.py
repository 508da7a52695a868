"""Pages of people: members, roles, one-time links, the own account, choosing an organisation."""

from sqlalchemy import select

from auditkit.accounts import queries, service
from auditkit.accounts.rules import Role
from auditkit.base import clock
from auditkit.base.db import reading, transaction
from auditkit.base.outbox import OutboxMail


def role_of(house, person_id):
    return next(one.role for one in queries.members(reading(house.system)) if one.person_id == person_id)


def test_a_person_is_added_and_signs_in_by_the_link_shown_once(acme, browser):
    page = browser(acme, "administrator")
    offered = page.get("/o/acme/people/add").soup.find_all("input", {"name": "role"})
    assert [one["value"] for one in offered] == [*Role], "every role can be given"
    shown = page.post_form({"email": "Nino@Acme.example", "name": "Nino", "role": "internal-auditor"})
    link = shown.soup.find(id="link").get_text()
    assert "nino@acme.example" in shown.text

    nino = browser()
    nino.get(link[link.index("/account/link/") :])
    home = nino.post_form()
    assert home.path == "/o/acme/"
    assert "Journal" in home.text
    assert "People" not in home.text

    late = browser()
    late.get(link[link.index("/account/link/") :])
    assert "This sign-in link was used" in late.post_form().text


def test_adding_somebody_twice_says_so_beside_the_field(acme, browser):
    page = browser(acme, "administrator")
    page.get("/o/acme/people/add")
    again = page.post_form({"email": "staff@acme.example", "role": "staff"})
    assert "staff@acme.example is already a member" in again.soup.find(id="email-error").get_text()
    assert again.soup.find("a", href="#email")


def test_adding_without_an_address_or_role_says_what_to_enter(acme, browser):
    page = browser(acme, "administrator")
    page.get("/o/acme/people/add")
    refused = page.post_form({"email": "nobody"})
    assert "Enter an e-mail address such as name@example.org" in refused.text
    assert "Choose what the person will be" in refused.text


def test_a_role_is_changed_and_the_last_administrator_stays(acme, browser):
    page = browser(acme, "administrator")
    staff = acme.person("staff")
    page.get(f"/o/acme/people/{staff}")
    changed = page.post_form({"role": "quality-manager"}, action="/role")
    assert "The role was changed to Quality manager." in changed.text
    assert role_of(acme, staff) == "quality-manager"

    administrator = acme.person("administrator")
    page.get(f"/o/acme/people/{administrator}")
    refused = page.post_form({"role": "staff"}, action="/role")
    assert "This is the last administrator" in refused.soup.find(class_="error-summary").get_text()
    page.get(f"/o/acme/people/{administrator}")
    assert "This is the last administrator" in page.post_form(action="/remove").text
    assert role_of(acme, administrator) == "administrator"


def test_a_membership_ends(acme, browser):
    page = browser(acme, "administrator")
    staff = acme.person("staff")
    page.get(f"/o/acme/people/{staff}")
    assert "What they did stays on record" in page.post_form(action="/remove").text
    page.get(f"/o/acme/people/{staff}", status=404)


def test_another_organisations_person_is_not_there(acme, globex, browser):
    page = browser(acme, "administrator")
    page.get(f"/o/acme/people/{globex.person('staff')}", status=404)


def test_a_consultant_chooses_and_switches_organisations(acme, globex, browser):
    email = "quality-manager@acme.example"
    with transaction(globex.system) as tx:
        service.add_member(tx, service.AddMember(email, Role.INTERNAL_AUDITOR), clock.now(), globex.system)
    page = browser(acme, "quality-manager")
    chooser = page.get("/account/organisations")
    assert chooser.title == "Your organisations"
    home = page.follow("Globex & Sons")
    assert home.path == "/o/globex/"
    switcher = home.soup.find(id="switcher")
    assert [a["href"] for a in switcher.find_all("a")] == ["/o/acme/", "/o/globex/"]


def test_the_own_account_shows_name_and_organisations(acme, browser):
    mine = browser(acme, "staff").get("/account")
    assert "staff@acme.example" in mine.text
    assert "Acme Ltd" in mine.text


def test_a_password_is_chosen_changed_and_used(acme, browser):
    page = browser(acme, "staff")
    page.get("/account/password")
    page.post_form({"new_password": "seven green bottles", "new_password_confirm": "seven green bottles"})
    assert "Your password was changed." in page.page.text
    page.post("/account/sign-out")

    stranger = browser()
    stranger.get("/account/sign-in")
    refused = stranger.post_form({"email": "staff@acme.example", "password": "wrong wrong wrong"})
    assert "The e-mail address or the password is wrong" in refused.text
    home = stranger.post_form({"email": "STAFF@acme.example", "password": "seven green bottles"})
    assert home.path == "/o/acme/", home.text

    stranger.get("/account/password")
    refused = stranger.post_form(
        {"password": "nonsense", "new_password": "short", "new_password_confirm": "other"},
    )
    assert "The two passwords differ" in refused.text


def test_a_forgotten_password_is_reset_by_the_mailed_link(acme, app, browser):
    stranger = browser()
    stranger.get("/account/sign-in")
    stranger.follow("Forgot your password?")
    sent = stranger.post_form({"email": "staff@acme.example"})
    assert "a mail with a link is on its way" in sent.text
    mail = reading().execute(select(OutboxMail)).scalar_one()
    assert mail.subject == "Choose a new password"
    address = next(line for line in mail.body.splitlines() if "/account/reset/" in line)
    stranger.get(address[address.index("/account/reset/") :])
    done = stranger.post_form({"password": "eight green bottles", "password_confirm": "eight green bottles"})
    assert "Your new password is set" in done.text


def test_an_unknown_address_gets_the_same_answer(acme, browser):
    stranger = browser()
    stranger.get("/account/reset")
    assert "a mail with a link is on its way" in stranger.post_form({"email": "nobody@nowhere.example"}).text


def test_a_stale_sign_in_by_link_must_be_renewed_before_a_first_password(acme, browser):
    page = browser(acme, "staff")
    page.get("/account/password")
    with page.client.session_transaction() as session:
        session["fs_paa"] = 0.0
        session.pop("fs_gexp", None)
    assert "Ask an administrator for a new one" in page.get("/account/password").text


def test_a_stale_sign_in_is_renewed_by_the_password(acme, browser):
    page = browser(acme, "staff")
    page.get("/account/password")
    page.post_form({"new_password": "seven green bottles", "new_password_confirm": "seven green bottles"})
    page.get("/account/verify")
    assert "The present password is wrong" in page.post_form({"password": "nonsense nonsense"}).text
    assert "Thank you, go on." in page.post_form({"password": "seven green bottles"}).text
