"""Releases: made whole beside the old one, swapped in by one rename, listed, and swapped back.

The public seam of this room. Whoever builds, publishes or rolls back holds the home's ``run.lock``;
listing needs no lock. Killed at any moment, a run leaves ``current`` naming the old release or
the new one, whole either way; what it left half made goes with the next build.

A reader that lives long, or reads several files that must agree, resolves ``current`` once
(``current_release``) and stays in the folder it gives: ``publish`` never prunes that folder at the next swap.
"""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import polars as pl

from ingestion.child_limits import ChildLimits
from ingestion.progress import Progress, SilentProgress
from publication.dbt_docs import write_dbt_docs
from publication.durability import flush, flush_folders
from publication.errors import (
    AlreadyPublishedError,
    DamagedReleaseError,
    IncompleteReleaseError,
    NothingToRollBackToError,
    UnknownReleaseError,
)
from publication.manifest import (
    InputFile,
    Manifest,
    describe_files,
    read_manifest,
    verify,
    write_manifest,
)
from publication.moments import in_shanghai
from publication.release_folders import (
    BUILDING,
    current_number,
    held,
    numbers,
    point_current,
    prune,
    releases_folder,
    sweep,
    take_number,
)
from publication.site import write_site
from publication.tables import PARQUET, copy_marts

DATA_DOCS = "data_docs"


@dataclass(frozen=True)
class Release:
    """A release that is built and not yet published: its number, its folder, its manifest."""

    number: int
    folder: Path
    manifest: Manifest


@dataclass(frozen=True)
class ReleaseInfo:
    """A release that stands. ``manifest`` is ``None`` and ``damage`` tells why where it can't be read."""

    number: int
    folder: Path
    is_current: bool
    manifest: Manifest | None
    damage: str | None

    @property
    def made_at(self) -> datetime | None:
        """Give when it was made, with Shanghai's offset."""
        return self.manifest.finished_at if self.manifest else None

    @property
    def as_of(self) -> datetime | None:
        """Give the moment it was evaluated at, with Shanghai's offset."""
        return self.manifest.as_of if self.manifest else None

    @property
    def rules_version(self) -> str | None:
        """Give the version of the rules that it was judged by."""
        return self.manifest.rules_version if self.manifest else None

    @property
    def row_counts(self) -> dict[str, int]:
        """Give the number of rows of each mart."""
        return self.manifest.row_counts if self.manifest else {}


def reserve_number(home: Path) -> int:
    """Give the number of the release that a night is going to make; no other ever gets it.

    A night takes it when it begins, so that its marts can name the release that they leave in. A night that
    fails leaves its number unused: numbers count up and may have gaps.
    """
    with held(home) as releases:
        return take_number(releases)


def build_release(  # noqa: PLR0913 - a release is told by all of these
    *,
    home: Path,
    number: int,
    warehouse: Path,
    night: Path,
    data_docs: Path,
    dbt_artifacts: Path,
    reception_files: pl.DataFrame,
    as_of: datetime,
    rules_version: str,
    parameters: Mapping[str, str],
    code_version: str,
    started_at: datetime,
    limits: ChildLimits | None = None,
    progress: Progress | None = None,
) -> Release:
    """Make the release ``number`` whole, beside the others and unseen by readers.

    ``number`` is one of ``reserve_number``'s.
    ``warehouse`` is a DuckDB file with the schema ``marts`` that nobody writes to meanwhile; ``night`` the
    tables of the moment; ``data_docs`` a folder with an ``index.html``, which is copied; ``dbt_artifacts``
    the folder of dbt's documentation (``index.html``, ``manifest.json``, ``catalog.json``);
    ``reception_files`` has a row a file of the inbox (``path``, ``kind``, ``sha256``, ``size_bytes``).
    Moments without an offset are Shanghai's. ``limits`` are those of the children that open what was sent,
    to mark it.
    Raises ``IncompleteReleaseError`` when the warehouse has no mart, the data docs have no first page or
    dbt left no documentation, and ``AlreadyPublishedError`` when a release of that number stands: it is
    never made twice.
    """
    progress = progress or SilentProgress()
    # It brings libraries that listing releases and swapping one back have no use for.
    from publication.desk_files import write_desk_files  # noqa: PLC0415

    if not (data_docs / "index.html").is_file():
        raise IncompleteReleaseError(
            f"缺少数据质量文档 {data_docs / 'index.html'}，未制作发布。请先运行整体检查。",
            f"The data docs {data_docs / 'index.html'} are missing; no release was made. "
            "Run the expectations first.",
        )
    with held(home) as releases:
        sweep(releases)
        if number in numbers(releases):
            raise AlreadyPublishedError(
                f"发布 {number} 已经公布，不再重新制作。要制作新的发布，请运行整个 nightly 任务。",
                f"Release {number} is published already and is not made again. "
                "For a new release launch the whole job nightly.",
            )
        replaces = current_number(releases)
        earlier = [releases / str(standing) for standing in numbers(releases)]
        folder = releases / f"{BUILDING}{number}"
        folder.mkdir()
    try:
        row_counts = copy_marts(warehouse, folder)
        shutil.copytree(data_docs, folder / DATA_DOCS)
        write_dbt_docs(dbt_artifacts, folder, home)
        facts = Manifest(
            release_id=number,
            replaces=replaces,
            as_of=in_shanghai(as_of),
            started_at=in_shanghai(started_at),
            finished_at=in_shanghai(datetime.now(UTC)),
            code_version=code_version,
            rules_version=rules_version,
            parameters=dict(parameters),
            inputs=_inputs(reception_files),
            row_counts=row_counts,
            files=[],
        )
        write_desk_files(
            folder,
            home=home,
            warehouse=warehouse,
            night=night,
            previous=current_release(home),
            as_of=facts.as_of,
            limits=limits or ChildLimits(),
            progress=progress,
        )
        progress.step("页面 site")
        write_site(facts, folder, night, earlier)
        manifest = _seal(facts, folder)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return Release(number=number, folder=folder, manifest=manifest)


