"""The cheap look at a workbook before it is opened: is it one, is it too large, where are its sheets.

Belongs here: the zip, its directory, content types and relations. Does not belong here: the cells
(``ingestion.reading.sheet_xml`` looks for few of them, ``ingestion.reading.workbook`` reads them all).
"""

import errno
import posixpath
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from os import SEEK_END
from pathlib import Path
from typing import BinaryIO
from xml.parsers import expat

from ingestion.reading.contract import ReadingLimits
from ingestion.reading.lake import RefusedError

OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
ZIP_MAGIC = b"PK"
ENCRYPTED_FLAG = 0x1

CONTENT_TYPES = "[Content_Types].xml"
WORKBOOK_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
BINARY_WORKBOOK_TYPE = "application/vnd.ms-excel.sheet.binary.macroenabled.main"
MACRO_TYPE_PARTS = ("macroenabled", "vbaproject", "macrosheet")
"""Content types are compared in lower case, as their case does not count."""


@dataclass(frozen=True)
class SheetPart:
    """A sheet that the workbook declares: its title, its part in the zip, and whether it holds cells."""

    title: str
    part: str
    is_worksheet: bool


@dataclass(frozen=True)
class Package:
    """A workbook that passed the cheap look."""

    archive: zipfile.ZipFile
    sheets: list[SheetPart]


@contextmanager
def open_package(source: Path | BinaryIO, limits: ReadingLimits) -> Iterator[Package]:
    """Open the workbook ``source``; raise ``RefusedError`` with the case of S01 when it can't be read."""
    opened = source.open("rb") if isinstance(source, Path) else nullcontext(source)
    with opened as stream:
        _check_bytes(stream, limits)
        with _open_zip(stream) as archive:
            _check_directory(archive, limits)
            with corrupt_when_malformed():
                package = Package(archive, _sheet_parts(archive))
            if len(package.sheets) > limits.max_sheets:
                raise RefusedError("too_many_sheets", len(package.sheets), limits.max_sheets)
            yield package


def _open_zip(stream: BinaryIO) -> zipfile.ZipFile:
    try:
        with corrupt_when_malformed():
            return zipfile.ZipFile(stream)
    except (RefusedError, ValueError) as error:
        stream.seek(0)
        begins_as_zip = stream.read(len(ZIP_MAGIC)) == ZIP_MAGIC
        raise RefusedError("corrupt" if begins_as_zip else "not_a_zip", detail=error) from error


@contextmanager
def corrupt_when_malformed() -> Iterator[None]:
    """Turn what the zip and XML libraries raise on a malformed part into the refusal ``corrupt``."""
    malformed = (zipfile.BadZipFile, zlib.error, expat.ExpatError, NotImplementedError, EOFError, KeyError)
    try:
        yield
    except malformed as error:
        raise RefusedError("corrupt", detail=error) from error
    except OSError as error:
        if error.errno != errno.EINVAL:
            raise
        raise RefusedError(
            "corrupt", detail=error
        ) from error  # a directory that leads before the file's beginning


def _check_bytes(stream: BinaryIO, limits: ReadingLimits) -> None:
    size = stream.seek(0, SEEK_END)
    if size == 0:
        raise RefusedError("empty_file")
    if size > limits.max_file_bytes:
        raise RefusedError("file_too_large", size, limits.max_file_bytes)
    stream.seek(0)
    if stream.read(len(OLE_MAGIC)) == OLE_MAGIC:
        raise RefusedError("encrypted" if ENCRYPTED_STREAM in stream.read() else "not_a_zip")


def _check_directory(archive: zipfile.ZipFile, limits: ReadingLimits) -> None:
    parts = archive.infolist()
    if any(part.flag_bits & ENCRYPTED_FLAG for part in parts):
        raise RefusedError("encrypted")
    unpacked = sum(part.file_size for part in parts)
    if unpacked > limits.max_unpacked_bytes:
        raise RefusedError("unpacked_too_large", unpacked, limits.max_unpacked_bytes)
    if CONTENT_TYPES not in archive.namelist():
        raise RefusedError("not_xlsx")
    with corrupt_when_malformed():
        elements = read_elements(archive, CONTENT_TYPES)
    types = {attributes.get("ContentType", "").lower() for _, attributes in elements}
    if BINARY_WORKBOOK_TYPE in types:
        raise RefusedError("not_xlsx", BINARY_WORKBOOK_TYPE)
    for content_type in sorted(types):
        if any(part in content_type for part in MACRO_TYPE_PARTS):
            raise RefusedError("macro_enabled", content_type)
    if WORKBOOK_TYPE not in types:
        raise RefusedError("not_xlsx")


def _sheet_parts(archive: zipfile.ZipFile) -> list[SheetPart]:
    main = next(
        (target for kind, target in _relations(archive, "").values() if kind == "officeDocument"),
        "xl/workbook.xml",
    )
    targets = _relations(archive, main)
    sheets = []
    for name, attributes in read_elements(archive, main):
        if name == "sheet" and "name" in attributes:
            kind, part = targets.get(attributes.get("id", ""), ("", ""))
            sheets.append(SheetPart(attributes["name"], _spelt(archive, part), kind == "worksheet"))
    return sheets


def _relations(archive: zipfile.ZipFile, part: str) -> dict[str, tuple[str, str]]:
    """Give the relations of ``part`` (empty: of the package): identifier → (kind, part that it leads to)."""
    folder, name = posixpath.split(part)
    relations = {}
    for element, attributes in read_elements(archive, posixpath.join(folder, "_rels", f"{name}.rels")):
        if element == "Relationship":
            target = posixpath.normpath(posixpath.join("/", folder, attributes.get("Target", "")))
            kind = attributes.get("Type", "").rpartition("/")[2]
            relations[attributes.get("Id", "")] = (kind, target.lstrip("/"))
    return relations


def _spelt(archive: zipfile.ZipFile, part: str) -> str:
    """Give the name of ``part`` as the zip spells it: the case of a part's name does not count."""
    return next((name for name in archive.namelist() if name.lower() == part.lower()), part)


def read_elements(archive: zipfile.ZipFile, part: str) -> list[tuple[str, dict[str, str]]]:
    """Give every element of the XML ``part`` in order: (name, attributes), both without their prefixes."""
    elements: list[tuple[str, dict[str, str]]] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        plain = {key.rpartition(":")[2]: value for key, value in attributes.items()}
        elements.append((name.rpartition(":")[2], plain))

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    with archive.open(_spelt(archive, part)) as stream:
        parser.ParseFile(stream)
    return elements
