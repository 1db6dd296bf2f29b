"""The returned workbooks of a release: ``returned/<authority>/<zone>_<type>_<year>_v<version>.xlsx``.

Belongs here: which submissions go back, under which name, and that what has not changed since the last
release is not made again. Does not belong here: what stands in a workbook.
"""

import hashlib
import json
import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import duckdb

from ingestion.archive import archive_path
from ingestion.child_limits import ChildLimits
from ingestion.judging.readings import FileReading, open_reading
from ingestion.progress import Progress
from ingestion.reading.lake import reading_folder
from ingestion.seeds import load_seed, seed_path
from publication.returned.children import MarkingTask, mark_in_children, not_markable
from publication.returned.letter import Letter, cure_text, outcome_text, remarks_of, without_copy
from publication.returned.marking import write_list
from publication.wording import legible
from publication.workbook_limits import workbook_limit

RETURNED = "returned"
INDEX = "index.json"

SEEDS = ("messages", "quality_rules", "workbook_limits", "workbook_fields", "workbook_sheets")
"""The seeds whose words stand in a returned workbook besides the findings."""

SUBMISSIONS = """
with newest as (
    select
        *,
        zone_id is null or submission_type is null or report_year is null
        or version = max(version) over (partition by zone_id, submission_type, report_year) as is_newest
    from release.marts.submissions
),

standing as (
    select submission_id, count(*) as findings
    from release.marts.quality_failures
    where disposition not in ('confirmed_correct', 'waived') and submission_id is not null
    group by submission_id
)

select
    newest.submission_id, file_name, zone_id, submission_type, report_year, version, status, received_at,
    authorities.authority_code, owed.cure_ends_on
from newest
inner join standing using (submission_id)
inner join authority_of_submission as authorities using (submission_id)
left join warehouse.intermediate.int_reports_owed as owed
    using (zone_id, report_year)
where in_force or is_newest
order by authority_code, zone_id, submission_type, report_year, version, submission_id
"""

FINDINGS = """
create temp table findings_to_return as
select
    submission_id, failure_id, rule_id, severity, sheet, row_number, field, value, expected, message_zh,
    message_en, disposition
from release.marts.quality_failures
where submission_id is not null
order by submission_id, array_position(['S', 'V', 'Q', 'M'], severity), sheet, row_number, rule_id, failure_id
"""

FINDINGS_OF_ONE = "select * exclude (submission_id) from findings_to_return where submission_id = ? limit ?"
COUNT_OF_ONE = "select count(*) from findings_to_return where submission_id = ?"

REPORT = "annual_report"
"""The type of submission that has a cure window."""

UNKNOWN = "unknown"


@dataclass(frozen=True)
class _Work:
    """A workbook to return: what the index says of it, and what making it takes."""

    path: str
    submission_id: str
    findings: int
    letter: Letter
    source: Path
    reading: FileReading | None
    key: str


def write_returned(  # noqa: PLR0913  what a release gives each of its writers
    desk: duckdb.DuckDBPyConnection,
    folder: Path,
    *,
    home: Path,
    previous: Path | None,
    today: date,
    limits: ChildLimits,
    progress: Progress,
) -> None:
    """Write the returned workbooks of the release at ``folder``, and ``returned/index.json``.

    ``desk`` is that of ``publication.desk``; ``previous`` the release whose workbooks may be taken over when
    nothing in them would change; ``today`` the as-of day. The index lists, a workbook: ``path``,
    ``submission_id``, ``findings``, ``is_marked`` (or the list alone: ``reason`` says why), ``key``.
    """
    (folder / RETURNED).mkdir()
    made_before = _index(previous) if previous else {}
    entries: list[dict[str, Any]] = []
    to_mark: list[tuple[_Work, MarkingTask]] = []
    works = list(_works(desk, home, today))
    progress.step("退回 returned workbooks", len(works))
    for work in works:
        target = folder / work.path
        target.parent.mkdir(exist_ok=True)
        known = made_before.get(work.key)
        if known and previous and _take_over(previous / known["path"], target):
            entries.append(known | {"path": work.path})
            progress.advance()
        elif (reason := not_markable(work.source, work.reading)) is not None:
            entries.append(_listed(work, target, reason))
            progress.advance()
        else:
            to_mark.append((work, MarkingTask(work.source, target, work.letter)))
    by_target = {task.target: work for work, task in to_mark}
    for task, failure in mark_in_children([task for _, task in to_mark], limits):
        work = by_target[task.target]
        entries.append(_entry(work, None) if failure is None else _listed(work, task.target, failure))
        progress.advance()
    entries.sort(key=lambda entry: entry["path"])
    text = json.dumps(entries, ensure_ascii=False, indent=1)
    (folder / RETURNED / INDEX).write_text(text + "\n", encoding="utf-8")


