"""Text from workbooks on its way out: never a formula, never invisible, never endless."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publication.wording import LONGEST, as_spreadsheet_text, legible, site_text


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_text_that_a_spreadsheet_would_run_is_led_by_an_apostrophe(text: str) -> None:
    assert as_spreadsheet_text(text) == "'" + text


@pytest.mark.parametrize("text", ["", "苏州=合作区", "1-2", "a@b", "'=1", " =1"])
def test_other_text_stays_as_it_is(text: str) -> None:
    assert as_spreadsheet_text(text) == text


@given(st.text())
def test_no_text_leaves_as_a_formula_and_the_true_text_can_be_told_back(text: str) -> None:
    safe = as_spreadsheet_text(text)
    assert not safe.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert safe.removeprefix("'") == text.removeprefix("'")


def test_invisible_characters_are_named() -> None:
    assert legible("a\x00b\u202ec\u200bd") == "a⟨U+0000⟩b⟨U+202E⟩c⟨U+200B⟩d"


def test_rare_characters_of_names_stay() -> None:
    assert legible("𠮷\ue000") == "𠮷\ue000"


def test_text_of_the_bearable_length_is_whole() -> None:
    assert legible("长" * LONGEST) == "长" * LONGEST


def test_text_one_longer_is_cut_and_its_length_said() -> None:
    assert legible("长" * (LONGEST + 1)) == "长" * LONGEST + f"…（{LONGEST + 1} 字 / chars）"


def test_nothing_is_shown_as_nothing() -> None:
    assert site_text(None) == ""