def publish(release: Release, *, home: Path, keep: int) -> Path:
    """Give ``release`` its number's folder, make ``current`` name it by one rename, and prune old releases.

    At most ``keep`` (at least 1) releases stay, but always this one and the one that it replaced, so that a
    reader of the old one is never cut off by the swap. Publishing the same release again does no harm. Gives
    the folder. Raises ``UnknownReleaseError`` when a later build has swept the release away.
    """
    if keep < 1:
        raise ValueError(f"keep must be at least 1, got {keep}")
    with held(home) as releases:
        folder = releases / str(release.number)
        if release.folder.exists():
            release.folder.rename(folder)
            flush(releases)
        elif not folder.exists():
            raise UnknownReleaseError(
                f"发布 {release.number} 尚未公布就已被后来的运行清除。请重新运行。",
                f"Release {release.number} was swept away by a later run before it was published. Run again.",
            )
        replaced = current_number(releases)
        point_current(releases, release.number)
        prune(releases, keep=keep, always={release.number, *([] if replaced is None else [replaced])})
    return folder


def current_release(home: Path) -> Path | None:
    """Give the folder of the release that ``current`` names now, or ``None`` where there is none.

    Reads a link or a pointer file. The folder stays as it is whatever is published meanwhile.
    """
    releases = releases_folder(home)
    number = current_number(releases)
    folder = releases / str(number)
    return folder if folder.is_dir() else None


def list_releases(home: Path) -> list[ReleaseInfo]:
    """Give the releases that stand, newest number first; a damaged manifest is told, not raised."""
    releases = releases_folder(home)
    current = current_number(releases)
    return [_info(releases / str(number), current) for number in reversed(numbers(releases))]


def rollback(home: Path, number: int | None = None) -> ReleaseInfo:
    """Make ``current`` name the release ``number``, or by default the one that the current one replaced.

    Every file of it is held against its manifest first. Gives what is current then. Raises
    ``UnknownReleaseError``, ``DamagedReleaseError`` or ``NothingToRollBackToError`` and swaps nothing.
    """
    with held(home) as releases:
        standing = numbers(releases)
        target = _before_current(releases, standing) if number is None else number
        if target not in standing:
            raise UnknownReleaseError(
                f"{releases} 中没有发布 {target}。现有发布：{_joined(standing) or '无'}。",
                f"There is no release {target} in {releases}. "
                f"Releases that stand: {_joined(standing) or 'none'}.",
            )
        folder = releases / str(target)
        verify(folder, read_manifest(folder))
        point_current(releases, target)
    return _info(folder, target)


def _before_current(releases: Path, standing: list[int]) -> int:
    """Give the number of the release that the current one replaced, or else of the next lower one."""
    current = current_number(releases)
    if current is not None:
        try:
            replaced = read_manifest(releases / str(current)).replaces
        except DamagedReleaseError:
            # The current release is why one rolls back; its damage must not stand in the way.
            replaced = None
        if replaced in standing:
            return replaced
        lower = [number for number in standing if number < current]
        if lower:
            return lower[-1]
    raise NothingToRollBackToError(
        f"{releases} 中没有可回退的更早发布（当前：{current or '无'}；现有：{_joined(standing) or '无'}）。",
        f"No earlier release to roll back to in {releases} "
        f"(current: {current or 'none'}; standing: {_joined(standing) or 'none'}).",
    )


def _inputs(reception_files: pl.DataFrame) -> list[InputFile]:
    """Give the files of the inbox, sorted by path."""
    rows = reception_files.select("path", "kind", "sha256", "size_bytes").sort("path", "sha256")
    return [InputFile(**row) for row in rows.iter_rows(named=True)]


def _seal(facts: Manifest, folder: Path) -> Manifest:
    """Make every file of ``folder`` read-only and durable; write and give the manifest that names them."""
    for path in folder.rglob("*"):
        if path.is_file():
            path.chmod(0o444)
            flush(path)
    rows = {f"{PARQUET}/{mart}.parquet": count for mart, count in facts.row_counts.items()}
    manifest = facts.model_copy(update={"files": describe_files(folder, rows)})
    write_manifest(manifest, folder)
    flush_folders(folder)
    return manifest


def _info(folder: Path, current: int | None) -> ReleaseInfo:
    """Tell of the release at ``folder``."""
    number = int(folder.name)
    try:
        manifest, damage = read_manifest(folder), None
    except DamagedReleaseError as error:
        manifest, damage = None, str(error)
    return ReleaseInfo(number, folder, is_current=number == current, manifest=manifest, damage=damage)


def _joined(standing: list[int]) -> str:
    """Name the releases that stand."""
    return ", ".join(map(str, standing))
