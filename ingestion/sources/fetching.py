"""Fetching: what sources answer tonight, archived by hash before it is read, and told in the journal.

Belongs here: what an attempt comes to, several sources side by side, one writer of the journal. Does not
belong here: how one request is made (``http``, ``local_file``), which sources are due (``schedule``).

Whatever the outside does is an attempt's outcome; what raises is a home that can't be written, or a bug.
"""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from threading import Lock

import polars as pl

from ingestion.archive import Archive, archive_path
from ingestion.progress import Progress
from ingestion.sources.answers import (
    Answer,
    Attempt,
    add_attempts,
    answer_of,
    attempts,
    newest,
    wall_clock,
)
from ingestion.sources.content import check_content, media_type_of
from ingestion.sources.entries import Source
from ingestion.sources.errors import AnswerUnreadableError
from ingestion.sources.http import Asking
from ingestion.sources.limits import Limits, sources_at_once
from ingestion.sources.local_file import read_file
from ingestion.sources.replies import FailedTryError, Reply
from ingestion.sources.request import Question, questions
from ingestion.web import unlogged

Check = Callable[[Source, Answer, bytes], object]
"""Reads the bytes of an answer; raises ``AnswerUnreadableError`` where they aren't what the format says."""

FORGOTTEN_HEADERS = frozenset({"set-cookie", "set-cookie2"})
"""Headers of an answer that are not kept: a session is as good as a password while it lasts."""

LONGEST_DETAIL = 500
"""How many characters of the outside's words are kept of a failure."""

_archive_lock = Lock()
"""Opening the archive clears what was left unfinished in it: nobody may be writing to it then."""


