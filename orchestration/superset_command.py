"""The command that writes the dashboard for Apache Superset.

Belongs here: arguments and what is printed; ``publication.superset`` makes the bundle.
"""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from orchestration.settings import PREFIX, Settings
from orchestration.workbook_commands import DeskError, hold_free, write_or_tell


class ShelfName(StrEnum):
    """Where the dashboard reads the marts."""

    DUCKDB = "duckdb"
    POSTGRES = "postgres"


def superset_bundle(
    file: Annotated[Path, typer.Argument(help="Where the bundle is written (.zip).")],
    shelf: Annotated[ShelfName, typer.Option(help="Where the dashboard reads the marts.")] = ShelfName.DUCKDB,
    url: Annotated[
        str | None,
        typer.Option(
            envvar=f"{PREFIX}POSTGRES_URL",
            help="The PostgreSQL shelf as Superset reaches it; its password stays out.",
        ),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Write over a file that is there.")] = False,
) -> None:
    """写 Superset 仪表板包 / Write the dashboard as a bundle that Apache Superset imports."""
    from publication.errors import UnusableAddressError  # noqa: PLC0415
    from publication.superset.bundle import bundle_bytes, duckdb_shelf, postgres_shelf  # noqa: PLC0415

    hold_free([file], is_forced=force)
    if shelf is ShelfName.DUCKDB:
        chosen = duckdb_shelf(Settings.load().home)
    elif url is None:
        raise DeskError(
            f"未设置 PostgreSQL 的地址：请设环境变量 {PREFIX}POSTGRES_URL 或加 --url。\n"
            f"  The address of PostgreSQL is not set: set {PREFIX}POSTGRES_URL or give --url."
        )
    else:
        try:
            chosen = postgres_shelf(url)
        except UnusableAddressError as error:
            raise DeskError(str(error)) from error
    write_or_tell(file, lambda: file.write_bytes(bundle_bytes(chosen)))
    typer.echo(f"仪表板包 bundle  {file}\n数据库 database  {chosen.uri}")
