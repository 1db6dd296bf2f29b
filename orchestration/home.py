"""The home: where a run writes, as paths. What stands in each folder is told in ``docs/lake.md``."""

import json
import tempfile
from dataclasses import dataclass
from pathlib import Path

from ingestion.places.address import strike_out
from orchestration.errors import HomeNotWritableError, SettingsError
from orchestration.settings import Settings

DAGSTER_YAML = """\
# Written by coopzones when it was absent; yours to change.
telemetry:
  enabled: false
nux:
  enabled: false
"""
# Of runs in the terminal. Their steps' output goes to dbt's log: no processes that capture it.
TERMINAL_YAML = """\
# Written by coopzones at every run.
telemetry:
  enabled: false
compute_logs:
  module: dagster._core.storage.noop_compute_log_manager
  class: NoOpComputeLogManager
event_log_storage:
  module: orchestration.event_log
  class: OpenSqliteEventLog
  config:
    base_dir: {base_dir}
"""


SAMPLE = "bundled sample"
"""What a home remembers of the sample: that it was one, not where this installation keeps it."""


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
    def verdict(self) -> Path:
        """Stands beside the warehouse when every blocking check passed, and only then."""
        return self.root / "warehouse" / "passed"

    @property
    def dbt(self) -> Path:
        """The manifests made beforehand and the target folders of dbt's runs."""
        return self.root / "dbt"

    @property
    def night(self) -> Path:
        """The tables of tonight's moment."""
        return self.root / "night"

    @property
    def judged(self) -> Path:
        """A link to tonight's folder of verdicts: a name that dbt can know before the night is judged."""
        return self.dbt / "judged"

    @property
    def dbt_target(self) -> Path:
        """What dbt wrote of the last run: its log, compiled SQL, results."""
        return self.dbt / "target"

    @property
    def dagster(self) -> Path:
        """Dagster's own state (``DAGSTER_HOME``)."""
        return self.root / "dagster"

    @property
    def run_lock(self) -> Path:
        """Held by the run in progress."""
        return self.root / "run.lock"

    @property
    def delivery_lock(self) -> Path:
        """Held by every delivery of alerts in progress."""
        return self.root / "outbox" / "delivery.lock"

    def remember_inbox(self, settings: Settings) -> None:
        """Keep the name of the inbox that the present release was made from."""
        name = SAMPLE if settings.is_sample else settings.inbox
        (self.root / "inbox.txt").write_text(name, encoding="utf-8")

    def hold_to_inbox(self, settings: Settings) -> None:
        """Raise ``SettingsError`` when nobody named an inbox and the last release came from another one.

        A forgotten variable must not put the invented sample in the place of a real release.
        """
        remembered = self.root / "inbox.txt"
        if "inbox" in settings.model_fields_set or not remembered.exists():
            return
        last = strike_out(remembered.read_text(encoding="utf-8"))
        if last != SAMPLE:
            raise SettingsError(
                f"没有设置 COOPZONES_INBOX，而 {self.root} 的上一次发布来自 {last}；样例数据不会取代它。"
                f"请设置 COOPZONES_INBOX，或换一个 COOPZONES_HOME。\n"
                f"  COOPZONES_INBOX is not set, and the last release in {self.root} came from {last}; "
                f"the sample does not replace it. Set COOPZONES_INBOX, or name another COOPZONES_HOME."
            )

    def prepare(self) -> None:
        """Make the home and Dagster's configuration; raise ``HomeNotWritableError`` when that cannot be."""
        try:
            self.dagster.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=self.root, prefix=".writable-"):
                pass
            if not (self.dagster / "dagster.yaml").exists():
                (self.dagster / "dagster.yaml").write_text(DAGSTER_YAML, encoding="utf-8")
            base_dir = json.dumps(str(self.dagster / "history" / "runs"))
            terminal_yaml = TERMINAL_YAML.format(base_dir=base_dir)
            (self.dagster / "terminal.yaml").write_text(terminal_yaml, encoding="utf-8")
        except OSError as error:
            raise HomeNotWritableError.of(self.root, error) from error

    def prepare_outbox(self) -> None:
        """Make the outbox's folder; raise ``HomeNotWritableError`` when that cannot be."""
        try:
            self.delivery_lock.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise HomeNotWritableError.of(self.root, error) from error
