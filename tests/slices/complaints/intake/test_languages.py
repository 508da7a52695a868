"""A complaint from the form to its end in each language of the screens: no English of ours on the way."""

import io

import pytest

from auditkit.complaints.clock.service import settings as limits
from auditkit.complaints.correspondence import service as correspondence
from auditkit.complaints.survey import jobs, rules, service
from auditkit.web.languages import LANGUAGES
from tests.project.public_texts import english_in
from tests.slices.complaints.intake.deciding import act, decide
from tests.slices.complaints.intake.filling import STORY, receipt_of
from tests.slices.complaints_survey.test_survey import link, mails

pytestmark = pytest.mark.sqlite_only
PROGRAM = b"MZ" + b"\0" * 99
ANSWERED = {"ru": "Спасибо", "ka": "გმადლობთ", "el": "Ευχαριστούμε", "az": "Təşəkkür edirik", "tr": "Teşekkür ederiz"}


@pytest.mark.parametrize("language", [one for one in LANGUAGES if one not in ("en", "fa")])
def test_from_the_form_to_the_survey(acme, browser, clock, language):
    act(acme, service.put_settings, service.PutSettings(rules.Practice(on=True, wait_days=0)))
    own = act(acme, limits.put_set, limits.PutSet(None, "Our promise"))
    for target, amount in (("acknowledge", 2), ("update", 14), ("decide", 30)):
        act(acme, limits.put_limit, limits.PutLimit(own, None, limits.LimitValues(target, "receipt", amount, "days")))
    stranger, pages = browser(), []
    stranger.get(f"/p/acme/complaints/new?language={language}")
    clock.advance(seconds=40)
    refused = {**STORY, "email": "", "consent": "", "files": (io.BytesIO(PROGRAM), "a.exe")}
    pages.append(stranger.post_form(refused, action="/new"))
    pages.append(stranger.post_form({**STORY, "may_share": "y"}, action="/new"))
    receipt_of(pages[-1])
    act(acme, correspondence.write_to_complainant, correspondence.Write(1, "progress", "We asked.", channel="web"))
    pages.append(stranger.get("/p/acme/complaints/mine"))
    pages.append(stranger.post_form({"text": ""}, action="/reply"))
    pages.append(stranger.post_form({"words": "Nobody helps"}, action="/higher"))
    pages.append(stranger.get("/p/acme/complaints/mine"))
    pages.append(stranger.post_form({}, action="/consent/sharing/take-back"))
    decide(acme, "C-2026-000001", "rejected", "It was delivered.")
    stranger.get("/p/acme/complaints/mine")
    pages.append(stranger.post_form({"answer": "refused", "words": "It was not"}, action="/answer"))
    pages.append(stranger.post_form({"words": "It came today"}, action="/withdraw"))
    pages.append(stranger.get("/p/acme/complaints"))
    pages.append(stranger.get("/signing-key"))
    jobs.invite_due()
    pages.append(stranger.get(link(mails(acme)[-1])))
    pages.append(stranger.post_form({"handling": "5"}))
    pages.append(stranger.post_form({"handling": "5", "outcome": "2"}))
    assert pages[-1].title == ANSWERED[language]
    assert {page.path: english_in(page.soup, language) for page in pages if english_in(page.soup, language)} == {}
