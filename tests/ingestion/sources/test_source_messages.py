"""Whatever can go wrong with a source has words in both languages and a rule that tells it."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import ingestion.sources
from ingestion.seeds import load_seed
from ingestion.sources.http import CASES

MESSAGES = load_seed("source_messages")
RAISED_WITH_A_CASE = {"FailedTryError", "AnswerUnreadableError"}


def cases_raised() -> Iterator[str]:
    """Give every case that the code of sources raises by name."""
    for path in Path(ingestion.sources.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                first = node.args[0] if node.args else None
                if node.func.id in RAISED_WITH_A_CASE and isinstance(first, ast.Constant):
                    yield first.value


def test_every_case_is_worded() -> None:
    cases = {*cases_raised(), *CASES.values()}
    assert len(cases) > 15
    assert cases <= set(MESSAGES.filter(told_by="M06")["case_id"])


def test_a_case_is_worded_once_in_both_languages() -> None:
    assert MESSAGES["case_id"].is_unique().all()
    assert all(re.search("[\u4e00-\u9fff]", message) for message in MESSAGES["message_zh"])
    assert all(message.isascii() for message in MESSAGES["message_en"])
