"""What a case taught: written down from its page, tied to it, and shown on both pages."""

from auditkit.complaints import service
from auditkit.complaints.service import RecordAnswer
from tests.slices.complaints.recording import decided, do, registered

LESSON = {
    "f-lesson": "No dates that depend on others",
    "f-happened": "A parcel was late",
    "f-understood": "Nobody had asked",
}


def test_a_lesson_is_written_down_from_a_case(acme, browser, clock):
    handler, manager = acme.actor("complaint-handler"), browser(acme, "quality-manager")
    # Nothing is taught by a case that is not decided yet
    other = registered(handler)
    assert manager.get(f"/o/acme/complaints/{other}").soup.find(id="lessons") is None
    reference = decided(handler)
    do(handler, service.record_answer, RecordAnswer, reference, "accepted")
    page = manager.get(f"/o/acme/complaints/{reference}")
    assert "No entry of a register is tied" in page.text
    page = manager.follow("Write down a lesson")
    assert reference in page.text
    page = manager.post_form(LESSON)
    assert page.path == "/o/acme/registers/lessons/LESS-001"
    assert reference in page.soup.find(id="ties").get_text()
    page = manager.get(f"/o/acme/complaints/{reference}")
    assert "No dates that depend on others" in page.soup.find(id="lessons").get_text()
    # Who only handles cases sees it and is offered nothing
    seen = browser(acme, "complaint-handler").get(f"/o/acme/complaints/{reference}")
    assert "LESS-001" in seen.text
    assert "Write down a lesson" not in seen.text
    # An address changed by hand ties nothing
    manager.get("/o/acme/registers/lessons/new?tie=planet:Mars")
    page = manager.post_form(LESSON)
    assert page.path == "/o/acme/registers/lessons/LESS-002"
