"""The marked copy of a workbook that was checked before it is sent: what the night would send back."""

from datetime import datetime
from pathlib import Path

from ingestion.checking import CheckedWorkbook
from ingestion.child_limits import ChildLimits
from ingestion.judging.readings import open_reading
from publication.returned.children import MarkingTask, mark_in_children, not_markable
from publication.returned.letter import Letter, outcome_text, remarks_of, without_copy
from publication.returned.marking import write_list
from publication.returned.wording import severity_of
from publication.wording import legible
from publication.workbook_limits import workbook_limit


def write_checked(
    workbook: CheckedWorkbook, target: Path, *, checked_at: datetime, limits: ChildLimits
) -> str | None:
    """Write to ``target`` the copy of ``workbook`` with its cells marked, or the list of findings alone.

    Gives why it is the list alone, ``None`` when it is the copy. ``workbook`` must have been judged.
    """
    if workbook.findings is None:
        raise ValueError(f"{workbook.path} was not judged: {workbook.passed_over}")
    reading = open_reading(workbook.submission_id, workbook.reading)
    most = workbook_limit("max_listed_findings")
    remarks = remarks_of(workbook.findings.iter_rows(named=True), reading)
    gravest_first = sorted(remarks, key=lambda remark: "SVQM".index(severity_of(remark.rule_id)))
    head = (
        ("文件", legible(workbook.path.name)),
        ("报送前检查", f"{checked_at:%Y-%m-%d %H:%M:%S}（北京时间）"),
        ("结论", outcome_text(is_rejected=workbook.is_rejected)),
    )
    letter = Letter(head, tuple(gravest_first[:most]), max(0, len(remarks) - most))
    reason = not_markable(workbook.path, reading)
    if reason is None:
        ((_, reason),) = mark_in_children([MarkingTask(workbook.path, target, letter)], limits)
    if reason is not None:
        write_list(target, without_copy(letter, reason))
    return reason
