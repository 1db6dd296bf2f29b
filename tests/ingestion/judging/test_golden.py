"""The golden case: which submissions are seen and accepted, and which rows of the roster fail which rule."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import polars as pl
import pytest

from ingestion.judging.night import NightSummary, judge_night
from ingestion.progress import SilentProgress
from ingestion.reading.new_files import read_new_files
from ingestion.receive import receive

EXPECTED = Path(__file__).parents[2] / "golden" / "expected"
MOMENTS = {
    "2026-03-31-last-second": "2026-03-31T23:59:59+08:00",
    "2026-06-30": "2026-06-30T00:00:00+08:00",
    "2026-12-15": "2026-12-15T00:00:00+08:00",
    "2030-01-15": "2030-01-15T00:00:00+08:00",
}


@pytest.fixture(scope="module")
def night_at(golden_inbox: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], NightSummary]:
    home = tmp_path_factory.mktemp("golden-home")
    reception = receive(str(golden_inbox), home, SilentProgress())
    read_new_files(
        reception,
        home,
        workers=2,
        memory_limit_bytes=1 << 31,
        timeout_seconds=60,
        progress=SilentProgress(),
    )

    def judge(moment: str) -> NightSummary:
        as_of = datetime.fromisoformat(MOMENTS[moment])
        return judge_night(reception, home, as_of=as_of, parameters={}, progress=SilentProgress())

    return judge


def verdicts(night: NightSummary, name: str, submission_ids: pl.Series) -> pl.DataFrame:
    return pl.concat(
        pl.read_parquet(night.judged_folder / each / f"{name}.parquet") for each in submission_ids
    )


@pytest.mark.parametrize("moment", MOMENTS)
def test_submissions_and_failures_of_rows_are_those_expected(
    night_at: Callable[[str], NightSummary], moment: str
) -> None:
    night = night_at(moment)
    seen = pl.read_parquet(night.night_folder / "submissions.parquet")
    late = pl.read_parquet(night.night_folder / "findings.parquet").filter(rule_id="S06")["submission_id"]
    told = verdicts(night, "cover", seen["submission_id"]).join(seen, on="submission_id")
    rejected = pl.col("is_rejected") | pl.col("submission_id").is_in(late.to_list())
    columns = ("submission_id", "zone_id", "status", "roster_rows", "quarantined_rows", "received_basis")
    expected = pl.read_csv(EXPECTED / moment / "submissions.csv", infer_schema=False)
    assert sorted(
        told.with_columns(status=pl.when(rejected).then(pl.lit("rejected")).otherwise(pl.lit("accepted")))
        .select(pl.col(name).cast(pl.String) for name in columns)
        .rows()
    ) == sorted(expected.select(columns).rows())

    failures = verdicts(night, "findings", seen["submission_id"]).filter(
        pl.col("sheet") == "企业名录", pl.col("rule_id").str.starts_with("V")
    )
    keys = ("submission_id", "row_number", "rule_id")
    expected = pl.read_csv(EXPECTED / moment / "row_failures.csv", schema_overrides={"row_number": pl.Int64})
    assert sorted(failures.select(keys).unique().rows()) == sorted(expected.select(keys).rows())
