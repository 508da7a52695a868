"""The `auditkit` command. Groups are named here and loaded when used, so that `--help` answers at once."""

import importlib
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, NoReturn

import click

from auditkit.base.cli_context import NEGATIVE, UNUSABLE, AppFactory
from auditkit.base.garbage import staying

# name -> (module:attribute, one line of help). The line stands here so that `--help` need not load the module.
COMMANDS = {
    "start": (
        "auditkit.instance.commands:start",
        "Make what is missing, then serve the pages on this machine.",
    ),
    "init": (
        "auditkit.instance.commands:init",
        "Make the instance: keys, database, demo organisation if asked.",
    ),
    "org": ("auditkit.accounts.commands:org", "Add and list organisations."),
    "user": ("auditkit.accounts.commands:user", "Add people to organisations."),
    "complaints": ("auditkit.complaints.commands:complaints", "Import complaint files."),
    "figures": ("auditkit.insights.commands:figures", "Compute indicators; keep the sums behind dashboards."),
    "content": ("auditkit.content.commands:content", "Check, show, copy and exchange standards, checklists and texts."),
    "pack": ("auditkit.packs.commands:pack", "Build and verify evidence packs."),
    "key": ("auditkit.packs.keys:key", "Show, renew, revoke and lock the key that signs."),
    "template": ("auditkit.documents.commands:template", "List, show, check and try Word templates."),
    "mail": ("auditkit.complaints.correspondence.commands:mail", "Take in complaints that came by e-mail."),
    "journal": ("auditkit.journal.commands:journal", "Verify the journal's hash chain."),
}


class LazyGroup(click.Group):
    """A group whose commands are imported when they are run or when their own help is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All command names, in the order of a first use."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command, imported now; None for an unknown name."""
        if cmd_name not in COMMANDS:
            return None
        module, attribute = COMMANDS[cmd_name][0].split(":")
        command: click.Command = getattr(importlib.import_module(module), attribute)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])


def _create_app() -> Any:
    with staying():
        from auditkit.app import create_app

        return create_app()


def _create_pageless_app() -> Any:
    with staying():
        from auditkit.web.pageless import create_pageless_app

        return create_pageless_app()


def _content_kinds() -> dict[str, Any]:
    from auditkit.documents.checks import KIND as TEMPLATE
    from auditkit.packs.definitions import KIND as PACK
    from auditkit.readiness.checks import KIND as PROBES

    return {"document-template": TEMPLATE, "pack": PACK, "probes": PROBES}


def _write_workbook(path: Path, tables: Iterable[Any]) -> None:
    from auditkit.documents.tables import Column, Sheet, write_xlsx

    wide = {"question", "good", "evidence", "guidance", "text", "value", "purpose", "because", "recomputed"}
    sheets = [
        Sheet(one.title, [Column(name, 60 if name in wide else 20) for name in one.headings], one.rows)
        for one in tables
    ]
    write_xlsx(path, sheets)


@click.group(cls=LazyGroup)
@click.version_option(package_name="auditkit")
@click.pass_context
def auditkit(ctx: click.Context) -> None:
    """Complaints handling after ISO 10002: register, audits, corrective action, evidence packs.

    Begin with `auditkit start --demo`. AUDITKIT_INSTANCE names the folder that holds database, keys and
    evidence (default: ./instance). Exit codes: 0 good, 1 a negative answer, 2 unusable input.
    """
    ctx.obj = AppFactory(_create_app, _create_pageless_app, _content_kinds, _write_workbook)


def run(command: Callable[..., Any], arguments: Sequence[str] | None = None) -> int:
    """Run `command` and return the exit code; errors meant for people become one line on standard error."""
    try:
        code = command(args=arguments, standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return UNUSABLE
    except click.Abort:
        click.echo("Stopped.", err=True)
        return NEGATIVE
    except Exception as error:
        exit_code = getattr(error, "exit_code", None)  # an AuditkitError, without importing what it lives beside
        if exit_code is None:
            raise
        click.echo(f"auditkit: {error}", err=True)
        return int(exit_code)
    return code if isinstance(code, int) else 0


def main() -> NoReturn:
    """Entry point of the `auditkit` script."""
    sys.exit(run(auditkit.main))


if __name__ == "__main__":
    main()
