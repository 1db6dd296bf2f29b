"""Recorded answers of invented outside sources, one in every format, in step with the sample's zones.

Belongs here: what each source answers, and ``answers.toml``, which says to which question. What comes of them
is told in ``docs/sources.md``. Does not belong here: serving them (``ingestion.sample.answering``), and the
file of sources (``sources/sources.toml``), which people read as an example and which is written by hand.
"""

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

from ingestion.sample.statistics import decimal_text, level_in_10k
from ingestion.sample.workbooks import Sheet, workbook_bytes
from ingestion.seeds import load_seed

NORTH = ("110000", "120000", "130000", "140000", "150000")
NORTH_EAST = ("210000", "220000", "230000")
SOUTH_WEST = ("500000", "510000", "520000", "530000", "540000")
NORTH_WEST = ("610000", "620000", "630000", "640000", "650000")

YEARS = range(2017, 2026)
NOT_PUBLISHED_YET = 2026
LAST_MODIFIED = "2026-05-20T10:00:00+08:00"
"""After the inbox's statistics were published: what stands here is newer."""

REVISED = {("130000", "fdi_usd", 2025): Fraction(19, 20)}
"""Hebei's latest figure is revised down by a twentieth, and its zone then grows faster than its province."""

UNKNOWN = {("220000", "export_cny", 2017), ("530000", "fdi_usd", 2025)}
"""Figures that the sources do not have and say so, each in its own way."""

SAYS_INVENTED = "样例统计（虚构）"
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

Rows = Sequence[Sequence[str]]


@dataclass(frozen=True)
class Recorded:
    """An answer: the file that holds it, its bytes, and the question that it is given to.

    A question asks for ``path``; ``query`` are parameters it must have, ``body`` the JSON that it must send.
    """

    file_name: str
    content: bytes
    path: str
    media_type: str
    query: Mapping[str, str] = field(default_factory=dict)
    body: Any = None


def write_recorded_answers(folder: Path) -> None:
    """Write every answer and ``answers.toml`` into ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    answers = recorded_answers()
    for answer in answers:
        (folder / answer.file_name).write_bytes(answer.content)
    (folder / "answers.toml").write_text("\n".join(map(_entry, answers)), encoding="utf-8")


def recorded_answers() -> list[Recorded]:
    """Give every answer."""
    return [
        Recorded(
            "exports_north_east.csv", _yearbook_csv(), "/yearbook/exports.csv", "text/csv; charset=gb18030"
        ),
        Recorded("fdi_north.xlsx", _yearbook_xlsx(), "/yearbook/fdi.xlsx", WORKBOOK),
        Recorded("exports_south_west.json", _json_table(), "/api/exports", "application/json"),
        *(_easyquery(year) for year in YEARS),
        _es_data(),
        *(
            Recorded(f"{name}.csv", _csv(rows, "utf-8"), f"/registers/{name}.csv", "text/csv; charset=utf-8")
            for name, rows in REGISTERS.items()
        ),
    ]


def _entry(answer: Recorded) -> str:
    """Give the table of ``answers.toml`` for ``answer``; JSON texts are TOML texts as well."""
    told: dict[str, Any] = {
        "path": answer.path,
        "file": answer.file_name,
        "media_type": answer.media_type,
        "last_modified": LAST_MODIFIED,
    }
    lines = [f"{key} = {_text(value)}" for key, value in told.items()]
    lines += [f"query.{key} = {_text(value)}" for key, value in answer.query.items()]
    if answer.body is not None:
        lines.append(f"body = {_text(_json(answer.body))}")
    return "\n".join(["[[answer]]", *lines, ""])


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _csv(rows: Iterable[Sequence[str]], encoding: str) -> bytes:
    written = io.StringIO()
    csv.writer(written, lineterminator="\r\n").writerows(rows)
    return written.getvalue().encode(encoding)


def figure(province: str, indicator: str, year: int, unit_in_10k: Fraction = Fraction(1)) -> str | None:
    """Give the figure in units of ``unit_in_10k`` times 10k; ``None`` where the source has none."""
    if (province, indicator, year) in UNKNOWN or year not in YEARS:
        return None
    revised = REVISED.get((province, indicator, year), Fraction(1))
    return decimal_text(level_in_10k(province, indicator, year) * revised / unit_in_10k)


def _names() -> dict[str, str]:
    return dict(load_seed("provincial_authorities").select("authority_code", "name_zh").iter_rows())


def _yearbook(title: str, provinces: Sequence[str], indicator: str, unit: Fraction) -> list[list[str]]:
    """Give a table as yearbooks publish it, the newest year first, with lines before and after."""
    names, years = _names(), list(reversed(YEARS))
    return [
        ["数据库：分省年度数据（样例，虚构）"],
        [f"指标：{title}"],
        [f"时间：{YEARS[0]}-{YEARS[-1]}"],
        ["地区", *(f"{year}年" for year in years)],
        *(
            [names[code], *(figure(code, indicator, year, unit) or "…" for year in years)]
            for code in provinces
        ),
        [f"数据来源：{SAYS_INVENTED}"],
    ]


def _yearbook_csv() -> bytes:
    return _csv(_yearbook("出口总额（亿元）", NORTH_EAST, "export_cny", Fraction(10**4)), "gb18030")


def _yearbook_xlsx() -> bytes:
    rows = _yearbook("实际使用外商直接投资金额（万美元）", NORTH, "fdi_usd", Fraction(1))
    cells: list[list[object]] = [[float(cell) if _is_number(cell) else cell for cell in row] for row in rows]
    return workbook_bytes([Sheet("分省年度数据", cells)])


def _is_number(cell: str) -> bool:
    return cell.replace(".", "").isdigit()


def _json_table() -> bytes:
    names = _names()
    rows = [
        {
            "region": names[code],
            "period": str(year),
            "export_value": figure(code, "export_cny", year),
            "unit": "万元",
            "released": "2026-05-20",
        }
        for code in SOUTH_WEST
        for year in YEARS
    ]
    return _json({"status": "ok", "source": SAYS_INVENTED, "result": {"rows": rows}}).encode()


def _easyquery(year: int) -> Recorded:
    """Give one year's answer: a figure that there is not comes as 0.0 with ``hasdata`` false."""
    names, indicator = _names(), "A060102"
    nodes = [
        {
            "code": f"zb.{indicator}_reg.{code}_sj.{year}",
            "data": _easyquery_data(figure(code, "fdi_usd", year, Fraction(1, 10))),
            "wds": [
                {"wdcode": "zb", "valuecode": indicator},
                {"wdcode": "reg", "valuecode": code},
                {"wdcode": "sj", "valuecode": str(year)},
            ],
        }
        for code in SOUTH_WEST
    ]
    regions = [{"code": code, "cname": names[code], "unit": ""} for code in SOUTH_WEST]
    dictionary = [
        {
            "wdcode": "zb",
            "wdname": "指标",
            "nodes": [{"code": indicator, "cname": "外商直接投资", "unit": "千美元"}],
        },
        {"wdcode": "reg", "wdname": "地区", "nodes": regions},
        {"wdcode": "sj", "wdname": "时间", "nodes": [{"code": str(year), "cname": f"{year}年", "unit": ""}]},
    ]
    return Recorded(
        f"fdi_south_west_{year}.json",
        _json({"returncode": 200, "returndata": {"datanodes": nodes, "wdnodes": dictionary}}).encode(),
        "/easyquery.htm",
        "application/json;charset=UTF-8",
        query={
            "m": "QueryData",
            "dbcode": "fsnd",
            "wds": f'[{{"wdcode":"zb","valuecode":"{indicator}"}}]',
            "dfwds": f'[{{"wdcode":"sj","valuecode":"{year}"}}]',
        },
    )


