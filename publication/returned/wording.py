"""How a finding is told: on the terminal, in a cell's comment, in the list of what was found."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from ingestion.seeds import load_seed
from publication.articles import article_text, article_text_english
from publication.wording import legible

Finding = Mapping[str, Any]
"""``rule_id``, ``value``, ``expected``, ``message_zh``, ``message_en`` of a finding, and where it stands."""

LONGEST_PART = 300
"""How many characters of a message or a value are shown: the whole value stands in the cell."""

LANGUAGES = {
    "zh": {"expected": "应为", "article": "依据", "value": "原值"},
    "en": {"expected": "would pass", "article": "see", "value": "value"},
}


@cache
def severity_of(rule_id: str) -> str:
    """Give the severity of a rule: S, V, Q or M."""
    return _rule(rule_id)["severity"] or ""


@cache
def article_of(rule_id: str, language: str) -> str:
    """Give the article that a rule rests on, as people cite it; nothing where it rests on none."""
    article = _rule(rule_id)["article"]
    return article_text(article) if language == "zh" else article_text_english(article)


def message_of(finding: Finding, language: str) -> str:
    """Give the message of ``finding``, made legible."""
    return legible(finding[f"message_{language}"] or "", LONGEST_PART)


def expected_of(finding: Finding, language: str) -> str:
    """Give what would pass, in ``language`` where the rule words it in both."""
    expected = finding["expected"] or ""
    zh, separator, en = expected.partition(" / ")
    return legible(expected if not separator else zh if language == "zh" else en, LONGEST_PART)


def explained(finding: Finding, language: str) -> str:
    """Give what would pass and the article in one line."""
    words = LANGUAGES[language]
    parts = (
        (words["expected"], expected_of(finding, language)),
        (words["article"], article_of(finding["rule_id"], language)),
    )
    separator = "：" if language == "zh" else ": "
    return "    ".join(f"{name}{separator}{text}" for name, text in parts if text)


@cache
def _rule(rule_id: str) -> dict[str, str | None]:
    rule = load_seed("quality_rules").filter(rule_id=rule_id)
    if rule.height == 1:
        return rule.select("severity", "article").row(0, named=True)
    raise ValueError(f"the seed quality_rules has no rule {rule_id}")
