"""Commands about outside sources: how they stand, asking them now, and what the archive alone makes of them.

Belongs here: arguments and what is printed. Imports of the rooms stand in the commands that need them.
"""

import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from orchestration.configured_sources import load_outside_sources, translated
from orchestration.errors import CoopzonesError
from orchestration.home import Home
from orchestration.run_lock import Work, hold_run_lock
from orchestration.settings import BUNDLED_SOURCES, PREFIX, SHANGHAI, Settings

if TYPE_CHECKING:
    from ingestion.progress import Progress
    from ingestion.sources.configuration import Source, Sources
    from ingestion.sources.standing import Standing

DEFAULT_PORT = 8765
"""The port that the bundled file of sources names."""

SPAN_OF_YEARS = re.compile(r"([0-9]{4})(?:-([0-9]{4}))?")
NO_SOURCES = (
    f"没有配置外部来源：请用 {PREFIX}SOURCES 写明来源配置文件。\n"
    f"  No outside sources: name the file of sources in {PREFIX}SOURCES."
)


class UnansweredError(CoopzonesError):
    """A source that was asked gave no answer that can be used; exit code 1."""


class SourcesRefusedError(CoopzonesError):
    """What was asked of the sources cannot be asked; exit code 2."""

    exit_code = 2


def add_commands(app: typer.Typer) -> None:
    """Give ``app`` the commands of this module."""
    app.command()(sources)
    app.command()(fetch)
    app.command()(replay)
    app.command("sample-sources")(sample_sources)


def sources() -> None:
    """列出外部来源及其现状 / List outside sources: last success, why they fail, when they are due."""
    from ingestion.sources.standing import standings  # noqa: PLC0415

    settings = Settings.load()
    configured = load_outside_sources(settings)
    if not configured.entries:
        typer.echo(NO_SOURCES)
    for standing in standings(configured, settings.home, settings.clock()):
        for line in _described(standing):
            typer.echo(line)


def fetch(
    names: Annotated[list[str] | None, typer.Argument(help="Sources to ask; all when left out.")] = None,
    years: Annotated[
        str | None, typer.Option(help="A year or a span such as 2019-2024, in place of the configured ones.")
    ] = None,
) -> None:
    """立即获取外部来源，可补取若干年 / Ask outside sources now, for years gone by if need be; no release."""
    settings = Settings.load()
    configured = load_outside_sources(settings)
    chosen = _chosen(configured, names or [])
    span = None if years is None else _span(years)
    if span is not None and (timeless := [one.name for one in chosen if one.request.years is None]):
        raise SourcesRefusedError(
            f"这些来源不按年度请求，--years 不适用：{'、'.join(timeless)}\n"
            f"  These sources are not asked by years, --years means nothing to them: {', '.join(timeless)}"
        )
    with _working(settings, "fetch") as progress:
        failed = _asked(chosen, span, settings, progress)
    if failed:
        raise UnansweredError("\n".join(failed))


def replay() -> None:
    """不经网络，由存档重新转换全部来源 / Translate all sources anew from the archive, without the network."""
    settings = Settings.load()
    configured = load_outside_sources(settings)
    with _working(settings, "night") as progress:
        from ingestion.sources.translation import forget  # noqa: PLC0415

        forget(settings.home)
        brought = translated(configured, settings.home, progress)
    for path, ledger, sha256 in brought.files.select("path", "ledger", "sha256").iter_rows():
        typer.echo(f"{sha256}  {ledger}  {path}")
    typer.echo(
        f"台账文件 ledger files {brought.files.height}，问题 problems {brought.tonight.problems.height}"
    )


