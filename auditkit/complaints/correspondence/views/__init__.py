"""Pages of correspondence: `messages` (on the case, one of them), `writing`, `lists` (what needs a person, mails in),
`practice` (settings and wordings).
"""

from auditkit.complaints.correspondence.views import lists, messages, practice, writing
from auditkit.complaints.correspondence.views.blueprint import bp

__all__ = ["bp", "lists", "messages", "practice", "writing"]
