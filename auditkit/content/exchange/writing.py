"""A shape as the text of a content file."""

from typing import Any

import yaml

from auditkit.content.digests import canonical
from auditkit.content.shapes import Shape


class _Dumper(yaml.SafeDumper):
    """Indents lists under their name and folds long texts, as the shipped files do."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> Any:
        return super().increase_indent(flow, False)


def _text(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
    style = "|" if "\n" in value else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style)


_Dumper.add_representer(str, _text)


def as_yaml(shape: Shape, heading: str = "") -> str:
    """The YAML of a file; what equals the default is left out. `heading` becomes a comment above it."""
    comment = "".join(f"# {line}".rstrip() + "\n" for line in heading.splitlines())
    return f"{comment}{dumped(canonical(shape))}"


def dumped(values: Any) -> str:
    """Plain values as YAML in the manner of the shipped files."""
    return yaml.dump(values, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=110)
