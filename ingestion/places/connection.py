"""A connection to a place: every request has an end, and is made again on a new connection when one breaks.

``Session`` is one connection and its requests; ``Connection`` renews it, within the limits of a night.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NoAnswerError
from contextlib import contextmanager
from threading import Lock
from typing import Any, Self, TypeVar

from fsspec import AbstractFileSystem
from tenacity import Retrying, retry_if_exception_type, stop_after_attempt, wait_exponential_jitter

from ingestion.places.faults import BrokenError, ChangedError, TooManyBreaksError
from ingestion.places.limits import InboxLimits
from ingestion.places.place import Place

Answer = TypeVar("Answer")


class Stream:
    """An open file of a place, of which ``size_bytes`` are expected and not one more is taken."""

    def __init__(self, session: "Session", file: Any, size_bytes: int) -> None:
        self._session, self._file, self._expected = session, file, size_bytes

    def read(self, size: int, /) -> bytes:
        """Give up to ``size`` bytes, none at the end; raise ``ChangedError`` where there are too many.

        No more than may be there is asked for: what lies beyond a file's end costs requests, too.
        """
        content: bytes = self._session.ask(self._file.read, min(size, self._expected + 1))
        self._expected -= len(content)
        if self._expected < 0:
            raise ChangedError("more bytes than were listed")
        return content


class Session:
    """One connection to ``place``."""

    def __init__(self, place: Place, callers: ThreadPoolExecutor | None, limits: InboxLimits) -> None:
        """Connect; raise ``FaultError`` where that can't be done."""
        self.place, self._callers, self._limits = place, callers, limits
        self._files: AbstractFileSystem = self.ask(place.connect)

    def ask(self, request: Callable[..., Answer], *arguments: Any, **options: Any) -> Answer:
        """Give what ``request`` gives, in time; what the back end raises instead becomes a ``FaultError``."""
        try:
            if self._callers is None:
                return request(*arguments, **options)
            return self._in_time(self._callers.submit(request, *arguments, **options))
        except self.place.errors as error:
            raise self.place.interpret(error) from error

    def _in_time(self, answer: Future[Answer]) -> Answer:
        try:
            return answer.result(self._limits.answer_seconds)
        except NoAnswerError as error:
            if answer.done():  # the back end's own: its class is the same
                raise
            raise BrokenError(f"no answer for {self._limits.answer_seconds:g} s") from error

    def info(self, address: str) -> dict[str, Any]:
        """Give what the place says of ``address`` now, a link followed."""
        entry: dict[str, Any] = self.ask(self._files.info, address)
        return entry

    def modified(self, address: str) -> Any:
        """Give when ``address`` was modified; ``None`` where the place tells no such thing."""
        try:
            return self.ask(self._files.modified, address)
        except NotImplementedError:
            return None

    def list_folder(self, address: str) -> list[dict[str, Any]]:
        """Give the entries of the folder ``address`` itself."""
        entries: list[dict[str, Any]] = self.ask(self._files.ls, address, detail=True)
        return entries

    def list_everything(self, address: str) -> list[dict[str, Any]]:
        """Give the files at any depth below ``address``, from one listing."""
        self._files.invalidate_cache()  # a process that lives for days must see what arrives in them
        found: dict[str, dict[str, Any]] = self.ask(self._files.find, address, detail=True)
        # A key that ends with a slash is what some programs leave as the mark of a folder.
        return [entry for entry in found.values() if not entry["name"].endswith("/")]

    @contextmanager
    def open(self, address: str, size_bytes: int) -> Iterator[Stream]:
        """Open ``address``, which has ``size_bytes``, for the block."""
        file = self.ask(self._files.open, address, "rb", **self.place.reading)
        is_broken = False
        try:
            yield Stream(self, file, size_bytes)
        except BrokenError:
            is_broken = True  # closing it would be one more request without an answer
            raise
        finally:
            if not is_broken:
                self.ask(file.close)

    def end(self) -> None:
        """End the connection; whatever still waits for an answer gets none."""
        self.place.disconnect(self._files)


class Connection:
    """The connection to ``place``, renewed when it breaks; several threads may ask at once."""

    def __init__(self, place: Place, limits: InboxLimits) -> None:
        self.place, self.limits = place, limits
        # A request that nobody waits for any more keeps its caller until the connection has ended.
        self._callers = ThreadPoolExecutor(2 * limits.copies_at_once + 1) if place.is_remote else None
        self._session: Session | None = None
        self._openings, self._breaks, self._lock = 0, 0, Lock()

    def ask(self, question: Callable[[Session], Answer]) -> Answer:
        """Give what ``question`` makes of the session, asked again when the connection breaks.

        Raises ``FaultError``: ``BrokenError`` when it broke at every attempt.
        """
        retrying = Retrying(
            retry=retry_if_exception_type(BrokenError),
            stop=stop_after_attempt(self.limits.attempts),
            wait=wait_exponential_jitter(
                multiplier=self.limits.first_wait_seconds,
                max=self.limits.longest_wait_seconds,
                jitter=self.limits.first_wait_seconds,
            ),
            reraise=True,
        )
        return retrying(self._ask_once, question)

    def close(self) -> None:
        """End the connection."""
        with self._lock:
            if self._session is not None:
                self._session.end()
                self._session = None
        if self._callers is not None:
            self._callers.shutdown(wait=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _ask_once(self, question: Callable[[Session], Answer]) -> Answer:
        session = self._current()
        try:
            return question(session)
        except BrokenError as error:
            self._drop(session, error)
            raise

    def _current(self) -> Session:
        """Give the session, opened when there is none; who waits while another fails to, fails with it."""
        openings = self._openings
        with self._lock:
            if self._session is None:
                if self._openings != openings:
                    raise BrokenError("the connection could not be opened again")
                self._openings += 1
                try:
                    self._session = Session(self.place, self._callers, self.limits)
                except BrokenError as error:
                    self._count_break(error)
                    raise
            return self._session

    def _drop(self, session: Session, error: BrokenError) -> None:
        """Put ``session`` away, once, whoever of those who use it sees it break."""
        with self._lock:
            if session is not self._session:
                return
            self._session = None
            session.end()
            self._count_break(error)

    def _count_break(self, error: BrokenError) -> None:
        self._breaks += 1
        if self._breaks > self.limits.breaks_a_night:
            raise TooManyBreaksError(str(error)) from error
