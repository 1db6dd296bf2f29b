"""Settings: what the environment says, checked once at the start.

Belongs here: every ``COOPZONES_*`` variable, its default and what it allows. A wrong value is one message
that names variable, value and what is allowed. Does not belong here: what the values are used for.
"""

import os
from collections.abc import Mapping
from datetime import datetime
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from ingestion.child_limits import ChildLimits
from ingestion.places.address import check_address, strike_out
from ingestion.secrecy import STRUCK_OUT
from orchestration.errors import SettingsError
from orchestration.parameters import PARAMETERS_ALLOWED, check_parameters, split_parameters

if TYPE_CHECKING:
    from publication.postgres.configuration import Shelf

SHANGHAI = ZoneInfo("Asia/Shanghai")
PREFIX = "COOPZONES_"
MEBIBYTE = 1 << 20
BUNDLED_SAMPLE = Path(__file__).resolve().parent.parent / "ingestion" / "sample" / "inbox"
BUNDLED_SOURCES = BUNDLED_SAMPLE.parent / "sources" / "sources.toml"

# What a person may write, by field: Chinese, English. Kept beside the fields that check it.
ALLOWED = {
    "inbox": ("文件夹路径，或 sftp://、s3:// 等网址", "a folder, or a URL such as sftp://… or s3://…"),
    "home": ("可写文件夹的路径", "the path of a folder that can be written"),
    "as_of": (
        "ISO 8601 时刻，如 2026-06-30 或 2026-06-30T08:00:00+08:00；不写时区即北京时间",
        "an ISO 8601 moment such as 2026-06-30 or 2026-06-30T08:00:00+08:00; no offset means Asia/Shanghai",
    ),
    "target": ("duckdb", "duckdb"),
    "workers": ("1 至 256 的整数", "an integer from 1 to 256"),
    "reader_memory_mib": ("不小于 256 的整数（MiB）", "an integer (MiB), at least 256"),
    "reader_timeout_seconds": ("大于 0 的秒数", "a number of seconds above 0"),
    "releases_kept": ("不小于 1 的整数", "an integer, at least 1"),
    "parameters": PARAMETERS_ALLOWED,
    "notifiers": ("通知配置文件（TOML）的路径", "the path of a file of notifiers (TOML)"),
    "sources": ("外部来源配置文件（TOML）的路径", "the path of a file of outside sources (TOML)"),
    "postgres_url": ("形如 postgresql://… 的网址", "an address like postgresql://…"),
    "postgres_readers": ("一个角色名，至多 63 个字符", "the name of a role, at most 63 characters"),
    "postgres_grace_minutes": ("0 至 525600 的整数（分钟）", "an integer (minutes) from 0 to 525600"),
}
WORDED = {"inbox", "parameters", "postgres_url"}
"""The fields whose checks are ours and say in both languages what is wrong."""

SECRETS = frozenset({"postgres_url"})
"""Fields whose value no message repeats."""

POSTGRES_EXTRA = ("psycopg", "duckdb_extension_postgres_scanner")
"""What the extra ``postgres`` installs, as modules."""


