"""The limit: the same cells read by a bare reader on all cores, then hand-written SQL for the same marts.

No archive, no findings, no exact arithmetic, no tests, no release: what is left when everything that makes
the night trustworthy is taken away. It only has to be right on a clean inbox.
"""

import logging
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import duckdb
import fastexcel
import polars as pl

from ingestion.seeds import SEEDS, load_seed

SQL = Path(__file__).with_name("limit.sql")


@dataclass(frozen=True)
class Limit:
    """Seconds of the bare reading and of the SQL, and the database that holds the marts it made."""

    reading_seconds: float
    sql_seconds: float
    database: Path

    @property
    def seconds(self) -> float:
        """Give both together."""
        return self.reading_seconds + self.sql_seconds


def run_limit(inbox: Path, folder: Path, workers: int) -> Limit:
    """Read every workbook below ``inbox`` and make the marts in ``folder``; both are timed."""
    folder.mkdir(parents=True)
    workbooks = sorted((inbox / "submissions").rglob("*.xlsx"))
    names = [path.relative_to(inbox / "submissions").as_posix() for path in workbooks]
    numbered = "".join(f"{number}\t{name}\n" for number, name in enumerate(names))
    (folder / "files.csv").write_text(numbered, encoding="utf-8")
    for table in load_seed("workbook_sheets")["table_name"]:
        (folder / table).mkdir()
    _read_ledgers(inbox, folder / "ledgers")
    started = time.perf_counter()
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        jobs = [(str(path), str(folder), number) for number, path in enumerate(workbooks)]
        for _ in pool.map(_read_workbook, jobs, chunksize=4):
            pass
    read = time.perf_counter()
    database = folder / "limit.duckdb"
    _make_marts(database, folder)
    return Limit(read - started, time.perf_counter() - read, database)


def _read_workbook(job: tuple[str, str, int]) -> None:
    """Write each contract sheet of one workbook as Parquet, its columns under the contract's field names."""
    logging.getLogger("fastexcel").setLevel(logging.ERROR)  # a blank column is no news
    path, folder, number = job
    reader = fastexcel.read_excel(path)
    fields = load_seed("workbook_fields")
    for table, sheet in load_seed("workbook_sheets").select("table_name", "sheet_zh").iter_rows():
        is_cover = table == "cover"
        frame = reader.load_sheet(
            sheet,
            header_row=None if is_cover else 0,
            schema_sample_rows=None,
            dtypes="string" if is_cover else None,
        ).to_polars()
        if is_cover:
            frame.columns = ["key", "value"]
        else:
            names = dict(
                fields.filter(fields["table_name"] == table).select("header_zh", "field").iter_rows()
            )
            frame = frame.rename({name: names[name] for name in frame.columns if name in names})
        frame.write_parquet(Path(folder) / table / f"{number}.parquet")


def _read_ledgers(inbox: Path, folder: Path) -> None:
    """Write what counts of each ledger as Parquet, as text; small beside the workbooks, so not timed."""
    folder.mkdir()
    fields = load_seed("ledger_fields")
    for ledger in fields["ledger"].unique():
        key = fields.filter(ledger=ledger, is_key="yes")["field"].to_list()
        files = [*inbox.glob(f"ledgers/{ledger}.csv"), *inbox.glob(f"ledgers/{ledger}/*.csv")]
        files += inbox.glob("statistics/*.csv") if ledger == "provincial_statistics" else []
        frames = [pl.read_csv(_decoded(path), infer_schema=False) for path in sorted(files)]
        rows = pl.concat(frames, how="diagonal").sort("recorded_at", maintain_order=True)
        rows = rows.unique(key, keep="last").filter(pl.col("void").fill_null("false") != "true")
        rows.write_parquet(folder / f"{ledger}.parquet")


def _decoded(path: Path) -> bytes:
    content = path.read_bytes()
    try:
        return content.decode("utf-8-sig").encode()
    except UnicodeDecodeError:
        return content.decode("gb18030").encode()


def _make_marts(database: Path, folder: Path) -> None:
    with duckdb.connect(str(database)) as connection:
        connection.execute("set variable folder = ?", [str(folder)])
        connection.execute("set variable seeds = ?", [str(SEEDS)])
        connection.execute(SQL.read_text(encoding="utf-8"))
