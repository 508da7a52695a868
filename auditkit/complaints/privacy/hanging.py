"""The tables that hang on a complaint, by name: those with a fate in `fates`.

All of them are known once this is loaded, whatever else the process has loaded: who walks them leaves none out.
"""

from sqlalchemy import Table

from auditkit.base.db import Base
from auditkit.base.first_use import load_whole
from auditkit.complaints import models as core
from auditkit.complaints.assigning import models as assigning
from auditkit.complaints.clock import models as clock
from auditkit.complaints.correspondence import models as correspondence
from auditkit.complaints.exporting import models as exporting
from auditkit.complaints.importing import models as importing
from auditkit.complaints.improving import models as improving
from auditkit.complaints.intake import models as intake
from auditkit.complaints.privacy import models as privacy
from auditkit.complaints.survey import models as survey

for _module in (core, assigning, clock, correspondence, exporting, importing, improving, intake, privacy, survey):
    load_whole(_module)


def table(name: str) -> Table:
    """The table of this name."""
    return Base.metadata.tables[name]
