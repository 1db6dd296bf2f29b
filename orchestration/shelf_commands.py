"""The command that brings the current release onto the PostgreSQL shelf again, and the words for it.

After a night whose shelf failed, and after a rollback. Imports of the rooms stand where they are needed.
"""

from typing import TYPE_CHECKING

import typer

from orchestration.errors import SettingsError, ShelfFailedError
from orchestration.settings import Settings

if TYPE_CHECKING:
    from publication.postgres.errors import ShelfError
    from publication.postgres.shelf import Shelved


def shelve() -> None:
    """将当前发布重新装入 PostgreSQL / Bring the current release onto the PostgreSQL shelf."""
    settings = Settings.load()
    if settings.shelf is None:
        raise SettingsError(
            "没有设置 COOPZONES_POSTGRES_URL，无处上架。见 docs/postgres.md。\n"
            "  COOPZONES_POSTGRES_URL is not set: there is no shelf. See docs/postgres.md."
        )
    shelve_if_there_is_a_shelf(settings)


def shelve_if_there_is_a_shelf(settings: Settings) -> None:
    """Shelve the current release where there is a shelf, and print it; raise ``ShelfFailedError``."""
    if settings.shelf is None:
        return
    from publication.postgres.errors import ShelfError  # noqa: PLC0415
    from publication.postgres.shelf import shelve_current  # noqa: PLC0415

    try:
        shelved = shelve_current(settings.home, settings.shelf)
    except ShelfError as error:
        raise shelf_failed(error) from None
    for line in told(shelved):
        typer.echo(line)


def shelf_failed(error: "ShelfError") -> ShelfFailedError:
    """Give the end of a command or a night whose release stands while its shelf failed with ``error``."""
    from publication.postgres.errors import NothingToShelveError  # noqa: PLC0415

    if isinstance(error, NothingToShelveError):
        return ShelfFailedError(str(error))
    return ShelfFailedError(
        f"{error}\n"
        "文件形式的当前发布不受影响；PostgreSQL 读者仍读原有集市。排除原因后运行 coopzones shelve。\n"
        "  The current release stands in its files; readers of PostgreSQL keep the marts they had. "
        "Mend the cause and run coopzones shelve."
    )


def told(shelved: "Shelved") -> list[str]:
    """Give the lines that tell a person what the shelf holds now, and what stays longer than it should."""
    counted = f"集市 marts {len(shelved.rows)}  行 rows {sum(shelved.rows.values())}"
    seconds = f"{shelved.seconds:.1f} s"
    lines = [f"数据架 shelf  PostgreSQL  发布 release {shelved.release_id}  {counted}  {seconds}"]
    if not shelved.is_seamless:
        lines.append(
            "! 有读者始终占用旧集市，已越过其换入\n"
            "  A reader held the old marts all along; the schemas were renamed past it"
        )
    lines += [f"    {holder}" for holder in shelved.passed_by]
    lines += [
        f"! 旧模式暂留 an old schema stays for now: {kept.schema_name}: {kept.why}" for kept in shelved.kept
    ]
    return lines
