"""What the officer's pages state of reports, terms, changes, Article 11, rules and one zone."""

import hashlib
import json
import re
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from ingestion.seeds import load_seed
from publication.site.assessments import distance
from publication.site.figures import figure, row_ranges
from publication.site.language import CHINESE, ENGLISH, names
from publication.site.pages import file_name

HOSTILE = '<script>alert("x")</script>\'&<b>'
HISTORY = """\
authority_code,failure_id,rule_id,zone_id,report_year,disposition,officer,approver,reason,expires_on,void,\
recorded_at,is_in_force,disposition_today,ledger_file,row_number
510000,11,V04,HZ51010001,2025,confirmed_correct,甲,,属实,,,2026-05-01T09:00:00,false,waived,d.csv,2
510000,11,V04,HZ51010001,2025,waived,甲,乙,=理由,2027-01-01,,2026-05-02T09:00:00,true,waived,d.csv,3
"""
ZONE = "HZ32050001"
OTHER = "HZ51010001"


@pytest.fixture
def text_of(site_of_two_zones: Path, read_page):
    """Give a page's text by its name."""
    return lambda name: read_page(site_of_two_zones / name).text


def test_who_has_not_reported_stands_first_the_longest_overdue_before_the_others(text_of) -> None:
    text = text_of("reports.html")
    owed = text[: text.index("报送材料 2")]
    assert re.search(r"成都合作区 HZ51010001 四川省 2024 未报送 2025-03-31 456", owed)
    assert owed.index("2024 未报送") < owed.index("2025 退回")
    assert "苏州合作区" not in owed


def test_a_returned_workbook_tells_why(text_of) -> None:
    assert "四川/成都 2025.xlsx S01 文件无法打开" in text_of("reports.html")


def test_a_term_that_ends_soon_stands_before_one_that_does_not(text_of) -> None:
    text = text_of("terms.html")
    assert "2021-09-01 2026-08-31 62 即将到期" in text
    assert text.index("苏州合作区") < text.index("成都合作区")


def test_a_change_tells_its_deadline_and_that_the_calendar_is_provisional(text_of) -> None:
    assert "四至范围 2026-05-20 2026-07-02 † — 2 申报期内 C1" in text_of("changes.html")


def test_a_ground_of_article_11_names_its_evidence_and_who_decides(text_of) -> None:
    text = text_of("article_11.html")
    assert f"《办法》第十一条第（二）项 不报送上一年度发展报告 构成撤销情形 {OTHER}|2024 {OTHER}|2025" in text
    assert "是否撤销由主管部门决定" in text
    assert "Article 11(2) no annual report for the previous year grounds for revocation" in text_of(
        "article_11.en.html"
    )


def test_regions_and_authorities_show_what_the_metrics_tell(text_of) -> None:
    text = text_of("index.html")
    assert "东部 1 1 1 0 0 0 1 0 江苏省 1 1 1 0 0 0 1 0 / —" in text
    assert "西部 1 1 0 0 1 1 1 0 四川省 1 1 0 0 1 1 1" in text


def test_a_share_stands_with_its_parts_its_article_and_its_definition(text_of) -> None:
    definition = load_seed("metric_definitions").row(
        by_predicate=pl.col("metric_code") == "reports_on_time_share", named=True
    )
    text = text_of("index.html")
    assert f"按时报送率 50 % 1 / 2 《办法》第八条 {definition['definition_zh']}" in text
    assert "开放合作水平 — 《办法》附件第二部分" in text


def test_unknown_results_of_a_criterion_stand_apart_from_those_not_met(text_of) -> None:
    assert "I01 0 0 1 1 0 %" in text_of("index.html")


def test_an_application_tells_its_stage_and_the_end_of_the_public_notice(text_of) -> None:
    assert "2023 认定 2024-09-01 2024-08-20 否" in text_of("applications.html")


def test_a_promotion_activity_is_cited_by_its_article(text_of) -> None:
    assert "2026-05-01 《办法》第十三条 展会 江苏省" in text_of("promotion.html")


