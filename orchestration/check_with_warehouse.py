"""The rules that need the whole warehouse, asked of checked workbooks: dbt's models in a home of their own.

Belongs here: running dbt over a checked night and taking its findings. No rule is written here a second time.
"""

import json
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

import duckdb
import polars as pl

from ingestion.checking import CheckedNight, CheckedWorkbook
from ingestion.judging.findings import FINDING
from orchestration.dbt_manifest import DBT_EXECUTABLE, DBT_PROJECT, ParsedProject
from orchestration.errors import DbtFailedError
from orchestration.home import Home

FINDINGS = """
select *, '' as row_identity from marts.quality_failures
where engine = 'dbt' and (submission_id = $submission_id or (submission_id is null and zone_id = $zone_id))
"""


def ask_the_warehouse(
    night: CheckedNight, home: Path, *, target: str, parameters: Mapping[str, str]
) -> dict[str, pl.DataFrame]:
    """Give what dbt's rules find in each workbook of ``night``, by its submission, as findings.

    ``home`` is the home in which the workbooks were checked. Raises ``DbtFailedError`` with dbt's words.
    """
    private = Home(home)
    private.dbt.mkdir(parents=True, exist_ok=True)
    private.warehouse.parent.mkdir(parents=True, exist_ok=True)
    private.judged.symlink_to(night.summary.judged_folder, target_is_directory=True)
    parsed = ParsedProject(DBT_PROJECT, private, target, private.dbt_target)
    variables = {
        "as_of": night.as_of.replace(tzinfo=None).isoformat(),
        "judged": str(private.judged),
        "night": str(night.summary.night_folder),
        "parameters": dict(parameters),
    }
    done = subprocess.run(  # noqa: S603 (our own arguments)
        [
            str(DBT_EXECUTABLE), "--quiet", "build", "--select", "+quality_failures",
            "--exclude-resource-type", "unit_test", "--exclude-resource-type", "test",
            "--vars", json.dumps(variables, ensure_ascii=False),
        ],
        cwd=DBT_PROJECT, env={**os.environ, **parsed.environment()},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode != 0:
        raise DbtFailedError(f"dbt could not build quality_failures:\n{done.stdout}{done.stderr}")
    with duckdb.connect(str(private.warehouse), read_only=True) as warehouse:
        return {
            workbook.submission_id: _findings(warehouse, workbook)
            for workbook in night.workbooks
            if workbook.cover is not None
        }


def _findings(warehouse: duckdb.DuckDBPyConnection, workbook: CheckedWorkbook) -> pl.DataFrame:
    zone_id = None if workbook.cover is None else workbook.cover["zone_id"]
    found = warehouse.execute(FINDINGS, {"submission_id": workbook.submission_id, "zone_id": zone_id}).pl()
    return found.select(pl.col(name).cast(kind) for name, kind in FINDING.items())
