"""What is no workbook, or too large a one, is refused with its case, value and limit (S01)."""

import io
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from ingestion.reading.contract import reading_limits
from ingestion.reading.workbook import read_workbook

TEMPLATE = "application/vnd.openxmlformats-officedocument.spreadsheetml.template.main+xml"
MACRO_WORKBOOK = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
BINARY_WORKBOOK = "application/vnd.ms-excel.sheet.binary.macroEnabled.main"
OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
HEADER_CELL = '<c r="A1" t="inlineStr"><is><t>年度</t></is></c>'


def declare(content: bytes, part: str, size: int) -> bytes:
    """Give the zip with another unpacked size declared for ``part``, in both places where it stands."""
    patched = bytearray(content)
    name = part.encode()
    for magic, size_offset, name_offset in ((b"PK\x01\x02", 24, 46), (b"PK\x03\x04", 22, 30)):
        place = patched.find(magic)
        while patched[place + name_offset : place + name_offset + len(name)] != name:
            place = patched.find(magic, place + 1)
            assert place >= 0
        struct.pack_into("<I", patched, place + size_offset, size)
    return bytes(patched)


def test_an_empty_file(read) -> None:
    assert read(b"").refusal == {"case": "empty_file", "value": None, "limit": None, "detail": None}


@pytest.mark.parametrize(
    "content", [b"\x00" * 100, "年度,企业名称\n".encode(), b"%PDF-1.7", OLE_MAGIC + b"Workbook" * 99]
)
def test_a_file_that_is_no_zip(read, content: bytes) -> None:
    assert read(content).case == "not_a_zip"


def test_a_workbook_behind_a_password(read) -> None:
    assert read(OLE_MAGIC + b"\x00" * 500 + "EncryptedPackage".encode("utf-16-le")).case == "encrypted"


def test_a_zip_whose_parts_are_encrypted(read, raw) -> None:
    content = bytearray(raw(""))
    for magic, offset in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        content[content.find(magic) + offset] |= 1
    assert read(bytes(content)).case == "encrypted"


def test_a_zip_that_is_no_workbook(read, zipped) -> None:
    assert read(zipped({"readme.txt": "年度报告"})).case == "not_xlsx"


@pytest.mark.parametrize("content_type", [TEMPLATE, BINARY_WORKBOOK, "application/vnd.oasis.opendocument"])
def test_a_workbook_of_another_format_renamed(read, raw, content_type: str) -> None:
    assert read(raw("", content_type=content_type)).case == "not_xlsx"


def test_a_macro_workbook_renamed(read, raw) -> None:
    refusal = read(raw("", content_type=MACRO_WORKBOOK)).refusal
    assert (refusal["case"], refusal["value"]) == ("macro_enabled", MACRO_WORKBOOK.lower())


def test_a_macro_inside_a_workbook_that_says_it_has_none(read, parts_of, zipped) -> None:
    parts = parts_of("")
    macro = (
        '<Override PartName="/xl/vbaProject.bin" ContentType="application/vnd.ms-office.vbaProject"/></Types>'
    )
    parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace("</Types>", macro)
    assert read(zipped(parts)).case == "macro_enabled"


@pytest.mark.parametrize(
    "missing", ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/_rels/workbook.xml.rels"]
)
def test_a_workbook_that_lacks_a_part_is_corrupt(read, parts_of, zipped, missing: str) -> None:
    parts = parts_of("")
    del parts[missing]
    assert read(zipped(parts)).case == "corrupt"


