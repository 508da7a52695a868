"""Words that English uses for two things, and most languages do not: each stands for one of them in the source."""

import pytest

from tests.project.catalogues import texts

ELSEWHERE = {
    "Answers": ({"actions"}, "what an action is for is “In answer to”; “Answers” are those to questions"),
    "Reference": ({"policies", "registers"}, "a document has a “Document number”; a complaint has a reference"),
    "Profile": ({"library", "content", "audits"}, "a checklist is a “Tailored checklist”; a file is read by a profile"),
}


@pytest.mark.parametrize("word", ELSEWHERE)
def test_a_word_keeps_to_one_meaning(word):
    slices, instead = ELSEWHERE[word]
    found = {name for name in texts().get(word, []) if name.partition("/")[0] in slices}
    assert not found, f"{instead}: {sorted(found)}"
