"""Every text of every shape is listed under a key of its own, and can be replaced."""

import pickle
from copy import copy
from typing import Any, get_args

import pytest
from pydantic import BaseModel

from auditkit.content import texts
from auditkit.content.checks import read_shipped
from auditkit.content.reading import ReadFile
from auditkit.content.shapes import KINDS, Shape
from auditkit.content.texts import Said, direction_of, language_of, like, text_digest, texts_of, with_texts

# Names, codes and sources, which are the same in every language, and what only editors of content read.
NOT_TRANSLATED = {
    "EditionShape": {"number", "edition", "publisher"},
    "Limit": {"reference"},
    "Explained": {"because"},
    "Blank": set(),
}


@pytest.fixture(scope="module")
def shipped() -> list[ReadFile]:
    return read_shipped().files


def shapes_inside(shape: type[BaseModel]) -> set[type[BaseModel]]:
    found: set[type[BaseModel]] = set()
    waiting: list[Any] = [shape]
    while waiting:
        kind = waiting.pop()
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            if kind not in found:
                found.add(kind)
                waiting.extend(field.annotation for field in kind.model_fields.values())
        else:
            waiting.extend(get_args(kind))
    return found


def free_texts(shape: type[BaseModel]) -> set[str]:
    """Fields whose schema is text without a pattern or a choice: what people read."""
    found = set()
    schema = shape.model_json_schema(by_alias=False)
    properties = schema.get("properties") or schema["$defs"][shape.__name__]["properties"]  # a tree refers to itself
    for name, described in properties.items():
        for one in (described, *described.get("anyOf", ()), described.get("items", {})):
            free = one.get("type") == "string" and not {"pattern", "enum", "const"} & set(one)
            if free and name not in ("scale", "checklist"):
                found.add(name)
    return found


def test_no_text_of_any_shape_is_forgotten() -> None:
    every = {one for name, shape in KINDS.items() if name != "translation" for one in shapes_inside(shape)}
    assert len(every) > 25
    for shape in every:
        own, lists, _parts = texts._FIELDS.get(shape, ((), (), ()))  # type: ignore[arg-type]  # every kind is a Shape
        assert {*own, *lists} == free_texts(shape) - NOT_TRANSLATED.get(shape.__name__, set()), shape.__name__


def test_no_two_texts_of_a_file_have_the_same_key(shipped: list[ReadFile]) -> None:
    total = 0
    for file in shipped:
        keys: list[str] = []
        with_texts(file.shape, lambda key, text, keys=keys: (keys.append(key), text)[1])
        assert len(keys) == len(set(keys)), [key for key in keys if keys.count(key) > 1]
        total += len(keys)
    assert total > 4000


def test_keys_name_what_the_text_belongs_to(shipped: list[ReadFile]) -> None:
    by_id = {file.shape.id: texts_of(file.shape) for file in shipped}  # type: ignore[attr-defined]  # files of content have ids
    assert by_id["iso10002-2018"]["nodes/7.4/title"] == "Acknowledgement of complaint"
    assert by_id["answer-scales"]["scales/conformity/answers/partly/label"] == "Partly conforms"
    assert by_id["internal-audit-2018"]["items/q18-7.4-1/question"].startswith("Is receipt acknowledged")
    assert "fields/organisation/question" in by_id["complaints-handling-policy"]
    assert "links/4.4>4.6+4.15/reason" in by_id["iso10002-2014-to-2018"]


def test_every_text_is_replaced_and_nothing_else(shipped: list[ReadFile]) -> None:
    for file in shipped:
        shouted: Shape = with_texts(file.shape, lambda _key, text: text.upper() + "!")
        assert all(text.endswith("!") for text in texts_of(shouted).values())
        assert texts_of(shouted).keys() == texts_of(file.shape).keys()
        assert with_texts(file.shape, lambda _key, text: text) is file.shape


def test_the_digest_follows_the_words_and_not_the_lines() -> None:
    assert text_digest("a b\n  c") == text_digest(" a b c ")
    assert text_digest("a b c") != text_digest("a b d")
    assert len(text_digest("")) == 16


def test_a_text_knows_its_language() -> None:
    said = Said("سلام", "fa")
    assert (said, language_of(said), direction_of("fa"), direction_of("az_Latn")) == ("سلام", "fa", "rtl", "ltr")
    assert language_of(like(said, "7.4 سلام")) == "fa"
    assert language_of(like("Hello", "7.4 Hello")) == "en"


def test_a_text_keeps_its_language_in_another_process_and_in_a_copy() -> None:
    for stale in (False, True):
        for given in (
            pickle.loads(pickle.dumps(Said("سلام", "fa", stale=stale))),
            copy(Said("سلام", "fa", stale=stale)),
        ):
            assert (given, given.language, given.stale) == ("سلام", "fa", stale)
            assert isinstance(given, Said)
