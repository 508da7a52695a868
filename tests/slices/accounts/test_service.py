"""People, organisations, memberships and one-time links."""

import pytest

from auditkit.accounts import queries, service
from auditkit.accounts.models import Membership, Person
from auditkit.accounts.rules import (
    AlreadyMember,
    LastAdministrator,
    LinkSpent,
    NoSuchRole,
    Role,
    SlugMalformed,
    SlugTaken,
    role_named,
)
from auditkit.base.db import reading, transaction
from auditkit.base.errors import Forbidden, NotFound
from auditkit.web import languages
from tests.factories.refusals import refuses


def add_organisation(clock, slug):
    with transaction() as tx:
        return service.add_organisation(tx, service.AddOrganisation(slug, slug), clock.at)


@pytest.mark.parametrize("slug", ["", "A", "a b", "-a", "a-", "ä", "a" * 41, "../etc", "a\n"])
def test_a_short_name_that_cannot_stand_in_an_address_is_refused(app, clock, slug):
    with pytest.raises(SlugMalformed, match="acme-ltd"):
        add_organisation(clock, slug)


def test_a_short_name_is_taken_once(acme, clock):
    with pytest.raises(SlugTaken):
        add_organisation(clock, "acme")


def test_a_consultant_is_one_person_in_several_organisations(acme, globex, clock):
    for house in (acme, globex):
        with transaction(house.system) as tx:
            service.add_member(
                tx, service.AddMember("Kim@Consult.example", Role.QUALITY_MANAGER), clock.at, house.system
            )
    kim = next(one for one in queries.members(reading(acme.system)) if one.email == "kim@consult.example")
    mine = queries.organisations_of(reading(), kim.person_id)
    assert [one.slug for one in mine] == ["acme", "globex"]
    actor = queries.actor_of(mine[1], kim.person_id, kim.name)
    assert (actor.organisation_id, actor.may("policies.approve")) == (globex.id, True)


def test_nobody_joins_twice(acme, clock):
    with pytest.raises(AlreadyMember), transaction(acme.system) as tx:
        service.add_member(tx, service.AddMember("STAFF@acme.example", Role.STAFF), clock.at, acme.system)


def test_a_known_persons_password_is_not_taken_over(acme, globex, clock):
    with transaction(globex.system) as tx:
        command = service.AddMember("staff@acme.example", Role.STAFF, password_hash="another")
        person_id = service.add_member(tx, command, clock.at, globex.system)
    assert reading(globex.system).get(Person, person_id).password is None


def test_only_those_who_manage_people_add_them(acme, clock):
    actor = acme.actor("quality-manager")
    with pytest.raises(Forbidden), transaction(actor) as tx:
        service.add_member(tx, service.AddMember("new@acme.example", Role.STAFF), clock.at, actor)


def link(house, clock, role="staff"):
    with transaction(house.system) as tx:
        return service.issue_link(tx, service.IssueLink(house.person(role)), clock.at, house.system)


def spend(secret, clock):
    with transaction() as tx:
        return service.spend_link(tx, secret, clock.at).id


def test_a_link_works_once(acme, clock):
    secret = link(acme, clock)
    assert spend(secret, clock) == acme.person("staff")
    with pytest.raises(LinkSpent):
        spend(secret, clock)


def test_a_link_runs_out(acme, clock):
    secret = link(acme, clock)
    clock.advance(hours=24)
    with pytest.raises(LinkSpent):
        spend(secret, clock)


def test_an_invented_link_says_no_more_than_a_spent_one(app, clock):
    with pytest.raises(LinkSpent):
        spend("invented", clock)


def test_a_link_for_somebody_elses_member_is_not_made(acme, globex, clock):
    with pytest.raises(NotFound), transaction(acme.system) as tx:
        service.issue_link(tx, service.IssueLink(globex.person("staff")), clock.at, acme.system)


def test_the_last_administrator_stays(acme, clock):
    person = acme.person("administrator")
    with pytest.raises(LastAdministrator), transaction(acme.system) as tx:
        service.change_role(tx, service.ChangeRole(person, Role.STAFF), clock.at, acme.system)
    with pytest.raises(LastAdministrator), transaction(acme.system) as tx:
        service.remove_member(tx, service.RemoveMember(person), clock.at, acme.system)
    acme.colleague("administrator", "Second One")
    with transaction(acme.system) as tx:
        service.remove_member(tx, service.RemoveMember(person), clock.at, acme.system)
    assert queries.organisations_of(reading(), person) == []


def test_a_role_that_is_not_there_is_refused_with_the_list():
    with pytest.raises(NoSuchRole, match="internal-auditor"):
        role_named("boss")


def test_the_person_table_refuses_upper_case(app, clock):
    values = {"email": "Ann@Acme.example", "name": "Ann", "active": True, "fs_uniquifier": "x", "locale": ""}
    refuses(Person.__table__, "email_is_lower_case", {**values, "created_at": clock.at})


def test_the_membership_table_refuses_an_unknown_role(acme, globex, clock):
    values = {"organisation_id": acme.id, "person_id": globex.person("staff"), "role": "boss", "since": clock.at}
    refuses(Membership.__table__, "role_known", values)


def test_organisations_and_people_by_command(app, clock, command):
    assert command("org", "add", "acme", "--name", "Acme Ltd", "--country", "ge").code == 0
    assert command("org", "add", "acme", "--name", "Again").code == 1
    assert command("org", "add", "Not A Slug", "--name", "X").code == 2
    assert command("org", "list", "--json").json == [
        {"slug": "acme", "name": "Acme Ltd", "country": "GE", "locale": "en"}
    ]
    added = command("user", "add", "ann@acme.example", "--org", "acme", "--role", "administrator")
    assert added.code == 0
    assert "/account/link/" in added.out
    assert command("user", "add", "bob@acme.example", "--org", "acme", "--role", "boss").code == 2
    assert command("user", "add", "bob@acme.example", "--org", "nobody", "--role", "staff").code == 2
    assert command("user", "add", "bob", "--org", "acme", "--role", "staff").code == 2
    for malformed in ("@", "bob@", "@acme.example", "b ob@acme.example", "bob@acme.example, eve@acme.example"):
        assert command("user", "add", malformed, "--org", "acme", "--role", "staff").code == 2, malformed
    for option, value in (("--name", " "), ("--country", "ZZZ"), ("--country", "QQ"), ("--locale", "xx")):
        wanted = {"--name": "B", option: value}
        refused = command("org", "add", "b", *(word for pair in wanted.items() for word in pair))
        assert refused.code == 2, option
    assert ", ".join(languages.LANGUAGES) in refused.err, "those of the screens"
    assert [one["slug"] for one in command("org", "list", "--json").json] == ["acme"]
    with_password = ("user", "add", "b@c.example", "--org", "acme", "--role", "staff", "--password-stdin")
    assert command(*with_password, stdin="short\n").code == 2
    long = command(*with_password, stdin="a long enough one\n")
    assert (long.code, "link" in long.out) == (0, False)
