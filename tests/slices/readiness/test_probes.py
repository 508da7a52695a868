"""Probes are named by content and counted by code, both ways; the check says which is not."""

import pytest

from auditkit.content.checks import examine
from auditkit.content.library import shared
from auditkit.readiness.checks import KIND
from auditkit.readiness.probing import PROBES

pytestmark = pytest.mark.sqlite_only

SHIPPED = {probe.id for group in shared().probe_sets.values() for probe in group.probes}


def test_code_counts_what_content_names_and_content_names_what_code_counts():
    assert SHIPPED, "no probe was found: the test would look at nothing"
    assert SHIPPED - PROBES.keys() == set(), "content names probes that nothing counts"
    assert PROBES.keys() - SHIPPED == set(), "code counts probes that no content names"


def _own(tmp_path, text):
    file = tmp_path / "own.yaml"
    file.write_text(text, encoding="utf-8")
    return [str(one) for one in examine([tmp_path], {"probes": KIND}).problems]


OWN = """\
kind: probes
id: own
title: Own
purpose: A trial
edition: iso10002-2018
formula: {documents: 1, records: 1, audit: 1, findings: 1, stale_months: 12, fewest_months: 3}
bands:
  - {id: low, least: 0, title: Low, meaning: Low}
  - {id: high, least: 50, title: High, meaning: High}
probes:
  - {id: %(probe)s, title: T, counts: C, record: %(record)s, clauses: ["%(clause)s"]}
stops:
  - {id: stop, title: T, because: B, rank: 5, probes: [%(stop)s], item: %(item)s}
"""
GOOD = {"probe": "told", "record": "complaint-times", "clause": "7.8", "stop": "told", "item": "s1-04"}


def test_a_good_file_has_no_problem(tmp_path):
    assert _own(tmp_path, OWN % GOOD) == []


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"probe": "moon-phases", "stop": "moon-phases"}, "auditkit has no probe `moon-phases`"),
        ({"record": "moon-log"}, "There is no record `moon-log`"),
        ({"clause": "7.88"}, "has no clause “7.88”"),
        ({"stop": "tides"}, "There is no probe `tides` in this file"),
        ({"item": "s1-99"}, "There is no question `s1-99`"),
    ],
)
def test_the_check_names_what_leads_nowhere(tmp_path, change, told):
    problems = _own(tmp_path, OWN % {**GOOD, **change})
    assert len(problems) == 1
    assert told in problems[0]
    assert "own.yaml:" in problems[0]


def test_bands_begin_at_nothing(tmp_path):
    problems = _own(tmp_path, OWN.replace("least: 0", "least: 10") % GOOD)
    assert any("Begin the bands with `least: 0`" in one for one in problems)
