"""The dbt manifest, made beforehand: loading the definitions must not start dbt.

It is kept in the home under a stamp of the project's files, so that it is made anew exactly when they change.
The home's paths are part of it: where the sources lie, and what the warehouse is called.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from orchestration.errors import DbtFailedError
from orchestration.home import Home

DBT_PROJECT = Path(__file__).resolve().parent.parent / "dbt_project"
DBT_EXECUTABLE = Path(sys.executable).parent / "dbt"
_NOT_THE_PROJECT = {"target", "logs", "dbt_packages"}
_KEPT = 2


@dataclass(frozen=True)
class ParsedProject:
    """A dbt project as it was parsed for a home: ``folder`` holds ``manifest.json`` and dbt's parse cache."""

    project: Path
    home: Home
    target: str
    folder: Path

    @property
    def manifest(self) -> Path:
        """The manifest."""
        return self.folder / "manifest.json"

    def environment(self) -> dict[str, str]:
        """Give the variables that dbt runs with: nothing is sent, nothing is written into the project."""
        return {
            "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
            "DBT_PROJECT_DIR": str(self.project),
            "DBT_PROFILES_DIR": str(self.project),
            "DBT_TARGET": self.target,
            "DBT_TARGET_PATH": str(self.folder),
            "DBT_LOG_PATH": str(self.folder),
            "DBT_USE_COLORS": "false",
            "COOPZONES_WAREHOUSE": str(self.home.warehouse),
        }

    def parse_arguments(self) -> list[str]:
        """Give dbt's arguments to parse the project, the same whenever it is taken up again."""
        folders = {"night": str(self.home.night), "judged": str(self.home.judged)}
        return ["parse", "--vars", json.dumps(folders)]


def project_stamp(project: Path, home: Home) -> str:
    """Give a hash of the project's files with their paths, the home's path, and dbt's versions."""
    digest = hashlib.sha256(f"{version('dbt-core')} {version('dbt-duckdb')} {home.root}".encode())
    for path in sorted(project.rglob("*")):
        parts = path.relative_to(project).parts
        if path.is_file() and parts[0] not in _NOT_THE_PROJECT and not path.name.startswith("."):
            digest.update("\0".join(parts).encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:16]


def prepare_project(project: Path, home: Home, target: str) -> ParsedProject:
    """Give ``project`` parsed for ``home`` and the profile's ``target``, parsing it if it is new.

    Raises ``DbtFailedError`` with dbt's own words.
    """
    folder = home.dbt / f"{target}-{project_stamp(project, home)}"
    parsed = ParsedProject(project, home, target, folder)
    if not parsed.manifest.exists():
        home.dbt.mkdir(parents=True, exist_ok=True)
        beside = Path(tempfile.mkdtemp(dir=home.dbt, prefix=".parse-"))
        try:
            _parse(ParsedProject(project, home, target, beside))
            shutil.rmtree(folder, ignore_errors=True)
            beside.rename(folder)
        finally:
            shutil.rmtree(beside, ignore_errors=True)
        _prune(home.dbt)
    return parsed


def _parse(unparsed: ParsedProject) -> None:
    done = subprocess.run(  # noqa: S603 (our own arguments)
        [str(DBT_EXECUTABLE), *unparsed.parse_arguments()],
        cwd=unparsed.project, env={**os.environ, **unparsed.environment()},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode != 0:
        raise DbtFailedError(f"dbt parse of {unparsed.project} failed:\n{done.stdout}{done.stderr}")


def _prune(folder: Path) -> None:
    """Keep the newest manifests; a process that still reads an older one has it in memory."""
    made = sorted(folder.glob("*/manifest.json"), key=lambda path: path.stat().st_mtime, reverse=True)
    for manifest in made[_KEPT:]:
        shutil.rmtree(manifest.parent, ignore_errors=True)
