"""Profiles: shipped ones are sound and recognise their files; faults are told with file and line; guesses are told."""

from pathlib import Path
from typing import get_args

import pytest

from auditkit.base.errors import BadInput
from auditkit.base.folding import fold
from auditkit.complaints.importing import words
from auditkit.complaints.importing.dates import FORMATS
from auditkit.complaints.importing.fields import FIELDS, TEXTS
from auditkit.complaints.importing.guessing import field_of, guess_fields, name_key
from auditkit.complaints.importing.planning import Plan, plan_import
from auditkit.complaints.importing.profiles import (
    DateFormat,
    FieldName,
    ProfileShape,
    named_profile,
    shipped_profiles,
)
from auditkit.complaints.importing.words import (
    CHANNEL_WORDS,
    OUTCOME_WORDS,
    SEVERITY_WORDS,
    STAGE_WORDS,
    TOTAL_WORDS,
    is_total,
)
from auditkit.complaints.models import Complaint
from auditkit.complaints.rules import LONGEST

SOUND = "kind: import-profile\nid: mine\ntitle: Mine\nfields:\n  received: {column: Received}\n"


def plan_of(folder: Path, text: str, profile: str | None = None) -> Plan:
    path = folder / "file.csv"
    path.write_text(text, encoding="utf-8")
    if profile is None:
        return plan_import(path)
    (folder / "mine.yaml").write_text(profile, encoding="utf-8")
    return plan_import(path, named_profile(str(folder / "mine.yaml")))


def questions(plan: Plan) -> str:
    return " ".join(one.text for one in plan.questions)


def test_the_words_of_profiles_are_those_of_fields_and_dates() -> None:
    assert set(get_args(FieldName)) == set(FIELDS)
    assert set(get_args(DateFormat)) == {"auto", *FORMATS}


def test_every_field_has_its_column_in_the_register() -> None:
    columns = set(Complaint.__table__.columns.keys())
    assert {field.column for field in FIELDS.values()} <= columns
    assert {FIELDS[name].column for name in TEXTS} <= set(LONGEST)


@pytest.mark.parametrize(
    ("file", "profile"),
    [
        ("cfpb_2827_full18_mmddyy.csv", "cfpb"),
        ("cfpb_3186_noid_mdyyyy.csv", "cfpb"),
        ("cfpb_148_snakecase_iso.csv", "cfpb"),
        ("cfpb_tiny_insight.csv", "cfpb"),
        ("chicago_215781_iso_status_noaddr.csv.gz", "chicago-copa"),
        ("hoboken311_91_epoch.csv", "hoboken311"),
        ("hoboken311_91_epoch.xlsx", "hoboken311"),
    ],
)
def test_a_shipped_profile_knows_its_files_and_says_so(shared, file: str, profile: str) -> None:
    plan = plan_import(shared(f"complaints/{file}"))
    assert plan.profile.id == profile
    assert not plan.is_guessed
    assert not plan.questions
    assert any(one.about == "profile" and profile in one.text for one in plan.announcements)
    assert any(one.about == "dates" for one in plan.announcements) or profile == "hoboken311"


def test_shipped_profiles_recognise_no_others_file() -> None:
    known = shipped_profiles()
    assert [profile.id for profile in known] == ["cfpb", "chicago-copa", "hoboken311"]
    for profile in known:
        assert [other.id for other in known if other.recognises(profile.recognise)] == [profile.id]


