"""What a table's columns and words mean, answered on the page: meanings, profiles, ways that are kept."""

import pytest

from auditkit.complaints.importing.profiles import named_profile
from tests.slices.complaints_importing.by_page import HEADS, ROWS, START, again, confirm, send, stored, token_of


def test_nothing_is_imported_before_a_person_confirmed_text_and_dates(acme, browser, work) -> None:
    visitor = browser(acme, "quality-manager")
    page = send(visitor, (HEADS + ROWS).encode())
    assert "2026-01-05 → 2026-01-05" in page.text
    refused = visitor.post_form({"text_right": "y"}, action=token_of(page))
    assert "confirm that day and month are not exchanged" in refused.text
    assert work() == 0
    assert stored(acme) == []


WORDS = "Nr;Eingang;Betreff;Status\nA-1;05.01.2026;x;läuft\nA-2;06.01.2026;y;läuft\nA-3;07.01.2026;z;fertig\n"


def test_the_files_words_get_our_meaning_on_the_page(acme, browser, work) -> None:
    visitor = browser(acme, "quality-manager")
    page = send(visitor, WORDS.encode())
    assert "“läuft” is not known" in page.text
    words = {row.th.get_text(strip=True): row for row in page.soup.find("section", id="mapping").find_all("tr")[1:]}
    assert {word: row.td.get_text(strip=True) for word, row in words.items()} == {"läuft": "2", "fertig": "1"}


def test_meanings_and_rules_of_the_page_reach_the_register(acme, browser, work) -> None:
    visitor = browser(acme, "quality-manager")
    page = send(visitor, WORDS.encode())
    visitor.get(page.path)
    page = visitor.post_form(
        {"means-status-0": "acknowledged", "means-status-1": "closed", "closed_without_date": "unknown"}, action="/look"
    )
    assert "Import 3 complaints" in page.text
    confirm(visitor, page, work)
    assert [(one.stage, one.source_status) for one in stored(acme)] == [
        ("acknowledged", "läuft"),
        ("acknowledged", "läuft"),
        ("closed", "fertig"),
    ]


KINDS = (
    "Ref,Received,Subject,Kind of feedback\nA-1,2026-01-05,x,Предложение\nA-2,2026-01-06,y,Kudos\nA-3,2026-01-07,z,\n"
)


def test_feedback_of_every_kind_comes_in_from_a_file(acme, browser, work) -> None:
    visitor = browser(acme, "quality-manager")
    page = send(visitor, KINDS.encode())
    assert "“Kudos” is not known" in page.text, "what nobody knows is asked for"
    assert "Suggestion" in page.soup.find("table").get_text()
    words = [box["value"] for box in page.soup.select("input[name^=word-kind]")]
    page = visitor.post_form({f"means-kind-{words.index('Kudos')}": "compliment"}, action="/look")
    assert "Import 3 complaints" in page.text
    assert confirm(visitor, page, work).title == "Import finished"
    assert [one.kind for one in stored(acme)] == ["suggestion", "compliment", "complaint"]
    listed = visitor.get("/o/acme/complaints/?stage=all&kind=compliment").soup
    assert [row.get_text(strip=True) for row in listed.select("tbody th a")] == ["y"]


SEVERITIES = "Ref,Received,Subject,Severity\nA-1,2026-01-05,x,Hoch\nA-2,2026-01-06,y,S1\nA-3,2026-01-07,z,\n"


def test_the_severity_comes_in_from_a_file_and_a_word_nobody_knows_is_asked_for(acme, browser, work) -> None:
    visitor = browser(acme, "quality-manager")
    page = send(visitor, SEVERITIES.encode())
    assert "Severity: “S1” is not known" in page.text
    assert "Severity: High" in page.soup.find("table").get_text(), "as it would be stored"
    words = [box["value"] for box in page.soup.select("input[name^=word-severity]")]
    page = visitor.post_form({f"means-severity-{words.index('S1')}": "critical"}, action="/look")
    assert confirm(visitor, page, work).title == "Import finished"
    assert [one.severity for one in stored(acme)] == ["high", "critical", ""]
    listed = visitor.get("/o/acme/complaints/?stage=all&severity=critical").soup
    assert [row.get_text(strip=True) for row in listed.select("tbody th a")] == ["y"]