def sample_sources(
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="The port on 127.0.0.1; 0 takes a free one.")
    ] = DEFAULT_PORT,
) -> None:
    """启动样例来源服务器（本机） / Serve the sample's recorded answers on 127.0.0.1 until interrupted."""
    from ingestion.sample.answering import HOST, sample_server  # noqa: PLC0415 (http.server takes a while)

    try:
        with sample_server(port) as server:
            typer.echo(f"http://{HOST}:{server.server_address[1]}")
            typer.echo(f"{PREFIX}SOURCES={BUNDLED_SOURCES} make run")
            sys.stdout.flush()
            server.serve_forever()
    except KeyboardInterrupt:
        typer.echo()
    except OSError as error:
        raise SourcesRefusedError(
            f"不能使用端口 {port}：{error.strerror}\n  Port {port} can't be used: {error.strerror}"
        ) from error


@contextmanager
def _working(settings: Settings, work: Work) -> Iterator["Progress"]:
    """Hold the home for the block and show its progress; sample data never get into a real home."""
    from rich.console import Console  # noqa: PLC0415

    from orchestration.terminal import TerminalProgress  # noqa: PLC0415

    home = Home(settings.home)
    home.hold_to_inbox(settings)
    home.prepare()
    with (
        hold_run_lock(home.run_lock, datetime.now(SHANGHAI), work),
        TerminalProgress(Console(file=sys.stdout)) as progress,
    ):
        yield progress


def _asked(
    chosen: "Sequence[Source]", years: Sequence[int] | None, settings: Settings, progress: "Progress"
) -> list[str]:
    """Ask ``chosen``; give a line a request that brought nothing usable."""
    from ingestion.errors import IngestionError  # noqa: PLC0415
    from ingestion.sources.asking import ask  # noqa: PLC0415
    from ingestion.sources.standing import reason  # noqa: PLC0415

    try:
        made = ask(chosen, settings.home, now=settings.clock, progress=progress, years=years)
    except IngestionError as error:
        raise CoopzonesError(str(error)) from error
    return [
        f"✗ {attempt.source} {reason(attempt.request, attempt.case_id, attempt.detail)}"
        for attempt in made
        if attempt.case_id is not None
    ]


def _chosen(configured: "Sources", names: Sequence[str]) -> "tuple[Source, ...]":
    """Give the sources named, all without a name; raise ``SourcesRefusedError`` for one that there is not."""
    if not configured.entries:
        raise SourcesRefusedError(NO_SOURCES)
    known = {source.name: source for source in configured.entries}
    unknown = [name for name in names if name not in known]
    if unknown:
        raise SourcesRefusedError(
            f"没有这些来源：{'、'.join(unknown)}；已配置：{'、'.join(known)}\n"
            f"  No such sources: {', '.join(unknown)}; configured: {', '.join(known)}"
        )
    return tuple(known[name] for name in dict.fromkeys(names)) if names else configured.entries


def _span(text: str) -> range:
    """Give the years of ``text``; raise ``SourcesRefusedError`` where it is no year and no span of years."""
    match = SPAN_OF_YEARS.fullmatch(text.strip())
    years = range(int(match[1]), int(match[2] or match[1]) + 1) if match else range(0)
    if not years:
        raise SourcesRefusedError(
            f"--years 应为一个年度或一段年度，如 2019-2024，而不是“{text}”\n"
            f'  --years is a year or a span such as 2019-2024, not "{text}"'
        )
    return years


def _described(standing: "Standing") -> Iterator[str]:
    """Give the lines that tell how one source stands."""
    source, failing = standing.source, not standing.failing.is_empty()
    mark = "✗" if failing else "✓" if standing.attempted_at else "…"
    yield f"{mark} {source.name}  {source.title_zh} / {source.title_en}  → {source.ledger}"
    due = "已到时 due now" if standing.is_due else f"下次 next {_told(standing.next_at)}"
    asked = f"最近请求 last asked {_told(standing.attempted_at)}"
    yield f"    最近成功 last success {_told(standing.succeeded_at)}  {asked}  {due}"
    for line in standing.reasons:
        yield f"    ✗ {line}"


def _told(moment: datetime | None) -> str:
    return "—" if moment is None else f"{moment:%Y-%m-%d %H:%M}"
