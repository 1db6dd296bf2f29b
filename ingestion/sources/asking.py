"""Asking the sources that are due, or all that are named, and reading what they answer as they answer it.

Belongs here: the way in for whoever wants new answers. Does not belong here: one source's requests
(``fetching``), translating the answers (``translation``).
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from ingestion.progress import Progress
from ingestion.sources.answers import Attempt, attempts
from ingestion.sources.configuration import Source
from ingestion.sources.fetching import fetch_all
from ingestion.sources.schedule import is_due
from ingestion.sources.translation import read_answer


def ask(  # noqa: PLR0913 (by name, each with its own meaning)
    sources: Sequence[Source],
    home: Path,
    *,
    now: Callable[[], datetime],
    progress: Progress,
    only_due: bool = False,
    years: Sequence[int] | None = None,
) -> tuple[Attempt, ...]:
    """Ask ``sources``, several at once, or those of them that are due; give an attempt a request.

    ``years`` takes the place of the years that are configured. Raises as ``fetching.fetch_all`` does.
    """
    journal, moment = attempts(home), now()
    asked = [source for source in sources if not only_due or is_due(source, journal, moment)]
    if not asked:
        return ()
    return fetch_all(asked, home, now=now, check=read_answer, progress=progress, years=years)
