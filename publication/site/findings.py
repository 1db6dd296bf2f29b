"""The register of findings: data that a script of the site searches, filters, sorts and pages.

``data/findings/index.js`` holds what is filtered and sorted by, as numbers into lists; ``<n>.js`` what a row
shows besides, and ``<n>.zh.js``, ``<n>.en.js`` its message. They are scripts, since a page that is opened
from disk may load scripts and nothing else. Of more than ``LISTED`` findings every rule keeps a share, the
open ones first, and the page says so; the Parquet file has all.
"""

import json
from pathlib import Path
from typing import Any

import polars as pl

from publication.site.charts.drawing import Charts
from publication.site.language import LANGUAGES
from publication.site.marts import Marts
from publication.site.pages import Pages, rule_page, zone_page
from publication.site.rules import SEVERITIES
from publication.wording import FORMULA_STARTS, LONGEST, site_text

LISTED = 100_000
CHUNK = 2_000
FOLDER = "data/findings"

CHOSEN = f"""
with placed as (
    select *, row_number() over (
        partition by rule_id order by disposition <> 'open', failure_id
    ) as place_in_rule
    from quality_failures
),
chosen as (select * from placed order by place_in_rule, rule_id limit {LISTED})
select
    chosen.rule_id, severity, chosen.zone_id, zones.authority_code,
    chosen.report_year::varchar as report_year, disposition,
    sheet, row_number, file_name, field, value, expected, failure_id, message_zh, message_en
from chosen
left join submissions using (submission_id)
left join zones on chosen.zone_id = zones.zone_id
order by
    authority_code nulls last, zone_id nulls last, list_position({list(SEVERITIES)}, severity), rule_id,
    chosen.report_year desc nulls last, file_name, sheet, row_number, field, failure_id
"""  # noqa: S608 - the values put in are constants of this package

FILTERS = ("rule_id", "severity", "authority_code", "zone_id", "report_year", "disposition")
"""What a reader filters and sorts by: numbers into sorted lists, -1 for null."""

SHOWN = ("sheet", "file_name", "field", "value", "expected", "failure_id")
INVISIBLE = r"[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]"


def write(pages: Pages, marts: Marts, charts: Charts) -> None:  # noqa: ARG001 - every page's writer is called alike
    """Write the page of findings and the data that it loads."""
    in_all = marts.rows("select count(*) as n from quality_failures")[0]["n"]
    chosen = _legible(marts.frame(CHOSEN))
    folder = pages.folder / FOLDER
    folder.mkdir(parents=True)
    lists = {column: sorted(chosen[column].drop_nulls().unique(), key=_place) for column in FILTERS}
    _write_index(folder, chosen, lists)
    for number, chunk in enumerate(chosen.iter_slices(CHUNK)):
        _write_script(folder / f"{number}.js", "rows", number, [_packed(chunk[column]) for column in SHOWN])
        for language in LANGUAGES:
            messages = _packed(chunk[f"message_{language.code}"])
            _write_script(folder / f"{number}.{language.code}.js", "messages", number, messages)
    pages.write(
        "findings",
        "findings.html.j2",
        in_all=in_all,
        listed=len(chosen),
        lists=lists,
        zone_names=_zone_names(marts),
        rule_pages={rule_id: rule_page(rule_id) for rule_id in lists["rule_id"]},
        zone_pages={
            zone_id: zone_page(zone_id) for zone_id in lists["zone_id"] if zone_id in pages.frame.zones
        },
        folder=FOLDER,
    )


def _place(code: str) -> tuple[int, str]:
    """Give the place of a code in its list: rules and severities by severity, the rest by themselves."""
    severity = code[0]
    return (SEVERITIES.index(severity) if severity in SEVERITIES else len(SEVERITIES), code)


def _write_index(folder: Path, chosen: pl.DataFrame, lists: dict[str, list[str]]) -> None:
    """Write what is filtered and sorted by."""
    columns = {
        column: chosen[column]
        .replace_strict(lists[column], range(len(lists[column])), default=-1, return_dtype=pl.Int32)
        .to_list()
        for column in FILTERS
    }
    index = {
        "chunk": CHUNK,
        "lists": lists,
        "columns": columns,
        "row_number": chosen["row_number"].to_list(),
    }
    _write_script(folder / "index.js", "index", 0, index)


def _packed(column: pl.Series) -> dict[str, Any]:
    """Give the texts of ``column``: each once, and where it stands, when that is shorter."""
    different = column.unique(maintain_order=True)
    if len(different) * 2 > len(column):
        return {"texts": column.to_list()}
    order = {text: number for number, text in enumerate(different)}
    return {"texts": different.to_list(), "at": [order[text] for text in column]}


def _write_script(path: Path, part: str, number: int, data: Any) -> None:
    """Write ``data`` as a script that hands it to the page."""
    told = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    path.write_text(f"findings.{part}({number},{told});\n", encoding="utf-8")


def _legible(rows: pl.DataFrame) -> pl.DataFrame:
    """Give ``rows`` with every text as the site shows it; only those that need a change are touched."""
    for column in (*SHOWN, "message_zh", "message_en"):
        text = pl.col(column)
        needs_change = (
            text.str.contains(INVISIBLE)
            | (text.str.len_chars() > LONGEST)
            | text.str.slice(0, 1).is_in(list(FORMULA_STARTS))
        )
        changed = {text: site_text(text) for text in rows.filter(needs_change)[column].unique()}
        if changed:
            rows = rows.with_columns(pl.col(column).replace(changed))
    return rows


def _zone_names(marts: Marts) -> dict[str, str]:
    """Give the zones' names by their ids."""
    return {row["zone_id"]: row["zone_name"] for row in marts.rows("select zone_id, zone_name from zones")}
