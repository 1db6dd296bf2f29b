"""Dirt of whole files (S01): what is no workbook, or one that must not be opened."""

from datetime import timedelta
from functools import partial

from ingestion.sample.dirt import edits
from ingestion.sample.dirt.registry import dirt
from ingestion.sample.draft import Draft, LooseFile
from ingestion.sample.facts import reading_limit
from ingestion.sample.submissions import Submission

OLE_SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
SECTOR = 512
DAY = 24 * 60


def _loose(draft: Draft, label: str, content: bytes) -> str:
    """Lay a file that is no workbook beside those of a zone, a day before its report."""
    host = draft.host("annual_report")
    came = host.received_at - timedelta(minutes=DAY + 7 * len(draft.loose_files))
    path = f"{host.zone.authority.code}/{host.zone.zone_id}_{label}.xlsx"
    draft.loose_files.append(LooseFile(path, content, came, host.zone.authority.code))
    return path


def _earlier(draft: Draft, label: str) -> Submission:
    """Plan a version of some report that came a day before the good one."""
    return draft.add_version(draft.host("annual_report"), label, -DAY)


@dirt("S01")
def no_workbook(draft: Draft) -> str:
    """Lay down a text that was only named .xlsx."""
    return _loose(draft, "broken", "样例：这不是工作簿，只是一段改了扩展名的文字。\n".encode())


@dirt("S01")
def empty_file(draft: Draft) -> str:
    """Lay down a file of no bytes."""
    return _loose(draft, "empty", b"")


@dirt("S01")
def encrypted_workbook(draft: Draft) -> str:
    """Lay down what a workbook with a password looks like: an OLE container with an encrypted package."""
    package = "EncryptedPackage".encode("utf-16-le")
    return _loose(draft, "encrypted", (OLE_SIGNATURE + bytes(SECTOR) + package).ljust(3 * SECTOR, b"\0"))


@dirt("S01")
def old_binary_workbook(draft: Draft) -> str:
    """Lay down an OLE container without an encrypted package, as an .xls renamed would be."""
    return _loose(draft, "old_format", OLE_SIGNATURE.ljust(2 * SECTOR, b"\0"))


@dirt("S01")
def cut_short(draft: Draft) -> str:
    """Break off a workbook in the middle, as a transfer does."""
    version = _earlier(draft, "cut_short")
    version.byte_edits.append(edits.cut_short)
    return version.path


@dirt("S01")
def zip_without_workbook(draft: Draft) -> str:
    """Leave only the properties of a workbook in its zip."""
    version = _earlier(draft, "no_sheets")
    version.byte_edits.append(partial(edits.rewrite_parts, write=edits.drop_workbook_parts))
    return version.path


@dirt("S01")
def macro_workbook_renamed(draft: Draft) -> str:
    """Name a workbook with macros .xlsx."""
    version = _earlier(draft, "macros")
    macros = (("xl/vbaProject.bin", OLE_SIGNATURE.ljust(SECTOR, b"\0")),)
    version.byte_edits.append(partial(edits.rewrite_parts, write=edits.allow_macros, added=macros))
    return version.path


@dirt("S01")
def zip_bomb(draft: Draft) -> str:
    """Make a workbook declare more bytes inside than may be unpacked."""
    version = _earlier(draft, "bomb")
    version.byte_edits.append(partial(edits.declare_size, size=reading_limit("max_unpacked_bytes") + 1))
    return version.path


@dirt("S01")
def cell_in_the_last_corner(draft: Draft) -> str:
    """Put one cell into the last row and column there are."""
    version = _earlier(draft, "far_cell")
    version.sheet_edits.append(
        partial(edits.put_far_cell, table="roster", row=1_048_576, column=16_384, value="样例")
    )
    return version.path


@dirt("S01")
def too_many_sheets(draft: Draft) -> str:
    """Add as many sheets as there may be, beside those that belong there."""
    version = _earlier(draft, "many_sheets")
    names = tuple(f"样例{number}" for number in range(reading_limit("max_sheets")))
    version.sheet_edits.append(partial(edits.add_sheets, names=names))
    return version.path