def test_states_and_rules_are_worded_by_the_seeds(text_of) -> None:
    message = (
        load_seed("messages").filter(pl.col("kind") == "severity", pl.col("code") == "V").row(0, named=True)
    )
    rule = load_seed("quality_rules").filter(pl.col("rule_id") == "V04").row(0, named=True)
    assert f"V04 {message['zh']} 《办法》第八条 {rule['what_must_hold_zh']} 1 1" in text_of("rules.html")
    assert f"V04 {message['en']} Article 8 {rule['what_must_hold']} 1 1" in text_of("rules.en.html")


def test_every_rule_has_a_page_and_one_without_findings_says_so(site_of_two_zones: Path, text_of) -> None:
    for rule_id in load_seed("quality_rules")["rule_id"]:
        assert (site_of_two_zones / "rules" / f"{rule_id}.html").is_file()
    assert "共 1 条，未处理 1 条；涉及报送材料 1 份、合作区 1 个" in text_of("rules/V04.html")
    assert "本次没有发现" in text_of("rules/V01.html")


def test_a_zone_tells_how_far_each_criterion_is_from_passing(text_of) -> None:
    text = text_of(f"zones/{ZONE}.html")
    assert re.search(r"G04 .*? 999,999.99 万元 不低于 1,000,000 万元 还差 0.01 万元 未达到", text)
    assert re.search(r"G06 .*? 2 等于 0 须减少 2 未达到", text)
    assert re.search(r"O01 .*? 10 不低于 10 已达到 达到", text)
    assert re.search(r"O02b .*? 0.999999999 高于 1 还须多于 0.000000001 未达到", text)
    assert re.search(r"I01 .*? — 高于 1.124864 无法判定 无法判定", text)


def test_a_zone_has_a_chart_of_its_scorecard_beside_the_figures(site_of_two_zones: Path, read_page) -> None:
    page = read_page(site_of_two_zones / "zones" / f"{ZONE}.html")
    (image,) = [attrs for tag, attrs in page.elements if tag == "img"]
    assert (site_of_two_zones / "zones" / image["src"]).resolve().is_file()
    assert image["alt"]
    assert "具有较高开放合作水平 《办法》附件第二部分 30 18 15 20" in page.text
    assert "总分 《办法》附件 100 60 57.5 62.5" in page.text


def test_a_zone_leads_from_a_criterion_to_its_indicator_and_submission(text_of) -> None:
    text = text_of(f"zones/{ZONE}.html")
    assert "指标 企业营业总收入 TOTAL_REVENUE 口径 名录“营业收入”之和" in text
    assert "报送材料 江苏/苏州 2025.xlsx aaaaaaaaaaaa" in text


def test_a_number_leads_to_the_sheet_and_the_rows_that_it_was_counted_from(text_of) -> None:
    text = text_of(f"zones/{ZONE}.html")
    assert "企业名录：39 行 · 2025 年 行号 2–5, 9 …" in text
    assert "江苏/苏州 2025.xlsx 企业名录：5 行 · 2025 年 行号 2–5, 9" in text


def test_a_plan_tells_how_far_each_target_is(text_of) -> None:
    assert "出口额 2024–2028 100 200 150.5 2025 0.505 否" in text_of(f"zones/{ZONE}.html")


def test_a_dossier_puts_targets_reports_and_criteria_side_by_side(text_of) -> None:
    told = "2026-08-31 即将到期 0 / 1 按时 3，逾期 1，未报送 0，应报 4 达到 27，未达到 3，无法判定 1 需关注"
    assert told in text_of("terms.html")


def test_what_has_to_be_known_today_stands_on_the_first_page(text_of) -> None:
    assert (
        "年度发展报告未报送 T+1 成都合作区 HZ51010001 四川省 2025-03-31 成都合作区 2024 年度报告未报送"
        in text_of("index.html")
    )