def _works(desk: duckdb.DuckDBPyConnection, home: Path, today: date) -> Iterator[_Work]:
    desk.execute(FINDINGS)
    taken: set[str] = set()
    most = workbook_limit("max_listed_findings")
    for submission in desk.execute(SUBMISSIONS).pl().to_dicts():
        submission_id = submission["submission_id"]
        findings = desk.execute(FINDINGS_OF_ONE, [submission_id, most]).pl().to_dicts()
        counted = desk.execute(COUNT_OF_ONE, [submission_id]).fetchone()
        count = counted[0] if counted else 0
        reading = _reading(home, submission_id)
        letter = Letter(_head(submission, today), remarks_of(findings, reading), count - len(findings))
        yield _Work(
            path=_path(submission, taken),
            submission_id=submission_id,
            findings=count,
            letter=letter,
            source=archive_path(home, submission_id),
            reading=reading,
            key=_key(submission_id, letter),
        )


def _reading(home: Path, submission_id: str) -> FileReading | None:
    """Give what was read of a submission; ``None`` when the lake no longer has it."""
    folder = reading_folder(home, submission_id, "submission")
    return open_reading(submission_id, folder) if folder.exists() else None


def _head(submission: dict[str, Any], today: date) -> tuple[tuple[str, str], ...]:
    types = {
        row["code"]: row["zh"] for row in load_seed("messages").filter(kind="submission_type").to_dicts()
    }
    kind, year = submission["submission_type"], submission["report_year"]
    is_report = kind == REPORT
    return (
        ("文件", legible(submission["file_name"])),
        ("合作区", submission["zone_id"] or "（封面无法读取）"),
        ("材料", f"{types.get(kind, '')} {year or ''} 第 {submission['version']} 版".strip()),
        ("收到时间", f"{submission['received_at']:%Y-%m-%d %H:%M:%S}（北京时间）"),
        ("结论", outcome_text(is_rejected=submission["status"] == "rejected")),
        ("补救期末日", cure_text(submission["cure_ends_on"] if is_report else None, today)),
    )


def _path(submission: dict[str, Any], taken: set[str]) -> str:
    """Give the path below the release: made of codes alone, and never one that is taken."""
    parts = [submission["zone_id"], submission["submission_type"], submission["report_year"]]
    stem = "_".join(re.sub(r"[^A-Za-z0-9_]+", "-", str(part or UNKNOWN)) for part in parts)
    stem = f"{RETURNED}/{submission['authority_code']}/{stem}_v{submission['version']}"
    path, number = f"{stem}.xlsx", 1
    while path.casefold() in taken:
        number += 1
        path = f"{stem}_{number}.xlsx"
    taken.add(path.casefold())
    return path


def _listed(work: _Work, target: Path, reason: str) -> dict[str, Any]:
    """Write the list of ``work`` alone; give its entry."""
    write_list(target, without_copy(work.letter, reason))
    return _entry(work, reason)


def _entry(work: _Work, reason: str | None) -> dict[str, Any]:
    return {
        "path": work.path,
        "submission_id": work.submission_id,
        "findings": work.findings,
        "is_marked": reason is None,
        "reason": reason,
        "key": work.key,
    }


def _key(submission_id: str, letter: Letter) -> str:
    """Give what a returned workbook follows from: the bytes sent, everything it says, and how it is made."""
    told = json.dumps([submission_id, _making(), letter.told()], ensure_ascii=False, default=str)
    return hashlib.sha256(told.encode()).hexdigest()


@cache
def _making() -> str:
    """Give a digest of this package and of the seeds that it words with."""
    digest = hashlib.sha256()
    for source in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(source.read_bytes())
    for name in SEEDS:
        digest.update(seed_path(name).read_bytes())
    return digest.hexdigest()


def _index(release: Path) -> dict[str, dict[str, Any]]:
    """Give the entries of an earlier release by key; none when it had no returned workbooks."""
    path = release / RETURNED / INDEX
    if not path.exists():
        return {}
    return {entry["key"]: entry for entry in json.loads(path.read_text(encoding="utf-8"))}


def _take_over(source: Path, target: Path) -> bool:
    """Let ``target`` be the same file as ``source``, by a link where the file system has them.

    Gives whether it could: an earlier release may have been damaged by hand.
    """
    if not source.is_file():
        return False
    try:
        os.link(source, target)
    except OSError:
        # No links here, or too many: the bytes are copied instead, and what stops that is raised.
        shutil.copyfile(source, target)
    return True
