"""The API: tokens, scopes, the same verbs and permissions, once is once, refusals as problems, its own description."""

import json
from datetime import timedelta

import openapi_spec_validator
import pytest
from openapi_spec_validator.validation.exceptions import OpenAPIValidationError
from sqlalchemy import select

from auditkit.api import counting, service
from auditkit.api.models import ApiRequest, ApiToken
from auditkit.api.openapi import description
from auditkit.api.rules import LifeOutOfRange, NoSuchToken, ScopesMissing
from auditkit.base import clock as clock_module
from auditkit.base.db import db, reading, transaction
from auditkit.base.errors import Forbidden
from auditkit.base.limits import Limit
from auditkit.complaints.intake import queries as intake
from auditkit.complaints.intake.service import Reissue, reissue
from auditkit.complaints.models import Complaint
from auditkit.journal.models import JournalEntry
from tests.factories.refusals import accepts, refuses
from tests.slices.complaints.recording import RECEIVED, many, registered, spread

ALL = ["complaints:read", "complaints:write", "complaints:identity"]
NEW = {"subject": "Late", "received_at": "2026-02-27T08:30:00+02:00", "complainant": {"name": "Ann", "city": "Tbilisi"}}
LIST = "/api/v1/acme/complaints"


def token(house, role: str = "quality-manager", scopes: list[str] = ALL, days: int = 30) -> str:
    actor = house.actor(role)
    with transaction(actor) as tx:
        return service.make_token(tx, service.MakeToken("Shop", scopes, days), clock_module.now(), actor)


@pytest.fixture
def api(app, clock):
    """`api(method, path, secret, body, key)`: ask, and check that whatever is refused is a problem in JSON."""

    def ask(method: str, path: str, secret: str = "", body=None, key: str = "", **headers: str):
        named = {"Authorization": f"Bearer {secret}"} if secret else {}
        named |= {"Idempotency-Key": key} if key else {}
        data = body if isinstance(body, bytes | None) else json.dumps(body).encode()
        db.session.rollback()
        answer = app.test_client().open(path, method=method, data=data, headers={**named, **headers})
        if answer.status_code >= 400:
            assert answer.mimetype == "application/problem+json"
            assert answer.json["status"] == answer.status_code
            assert answer.json["detail"]
        return answer

    return ask


def test_a_complaint_is_registered_once_for_a_key(acme, api) -> None:
    secret = token(acme)
    first = api("POST", LIST, secret, NEW, "k-1")
    again = api("POST", LIST, secret, NEW, "k-1")
    assert (first.status_code, again.status_code) == (201, 200)
    reference = first.json["reference"]
    assert again.json["reference"] == reference
    assert first.headers["Location"].endswith(f"/api/v1/acme/complaints/{reference}")
    assert first.json["received_at"] == "2026-02-27T06:30:00Z"
    assert first.json["complainant"] is None
    assert api("POST", LIST, secret, {**NEW, "subject": "Other"}, "k-1").status_code == 409
    assert api("POST", LIST, secret, NEW, "k-2").status_code == 201
    found = reading(acme.system).execute(select(Complaint).where(Complaint.reference == reference)).scalar_one()
    assert (found.subject, found.complainant_name) == ("Late", "Ann")
    entry = (
        reading(acme.system)
        .execute(
            select(JournalEntry).where(
                JournalEntry.event == "complaint:registered", JournalEntry.subject_id == found.id
            )
        )
        .scalar_one()
    )
    assert entry.actor_id == acme.person("quality-manager")


DETAILS = {
    "language": "fa",
    "preference": "page",
    "accessibility": "large print",
    "order_reference": "A-17",
    "representative": "Her son",
    "authority": "He has a power of attorney",
    "consent": True,
}


