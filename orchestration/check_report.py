"""What the check before sending prints: each workbook's outcome, then its findings by severity and place."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import polars as pl
from rich.console import Console

from ingestion.checking import CheckedWorkbook
from ingestion.judging.readings import open_reading
from ingestion.seeds import load_seed
from publication.returned.places import place_of
from publication.returned.wording import explained, message_of, severity_of
from publication.wording import legible

FINDINGS_SHOWN = 200
"""How many findings of a workbook are printed; ``--output`` lists them all."""

SEVERITIES = "SVQM"
"""From the gravest on."""


class CheckReport:
    """Tells on ``console`` in ``languages`` (zh, en)."""

    def __init__(self, console: Console, languages: Sequence[str]) -> None:
        self._console = console
        self._languages = languages

    def tell(self, workbook: CheckedWorkbook) -> None:
        """Print the outcome of ``workbook``, and what was found in it."""
        case = "returned" if workbook.is_rejected else "accepted"
        if workbook.passed_over is not None:
            case = "passed_over"
        reasons = workbook.passed_over or {}
        said = " / ".join(_said(case, language, reason=reasons.get(language)) for language in self._languages)
        style = "green" if case == "accepted" else "red"
        self._console.print(f"{legible(workbook.path.name)}    {said}", style=style)
        if workbook.findings is None or workbook.cover is None:
            return
        for line in self._findings(workbook, workbook.findings):
            self._console.print(f"  {line}")
        if workbook.findings.is_empty():
            self._say("none", indent="  ")
        cover = workbook.cover
        self._say("rows", indent="  ", read=cover["roster_rows"], quarantined=cover["quarantined_rows"])

    def tell_rules_asked(self, *, with_warehouse: bool, has_ledgers: bool) -> None:
        """Print which rules were not asked, or what those over the warehouse saw."""
        if with_warehouse:
            self._say("all_asked" if has_ledgers else "without_ledgers")
            return
        rules = load_seed("quality_rules").filter(pl.col("severity").is_in(["Q", "M"]))["rule_id"]
        self._say("not_asked", rules=", ".join(rules))

    def tell_output(self, path: Path, reason: str | None) -> None:
        """Print where the marked copy stands, or for what ``reason`` it is the list alone."""
        self._say("marked" if reason is None else "listed", path=path, reason=legible(reason or ""))

    def _say(self, case: str, *, indent: str = "", **places: object) -> None:
        for language in self._languages:
            self._console.print(indent + _said(case, language, **places))

    def _findings(self, workbook: CheckedWorkbook, findings: pl.DataFrame) -> Iterator[str]:
        """Give the lines of the findings; what rejects comes first."""
        reading = open_reading(workbook.submission_id, workbook.reading)
        order = {rule: SEVERITIES.index(severity_of(rule)) for rule in load_seed("quality_rules")["rule_id"]}
        ordered = findings.with_columns(
            pl.col("rule_id").replace_strict(order, return_dtype=pl.Int8).alias("order")
        ).sort("order", "sheet", "row_number", "rule_id", nulls_last=False, maintain_order=True)
        for finding in ordered.head(FINDINGS_SHOWN).iter_rows(named=True):
            place = place_of(reading, finding["sheet"], finding["row_number"], finding["field"]).text
            for language in self._languages:
                told = message_of(finding, language)
                yield f"{finding['rule_id']}  {legible(place or workbook.path.name)}  {told}"
                yield f"     {explained(finding, language)}"
        more = findings.height - FINDINGS_SHOWN
        if more > 0:
            yield from (_said("more", language, count=more) for language in self._languages)


def _said(case: str, language: str, **places: object) -> str:
    return str(load_seed("check_messages").filter(case_id=case)[language].item()).format(**places)
