"""Files of configuration that people write: read, and what is wrong with them worded in both languages.

Belongs here: what the file of notifiers and the file of sources share. Does not belong here: what either may
say. What is wrong is told by place, never by value, since a value may be a secret that stands where it should
not.
"""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

PROBLEMS = {
    "missing": ("缺少此项", "this key is missing"),
    "extra_forbidden": ("不认识此项", "no such key"),
    "too_short": ("不得为空", "this may not be empty"),
    "tuple_type": ("应为列表", "expected a list"),
}
"""What is wrong, by pydantic's type of error: Chinese, English. Other types tell pydantic's own words."""


class UnreadableFileError(Exception):
    """The file can't be read as TOML; the text says why, without a value of it."""


def read_toml(path: Path) -> dict[str, Any]:
    """Give what the TOML file at ``path`` says; raise ``UnreadableFileError``."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        detail = error.strerror or type(error).__name__
    except UnicodeDecodeError:
        detail = "not UTF-8"
    except tomllib.TOMLDecodeError as error:
        # The reader's own words are a position and what is expected there, never the text of a value.
        detail = str(error)
    raise UnreadableFileError(detail)


def worded(detail: Mapping[str, Any]) -> tuple[str, str]:
    """Give one of pydantic's errors as people read it, Chinese and English; ours hold both already."""
    if detail["type"] == "value_error":
        zh, _, en = str(detail["ctx"]["error"]).partition("\n")
        return zh, en
    return PROBLEMS.get(str(detail["type"]), ("不可用", str(detail["msg"])))