def test_what_comes_by_the_api_gets_a_receipt_and_a_page_of_its_own(acme, api, browser) -> None:
    secret = token(acme)
    first = api("POST", LIST, secret, {**NEW, "kind": "suggestion", "details": DETAILS}, "k-1").json
    assert first["tracking_page"] == "http://localhost/p/acme/complaints/track"
    again = api("POST", LIST, secret, {**NEW, "kind": "suggestion", "details": DETAILS}, "k-1").json
    other = api("POST", LIST, secret, NEW, "k-2").json
    assert again == first, "an answer that got lost on its way can be had again"
    assert other["tracking_secret"] != first["tracking_secret"]
    tx = reading(acme.system)
    stored = tx.execute(select(Complaint).where(Complaint.reference == first["reference"])).scalar_one()
    known = intake.known(tx, stored.id)
    told = {name: value for name, value in DETAILS.items() if name != "consent"}
    assert {name: getattr(known, name) for name in told} == told
    assert (stored.kind, known.consent_at is not None) == ("suggestion", True)
    assert intake.language_of(tx, stored.id + 1) == "en", "the organisation's own where none is said"
    stranger = browser()
    stranger.get("/p/acme/complaints/track")
    page = stranger.post_form({"reference": first["reference"], "secret": first["tracking_secret"]}, action="/track")
    assert "signature and fingerprint fit" in page.text
    assert "tracking_secret" not in api("GET", f"{LIST}/{first['reference']}", secret).json


def test_a_secret_that_works_no_longer_is_not_given_out_again(acme, api, clock) -> None:
    secret = token(acme)
    reference = api("POST", LIST, secret, NEW, "k-1").json["reference"]
    handler = acme.actor("complaint-handler")
    with transaction(handler) as tx:
        command = Reissue(reference, "7K2QF-9XWRM-0TB4C-HJ8PD", "She came by with her passport", "print")
        reissue(tx, command, clock.at, handler)
    assert api("POST", LIST, secret, NEW, "k-1").json["tracking_secret"] is None


def test_who_stays_anonymous_leaves_no_name_by_the_api_either(acme, api) -> None:
    api("POST", LIST, token(acme), {**NEW, "details": {"anonymous": True}}, "k-1")
    stored = reading(acme.system).execute(select(Complaint)).scalar_one()
    assert (stored.complainant_name, stored.complainant_city) == ("", "")


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({**NEW, "details": {"language": "klingon"}}, "details.language"),
        ({**NEW, "details": {"preference": "pigeon"}}, "details.preference"),
        ({**NEW, "details": {"representative": "Her son"}}, "act for this person"),
        ({**NEW, "details": {"batch": "x" * 101}}, "details.batch"),
        ({**NEW, "subject": " "}, "subject"),
        ({**NEW, "colour": "red"}, "colour"),
        ({**NEW, "received_at": "2026-02-27T08:30:00"}, "send the zone"),
        ({**NEW, "received_at": "2999-01-01"}, "not in the future"),
        ({**NEW, "kind": "hymn"}, "kind"),
        ({**NEW, "complainant": {"shoe": "42"}}, "complainant.shoe"),
        ({"subject": "x"}, "received_at"),
        (b"nonsense", "JSON"),
        (b"", "JSON"),
    ],
)
def test_bodies_that_cannot_be_used_say_what_is_wrong(acme, api, body, said) -> None:
    answer = api("POST", LIST, token(acme), body, "k")
    assert answer.status_code == 400
    assert said.lower() in answer.json["detail"].lower()


def test_a_key_is_needed_and_bounded(acme, api) -> None:
    secret = token(acme)
    assert "Idempotency-Key" in api("POST", LIST, secret, NEW).json["detail"]
    assert api("POST", LIST, secret, NEW, "k" * 101).status_code == 400
    assert api("POST", LIST, secret, b"x" * (300 << 10), "k").status_code == 413


def test_a_list_is_paged_by_cursor_and_filtered(acme, api) -> None:
    many(acme.id, spread(acme.id, 120))
    secret = token(acme, scopes=["complaints:read"])
    seen, cursor = [], ""
    while cursor is not None:
        page = api("GET", f"{LIST}?stage=all&cursor={cursor}", secret).json
        seen += [one["reference"] for one in page["items"]]
        cursor = page["next_cursor"]
    assert len(seen) == len(set(seen)) == 120
    page = api("GET", f"{LIST}?channel=web", secret).json
    assert {one["channel"] for one in page["items"]} == {"web"}
    assert (page["total"], page["total_is_more"]) == (40, False)
    for wrong in ("stage=lost", "cursor=x", "from=yesterday", "level=9"):
        assert api("GET", f"{LIST}?{wrong}", secret).status_code == 400


