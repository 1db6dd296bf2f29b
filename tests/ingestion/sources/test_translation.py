"""Translation: the archive's answers become ledger files that a night reads like those of its inbox."""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingestion.archive import Archive, archive_path
from ingestion.judging.night import judge_night
from ingestion.progress import SilentProgress
from ingestion.reading.new_files import read_new_files
from ingestion.receive import FILES_SCHEMA, Reception
from ingestion.sources.answers import Answer, Attempt, add_attempts, attempts
from ingestion.sources.configuration import Source, Sources
from ingestion.sources.errors import AnswerUnreadableError
from ingestion.sources.problems import standing_at
from ingestion.sources.translation import Translated, read_answer, translate

FIRST_NIGHT = datetime.fromisoformat("2026-03-01T02:00:00")
LATER = datetime.fromisoformat("2026-12-31T00:00:00")
ENTRY: dict[str, Any] = {
    "name": "investment",
    "title_zh": "各省外资（虚构）",
    "title_en": "Investment by province (invented)",
    "ledger": "provincial_statistics",
    "schedule": "0 1 * * *",
    "fresh_within_days": 1,
    "may_fail_for_hours": 72,
    "request": {"url": "/invented/investment.csv"},
    "format": {"kind": "csv_table"},
    "mapping": {
        "region_code": "region",
        "year": "year",
        "indicator": {"constant": "fdi_usd"},
        "value": "value",
        "unit": {"constant": "千美元"},
        "published_on": {"taken_from": "fetched_on"},
    },
}


def entry(**changes: Any) -> Source:
    return Source.model_validate(ENTRY | changes)


def table(figures: dict[str, str], year: str = "2024") -> str:
    """Give a yearbook's table of the invented ``figures`` of a year by region."""
    rows = "".join(f'{region},"{value}"\n' for region, value in figures.items())
    return f"指标：外商直接投资\n地区,{year}年\n全国,9\n{rows}数据来源：虚构\n"


@dataclass
class Desk:
    """A home in which answers arrive night after night, translated by ``source``."""

    home: Path
    source: Source = field(default_factory=entry)
    nights: int = 0

    def arrive(self, body: str, request: str = "", **headers: str) -> None:
        """Let an answer arrive, a night after the one before."""
        archive, at = Archive(self.home), FIRST_NIGHT + timedelta(days=self.nights)
        answer = Answer(self.source.name, request, at, *archive.keep(BytesIO(body.encode())), headers=headers)
        add_attempts(archive, [Attempt(self.source.name, request, at, "changed", answer=answer)])
        self.nights += 1

    def translated(self) -> Translated:
        """Give what all answers so far say."""
        return translate(Sources((self.source,)), self.home, SilentProgress())

    def written(self) -> list[tuple[str, pl.DataFrame]]:
        """Give the files by the day in their path, as text."""
        files = self.translated().files
        return [
            (path.split("/")[2][:8], pl.read_csv(archive_path(self.home, sha256), infer_schema=False))
            for path, sha256 in files.select("path", "sha256").iter_rows()
        ]

    def problems(self, as_of: datetime = LATER) -> list[tuple[Any, ...]]:
        """Give in short the problems that stand."""
        standing = standing_at(self.translated().problems, as_of)
        return standing.select("request", "case_id", "field", "value").sort(pl.all()).rows()

    def statistics_at(self, as_of: str) -> tuple[pl.DataFrame, pl.DataFrame]:
        """Give the statistics and the findings of a night that evaluates ``as_of``."""
        files = self.translated().files
        reception = Reception("", files, pl.DataFrame(schema={"path": pl.String, "reason": pl.String}), 0, 0)
        progress = SilentProgress()
        read_new_files(
            reception,
            self.home,
            workers=1,
            memory_limit_bytes=1 << 30,
            timeout_seconds=60,
            progress=progress,
        )
        night = judge_night(
            reception,
            self.home,
            as_of=datetime.fromisoformat(as_of),
            parameters={},
            progress=progress,
        ).night_folder
        return (
            pl.read_parquet(night / "ledgers" / "provincial_statistics.parquet"),
            pl.read_parquet(night / "findings.parquet"),
        )


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_an_answer_becomes_a_file_of_the_ledger_recorded_when_it_was_fetched(desk: Desk) -> None:
    desk.arrive(table({"北京市": "1,234.5"}))
    files = desk.translated().files
    assert files.schema == FILES_SCHEMA
    row = files.row(0, named=True)
    assert row["path"] == row["file_name"] == f"sources/investment/20260301T020000-{row['sha256'][:8]}.csv"
    assert (row["kind"], row["ledger"], row["first_seen_at"]) == (
        "ledger",
        "provincial_statistics",
        FIRST_NIGHT,
    )
    assert archive_path(desk.home, row["sha256"]).read_text(encoding="utf-8") == (
        "region_code,year,indicator,value,unit,scope,published_on,source,void,recorded_at\n"
        "110000,2024,fdi_usd,123.45,USD_10K,,2026-03-01,,,2026-03-01T02:00:00+08:00\n"
    )


