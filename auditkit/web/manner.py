"""How charts are drawn for whoever reads them; apart from pages, for documents are drawn without any."""

from auditkit.base.charts import Manner
from auditkit.base.text import language_spoken
from auditkit.web.languages import locale


def manner() -> Manner:
    """As the innermost `spoken` block says, which a worker has too, else as in this request."""
    return Manner(language_spoken() or locale())
