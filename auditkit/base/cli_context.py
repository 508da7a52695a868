"""What commands share: the application on demand, errors as exit codes, JSON for machines.

Knows click only, so that `auditkit --help` stays fast; a test holds it to that.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., Any])

GOOD, NEGATIVE, UNUSABLE = 0, 1, 2


class AppFactory:
    """What commands get from above: the application, the kinds of content file that upper slices know, their tables.

    `cli.py` puts one into click's context; all are made when a command asks. `create_pageless` gives the records
    without pages, for commands that are to weigh little. `write_workbook(path, tables)` writes tables of text, each
    with `title`, `headings` and `rows`, as the sheets of an XLSX file.
    """

    def __init__(
        self,
        create: Callable[[], Any],
        create_pageless: Callable[[], Any],
        content_kinds: Callable[[], Mapping[str, Any]],
        write_workbook: Callable[[Path, Iterable[Any]], None],
    ) -> None:
        self.create = create
        self.create_pageless = create_pageless
        self.content_kinds = content_kinds
        self.write_workbook = write_workbook


def with_app(command: Command) -> Command:
    """Run the command inside the application; the instance must exist and be migrated."""
    return _inside(command, lambda factory: factory.create())


def with_records(command: Command) -> Command:
    """Run the command inside an application without pages; the instance must exist and be migrated."""
    return _inside(command, lambda factory: factory.create_pageless())


def _inside(command: Command, create: Callable[[AppFactory], Any]) -> Command:
    @wraps(command)
    def wrapper(*arguments: Any, **options: Any) -> Any:
        factory = click.get_current_context().find_object(AppFactory)
        if factory is None:
            raise RuntimeError("the command was started outside `auditkit`")
        with create(factory).app_context():
            return command(*arguments, **options)

    return wrapper  # type: ignore[return-value]  # the same signature as `command`


def echo_json(value: Any) -> None:
    """Print `value` as JSON for machines."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True, default=str))


def leave(code: int) -> None:
    """End the command with `code`: 0 good, 1 a negative answer, 2 unusable input."""
    click.get_current_context().exit(code)
