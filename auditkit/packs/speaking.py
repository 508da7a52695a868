"""The language in which a pack is gathered and speaks of itself, whoever asked for it and on whatever screen."""

from collections.abc import Iterator
from contextlib import contextmanager

from auditkit.base.text import spoken, translated_by
from auditkit.web.catalogues import catalogue


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Every text inside is in `language`: what is sealed must not depend on who looks."""
    if language == "en":
        with spoken("en"), translated_by(str):
            yield
    else:
        texts = catalogue(language)
        with spoken(language), translated_by(texts.text, language, texts.plural):
            yield
