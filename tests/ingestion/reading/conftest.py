"""Real files and what the reader makes of them."""

import io
import json
import zipfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import xlsxwriter

from ingestion.reading.csv_file import read_csv
from ingestion.reading.lake import reading_folder
from ingestion.reading.workbook import read_workbook
from ingestion.receive import Reception

WORKBOOK_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"


@dataclass(frozen=True)
class Read:
    """A folder of the lake: ``reading.json`` and the tables beside it."""

    folder: Path
    described: dict[str, Any]

    @property
    def refusal(self) -> dict[str, Any] | None:
        """What stands under ``refusal``."""
        return self.described["refusal"]

    @property
    def case(self) -> str | None:
        """The case of the refusal, if there is one."""
        return self.refusal["case"] if self.refusal else None

    def sheets(self, table_name: str | None) -> list[dict[str, Any]]:
        """Give the entries of the sheets of ``table_name``."""
        return [sheet for sheet in self.described["sheets"] if sheet["table_name"] == table_name]

    def sheet(self, table_name: str | None) -> dict[str, Any]:
        """Give the entry of the one sheet of ``table_name``."""
        (sheet,) = self.sheets(table_name)
        return sheet

    def table(self, table_name: str | None = None) -> pl.DataFrame:
        """Give the Parquet of the one sheet of ``table_name``."""
        return pl.read_parquet(self.folder / self.sheet(table_name)["file"])

    def column(self, table_name: str, field: str) -> list[str | None]:
        """Give the cells of the one column of ``field``."""
        (column,) = [column for column in self.sheet(table_name)["columns"] if column["field"] == field]
        return self.table(table_name)[column["column"]].to_list()

    def everything(self) -> bytes:
        """Give every byte that was written."""
        return b"".join(path.read_bytes() for path in sorted(self.folder.iterdir()))


def read_folder(folder: Path) -> Read:
    return Read(folder, json.loads((folder / "reading.json").read_text(encoding="utf-8")))


@pytest.fixture
def read_at(tmp_path: Path) -> Callable[[Reception, str], Read]:
    """Give what a night, whose home is ``home`` here, has read of the file at a path of its inbox."""

    def read_path(reception: Reception, path: str) -> Read:
        (row,) = reception.files.filter(path=path).iter_rows(named=True)
        return read_folder(reading_folder(tmp_path / "home", row["sha256"], row["kind"]))

    return read_path


@pytest.fixture
def read(tmp_path: Path) -> Callable[[bytes], Read]:
    """Read the bytes of a workbook in this process."""

    def read_bytes(content: bytes) -> Read:
        source = tmp_path / "source"
        source.write_bytes(content)
        folder = tmp_path / "read"
        case = read_workbook(source, folder)
        result = read_folder(folder)
        assert result.case == case
        return result

    return read_bytes


@pytest.fixture
def read_ledger(tmp_path: Path) -> Callable[[bytes], Read]:
    """Read the bytes of a CSV file."""

    def read_bytes(content: bytes) -> Read:
        source = tmp_path / "source"
        source.write_bytes(content)
        read_csv(source, tmp_path / "read")
        return read_folder(tmp_path / "read")

    return read_bytes


@pytest.fixture
def written() -> Callable[[Callable[[xlsxwriter.Workbook], None]], bytes]:
    """Give the bytes of the workbook that a function fills."""

    def write(build: Callable[[xlsxwriter.Workbook], None]) -> bytes:
        stream = io.BytesIO()
        workbook = xlsxwriter.Workbook(stream, {"in_memory": True})
        build(workbook)
        workbook.close()
        return stream.getvalue()

    return write


@pytest.fixture
def workbook_of(written: Callable[..., bytes]) -> Callable[[Mapping[str, Iterable[Iterable[Any]]]], bytes]:
    """Give a workbook with the sheets: title → rows of cells."""

    def write(sheets: Mapping[str, Iterable[Iterable[Any]]]) -> bytes:
        def build(workbook: xlsxwriter.Workbook) -> None:
            for title, rows in sheets.items():
                sheet = workbook.add_worksheet(title)
                for number, row in enumerate(rows):
                    sheet.write_row(number, 0, row)

        return written(build)

    return write


@pytest.fixture
def parts_of() -> Callable[..., dict[str, str]]:
    """Give the parts of a one-sheet workbook whose sheet holds some XML."""
    return _parts_of


@pytest.fixture
def raw(zipped: Callable[..., bytes]) -> Callable[..., bytes]:
    """Give the bytes of a one-sheet workbook whose sheet holds some XML."""
    return lambda sheet_data, **options: zipped(_parts_of(sheet_data, **options))


@pytest.fixture
def zipped() -> Callable[[Mapping[str, str | bytes]], bytes]:
    """Give a zip of some parts."""

    def write(parts: Mapping[str, str | bytes]) -> bytes:
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in parts.items():
                archive.writestr(name, content)
        return stream.getvalue()

    return write


def _parts_of(
    sheet_data: str,
    *,
    title: str = "企业名录",
    dimension: str | None = None,
    content_type: str = WORKBOOK_TYPE,
) -> dict[str, str]:
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    stated = f'<dimension ref="{dimension}"/>' if dimension else ""
    return {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{content_type}"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{SHEET_TYPE}"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="rId1" '
        f'Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets>'
        f'<sheet name="{title}" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships"><Relationship '
        f'Id="rId1" Type="{office}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}">{stated}<sheetData>{sheet_data}</sheetData>'
        "</worksheet>",
    }