def test_who_complained_needs_its_scope_and_is_journalled(acme, api) -> None:
    reference = api("POST", LIST, token(acme), NEW, "k").json["reference"]
    path = f"{LIST}/{reference}"
    assert api("GET", path, token(acme, scopes=["complaints:read"])).json["complainant"] is None
    assert api("GET", f"{path}?identity=yes", token(acme, scopes=["complaints:read"])).status_code == 403
    assert api("GET", f"{path}?identity=yes", token(acme, "internal-auditor")).status_code == 403
    assert api("GET", f"{path}?identity=yes", token(acme)).json["complainant"]["name"] == "Ann"
    read = select(JournalEntry.id).where(JournalEntry.event == "complaint:identity-read")
    assert len(reading(acme.system).execute(read).all()) == 1
    assert api("GET", f"{LIST}?q=Ann", token(acme, scopes=["complaints:read"])).json["items"] == []
    assert len(api("GET", f"{LIST}?q=Ann", token(acme)).json["items"]) == 1


def test_tokens_are_refused_without_telling_why(acme, globex, api, clock) -> None:
    secret = token(acme, days=2)
    assert api("GET", LIST).status_code == 401
    assert api("GET", LIST).headers["WWW-Authenticate"] == "Bearer"
    for wrong in ("auditkit_wrong", secret + "x"):
        assert api("GET", LIST, wrong).status_code == 401
    assert api("GET", "/api/v1/globex/complaints", secret).status_code == 401
    assert api("GET", "/api/v1/nobody/complaints", secret).status_code == 404
    assert api("GET", LIST, secret).status_code == 200
    clock.advance(days=3)
    assert api("GET", LIST, secret).status_code == 401


def test_a_token_can_do_no_more_than_its_person_now(acme, globex, api) -> None:
    other = registered(globex.system, "Theirs")
    secret = token(acme, "staff")
    assert api("GET", LIST, secret).status_code == 403
    assert api("POST", LIST, secret, NEW, "k").status_code == 201
    assert api("POST", LIST, token(acme, scopes=["complaints:read"]), NEW, "k").status_code == 403
    assert api("GET", f"{LIST}/{other}-x", token(acme)).status_code == 404


def test_too_many_requests_are_told_when_to_come_back(acme, api, monkeypatch) -> None:
    monkeypatch.setattr(counting, "REQUESTS", Limit("api", 2))
    monkeypatch.setattr(counting, "REFUSALS", Limit("api-refused", 2))
    secret, other = token(acme), token(acme)
    assert [api("GET", LIST, secret).status_code for _ in range(3)] == [200, 200, 429]
    assert int(api("GET", LIST, secret).headers["Retry-After"]) > 0
    assert api("GET", LIST, other).status_code == 200
    assert [api("GET", LIST, "wrong").status_code for _ in range(3)] == [401, 401, 429]


def test_the_page_shows_a_secret_once_and_takes_tokens_back(acme, globex, browser, api) -> None:
    visitor = browser(acme, "complaint-handler")
    visitor.get("/o/acme/api-tokens/")
    assert "Choose at least one thing" in visitor.post_form({"name": "Shop"}, action="/api-tokens/").text
    page = visitor.post_form({"name": "Shop", "scopes": ["complaints:read"], "days": "5"}, action="/api-tokens/")
    secret = page.soup.find("p", class_="mono").text
    assert secret.startswith("auditkit_")
    assert api("GET", LIST, secret).status_code == 200
    assert secret not in visitor.get("/o/acme/api-tokens/").response.get_data(as_text=True)
    kept = reading(acme.system).execute(select(ApiToken)).scalar_one()
    assert kept.used_at is not None
    assert secret not in json.dumps([str(value) for value in vars(kept).values()])
    number = kept.id
    assert "Shop" not in browser(acme, "staff").get("/o/acme/api-tokens/").text
    browser(acme, "staff").get("/o/acme/api-tokens/")
    browser(acme, "staff").post(f"/o/acme/api-tokens/{number}/revoke", {}, status=404)
    assert "Shop" in browser(acme, "administrator").get("/o/acme/api-tokens/").text
    visitor.get("/o/acme/api-tokens/")
    assert "works no longer" in visitor.post_form(action="/revoke").text
    assert api("GET", LIST, secret).status_code == 401


