"""Each code the child can send has a sentence, and each sentence a code that is sent."""

import ast
import re
from pathlib import Path

import auditkit.documents
from auditkit.documents import sandbox
from auditkit.documents.faults import Fault, Place
from auditkit.documents.problems import MESSAGES, TemplateRefused, place_text, problem

FOLDER = Path(auditkit.documents.__file__).parent
# Codes that are put together while running.
COMPUTED = {
    "no-filter",
    "no-filter-guess",
    "no-test",
    "no-test-guess",
    "prints-nothing",
    "prints-list",
    "prints-fields",
}


def sent(folder: Path) -> set[str]:
    codes = set()
    for path in folder.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id in ("Fault", "Forbidden")
            ):
                first = node.args[0]
                if isinstance(first, ast.Constant) and first.value:
                    codes.add(first.value)
    return codes


def test_codes_and_sentences_are_the_same_set() -> None:
    assert sent(FOLDER) | COMPUTED == MESSAGES.keys()


def test_the_comparison_sees_a_planted_code(tmp_path: Path) -> None:
    (tmp_path / "x.py").write_text('Fault("planted", {})', encoding="utf-8")

    assert sent(tmp_path) == {"planted"}


def test_values_that_are_no_text_have_their_sentences() -> None:
    kinds = {sandbox.kind_of(value) for value in (None, [], {}, ())}

    assert {f"prints-{kind}" for kind in kinds} <= MESSAGES.keys()


def test_every_sentence_can_be_filled_in() -> None:
    for code, message in MESSAGES.items():
        params = dict.fromkeys(re.findall(r"%\((\w+)\)s", message), "X")
        text = problem(Fault(code, params)).text

        assert "%(" not in text
        assert "%%" not in text


def test_a_place_reads_as_one_would_look_for_it() -> None:
    assert place_text(Place("document", paragraph=3, tag="{{ a }}")) == "text, paragraph 3, {{ a }}"
    assert place_text(Place("document", table=1, row=2, cell=3)) == "text, table 1, row 2, cell 3"
    assert place_text(Place("header2", paragraph=1)) == "header (header2), paragraph 1"
    assert place_text(Place("properties", tag="{{ t }}")) == "document properties, {{ t }}"
    assert place_text(None) is None


def test_the_first_error_speaks_and_all_are_kept() -> None:
    warning = Fault("no-tags", {}, None, "warning")
    error = Fault("syntax", {"detail": "100 %"}, Place("document", paragraph=1))

    refused = TemplateRefused("x.docx", [warning, error])

    assert str(refused) == "x.docx, text, paragraph 1: The tag cannot be understood: 100 %"
    assert [one.level for one in refused.problems] == ["warning", "error"]
