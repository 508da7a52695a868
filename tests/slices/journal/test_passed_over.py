"""The events that packs pass over are those that the slices declare so, whichever of them a process has loaded."""

import auditkit.app
from auditkit.base.events import names_not_about_records
from auditkit.journal.passed_over import NOT_ABOUT_RECORDS


def test_the_list_is_what_all_slices_declare() -> None:
    assert auditkit.app.create_app, "every slice is loaded by it"
    assert set(names_not_about_records()) == NOT_ABOUT_RECORDS
