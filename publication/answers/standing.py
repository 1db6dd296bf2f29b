"""Whether answers stand already: what the inbox's dispositions say of the same findings.

Belongs here: comparing answers with the rows in force. Which rows are in force is asked of
``ingestion.judging``.
"""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import polars as pl

from ingestion.inbox import Inbox
from ingestion.judging.contract import ledgers
from ingestion.judging.ledger_verdicts import judge_ledger
from ingestion.judging.ledgers_in_force import IN_FORCE, LEDGER_FILE, ledger_at
from ingestion.judging.readings import FILE, open_reading
from ingestion.reading.csv_file import read_csv
from publication.answers.columns import EXPIRES_ON, KEY, LEDGER
from publication.answers.completed import CompletedAnswers

SAID = [KEY, "disposition", "officer", "approver", "reason", EXPIRES_ON]
"""What makes two answers the same; when they were recorded does not."""


def stand_already(completed: CompletedAnswers, inbox: Path, *, moment: datetime, scratch: Path) -> bool:
    """Tell whether every answer of ``completed`` is in force, unchanged, in the folder ``inbox``.

    ``moment`` is aware or Shanghai's wall clock; ``scratch`` is an empty folder.
    """
    files = [inbox / file.path for file in Inbox(str(inbox)).list_files() if file.ledger == LEDGER]
    if not files or not completed.rows:
        return False
    sheet = scratch / "answers.csv"
    sheet.write_bytes(completed.as_csv())
    seen = moment.replace(tzinfo=None)
    standing = _in_force(files, seen, scratch / "ledger")
    said = _in_force([sheet], seen, scratch / "sheet")
    return (
        said.height == len(completed.rows)
        and said.join(standing, on=SAID, how="anti", nulls_equal=True).is_empty()
    )


def _in_force(files: Sequence[Path], moment: datetime, scratch: Path) -> pl.DataFrame:
    """Give what the rows in force of ``files`` say, ``SAID``."""
    scratch.mkdir()
    readings = []
    for place, file in enumerate(files):
        read_csv(file, scratch / str(place))
        readings.append(open_reading(str(place), scratch / str(place)))
    names = pl.DataFrame(
        {FILE: [reading.file_id for reading in readings], LEDGER_FILE: [str(file) for file in files]}
    )
    table = ledgers()[LEDGER]
    rows = ledger_at(table, names, judge_ledger(table, readings), moment).rows
    return rows.filter(IN_FORCE).select(SAID)
