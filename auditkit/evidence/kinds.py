"""The allow-list: every kind of file that is taken, its media type and its extensions. Pure data.

What is not here is refused. `active` kinds can run something when a browser shows them, so they leave as plain bytes.
"""

from dataclasses import dataclass

from auditkit.base.text import N_

BYTES = "application/octet-stream"
_OOXML = "application/vnd.openxmlformats-officedocument."
_ODF = "application/vnd.oasis.opendocument."


@dataclass(frozen=True)
class Kind:
    """A kind of file. `title` is a gettext message id, `extensions` have their dot, the usual one first."""

    id: str
    title: str
    media_type: str
    extensions: tuple[str, ...]
    active: bool = False

    @property
    def served_as(self) -> str:
        """The media type to hand it out under."""
        return BYTES if self.active else self.media_type


KINDS = {
    kind.id: kind
    for kind in (
        Kind("pdf", N_("PDF document"), "application/pdf", (".pdf",)),
        Kind("docx", N_("Word document"), _OOXML + "wordprocessingml.document", (".docx", ".dotx")),
        Kind("xlsx", N_("Excel workbook"), _OOXML + "spreadsheetml.sheet", (".xlsx", ".xltx")),
        Kind(
            "pptx", N_("PowerPoint presentation"), _OOXML + "presentationml.presentation", (".pptx", ".ppsx", ".potx")
        ),
        Kind("odt", N_("OpenDocument text"), _ODF + "text", (".odt", ".ott")),
        Kind("ods", N_("OpenDocument spreadsheet"), _ODF + "spreadsheet", (".ods", ".ots")),
        Kind("odp", N_("OpenDocument presentation"), _ODF + "presentation", (".odp", ".otp")),
        Kind("odg", N_("OpenDocument drawing"), _ODF + "graphics", (".odg", ".otg")),
        Kind("doc", N_("Word document (old format)"), "application/msword", (".doc", ".dot")),
        Kind("xls", N_("Excel workbook (old format)"), "application/vnd.ms-excel", (".xls", ".xlt")),
        Kind("ppt", N_("PowerPoint presentation (old format)"), "application/vnd.ms-powerpoint", (".ppt", ".pps")),
        Kind("msg", N_("Outlook message"), "application/vnd.ms-outlook", (".msg",)),
        Kind("png", N_("PNG picture"), "image/png", (".png",)),
        Kind("jpeg", N_("JPEG picture"), "image/jpeg", (".jpg", ".jpeg", ".jpe", ".jfif")),
        Kind("gif", N_("GIF picture"), "image/gif", (".gif",)),
        Kind("webp", N_("WebP picture"), "image/webp", (".webp",)),
        Kind("tiff", N_("TIFF picture"), "image/tiff", (".tif", ".tiff")),
        Kind("heic", N_("HEIC picture"), "image/heic", (".heic", ".heif", ".hif")),
        Kind("svg", N_("SVG drawing"), "image/svg+xml", (".svg",), active=True),
        Kind("mp3", N_("MP3 recording"), "audio/mpeg", (".mp3",)),
        Kind("m4a", N_("MPEG-4 recording"), "audio/mp4", (".m4a", ".m4b")),
        Kind("wav", N_("WAV recording"), "audio/wav", (".wav",)),
        Kind("ogg", N_("Ogg recording"), "audio/ogg", (".ogg", ".oga", ".opus")),
        Kind("mp4", N_("MPEG-4 video"), "video/mp4", (".mp4", ".m4v")),
        Kind("mov", N_("QuickTime video"), "video/quicktime", (".mov", ".qt")),
        Kind("webm", N_("WebM video"), "video/webm", (".webm", ".weba")),
        Kind("txt", N_("Text"), "text/plain", (".txt", ".text", ".log")),
        Kind("csv", N_("Table as text"), "text/csv", (".csv", ".tsv", ".tab")),
        Kind("eml", N_("E-mail message"), "message/rfc822", (".eml",)),
        Kind("json", N_("JSON data"), "application/json", (".json",)),
        Kind("xml", N_("XML data"), "application/xml", (".xml",), active=True),
        Kind("html", N_("Web page"), "text/html", (".html", ".htm"), active=True),
        Kind("md", N_("Markdown text"), "text/markdown", (".md", ".markdown")),
        Kind("ics", N_("Calendar entry"), "text/calendar", (".ics",)),
        Kind("rtf", N_("Rich text"), "application/rtf", (".rtf",)),
        Kind("zip", N_("ZIP archive"), "application/zip", (".zip",)),
    )
}

TEXTS = ("txt", "csv", "eml", "json", "xml", "html", "md", "ics")
"""Kinds that only their name tells apart: all are text."""

TEXT_BY_EXTENSION = {extension: name for name in TEXTS for extension in KINDS[name].extensions}
DOCUMENT_EXTENSIONS = frozenset(
    extension for name in ("docx", "xlsx", "pptx", "odt", "ods", "odp", "odg") for extension in KINDS[name].extensions
)
"""ZIP files that are documents."""


def all_extensions() -> list[str]:
    """Every extension that is taken, for the file field's `accept`."""
    return sorted(extension for kind in KINDS.values() for extension in kind.extensions)
