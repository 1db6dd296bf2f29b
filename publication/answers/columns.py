"""The columns of an answer sheet: those a person fills in, by their labels, and how a header is read back."""

from dataclasses import dataclass
from functools import cache

from ingestion.seeds import load_seed

LEDGER = "dispositions"
SHEET = "处理意见"
HISTORY_SHEET = "历史"

KEY = "failure_id"
EXPIRES_ON = "expires_on"
RECORDED_AT = "recorded_at"


@dataclass(frozen=True)
class AnswerColumn:
    """A column that becomes a field of the ledger: ``header`` is its label and the field's name."""

    field: str
    label: str
    note: str
    width: int

    @property
    def header(self) -> str:
        """Give what stands above the column."""
        return f"{self.label} {self.field}"


@cache
def answer_columns() -> tuple[AnswerColumn, ...]:
    """Give the columns in their order."""
    rows = load_seed("answer_columns").iter_rows()
    return tuple(AnswerColumn(field, label, note, int(width)) for field, label, note, width in rows)


def field_of(header: object) -> str | None:
    """Give the field of the ledger that ``header`` names with its last word; ``None`` when it names none."""
    words = str(header or "").split()
    fields = {column.field for column in answer_columns()}
    return words[-1] if words and words[-1] in fields else None
