"""The dbt manifest, made beforehand: loading the definitions must not start dbt.

It is kept in the home under a stamp of the project's files, so that it is made anew exactly when they change.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

from orchestration.errors import DbtFailedError

DBT_PROJECT = Path(__file__).resolve().parent.parent / "dbt_project"
DBT_EXECUTABLE = Path(sys.executable).parent / "dbt"
_NOT_THE_PROJECT = {"target", "logs", "dbt_packages"}
_KEPT = 2


def project_stamp(project: Path) -> str:
    """Give a hash of the project's files, their paths, and dbt's versions."""
    digest = hashlib.sha256(f"{version('dbt-core')} {version('dbt-duckdb')}".encode())
    for path in sorted(project.rglob("*")):
        parts = path.relative_to(project).parts
        if path.is_file() and parts[0] not in _NOT_THE_PROJECT and not path.name.startswith("."):
            digest.update("\0".join(parts).encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:16]


def prepare_manifest(project: Path, folder: Path) -> Path:
    """Give the ``manifest.json`` of ``project``, parsed into ``folder/<stamp>/`` when it is not there yet.

    Beside it stands ``partial_parse.msgpack``. Raises ``DbtFailedError`` with dbt's own words.
    """
    made = folder / project_stamp(project)
    if not (made / "manifest.json").exists():
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder, prefix=".parse-") as beside:
            _parse(project, Path(beside))
            if not made.exists():
                Path(beside).rename(made)
                Path(beside).mkdir()
        _prune(folder)
    return made / "manifest.json"


def _parse(project: Path, target: Path) -> None:
    environment = {
        **os.environ,
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        "DBT_PROFILES_DIR": str(project),
        "DBT_LOG_PATH": str(target),
        "COOPZONES_WAREHOUSE": str(target / "parse.duckdb"),
    }
    done = subprocess.run(  # noqa: S603 (our own arguments)
        [str(DBT_EXECUTABLE), "--no-use-colors", "parse", "--target-path", str(target)],
        cwd=project, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode != 0:
        raise DbtFailedError(f"dbt parse of {project} failed:\n{done.stdout}{done.stderr}")


def _prune(folder: Path) -> None:
    """Keep the newest manifests; a process that still reads an older one has it in memory."""
    made = sorted(folder.glob("*/manifest.json"), key=lambda path: path.stat().st_mtime, reverse=True)
    for manifest in made[_KEPT:]:
        shutil.rmtree(manifest.parent, ignore_errors=True)
