"""The shapes in which outside sources answer, a module each, and the choice among them.

Belongs here: from bytes to a table of text. Does not belong here: which ledger the columns belong to and what
their cells mean (``ingestion.sources.mapping``), and how the bytes came.
"""

from typing import Annotated

from pydantic import Field

from ingestion.sources.formats.csv_table import CsvTable
from ingestion.sources.formats.easyquery import EasyQuery
from ingestion.sources.formats.es_data import EsData
from ingestion.sources.formats.json_table import JsonTable
from ingestion.sources.formats.ledger_csv import LedgerCsv
from ingestion.sources.formats.table import Format, Table
from ingestion.sources.formats.xlsx_table import XlsxTable

__all__ = ["AnyFormat", "Format", "Table"]

AnyFormat = Annotated[
    CsvTable | XlsxTable | JsonTable | EasyQuery | EsData | LedgerCsv, Field(discriminator="kind")
]
"""The table ``[source.format]`` of the file of sources; ``kind`` chooses the model."""
