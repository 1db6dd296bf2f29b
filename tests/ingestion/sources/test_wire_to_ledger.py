"""From the wire to the ledger: answers of a server, archived, checked, translated. Figures are invented."""

from collections.abc import Callable

import polars as pl

from ingestion.archive import archive_path
from ingestion.progress import SilentProgress
from ingestion.sources.configuration import Source, Sources
from ingestion.sources.translation import read_answer, translate
from tests.ingestion.sources import fault_server as faults
from tests.ingestion.sources.conftest import Nights, source_text
from tests.ingestion.sources.fault_server import FaultServer, says

MAPPING = """
[source.mapping]
region_code = "region"
year = "year"
indicator.constant = "fdi_usd"
value = "value"
unit = "单位"
published_on.taken_from = "last_modified"
"""
YEARBOOK = (
    "指标：外商直接投资（虚构）\n单位：千美元\n地区,2025年,2024年\n北京,{},…\n天津,30,20\n数据来源：虚构\n"
)


def table(beijing: str) -> faults.Answer:
    return says(YEARBOOK.format(beijing).encode("gb18030"), "text/csv; charset=gb18030")


def test_revisions_become_vintages_and_bad_nights_leave_no_trace(
    server: FaultServer, nights: Nights, load: Callable[..., tuple[Source, ...]]
) -> None:
    text = source_text(server.url, form='kind = "csv_table"').replace(
        'ledger = "honours"', 'ledger = "provincial_statistics"'
    )
    (source,) = load(text + MAPPING)
    outcomes = []
    for answer in (
        table("10"),
        faults.a_page(403),
        says(faults.PAGE, "text/csv; charset=utf-8"),
        table("1,234"),
        table("40"),
        table("40"),
        table("10"),
    ):
        server.answer(answer)
        (attempt,) = nights.fetch(source, check=read_answer)
        outcomes.append(attempt.case_id or attempt.outcome)
    assert outcomes == [
        "changed",
        "refused",
        "no_header",
        "unexpected_shape",
        "changed",
        "unchanged",
        "changed",
    ]
    done = translate(Sources((source,)), nights.home, SilentProgress())
    written = [
        pl.read_csv(archive_path(nights.home, sha256), infer_schema=False).select(
            "region_code", "year", "value"
        )
        for sha256 in done.files["sha256"]
    ]
    assert [rows.rows() for rows in written] == [
        [("110000", "2025", "1"), ("120000", "2025", "3"), ("120000", "2024", "2")],
        [("110000", "2025", "4")],
        [("110000", "2025", "1")],
    ]
    assert done.problems.is_empty()
