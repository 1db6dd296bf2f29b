"""From a source's words to the ledger's: what is left out, what stays for V20, what nobody knows."""

import polars as pl

from ingestion.sources.interpretation import interpret

FIELDS = ("region_code", "year", "indicator", "value", "unit")


def statistics(*rows: tuple[str | None, ...]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=dict.fromkeys(FIELDS, pl.String), orient="row")


def test_figures_are_in_the_ledgers_words_and_missing_ones_are_left_out_never_zero() -> None:
    said = interpret(
        statistics(
            ("北京市", "2024年", "fdi_usd", "1,234.50", "千美元"),
            ("北京市", "2023年", "fdi_usd", "…", "千美元"),
            ("天津市", "2023年", "fdi_usd", None, "千美元"),
            ("上海", "2023年", "fdi_usd", "0", "万美元"),
        ),
        "provincial_statistics",
    )
    assert said.rows.rows() == [
        ("110000", "2024", "fdi_usd", "123.45", "USD_10K"),
        ("310000", "2023", "fdi_usd", "0", "USD_10K"),
    ]
    assert said.found.is_empty()


def test_the_nation_is_passed_over_knowingly() -> None:
    said = interpret(statistics(("全国", "2024", "fdi_usd", "1", "万美元")), "provincial_statistics")
    assert (said.rows.height, said.found.height, said.names_a_region) == (0, 0, True)


def test_what_nobody_knows_stays_as_it_is_and_is_found() -> None:
    row = ("火星", "2024年一季度", "fdi_usd", "约五十", "文")
    said = interpret(statistics(row, row), "provincial_statistics")
    assert said.rows.rows() == [row, row]
    assert set(said.found.rows()) == {
        ("region_code", "火星", "unknown_region"),
        ("year", "2024年一季度", "unreadable_value"),
        ("value", "约五十", "unreadable_value"),
        ("unit", "文", "unknown_unit"),
    }
    assert not said.names_a_region


def test_a_figure_that_nobody_can_read_is_not_converted() -> None:
    said = interpret(statistics(("北京", "2024", "fdi_usd", "12%", "千美元")), "provincial_statistics")
    assert said.rows["value"].to_list() == ["12%"]


def test_of_a_register_a_mark_is_a_blank_and_text_stands_as_it_is() -> None:
    rows = pl.DataFrame(
        {"uscc": ["Ｃ 1"], "tier": ["小巨人"], "valid_from": ["2025年1月1日"], "valid_to": ["—"]}
    )
    assert interpret(rows, "honours").rows.row(0) == ("Ｃ 1", "小巨人", "2025年1月1日", None)
