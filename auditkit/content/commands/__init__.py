"""`auditkit content …`: what can be done with content files from the command line.

The content code is imported inside the commands, so that `auditkit --help` does not load pydantic and PyYAML.
tests/slices/content/test_content_commands.py runs every exit code.
"""

import click

from auditkit.content.commands.checking import check
from auditkit.content.commands.copying import copy
from auditkit.content.commands.covering import coverage
from auditkit.content.commands.exchanging import export, import_
from auditkit.content.commands.showing import schema, show
from auditkit.content.commands.translating import translate


@click.group("content")
def content() -> None:
    """Standards, checklists and policy texts: the files auditkit audits with."""


for command in (check, show, schema, coverage, copy, translate, export, import_):
    content.add_command(command)
