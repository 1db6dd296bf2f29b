"""CSV files with a header in their first row."""

from typing import Any

import pytest

from ingestion.sources.errors import AnswerUnreadableError

HONOURS = "uscc, tier ,valid_from\nC1,champion,2025-01-01\n\nC2,,2025-02-01\n"


def test_the_header_is_folded_and_blank_rows_are_passed_over(read: Any) -> None:
    frame = read(HONOURS, kind="ledger_csv")
    assert frame.rows(named=True)[1] == {"uscc": "C2", "tier": None, "valid_from": "2025-02-01"}


def test_a_header_alone_is_a_register_without_rows(read: Any) -> None:
    assert read("uscc,tier,valid_from\n", kind="ledger_csv").shape == (0, 3)


@pytest.mark.parametrize(
    ("case_id", "body"),
    [
        pytest.param("no_header", " \n\n", id="blanks"),
        pytest.param("repeated_column", HONOURS.replace("valid_from", "uscc", 1), id="a column twice"),
        pytest.param("unexpected_shape", HONOURS.replace("C1,champion", "C1"), id="a row too short"),
        pytest.param("unexpected_shape", HONOURS.replace("C1,", "C1,C3,"), id="a row too long"),
    ],
)
def test_a_file_that_is_broken_in_a_place_is_refused_whole(read: Any, case_id: str, body: str) -> None:
    with pytest.raises(AnswerUnreadableError) as refused:
        read(body, kind="ledger_csv")
    assert refused.value.case_id == case_id