def test_scopes_and_life_have_limits(acme) -> None:
    for wrong, error in (
        ({"scopes": []}, ScopesMissing),
        ({"scopes": ["everything"]}, ScopesMissing),
        ({"days": 0}, LifeOutOfRange),
        ({"days": 400}, LifeOutOfRange),
    ):
        with pytest.raises(error):
            token(acme, **wrong)


def test_the_description_is_valid_and_speaks_of_every_route(app) -> None:
    served = app.test_client().get("/api/v1/openapi.json").json
    assert served == description()
    assert served["openapi"].startswith("3.1")
    routes = {
        (method.lower(), rule.rule.removeprefix("/api/v1").replace("<", "{").replace(">", "}"))
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("api.")
        for method in rule.methods & {"GET", "POST", "PUT", "PATCH", "DELETE"}
    }
    told = {(m, path) for path, item in served["paths"].items() for m in item if m in ("get", "post")}
    assert told == routes
    texts = json.dumps(served)
    references = {part.split('"')[0] for part in texts.split('"#/components/schemas/')[1:]}
    assert references
    assert references <= set(served["components"]["schemas"])


def test_the_description_is_openapi_by_its_own_validator(app) -> None:
    served = app.test_client().get("/api/v1/openapi.json").json
    openapi_spec_validator.validate(served, cls=openapi_spec_validator.OpenAPIV31SpecValidator)
    broken = json.loads(json.dumps(served))
    del broken["info"]["title"]
    with pytest.raises(OpenAPIValidationError):
        openapi_spec_validator.validate(broken, cls=openapi_spec_validator.OpenAPIV31SpecValidator)


def house_token(house, scopes: list[str] = ALL, name: str = "Web shop") -> str:
    actor = house.actor("administrator")
    with transaction(actor) as tx:
        command = service.MakeToken(name, scopes, 30, for_organisation=True)
        return service.make_token(tx, command, clock_module.now(), actor)


def test_a_token_of_the_organisation_acts_under_its_own_name(acme, api, browser) -> None:
    secret = house_token(acme)
    made = api("POST", LIST, secret, NEW, "k-1")
    assert made.status_code == 201
    reference = made.json["reference"]
    assert api("GET", f"{LIST}/{reference}?identity=yes", secret).json["complainant"]["name"] == "Ann"
    db.session.rollback()
    entries = reading(acme.system).execute(select(JournalEntry).where(JournalEntry.role == "api:1")).scalars().all()
    assert {one.event for one in entries} == {"complaint:registered", "complaint:identity-read"}
    assert {one.actor_id for one in entries} == {None}
    db.session.rollback()
    manager = browser(acme, "quality-manager")
    assert "API: Web shop" in manager.get("/o/acme/journal/").text
    page = manager.get(f"/o/acme/complaints/{reference}")
    assert page.text.count("API: Web shop") >= 2, "in the history, and as who looked up who complained"
    assert "the system" not in page.text


def test_it_works_on_when_its_maker_has_left_and_a_persons_does_not(acme, api) -> None:
    house, own = house_token(acme), token(acme, "administrator")
    with db.engine.begin() as connection:
        members = db.metadata.tables["membership"]
        connection.execute(members.delete().where(members.c.person_id == acme.person("administrator")))
    assert api("GET", LIST, house).status_code == 200
    assert api("GET", LIST, own).status_code == 401


