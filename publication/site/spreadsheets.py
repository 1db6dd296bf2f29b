"""The workbooks that stand in the release beside the site: returned ones, answer sheets, exports.

Belongs here: which of them stand there, by submission and by authority, as paths from the release's folder.
"""

import json
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from publication.site.marts import Row

RETURNED_INDEX = Path("returned", "index.json")
ANSWERS = "answers"
HISTORY = "history.csv"
EXPORTS = "exports"
EXPORTED = "marts.xlsx"


@dataclass(frozen=True)
class Spreadsheets:
    """What stands there: ``returned`` by submission, ``answers`` and ``exports`` by authority."""

    returned: dict[str, str] = field(default_factory=dict)
    answers: dict[str, str] = field(default_factory=dict)
    exports: dict[str, str] = field(default_factory=dict)
    history: list[Row] = field(default_factory=list)

    @property
    def authorities(self) -> list[str]:
        """Give the authorities that have an answer sheet or an export, in order."""
        return sorted(self.answers.keys() | self.exports.keys())


def spreadsheets_of(release: Path) -> Spreadsheets:
    """Find the workbooks of the release at ``release``; none where a release holds none."""
    return Spreadsheets(
        returned=_returned(release / RETURNED_INDEX),
        answers={path.stem: f"{ANSWERS}/{path.name}" for path in sorted((release / ANSWERS).glob("*.xlsx"))},
        exports={
            path.parent.name: f"{EXPORTS}/{path.parent.name}/{EXPORTED}"
            for path in sorted((release / EXPORTS).glob(f"*/{EXPORTED}"))
        },
        history=_history(release / ANSWERS / HISTORY),
    )


def _returned(index: Path) -> dict[str, str]:
    if not index.is_file():
        return {}
    told = json.loads(index.read_text(encoding="utf-8"))
    return {workbook["submission_id"]: workbook["path"] for workbook in told}


def _history(file: Path) -> list[Row]:
    """Give every answer that the night saw, the newest first."""
    if not file.is_file():
        return []
    answers = pl.read_csv(file, infer_schema=False)
    order = ["recorded_at", "ledger_file", "row_number"]
    return answers.sort(order, descending=True, nulls_last=True).rows(named=True)
