"""The file of notifiers: read, checked whole, and told in both languages where it can't be followed.

The file is TOML and holds no secret: a secret is in an environment variable that the file names. What is
wrong is told by entry and key, never by value, since a value may be a secret that stands where it should not.
"""

import os
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from ingestion.configuration_file import UnreadableFileError, read_toml, worded
from ingestion.secrecy import Scrubber
from ingestion.seeds import load_seed
from publication.alerting.entries import NAME, AnyEntry, Entry, secrets_of
from publication.alerting.errors import NotifierConfigurationError
from publication.alerting.pace import Pace, default_figures
from publication.moments import SHANGHAI

SECRET_KEYS = {
    "password": "password_from",
    "token": "bearer_token_from",
    "bearer_token": "bearer_token_from",
    "secret": "signing_secret_from",
    "signing_secret": "signing_secret_from",
    "address": "address_from",
    "webhook": "address_from",
    "access_token": "address_from",
    "key": "address_from",
    "url": "address_from",
}
"""Keys under which people write secrets, and the key that names the variable instead."""

CHANNEL_PROBLEMS = {
    "union_tag_invalid": ("不认识此渠道", "no such channel"),
    "union_tag_not_found": ("缺少此项", "this key is missing"),
}
"""What is wrong with the choice of a channel, by pydantic's type of error: Chinese, English."""


@dataclass(frozen=True)
class Notifiers:
    """The notifiers that are switched on, and the pace of sending."""

    entries: tuple[Entry, ...] = ()
    pace: Pace = field(default_factory=lambda: Pace.model_validate(default_figures()))

    @property
    def scrub(self) -> Scrubber:
        """What strikes the secrets of all entries out of a text."""
        return Scrubber(secret for entry in self.entries for secret in secrets_of(entry))

    @property
    def also_raised_since(self) -> datetime | None:
        """The earliest moment from which an entry also tells what earlier deliveries have looked at."""
        days = [entry.also_raised_since for entry in self.entries if entry.also_raised_since is not None]
        return datetime.combine(min(days), time(), SHANGHAI) if days else None


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    notifier: tuple[AnyEntry, ...] = ()
    delivery: Pace


def load_notifiers(path: Path | None, environment: Mapping[str, str] | None = None) -> Notifiers:
    """Read the file at ``path``, secrets from ``environment`` (by default the process's own).

    Without a path there is no notifier. Raises ``NotifierConfigurationError``, which names all that is wrong.
    """
    if path is None:
        return Notifiers()
    content = _read(path)
    problems = _name_clashes(content)
    if isinstance(content.setdefault("delivery", {}), dict):
        content["delivery"] = default_figures() | content["delivery"]
    context = {"environment": os.environ if environment is None else environment}
    try:
        file = _File.model_validate(content, context=context)
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False)
        problems = [_worded(dict(detail), content) for detail in found] + problems
    if problems:
        listed = "\n".join(f"  {zh}\n    {en}" for zh, en in problems)
        raise NotifierConfigurationError(
            f"通知配置文件 {path} 有 {len(problems)} 处不可用，未发送任何提醒。",
            f"The file of notifiers {path} can't be followed in {len(problems)} places; nothing was sent:\n"
            f"{listed}",
        )
    return Notifiers(entries=file.notifier, pace=file.delivery)


def _read(path: Path) -> dict[str, Any]:
    try:
        return read_toml(path)
    except UnreadableFileError as error:
        raise NotifierConfigurationError(
            f"通知配置文件 {path} 无法读取：{error}。请检查 COOPZONES_NOTIFIERS 与文件内容（TOML，UTF-8）。",
            f"The file of notifiers {path} can't be read: {error}. "
            "Check COOPZONES_NOTIFIERS and the file (TOML, UTF-8).",
        ) from error


def _name_clashes(content: dict[str, Any]) -> list[tuple[str, str]]:
    """Give a problem a name that several entries have: a recipient is known by it in the outbox."""
    counts = Counter(_names(content))
    return [
        (f"通知名称“{name}”重复，应各不相同", f"the name {name} stands there {count} times; names differ")
        for name, count in counts.items()
        if name and count > 1
    ]


def _names(content: dict[str, Any]) -> list[str]:
    """Give the names of the entries in order, empty where there is none that can be told."""
    entries = content.get("notifier", [])
    if not isinstance(entries, list):
        return []
    names = [entry.get("name") if isinstance(entry, dict) else None for entry in entries]
    return [name if isinstance(name, str) and NAME.fullmatch(name) else "" for name in names]


def _worded(detail: dict[str, Any], content: dict[str, Any]) -> tuple[str, str]:
    """Give one of pydantic's errors as people read it: where, and what is wrong; never the value."""
    table, *steps = detail["loc"]
    where_zh, where_en = [str(table)], [str(table)]
    if table == "notifier" and steps:
        position = steps.pop(0)
        name = _names(content)[position] or "?"
        where_zh, where_en = [f"第 {position + 1} 个通知（{name}）"], [f"notifier {position + 1} ({name})"]
        # Pydantic names the channel by which it chose the model; an error of the choice itself names no key.
        steps = steps[1:] or ["channel"]
    key = str(steps[0]) if steps else str(table)
    zh, en = _what_is_wrong(detail, key)
    if key != str(table):
        where_zh, where_en = [*where_zh, key], [*where_en, key]
    return f"{' '.join(where_zh)}：{zh}", f"{', '.join(where_en)}: {en}"


def _what_is_wrong(detail: dict[str, Any], key: str) -> tuple[str, str]:
    kind = str(detail["type"])
    if kind == "extra_forbidden" and key in SECRET_KEYS:
        instead = SECRET_KEYS[key]
        return (
            f"秘密不得写入文件，请放入环境变量并用 {instead} 写明变量名",
            f"a secret may not stand in the file: put it into an environment variable named in {instead}",
        )
    zh, en = CHANNEL_PROBLEMS.get(kind) or worded(detail)
    if kind == "union_tag_invalid":
        return f"{zh}，应为 {'、'.join(_channels())}", f"{en}, expected {', '.join(_channels())}"
    return zh, en


def _channels() -> list[str]:
    return load_seed("alert_channels")["channel"].to_list()
