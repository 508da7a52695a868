"""The published JSON Schema of pack.json: it is one, a pack of each kind fits it, and what does not fit is refused."""

import json
from importlib import resources

import pytest

from auditkit.packs.verify.layout import PACK_SCHEMA

from . import records
from .test_service import built, members

pytestmark = [pytest.mark.usefixtures("key"), pytest.mark.sqlite_only]
jsonschema = pytest.importorskip("jsonschema", reason="comes with check-jsonschema")


@pytest.fixture
def validator():
    schema = json.loads(resources.files("auditkit.packs.verify").joinpath(PACK_SCHEMA).read_text("utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def test_packs_fit_the_published_schema(acme, year, instance, tmp_path, validator, browser) -> None:
    forms = (
        {},
        {"form": "redacted"},
        {"pack_id": "stage-2", "languages": ("fa", "en")},
        {"start": records.START.replace(2020)},
        {"pack_id": "single-audit", "subject": year},
    )
    for number, how in enumerate(forms):
        told = json.loads(members(built(acme, instance, tmp_path / f"{number}.zip", **how).sealed.file)["pack.json"])
        assert not [f"{list(one.path)}: {one.message}" for one in validator.iter_errors(told)], how
    for change in ({"form": "half"}, {"languages": []}, {"surprise": 1}, {"files": []}, {"matrix": {"counted": True}}):
        assert list(validator.iter_errors(told | change)), change
    published = browser().get(f"/.well-known/auditkit-{PACK_SCHEMA}")
    assert json.loads(published.response.get_data()) == validator.schema
