"""OSCAL, NIST's format for control catalogs: standards out, catalogs and the profiles that select from them in."""

from auditkit.content.exchange.oscal.catalogs import NotACatalog, requirements_in
from auditkit.content.exchange.oscal.profiles import ProfileRefused, resolved
from auditkit.content.exchange.oscal.writing import catalog_of

__all__ = ["NotACatalog", "ProfileRefused", "catalog_of", "requirements_in", "resolved"]
