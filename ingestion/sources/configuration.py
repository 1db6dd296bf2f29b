"""The file of sources: read, checked whole, and told in both languages where it can't be followed.

The file is TOML and holds no secret: a secret is in an environment variable that the file names. What is
wrong is told by source and key, never by value, since a value may be a secret that should not stand there.
"""

import os
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from ingestion.configuration_file import UnreadableFileError, read_toml, worded
from ingestion.secrecy import Scrubber
from ingestion.sources.entries import NAME, Limits, Request, Source, secrets_of
from ingestion.sources.errors import SourceConfigurationError

__all__ = ["Limits", "Request", "Source", "Sources", "load_sources"]

Problem = tuple[str, str]
"""What is wrong, in Chinese and in English."""


@dataclass(frozen=True)
class Sources:
    """The sources that are switched on, in the order of the file."""

    entries: tuple[Source, ...] = ()

    @property
    def scrub(self) -> Scrubber:
        """What strikes the secrets of all sources out of a text."""
        return Scrubber(secret for entry in self.entries for secret in secrets_of(entry))


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    source: tuple[Source, ...] = ()


def load_sources(path: Path | None, environment: Mapping[str, str] | None = None) -> Sources:
    """Read the file at ``path``, secrets from ``environment`` (by default the process's own).

    Without a path there is no source. Raises ``SourceConfigurationError``, which names all that is wrong.
    """
    if path is None:
        return Sources()
    content = _read(path)
    problems = _name_clashes(content)
    if not content:
        problems.append(("没有任何来源，应有 [[source]]", "there is no source in it: [[source]] is expected"))
    context = {
        "environment": os.environ if environment is None else environment,
        "folder": path.absolute().parent,
    }
    try:
        file = _File.model_validate(content, context=context)
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False)
        problems = [_placed(dict(detail), content) for detail in found] + problems
    if problems:
        listed = "\n".join(f"  {zh}\n    {en}" for zh, en in problems)
        raise SourceConfigurationError(
            f"来源配置文件 {path} 有 {len(problems)} 处不可用。",
            f"The file of sources {path} can't be followed in {len(problems)} places:\n{listed}",
        )
    return Sources(file.source)


def _read(path: Path) -> dict[str, Any]:
    try:
        return read_toml(path)
    except UnreadableFileError as error:
        raise SourceConfigurationError(
            f"来源配置文件 {path} 无法读取：{error}。请检查 COOPZONES_SOURCES 与文件内容（TOML，UTF-8）。",
            f"The file of sources {path} can't be read: {error}. "
            "Check COOPZONES_SOURCES and the file (TOML, UTF-8).",
        ) from error


def _name_clashes(content: dict[str, Any]) -> list[Problem]:
    """Give a problem a name that several sources have: what they answered is known by it."""
    counts = Counter(_names(content))
    return [
        (f"来源名称“{name}”重复，应各不相同", f"the name {name} stands there {count} times; names differ")
        for name, count in counts.items()
        if name and count > 1
    ]


def _names(content: dict[str, Any]) -> list[str]:
    """Give the names of the sources in order, empty where there is none that can be told."""
    entries = content.get("source", [])
    if not isinstance(entries, list):
        return []
    names = [entry.get("name") if isinstance(entry, dict) else None for entry in entries]
    return [name if isinstance(name, str) and NAME.fullmatch(name) else "" for name in names]


def _placed(detail: dict[str, Any], content: dict[str, Any]) -> Problem:
    """Give one of pydantic's errors as people read it: where, and what is wrong; never the value."""
    table, *steps = detail["loc"]
    zh, en = _worded(detail)
    if table != "source" or not steps:
        return f"{table}：{zh}", f"{table}: {en}"
    position = steps.pop(0)
    name = _names(content)[position] or "?"
    key = ".".join(str(step + 1) if isinstance(step, int) else str(step) for step in steps)
    return (
        " ".join(filter(None, [f"第 {position + 1} 个来源（{name}）", key])) + f"：{zh}",
        ", ".join(filter(None, [f"source {position + 1} ({name})", key])) + f": {en}",
    )


def _worded(detail: dict[str, Any]) -> Problem:
    if detail["type"] == "union_tag_invalid":
        expected = detail["ctx"]["expected_tags"]
        return f"kind 应为 {expected} 之一", f"kind is one of {expected}"
    if detail["type"] == "union_tag_not_found":
        return "缺少 kind", "kind is missing"
    return worded(detail)