def test_only_what_is_new_is_written(desk: Desk) -> None:
    for figures in (
        {"北京": "10", "天津": "20"},
        {"北京": "10", "天津": "30"},
        {"北京": "10.0", "天津": "30"},
    ):
        desk.arrive(table(figures))
    assert [(day, rows.select("region_code", "value").rows()) for day, rows in desk.written()] == [
        ("20260301", [("110000", "1"), ("120000", "2")]),
        ("20260302", [("120000", "3")]),
    ]


def test_an_evaluation_between_two_fetches_sees_the_older_vintage(desk: Desk) -> None:
    for value in ("10", "20", "10"):
        desk.arrive(table({"北京": value}))
    counted = pl.col("is_in_force") & (pl.col("published_on") == pl.col("published_on").max())
    seen = [
        desk.statistics_at(as_of)[0].filter(counted)["value"].cast(pl.Float64).to_list()
        for as_of in (
            "2026-03-01T01:59:59",
            "2026-03-01T02:00:00",
            "2026-03-02T02:00:00",
            "2026-03-03T02:00:00",
        )
    ]
    assert seen == [[], [1], [2], [1]]


def test_two_revisions_on_one_day_of_publication_are_told_apart_by_when_they_came(tmp_path: Path) -> None:
    fixed = ENTRY["mapping"] | {"published_on": {"constant": "2026-02-28"}}
    desk = Desk(tmp_path, entry(mapping=fixed))
    for value in ("10", "20"):
        desk.arrive(table({"北京": value}))
    for as_of, value in (("2026-03-01T12:00:00", 1), ("2026-03-02T12:00:00", 2)):
        rows, _ = desk.statistics_at(as_of)
        assert rows.filter("is_in_force")["value"].cast(pl.Float64).to_list() == [value]


def test_what_nobody_can_interpret_is_a_finding_of_its_row_that_names_the_file(desk: Desk) -> None:
    desk.arrive(table({"北京": "10", "火星": "20"}))
    path = desk.translated().files["path"][0]
    rows, findings = desk.statistics_at("2026-06-30T00:00:00")
    assert rows["region_code"].to_list() == ["110000"]
    finding = findings.filter(rule_id="V20").row(0, named=True)
    assert (finding["field"], finding["value"], finding["row_number"]) == ("region_code", "火星", 3)
    assert finding["message_zh"].startswith(path)
    assert desk.problems() == [("", "unknown_region", "region_code", "火星")]


def test_a_finding_keeps_its_identity_from_night_to_night(desk: Desk) -> None:
    desk.arrive(table({"北京": "10", "天津": "约五十"}))
    before = desk.statistics_at("2026-06-30T00:00:00")[1]
    desk.arrive(table({"北京": "30", "天津": "约五十"}))
    after = desk.statistics_at("2026-06-30T00:00:00")[1]
    assert before.height == 1
    assert after["row_identity"].to_list() == before["row_identity"].to_list()


def test_a_problem_is_that_of_the_newest_answer_to_its_request(desk: Desk) -> None:
    desk.arrive(table({"北京": "10", "火星": "20"}), "2024")
    desk.arrive(table({"北京": "10", "天津": "5"}, "2025"), "2025")
    desk.arrive(table({"北京": "…"}, "2025"), "2025")
    assert desk.problems() == [
        ("2024", "unknown_region", "region_code", "火星"),
        ("2025", "vanished", "value", "0.5"),
        ("2025", "vanished", "value", "1"),
    ]
    desk.arrive(table({"北京": "10"}), "2024")
    assert [problem for problem in desk.problems() if problem[0] == "2024"] == [
        ("2024", "vanished", "value", "2")
    ]


def test_a_moment_sees_the_problems_of_then_whatever_has_come_since(desk: Desk) -> None:
    unknown = ("", "unknown_region", "region_code", "火星")
    vanished = ("", "vanished", "value", "1")
    gone = ("", "vanished", "value", "0.1")
    seen = [[], [unknown, vanished], [unknown, vanished], [gone]]
    for figures in ({"北京": "10"}, {"火星": "1"}, {"火星": "1"}, {"北京": "10", "火星": "…"}):
        desk.arrive(table(figures))
    nights = [FIRST_NIGHT + timedelta(days=day) for day in range(4)]
    assert [desk.problems(night) for night in nights] == seen
    assert desk.problems(FIRST_NIGHT - timedelta(seconds=1)) == []
    spans = (
        desk.translated()
        .problems.select("case_id", "value", "fetched_at", "resolved_at")
        .sort(pl.all())
        .rows()
    )
    assert spans[0] == ("unknown_region", "火星", nights[1], nights[3])


def test_figures_that_contradict_each_other_are_told_and_not_written(desk: Desk) -> None:
    desk.arrive(table({"北京": "10", "北京市": "20", "天津": "30"}))
    assert desk.problems() == [("", "stated_twice", None, None)]
    assert [rows["region_code"].to_list() for _, rows in desk.written()] == [["120000"]]


