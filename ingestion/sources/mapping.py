"""From the columns of an answer to the fields of a ledger, as the file of sources says it.

Belongs here: what ``[source.mapping]`` may say, and laying a table under a ledger's fields. Does not belong
here: the shape of an answer (``formats``), which of its rows are new (``vintages``).
"""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date
from email.utils import parsedate_to_datetime
from typing import Annotated, Literal, Self

import polars as pl
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, RootModel, model_validator

from ingestion.inbox import SHANGHAI
from ingestion.judging.contract import Field as LedgerField
from ingestion.judging.contract import ledgers
from ingestion.judging.ledger_rules import RECORDED_AT
from ingestion.reading.names import fold_name
from ingestion.sources.answers import Answer
from ingestion.sources.errors import AnswerUnreadableError
from ingestion.sources.formats.table import Table
from ingestion.sources.terms import unit_of

LONGEST_PATTERN = 200
UNIT = "unit"
PUBLISHED_ON = "published_on"


def _check_pattern(pattern: str) -> str:
    """Refuse what is no pattern, what takes out nothing or too much, and what may take for ever to match."""
    try:
        groups = re.compile(pattern).groups
    except re.error as error:
        raise ValueError(f"不是正则表达式：{error}\nno regular expression: {error}") from error
    if groups != 1 or len(pattern) > LONGEST_PATTERN:
        raise ValueError(
            "应恰有一个分组，且不过长\nexactly one group is expected, and no more than 200 characters"
        )
    if re.search(r"[*+}]\)*[*+{]", pattern):
        raise ValueError("不得嵌套重复\na repetition may not be repeated")
    return pattern


