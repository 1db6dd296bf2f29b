"""The compliance site: static pages made from a release's own marts, readable without a network.

Belongs here: which rows a page shows and in what order. How they look is in ``templates/``. Chinese stands at
``site/index.html``, English one click away at ``site/index.en.html``; both come from the same template.
"""

from collections import defaultdict
from collections.abc import Callable
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
from jinja2 import Environment, PackageLoader, StrictUndefined

from ingestion.seeds import load_seed
from publication.manifest import Manifest
from publication.tables import DATABASE
from publication.wording import LONGEST, site_text

SITE = "site"
PAGES = {"zh": "index.html", "en": "index.en.html"}

EXAMPLES = 20
"""How many findings of one rule, and how many reasons of one submission, a page shows."""

Row = dict[str, Any]

SUBMISSIONS = """
select submissions.*, zones.zone_name
from marts.submissions left join marts.zones using (zone_id)
order by submissions.status = 'accepted', zone_id, submission_type, report_year, version, submission_id
"""

REASONS = f"""
select submission_id, rule_id, sheet, field, value, message_zh, message_en,
    count(*) over (partition by submission_id) as reasons
from marts.quality_failures
where severity = 'S' and submission_id is not null
qualify row_number() over (
    partition by submission_id order by rule_id, sheet, field, failure_id
) <= {EXAMPLES}
order by submission_id, rule_id, sheet, field, failure_id
"""  # noqa: S608 - the only value put in is a number of this module

FINDINGS_BY_RULE = """
select rule_id, count(*) as findings, count(*) filter (disposition = 'open') as open_findings
from marts.quality_failures
group by rule_id
"""

EXAMPLES_BY_RULE = f"""
select rule_id, file_name, failures.zone_id, sheet, row_number, field, value, expected, message_zh, message_en
from marts.quality_failures as failures left join marts.submissions using (submission_id)
qualify row_number() over (
    partition by rule_id order by file_name, submission_id, sheet, row_number, field, failure_id
) <= {EXAMPLES}
order by rule_id, file_name, submission_id, sheet, row_number, field, failure_id
"""  # noqa: S608 - the only value put in is a number of this module

TOTALS = """
select
    (select count(*) from marts.zones) as zones,
    (select count(*) from marts.zones where is_designated) as zones_designated,
    count(*) as submissions,
    count(*) filter (status = 'accepted') as accepted,
    count(*) filter (status = 'rejected') as rejected,
    coalesce(sum(roster_rows), 0)::bigint as roster_rows,
    coalesce(sum(quarantined_rows), 0)::bigint as quarantined_rows,
    (select count(*) from marts.quality_failures) as findings,
    (select count(*) from marts.quality_failures where disposition = 'open') as open_findings
from marts.submissions
"""

ASSESSMENTS = """
select submission_type, status, count(*) as assessments
from marts.eligibility
group by submission_type, status
order by submission_type, status
"""


def write_site(facts: Manifest, folder: Path, night: Path) -> None:
    """Write the pages of the release at ``folder``, whose database stands there already.

    ``facts`` says what the release is, its files apart; ``night`` holds ``ledger_counts.parquet``.
    """
    page = _rows(folder / DATABASE) | {"facts": facts, "ledgers": _ledgers(night)}
    template = _environment().get_template("index.html.j2")
    (folder / SITE).mkdir()
    for language, name in PAGES.items():
        html = template.render(
            page, language=language, say=_saying(language), words=_words(language), pages=PAGES
        )
        (folder / SITE / name).write_text(html, encoding="utf-8")


def _rows(database: Path) -> Row:
    """Give everything that the pages show of the marts, by its name in the template."""
    with duckdb.connect(str(database), read_only=True) as release:

        def rows(sql: str) -> list[Row]:
            return release.execute(sql).pl().rows(named=True)

        counts = {row["rule_id"]: row for row in rows(FINDINGS_BY_RULE)}
        rules = [
            rule | counts.pop(rule["rule_id"])
            for rule in load_seed("quality_rules").rows(named=True)
            if rule["rule_id"] in counts
        ]
        if counts:
            raise ValueError(f"findings of rules that the seed quality_rules does not have: {sorted(counts)}")
        return {
            "totals": rows(TOTALS)[0],
            "assessments": rows(ASSESSMENTS),
            "submissions": rows(SUBMISSIONS),
            "reasons": _grouped(rows(REASONS), "submission_id"),
            "rules": rules,
            "examples": _grouped(rows(EXAMPLES_BY_RULE), "rule_id"),
        }


def _ledgers(night: Path) -> list[Row]:
    """Give one row a ledger: its files and rows."""
    counts = pl.read_parquet(night / "ledger_counts.parquet")
    return (
        counts.group_by("ledger")
        .agg(
            pl.col("ledger_file").n_unique().alias("files"),
            pl.col("rows_read", "rows_accepted", "rows_quarantined", "rows_later").sum(),
        )
        .sort("ledger")
        .rows(named=True)
    )


def _words(language: str) -> dict[str, dict[str, str]]:
    """Give the wording of states by kind and code, from the seed ``messages``."""
    words: dict[str, dict[str, str]] = defaultdict(dict)
    for message in load_seed("messages").rows(named=True):
        words[message["kind"]][message["code"]] = message[language]
    return words


def _saying(language: str) -> Callable[[str, str], str]:
    """Give the function that picks, of a label's Chinese and English wording, the one of ``language``."""
    return lambda zh, en: zh if language == "zh" else en


def _grouped(rows: list[Row], key: str) -> dict[str, list[Row]]:
    """Give ``rows`` by their ``key``, in their order."""
    grouped: dict[str, list[Row]] = {}
    for row in rows:
        grouped.setdefault(row[key], []).append(row)
    return grouped


@cache
def _environment() -> Environment:
    """Give the templates' environment: everything escaped, an unknown name an error."""
    environment = Environment(
        loader=PackageLoader("publication"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["told"] = site_text
    environment.filters["counted"] = lambda number: "" if number is None else f"{number:,}"
    environment.filters["clock"] = _clock
    environment.globals["longest"] = LONGEST
    environment.globals["most_examples"] = EXAMPLES
    return environment


def _clock(moment: datetime | None) -> str:
    """Give ``moment`` as people write it, to the second."""
    return "" if moment is None else f"{moment:%Y-%m-%d %H:%M:%S}"
