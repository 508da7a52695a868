"""Turns a Word template into something that renders fast, once per template (decision 9).

docxtpl's own `patch_xml` prepares each part that can carry tags; Jinja compiles it; a render then only runs that and
copies the other members of the zip as they lie. Everything here runs in the limited child process: docxtpl's regular
expressions and Jinja's compiler both read what a stranger wrote.
Checked by tests/slices/documents/test_documents_render.py, which compares texts with docxtpl's own.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pyexpat import ExpatError, ParserCreate
from typing import Any

import jinja2
from docx.oxml.parser import parse_xml
from docxtpl import DocxTemplate
from jinja2 import nodes
from jinja2.runtime import Context
from lxml import etree

from auditkit.documents import contents, fields, package, pictures, places, sandbox, styles, tracing
from auditkit.documents.faults import ERROR, WARNING, Fault, Place, Refused
from auditkit.documents.office import Layout, layout_of

DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_CELL = re.compile(r"</?w:tc[ >]")
_WHOLE_ROW = re.compile(r"<w:tr[ >].*?</w:tr>", re.DOTALL)
_DRAWING_ID = re.compile(r'(<wp:docPr\b[^>]*?\sid=")[^"]*(")')
FIRST_DRAWING_ID = 1001
_EMPTY_CELL = re.compile(r"(<w:tc(?: [^>]*)?>(?:<w:tcPr>(?:(?!</w:tcPr>).)*</w:tcPr>|<w:tcPr/>)?)(</w:tc>)", re.DOTALL)
_LAID_OUT = re.compile("[\t\n\x07\x0c]")
_BLOCKS = {"for": "endfor", "if": "endif", "with": "endwith"}
_KEYWORD = re.compile(r"\{%[-+]?\s*(\w+)")
_SCOPE = re.compile(r"\{%[-+]?(tr|tc|p|r)\s")
_UNKNOWN_TAG = re.compile(r"unknown tag '(\w+)'")
_UNEXPECTED = re.compile(r"unexpected char '(.+?)'")
COMPUTING = (TypeError, ValueError, ArithmeticError, AttributeError, LookupError)
_docxtpl = DocxTemplate("")


@dataclass
class Part:
    """One part with tags, compiled."""

    name: str
    survey: places.Survey
    lined: places.Lined
    loaded: sandbox.Loaded
    cells_vary: bool
    is_body: bool
    each_picture: bool = False

    def place(self, line: int) -> Place:
        """Where the tag stands that a line of the source begins with."""
        tag, mark = self.lined.tags[min(line, len(self.lined.tags)) - 1]
        if mark is not None:
            return self.survey.places[mark]
        return Place(self.survey.part, tag=tag or None)


@dataclass
class Prepared:
    """A template ready to render; with errors among `faults` it has no parts and never will."""

    environment: sandbox.TemplateEnvironment
    members: list[package.Member]
    parts: dict[str, Part] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    # Each field that is read, by full path, with the place of the first tag that does.
    fields: dict[str, Place] = field(default_factory=dict)
    # The same with how it is used (`fields.Use`), an entry of a list told from the list.
    uses: dict[tuple[str, str], Place] = field(default_factory=dict)
    # Member that holds a picture of the data -> the field's path.
    pictures: dict[str, str] = field(default_factory=dict)
    # What is wrong where the document is to run from right to left.
    of_direction: list[Fault] = field(default_factory=list)

    @property
    def errors(self) -> list[Fault]:
        """The faults that keep it from rendering."""
        return [fault for fault in self.faults if fault.level == ERROR]

    def render(self, data: dict[str, Any]) -> bytes:
        """The document as bytes of a DOCX file. Raises Refused with the place of the tag that failed."""
        errors = self.errors
        if errors:
            raise Refused(*errors)
        out = BytesIO()
        writer = package.Writer(out)
        made = self._made(data)
        for member in self.members:
            writer.add(made.pop(member.name, member))
        for member in made.values():
            writer.add(member)
        writer.close()
        return out.getvalue()

    def _made(self, data: dict[str, Any]) -> dict[str, package.Member]:
        """Every member that is not as in the template."""
        made: dict[str, package.Member] = {}
        lying = {one.name: one for one in self.members}
        for name, path in self.pictures.items():
            shown = pictures.of(data, path, name)
            if shown is not None:
                made[name] = package.deflated(name, shown)
        for name, part in self.parts.items():
            content = self._render_part(part, data)
            if part.each_picture:
                text, more = pictures.placed(content.decode(), lying[name], lying)
                made |= {one.name: one for one in more}
                content = text.encode()
            made[name] = package.deflated(name, content)
        return made

    def trace(self, data: dict[str, Any]) -> list[tuple[Place, str, list[str]]]:
        """Each paragraph that shows data, with the paths of the fields in it. Raises Refused as `render` does."""
        errors = self.errors
        if errors:
            raise Refused(*errors)
        paths: list[str] = []
        marked = tracing.traced(data, paths)
        return [
            line
            for name, part in self.parts.items()
            if part.survey.part != "properties"
            for line in tracing.found(self._render_part(self.parts[name], marked), part.survey.part, paths)
        ]

    def _render_part(self, part: Part, data: dict[str, Any]) -> bytes:
        context = Context(self.environment, dict(data), part.name, {}, {})
        try:
            text = "".join(part.loaded.root(context))
        except (jinja2.TemplateError, *COMPUTING) as error:
            raise Refused(_fault_of(error, part.place(_line(error, part)), data)) from error
        text = DECLARATION + contents.numbered(finish(text, is_body=part.is_body))
        content = text.encode("utf-8")
        try:
            ParserCreate().Parse(content, True)
        except ExpatError as error:
            raise Refused(Fault("result-broken", {"detail": str(error)}, Place(part.survey.part))) from error
        if part.cells_vary:
            tree = _docxtpl.fix_tables(content)
            content = DECLARATION.encode() + etree.tostring(tree, encoding="utf-8")
        return content


def prepare(content: bytes) -> Prepared:
    """Check and compile a template file. Raises Refused where it is not a Word file that may be opened."""
    members = package.read(content)
    layout = layout_of(members)
    prepared = Prepared(sandbox.TemplateEnvironment(), members, faults=list(layout.faults))
    known_styles = styles.read(members)
    for member in members:
        if member.name in layout.parts:
            _prepare_part(prepared, layout, member, known_styles)
    if not any(len(part.lined.tags) > 1 for part in prepared.parts.values()) and not prepared.errors:
        prepared.faults.append(Fault("no-tags", {}, None, WARNING))
    return prepared


def _prepare_part(prepared: Prepared, layout: Layout, member: package.Member, known: styles.Styles) -> None:
    root, each_picture = parse_xml(member.unpacked()), False
    if layout.parts[member.name] != "properties":
        seen = styles.look(root, layout.parts[member.name], known)
        prepared.faults += seen.faults
        prepared.of_direction += seen.of_direction
        each_picture = pictures.mark(root)
        for path, name in pictures.named(root, member, {one.name: one for one in prepared.members}):
            prepared.pictures[name] = path
            _note(prepared, path, fields.SHOW, Place(layout.parts[member.name], tag=f"picture: {path}"))
    for deleted in root.iter(f"{places.W}delText"):
        # A tag that a tracked change took out is none any more.
        deleted.text = (deleted.text or "").replace("{", "").replace("}", "")
    is_body = member.name == layout.main
    numbers = contents.renew(root, layout.parts[member.name], known) if is_body else None
    survey = places.survey(root, layout.parts[member.name], numbers)
    prepared.faults += survey.faults
    lined = places.unmark(_docxtpl.patch_xml(etree.tostring(root, encoding="unicode")))
    part = Part(member.name, survey, lined, sandbox.NOTHING, False, is_body, each_picture)
    unbalanced = list(_unbalanced(part))
    prepared.faults += unbalanced
    if unbalanced or any(fault.level == ERROR for fault in survey.faults):
        return
    environment = prepared.environment
    try:
        tree = environment.parse(lined.source)
        refused = [
            Fault(forbidden.code, forbidden.params, part.place(line))
            for line, forbidden in sandbox.forbidden_nodes(tree)
        ]
        prepared.faults += refused
        if refused:
            return
        part.cells_vary = survey.drops_cells or _cells_vary(tree, lined.source)
        if part.cells_vary:
            _warn_of_cells(prepared, part, tree)
        for path, line, use in fields.uses(tree):
            _note(prepared, path, use, part.place(line))
        _clean(tree)
        part.loaded = environment.load(environment.compile(tree, part.name, f"<{part.name}>"))
    except jinja2.TemplateSyntaxError as error:
        prepared.faults.append(_syntax(error, part.place(error.lineno)))
    except (RecursionError, SyntaxError) as error:
        # Python refuses more than twenty loops in one another, and expressions of great depth.
        prepared.faults.append(Fault("too-deep", {"detail": type(error).__name__}, Place(survey.part)))
    else:
        prepared.parts[member.name] = part


def _note(prepared: Prepared, path: str, use: str, place: Place) -> None:
    prepared.fields.setdefault(path.removesuffix("[]"), place)
    prepared.uses.setdefault((path, use), place)


def _clean(tree: nodes.Template) -> None:
    """Take the line feeds of `unmark` out again, and texts that are nothing without them."""
    for output in tree.find_all(nodes.Output):
        for node in output.nodes:
            if isinstance(node, nodes.TemplateData):
                node.data = places.data_text(node.data)
        output.nodes = [node for node in output.nodes if not isinstance(node, nodes.TemplateData) or node.data]


def _unbalanced(part: Part) -> Iterator[Fault]:
    """Blocks that are opened and not closed, or closed and not opened; Jinja names only the end of the file."""
    opened: list[tuple[str, int]] = []
    for line, (tag, _) in enumerate(part.lined.tags, start=1):
        keyword = _KEYWORD.match(tag)
        word = keyword.group(1) if keyword else ""
        if word in _BLOCKS:
            opened.append((word, line))
        elif word in _BLOCKS.values():
            if not opened or _BLOCKS[opened[-1][0]] != word:
                yield Fault("block-not-open", {"end": word, "block": word.removeprefix("end")}, part.place(line))
                return
            yield from _unlike(part.place(opened.pop()[1]), part.place(line), word)
        elif word in ("else", "elif") and opened:
            yield from _unlike(part.place(opened[-1][1]), part.place(line), word)
    for word, line in opened:
        yield Fault("block-not-closed", {"block": word, "end": _BLOCKS[word]}, part.place(line))


def _unlike(opening: Place, closing: Place, word: str) -> Iterator[Fault]:
    """A block that is opened for whole rows or paragraphs is closed for them too, rows in the same table."""
    if not opening.tag or not closing.tag:
        return
    scope, other = (_SCOPE.match(tag) for tag in (opening.tag, closing.tag))
    began, ended = (match.group(1) if match else "" for match in (scope, other))
    if began != ended:
        yield Fault("scope-differs", {"opening": opening.tag, "end": f"{{%{began} {word} %}}"}, closing)
    elif began == "tr" and opening.table != closing.table:
        yield Fault("other-table", {"opening": opening.tag}, closing)


def _cells_vary(tree: nodes.Template, source: str) -> bool:
    """Whether rows may get more or fewer cells than the table's grid has columns."""
    if '<w:gridSpan w:val="\n' in source:
        return True
    return any(True for _ in _loops_over_cells(tree))


