"""Words of the machine tests over a population. Pure; the tests themselves are `complaints.checking.machine`."""

from auditkit.base.errors import RuleBroken
from auditkit.base.events import event
from auditkit.base.text import N_

POPULATION_TESTED = event("audit:population-tested", N_("All complaints of a population tested by machine"))
SUBJECT = "audit-machine-run"
FORMAT = "auditkit/machine-run/1"
EDITION = "iso10002-2018"


class PopulationTestNotRunning(RuleBroken):
    message = N_("Populations are tested while the audit is running")


class PopulationTestEmpty(RuleBroken):
    message = N_("There is nothing to test: no complaint received in these days fits the filters. Choose anew")
