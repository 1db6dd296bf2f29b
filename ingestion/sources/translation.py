"""From the answers of the archive to ledger files that lie beside those of the inbox.

Belongs here: the way in, for all sources. Does not belong here: replaying the answers of one (``replay``) and
asking (``fetching``).
"""

import shutil
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from ingestion.archive import Archive
from ingestion.progress import Progress
from ingestion.receive import FILES_SCHEMA
from ingestion.sources.configuration import Sources
from ingestion.sources.problems import PROBLEMS_SCHEMA
from ingestion.sources.replay import replay
from ingestion.sources.rows import read_answer

__all__ = ["Translated", "forget", "read_answer", "translate"]


@dataclass(frozen=True)
class Translated:
    """What the answers of all sources say.

    ``files`` has the columns of ``ingestion.receive.FILES_SCHEMA``, a row an answer that said something
    new, sorted by path: a CSV file in the ledger's own columns, kept in the archive. ``problems``
    (``ingestion.sources.problems``) tells what could not be interpreted, is contradicted or is there no
    more, from which answer to which.
    """

    files: pl.DataFrame
    problems: pl.DataFrame


def forget(home: Path) -> None:
    """Forget what was translated below ``home``: the next ``translate`` begins with the first answers."""
    shutil.rmtree(home / "lake" / "translated", ignore_errors=True)


def translate(sources: Sources, home: Path, progress: Progress) -> Translated:
    """Translate every answer below ``home`` that ``sources`` have brought so far; the network is not asked.

    The same archive and configuration give the same files, whatever was translated before.
    """
    progress.step("translate", len(sources.entries))
    archive = Archive(home)
    files, problems = [pl.DataFrame(schema=FILES_SCHEMA)], [pl.DataFrame(schema=PROBLEMS_SCHEMA)]
    for source in sources.entries:
        known = replay(source, archive, progress)
        files.append(known.files)
        problems.append(known.problems)
        progress.advance()
    return Translated(pl.concat(files).sort("path"), pl.concat(problems).sort(PROBLEMS_SCHEMA.names()))
