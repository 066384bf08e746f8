"""Judging what a file is by its content: its name and what the browser says are only claims."""

import codecs
import io
import zipfile
from pathlib import PurePath

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# What may be attached, by the ending under which people know it.
KINDS = {
    "pdf": "application/pdf",
    "xml": "application/xml",
    "png": "image/png",
    "jpeg": "image/jpeg",
    "csv": "text/csv",
    "xlsx": XLSX,
}


def media_type(name: str, content: bytes) -> str | None:
    """The type of a file that may be attached, or None for anything else."""
    if content.startswith(b"%PDF-"):
        return KINDS["pdf"]
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return KINDS["png"]
    if content.startswith(b"\xff\xd8\xff"):
        return KINDS["jpeg"]
    if content.startswith(b"PK\x03\x04"):
        return KINDS["xlsx"] if _is_workbook(content) else None
    words = _text(content)
    if words is None:
        return None
    if words.lstrip().startswith("<"):
        return KINDS["xml"] if _is_xml(words) else None
    return KINDS["csv"] if PurePath(name).suffix.lower() == ".csv" else None


def _is_workbook(content: bytes) -> bool:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as file:
            names = set(file.namelist())
    except zipfile.BadZipFile:
        return False
    macros = any(name.endswith("vbaProject.bin") for name in names)
    return {"[Content_Types].xml", "xl/workbook.xml"} <= names and not macros


def _text(content: bytes) -> str | None:
    """The file as text, or None when it is none."""
    for encoding in (
        ("utf-16",) if content[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE) else ("utf-8-sig", "cp1252")
    ):
        try:
            words = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return None if "\x00" in words else words
    return None


def _is_xml(words: str) -> bool:
    """Markup that is no web page: a browser must never be talked into running it."""
    start = words.lstrip()[:2000].lower()
    return "<html" not in start and "<!doctype html" not in start and "<svg" not in start and "<script" not in start