class _Resolvers(ThreadPoolExecutor):
    """Threads that look up names: one that does not come back is not waited for, the budget counts."""

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: ARG002 (the library's form)
        """Let go of the threads."""
        super().shutdown(wait=False, cancel_futures=True)


def fetch(  # noqa: PLR0913 (by name, each with its own meaning)
    source: Source,
    home: Path,
    *,
    now: Callable[[], datetime],
    check: Check,
    progress: Progress,
    years: Sequence[int] | None = None,
    conditional: bool = True,
) -> tuple[Attempt, ...]:
    """Ask ``source`` alone; else as ``fetch_all``."""
    return fetch_all(
        [source], home, now=now, check=check, progress=progress, years=years, conditional=conditional
    )


def fetch_all(  # noqa: PLR0913 (likewise)
    sources: Sequence[Source],
    home: Path,
    *,
    now: Callable[[], datetime],
    check: Check,
    progress: Progress,
    years: Sequence[int] | None = None,
    conditional: bool = True,
) -> tuple[Attempt, ...]:
    """Ask each of ``sources`` all its requests and give an attempt each, in the order of the sources.

    Answers go to the archive below ``home``, attempts to its journal as soon as a source is through. Sources
    are asked side by side, each within its own time. ``years`` takes the place of the configured ones;
    without ``conditional`` no source is told what is here already. ``now`` gives a moment, Shanghai's where
    it tells no offset.

    Raises ``HomeNotWritableError``, and what ``check`` raises besides ``AnswerUnreadableError``, after every
    other source was served.
    """
    with _archive_lock:
        archive, journal = Archive(home), attempts(home)
    fetching = _Fetching(archive, journal, now, check, years, conditional)
    progress.step("fetch", len(sources))
    made: dict[str, tuple[Attempt, ...]] = {}
    crashes = []
    with ThreadPoolExecutor(sources_at_once()) as threads:
        running = {threads.submit(fetching.ask, source): source for source in sources}
        for done in as_completed(running):
            if crash := done.exception():
                crashes.append(crash)
            else:
                made[running[done].name] = done.result()
                with _archive_lock:
                    add_attempts(archive, done.result())
                _note(done.result(), progress)
            progress.advance()
    if crashes:
        raise crashes[0]
    return tuple(attempt for source in sources for attempt in made[source.name])


def _note(made: Sequence[Attempt], progress: Progress) -> None:
    for attempt in made:
        told = f"{attempt.case_id}, {attempt.detail}" if attempt.case_id else attempt.outcome
        progress.note(" ".join(filter(None, [attempt.source, attempt.request])) + f": {told}")


@dataclass(frozen=True)
class _Fetching:
    archive: Archive
    journal: pl.DataFrame
    now: Callable[[], datetime]
    check: Check
    years: Sequence[int] | None
    conditional: bool

    def ask(self, source: Source) -> tuple[Attempt, ...]:
        """Ask all requests of ``source``, one after the other."""
        with unlogged(), asyncio.Runner() as runner:
            runner.get_loop().set_default_executor(_Resolvers())
            return runner.run(self._ask(source))

    async def _ask(self, source: Source) -> tuple[Attempt, ...]:
        deadline = asyncio.get_running_loop().time() + source.limits.total_seconds
        asking = Asking(source, self.archive.folder, deadline)
        return tuple([await self._attempt(asking, question) for question in questions(source, self.years)])

    async def _attempt(self, asking: Asking, question: Question) -> Attempt:
        """Ask ``question`` and give what came of it."""
        source = asking.source
        before, validators = self._before(source, question)
        begun = Attempt(
            source.name,
            question.key,
            wall_clock(self.now()),
            "failed",
            asked=question.asked,
            url=source.scrub(question.url),
        )
        try:
            reply = await _reply(asking, question, validators)
        except FailedTryError as error:
            return replace(
                begun,
                case_id=error.case_id,
                detail=_told(source, error.detail),
                status=error.status,
                tries=asking.tries,
                leave_alone_until=_leave_alone_until(begun.attempted_at, error, source.limits),
            )
        begun = replace(begun, status=reply.status, tries=asking.tries)
        if reply.body is None:
            return replace(begun, outcome="unchanged", answer=before)
        return self._judged(begun, source, self._kept(begun, source, reply), before)

    def _before(self, source: Source, question: Question) -> tuple[Answer | None, dict[str, str]]:
        """Give the answer that is here already, if any, and the headers that ask whether it has changed."""
        row = newest(self.journal, source.name, question.key)
        if row is None or not archive_path(self.archive.home, row["sha256"]).exists():
            return None, {}
        before = answer_of(row)
        is_same_question = row["asked"] == question.asked
        return before, _validators(before) if self.conditional and is_same_question else {}

    def _kept(self, begun: Attempt, source: Source, reply: Reply) -> Answer:
        """Archive the body of ``reply`` and give the answer that it is, its encoding not told apart yet."""
        assert reply.body is not None  # noqa: S101 (for the type checker)
        with _archive_lock, reply.body:
            sha256, size_bytes = self.archive.keep(reply.body)
        return Answer(
            source=source.name,
            request=begun.request,
            fetched_at=begun.attempted_at,
            sha256=sha256,
            size_bytes=size_bytes,
            media_type=source.scrub(media_type_of(reply.headers)),
            headers={
                name: source.scrub(value)
                for name, value in reply.headers.items()
                if name not in FORGOTTEN_HEADERS
            },
            url=begun.url,
        )

    def _judged(self, begun: Attempt, source: Source, arrived: Answer, before: Answer | None) -> Attempt:
        """Give what it comes to that ``arrived`` is here, after ``before``."""
        body = archive_path(self.archive.home, arrived.sha256).read_bytes()
        try:
            answer = replace(arrived, charset=check_content(source, arrived.headers, body))
            self.check(source, answer, body)
        except AnswerUnreadableError as error:
            return replace(begun, case_id=error.case_id, detail=_told(source, error.detail), rejected=arrived)
        if before is not None and before.sha256 == arrived.sha256:
            return replace(begun, outcome="unchanged", answer=replace(answer, fetched_at=before.fetched_at))
        return replace(begun, outcome="changed", answer=answer)


def _told(source: Source, detail: str) -> str:
    """Give what the journal tells of what the outside, or a library, said: no secret, not at length."""
    return " ".join(source.scrub(detail).split())[:LONGEST_DETAIL]


def _leave_alone_until(attempted_at: datetime, error: FailedTryError, limits: Limits) -> datetime | None:
    """Give the moment before which the source does not want to be asked again."""
    if error.asked_to_wait is None:
        return None
    return attempted_at + min(error.asked_to_wait, timedelta(seconds=limits.longest_respite_seconds))


async def _reply(asking: Asking, question: Question, validators: dict[str, str]) -> Reply:
    if not asking.source.request.is_file:
        return await asking.ask(question, validators)
    largest = asking.source.limits.largest_bytes
    return read_file(Path(question.url), largest=largest, folder=asking.folder)


def _validators(before: Answer) -> dict[str, str]:
    """Give the headers by which a source can say that nothing has changed since ``before``."""
    headers = before.headers
    stated = {"If-None-Match": headers.get("etag"), "If-Modified-Since": headers.get("last-modified")}
    return {name: value for name, value in stated.items() if value}
