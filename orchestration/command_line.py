"""The command line ``coopzones``: what a person types; everything it does is done by another module.

Imports of the rooms stand in the commands that need them: ``--help`` and a wrong setting answer at once.
"""

import os
import shlex
import sys
import time
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer
from rich.console import Console

from orchestration.alert_commands import add_commands as add_alert_commands
from orchestration.calendar_command import calendar
from orchestration.configured_sources import load_outside_sources
from orchestration.errors import CoopzonesError, NightUnshelvedError
from orchestration.home import Home
from orchestration.settings import PREFIX, SHANGHAI, Settings
from orchestration.shelf_commands import shelve, shelve_if_there_is_a_shelf
from orchestration.source_commands import add_commands as add_source_commands
from orchestration.superset_command import superset_bundle
from orchestration.workbook_commands import add_commands as add_workbook_commands

if TYPE_CHECKING:
    from orchestration.nightly_run import NightReport

app = typer.Typer(
    name="coopzones",
    help="中外中小企业合作区数据平台 / The data platform of the Sino-foreign SME cooperation zones.",
    epilog=(
        "Settings come from the environment: "
        + ", ".join(f"{PREFIX}{field.upper()}" for field in Settings.model_fields)
    ),
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
WORKSPACE = Path(__file__).resolve().parent.parent / "workspace.yaml"
# Nothing is sent anywhere: dbt and Dagster are told so before they are imported.
SILENCE = {"DO_NOT_TRACK": "1", "DBT_SEND_ANONYMOUS_USAGE_STATS": "false", "DAGSTER_DISABLE_TELEMETRY": "1"}

add_workbook_commands(app)
app.command()(calendar)
app.command()(superset_bundle)
add_alert_commands(app)
add_source_commands(app)
app.command()(shelve)


def main() -> None:
    """Run the command line; a clear end (``CoopzonesError``) is its message and exit code, no traceback."""
    os.environ.update(SILENCE)
    try:
        app()
    except CoopzonesError as error:
        _leave(str(error), error.exit_code)


def _leave(message: str, exit_code: int) -> NoReturn:
    Console(stderr=True).print(message, style="red", highlight=False, markup=False, soft_wrap=True)
    sys.exit(exit_code)


@app.command()
def run(
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="Show Dagster's and dbt's own logs.")
    ] = False,
) -> None:
    """一夜：从收件箱到发布 / The night: from the inbox to a published release."""
    from orchestration.open_night import open_night  # noqa: PLC0415
    from orchestration.terminal import TerminalProgress  # noqa: PLC0415

    began = time.monotonic()
    settings = Settings.load()
    if settings.sources is not None:
        load_outside_sources(settings)  # What can't be followed is told before the night begins.
    console = Console(file=sys.stdout)
    try:
        with TerminalProgress(console) as progress, open_night(settings, progress) as opened:
            progress.note(f"收件箱 inbox {settings.inbox}")
            # Dagster is imported when dbt has been started: seconds that pass side by side.
            from orchestration.nightly_run import run_night  # noqa: PLC0415

            report = run_night(opened, progress, is_verbose=verbose)
    except NightUnshelvedError as error:
        _tell_published(console, error.report, began)
        raise
    _tell_published(console, report, began)


def _tell_published(console: Console, report: "NightReport", began: float) -> None:
    from orchestration.summary import print_summary  # noqa: PLC0415

    print_summary(console, report)
    console.print(f"\n  {time.monotonic() - began:.1f} s", highlight=False)


@app.command()
def releases() -> None:
    """列出保留的发布 / List the releases that are kept."""
    from publication.releases import list_releases  # noqa: PLC0415

    found = list_releases(Settings.load().home)
    if not found:
        typer.echo("尚无发布 / No release yet.")
    for release in found:
        mark = "*" if release.is_current else " "
        if release.manifest is None:
            typer.echo(f"{mark} {release.number:>6}  {release.damage}")
        else:
            typer.echo(
                f"{mark} {release.number:>6}  as of {release.as_of:%Y-%m-%d %H:%M:%S}  "
                f"made {release.made_at:%Y-%m-%d %H:%M:%S}  rules {release.rules_version}  {release.folder}"
            )


