from collections.abc import Iterator

import pytest

from auditkit.documents.render import Renderer


@pytest.fixture(scope="session")
def renderer() -> Iterator[Renderer]:
    """One warm renderer for the tests that do not kill it."""
    renderer = Renderer(size=1)
    yield renderer
    renderer.close()
