"""Searching: seven languages however they are typed, beginnings, references, identity; the index stays true."""

import json

import pytest
from sqlalchemy import delete, text, update
from sqlalchemy.exc import DatabaseError

from auditkit.base.db import db, reading, transaction
from auditkit.complaints import queries, rules
from auditkit.complaints.models import Complaint
from auditkit.complaints.queries import Sort, Wanted
from auditkit.complaints.queries.register import HITS_SORTED_UP_TO
from auditkit.complaints.service import Identity
from tests.slices.complaints.recording import many, raw, registered, spread


def hits(actor, typed, **wanted):
    return [row.reference for row in queries.register_page(reading(actor), Wanted(typed=typed, **wanted)).rows]


TYPED = {
    "ru_RU": ["задержку доставки", "ЗАДЕРЖКУ", "оператор дважды", "здравствуй", "заказ 4512"],
    "el_GR": ["παράπονο", "ΠΑΡΑΠΟΝΟ", "παραπονο", "λογαριασμο", "Χρεώθηκα δύο", "τηλεφωνησα"],
    "tr_TR": ["şikâyet", "sikayet", "ŞİKÂYET", "SIKAYET", "ışıl", "ISIL", "işil", "sonuçlanmadı", "sonuclanmadi"],
    "fa_IR": ["تأخیر", "تاخیر", "رسيدگي", "رسیدگی", "پاسخ‌گو", "پاسخگو", "بی‌پاسخ", "بي‌پاسخ", "شكايت",
              "۱۲۳۴", "1234", "١٢٣٤"],
    "ka_GE": ["საჩივარი", "ᲡᲐᲩᲘᲕᲐᲠᲘ", "უხეში მომსახურება", "ფილიალში"],
    "az_AZ": ["şikayət", "ŞİKAYƏT", "sikayət", "səhv", "SƏHV", "ödəniş", "odənis", "üç dəfə zəng"],
    "en_GB": ["naïve", "naive", "CAFE", "café", "refund", "Refun"],
}  # fmt: skip
ENGLISH = ["Refund for the café table", "They were naive about it."]


@pytest.mark.parametrize("language", TYPED)
def test_words_are_found_however_they_are_typed(acme, shared, language):
    texts = json.loads(shared("multilingual/complaint_texts_6_languages.json").read_text(encoding="utf-8"))
    texts["en_GB"] = ENGLISH
    handler = acme.actor("complaint-handler")
    written = {name: registered(handler, subject, description=story) for name, (subject, story) in texts.items()}
    missed = [typed for typed in TYPED[language] if written[language] not in hits(handler, typed)]
    assert not missed
    assert hits(handler, "quux" + TYPED[language][0]) == []


def test_all_words_must_be_there_and_the_last_may_be_a_beginning(acme):
    handler = acme.actor("complaint-handler")
    one = registered(handler, "Late delivery of a sofa")
    two = registered(handler, "Late refund")
    assert hits(handler, "late", sort=Sort.REFERENCE_UP) == [one, two]
    assert hits(handler, "late deliv") == [one]
    assert hits(handler, "deliv late") == []
    assert hits(handler, "late refund delivery") == []
    assert hits(handler, " … ", sort=Sort.REFERENCE_UP) == [one, two], "nothing to look for shows everything"


@pytest.mark.parametrize(
    "typed", ["C-2026-000002", "c-2026-0000", "c2026000002", "000002", "2", "INV-2024-77", "inv-2024-7"]
)
def test_references_are_found(acme, typed):
    handler = acme.actor("complaint-handler")
    registered(handler, "x")
    reference = registered(handler, "y", external_reference="INV-2024-77")
    assert reference in hits(handler, typed)


def test_only_who_may_know_the_complainant_finds_by_the_complainant(acme):
    handler = acme.actor("complaint-handler")
    reference = registered(handler, complainant=Identity("Ana Ivanova", "ana@example.org", "+359 88 123", city="Sofia"))
    for typed in ("ivanova", "ana late", "example.org", "359", "sofia"):
        assert hits(handler, typed, find_by_identity=True) == [reference]
        assert hits(handler, typed) == []
    assert hits(handler, "late deliv", find_by_identity=True) == [reference]