def _loops_over_cells(tree: nodes.Template) -> Iterator[nodes.Node]:
    for node in tree.find_all((nodes.For, nodes.If)):
        text = "".join(data.data for data in node.find_all(nodes.TemplateData))
        if _CELL.search(_WHOLE_ROW.sub("", text)):
            yield node


def _warn_of_cells(prepared: Prepared, part: Part, tree: nodes.Template) -> None:
    for node in _loops_over_cells(tree):
        place = part.place(node.lineno)
        by_the_author = part.lined.tags[node.lineno - 1][1] is not None
        if by_the_author and place.tag and not place.tag.startswith("{%tc"):
            prepared.faults.append(Fault("across-cells", {}, place, WARNING))


def _line(error: BaseException, part: Part) -> int:
    """The template's line an exception came from: that of the innermost frame of its code."""
    code_line = 0
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == f"<{part.name}>":
            code_line = trace.tb_lineno
        trace = trace.tb_next
    return part.loaded.line_of(code_line)


def _fault_of(error: Exception, place: Place, data: dict[str, Any]) -> Fault:
    if isinstance(error, sandbox.UnknownField):
        if not error.name:
            return Fault("empty-list", {}, place)
        guess = error.guess(data)
        if guess:
            return Fault("unknown-field-guess", {"field": error.name, "guess": guess}, place)
        return Fault("unknown-field", {"field": error.name}, place)
    if isinstance(error, sandbox.NotText):
        return Fault(f"prints-{error.kind}", {}, place)
    if isinstance(error, sandbox.Forbidden):
        return Fault(error.code, error.params, place)
    return Fault("cannot-compute", {"detail": str(error)}, place)


