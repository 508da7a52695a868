"""Encodings: certain where bytes prove it, judged by letters where they cannot, and doubtful rather than wrong."""

import pytest

from auditkit.complaints.importing.encodings import CERTAIN, LIKELY, UNSURE, judge

TEXTS = {
    "cp1251": "Жду доставку три недели, оператор бросил трубку. Верните деньги!",
    "koi8-r": "Прошу разобраться с задержкой выплаты по договору",
    "cp866": "Обещали перезвонить и не перезвонили, товар не работает",
    "cp1253": "Δεν απάντησε κανείς στο τηλέφωνο για τρεις εβδομάδες",
    "cp1254": "Siparişim üç haftadır gelmedi, iade yapılmadı. İlgilenen yok",
    "cp1256": "سفارش من سه هفته دير رسيد و كسي پاسخ نداد",
    "cp1252": "Le colis est arrivé cassé et personne n'a répondu à ma réclamation",
}


def blocks(data: bytes, size: int = 7) -> list[bytes]:
    return [data[start : start + size] for start in range(0, len(data), size)]


@pytest.mark.parametrize("codec", TEXTS)
def test_a_sentence_in_a_one_byte_encoding_is_told_from_the_others(codec: str) -> None:
    found = judge([TEXTS[codec].encode(codec)])
    assert (found.codec, found.certainty) == (codec, LIKELY)


@pytest.mark.parametrize("codec", ["cp1251", "cp866", "cp1254"])
def test_capitals_alone_are_told_too(codec: str) -> None:
    turkish, russian = "ŞİKÂYET KAYDI İPTAL EDİLDİ, ÖDEME YAPILMADI", "ЗАДЕРЖКА ДОСТАВКИ ТОВАРА"
    text = turkish if codec == "cp1254" else russian
    assert judge([text.encode(codec)]).codec == codec


@pytest.mark.parametrize(
    ("name", "codec"),
    [
        ("cp1251_semicolon.csv", "cp1251"),
        ("cp1253_greek.csv", "cp1253"),
        ("cp1254_turkish.csv", "cp1254"),
        ("cp1256_persian_like.csv", "cp1256"),
        ("koi8r.csv", "koi8-r"),
        ("utf16le_bom_tab.csv", "utf-16"),
        ("utf8_bom.csv", "utf-8-sig"),
    ],
)
def test_shared_files_are_recognised(shared, name: str, codec: str) -> None:
    found = judge([shared(f"bad_inputs/csv/{name}").read_bytes()])
    assert found.codec == codec
    assert found.certainty != UNSURE


def test_utf8_is_certain_also_when_characters_are_cut_between_blocks() -> None:
    assert judge(blocks("გადახდა დაგვიანდა — жалоба".encode(), 5)).codec == "utf-8"
    assert judge(blocks("გადახდა დაგვიანდა — жалоба".encode(), 5)).certainty == CERTAIN


def test_utf16_without_a_mark_shows_by_its_zero_bytes() -> None:
    assert judge(["Reference\tReceived\n".encode("utf-16-le")]).codec == "utf-16-le"
    assert judge(["Reference\tReceived\n".encode("utf-16-be")]).codec == "utf-16-be"


def test_a_few_broken_bytes_in_utf8_are_damage_and_not_another_encoding() -> None:
    found = judge(["Жалоба на задержку доставки заказа в магазин\n".encode() + b"caf\xe9\n"])
    assert (found.codec, found.broken) == ("utf-8", 1)


def test_one_letter_decides_nothing() -> None:
    assert judge([b"reference;name\n1;\xe9\n"]).certainty == UNSURE
