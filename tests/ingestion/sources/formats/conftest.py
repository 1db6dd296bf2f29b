"""Reading answers as the file of sources would have them read. All figures in these tests are invented."""

from collections.abc import Callable
from datetime import datetime
from io import BytesIO
from typing import Any

import polars as pl
import pytest
import xlsxwriter
from pydantic import TypeAdapter

from ingestion.sources.answers import Answer
from ingestion.sources.formats import AnyFormat

Read = Callable[..., pl.DataFrame]


@pytest.fixture
def read() -> Read:
    """Give a reader of a body (text is sent as UTF-8) in a format, which gives the table's frame."""

    def read_body(body: bytes | str, charset: str = "", **stated: Any) -> pl.DataFrame:
        body = body.encode() if isinstance(body, str) else body
        answer = Answer(
            "exports", "", datetime.fromisoformat("2026-03-01T02:00:00"), "0" * 64, len(body), charset=charset
        )
        return TypeAdapter(AnyFormat).validate_python(stated).read(body, answer).frame

    return read_body


@pytest.fixture
def workbook() -> Callable[[dict[str, list[list[Any]]]], bytes]:
    """Give a maker of workbooks from the cells of sheets by title."""

    def make(sheets: dict[str, list[list[Any]]]) -> bytes:
        target = BytesIO()
        with xlsxwriter.Workbook(target, {"nan_inf_to_errors": True}) as book:
            for title, rows in sheets.items():
                sheet = book.add_worksheet(title)
                for place, row in enumerate(rows):
                    sheet.write_row(place, 0, row)
        return target.getvalue()

    return make