def test_answer_sheets_returned_workbooks_and_the_history_of_answers_are_within_reach(
    make_site, two_zones, read_page
) -> None:
    def put_workbooks(database: Path) -> None:
        release = database.parent
        for folder in ("returned/510000", "answers", "exports/510000"):
            (release / folder).mkdir(parents=True)
        index = [{"path": "returned/510000/成都 v1.xlsx", "submission_id": "b" * 64}]
        (release / "returned" / "index.json").write_text(json.dumps(index), encoding="utf-8")
        (release / "answers" / "510000.xlsx").touch()
        (release / "exports" / "510000" / "marts.xlsx").touch()
        (release / "answers" / "history.csv").write_text(HISTORY, encoding="utf-8-sig")

    site = make_site(two_zones, before=put_workbooks)
    answers = read_page(site / "answers.html")
    assert "四川省 510000.xlsx 510000/marts.xlsx" in answers.text
    assert "../answers/510000.xlsx" in answers.links
    assert answers.text.index("豁免 甲 乙 '=理由") < answers.text.index("确认无误 甲 — 属实")
    returned = "../returned/510000/%E6%88%90%E9%83%BD%20v1.xlsx"
    assert returned in read_page(site / "reports.html").links
    assert f"../{returned}" in read_page(site / "zones" / f"{OTHER}.html").links
    assert "answers.html" in read_page(site / "index.html").links


def test_a_zone_without_an_assessment_has_a_page_that_says_so(text_of) -> None:
    assert "该合作区没有现行报送材料，未作评估。" in text_of(f"zones/{OTHER}.html")


@pytest.mark.parametrize(
    ("operator", "gap", "result", "how", "short"),
    [
        (">=", "-0.01", "not_met", "at_least", "0.01"),
        (">", "0", "not_met", "more_than", "0"),
        ("=", "2", "not_met", "fewer", "2"),
        ("=", "-1", "not_met", "at_least", "1"),
        (">=", "0", "met", "met", None),
        (">=", None, "unknown", "unknown", None),
        (">", "0.1", "unknown", "unknown", None),
    ],
)
def test_the_distance_to_pass_is_what_the_operator_asks(operator, gap, result, how, short) -> None:
    criterion = {"operator": operator, "gap": None if gap is None else Decimal(gap), "result": result}
    assert distance(criterion) == {"how": how, "short": None if short is None else Decimal(short)}


def test_figures_are_exact_and_without_trailing_zeros() -> None:
    assert (
        figure(Decimal("12345678901234567890.123456789012345678"))
        == "12,345,678,901,234,567,890.123456789012345678"
    )
    assert figure(Decimal("1000000.000000000000000000")) == "1,000,000"
    assert figure(Decimal("0.600000000000000000")) == "0.6"
    assert figure(None) == "—"


def test_rows_are_told_as_ranges() -> None:
    assert row_ranges([7, 2, 3, 4, 9, 10]) == "2–4, 7, 9–10"


def test_markup_formulas_long_values_and_invisible_characters_are_withstood(
    make_site, two_zones, read_page
) -> None:
    values = [HOSTILE, "=cmd()", "长" * 10_000, "\x00\u202e", "+1", "@SUM(A1)"]
    rows = two_zones | {
        "quality_failures": [
            two_zones["quality_failures"][0] | {"failure_id": f"{n:032}", "value": value, "message_zh": value}
            for n, value in enumerate(values)
        ],
        "submissions": [two_zones["submissions"][0] | {"file_name": f"=1+1{HOSTILE}.xlsx"}],
    }
    site = make_site(rows)
    for name in ("rules/V04.html", f"zones/{ZONE}.html", "reports.html"):
        page = read_page(site / name)
        assert page.count("script") == page.count("b") == 0
        assert f"'=1+1{HOSTILE}.xlsx" in page.text
        assert "长" * 201 not in page.text
        cells = re.findall(r"<td[^>]*>\s*([^<]*)", page.html)
        assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]
    told = read_page(site / "rules" / "V04.html").text
    assert HOSTILE in told
    assert "'=cmd()" in told
    assert "…（10000 字 / chars）" in told
    assert "⟨U+0000⟩⟨U+202E⟩" in told


