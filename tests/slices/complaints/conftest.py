"""Who handles complaints in these tests; time stands still for them."""

import pytest


@pytest.fixture
def handler(acme, clock):
    return acme.actor("complaint-handler")


@pytest.fixture
def manager(acme, clock):
    return acme.actor("quality-manager")