def _easyquery_data(value: str | None) -> dict[str, Any]:
    if value is None:
        return {"data": 0.0, "strdata": "", "hasdata": False, "dotcount": 0}
    return {"data": float(value), "strdata": value, "hasdata": True, "dotcount": 0}


def _es_data() -> Recorded:
    """Give all years in one answer, the one that is not published yet without values."""
    names = _names()
    periods = [
        {
            "name": f"{year}年",
            "values": [
                {
                    "i_showname": "出口总额",
                    "da_name": names[code],
                    "value": figure(code, "export_cny", year) or "",
                    "ek_dp_name": "万元",
                }
                for code in NORTH_WEST
                if year in YEARS
            ],
        }
        for year in reversed([*YEARS, NOT_PUBLISHED_YET])
    ]
    asked = {
        "cid": "sample-exports",
        "indicatorIds": ["sample-export-cny"],
        "daCatalogId": "",
        "das": [{"text": names[code], "value": f"{code}000000"} for code in NORTH_WEST],
        "showType": "3",
        "rootId": "sample-root",
        "dts": [f"{YEARS[0]}YY-{NOT_PUBLISHED_YET}YY"],
    }
    return Recorded(
        "exports_north_west.json",
        _json({"data": periods}).encode(),
        "/stream/esData",
        "application/json",
        body=asked,
    )


REGISTERS: Mapping[str, Rows] = {
    "honours": [
        ["uscc", "tier", "valid_from", "valid_to"],
        ["Y1659001YL0090006Y", "champion", "2022-07-01", "2028-06-30"],
    ],
    "incidents": [
        ["事故编号", "合作区编码", "领域", "等级", "发生日期", "认定日期"],
        ["W0001", "HZ54010001", "安全生产", "2", "2026-03-02", "2026-04-15"],
        ["W0002", "HZ31010101", "生态环境", "", "2026-06-01", ""],
    ],
    "credit_records": [
        ["record_id", "zone_id", "kind", "found_on", "cleared_on"],
        ["W0001", "HZ35020001", "major_violation", "2026-04-08", ""],
    ],
    "supervision": [
        ["record_id", "zone_id", "kind", "status", "found_on"],
        ["W0001", "HZ22010001", "data_falsification", "suspected", "2026-06-05"],
    ],
}
"""Rows of the registers, headers first; the incidents' register has headers and values of its own."""