def test_a_status_column_chosen_anew_brings_its_own_words(acme, browser) -> None:
    visitor = browser(acme, "quality-manager")
    table = "Ref,Received,Subject,Status,Other\nA-1,2026-01-05,x,strange,open\nA-2,2026-01-06,y,odd,closed\n"
    page = send(visitor, table.encode())
    assert "“strange” is not known" in page.text
    page = again(visitor, page, column_status="5")
    assert "strange" not in page.soup.find("section", id="mapping").get_text().split("Other")[1]
    assert "The complaint is closed but has no date of closing" in page.text
    assert "1 would be imported" in page.text


def test_a_way_of_understanding_is_kept_and_found_again(acme, globex, browser, work, command, tmp_path) -> None:
    visitor = browser(acme, "quality-manager")
    page = send(visitor, WORDS.encode())
    page = visitor.post_form(
        {"means-status-0": "received", "means-status-1": "closed", "closed_without_date": "unknown"}, action="/look"
    )
    assert "Enter what the files come from" in visitor.post_form({"title": ""}, action="/profile").text
    assert "give yours another title" in visitor.post_form({"title": "CFPB"}, action="/profile").text.replace(
        "Give", "give"
    )
    kept = visitor.post_form({"title": "Altes Callcenter"}, action="/profile")
    assert "Kept as the profile altes-callcenter" in kept.text
    page = send(visitor, WORDS.replace("A-", "B-").encode(), "other.csv")
    assert "those of the profile altes-callcenter" in page.text
    assert "Import 3 complaints" in page.text
    confirm(visitor, page, work)
    assert [one.stage for one in stored(acme)] == ["received", "received", "closed"]
    listed = visitor.get(f"{START}profiles")
    assert "Altes Callcenter" in listed.text
    assert "cfpb" in listed.text
    file = visitor._run(visitor.client.get, f"{START}profiles/altes-callcenter.yaml")
    path = tmp_path / "altes.yaml"
    path.write_bytes(file.get_data())
    file.close()
    assert named_profile(str(path)).fields["status"].values == {"läuft": "received", "fertig": "closed"}
    table = tmp_path / "more.csv"
    table.write_text(WORDS.replace("A-", "C-"), encoding="utf-8")
    for profile in ("altes-callcenter", str(path)):
        done = command("complaints", "import", str(table), "--org", "acme", "--profile", profile, "--json", "--dry-run")
        assert (done.code, done.json["imported"]) == (0, 3), done.err
    stranger = browser(globex, "quality-manager")
    stranger.get("/o/globex/complaints/import/profiles/altes-callcenter.yaml", status=404)
    visitor.get(f"{START}profiles")
    assert "no longer used" in visitor.post_form(action="altes-callcenter/retire").text
    assert "those of the profile" not in send(visitor, WORDS.replace("A-", "D-").encode()).text


@pytest.mark.parametrize("name", ["cfpb", "chicago-copa", "hoboken311"])
@pytest.mark.sqlite_only
def test_supplied_profiles_come_back_whole_from_their_yaml(acme, browser, tmp_path, name: str) -> None:
    visitor = browser(acme, "quality-manager")
    file = visitor._run(visitor.client.get, f"{START}profiles/{name}.yaml")
    path = tmp_path / "p.yaml"
    path.write_bytes(file.get_data())
    file.close()
    assert named_profile(str(path)) == named_profile(name)


MONTHS = "Month,Category,Number of complaints,Average days\n" + "".join(
    f"2026-{month:02},{kind},{month * 7},{month}.5\n" for month in range(1, 10) for kind in ("Late", "Broken")
)


def test_a_table_of_counts_draws_a_warning_that_has_to_be_answered(acme, browser, work) -> None:
    visitor = browser(acme, "quality-manager")
    rows = "".join(f"2026-{month:02}-01,Late,{month}\n" for month in range(1, 4))
    table = f"Date,Subject,Number of complaints\n{rows}"
    page = send(visitor, table.encode())
    assert "Counts instead of complaints?" in page.text
    assert "columns hold counts (Number of complaints)" in page.text
    refused = visitor.post_form({"text_right": "y", "dates_right": "y"}, action=token_of(page))
    assert "Confirm that each row is one complaint" in refused.text
    assert work() == 0
    assert confirm(visitor, visitor.get(page.path), work).title == "Import finished"
    assert "Counts instead of complaints?" in send(visitor, MONTHS.encode()).text
