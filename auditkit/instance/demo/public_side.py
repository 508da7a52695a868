"""What the demo organisation set up for complainants; one lost the secret and sent a letter with a name in it."""

import io

from auditkit.api import service as api
from auditkit.complaints.exporting import service as exporting
from auditkit.complaints.intake import service as intake
from auditkit.complaints.intake import tickets
from auditkit.complaints.privacy.service import keeping
from auditkit.complaints.queries import oldest_open
from auditkit.complaints.rules import Channel
from auditkit.evidence import intake as files
from auditkit.evidence import service as evidence
from auditkit.instance.demo.story import Story

LETTER = b"My neighbour John Example saw how the carrier threw the parcel over the fence.\n"
CHANNELS = (
    (Channel.EMAIL, "complaints@lakeside.example", "hana"),
    (Channel.PHONE, "+44 20 7946 0123", "hana"),
    (Channel.POST, "", "quentin"),
)
"""Ways in, how people find them, and who looks after them."""
COPY = b"My neighbour [name blacked out] saw how the carrier threw the parcel over the fence.\n"


def tell(story: Story) -> None:
    """Settings first, then what happened to the case that is open longest."""
    _settle(story)
    case = story.tell("hana", lambda tx, _actor: oldest_open(tx, 1)[0])
    when = story.today  # after everything that happened to the complaints
    letter = evidence.Add(files.receive([(io.BytesIO(LETTER), "letter.txt")]), ("complaint", case.id))
    (file_id,) = story.tell("hana", lambda tx, actor: evidence.add(tx, letter, when, actor))
    (received,) = files.receive([(io.BytesIO(COPY), "letter without names.txt")])
    copy = exporting.AddCopy(case.reference, file_id, received)
    story.tell("hana", lambda tx, actor: exporting.add_copy(tx, copy, when, actor))
    secret = tickets.secret_of(tickets.issue(when).id)
    checked = "Called back the number on file; she named the model and the day of delivery."
    again = intake.Reissue(case.reference, secret, checked, "print")
    story.tell("hana", lambda tx, actor: intake.reissue(tx, again, when, actor))


def _settle_channel(story: Story, kept: intake.KeepChannel) -> None:
    story.tell("quentin", lambda tx, actor: intake.keep_channel(tx, kept, story.at(100), actor))


def _settle(story: Story) -> None:
    when = story.at(100)
    rule = keeping.PutRule(72, 30, basis="Claims end after six years")
    story.tell("quentin", lambda tx, actor: keeping.put_rule(tx, rule, when, actor))
    said = intake.KeepSettings((), "+44 20 7946 0123", "Complaints, Lakeside Appliances, 2 Mill Lane, Lakeside", True)
    story.tell("quentin", lambda tx, actor: intake.keep_settings(tx, said, when, actor))
    for channel, address, who in CHANNELS:
        _settle_channel(story, intake.KeepChannel(channel.value, address, story.person(who), public=bool(address)))
    ideas = intake.KeepChannel("Ideas", "ideas@lakeside.example", story.person("hana"), kind="suggestion")
    _settle_channel(story, ideas)
    token = api.MakeToken("Web shop", ["complaints:read", "complaints:write"], 366, for_organisation=True)
    story.tell("ada", lambda tx, actor: api.make_token(tx, token, when, actor))
