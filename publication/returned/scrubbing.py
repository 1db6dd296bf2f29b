"""What is taken out of a copy before it leaves: personal data, and whatever could run, call out or hide.

Belongs here: making a workbook of openpyxl hold the contract's sheets with plain values and nothing else.
Only what the contract names is known to be no personal data: contacts, sheets and columns beyond it stay in
the archive. Does not belong here: marking.
"""

from collections.abc import Iterable
from typing import Any

from openpyxl.cell.cell import MergedCell
from openpyxl.packaging.core import DocumentProperties
from openpyxl.packaging.custom import CustomPropertyList
from openpyxl.workbook import Workbook
from openpyxl.worksheet.datavalidation import DataValidationList
from openpyxl.worksheet.header_footer import HeaderFooter

from ingestion.reading.contract import ContractSheet, contract_sheets
from ingestion.reading.lake import PERSONAL_MASK
from ingestion.reading.names import fold_name

AUTHOR = "审核"

HEADER_ROWS_LOOKED_AT = 20
"""How far down a header is looked for that does not stand in row 1, so that its columns can be told."""

KEY, VALUE = 1, 2


def scrub(book: Workbook) -> list[str]:
    """Take out of ``book`` what must not leave; give the titles of the sheets that were taken out whole."""
    removed = []
    for sheet in [*book.worksheets, *book.chartsheets]:
        contract = contract_sheets().get(fold_name(sheet.title))
        if contract is None or sheet in book.chartsheets:
            removed.append(sheet.title)
            book.remove(sheet)
        else:
            _strip(sheet)
            (_mask_cover if contract.is_key_value else _mask_table)(sheet, contract)
    book.defined_names.clear()
    book.properties = DocumentProperties(creator=AUTHOR)
    book.custom_doc_props = CustomPropertyList()
    book.security = None
    return removed


def _strip(sheet: Any) -> None:
    """Take away everything but cells: what refers elsewhere, hides rows or holds texts of its own."""
    sheet.defined_names.clear()
    sheet.data_validations = DataValidationList()
    sheet.conditional_formatting = type(sheet.conditional_formatting)()
    sheet.tables.clear()
    sheet.auto_filter.ref = None
    sheet.print_title_rows = sheet.print_title_cols = None
    sheet.HeaderFooter = HeaderFooter()
    sheet.protection.disable()
    sheet.sheet_state = "visible"
    sheet._charts, sheet._images, sheet._pivots = [], [], []
    sheet.legacy_drawing = None
    for dimension in (*sheet.row_dimensions.values(), *sheet.column_dimensions.values()):
        dimension.hidden = False
    for cell in _cells(sheet):
        if cell.hyperlink is not None or cell.comment is not None:
            cell.hyperlink = cell.comment = None


def _cells(sheet: Any) -> list[Any]:
    """Give the cells that are there; the library's own ways make all those between, up to the last one."""
    return [cell for cell in sheet._cells.values() if not isinstance(cell, MergedCell)]


def _mask_cover(sheet: Any, contract: ContractSheet) -> None:
    """Mask the values of personal keys and of keys beyond the contract, and all beside key and value."""
    cells = _cells(sheet)
    fields = {
        cell.row: contract.fields.get(fold_name(cell.value))
        for cell in cells
        if cell.column == KEY and isinstance(cell.value, str)
    }
    shown = {row for row, field in fields.items() if field and field not in contract.personal}
    for cell in cells:
        if cell.column > VALUE or (cell.column == VALUE and cell.row not in shown):
            _mask(cell)


def _mask_table(sheet: Any, contract: ContractSheet) -> None:
    """Mask the cells of personal columns and of columns beyond the contract, below the headers."""
    cells = _cells(sheet)
    header_row, headers = _headers(cells, contract)
    shown = {column for column, field in headers.items() if field not in contract.personal}
    for cell in cells:
        if cell.row > header_row and cell.column not in shown:
            _mask(cell)


def _headers(cells: Iterable[Any], contract: ContractSheet) -> tuple[int, dict[int, str]]:
    """Give the row with the most headers of the contract, the first of them, and its columns with fields."""
    found: dict[int, dict[int, str]] = {1: {}}
    for cell in cells:
        if cell.row <= HEADER_ROWS_LOOKED_AT and isinstance(cell.value, str):
            field = contract.fields.get(fold_name(cell.value))
            if field is not None:
                found.setdefault(cell.row, {})[cell.column] = field
    row = min(found, key=lambda row: (-len(found[row]), row))
    return row, found[row]


def _mask(cell: Any) -> None:
    """Mask ``cell`` when it holds anything."""
    if cell.value is not None:
        cell.value = PERSONAL_MASK
