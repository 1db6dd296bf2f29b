"""The sample received, read and judged: every rule finds what was put there for it, and nothing else."""

import hashlib
from pathlib import Path

import polars as pl
import pytest

from ingestion.judging.night import judge_night
from ingestion.progress import SilentProgress
from ingestion.reading.new_files import read_new_files
from ingestion.receive import receive
from ingestion.sample import SAMPLE_AS_OF, SAMPLE_INBOX
from ingestion.sample.dirt import Spread
from ingestion.seeds import load_seed

pytestmark = pytest.mark.slow

AT_THE_DOOR = load_seed("quality_rules").filter(pl.col("severity").is_in(["S", "V"]))["rule_id"].to_list()
FOUND_IN_THE_WAREHOUSE = ["answer_to_no_failure"]
"""Whether a failure exists is known only where all failures are."""


@pytest.fixture(scope="module")
def findings(tmp_path_factory: pytest.TempPathFactory) -> pl.DataFrame:
    """Give the night's findings with the file's path and the type, zone and year on its cover."""
    home = tmp_path_factory.mktemp("home")
    progress = SilentProgress()
    reception = receive(str(SAMPLE_INBOX), home, progress)
    read_new_files(
        reception,
        home,
        workers=2,
        memory_limit_bytes=2**31,
        timeout_seconds=120,
        progress=progress,
    )
    night = judge_night(reception, home, as_of=SAMPLE_AS_OF, parameters={}, progress=progress)
    judged = night.judged_folder
    covers = pl.read_parquet(judged / "*" / "cover.parquet")
    found = pl.concat(
        [
            pl.read_parquet(judged / "*" / "findings.parquet"),
            pl.read_parquet(night.night_folder / "findings.parquet"),
        ]
    )
    submissions = pl.read_parquet(night.night_folder / "submissions.parquet")
    files = submissions.select("submission_id", "file_name")
    of_ledger = pl.col("message_zh").str.split("：").list.first()
    identity = ("submission_id", "submission_type", "zone_id", "report_year")
    return (
        found.join(files, on="submission_id", how="left")
        .join(covers.select(identity), on="submission_id", how="left")
        .with_columns(file_name=pl.coalesce("file_name", of_ledger))
    )


def by_file(pairs: list[tuple[str, str]]) -> dict[str, set[str]]:
    rules: dict[str, set[str]] = {}
    for file_name, rule_id in pairs:
        rules.setdefault(file_name, set()).add(rule_id)
    return rules


def test_every_file_has_the_findings_that_its_dirt_names_and_no_others(
    findings: pl.DataFrame, spread: list[Spread]
) -> None:
    wanted = by_file(
        [
            (piece.file_name, rule_id)
            for piece in spread
            if piece.name not in FOUND_IN_THE_WAREHOUSE
            for rule_id in piece.rule_ids
            if rule_id in AT_THE_DOOR
        ]
    )
    assert by_file(findings.select("file_name", "rule_id").rows()) == wanted


@pytest.mark.parametrize("rule_id", AT_THE_DOOR)
def test_every_rule_at_the_door_finds_something(findings: pl.DataFrame, rule_id: str) -> None:
    assert rule_id in findings["rule_id"]


def test_officers_answer_failures_that_there_are(findings: pl.DataFrame) -> None:
    parts = (
        "rule_id",
        "submission_type",
        "zone_id",
        "report_year",
        "sheet",
        "row_identity",
        "field",
        "value",
    )
    of_workbooks = findings.filter(pl.col("submission_id").is_not_null())
    failures = {
        hashlib.sha256(
            "\x1f".join([*("" if part is None else str(part) for part in row), "1"]).encode()
        ).hexdigest()[:32]
        for row in of_workbooks.select(parts).iter_rows()
    }
    answered = pl.read_csv(Path(SAMPLE_INBOX) / "ledgers" / "dispositions.csv", infer_schema=False)[
        "failure_id"
    ]
    unknown = [failure_id for failure_id in answered if failure_id not in failures]
    assert unknown == ["0" * 32]
