"""The home: where a run writes, as paths. What stands in each folder is told in ``docs/lake.md``."""

import tempfile
from dataclasses import dataclass
from pathlib import Path

from orchestration.errors import HomeNotWritableError

DAGSTER_YAML = """\
# Written once by coopzones when it was absent; yours to change.
telemetry:
  enabled: false
"""
# A run in the terminal keeps its steps' output off the terminal by itself: no capturing processes.
TERMINAL_YAML = """\
telemetry:
  enabled: false
compute_logs:
  module: dagster._core.storage.noop_compute_log_manager
  class: NoOpComputeLogManager
"""


@dataclass(frozen=True)
class Home:
    """The folders below ``root`` that orchestration itself uses."""

    root: Path

    @property
    def warehouse(self) -> Path:
        """The DuckDB file, private to the run."""
        return self.root / "warehouse" / "coopzones.duckdb"

    @property
    def data_docs(self) -> Path:
        """Where the night's Data Docs are built before a release takes them."""
        return self.root / "warehouse" / "data_docs"

    @property
    def dbt(self) -> Path:
        """The manifests made beforehand and the target folders of dbt's runs."""
        return self.root / "dbt"

    @property
    def dagster(self) -> Path:
        """Dagster's own state (``DAGSTER_HOME``)."""
        return self.root / "dagster"

    @property
    def run_lock(self) -> Path:
        """Held by the run in progress."""
        return self.root / "run.lock"

    def prepare(self) -> None:
        """Make the home and Dagster's configuration; raise ``HomeNotWritableError`` when that cannot be."""
        try:
            self.dagster.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=self.root, prefix=".writable-"):
                pass
            for name, text in (("dagster.yaml", DAGSTER_YAML), ("terminal.yaml", TERMINAL_YAML)):
                if not (self.dagster / name).exists():
                    (self.dagster / name).write_text(text, encoding="utf-8")
        except OSError as error:
            raise HomeNotWritableError(
                f"不能写入 COOPZONES_HOME“{self.root}”：{error.strerror}。请换一个可写的文件夹。\n"
                f'  COOPZONES_HOME="{self.root}" cannot be written: {error.strerror}. Name a folder that can.'
            ) from error
