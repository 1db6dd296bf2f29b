"""What the workbook library does not tell of a sheet: its error cells, and values beyond the limits.

The library gives error cells as blanks, and allocates the whole rectangle up to the farthest cell. So the
sheet's own XML is searched for the few cells that matter; it is parsed only when there may be some.
"""

import io
import re
import zipfile
from collections.abc import Callable
from xml.parsers import expat

from ingestion.reading.contract import ReadingLimits
from ingestion.reading.lake import RefusedError

CHUNK_BYTES = 1 << 20
HEAD_BYTES = 1 << 12
OVERLAP_BYTES = 64
LETTERS = 26

ERROR_CELL = re.compile(rb"""\bt=["']e["']""")
DIMENSION = re.compile(rb"""<(?:\w+:)?dimension\s+ref=["']([A-Z]+\d+)(?::([A-Z]+\d+))?["']""")
REFERENCE = re.compile(r"([A-Z]+)(\d+)")
ERROR_SIEVES = (b't="e"', b"t='e'")
"""One of these is in every sheet that has error cells; a plain search is many times as fast as a pattern."""

VALUE_ELEMENTS = frozenset({"v", "t"})
"""The elements below a cell that hold what a person sees: a stored value, an inline text."""

Visit = Callable[[int, int, str, str], None]


def find_errors(archive: zipfile.ZipFile, part: str) -> dict[int, dict[int, str]]:
    """Give the error cells of the sheet ``part``: row (from 0) → column (from 0) → text such as ``#N/A``."""
    found: dict[int, dict[int, str]] = {}
    if not _contains(archive, part, lambda window: any(sieve in window for sieve in ERROR_SIEVES)):
        return found

    def visit(row: int, column: int, kind: str, value: str) -> None:
        if kind == "e" and value:  # one without a stored text is as blank as any other cell
            found.setdefault(row, {})[column] = value

    _walk(archive, part, visit)
    return found


def errors_as_text(archive: zipfile.ZipFile, part: str) -> io.BytesIO:
    """Give a copy of the workbook in which the error cells of the sheet ``part`` are text cells.

    The library refuses a whole sheet for one error that it does not know, ``#SPILL!`` say.
    """
    copy = io.BytesIO()
    with zipfile.ZipFile(copy, "w") as target:
        for entry in archive.infolist():
            if entry.filename == part:
                target.writestr(part, ERROR_CELL.sub(b't="str"', archive.read(entry)))
            elif entry.filename.endswith((".xml", ".rels")):
                target.writestr(entry.filename, archive.read(entry))
    copy.seek(0)
    return copy


def check_extent(archive: zipfile.ZipFile, part: str, limits: ReadingLimits) -> None:
    """Raise ``RefusedError`` when a value of the sheet ``part`` lies beyond the limits.

    What the sheet says of its own extent is believed when it is within the limits: a lie is caught by the
    reader's memory limit. Where it says nothing or more, its cells are looked at.
    """
    with archive.open(part) as stream:
        stated = DIMENSION.search(stream.read(HEAD_BYTES))
    if stated is not None:
        rows, columns = _position((stated[2] or stated[1]).decode())
        if rows < limits.max_rows and columns < limits.max_columns:
            return
    check_values(archive, part, limits)


def check_values(archive: zipfile.ZipFile, part: str, limits: ReadingLimits) -> None:
    """Raise ``RefusedError`` when a value of the sheet ``part`` lies beyond the limits."""
    sieve = _far_references(limits)
    if not _contains(archive, part, lambda window: sieve.search(window) is not None):
        return
    farthest = [0, 0]

    def visit(row: int, column: int, kind: str, value: str) -> None:
        del kind
        if value:
            farthest[:] = max(farthest[0], row + 1), max(farthest[1], column + 1)

    _walk(archive, part, visit)
    if farthest[1] > limits.max_columns:
        raise RefusedError("too_many_columns", farthest[1], limits.max_columns)
    if farthest[0] > limits.max_rows:
        raise RefusedError("too_many_rows", farthest[0], limits.max_rows)


def _far_references(limits: ReadingLimits) -> re.Pattern[bytes]:
    """Give a sieve for cells that may lie beyond ``limits``: as many letters or digits as the last within.

    So few sheets have to be walked through cell by cell.
    """
    letters, left = 0, limits.max_columns
    while left > 0:
        letters, left = letters + 1, (left - 1) // LETTERS
    return re.compile(rb"""r=["'](?:[A-Z]{%d}|[A-Z]*\d{%d})""" % (letters, len(str(limits.max_rows))))


def _contains(archive: zipfile.ZipFile, part: str, occurs: Callable[[bytes], bool]) -> bool:
    """Tell whether something ``occurs`` in the unpacked bytes of ``part``, a chunk at a time."""
    window = b""
    with archive.open(part) as stream:
        while chunk := stream.read(CHUNK_BYTES):
            window = window[-OVERLAP_BYTES:] + chunk
            if occurs(window):
                return True
    return False


def _walk(archive: zipfile.ZipFile, part: str, visit: Visit) -> None:
    """Call ``visit`` with (row from 0, column from 0, type, value) of every cell of the sheet ``part``."""
    walker = _CellWalker(visit)
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = walker.start
    parser.EndElementHandler = walker.end
    parser.CharacterDataHandler = walker.text
    with archive.open(part) as stream:
        parser.ParseFile(stream)


class _CellWalker:
    """Follows rows and cells; a row or cell that does not say where it is follows the one before."""

    def __init__(self, visit: Visit) -> None:
        self.visit = visit
        self.row = self.column = -1
        self.kind = ""
        self.value: list[str] = []
        self.in_value = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        name = name.rpartition(":")[2]
        if name == "c":
            if "r" in attributes:
                self.row, self.column = _position(attributes["r"])
            else:
                self.column += 1
            self.kind, self.value = attributes.get("t", "n"), []
        elif name == "row":
            self.row = _position("A" + attributes["r"])[0] if "r" in attributes else self.row + 1
            self.column = -1
        self.in_value = name in VALUE_ELEMENTS

    def end(self, name: str) -> None:
        if name.rpartition(":")[2] == "c":
            self.visit(self.row, self.column, self.kind, "".join(self.value))
        self.in_value = False

    def text(self, data: str) -> None:
        if self.in_value:
            self.value.append(data)


def _position(reference: str) -> tuple[int, int]:
    """Give (row, column), both from 0, of a reference such as ``XFD1048576``."""
    matched = REFERENCE.fullmatch(reference)
    if matched is None:
        raise RefusedError("corrupt")
    column = 0
    for letter in matched[1]:
        column = column * LETTERS + ord(letter) - ord("A") + 1
    return int(matched[2]) - 1, column - 1
