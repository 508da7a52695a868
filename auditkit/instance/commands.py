"""`auditkit init` and `auditkit start`."""

import os
import socket
from typing import TYPE_CHECKING

import click

from auditkit.base.cli_context import UNUSABLE
from auditkit.base.garbage import staying

if TYPE_CHECKING:
    from flask import Flask

DEFAULT_HOST, DEFAULT_PORT = "127.0.0.1", 8000


def _make(demo: bool) -> "tuple[Flask, list[str]]":
    with staying():
        from auditkit.instance.making import make
    return make(demo)


@click.command()
@click.option("--demo", is_flag=True, help="Add a demo organisation with people, complaints, audits and a pack.")
def init(demo: bool) -> None:
    """Make the instance: folder, secret key, signing key, database.

    What exists is kept: running it twice changes nothing. AUDITKIT_INSTANCE names the folder (default: ./instance).
    """
    from auditkit.base.settings import Settings

    _app, made = _make(demo)
    for line in made:
        click.echo(line)
    if not made:
        click.echo("Nothing to do: the instance is complete.")
    click.echo(f"Instance: {Settings().instance.resolve()}")


@click.command()
@click.option("--demo", is_flag=True, help="Add the demo organisation if it is not there yet.")
@click.option("--host", default=DEFAULT_HOST, show_default=True, help="Address to listen on.")
@click.option("--port", default=DEFAULT_PORT, show_default=True, type=click.IntRange(1, 65535), help="Port.")
@click.option("--threads", default=8, show_default=True, type=click.IntRange(1, 64), help="Requests at a time.")
@click.pass_context
def start(ctx: click.Context, demo: bool, host: str, port: int, threads: int) -> None:
    """Make what is missing, then serve the pages on this machine until Ctrl+C.

    With --demo it prints one line to open: a one-time sign-in link for the demo people.
    """
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            click.echo(
                f"auditkit: cannot listen on {host}:{port} ({error.strerror}). Choose another with --port.",
                err=True,
            )
            ctx.exit(UNUSABLE)
    os.environ.setdefault("AUDITKIT_PUBLIC_URL", f"http://{host}:{port}")
    app, made = _make(demo)
    for line in made:
        click.echo(line, err=True)

    from auditkit.instance.serving import demo_link, serve

    address = f"http://{host}:{port}/"
    opened = (demo_link(app) if demo else None) or address
    serve(app, host, port, threads, ready=lambda: click.echo(f"Open {opened}"))
