"""The rules that ask, over the bundled sample: each finds what was put there for it, where it was put."""

from collections.abc import Callable
from pathlib import PurePosixPath
from typing import Any

import polars as pl
import pytest

from ingestion.judging.night import judge_night
from ingestion.progress import SilentProgress
from ingestion.reading.new_files import read_new_files
from ingestion.receive import receive
from ingestion.sample import SAMPLE_AS_OF, SAMPLE_INBOX, SampleShape
from ingestion.sample.dirt import Spread, spread_dirt
from ingestion.sample.draft import make_draft
from ingestion.seeds import load_seed

pytestmark = pytest.mark.slow

ASKING = load_seed("quality_rules").filter(pl.col("severity").is_in(["Q", "M"]))["rule_id"].to_list()
SPREAD = [piece for piece in spread_dirt(make_draft(SampleShape())) if {*piece.rule_ids} & {*ASKING}]
Finding = dict[str, Any]


@pytest.fixture(scope="module")
def built(project_over: Callable[..., Any], tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Give the project built over the sample as its own night sees it."""
    home, progress = tmp_path_factory.mktemp("sample_home"), SilentProgress()
    reception = receive(str(SAMPLE_INBOX), home, progress)
    limits = {"workers": 2, "memory_limit_bytes": 2**31, "timeout_seconds": 120}
    read_new_files(reception, home, progress=progress, **limits)
    night = judge_night(reception, home, as_of=SAMPLE_AS_OF, parameters={}, progress=progress)
    project = project_over(night.judged_folder, night.night_folder)
    project.build(as_of=SAMPLE_AS_OF.replace(tzinfo=None).isoformat())
    return project


@pytest.fixture(scope="module")
def findings(built: Any) -> list[Finding]:
    """Give what the rules that ask found, with the file of the submission and of the zone's submissions."""
    columns = [
        "rule_id",
        "zone_id",
        "sheet",
        "message_zh",
        "message_en",
        "expected",
        "file_name",
        "files_of_zone",
    ]
    rows = built.rows(
        f"""
        select {", ".join(columns)}
        from marts.quality_failures
        left join (select submission_id, file_name from marts.submissions) using (submission_id)
        left join (
            select zone_id, list(file_name) as files_of_zone from marts.submissions group by zone_id
        ) using (zone_id)
        where severity in ('Q', 'M')
        """
    )
    return [dict(zip(columns, row, strict=True)) for row in rows]


def lies_at(finding: Finding, place: str) -> bool:
    """Tell whether a finding is about the file: a workbook, a workbook of its zone, a ledger's file."""
    path = PurePosixPath(place)
    ledgers = {path.stem, path.parent.name, "provincial_statistics" if path.parts[0] == "statistics" else ""}
    return (
        finding["file_name"] == place
        or finding["sheet"] in ledgers
        or (finding["file_name"] is None and place in (finding["files_of_zone"] or []))
    )


@pytest.mark.parametrize("piece", SPREAD, ids=lambda piece: piece.name)
def test_a_rule_finds_what_was_put_there_for_it_where_it_was_put(
    findings: list[Finding], piece: Spread
) -> None:
    for rule_id in {*piece.rule_ids} & {*ASKING}:
        assert any(found["rule_id"] == rule_id and lies_at(found, piece.file_name) for found in findings)


def test_a_finding_is_worded_whole_in_both_languages(findings: list[Finding]) -> None:
    for found in findings:
        for text in ("message_zh", "message_en", "expected"):
            assert "{" not in found[text], found
        assert found["message_zh"] != found["message_en"]


def test_what_only_asks_is_a_handful_of_findings_of_a_sample_that_is_mostly_right(
    findings: list[Finding],
) -> None:
    by_rule = {rule_id: sum(1 for found in findings if found["rule_id"] == rule_id) for rule_id in ASKING}
    assert [rule_id for rule_id, times in by_rule.items() if times > 5 and rule_id != "Q07"] == []
