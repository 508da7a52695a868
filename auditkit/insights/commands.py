"""`auditkit figures`: the daily sums that dashboards read, and the indicators from the command line."""

import click

from auditkit.accounts.queries import today_of_house
from auditkit.base.cli_context import NEGATIVE, echo_json, leave, with_app


@click.group()
def figures() -> None:
    """Indicators of complaints handling, and the sums behind dashboards."""


@figures.command("sum")
@click.option("--org", "slug", required=True, metavar="SLUG", help="The organisation whose register it is.")
@click.option("--check", is_flag=True, help="Count everything again and say which sums differ; nothing is written.")
@click.option("--anew", is_flag=True, help="Throw all sums away and make them again.")
@with_app
def make_sums(slug: str, check: bool, anew: bool) -> None:
    """Bring the daily sums of an organisation up to now.

    The worker does this by itself every half minute. With --check the exit code is 1 where a sum that counts as fresh
    is not what counting gives.
    """
    from auditkit.accounts.queries import organisation_by_slug
    from auditkit.base import clock
    from auditkit.base.actor import Actor
    from auditkit.base.db import reading, transaction
    from auditkit.base.text import _
    from auditkit.insights.rollups import keeping

    actor = Actor.system(organisation_by_slug(reading(), slug).id)
    if check:
        differences = keeping.compare(reading(actor), clock.now())
        for one in differences:
            click.echo(_("%(cohort)s: %(rows)s sums differ", cohort=one.cohort, rows=one.rows))
        click.echo(_("Compared with the register.") if differences else _("Every fresh sum is what counting gives."))
        leave(NEGATIVE if differences else 0)
    if anew:
        with transaction(actor) as tx:
            keeping.forget(tx)
    left = 1
    while left:
        with transaction(actor) as tx:
            left = keeping.refresh(tx, clock.now())
    click.echo(_("The sums are up to now."))


@figures.command("show")
@click.option("--org", "slug", required=True, metavar="SLUG", help="The organisation whose register it is.")
@click.option("--from", "first", required=True, metavar="DAY", help="The first day, such as 2026-01-01.")
@click.option("--to", "last", required=True, metavar="DAY", help="The last day.")
@click.option("--category", multiple=True, help="Only complaints of this category; may be given several times.")
@click.option("--json", "as_json", is_flag=True, help="For machines.")
@with_app
def show(slug: str, first: str, last: str, category: tuple[str, ...], as_json: bool) -> None:
    """All sixteen indicators of a period."""
    from auditkit.accounts.queries import organisation_by_slug
    from auditkit.base import clock
    from auditkit.base.actor import Actor
    from auditkit.base.db import reading
    from auditkit.base.text import _
    from auditkit.insights.freezing.rules import stated
    from auditkit.insights.indicators import computing
    from auditkit.insights.rules import selection_from

    tx = reading(Actor.system(organisation_by_slug(reading(), slug).id))
    now = clock.now()
    pairs = [("from", first), ("to", last), *(("category", word) for word in category)]
    found = computing.compute(tx, selection_from(pairs, today_of_house(tx, now)), now)
    if as_json:
        echo_json([{"name": one.name, "currency": one.currency, **stated(one)} for one in found])
        return
    for one in found:
        value = "-" if one.value is None else f"{one.value:.4g}"
        of = "" if one.denominator is None else f" ({one.numerator}/{one.denominator})"
        click.echo(
            f"{_(one.title)}: {value} {one.currency}{of} {_(one.note, **one.note_facts) if one.note else ''}".rstrip()
        )