@pytest.mark.parametrize("sort", Sort)
@pytest.mark.parametrize("count", [30, HITS_SORTED_UP_TO + 30])
def test_many_hits_and_few_are_sorted_and_filtered_alike(acme, sort, count):
    many(acme.id, spread(acme.id, count))
    tx = reading(acme.system)
    plain = queries.register_page(tx, Wanted(sort=sort, channel="web"))
    searched = queries.register_page(tx, Wanted(sort=sort, channel="web", typed="case"))
    assert searched == plain
    if plain.next:
        wanted = Wanted(sort=sort, channel="web", typed="cas")
        assert queries.register_page(tx, wanted, searched.next) == queries.register_page(
            tx, Wanted(sort=sort, channel="web"), plain.next
        )


@pytest.mark.parametrize(
    "typed",
    [
        '"',
        "'",
        "late' OR 1=1 --",
        'late" OR "x',
        "late*",
        "NEAR(late x)",
        "late:*",
        "^late",
        "\x00",
        "🦆",
        "a" * 5000,
        "% _",
    ],
)
def test_what_is_typed_is_never_a_query_language(acme, typed):
    handler = acme.actor("complaint-handler")
    registered(handler)
    assert len(hits(handler, typed)) in (0, 1)


def test_a_long_word_is_found_by_its_beginning(acme):
    handler = acme.actor("complaint-handler")
    long = "ა" * 3000
    reference = registered(handler, description=long)
    assert hits(handler, long) == [reference]
    assert hits(handler, "ა" * 10) == [reference]


@pytest.mark.sqlite_only
def test_the_index_follows_every_change(acme):
    reference = registered(acme.actor("complaint-handler"))
    other = registered(acme.actor("complaint-handler"), "Something else")
    words = rules.search_words(acme.id, reference, ["Entirely new words"], [])
    with transaction(acme.system) as tx:
        tx.execute(update(Complaint).where(Complaint.reference == reference).values(search_words=words))
    assert hits(acme.system, "entirely new") == [reference]
    assert hits(acme.system, "delivery") == []
    with transaction(acme.system) as tx:
        tx.execute(delete(Complaint).where(Complaint.reference == other))
    assert hits(acme.system, "something") == []
    db.session.rollback()
    with db.engine.begin() as connection:
        connection.execute(text("INSERT INTO complaint_search(complaint_search, rank) VALUES ('integrity-check', 1)"))


@pytest.mark.sqlite_only
def test_a_row_that_was_not_indexed_shows_in_the_integrity_check(acme):
    """The check above can fail."""
    with db.engine.begin() as connection:
        connection.execute(Complaint.__table__.insert().values(**raw(acme.id)))
    with pytest.raises(DatabaseError, match="malformed"), db.engine.begin() as connection:
        connection.execute(text("INSERT INTO complaint_search(complaint_search, rank) VALUES ('integrity-check', 1)"))


WRITTEN = ("می\u200cخواهم", "می خواهم", "میخواهم", "نامه\u200cها", "نامه ها", "نامهها")


@pytest.mark.parametrize("stored", WRITTEN)
@pytest.mark.parametrize("typed", WRITTEN)
def test_half_spaces_spaces_and_none_find_each_other(acme, stored, typed):
    registered(acme.system, f"کتاب {stored} دیروز")
    same = (WRITTEN.index(stored) < 3) == (WRITTEN.index(typed) < 3)
    assert (len(hits(acme.system, typed)) == 1) == same


@pytest.mark.parametrize("stored", ["علی\u200cرضا", "علی رضا", "علیرضا", "علي رضا"])
@pytest.mark.parametrize("typed", ["علی\u200cرضا", "علی رضا", "علیرضا", "علي\u200cرضا"])
def test_names_in_one_or_in_two(acme, stored, typed):
    registered(acme.system, "Late", complainant=Identity(stored))
    assert len(hits(acme.system, typed, find_by_identity=True)) == 1
    assert hits(acme.system, typed) == []


def test_reindexing_finds_by_the_words_of_now_and_by_nothing_else(acme, globex, command):
    handler = acme.actor("complaint-handler")
    known = registered(handler, "Parcel of Zoë never came", complainant=Identity(name="Zoë Quill"))
    with transaction(handler) as tx:
        tx.execute(update(Complaint).values(search_words=f"{acme.id}·oldspelling"))
    assert hits(handler, "oldspelling") == [known]
    ran = command("complaints", "reindex", "--org", "acme")
    assert ran.code == 0, ran.err
    assert hits(handler, "zoe") == [known]
    assert hits(handler, "oldspelling") == []