@app.command()
def rollback(
    number: Annotated[
        int | None, typer.Argument(help="The release to return to; the one before when left out.")
    ] = None,
) -> None:
    """换回较早的发布 / Swap an older release back in."""
    from orchestration.run_lock import hold_run_lock  # noqa: PLC0415
    from publication.errors import ReleaseError  # noqa: PLC0415
    from publication.releases import rollback as roll_back  # noqa: PLC0415

    settings = Settings.load()
    home = Home(settings.home)
    home.prepare()
    try:
        # A night says what changed since the release that was current when it began.
        with hold_run_lock(home.run_lock, datetime.now(SHANGHAI)):
            release = roll_back(home.root, number)
    except ReleaseError as error:
        _leave(str(error), 1)
    typer.echo(f"当前发布 / Current release: {release.number}  {release.folder}")
    shelve_if_there_is_a_shelf(settings)


@app.command()
def sample(
    folder: Annotated[Path, typer.Argument(help="Where the inbox is written; an empty or a new folder.")],
    zones: Annotated[int | None, typer.Option(min=1, max=999, help="Number of zones.")] = None,
    enterprises: Annotated[
        int | None, typer.Option(min=1, max=9999, help="Enterprises a zone and year.")
    ] = None,
    seed: Annotated[int | None, typer.Option(help="The same seed writes the same files.")] = None,
) -> None:
    """写一个虚构的收件箱 / Write an invented inbox, the bundled one's shape unless told otherwise."""
    from ingestion.sample import SampleShape, write_sample_inbox  # noqa: PLC0415
    from orchestration.terminal import TerminalProgress  # noqa: PLC0415

    bundled = SampleShape()
    shape = SampleShape(
        zones=bundled.zones if zones is None else zones,
        enterprises=bundled.enterprises if enterprises is None else enterprises,
        seed=bundled.seed if seed is None else seed,
    )
    if folder.is_dir() and any(folder.iterdir()):
        _leave(f"文件夹不是空的：{folder}\n  The folder is not empty: {folder}", 2)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        _leave(f"不能写入 {folder}：{error.strerror}\n  {folder} cannot be written: {error.strerror}", 2)
    with TerminalProgress(Console(file=sys.stdout)) as progress:
        summary = write_sample_inbox(folder, shape, progress)
    typer.echo(
        f"{summary.workbooks} workbooks, {summary.roster_rows} roster rows, "
        f"{summary.ledger_files} ledger files: {folder}"
    )
    typer.echo(f"{PREFIX}INBOX={shlex.quote(str(folder.absolute()))} coopzones run")


@app.command()
def setup() -> None:
    """预先解析 dbt 项目 / Make what a first run would make: the home and the dbt manifest."""
    settings = Settings.load()
    home = Home(settings.home)
    home.prepare()
    from orchestration.dbt_manifest import DBT_PROJECT, prepare_project  # noqa: PLC0415

    typer.echo(prepare_project(DBT_PROJECT, home, settings.target).manifest)


@app.command()
def dev(
    port: Annotated[int, typer.Option(min=1, max=65535, help="The port on 127.0.0.1.")] = 3000,
) -> None:
    """打开 Dagster 页面 / Open the Dagster page on 127.0.0.1."""
    settings = Settings.load()
    home = Home(settings.home)
    home.prepare()
    environment = {
        **os.environ,
        "DAGSTER_HOME": str(home.dagster),
        f"{PREFIX}HOME": str(home.root),
    }
    if "inbox" in settings.model_fields_set:
        environment[f"{PREFIX}INBOX"] = settings.inbox
    typer.echo(f"http://127.0.0.1:{port}")
    arguments = ["-m", "dagster", "dev", "-w", str(WORKSPACE), "-h", "127.0.0.1", "-p", str(port)]
    os.execve(sys.executable, [sys.executable, *arguments], environment)  # noqa: S606 (our own arguments)