class FieldMapping(BaseModel):
    """Where the texts of a field come from: exactly one of ``column``, ``constant`` and ``taken_from``.

    ``taken_from`` is last_modified, the day in Shanghai that the answer's header states (the day of the fetch
    where it states none or a later one), or fetched_on, the day of the fetch. ``pattern`` takes its group out
    of the column's text; ``values`` then says what a text becomes, compared after NFKC without white space.
    A text that neither knows stays as it is, for V20 to name.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    column: str | None = None
    constant: str | None = None
    taken_from: Literal["last_modified", "fetched_on"] | None = None
    pattern: Annotated[str, AfterValidator(_check_pattern)] | None = None
    values: dict[str, str] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _one_origin(self) -> Self:
        if sum(origin is not None for origin in (self.column, self.constant, self.taken_from)) != 1:
            raise ValueError(
                "column、constant、taken_from 应写且只写其一"
                "\nexactly one of column, constant and taken_from is expected"
            )
        if self.column is None and (self.pattern or self.values):
            raise ValueError("pattern 与 values 只用于 column\npattern and values go with column only")
        return self

    def text_of(self, cell: str) -> str:
        """Give what ``cell`` becomes."""
        if self.pattern is not None and (match := re.search(self.pattern, cell)):
            cell = match[1] or ""
        if not self.values:
            return cell
        folded = {fold_name(text): value for text, value in self.values.items()}
        return folded.get(fold_name(cell), cell)


def _column_by_name(value: object) -> object:
    return {"column": value} if isinstance(value, str) else value


class SourceMapping(RootModel[dict[str, Annotated[FieldMapping, BeforeValidator(_column_by_name)]]]):
    """The fields of a ledger and where each comes from; a bare text names a column.

    Empty, it takes every field from the column of its own name.
    """

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)
    root: dict[str, Annotated[FieldMapping, BeforeValidator(_column_by_name)]] = Field(default_factory=dict)

    def problems(self, ledger: str, told_columns: frozenset[str] | None) -> list[tuple[str, str]]:
        """Give what is wrong with the mapping onto ``ledger``, in Chinese and in English.

        ``told_columns`` are those that the format always has (``Format.told_columns``).
        """
        fields = {field.name: field for field in ledgers()[ledger].fields}
        found = [
            _told(name, f"{ledger} 没有此字段", f"{ledger} has no such field")
            for name in self.root
            if name not in fields
        ]
        found += [
            _told(field.name, "必填字段没有映射", "the required field is missing")
            for field in fields.values()
            if self.root and field.required and field.name not in {*self.root, RECORDED_AT}
        ]
        for name, origin in self.root.items():
            if name in fields:
                found += _problems_of(fields[name], origin, told_columns)
        return found

    def lay_out(self, table: Table, ledger: str, answer: Answer) -> pl.DataFrame:
        """Give the rows of ``table`` with the fields of ``ledger`` as text, but for ``recorded_at``.

        Raises ``AnswerUnreadableError`` (absent_column) where a column is absent that the mapping names or,
        without one, that a required field needs.
        """
        columns = {fold_name(name): name for name in table.columns}
        origins = self.root or {
            field.name: FieldMapping(column=field.name)
            for field in ledgers()[ledger].fields
            if field.name != RECORDED_AT and (field.required or field.name in columns)
        }
        absent = [
            origin.column
            for origin in origins.values()
            if origin.column is not None and fold_name(origin.column) not in columns
        ]
        if absent:
            raise AnswerUnreadableError("absent_column", "、".join(absent))
        series = {
            name: _texts(origin, table, columns, answer).alias(name) for name, origin in origins.items()
        }
        return pl.DataFrame(
            [
                series.get(field.name, pl.Series(field.name, [None] * table.frame.height, dtype=pl.String))
                for field in ledgers()[ledger].fields
                if field.name != RECORDED_AT
            ]
        )

    @property
    def publication_is_taken(self) -> bool:
        """Whether the day of publication comes from the fetch, not from what the source says."""
        origin = self.root.get(PUBLISHED_ON)
        return origin is not None and origin.taken_from is not None


def replaced(texts: pl.Series, meaning: Callable[[str], str | None]) -> pl.Series:
    """Give ``texts`` with each distinct one replaced by its ``meaning``; null stays null."""
    distinct = texts.drop_nulls().unique(maintain_order=True)
    if distinct.is_empty():
        return texts
    meanings = pl.Series([meaning(text) for text in distinct], dtype=pl.String)
    return texts.replace_strict(distinct, meanings, default=None, return_dtype=pl.String)


def _texts(origin: FieldMapping, table: Table, columns: Mapping[str, str], answer: Answer) -> pl.Series:
    if origin.column is not None:
        return replaced(table.frame[columns[fold_name(origin.column)]], origin.text_of)
    text = origin.constant if origin.constant is not None else _day(origin, answer)
    return pl.Series([text] * table.frame.height, dtype=pl.String)


def last_modified_on(answer: Answer) -> date | None:
    """Give the day in Shanghai of the header Last-Modified; ``None`` where none can be read."""
    try:
        stated = parsedate_to_datetime(answer.headers.get("last-modified", ""))
        aware = stated if stated.tzinfo else stated.replace(tzinfo=UTC)
        return aware.astimezone(SHANGHAI).date()
    except (ValueError, OverflowError):
        return None


def _day(origin: FieldMapping, answer: Answer) -> str:
    fetched_on = answer.fetched_at.date()
    stated = last_modified_on(answer) if origin.taken_from == "last_modified" else None
    return min(stated or fetched_on, fetched_on).isoformat()


def _problems_of(
    field: LedgerField, origin: FieldMapping, told_columns: frozenset[str] | None
) -> list[tuple[str, str]]:
    """Give what is wrong with ``field`` coming from ``origin``."""
    if field.name == RECORDED_AT:
        return [_told(field.name, "取数时刻，不得映射", "the moment of the fetch can't be mapped")]
    found = []
    if origin.taken_from is not None and field.name != PUBLISHED_ON:
        # Anything else that changes from fetch to fetch would make every row a revision every time.
        found.append(
            _told(field.name, f"taken_from 只用于 {PUBLISHED_ON}", f"taken_from is for {PUBLISHED_ON}")
        )
    if told_columns is not None and origin.column is not None and origin.column not in told_columns:
        found.append(_told(field.name, f"没有列 {origin.column}", f"no column {origin.column}"))
    stated = [*origin.values.values(), *([] if origin.constant is None else [origin.constant])]
    if not all(_is_known(field, text) for text in stated):
        listed = "、".join(value.text for value in field.values)
        found.append(
            _told(field.name, f"写明的内容应为 {listed}", f"expected what is stated to be of {listed}")
        )
    return found


def _is_known(field: LedgerField, text: str) -> bool:
    """Tell whether ``text``, as the file of sources states it, is one of the values of ``field``, if any."""
    if not field.values:
        return True
    listed = any(fold_name(text) == value.text for value in field.values)
    return listed or (field.name == UNIT and unit_of(text) is not None)


def _told(field: str, zh: str, en: str) -> tuple[str, str]:
    return f"映射 {field}：{zh}", f"mapping of {field}: {en}"
