"""YAML traps: each refused with a line and a reason, quickly and in little memory."""

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from auditkit.content.yaml_reader import (
    MAX_BYTES,
    MAX_DEPTH,
    MAX_VALUES,
    Fields,
    Place,
    YamlRefused,
    place_of,
    read_yaml,
)


def refused(text: str | bytes) -> YamlRefused:
    with pytest.raises(YamlRefused) as caught:
        read_yaml(text.encode() if isinstance(text, str) else text)
    return caught.value


def test_plain_scalars_stay_text() -> None:
    read = read_yaml(b"clause: 4.10\ncountry: no\ndate: 2026-03-02\nnumber: 007\nempty:\ntilde: ~\nquoted: '~'\n")
    assert read == {
        "clause": "4.10",
        "country": "no",
        "date": "2026-03-02",
        "number": "007",
        "empty": None,
        "tilde": None,
        "quoted": "~",
    }


def test_each_value_knows_its_line() -> None:
    read = read_yaml(b"kind: x\nitems:\n  - id: a\n    text: >\n      folded\n      text\n  - id: b\n")
    assert read["items"][0]["text"] == "folded text\n"
    assert place_of(read, ("kind",)) == Place(1, 1)
    assert place_of(read, ("items", 1)) == Place(7, 5)
    assert place_of(read, ("items", 0, "text")) == Place(4, 5)
    assert place_of(read, ("items", 0, "missing")) == Place(3, 5)
    assert place_of(read, ("items", 9, "id")).line == 2


def test_byte_order_mark_and_other_scripts_are_read() -> None:
    assert read_yaml("\ufeffid: შეკითხვა\n".encode()) == {"id": "შეკითხვა"}


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("a: &x [1]\nb: *x\n", 1, "anchor &x"),
        ("a: 1\nb: *x\n", 2, "alias *x"),
        ("id: a\ntitle: One\ntitle: Two\n", 3, "first in line 2"),
        ("a: {b: 1, b: 2}\n", 1, "`b` is here a second time"),
        ("a:\n  - !!python/object/apply:os.system ['true']\n", 2, "!!python/object/apply:os.system"),
        ("a: !!str x\n", 1, "!!str"),
        ("a: !mine x\n", 1, "!mine"),
        ("a: ! x\n", 1, "tag !"),
        ("<<: {a: b}\n", 1, "merge key"),
        ("id: a\n---\nid: b\n", 2, "second document"),
        ("items:\n\t- a\n", 2, "Indent with spaces"),
        ("a: b: c\n", 1, "quotes"),
        ("a: 1\nb\n", 3, "colon is missing"),
        ("a: {b: c\n", 2, "brackets"),
        ("a: [b\n", 2, "brackets"),
        ('a: "x\n', 2, "inside it"),
        ("? [a]\n: b\n", 1, "plain text"),
        ("- a\n- b\n", 1, "`kind:`"),
        ("only words\n", 1, "`kind:`"),
        ("", 1, "empty"),
        ("# only a comment\n", 1, "empty"),
        ("---\n", 1, "`kind:`"),
        ("a: 1\nb: \x00\n", 2, "U+0000"),
        ("a: 1\nb: \x1b[2J\n", 2, "U+001B"),
    ],
)
def test_what_content_files_may_not_use_is_refused_with_its_line(text: str, line: int, words: str) -> None:
    error = refused(text)
    assert words in str(error)
    assert error.line == line


def test_bytes_that_are_not_utf_8_are_refused_with_their_line() -> None:
    error = refused(b"a: 1\nb: caf\xe9\n")
    assert (error.line, "UTF-8" in str(error)) == (2, True)


@pytest.mark.parametrize("opening", ["[", "{a: ", "- "])
def test_depth_is_limited_before_anything_is_built(opening: str) -> None:
    assert "levels are nested" in str(refused(opening * 5000))


def test_the_deepest_allowed_nesting_is_read() -> None:
    read = read_yaml(("a: " + "[" * (MAX_DEPTH - 1) + "]" * (MAX_DEPTH - 1)).encode())
    assert isinstance(read, Fields)
    assert "levels" in str(refused("a: " + "[" * MAX_DEPTH + "]" * MAX_DEPTH))


def test_size_and_number_of_values_are_limited() -> None:
    assert str(MAX_BYTES) in str(refused(b"a: " + b"x" * MAX_BYTES))
    assert str(MAX_VALUES) in str(refused("a: [" + "1," * (MAX_VALUES + 5) + "]"))


@pytest.mark.parametrize("name", ["billion_laughs", "python_object", "dup_keys", "tabs", "deep", "multi_doc"])
def test_the_shared_traps_are_refused_in_under_a_second(shared: Callable[[str], Path], name: str) -> None:
    data = shared(f"bad_inputs/yaml/{name}.yaml").read_bytes()
    began = time.process_time()  # not what other processes take
    error = refused(data)
    assert time.process_time() - began < 1
    assert error.line
    assert str(error)


def test_the_shared_traps_need_less_than_200_mb(shared: Callable[[str], Path]) -> None:
    folder = shared("bad_inputs/yaml")
    code = (
        "import sys; from pathlib import Path; from auditkit.content.checks import check;"
        "found = check([Path(sys.argv[1])]); assert len(found) >= 7, found;"
        "print(next(line.split()[1] for line in open('/proc/self/status') if line.startswith('VmHWM')))"
    )
    ran = subprocess.run([sys.executable, "-c", code, str(folder)], capture_output=True, text=True, check=True)
    assert int(ran.stdout) / 1024 < 200


def test_the_python_tag_runs_nothing(tmp_path: Path) -> None:
    sign = tmp_path / "ran"
    refused(f"!!python/object/apply:os.system ['touch {sign}']")
    assert not sign.exists()
