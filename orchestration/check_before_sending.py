"""The check before sending: a workbook judged by the night's rules at once, and told on the terminal.

Belongs here: what is printed. Judging is ``ingestion.checking``; marking is ``publication.returned``.
"""

import tempfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import polars as pl
from rich.console import Console

from ingestion.checking import CheckedWorkbook, check_workbooks
from ingestion.judging.readings import open_reading
from ingestion.progress import SilentProgress
from ingestion.seeds import load_seed
from orchestration.settings import Settings
from publication.returned.checked import write_checked
from publication.returned.places import place_of
from publication.returned.wording import explained, message_of, severity_of
from publication.wording import legible

FINDINGS_SHOWN = 200
"""How many findings of a workbook are printed; ``--output`` lists them all."""

OUTCOMES = {
    "zh": {
        True: "✗ 将被退回", False: "✓ 可以受理", None: "✗ 收件箱不会接收",
        "more": "……另有 {count} 处问题，用 --output 文件名 写出全部。",
        "rows": "名录 {read} 行，其中 {quarantined} 行将被隔离、不计入统计。",
        "none": "未发现问题。",
        "marked": "已写出标注后的副本：{path}",
        "listed": "已写出问题清单（{reason}）：{path}",
        "not_asked": "未检查的规则（须与台账、其他材料或整库比对，由夜间审核检查）：{rules}。",
    },
    "en": {
        True: "✗ would be returned", False: "✓ would be accepted", None: "✗ the inbox would not take it",
        "more": "… and {count} more findings; write them all with --output FILE.",
        "rows": "{read} rows in the roster; {quarantined} would be quarantined and not count.",
        "none": "Nothing was found.",
        "marked": "The copy with its cells marked: {path}",
        "listed": "The list of findings ({reason}): {path}",
        "not_asked": "Rules not asked (the night asks them, over ledgers and all submissions): {rules}.",
    },
}  # fmt: skip


def check_before_sending(
    files: Sequence[Path],
    settings: Settings,
    *,
    received_at: datetime,
    languages: Sequence[str],
    output: Path | None,
) -> bool:
    """Check ``files`` and print what was found; give whether all of them would be accepted.

    ``output`` is where the marked workbook of a single file is written.
    """
    console = Console(soft_wrap=True, highlight=False, markup=False, emoji=False)
    with tempfile.TemporaryDirectory(prefix="coopzones-check-") as folder:
        night = check_workbooks(
            files,
            Path(folder),
            received_at=received_at,
            parameters=settings.parameters,
            limits=settings.child_limits,
            progress=SilentProgress(),
        )
        for workbook in night.workbooks:
            _tell(console, workbook, languages)
        _tell_not_asked(console, languages)
        if output is not None and night.workbooks[0].findings is not None:
            reason = write_checked(
                night.workbooks[0], output, checked_at=received_at, limits=settings.child_limits
            )
            _tell_output(console, output, reason, languages)
    return not any(workbook.is_rejected for workbook in night.workbooks)


def _tell(console: Console, workbook: CheckedWorkbook, languages: Sequence[str]) -> None:
    outcome = None if workbook.passed_over else workbook.is_rejected
    said = " / ".join(str(OUTCOMES[language][outcome]) for language in languages)
    console.print(f"{workbook.path.name}    {said}", style="green" if outcome is False else "red")
    if workbook.findings is None or workbook.cover is None:
        console.print(f"  {workbook.passed_over}")
        return
    for line in _findings(workbook, workbook.findings, languages):
        console.print(line)
    counts = {"read": workbook.cover["roster_rows"], "quarantined": workbook.cover["quarantined_rows"]}
    for language in languages:
        if workbook.findings.is_empty():
            console.print(f"  {OUTCOMES[language]['none']}")
        console.print(f"  {OUTCOMES[language]['rows'].format(**counts)}")


def _findings(workbook: CheckedWorkbook, findings: pl.DataFrame, languages: Sequence[str]) -> list[str]:
    """Give the lines of the findings, by sheet; what rejects comes first."""
    reading = open_reading(workbook.submission_id, workbook.reading)
    ordered = findings.with_columns(
        pl.col("rule_id").replace_strict(_severity_order(), return_dtype=pl.Int8).alias("order")
    ).sort("order", "sheet", "row_number", "rule_id", nulls_last=False, maintain_order=True)
    lines = []
    for finding in ordered.head(FINDINGS_SHOWN).iter_rows(named=True):
        place = place_of(reading, finding["sheet"], finding["row_number"], finding["field"]).text
        for language in languages:
            lines.append(
                f"  {finding['rule_id']}  {place or workbook.path.name}  {message_of(finding, language)}"
            )
            lines.append(f"       {explained(finding, language)}")
    more = findings.height - FINDINGS_SHOWN
    if more > 0:
        lines += [f"  {OUTCOMES[language]['more'].format(count=more)}" for language in languages]
    return lines


def _severity_order() -> dict[str, int]:
    rules = load_seed("quality_rules")["rule_id"]
    return {rule: "SVQM".index(severity_of(rule)) for rule in rules}


def _tell_output(console: Console, output: Path, reason: str | None, languages: Sequence[str]) -> None:
    for language in languages:
        written = OUTCOMES[language]["marked" if reason is None else "listed"]
        console.print(written.format(path=output, reason=legible(reason or "")))


def _tell_not_asked(console: Console, languages: Sequence[str]) -> None:
    rules = load_seed("quality_rules").filter(pl.col("severity").is_in(["Q", "M"]))["rule_id"]
    for language in languages:
        console.print(OUTCOMES[language]["not_asked"].format(rules=", ".join(rules)))
