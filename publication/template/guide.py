"""The guide (填报说明) beside the template: what each column asks, every code, and the rules at the door."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import polars as pl
import xlsxwriter
from xlsxwriter.workbook import Workbook

from ingestion.judging.contract import Table, workbook_tables
from ingestion.seeds import load_seed
from publication.articles import article_text
from publication.template.notes import REQUIRED, allowed_values, note_parts

STEPS = (
    "本说明与《材料模板》配套。报送的工作簿只含模板的工作表，请勿把本说明并入其中。",
    "红底表头为必填，蓝底表头为选填；表头不可改动，行可以增删。鼠标停在表头上可看到填写要求。",
    "不掌握的数据请留空，不要填 0：空白表示未知，0 表示确为零。",
    "统一社会信用代码、行业代码等编码请按文本填写或粘贴；从别处粘贴时请选择“只粘贴数值”。",
    "报送前请运行 coopzones check 文件名.xlsx：它按夜间审核的同一套规则检查，并逐格指出问题。",
    "不合格的行会被隔离、不计入统计；结构性错误（编号以 S 开头的规则）会使整份材料被退回。",
)

WIDTHS = (18, 24, 10, 14, 14, 44, 60, 26)


def write_guide(path: Path) -> None:
    """Write the guide to ``path``."""
    with xlsxwriter.Workbook(str(path)) as book:
        book.set_properties({"title": "填报说明"})
        _write(book, "填报说明", ("序号", "说明"), enumerate(STEPS, start=1), (8, 110))
        headers = ("工作表", "表头", "是否必填", "类型", "单位", "可填的值", "填写要求", "依据")
        _write(book, "栏目", headers, _fields(workbook_tables().values()), WIDTHS)
        _write(book, "主管部门和地市", ("主管部门代码", "主管部门", "地市代码", "地市"), _divisions())
        _write(book, "国家地区", ("国家地区代码",), load_seed("countries").select("alpha2").iter_rows())
        _write(book, "行业门类", ("门类", "大类自", "大类至"), load_seed("industry_divisions").iter_rows())
        indicators = ("指标代码", "名称", "单位", "可自报", "可作规划目标", "定义")
        _write(book, "指标代码", indicators, _indicators(), (30, 28, 12, 10, 14, 90))
        _write(book, "审核规则", ("规则", "工作表", "应满足的条件", "依据"), _rules(), (8, 24, 90, 30))


def _write(
    book: Workbook,
    title: str,
    headers: Sequence[str],
    rows: Iterable[Sequence[object]],
    widths: Sequence[int] = (),
) -> None:
    sheet = book.add_worksheet(title)
    bold = book.add_format({"bold": True, "bg_color": "#D9E1F2", "border": 1})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    sheet.write_row(0, 0, headers, bold)
    sheet.freeze_panes(1, 0)
    for column, header in enumerate(headers):
        width = widths[column] if column < len(widths) else 2 * len(header) + 10
        sheet.set_column(column, column, width, wrapped)
    for number, row in enumerate(rows, start=1):
        for column, value in enumerate(row):
            sheet.write_string(number, column, "" if value is None else str(value))


def _fields(tables: Iterable[Table]) -> Iterable[Sequence[str]]:
    types = dict(load_seed("value_types").select("type", "name_zh").iter_rows())
    for table in tables:
        for field in table.all_fields:
            asks, unit, article = note_parts(table.name, field.name)
            yield (
                table.title, field.header, REQUIRED[field.required], types[field.type], unit or "",
                allowed_values(field), asks, article_text(article),
            )  # fmt: skip


def _divisions() -> Iterable[Sequence[str]]:
    authorities = load_seed("provincial_authorities").select("authority_code", authority="name_zh")
    prefectures = load_seed("prefectures").select("authority_code", "prefecture_code", "name_zh")
    joined = authorities.join(prefectures, on="authority_code", how="left", maintain_order="left_right")
    return joined.iter_rows()


def _indicators() -> Iterable[Sequence[str]]:
    yes = {True: "是", False: "否"}
    for row in load_seed("indicator_definitions").iter_rows(named=True):
        own, numeric = yes[row["self_reported"] == "yes"], yes[row["unit"] != "boolean"]
        yield row["indicator_code"], row["name_zh"], row["unit"], own, numeric, row["definition"]


def _rules() -> Iterable[Sequence[str]]:
    rules = load_seed("quality_rules").filter(pl.col("severity").is_in(["S", "V"]))
    about_workbooks = rules.filter(
        pl.col("sheet_or_ledger").is_null() | (pl.col("sheet_or_ledger") != "any ledger")
    )
    for row in about_workbooks.iter_rows(named=True):
        yield row["rule_id"], row["sheet_or_ledger"], row["what_must_hold_zh"], article_text(row["article"])
