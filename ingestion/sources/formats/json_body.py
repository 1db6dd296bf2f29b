"""JSON as sources send it: every number as the text that was sent, never a float.

Belongs here: reading JSON and walking to a place in it. Does not belong here: what stands there.
"""

import json
import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any, NoReturn

from ingestion.sources.answers import Answer
from ingestion.sources.errors import AnswerUnreadableError
from ingestion.sources.formats.table import text_of

LONGEST_NUMBER = 100
"""Digits of a number that are written out; 1e999999999 is left as it was sent, for V20 to name."""

LONGEST_QUOTE = 60

HALF_CHARACTER = re.compile(r"\\u[dD][89a-fA-F]")
"""How JSON writes half of a character beyond the first 65,536, or such a character's two halves."""


class Number(str):
    """A number of a JSON text, as it was sent but for an exponent, which is written out."""

    __slots__ = ()


def parse_json(body: bytes, answer: Answer) -> Any:
    """Give what the JSON ``body`` says, its numbers as ``Number``.

    Raises ``AnswerUnreadableError``: not_json where it is none, an HTML page say; unreadable where a
    text in it is none, since it holds half of a character.
    """
    text = text_of(body, answer)
    try:
        content = json.loads(text, parse_float=_number, parse_int=Number, parse_constant=_refuse_constant)
        if HALF_CHARACTER.search(text):
            json.dumps(content, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        raise AnswerUnreadableError("unreadable", f"half of a character: {error.reason}") from error
    except (json.JSONDecodeError, RecursionError) as error:
        begins = " ".join(text[:LONGEST_QUOTE].split())
        raise AnswerUnreadableError("not_json", f"{error}; begins with: {begins}") from error
    return content


def at_path(value: Any, steps: Iterable[str]) -> Any:
    """Give what stands at the end of ``steps``: names of objects, places (from 0) of lists.

    Raises ``KeyError`` with the step that leads nowhere.
    """
    for step in steps:
        if isinstance(value, dict) and step in value:
            value = value[step]
        elif isinstance(value, list) and step.isdecimal() and int(step) < len(value):
            value = value[int(step)]
        else:
            raise KeyError(step)
    return value


def scalar_text(value: Any, place: str) -> str | None:
    """Give the text of the scalar ``value``; null stays null.

    Raises ``AnswerUnreadableError`` (unexpected_shape) for an object or a list at ``place``.
    """
    if isinstance(value, dict | list):
        raise AnswerUnreadableError("unexpected_shape", f"{place}: expected text or a number")
    if isinstance(value, bool):
        return "true" if value else "false"
    return None if value is None else str(value)


def expect_list(value: Any, place: str) -> list[Any]:
    """Give ``value``, a list; raise ``AnswerUnreadableError`` (unexpected_shape) where it is none."""
    if not isinstance(value, list):
        raise AnswerUnreadableError("unexpected_shape", f"{place}: expected a list")
    return value


def expect_object(value: Any, place: str) -> dict[str, Any]:
    """Give ``value``, an object; raise ``AnswerUnreadableError`` (unexpected_shape) where it is none."""
    if not isinstance(value, dict):
        raise AnswerUnreadableError("unexpected_shape", f"{place}: expected an object")
    return value


def _number(text: str) -> Number:
    if "e" not in text.lower():
        return Number(text)
    number = Decimal(text)
    digits, exponent = number.as_tuple().digits, number.adjusted()
    if len(digits) + abs(exponent) > LONGEST_NUMBER:
        return Number(text)
    return Number(format(number, "f"))


def _refuse_constant(text: str) -> NoReturn:
    raise AnswerUnreadableError("not_json", f"{text} is no number of JSON")
