"""Who gets the demo's next complaints, and who will be away; nothing of the past changes by it."""

from datetime import timedelta

from auditkit.base.actor import Actor
from auditkit.base.db import Session
from auditkit.complaints.assigning import service
from auditkit.complaints.assigning.rules import Asked
from auditkit.instance.demo.story import Story


def tell(story: Story) -> None:
    """Three rules, and a week off."""
    when = story.at(1)
    hana, maya = story.person("hana"), story.person("maya")
    rules = (
        service.PutRule(Asked(severities=("high", "critical")), maya, hana),
        service.PutRule(Asked(categories=("price-billing", "payment-refund"), channels=("e-mail", "web")), hana),
        service.PutRule(Asked(), hana, last=True),
    )
    first_day = when.date() + timedelta(days=6)
    absence = service.SetAbsence(maya, hana, first_day, first_day + timedelta(days=6))

    def write(tx: Session, actor: Actor) -> None:
        for rule in rules:
            service.put_rule(tx, rule, when, actor)
        service.set_absence(tx, absence, when, actor)

    story.tell("quentin", write)