def test_a_workbook_cut_off_on_its_way_is_corrupt(read, workbook_of) -> None:
    content = workbook_of({"企业名录": [["年度"], [2025]]})
    assert read(content[: len(content) // 2]).case == "corrupt"


def test_what_a_library_says_of_a_corrupt_file_is_no_value_of_it(read, parts_of, zipped) -> None:
    refusal = read(zipped(parts_of("<row"))).refusal
    assert (refusal["case"], refusal["value"], refusal["limit"]) == ("corrupt", None, None)
    assert refusal["detail"]


def test_a_sheet_of_broken_xml_is_corrupt(read, raw) -> None:
    assert read(raw(f'<row r="1">{HEADER_CELL}</row><row r="2"><c r="A2"><v>1</c></row>')).case == "corrupt"


def test_a_part_larger_than_it_declares_is_corrupt(read, raw) -> None:
    content = declare(raw(f'<row r="1">{HEADER_CELL}</row>'), "xl/worksheets/sheet1.xml", 10)
    assert read(content).case == "corrupt"


def test_a_file_of_one_byte_more_than_the_limit_is_too_large(tmp_path: Path) -> None:
    source, limit = tmp_path / "large", reading_limits().max_file_bytes
    with source.open("wb") as file:
        file.truncate(limit + 1)
    assert read_workbook(source, tmp_path / "read") == "file_too_large"
    with source.open("wb") as file:
        file.truncate(limit)
    assert read_workbook(source, tmp_path / "again") == "not_a_zip"


def test_a_bomb_is_known_by_the_size_that_it_declares(read, raw) -> None:
    content = declare(raw(""), "xl/worksheets/sheet1.xml", 2_900_000_000)
    refusal = read(content).refusal
    assert refusal["case"] == "unpacked_too_large"
    assert int(refusal["value"]) > 2_900_000_000
    assert refusal["limit"] == str(reading_limits().max_unpacked_bytes)


@pytest.mark.parametrize(("count", "case"), [(64, None), (65, "too_many_sheets")])
def test_the_64th_sheet_is_the_last(read, workbook_of, count: int, case: str | None) -> None:
    assert read(workbook_of({f"表{number}": [[1]] for number in range(count)})).case == case


@pytest.mark.parametrize("title", ["企业名录", "附表"])
@pytest.mark.parametrize(("columns", "case"), [(256, None), (257, "too_many_columns")])
def test_the_256th_column_is_the_last(read, workbook_of, title: str, columns: int, case: str | None) -> None:
    assert read(workbook_of({title: [["年度"], [None] * (columns - 1) + [5]]})).case == case


def test_one_cell_in_the_last_corner_of_a_sheet_is_beyond_the_256th_column(
    read, written: Callable[[Callable[[xlsxwriter.Workbook], None]], bytes]
) -> None:
    content = written(lambda workbook: workbook.add_worksheet("企业名录").write(1_048_575, 16_383, "x"))
    refusal = read(content).refusal
    assert (refusal["case"], refusal["value"], refusal["limit"]) == ("too_many_columns", "16384", "256")


@pytest.mark.parametrize("dimension", [None, "A1:XFD1048576", "A1:ZZZ99999999"])
def test_a_far_value_is_found_whatever_a_sheet_states_or_not(read, raw, dimension: str | None) -> None:
    far = '<row r="2"><c r="IW2"><v>5</v></c></row>'
    assert read(raw(f'<row r="1">{HEADER_CELL}</row>{far}', dimension=dimension)).case == "too_many_columns"


def test_a_value_beyond_the_last_row_is_one_row_too_many(read, raw) -> None:
    last = f'<row r="1">{HEADER_CELL}</row><row r="1048576"><c r="A1048576"><v>1</v></c></row>'
    assert read(raw(last)).table("roster").rows() == [(1_048_576, "1")]


def test_the_row_after_the_last_is_refused(read, raw) -> None:
    beyond = f'<row r="1">{HEADER_CELL}</row><row r="1048577"><c r="A1048577"><v>1</v></c></row>'
    refusal = read(raw(beyond)).refusal
    assert (refusal["case"], refusal["value"], refusal["limit"]) == ("too_many_rows", "1048577", "1048576")


def test_formatted_cells_without_values_do_not_count_as_columns(read, raw) -> None:
    blank = '<row r="2"><c r="A2"><v>2025</v></c><c r="XFD2" s="0"/><c r="XFC2"/></row>'
    result = read(raw(f'<row r="1">{HEADER_CELL}</row>{blank}', dimension="A1:XFD1048576"))
    assert result.table("roster").rows() == [(2, "2025")]


@pytest.mark.parametrize("row", ['r="x"', 'r="-1"', 'r=""'])
def test_a_row_without_a_place_is_corrupt(read, raw, row: str) -> None:
    assert read(raw(f'<row {row}><c t="e"><v>#N/A</v></c></row>')).case == "corrupt"


@pytest.mark.parametrize(
    ("shown_as", "number"), [("[h]:mm", 110000198001011234), ("yyyy-mm-dd", -1e15), ("[h]:mm", -1e300)]
)
def test_a_number_shown_as_a_time_that_no_clock_can_hold_is_corrupt(
    read, written, shown_as: str, number: float
) -> None:
    def build(workbook: xlsxwriter.Workbook) -> None:
        time = workbook.add_format({"num_format": shown_as})
        workbook.add_worksheet("企业名录").write_number(0, 0, number, time)

    assert read(written(build)).case == "corrupt"


def test_a_directory_that_leads_before_the_beginning_is_corrupt(read, raw) -> None:
    content = bytearray(raw(f'<row r="1">{HEADER_CELL}</row>'))
    directory = content.rfind(b"PK\x05\x06")
    (start,) = struct.unpack_from("<I", content, directory + 16)
    struct.pack_into("<I", content, directory + 16, start + 5000)
    assert read(bytes(content)).case == "corrupt"


def test_the_case_of_a_part_does_not_count(read, parts_of, zipped) -> None:
    parts = parts_of(f'<row r="1">{HEADER_CELL}</row>')
    parts["xl/Worksheets/SHEET1.xml"] = parts.pop("xl/worksheets/sheet1.xml")
    assert read(zipped(parts)).sheet("roster")["headers"] == ["年度"]


def test_a_workbook_of_the_strict_variant_is_read(read, parts_of, zipped) -> None:
    transitional = "http://schemas.openxmlformats.org"
    strict = {
        f"{transitional}/spreadsheetml/2006/main": "http://purl.oclc.org/ooxml/spreadsheetml/main",
        f"{transitional}/officeDocument/2006/": "http://purl.oclc.org/ooxml/officeDocument/",
    }
    parts = parts_of(f'<row r="1">{HEADER_CELL}</row>')
    for before, after in strict.items():
        parts = {name: content.replace(before, after) for name, content in parts.items()}
    assert read(zipped(parts)).sheet("roster")["headers"] == ["年度"]


def test_a_workbook_of_another_writer_is_read(read) -> None:
    stream = io.BytesIO()
    workbook = openpyxl.Workbook(write_only=True)
    sheet = workbook.create_sheet("企业名录")
    sheet.append(["年度", "企业名称"])
    sheet.append([2025, "甲"])
    workbook.save(stream)
    assert b"<dimension" not in zipfile.ZipFile(stream).read("xl/worksheets/sheet1.xml")
    assert read(stream.getvalue()).table("roster").rows() == [(2, "2025", "甲")]
