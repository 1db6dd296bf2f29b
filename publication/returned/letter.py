"""What a returned workbook says, worked out beforehand: its head and its remarks, as plain texts.

Belongs here: from findings to texts and cells. What opens the workbook that was sent gets only this, so that
it needs neither the seeds nor the marts. Does not belong here: how a workbook shows it.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from ingestion.judging.readings import FileReading
from publication.returned.places import Place, place_of
from publication.returned.wording import Finding, article_of, expected_of, message_of, severity_of
from publication.wording import legible

SETTLED = ("confirmed_correct", "waived")
"""The answers after which nothing is asked of the zone any more."""


@dataclass(frozen=True)
class Remark:
    """One finding: where it stands and what is said of it; ``is_settled`` when it was answered for good."""

    rule_id: str
    severity: str
    sheet: str | None
    cells: tuple[str, ...]
    value: str
    message_zh: str
    message_en: str
    expected: str
    article: str
    is_settled: bool = False
    failure_id: str = ""


@dataclass(frozen=True)
class Letter:
    """``head``: names and texts that the list begins with; ``omitted``: how many findings are not listed."""

    head: tuple[tuple[str, str], ...]
    remarks: tuple[Remark, ...]
    omitted: int = 0

    def told(self) -> dict[str, Any]:
        """Give everything it says, for a digest."""
        return asdict(self)


def remark_of(finding: Finding, reading: FileReading | None) -> Remark:
    """Give the remark on ``finding``; without a ``reading`` of the workbook it names no cell."""
    sheet, row, field = finding["sheet"], finding["row_number"], finding["field"]
    place = Place(sheet) if reading is None else place_of(reading, sheet, row, field)
    return Remark(
        rule_id=finding["rule_id"],
        severity=severity_of(finding["rule_id"]),
        sheet=place.sheet,
        cells=place.cells,
        value=legible(finding["value"] or ""),
        message_zh=message_of(finding, "zh"),
        message_en=message_of(finding, "en"),
        expected=expected_of(finding, "zh"),
        article=article_of(finding["rule_id"], "zh"),
        is_settled=finding.get("disposition") in SETTLED,
        failure_id=finding.get("failure_id") or "",
    )


def outcome_text(*, is_rejected: bool) -> str:
    """Give what became of a submission, in words."""
    if is_rejected:
        return "退回：请按下列意见更正后重新报送。"
    return "受理：下列问题须更正或说明；被隔离的行不计入统计。"


def cure_text(cure_ends_on: date | None, today: date) -> str:
    """Give the last day on which a corrected version still counts, in words."""
    if cure_ends_on is None:
        return "无规定期限，请尽快更正。"
    if cure_ends_on < today:
        return f"{cure_ends_on}（已过；此后报送的合格版本按逾期计）"
    return f"{cure_ends_on}（该日及以前收到的合格版本，首版按时的仍按按时报送计）"


def remarks_of(findings: Iterable[Finding], reading: FileReading | None) -> tuple[Remark, ...]:
    """Give the remarks on ``findings`` in their order."""
    return tuple(remark_of(finding, reading) for finding in findings)


def without_copy(letter: Letter, reason: str) -> Letter:
    """Give ``letter`` as it stands alone, saying in its head for what ``reason`` no copy goes with it."""
    head = (*letter.head, ("副本", f"未附原表副本：{legible(reason)}"))
    return Letter(head, letter.remarks, letter.omitted)
