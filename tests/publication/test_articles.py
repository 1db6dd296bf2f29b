"""Articles as people cite them."""

import pytest

from ingestion.seeds import load_seed
from publication.articles import article_text, article_text_english


@pytest.mark.parametrize(
    ("article", "zh", "en"),
    [
        ("8", "《办法》第八条", "Article 8"),
        ("10", "《办法》第十条", "Article 10"),
        ("11(1)", "《办法》第十一条第（一）项", "Article 11(1)"),
        ("16; annex 1", "《办法》第十六条、《办法》附件第一部分", "Article 16, annex 1"),
        ("annex", "《办法》附件", "annex"),
        ("annex last paragraph", "《办法》附件末段", "annex last paragraph"),
        ("2025 notice", "2025年通知", "2025 notice"),
        (None, "", ""),
    ],
)
def test_the_short_form_is_spelt_out(article: str | None, zh: str, en: str) -> None:
    assert (article_text(article), article_text_english(article)) == (zh, en)


@pytest.mark.parametrize(
    "seed", ["quality_rules", "rule_messages", "criteria", "parameters", "workbook_notes"]
)
def test_every_article_of_the_seeds_can_be_cited(seed: str) -> None:
    for article in load_seed(seed)["article"].drop_nulls().unique():
        assert article_text(article)


def test_a_form_that_nobody_agreed_upon_is_a_defect() -> None:
    with pytest.raises(ValueError, match="no way to cite"):
        article_text("Article eight")
