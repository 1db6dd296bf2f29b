"""The two languages of the site: labels, wording of states, names, articles.

The site's own labels stand in ``labels.csv``. States are worded by the seed ``messages``. Names come from the
seeds of the standard; ``names.csv`` has those in the language that the seeds lack.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import polars as pl

from ingestion.seeds import load_seed
from publication.articles import article_text, article_text_english
from publication.site.figures import NOTHING

HERE = Path(__file__).parent

NAMED_BY_SEEDS = (
    ("indicator", "indicator_definitions", "indicator_code", "name_zh", None),
    ("definition", "indicator_definitions", "indicator_code", None, "definition"),
    ("criterion", "criteria", "criterion_id", "name_zh", "name_en"),
    ("dimension", "dimensions", "dimension", "name_zh", None),
    ("ground", "revocation_grounds", "clause", "ground_zh", "ground_en"),
    ("grounds_when", "revocation_grounds", "clause", None, "grounds_when"),
    ("at_risk_when", "revocation_grounds", "clause", None, "at_risk_when"),
    ("rule", "quality_rules", "rule_id", "what_must_hold_zh", "what_must_hold"),
    ("alert", "alert_kinds", "kind", "name_zh", "name_en"),
    ("change_subject", "change_subjects", "subject_kind", "name_zh", "name_en"),
    ("authority", "provincial_authorities", "authority_code", "name_zh", "name_en"),
)
"""Kind of name, seed, its key, its columns of Chinese and English names."""


@dataclass(frozen=True)
class Language:
    """One of the site's languages: ``code`` is ``zh`` or ``en``, ``tag`` what ``lang`` says."""

    code: str
    tag: str
    suffix: str
    own_name: str

    def say(self, label: str, **values: object) -> str:
        """Give the site's own ``label``, its places filled; an unknown one raises ``KeyError``."""
        text = _labels()[label][self.code]
        return text.format(**values) if values else text

    def word(self, kind: str, code: str | None) -> str:
        """Give the wording of a state; the code itself where the seed ``messages`` has none."""
        if code is None:
            return NOTHING
        return _words().get((kind, code), {}).get(self.code, code)

    def name(self, kind: str, code: str | int | None) -> str:
        """Give the name of what ``code`` names; the code itself where no one named it."""
        if code is None:
            return NOTHING
        return names().get((kind, str(code)), {}).get(self.code) or str(code)

    def value(self, kind: str, code: str) -> str:
        """Give the words of a listed value: a state's wording, else the name of what ``code`` names."""
        stated = _words().get((kind, code))
        return stated[self.code] if stated else self.name(kind, code)

    def cite(self, article: str | int | None) -> str:
        """Give an article of the Measures as people cite it."""
        return NOTHING if article is None else _cited(self.code, str(article))

    def pick(self, row: dict[str, object], stem: str) -> object:
        """Give, of a row's two columns ``<stem>_zh`` and ``<stem>_en``, the one of this language."""
        return row[f"{stem}_{self.code}"]


CHINESE = Language("zh", "zh-CN", ".html", "中文")
ENGLISH = Language("en", "en", ".en.html", "English")
LANGUAGES = (CHINESE, ENGLISH)


def other_language(language: Language) -> Language:
    """Give the language one click away from ``language``."""
    return ENGLISH if language is CHINESE else CHINESE


@cache
def _cited(language: str, article: str) -> str:
    """Cite ``article``, whose parts are separated by semicolons or commas."""
    cite = article_text if language == "zh" else article_text_english
    return cite(article.replace(", ", "; "))


@cache
def _labels() -> dict[str, dict[str, str]]:
    rows = pl.read_csv(HERE / "labels.csv", infer_schema=False).iter_rows(named=True)
    return {row["label"]: row for row in rows}


@cache
def _words() -> dict[tuple[str, str], dict[str, str]]:
    rows = load_seed("messages").iter_rows(named=True)
    return {(row["kind"], row["code"]): row for row in rows}


@cache
def names() -> dict[tuple[str, str], dict[str, str]]:
    """Give what has a name: by kind and code, its names by language."""
    named: dict[tuple[str, str], dict[str, str]] = {}
    for kind, seed, key, zh, en in NAMED_BY_SEEDS:
        for row in load_seed(seed).iter_rows(named=True):
            named[kind, row[key]] = {
                language: row[column] for language, column in (("zh", zh), ("en", en)) if column
            }
    for row in pl.read_csv(HERE / "names.csv", infer_schema=False).iter_rows(named=True):
        added = {language: row[language] for language in ("zh", "en") if row[language]}
        named.setdefault((row["kind"], row["code"]), {}).update(added)
    return named
