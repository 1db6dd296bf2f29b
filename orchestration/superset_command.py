"""The command that writes the dashboard for Apache Superset.

Belongs here: arguments and what is printed; ``publication.superset`` makes the bundle.
"""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from orchestration.settings import Settings
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
            help="The PostgreSQL shelf as Superset reaches it, with a role that only reads: "
            "postgresql://reader@host:5432/database. A password stays out of the bundle."
        ),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Write over a file that is there.")] = False,
) -> None:
    """写 Superset 看板包 / Write the dashboard as a bundle that Apache Superset imports."""
    from publication.errors import UnusableAddressError  # noqa: PLC0415
    from publication.superset.bundle import bundle_bytes, duckdb_shelf, postgres_shelf  # noqa: PLC0415

    hold_free([file], is_forced=force)
    if shelf is ShelfName.DUCKDB:
        home = Settings.load().home
        chosen = duckdb_shelf(home)
        _warn_without_release(home)
    elif url is None:
        raise DeskError(
            "请加 --url，写明 Superset 所用的 PostgreSQL 地址和只读角色，如 postgresql://reader@host:5432/database。\n"
            "  Give --url: the address of PostgreSQL as Superset reaches it, with a role that only reads, "
            "like postgresql://reader@host:5432/database."
        )
    else:
        try:
            chosen = postgres_shelf(url)
        except UnusableAddressError as error:
            raise DeskError(str(error)) from error
    write_or_tell(file, lambda: file.write_bytes(bundle_bytes(chosen)))
    typer.echo(f"看板包 bundle  {file}\n数据库 database  {chosen.uri}")


def _warn_without_release(home: Path) -> None:
    """Say on stderr when ``home`` has no release that Superset could read; the bundle may be made before."""
    if not (home / "releases" / "current" / "coopzones.duckdb").is_file():
        typer.echo(
            f"注意：{home} 中尚无发布，看板在首次发布之前不能显示；如果路径有误，请设置 COOPZONES_HOME。\n"
            f"Note: {home} holds no release yet, so the dashboard shows nothing until there is one; "
            "set COOPZONES_HOME if that is the wrong folder.",
            err=True,
        )
