"""Every shipped document, filled in each of its languages, is a sound Word file in the eyes of docx-integrity."""

from pathlib import Path

import docx_integrity
import pytest

from auditkit.documents import catalogue, linting
from auditkit.documents.render import Renderer


@pytest.mark.parametrize("template_id", list(catalogue.CONTEXTS))
@pytest.mark.parametrize("trial", ["example", "awkward", "empty"])
def test_a_filled_document_is_a_sound_word_file(
    template_id: str, trial: str, renderer: Renderer, tmp_path: Path
) -> None:
    for language in catalogue.languages_of(template_id):
        entry = catalogue.entry(template_id, language)
        data = catalogue.data_of(entry.context.example()) if trial == "example" else linting.trial_data(entry, trial)
        file = tmp_path / f"{template_id}.{language}.docx"
        with file.open("wb") as out:
            renderer.render(entry.file, data, out)
        found = [str(one) for one in docx_integrity.check(str(file)) if one.severity != docx_integrity.INFO]
        assert found == [], language


def test_a_broken_file_would_be_found(tmp_path: Path) -> None:
    """So that the tests above can fail."""
    import zipfile

    whole, broken = catalogue.entry("audit-plan").file.read_bytes(), tmp_path / "broken.docx"
    (tmp_path / "whole.docx").write_bytes(whole)
    with zipfile.ZipFile(tmp_path / "whole.docx") as source, zipfile.ZipFile(broken, "w") as target:
        for name in source.namelist():
            if not name.endswith("styles.xml"):
                target.writestr(name, source.read(name))
    assert any(one.severity == docx_integrity.ERROR for one in docx_integrity.check(str(broken)))