def test_an_unknown_profile_says_which_there_are() -> None:
    with pytest.raises(BadInput, match="cfpb, chicago-copa and hoboken311"):
        named_profile("nobody")
    with pytest.raises(BadInput, match=r"absent\.yaml"):
        named_profile("/nowhere/absent.yaml")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (SOUND + "colour: red\n", "mine.yaml:6"),
        (SOUND.replace("column: Received", "column: Received, colum: x"), "mine.yaml:5"),
        (SOUND.replace("column: Received", "column: Received, format: YMD"), "mine.yaml:5"),
        (SOUND.replace("column: Received", "column: Received, position: 2"), "exactly one"),
        (SOUND.replace("received:", "subject:"), "date of receipt"),
        (
            SOUND + "  status: {column: S, values: {Open: begun}}\n",
            "received, acknowledged, assessed, investigating, decided, closed",
        ),
        (SOUND + "  kind: {column: K, values: {Lob: hymn}}\n", "complaint, suggestion, request, compliment"),
        (SOUND + "  subject: {column: S, format: iso}\n", "no date"),
        (SOUND + "  closed: {constant: 2026-01-01}\n", "is a date"),
        (SOUND + "title: Again\n", "second time"),
        (SOUND.replace("title: Mine", "title: !!python/object:os.system x"), "tag"),
        (SOUND.replace("title: Mine", "\ttitle: Mine"), "mine.yaml:"),
    ],
)
def test_a_faulty_profile_is_refused_with_its_place(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "mine.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(BadInput) as refused:
        named_profile(str(tmp_path / "mine.yaml"))
    assert words in str(refused.value)


@pytest.mark.parametrize("name", ["billion_laughs", "python_object", "dup_keys", "tabs", "deep", "multi_doc"])
def test_hostile_yaml_is_refused_as_a_profile(shared, name: str) -> None:
    with pytest.raises(BadInput):
        named_profile(str(shared(f"bad_inputs/yaml/{name}.yaml")))


def test_a_profile_that_lacks_its_columns_says_which_there_are(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"Received.*Its columns are: Reference and Subject"):
        plan_of(tmp_path, "Reference,Subject\n1,x\n", SOUND)


def test_a_name_that_two_columns_have_needs_a_position(tmp_path: Path) -> None:
    text = "Received,Name,Name\n2026-01-05,Ann,Smith\n"
    named = SOUND + "  subject: {column: Name}\n"
    with pytest.raises(BadInput, match=r"Columns 2 and 3 are all called Name"):
        plan_of(tmp_path, text, named)
    plan = plan_of(tmp_path, text, named.replace("column: Name", "position: 3"))
    assert plan.sources["subject"].positions == (2,)
    with pytest.raises(BadInput, match="from column 9"):
        plan_of(tmp_path, text, named.replace("column: Name", "position: 9"))


@pytest.mark.parametrize(
    "header",
    [
        "Reference,Received,Complainant,Channel,Subject,Description",
        "Номер,Получено,Заявитель,Канал,Тема,Описание",
        "ნომერი,თარიღი,მომჩივანი,არხი,თემა,აღწერა",
        "شماره,تاریخ,شاکی,کانال,موضوع,شرح",
        "Αριθμός,Ημερομηνία,Πελάτης,Κανάλι,Θέμα,Περιγραφή",
        "Nömrə,Tarix,Şikayətçi,Kanal,Mövzu,Təsvir",
        "Şikayet No,Tarih,Şikâyetçi,Kanal,Konu,Açıklama",
    ],
)
def test_columns_are_guessed_in_our_languages(header: str) -> None:
    chosen, doubtful = guess_fields(header.split(","))
    assert list(chosen) == ["reference", "received", "complainant", "channel", "subject", "description"]
    assert sorted(chosen.values()) == [0, 1, 2, 3, 4, 5]
    assert doubtful == {}


def test_names_are_compared_folded() -> None:
    assert name_key("Date received") == name_key("date_received") == name_key(" DATE  RECEIVED? ")
    assert field_of("№") == "reference"


def test_a_guess_is_announced_and_a_missing_field_is_a_question(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, "Reference,Received,Subject,Colour\n1,2026-01-05,x,red\n")
    assert plan.is_guessed
    assert not plan.questions
    said = " ".join(one.text for one in plan.announcements)
    assert "Received as received" in said
    assert "not imported: Colour" in said
    assert "Received" in questions(plan_of(tmp_path, "Reference,Colour\n1,red\n"))


def test_two_columns_that_claim_one_field_are_a_question(shared) -> None:
    assert "Columns 2 and 3" in questions(plan_import(shared("bad_inputs/csv/dup_headers.csv")))


def test_dates_that_could_be_read_both_ways_are_a_question_and_a_profile_answers_it(tmp_path: Path) -> None:
    text = "Received,Subject\n03/04/2026,x\n05/06/2026,y\n"
    assert "DD/MM/YYYY | MM/DD/YYYY" in questions(plan_of(tmp_path, text))
    answered = SOUND.replace("column: Received", "column: Received, format: DD/MM/YYYY")
    answered += "  subject: {column: Subject}\n"
    assert not plan_of(tmp_path, text, answered).questions


def test_one_telling_date_far_below_settles_the_column(tmp_path: Path) -> None:
    rows = "".join("03/04/2026,x\n" for _ in range(6_000))
    plan = plan_of(tmp_path, "Received,Subject\n" + rows + "25/04/2026,y\n")
    assert plan.sources["received"].date_format == "DD/MM/YYYY"


def test_words_of_files_have_one_meaning_each() -> None:
    assert CHANNEL_WORDS["эл. почта"] == "e-mail"
    assert STAGE_WORDS["в работе"] == "received"
    assert OUTCOME_WORDS["partly upheld"] == "partly-upheld"
    assert not set(STAGE_WORDS) & set(OUTCOME_WORDS)
    groups = (words._CHANNELS, words._KINDS, words._STAGES, words._OUTCOMES, words._SEVERITIES)
    for group in groups:
        meant: dict[str, set[str]] = {}
        for meaning, said in group.items():
            for word in said.split("|"):
                meant.setdefault(fold(word), set()).add(meaning)
        assert {word: found for word, found in meant.items() if len(found) > 1} == {}


@pytest.mark.parametrize(
    ("open_one", "closed_one", "bad"),
    [
        ("Open", "Resolved", "Critical"),
        ("В работе", "Закрыта", "Критическая"),
        ("მიმდინარე", "დახურულია", "კრიტიკული"),
        ("در حال بررسی", "مختومه", "بحرانی"),
        ("Σε εξέλιξη", "Ολοκληρώθηκε", "Κρίσιμη"),
        ("İcrada", "Həll olunub", "Kritik"),
        ("İnceleniyor", "Çözüldü", "Kritik"),
        ("In Bearbeitung", "Abgeschlossen", "Kritisch"),
    ],
)
def test_a_status_and_a_severity_are_known_in_every_language(open_one: str, closed_one: str, bad: str) -> None:
    known = [" ".join(fold(word).split()) for word in (open_one, closed_one, bad)]
    assert [STAGE_WORDS.get(known[0]), STAGE_WORDS.get(known[1])] == ["received", "closed"]
    assert SEVERITY_WORDS.get(known[2]) == "critical"
    assert "итого" in TOTAL_WORDS
    assert is_total(["Total", "1", "", ""])
    assert not is_total(["Total", "2026-01-05", "web", "x"])


def test_the_shape_can_be_written_for_editors() -> None:
    assert "closed_without_date" in ProfileShape.model_json_schema()["properties"]
