"""The links of README and of the documents lead somewhere; `test_wheel.py` runs README's tour."""

import re

from tests.project.source import PROJECT


def test_every_link_of_the_readme_leads_somewhere():
    pages = [PROJECT / "README.md", *(PROJECT / "docs").rglob("*.md"), PROJECT / "CONTRIBUTING.md"]
    for page in pages:
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"
