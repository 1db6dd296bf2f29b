"""What a release says of itself: ``manifest.json``, and whether its files are still those it names."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from pydantic import BaseModel, ValidationError

from publication.durability import flush
from publication.errors import DamagedReleaseError

MANIFEST = "manifest.json"


class InputFile(BaseModel):
    """One file of the inbox that the run saw, or a raw answer of an outside source (kind answer)."""

    path: str
    kind: str
    sha256: str
    size_bytes: int


class ReleaseFile(BaseModel):
    """One file of the release: its path in it, its bytes, and its rows where it is a table."""

    path: str
    sha256: str
    size_bytes: int
    rows: int | None = None


class Manifest(BaseModel):
    """Everything that tells one release from another. Moments carry Shanghai's offset."""

    release_id: int
    replaces: int | None
    as_of: datetime
    started_at: datetime
    finished_at: datetime
    code_version: str
    rules_version: str
    parameters: dict[str, str]
    inputs: list[InputFile]
    row_counts: dict[str, int]
    files: list[ReleaseFile]


def describe_files(folder: Path, rows: dict[str, int]) -> list[ReleaseFile]:
    """Describe every file below ``folder``, sorted by path; ``rows`` maps a path to its rows."""
    described = []
    for path in _file_paths(folder):
        sha256, size_bytes = _digest(folder / path)
        described.append(ReleaseFile(path=path, sha256=sha256, size_bytes=size_bytes, rows=rows.get(path)))
    return described


def write_manifest(manifest: Manifest, folder: Path) -> None:
    """Write ``manifest`` into the release at ``folder``."""
    path = folder / MANIFEST
    path.write_text(manifest.model_dump_json(indent=2) + "\n", encoding="utf-8")
    path.chmod(0o444)
    flush(path)


def read_manifest(folder: Path) -> Manifest:
    """Read the manifest of the release at ``folder``; raise ``DamagedReleaseError`` when it can't be read."""
    path = folder / MANIFEST
    try:
        return Manifest.model_validate_json(path.read_bytes())
    except (FileNotFoundError, ValidationError) as error:
        raise DamagedReleaseError(
            f"发布 {folder.name} 已损坏：清单 {path} 缺失或无法读取。请改用其他发布。",
            f"Release {folder.name} is damaged: its manifest {path} is missing or unreadable. "
            "Use another one.",
        ) from error


def ledgers_gone(earlier: Manifest, later: Manifest) -> list[str]:
    """Give the paths of the ledger files that ``earlier`` was made from and ``later`` was not, sorted."""
    here = {file.path for file in later.inputs}
    return sorted(file.path for file in earlier.inputs if file.kind == "ledger" and file.path not in here)


def verify(folder: Path, manifest: Manifest) -> None:
    """Raise ``DamagedReleaseError`` unless ``folder`` holds exactly the files of ``manifest``, byte for byte.

    A file too many is damage as well: a write-ahead log beside the database would change what readers see.
    """
    expected = {file.path: file for file in manifest.files}
    present = set(_file_paths(folder))
    changed = [
        path
        for path, file in expected.items()
        if path in present and _digest(folder / path) != (file.sha256, file.size_bytes)
    ]
    wrong = [
        (("缺失", "missing"), sorted(expected.keys() - present)),
        (("已更改", "changed"), sorted(changed)),
        (("多余", "unexpected"), sorted(present - expected.keys())),
    ]
    if any(paths for _, paths in wrong):
        raise DamagedReleaseError(
            f"发布 {folder.name} 已损坏（{_listed(wrong, 0)}），未切换。"
            "请改用其他发布，或重新运行以制作新发布。",
            f"Release {folder.name} in {folder} is damaged ({_listed(wrong, 1)}); nothing was swapped. "
            "Use another release, or run again to make a new one.",
        )


def _listed(wrong: Sequence[tuple[tuple[str, str], list[str]]], language: int, most: int = 3) -> str:
    """Name the first ``most`` files of each kind of damage, in Chinese (0) or English (1)."""
    return "; ".join(
        f"{kind[language]}: {', '.join(paths[:most])}{' …' if len(paths) > most else ''}"
        for kind, paths in wrong
        if paths
    )


def _file_paths(folder: Path) -> list[str]:
    """Give the paths of all files below ``folder`` but its manifest, sorted."""
    files = (path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir())
    return sorted(path for path in files if path != MANIFEST)


def _digest(path: Path) -> tuple[str, int]:
    """Give the SHA-256 and the size of the file at ``path``, reading it in pieces."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest(), path.stat().st_size
