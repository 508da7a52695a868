"""Each test begins without mails set aside by another."""

import shutil

import pytest

from auditkit.complaints.correspondence.running import ASIDE


@pytest.fixture(autouse=True)
def _nothing_aside(app):
    shutil.rmtree(app.extensions["auditkit.settings"].instance / ASIDE, ignore_errors=True)
