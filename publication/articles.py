"""Articles as people cite them: the seeds' short form (``11(1)``, ``annex 2``) in Chinese and in English."""

import re

NUMERALS = "零一二三四五六七八九十"

CITED = re.compile(r"(?P<article>\d{1,2})(\((?P<item>\d)\))?")
ANNEX = re.compile(r"annex(?: (?P<part>\d))?")
NOTICE = re.compile(r"(?P<year>\d{4}) notice")

LAST_PARAGRAPH = "annex last paragraph"


def article_text(article: str | None) -> str:
    """Give ``article`` in Chinese: ``8`` is 《办法》第八条; several are separated by ``; ``.

    Nothing for ``None``. Raises ``ValueError`` for a form that the seeds do not use.
    """
    return "、".join(_one(part.strip()) for part in article.split(";")) if article else ""


def article_text_english(article: str | None) -> str:
    """Give ``article`` in English: ``8`` is Article 8, ``annex 2`` stays as it is."""
    parts = [part.strip() for part in article.split(";")] if article else []
    return ", ".join(f"Article {part}" if CITED.fullmatch(part) else part for part in parts)


def _one(part: str) -> str:
    if cited := CITED.fullmatch(part):
        item = f"第（{_numeral(int(cited['item']))}）项" if cited["item"] else ""
        return f"《办法》第{_numeral(int(cited['article']))}条{item}"
    if part == LAST_PARAGRAPH:
        return "《办法》附件末段"
    if annex := ANNEX.fullmatch(part):
        section = f"第{_numeral(int(annex['part']))}部分" if annex["part"] else ""
        return f"《办法》附件{section}"
    if notice := NOTICE.fullmatch(part):
        return f"{notice['year']}年通知"
    raise ValueError(f"no way to cite the article {part!r}")


def _numeral(number: int) -> str:
    """Give ``number``, 1 to 99, in Chinese numerals."""
    tens, ones = divmod(number, 10)
    before = "" if tens == 0 else ("" if tens == 1 else NUMERALS[tens]) + "十"
    return before + (NUMERALS[ones] if ones else "")
