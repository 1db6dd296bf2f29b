"""From the draft to the folder: workbooks (on all cores when there are many), ledgers, receipts, README."""

import csv
import io
import multiprocessing
import os
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

from ingestion.progress import Progress
from ingestion.sample.dirt import all_dirt, spread_dirt
from ingestion.sample.draft import Draft, LedgerFile, make_draft
from ingestion.sample.facts import ledger_fields
from ingestion.sample.registers import LedgerRow
from ingestion.sample.shape import SampleShape, SampleSummary
from ingestion.sample.submissions import Submission, make_content
from ingestion.sample.workbooks import lay_out, workbook_bytes

ROWS_WORTH_A_PROCESS = 50_000
README = """样例收件箱 / Sample inbox

这里的合作区、企业、机构、人员、电话、批复和统计数字全部是虚构的，由程序按种子生成；
其中一部分故意写错，用来演示各条数据质量规则。请勿当作真实数据使用。
名称带“样例”的机构并不存在；统一社会信用代码以 Y1 开头，不对应任何真实企业。

Every zone, enterprise, body, person, telephone number, decision and statistic in here is invented and
made from a seed by a program; some of it is wrong on purpose, to show each rule on data quality. Use none
of it as fact. The only real things are the codes and names of administrative divisions and industries.
"""


def write_sample_inbox(folder: Path, shape: SampleShape, progress: Progress) -> SampleSummary:
    """Write the sample of ``shape`` into ``folder``, which must be empty or absent.

    Raises ``FileExistsError`` when something already stands there.
    """
    if folder.exists() and any(folder.iterdir()):
        raise FileExistsError(
            f"{folder}：文件夹非空，样例只写入空文件夹，请另选位置或先清空。 "
            f"The folder is not empty and a sample is only written into an empty one: choose another place."
        )
    draft = make_draft(shape)
    if shape.dirt:
        left_out = len(all_dirt()) - len(spread_dirt(draft))
        if left_out:
            progress.note(
                f"样例太小，略去 {left_out} 处差错。 Too small a sample for {left_out} pieces of dirt."
            )
    rows, sizes = 0, []
    progress.step("样例工作簿 sample workbooks", len(draft.submissions) + len(draft.loose_files))
    for written_rows, size in _write_workbooks(folder / "submissions", draft.submissions, shape):
        rows += written_rows
        sizes.append(size)
        progress.advance()
    for loose in draft.loose_files:
        sizes.append(_write(folder / "submissions" / loose.path, loose.content))
        progress.advance()
    draft.ledgers.setdefault("receipts", [LedgerFile("receipts", "ledgers/receipts.csv", [])])
    draft.ledgers["receipts"][0].rows[:0] = receipt_rows(draft)
    files = [file for of_ledger in draft.ledgers.values() for file in of_ledger]
    progress.step("样例台账 sample ledgers", len(files))
    for file in files:
        sizes.append(_write(folder / file.path, ledger_bytes(file)))
        progress.advance()
    _write(folder / "README.txt", README.encode())
    return SampleSummary(folder, len(sizes) - len(files), len(files), rows, sum(sizes))


def ledger_bytes(file: LedgerFile) -> bytes:
    """Give the CSV file, columns in the order of the contract and then those beyond it."""
    columns = [*ledger_fields()[file.ledger], *file.further_columns]
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, restval="", lineterminator=file.newline)
    titles = {name: f" {name} " if file.padded_header else name for name in columns}
    writer.writerow(titles)
    writer.writerows(file.rows)
    text.writelines(f"{line}{file.newline}" for line in file.raw_lines)
    return text.getvalue().encode(file.encoding)


def receipt_rows(draft: Draft) -> list[LedgerRow]:
    """Give a receipt for every file among the submissions, in the order in which they came."""
    came = [
        (moment, path, submission.zone.authority.code, submission.zone.number % 2 == 0)
        for submission in draft.submissions
        for path, moment in ((submission.path, submission.received_at), *submission.copies)
    ]
    came += [(loose.received_at, loose.path, loose.sent_by, False) for loose in draft.loose_files]
    rows = []
    for moment, path, sent_by, came_through_province in sorted(came):
        row = {
            "file_name": path,
            "received_at": f"{moment.isoformat()}+08:00",
            "sent_by": sent_by,
            "recorded_at": moment.isoformat(),
        }
        if came_through_province:
            row["zone_sent_at"] = moment.replace(hour=8, minute=0, second=0).isoformat(sep=" ")
        rows.append(row)
    return rows


def _write_workbooks(
    folder: Path, submissions: list[Submission], shape: SampleShape
) -> Iterator[tuple[int, int]]:
    """Write each workbook; give its planned roster rows and its bytes. Many rows go to all cores."""
    write = partial(_write_workbook, folder, shape)
    rows = sum(len(submission.years) * shape.enterprises for submission in submissions)
    workers = min(os.cpu_count() or 1, rows // ROWS_WORTH_A_PROCESS)
    if workers < 2:
        yield from map(write, submissions)
        return
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=context) as pool:
        yield from pool.map(write, submissions)


def _write_workbook(folder: Path, shape: SampleShape, submission: Submission) -> tuple[int, int]:
    content = make_content(submission, shape)
    sheets = lay_out(content, submission.date_form)
    for edit_sheets in submission.sheet_edits:
        edit_sheets(sheets)
    written = workbook_bytes(sheets)
    for edit_bytes in submission.byte_edits:
        written = edit_bytes(written)
    for path, _ in ((submission.path, None), *submission.copies):
        _write(folder / path, written)
    return len(content.tables["roster"]), len(written) * (1 + len(submission.copies))


def _write(path: Path, content: bytes) -> int:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return len(content)
