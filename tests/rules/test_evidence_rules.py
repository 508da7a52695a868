"""Tags, digests and notices of evidence."""

from datetime import date

import pytest

from auditkit.evidence import kinds, queries, rules


@pytest.mark.parametrize(
    ("text", "good"),
    [("a" * 64, True), ("A" * 64, False), ("a" * 63, False), ("g" * 64, False), ("a" * 64 + "\n", False), ("", False)],
)
def test_a_digest_is_64_small_hexadecimal_digits(text, good):
    assert rules.is_digest(text) is good


@pytest.mark.parametrize("subject", [("audit", 0), ("audit", -1), ("Audit", 1), ("", 1), ("a b", 1), ("a" * 41, 1)])
def test_a_malformed_subject_is_a_defect(subject):
    with pytest.raises(rules.SubjectMalformed):
        rules.checked_subject(subject)


def test_a_subject_is_named_as_in_the_journal():
    assert rules.checked_subject(("audit-answer", 7)) == ("audit-answer", 7)


@pytest.mark.parametrize(
    ("begins", "ends"),
    [(None, None), (date(2026, 1, 1), None), (None, date(2026, 1, 1)), (date(2026, 1, 1), date(2026, 1, 1))],
)
def test_a_period_may_be_open_or_one_day(begins, ends):
    assert rules.checked_period(begins, ends) == (begins, ends)


def test_a_period_runs_forwards():
    with pytest.raises(rules.PeriodBackwards):
        rules.checked_period(date(2026, 1, 2), date(2026, 1, 1))


def test_clauses_are_kept_once_in_order():
    given = ["iso10002-2018:7.4", " iso10002-2018:4.2 ", "", "iso10002-2018:7.4"]
    assert rules.checked_clauses(given) == ["iso10002-2018:7.4", "iso10002-2018:4.2"]


@pytest.mark.parametrize("clause", ["7.4", "iso10002-2018", "iso10002-2018:", "ISO:7.4", "iso:7.4; drop"])
def test_a_clause_names_its_edition(clause):
    with pytest.raises(rules.ClauseMalformed, match="not a clause"):
        rules.checked_clauses([clause])


def test_more_clauses_than_anybody_reads_are_refused():
    with pytest.raises(rules.ClauseMalformed):
        rules.checked_clauses([f"iso10002-2018:7.{number}" for number in range(rules.MAX_CLAUSES + 1)])


def test_every_notice_can_be_told():
    params = {"extension": ".jpg", "kind": "png", "bytes": 3, "what": "JavaScript"}
    texts = queries.told({"code": code, **params} for code in rules.NOTICES)
    assert len(set(texts)) == len(rules.NOTICES)
    assert texts[0] == "The name ends in .jpg, but by its content this is: PNG picture"


def test_no_extension_means_two_kinds():
    extensions = [extension for kind in kinds.KINDS.values() for extension in kind.extensions]
    assert len(extensions) == len(set(extensions))
    assert all(extension.startswith(".") and extension == extension.lower() for extension in extensions)


def test_what_a_browser_could_run_is_served_as_bytes():
    active = {kind.id for kind in kinds.KINDS.values() if kind.served_as == kinds.BYTES}
    assert active == {"svg", "html", "xml"}
