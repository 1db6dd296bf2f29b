"""What every format gives: a table of text, and what a format is.

Belongs here: the shape that formats and the mapping share, and how a body becomes text. Does not belong here:
any shape of an answer, and what a cell means (``ingestion.sources.mapping``).
"""

import codecs
from abc import abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

import polars as pl
from pydantic import BaseModel, ConfigDict

from ingestion.sources.answers import Answer
from ingestion.sources.errors import AnswerUnreadableError

ENCODINGS = ("utf-8-sig", "gb18030")
"""Tried in this order where an answer does not state its own, as ledgers of the inbox are read."""


@dataclass(frozen=True)
class Table:
    """The rows of an answer as text: a column a name, null where the source says nothing.

    ``frame`` has text columns only. A cell stands as the source wrote it; whether it means that a figure is
    missing (``…``) is for the mapping to say, except where the shape itself says so.
    """

    frame: pl.DataFrame

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns, in order."""
        return tuple(self.frame.columns)

    @classmethod
    def of(cls, columns: Sequence[str], rows: Iterable[Sequence[str | None]]) -> "Table":
        """Give the table of ``rows``, each with a cell a column."""
        cells = list(zip(*rows, strict=True)) or [()] * len(columns)
        texts = {
            name: pl.Series(name, cell, dtype=pl.String) for name, cell in zip(columns, cells, strict=True)
        }
        return cls(pl.DataFrame(texts))

    @classmethod
    def of_records(cls, columns: Sequence[str], records: Iterable[Mapping[str, str | None]]) -> "Table":
        """Give the table of ``records``; what a record does not tell is null."""
        return cls.of(columns, [[record.get(name) for name in columns] for record in records])


class Format(BaseModel):
    """What every format of the file of sources has in common.

    A model a kind: its keys are what a person may configure of the shape, ``read`` gives the ``Table`` of an
    answer's ``body`` or raises ``AnswerUnreadableError``.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    media_types: ClassVar[tuple[str, ...]]
    """The media types in which a source may send the shape, unless the configuration says otherwise."""

    is_text: ClassVar[bool] = True
    """Whether the bytes are text in some encoding."""

    kind: str

    @abstractmethod
    def read(self, body: bytes, answer: Answer) -> Table:
        """Give what ``body`` says; raise ``AnswerUnreadableError`` where it isn't of this shape."""

    def told_columns(self) -> frozenset[str] | None:
        """Give the columns that the shape always has; ``None`` where only the answer tells."""
        return None


def text_of(body: bytes, answer: Answer) -> str:
    """Give ``body`` as text, in the encoding of ``answer`` where it is known, without a byte-order mark.

    Raises ``AnswerUnreadableError`` (wrong_encoding) where it is in none.
    """
    known = answer.charset and codecs.lookup(answer.charset).name
    for encoding in [known] if known else ENCODINGS:
        try:
            return body.decode(encoding).removeprefix("\ufeff")
        except UnicodeDecodeError:
            continue
    raise AnswerUnreadableError("wrong_encoding", f"not in {known or ' or '.join(ENCODINGS)}")