def test_a_night_without_a_new_answer_reads_nothing_again(desk: Desk) -> None:
    desk.arrive(table({"北京": "10"}))
    raw = archive_path(desk.home, Archive(desk.home).keep(BytesIO(table({"北京": "10"}).encode()))[0])
    before = desk.translated()
    raw.unlink()
    assert desk.translated().files.equals(before.files)
    desk.arrive(table({"北京": "20"}))
    assert desk.translated().files.height == 2
    kept = (desk.home / "lake" / "translated" / "investment").glob("*/files.parquet")
    assert len(list(kept)) == 1


def test_a_file_that_left_the_archive_is_made_again(desk: Desk) -> None:
    desk.arrive(table({"北京": "10"}))
    before = desk.translated().files
    archive_path(desk.home, before["sha256"].item()).unlink()
    assert desk.translated().files.equals(before)
    assert archive_path(desk.home, before["sha256"].item()).exists()


def test_another_mapping_translates_every_answer_again(desk: Desk) -> None:
    desk.arrive(table({"北京": "10"}))
    assert [rows["unit"].item() for _, rows in desk.written()] == ["USD_10K"]
    desk.source = entry(mapping=ENTRY["mapping"] | {"unit": {"constant": "亿美元"}})
    assert [(rows["unit"].item(), rows["value"].item()) for _, rows in desk.written()] == [("USD_100M", "10")]


def test_an_answer_that_another_format_cannot_read_is_told_and_the_rest_stands(desk: Desk) -> None:
    desk.arrive(table({"北京": "10"}))
    desk.arrive('{"data": [{"name": "2024年", "values": [{"da_name": "天津", "value": "20"}]}]}')
    desk.source = entry(format={"kind": "es_data"})
    assert [rows["region_code"].to_list() for _, rows in desk.written()] == [["120000"]]
    assert desk.problems() == []
    desk.arrive(table({"北京": "10"}))
    assert [case_id for _, case_id, _, _ in desk.problems()] == ["not_json"]


def test_a_register_in_the_ledgers_own_columns(tmp_path: Path) -> None:
    desk = Desk(tmp_path, entry(ledger="credit_records", format={"kind": "ledger_csv"}, mapping={}))
    header = "record_id,zone_id,kind,found_on,cleared_on,void,recorded_at\n"
    later = "R1,HZ44030009,serious_dishonesty,2025-01-01,2026-01-05,,2026-01-05T09:00:00+08:00\n"
    earlier = "R1,HZ44030009,serious_dishonesty,2025-01-01,,,2026-01-02T09:00:00+08:00\n"
    desk.arrive(header + later + earlier)
    desk.arrive(header + later + earlier + "R1,,,,,true,2026-01-06T09:00:00+08:00\n")
    first, second = (rows.row(0, named=True) for _, rows in desk.written())
    assert (first["cleared_on"], first["recorded_at"]) == ("2026-01-05", "2026-03-01T02:00:00+08:00")
    assert (second["void"], second["recorded_at"]) == ("true", "2026-03-02T02:00:00+08:00")
    assert desk.problems() == []


def test_an_answer_in_which_no_region_is_known_is_refused_before_it_counts() -> None:
    answer = Answer("investment", "", FIRST_NIGHT, "0" * 64, 1)
    with pytest.raises(AnswerUnreadableError, match="火星") as refused:
        read_answer(entry(), answer, table({"火星": "1"}).replace("全国,9\n", "").encode())
    assert refused.value.case_id == "no_known_region"
    assert read_answer(entry(), answer, table({"火星": "1"}).encode()).frame.height == 2


FIGURES = st.dictionaries(
    st.sampled_from(["北京", "天津", "火星"]), st.sampled_from(["1", "2", "…"]), min_size=1
)
ANSWERS = st.lists(st.tuples(st.sampled_from(["2023", "2024"]), FIGURES, st.booleans()), max_size=4)


@settings(max_examples=6, deadline=None)
@given(ANSWERS)
def test_when_in_what_order_and_how_often_it_was_translated_never_changes_the_result(
    answers: Sequence[tuple[str, dict[str, str], bool]],
) -> None:
    with TemporaryDirectory() as night_by_night, TemporaryDirectory() as at_once:
        desks = Desk(Path(night_by_night)), Desk(Path(at_once))
        for year, figures, is_a_night in answers:
            for desk in desks:
                desk.arrive(table(figures, year), year)
            if is_a_night:
                desks[0].translated()
        done = [desk.translated() for desk in desks]
        shutil.rmtree(Path(night_by_night) / "lake", ignore_errors=True)
        done.append(desks[0].translated())
        journal = Path(at_once) / "archive" / "answers.parquet"
        attempts(Path(at_once)).reverse().write_parquet(journal)
        shutil.rmtree(Path(at_once) / "lake", ignore_errors=True)
        done.append(desks[1].translated())
        for other in done[1:]:
            assert other.files.equals(done[0].files)
            assert other.problems.equals(done[0].problems)