def test_ids_that_are_no_plain_names_get_pages_that_nothing_else_has(make_site, two_zones) -> None:
    ids = ["../../escape", "hz32050001", "HZ32050001", "区" * 300]
    zones = [two_zones["zones"][0] | {"zone_id": zone_id} for zone_id in ids]
    site = make_site({"zones": zones})
    pages = {path.name.lower() for path in (site / "zones").glob("*.html")}
    assert len(pages) == 2 * len(ids)
    assert not list(site.parent.parent.glob("escape*"))


@pytest.mark.parametrize(
    ("page", "words"),
    [
        (
            "since_last_release.html",
            ["达到", "未达到", "与发布 6 相比", "统计 320000|2025|fdi_usd 已修订", "未报送"],
        ),
        (
            "since_last_release.en.html",
            ["met", "not met", "Compared with release 6", "statistic was revised"],
        ),
    ],
)
def test_what_changed_stands_once_with_all_its_causes(site_of_two_zones, read_page, page, words) -> None:
    told = read_page(site_of_two_zones / page)
    assert [word for word in words if word not in told.text] == []
    assert told.text.count("O02a") == 1
    assert [
        attrs for tag, attrs in told.elements if "statistic submission" in attrs.get("data-because_kind", "")
    ]
    assert "V04" in told.text
    assert "V03" not in told.text


def test_a_first_night_says_that_there_is_nothing_to_compare_with(make_site, read_page) -> None:
    page = read_page(make_site({}) / "since_last_release.html")
    assert "没有可比较的上次发布" in page.text
    assert page.count("form") == 0


def test_the_same_marts_and_facts_give_the_same_bytes(make_site, two_zones) -> None:
    assert _hashes(make_site(two_zones)) == _hashes(make_site(two_zones))


def _hashes(site: Path) -> dict[str, str]:
    return {
        path.relative_to(site).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in site.rglob("*")
        if path.is_file()
    }


@pytest.mark.parametrize(
    ("kind", "seed", "column"),
    [
        ("indicator", "indicator_definitions", "indicator_code"),
        ("definition", "indicator_definitions", "indicator_code"),
        ("criterion", "criteria", "criterion_id"),
        ("dimension", "dimensions", "dimension"),
        ("ground", "revocation_grounds", "clause"),
        ("grounds_when", "revocation_grounds", "clause"),
        ("at_risk_when", "revocation_grounds", "clause"),
        ("rule", "quality_rules", "rule_id"),
    ],
)
def test_everything_that_pages_name_has_a_name_in_both_languages(kind: str, seed: str, column: str) -> None:
    for code in load_seed(seed)[column]:
        for language in (CHINESE, ENGLISH):
            assert language.code in names()[kind, code]


def test_plain_capital_names_stay_and_others_are_hashed() -> None:
    assert file_name("HZ32050001") == "HZ32050001"
    assert file_name("a/b").startswith("_")
    assert file_name("a/b") != file_name("a/c")


def test_every_label_is_worded_in_both_languages_and_used() -> None:
    site = Path(__file__).resolve().parents[3] / "publication" / "site"
    labels = pl.read_csv(site / "labels.csv", infer_schema=False)
    assert labels["label"].is_unique().all()
    assert labels.null_count().sum_horizontal().item() == 0
    sources = " ".join(
        path.read_text(encoding="utf-8")
        for kind in ("*.j2", "*.py", "*.json")
        for path in site.rglob(kind)
        if "node_modules" not in path.parts
    )
    built = ("nav.", "filter.", "trend.", "distance.", "rule.on_failure.")
    unused = [label for label in labels["label"] if not label.startswith(built) and label not in sources]
    assert unused == []
