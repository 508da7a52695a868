"""The reviewer's pages, by what a reviewer does on them."""

from auditkit.packs.rooms.public_views import looking, saying, taking
from auditkit.packs.rooms.public_views.blueprint import GIVEN, KEPT, bp

__all__ = ["GIVEN", "KEPT", "bp", "looking", "saying", "taking"]