class Settings(BaseSettings):
    """What the environment says; build it with :func:`load_settings`, which words what is wrong."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, env_ignore_empty=True)

    inbox: str = str(BUNDLED_SAMPLE)
    home: Path = Path("var")
    as_of: datetime | None = None
    target: Literal["duckdb"] = "duckdb"
    workers: int = Field(default_factory=lambda: os.cpu_count() or 1, ge=1, le=256)
    reader_memory_mib: int = Field(default=2048, ge=256)
    reader_timeout_seconds: float = Field(default=300, gt=0, allow_inf_nan=False)
    releases_kept: int = Field(default=10, ge=1)
    parameters: Annotated[Mapping[str, str], NoDecode] = Field(default_factory=dict)
    notifiers: Path | None = None
    sources: Path | None = None
    postgres_url: SecretStr | None = None
    postgres_readers: str | None = Field(default=None, max_length=63)
    postgres_grace_minutes: int = Field(default=60, ge=0, le=525_600)

    @field_validator("inbox")
    @classmethod
    def _check_inbox(cls, value: str) -> str:
        """Refuse a URL with a password in it; make a folder's path absolute."""
        check_address(value)
        return value if "://" in value or "::" in value else str(Path(value).expanduser().absolute())

    @field_validator("home", "notifiers", "sources")
    @classmethod
    def _make_path_absolute(cls, value: Path | None) -> Path | None:
        return None if value is None else value.expanduser().absolute()

    @field_validator("as_of", mode="before")
    @classmethod
    def _read_moment(cls, value: Any) -> Any:
        """Take ISO 8601 and nothing else: pydantic alone would also take a bare number of seconds."""
        return datetime.fromisoformat(value.strip()) if isinstance(value, str) else value

    @field_validator("as_of")
    @classmethod
    def _place_in_shanghai(cls, value: datetime | None) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=SHANGHAI) if value.tzinfo is None else value.astimezone(SHANGHAI)

    @field_validator("parameters", mode="before")
    @classmethod
    def _split_parameters(cls, value: Any) -> Any:
        return split_parameters(value) if isinstance(value, str) else value

    @field_validator("parameters")
    @classmethod
    def _check_parameters(cls, value: Mapping[str, str]) -> Mapping[str, str]:
        return check_parameters(value)

    @field_validator("postgres_url")
    @classmethod
    def _check_postgres(cls, value: SecretStr | None) -> SecretStr | None:
        """Hold the address to its scheme, and this installation to having what speaks to it."""
        if value is None:
            return None
        if not value.get_secret_value().startswith(("postgresql://", "postgres://")):
            allowed_zh, allowed_en = ALLOWED["postgres_url"]
            raise ValueError(f"应为{allowed_zh}\nexpected {allowed_en}")
        if absent := [module for module in POSTGRES_EXTRA if find_spec(module) is None]:
            listed = ", ".join(absent)
            raise ValueError(
                f"未安装 {listed}；请安装附加组件：pip install 'coopzones[postgres]'"
                f"\n{listed} not installed; install the extra: pip install 'coopzones[postgres]'"
            )
        return value

    @property
    def shelf(self) -> "Shelf | None":
        """Where the marts are shelved besides the release's files, if anywhere."""
        if self.postgres_url is None:
            return None
        from publication.postgres.configuration import Shelf  # noqa: PLC0415 (imported where it is used)

        return Shelf(self.postgres_url, self.postgres_readers, self.postgres_grace_minutes)

    @property
    def is_sample(self) -> bool:
        """Whether the inbox is the bundled sample."""
        return Path(self.inbox) == BUNDLED_SAMPLE

    @property
    def child_limits(self) -> ChildLimits:
        """What a child process that opens what was sent may use."""
        return ChildLimits(self.workers, self.reader_memory_mib * MEBIBYTE, self.reader_timeout_seconds)

    def moment(self) -> datetime:
        """Give the moment of evaluation, aware, in Shanghai: the setting, else the sample's own, else now."""
        if self.as_of is not None:
            return self.as_of
        if self.is_sample:
            from ingestion.sample import SAMPLE_AS_OF  # noqa: PLC0415 (imported when the sample is used)

            return type(self).model_validate({"as_of": SAMPLE_AS_OF}).moment()
        return datetime.now(SHANGHAI).replace(microsecond=0)

    def clock(self) -> datetime:
        """Give the moment at which something from outside is recorded, aware, in Shanghai: now.

        The bundled sources over the bundled sample answer at the sample's own moment: what is invented is
        the same on every day, and seen by the night that fetched it.
        """
        if self.is_sample and self.as_of is None and self.sources == BUNDLED_SOURCES:
            return self.moment()
        return datetime.now(SHANGHAI).replace(microsecond=0)

    @classmethod
    def load(cls) -> Self:
        """Read the environment; raise ``SettingsError`` naming every wrong value at once."""
        try:
            return cls()
        except ValidationError as error:
            raise SettingsError("\n".join(map(_explain, _by_field(error)))) from None


def _by_field(error: ValidationError) -> list[tuple[str, Any, str]]:
    """Give field, value and (for errors of ours) reason, one entry a field."""
    entries: dict[str, tuple[str, Any, str]] = {}
    for detail in error.errors():
        field = str(detail["loc"][0])
        reason = str(detail["ctx"]["error"]) if field in WORDED and "ctx" in detail else ""
        value = os.environ.get(f"{PREFIX}{field.upper()}", detail["input"])
        if field in SECRETS:
            value = STRUCK_OUT
        entries.setdefault(field, (field, strike_out(value) if field == "inbox" else value, reason))
    return list(entries.values())


def _explain(entry: tuple[str, Any, str]) -> str:
    field, value, reason = entry
    allowed_zh, allowed_en = ALLOWED[field]
    reason_zh, _, reason_en = reason.partition("\n")
    return (
        f"环境变量 {PREFIX}{field.upper()} 的值“{value}”不可用：{reason_zh or '应为' + allowed_zh}。\n"
        f'  {PREFIX}{field.upper()}="{value}" cannot be used: {reason_en or "expected " + allowed_en}.'
    )
