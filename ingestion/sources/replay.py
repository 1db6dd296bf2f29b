"""Replaying the answers of one source in order, and going on from where the last replay ended.

Belongs here: what is known after a series of answers, and where it is kept:
``lake/translated/<source>/<state>``, ``<state>`` being a digest of all that it depends on. A night
without a new answer reads it, one with a few goes on from there, and another configuration or another
version of this code starts from the first answer again. Does not belong here: which rows are new
(``vintages``).
"""

import csv
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import sha256 as sha256_of
from io import BytesIO, StringIO
from pathlib import Path

import polars as pl

from ingestion.archive import Archive, archive_path
from ingestion.inbox import SHANGHAI
from ingestion.judging.contract import ledgers
from ingestion.judging.ledger_rules import RECORDED_AT
from ingestion.judging.verdicts import clear_unfinished, publish_tables
from ingestion.progress import Progress
from ingestion.reading.lake import READER_VERSION
from ingestion.receive import FILES_SCHEMA
from ingestion.seeds import seed_path
from ingestion.sources.answers import Answer, answers
from ingestion.sources.entries import Source
from ingestion.sources.errors import AnswerUnreadableError
from ingestion.sources.problems import PROBLEMS_SCHEMA, Found, problems_after
from ingestion.sources.rows import read_rows
from ingestion.sources.vintages import next_step, nothing_written

SEEDS = (
    "ledger_fields",
    "provincial_authorities",
    "source_headings",
    "source_missing_marks",
    "source_regions",
    "source_units",
)
TABLES = ("files", "written", "problems")
"""The tables of ``Known``, each a Parquet of its state."""

STATE_LENGTH = 16
NAME_LENGTH = 8
"""Digits of the file's own SHA-256 in its name."""


@dataclass(frozen=True)
class Known:
    """What is known after a series of answers of a source.

    ``files`` (``FILES_SCHEMA``) are the files written; ``written`` is that of ``vintages.Step``; ``problems``
    (``PROBLEMS_SCHEMA``) all that there were.
    """

    files: pl.DataFrame
    written: pl.DataFrame
    problems: pl.DataFrame

    @classmethod
    def nothing(cls, ledger: str) -> "Known":
        """Give what is known before any answer."""
        return cls(
            pl.DataFrame(schema=FILES_SCHEMA),
            nothing_written(ledger),
            pl.DataFrame(schema=PROBLEMS_SCHEMA),
        )


def replay(source: Source, archive: Archive, progress: Progress) -> Known:
    """Give what is known after every answer of ``source`` in ``archive``; new files are kept there."""
    folder = archive.home / "lake" / "translated" / source.name
    in_order = sorted(
        answers(archive.home, source.name), key=lambda each: (each.fetched_at, each.request, each.sha256)
    )
    states = _states(source, in_order)
    done, known = _resume(source, archive.home, folder, states)
    for number, answer in enumerate(in_order[done:], start=done + 1):
        known = _after(source, archive, known, answer)
        progress.note(f"{source.name}: answer {number} of {len(in_order)} translated")
    if done < len(in_order):
        _keep(known, folder, states[-1])
    return known


def _states(source: Source, in_order: Sequence[Answer]) -> list[str]:
    """Give the state before any answer and after each."""
    told = [READER_VERSION.encode(), source.ledger.encode()]
    told += [part.model_dump_json().encode() for part in (source.format, source.mapping)]
    told += [code.read_bytes() for code in sorted(Path(__file__).parent.rglob("*.py"))]
    told += [seed_path(name).read_bytes() for name in SEEDS]
    states = [_digest(b"", *told)]
    for answer in in_order:
        facts = (
            answer.fetched_at,
            answer.request,
            answer.sha256,
            answer.charset,
            sorted(answer.headers.items()),
        )
        states.append(_digest(states[-1].encode(), repr(facts).encode()))
    return states


def _digest(*parts: bytes) -> str:
    each = b"".join(sha256_of(part).digest() for part in parts)
    return sha256_of(each).hexdigest()[:STATE_LENGTH]


def _resume(source: Source, home: Path, folder: Path, states: Sequence[str]) -> tuple[int, Known]:
    """Give after how many answers something is kept, and what is known then."""
    for done in range(len(states) - 1, 0, -1):
        if (folder / states[done]).exists():
            known = Known(
                **{name: pl.read_parquet(folder / states[done] / f"{name}.parquet") for name in TABLES}
            )
            if all(archive_path(home, sha256).exists() for sha256 in known.files["sha256"]):
                return done, known
    return 0, Known.nothing(source.ledger)


def _keep(known: Known, folder: Path, state: str) -> None:
    """Keep what is known now, in the place of what was known before."""
    clear_unfinished(folder)
    shutil.rmtree(folder / state, ignore_errors=True)
    publish_tables({name: getattr(known, name) for name in TABLES}, folder / state, folder)
    for other in folder.iterdir():
        if other.name != state:
            shutil.rmtree(other)


def _after(source: Source, archive: Archive, known: Known, answer: Answer) -> Known:
    """Give what is known after ``answer`` besides."""
    body = archive_path(archive.home, answer.sha256).read_bytes()
    try:
        said = read_rows(source, answer, body)
    except AnswerUnreadableError as error:
        found: list[Found] = [(error.case_id, None, error.detail, None)]
        return replace(known, problems=problems_after(known.problems, known.written, answer, found))
    step = next_step(
        known.written,
        said.rows,
        ledger=source.ledger,
        request=answer.request,
        last_counts=said.last_counts,
        publication_is_taken=source.mapping.publication_is_taken,
    )
    found = [(case_id, field, value, None) for field, value, case_id in said.found.iter_rows()]
    found += [("stated_twice", None, None, thing) for thing in step.contradicted]
    return Known(
        files=pl.concat([known.files, _file(source, archive, answer, step.added)]),
        written=step.written,
        problems=problems_after(known.problems, step.written, answer, found),
    )


def _file(source: Source, archive: Archive, answer: Answer, added: pl.DataFrame) -> pl.DataFrame:
    """Keep the rows that ``answer`` added as a file; give its row of ``FILES_SCHEMA``, if there is one."""
    if added.is_empty():
        return pl.DataFrame(schema=FILES_SCHEMA)
    recorded_at = answer.fetched_at.replace(tzinfo=SHANGHAI).isoformat()
    names = [field.name for field in ledgers()[source.ledger].fields]
    written = StringIO(newline="")
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(names)
    writer.writerows(added.with_columns(pl.lit(recorded_at).alias(RECORDED_AT)).select(names).iter_rows())
    sha256, size = archive.keep(BytesIO(written.getvalue().encode()))
    path = f"sources/{source.name}/{answer.fetched_at:%Y%m%dT%H%M%S}-{sha256[:NAME_LENGTH]}.csv"
    row = (path, "ledger", source.ledger, path, sha256, size, answer.fetched_at, answer.fetched_at)
    return pl.DataFrame([row], schema=FILES_SCHEMA, orient="row")