def test_it_may_do_what_its_scopes_name_and_nothing_else(acme, globex, api) -> None:
    secret = house_token(acme, ["complaints:read"])
    assert api("GET", LIST, secret).status_code == 200
    assert api("GET", f"{LIST}?owner=me", secret).json["items"] == [], "it is nobody, so nothing is its own"
    assert api("POST", LIST, secret, NEW, "k").status_code == 403
    assert api("GET", LIST.replace("acme", "globex"), secret).status_code == 401
    reference = registered(acme.actor("staff"), "x")
    assert api("GET", f"{LIST}/{reference}?identity=yes", secret).status_code == 403


def test_who_manages_the_organisation_makes_and_takes_back_its_tokens(acme, api, browser) -> None:
    handler = acme.actor("complaint-handler")
    with pytest.raises(Forbidden), transaction(handler) as tx:
        service.make_token(tx, service.MakeToken("x", ALL, 30, for_organisation=True), clock_module.now(), handler)
    assert "It belongs to the organisation" not in browser(acme, "complaint-handler").get("/o/acme/api-tokens/").text
    admin = browser(acme, "administrator")
    admin.get("/o/acme/api-tokens/")
    page = admin.post_form({"name": "Shop", "scopes": ["complaints:read"], "for_organisation": "y", "days": "30"})
    secret = page.soup.find("p", {"class": "mono"}).get_text()
    assert "The organisation's" in page.text
    assert api("GET", LIST, secret).status_code == 200
    with pytest.raises(NoSuchToken), transaction(handler) as tx:
        service.revoke_token(tx, service.RevokeToken(1), clock_module.now(), handler)
    admin = browser(acme, "quality-manager")
    assert "Shop" in admin.get("/o/acme/api-tokens/").text, "who manages the organisation, not only who made it"
    admin.post_form({}, action="/revoke")
    assert api("GET", LIST, secret).status_code == 401
    assert "Shop" not in browser(acme, "staff").get("/o/acme/api-tokens/").text


def test_it_runs_out(acme, api, clock) -> None:
    secret = house_token(acme)
    clock.advance(days=31)
    assert api("GET", LIST, secret).status_code == 401


def test_its_schemas_are_sound_and_accept_what_the_api_answers(acme, api) -> None:
    jsonschema = pytest.importorskip("jsonschema", reason="comes with check-jsonschema")
    schemas = description()["components"]["schemas"]
    whole = {"$schema": "https://json-schema.org/draft/2020-12/schema", "components": {"schemas": schemas}}
    for name in schemas:
        jsonschema.Draft202012Validator.check_schema(schemas[name])
    made = api("POST", LIST, token(acme), NEW, "k").json
    answers = {
        "RegisteredComplaint": made,
        "WholeComplaint": api("GET", f"{LIST}/{made['reference']}", token(acme)).json,
        "ComplaintPage": api("GET", LIST, token(acme)).json,
        "Problem": api("GET", LIST).json,
        "NewComplaint": NEW,
    }
    for name, answer in answers.items():
        jsonschema.Draft202012Validator({**whole, "$ref": f"#/components/schemas/{name}"}).validate(answer)


TOKEN = {"name": "x", "digest": "a" * 64, "scopes": [], "made_at": RECEIVED, "expires_at": RECEIVED + timedelta(days=1)}


def test_the_database_refuses_impossible_tokens_and_requests(acme) -> None:
    whole = {"organisation_id": acme.id, "person_id": acme.person("staff"), **TOKEN}
    refuses(ApiToken.__table__, "digest_is_sha256", {**whole, "digest": "a"})
    refuses(ApiToken.__table__, "has_name", {**whole, "name": ""})
    refuses(ApiToken.__table__, "expires_after_made", {**whole, "expires_at": RECEIVED})
    found = accepts(ApiToken.__table__, whole)
    request = {"organisation_id": acme.id, "token_id": found, "key": "k", "body_digest": "a" * 64, "reference": "C-1"}
    request["answered_at"] = RECEIVED
    refuses(ApiRequest.__table__, "has_key", {**request, "key": ""})
    refuses(ApiRequest.__table__, "body_digest_is_sha256", {**request, "body_digest": "a"})
    assert accepts(ApiRequest.__table__, request)
