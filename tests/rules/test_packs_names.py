"""Names of a pack's members: safe everywhere, never two the same, always the same for the same input."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditkit.packs.rules import collision_key, is_safe_path, member_paths, safe_name

ANY = st.text(st.characters(), max_size=300)


@given(ANY)
def test_a_safe_name_is_safe_and_stays_as_it_is(name: str) -> None:
    safe = safe_name(name)
    assert safe_name(safe) == safe
    assert is_safe_path("data/" + safe)
    assert 0 < len(safe) <= 80
    assert len(safe.encode()) <= 160
    assert not set(safe) & set('<>:"/\\|?*%\n\r\t\0')
    assert safe == safe.strip()
    assert not safe.endswith(".")
    # What BagIt tools make of a manifest line with it:
    line = f"{'0' * 64}  data/{safe}"
    assert line.splitlines() == [line]
    assert line.split(None, 1)[1] == f"data/{safe}"


@given(st.lists(st.tuples(st.sampled_from(["data/a", "data/b"]), ANY), max_size=12))
def test_no_two_paths_collide_on_any_file_system(wanted: list[tuple[str, str]]) -> None:
    paths = member_paths(wanted)
    assert len({collision_key(path) for path in paths}) == len(wanted)
    assert all(is_safe_path(path) for path in paths)
    assert [path.rpartition("/")[0] for path in paths] == [folder for folder, _ in wanted]
    assert member_paths(wanted) == paths


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("report.pdf", "report.pdf"),
        ("letter to  customer.docx", "letter to customer.docx"),
        ("CON", "_CON"),
        ("con.txt", "_con.txt"),
        ("Com¹.log", "_Com¹.log"),
        ("console.txt", "console.txt"),
        ("lpt9", "_lpt9"),
        ("", "_"),
        (".", "_"),
        ("..", "_"),
        ("../../etc/passwd", "_.._.._etc_passwd"),
        ("C:\\evil.txt", "C__evil.txt"),
        (".htaccess", "_.htaccess"),
        ("~root", "_~root"),
        ("-rf", "_-rf"),
        ("100% sure.pdf", "100_ sure.pdf"),
        ("name. . .", "name"),
        ("line\nbreak\u2028.txt", "line_break_.txt"),
        ("invoice\u202efdp.exe", "invoice_fdp.exe"),
        ("cafe\u0301.txt", "caf\u00e9.txt"),
        ("می\u200cخواهم.pdf", "می\u200cخواهم.pdf"),
        ("საჩივარი.docx", "საჩივარი.docx"),
        ("\ud800.txt", "_.txt"),
    ],
)
def test_names_that_are_met(name: str, safe: str) -> None:
    assert safe_name(name) == safe


def test_a_long_name_keeps_its_extension_and_tells_itself_from_another() -> None:
    one, other = safe_name("a" * 300 + "1.pdf"), safe_name("a" * 300 + "2.pdf")
    assert one != other
    assert one.endswith(".pdf")
    assert len(one) == 80
    georgian = safe_name("ს" * 300 + ".docx")
    assert georgian.endswith(".docx")
    assert len(georgian.encode()) <= 160


def test_twins_are_numbered_in_the_order_given() -> None:
    names = ["Report.pdf", "report.PDF", "ｒｅｐｏｒｔ.pdf", "caf\u00e9", "cafe\u0301", "straße", "STRASSE"]
    paths = member_paths([("data/evidence", name) for name in names])
    assert [path.rpartition("/")[2] for path in paths] == [
        "Report.pdf",
        "report-2.PDF",
        "ｒｅｐｏｒｔ-3.pdf",
        "café",
        "café-2",
        "straße",
        "STRASSE-2",
    ]


def test_a_number_does_not_collide_with_a_file_that_was_called_so() -> None:
    orders = itertools.permutations(["a.txt", "A.txt", "a-2.txt", "A-2.TXT"])
    for order in orders:
        paths = member_paths([("data", name) for name in order])
        assert len({collision_key(path) for path in paths}) == 4


def test_the_naughty_strings_of_the_shared_data(shared) -> None:
    names = []
    for path in sorted(shared("bad_inputs/strings").iterdir()):
        names += path.read_text(encoding="utf-8", errors="surrogateescape").split("\n")
    paths = member_paths([("data/evidence", name) for name in names[:3000]])
    assert len(names) > 500
    assert all(is_safe_path(path) for path in paths)