def _syntax(error: jinja2.TemplateSyntaxError, place: Place) -> Fault:
    message = error.message or ""
    if match := _UNKNOWN_TAG.search(message):
        return Fault("unknown-tag", {"name": match.group(1)}, place)
    if match := _UNEXPECTED.search(message):
        return Fault("unexpected-character", {"character": match.group(1)}, place)
    return Fault("syntax", {"detail": message}, place)


def finish(text: str, *, is_body: bool) -> str:
    """What docxtpl does to a part after Jinja: line breaks and tabs of values, numbers of pictures, empty cells."""
    if any(character in text for character in "\n\t\x07\x0c"):
        # Outside a paragraph's text (a property, an attribute) a new page means nothing, and XML cannot hold it.
        text = layout(text).translate({0x07: None, 0x0C: None})
    if "</w:tcPr></w:tc>" in text or "<w:tcPr/></w:tc>" in text or "<w:tc></w:tc>" in text:
        # A cell whose paragraphs were all left out: Word calls the file damaged without one.
        text = _EMPTY_CELL.sub(r"\1<w:p/>\2", text)
    if is_body and "<wp:docPr" in text:
        numbers = iter(range(FIRST_DRAWING_ID, FIRST_DRAWING_ID + text.count("<wp:docPr")))
        text = _DRAWING_ID.sub(lambda match: f"{match.group(1)}{next(numbers)}{match.group(2)}", text)
    return text


def layout(text: str) -> str:
    """Line feed, tab, bell and form feed inside texts become Word's own, by docxtpl's `resolve_listing`.

    That is run only over the paragraphs that need it: each ends at the first `</w:p>`, as in docxtpl's pattern.
    """
    pieces = text.split("</w:p>")
    for index, piece in enumerate(pieces[:-1]):
        if _LAID_OUT.search(piece):
            pieces[index] = _docxtpl.resolve_listing(piece + "</w:p>").removesuffix("</w:p>")
    return "</w:p>".join(pieces)
