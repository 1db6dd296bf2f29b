"""What the file of sources may say, a model a table of it.

Belongs here: keys, their types and what they may hold. Does not belong here: reading the file and wording
what is wrong with it (``configuration``), what a format or a mapping may say (``formats``, ``mapping``).
"""

import re
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import unquote, urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    ValidationInfo,
    field_validator,
    model_validator,
)

from ingestion.secrecy import EnvironmentSecret, Scrubber
from ingestion.seeds import load_seed
from ingestion.sources.cron import Cron
from ingestion.sources.formats import AnyFormat
from ingestion.sources.limits import Limits, default_limits
from ingestion.sources.mapping import SourceMapping
from ingestion.web import CertificateFile, check_web_address

NAME = re.compile(r"[a-z][a-z0-9_]{0,63}")
TOKEN = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}")
"""The name of a header, as HTTP has it."""

HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?")
PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
PLACEHOLDERS = ("year", "first_year", "last_year")

OWN_HEADERS = frozenset(
    {
        "accept-encoding",
        "connection",
        "content-length",
        "host",
        "if-modified-since",
        "if-none-match",
        "range",
        "transfer-encoding",
    }
)
"""Headers that asking itself sets."""

SECRET_NAMES = re.compile(
    r"(proxy-|x-)?auth(orization)?|cookie|session([-_]?id)?|passwd|pwd|sign|ak|sk|key"
    r"|.*(token|secret|password|signature|subscription-key|(api|app|access|secret|user)[-_]?key)",
    re.IGNORECASE,
)
"""Names of headers and parameters under which secrets travel."""


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class Secret(_Table):
    """A header or a parameter whose value is in an environment variable; ``prefix`` goes before it."""

    header: str | None = Field(default=None, pattern=TOKEN.pattern)
    parameter: str | None = Field(default=None, min_length=1)
    prefix: str = Field(default="", pattern=r"^([A-Za-z][A-Za-z0-9-]*[ =:]?)?$")
    value_from: EnvironmentSecret

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        if (self.header is None) == (self.parameter is None):
            raise ValueError(
                "header 与 parameter 应写且只写其一\nexactly one of header and parameter is expected"
            )
        return self

    @property
    def text(self) -> str:
        """What is sent."""
        return self.prefix + self.value_from.get_secret_value()


class Years(_Table):
    """The years that are asked for: ``count`` of them from ``first`` on."""

    first: int = Field(ge=1900, le=2999)
    count: int = Field(ge=1, le=200)

    @property
    def all(self) -> tuple[int, ...]:
        """The years in order."""
        return tuple(range(self.first, self.first + self.count))


def _check_header(name: str, value: str) -> None:
    if not TOKEN.fullmatch(name) or not value.isascii() or not value.isprintable():
        raise ValueError("请求头只能含可见的 ASCII 字符\nheaders hold printable ASCII characters only")
    if name.lower() in OWN_HEADERS:
        raise ValueError(f"请求头 {name} 由程序自行设置\nthe header {name} is set by the program itself")


def _check_no_secret(name: str) -> None:
    if SECRET_NAMES.fullmatch(name):
        raise ValueError(
            f"{name} 的值是秘密：请放入环境变量并在 secrets 中写明变量名"
            f"\nthe value of {name} is a secret: put it into an environment variable named under secrets"
        )


def _check_host(host: str) -> str:
    if not HOST.fullmatch(host):
        raise ValueError(
            "应为小写的主机名，不含协议、端口和路径"
            "\nexpected the name of a host in lower case, without scheme, port and path"
        )
    return host


def _check_media_type(media_type: str) -> str:
    if not re.fullmatch(r"[a-z0-9.+-]+/[a-z0-9.+-]+", media_type):
        raise ValueError(
            "应为小写的媒体类型，如 text/csv\nexpected a media type in lower case such as text/csv"
        )
    return media_type


class Request(_Table):
    """What is asked: an address of the web, or a file that is laid down somewhere.

    ``{year}``, ``{first_year}`` and ``{last_year}`` stand for the years in every text of ``url``,
    ``parameters`` and ``json``; with ``{year}`` each year is a request of its own.
    """

    url: str = Field(min_length=1)
    method: Literal["GET", "POST"] = "GET"
    parameters: dict[str, str] = Field(default_factory=dict)
    body: dict[str, Any] | list[Any] | None = Field(default=None, alias="json")
    years: Years | None = None
    headers: dict[str, str] = Field(default_factory=dict)
    secrets: tuple[Secret, ...] = ()
    redirects_to: tuple[Annotated[str, AfterValidator(_check_host)], ...] = ()
    ca_file: CertificateFile | None = None
    accepts: tuple[Annotated[str, AfterValidator(_check_media_type)], ...] | None = Field(
        default=None, min_length=1
    )
    encoding: Literal["utf-8", "gb18030"] | None = None
    """The encoding of the bytes where the source says another, or nothing that is true."""

    @field_validator("url")
    @classmethod
    def _usable(cls, url: str, info: ValidationInfo) -> str:
        """Give an address of the web, or the path of a file; a relative one starts at the file of sources."""
        parts = urlsplit(url)
        if parts.scheme == "file":
            if parts.netloc not in {"", "localhost"}:
                raise ValueError("file:// 网址不得含主机名\na file:// address names no host")
            return str(Path(unquote(parts.path)))
        if "://" not in url:
            return str((info.context or {}).get("folder", Path()) / url)
        check_web_address(url)
        if parts.username or parts.password or parts.query or parts.fragment:
            raise ValueError(
                "网址不得含用户信息和查询参数：参数写入 parameters，秘密写入 secrets"
                "\nan address without user information and query is expected: parameters go under "
                "parameters, secrets under secrets"
            )
        return url

    @field_validator("headers")
    @classmethod
    def _open_headers(cls, headers: dict[str, str]) -> dict[str, str]:
        for name, value in headers.items():
            _check_header(name, value)
            _check_no_secret(name)
        return headers

    @field_validator("parameters")
    @classmethod
    def _open_parameters(cls, parameters: dict[str, str]) -> dict[str, str]:
        for name in parameters:
            _check_no_secret(name)
        return parameters

    @field_validator("body")
    @classmethod
    def _open_body(cls, body: Any) -> Any:
        for name in _names(body):
            _check_no_secret(name)
        return body

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.body is not None and self.method != "POST":
            raise ValueError('json 须与 method = "POST" 同用\njson goes with method = "POST"')
        if self.is_file and self.model_fields_set - {"url", "years", "encoding"}:
            raise ValueError(
                "文件来源只可另写 years 和 encoding\na source that is a file states years and encoding only"
            )
        used = self.placeholders
        if unknown := used - set(PLACEHOLDERS):
            raise ValueError(
                f"不认识占位符 {'、'.join(sorted(unknown))}，应为 {'、'.join(PLACEHOLDERS)}"
                f"\nno such placeholder: {', '.join(sorted(unknown))}; expected {', '.join(PLACEHOLDERS)}"
            )
        if bool(used) != (self.years is not None):
            raise ValueError("占位符与 years 须同用\nplaceholders for years and years go together")
        return self

    @property
    def is_file(self) -> bool:
        """Whether the source is a file."""
        return "://" not in self.url

    @property
    def placeholders(self) -> frozenset[str]:
        """What stands in braces in the texts that are sent."""
        return frozenset(
            name
            for text in _texts([self.url, self.parameters, self.body])
            for name in PLACEHOLDER.findall(text)
        )


def _texts(value: Any) -> list[str]:
    """Give every text within ``value``, which is made of lists and objects."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        value = list(value.values())
    return [text for item in value for text in _texts(item)] if isinstance(value, list) else []


def _names(value: Any) -> list[str]:
    """Give every name within ``value``, which is made of lists and objects."""
    items = list(value.values()) if isinstance(value, dict) else value
    names = [str(name) for name in value] if isinstance(value, dict) else []
    return names + [name for item in items for name in _names(item)] if isinstance(items, list) else []


class Source(_Table):
    """One outside source: what it gives, when, how it is asked, read and translated."""

    name: str
    title_zh: str = Field(min_length=1)
    title_en: str = Field(min_length=1)
    ledger: str
    schedule: str
    fresh_within_days: float = Field(gt=0, le=3660)
    may_fail_for_hours: float = Field(ge=0, le=87600)
    request: Request
    limits: Limits = Field(default_factory=dict, validate_default=True)
    format: AnyFormat
    mapping: SourceMapping = SourceMapping()

    @field_validator("name")
    @classmethod
    def _name(cls, name: str) -> str:
        if not NAME.fullmatch(name):
            raise ValueError(
                "应以小写字母开头，只含小写字母、数字和下划线，至多 64 个"
                "\nexpected up to 64 lower-case letters, digits and underscores, a letter first"
            )
        return name

    @field_validator("ledger")
    @classmethod
    def _ledger(cls, ledger: str) -> str:
        ledgers = sorted(set(load_seed("ledger_fields")["ledger"]))
        if ledger not in ledgers:
            raise ValueError(
                f"没有此台账，应为 {'、'.join(ledgers)}\nno such ledger; expected {', '.join(ledgers)}"
            )
        return ledger

    @field_validator("schedule")
    @classmethod
    def _schedule(cls, schedule: str) -> str:
        Cron.parse(schedule)
        return schedule

    @field_validator("limits", mode="before")
    @classmethod
    def _limits(cls, stated: Any) -> Any:
        return default_limits() | stated if isinstance(stated, dict) else stated

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if problems := self.mapping.problems(self.ledger, self.format.told_columns()):
            zh, en = zip(*problems, strict=True)
            raise ValueError(f"{'；'.join(zh)}\n{'; '.join(en)}")
        return self

    @property
    def accepts(self) -> Sequence[str]:
        """The media types in which the answer may come."""
        return self.request.accepts or self.format.media_types

    @cached_property
    def scrub(self) -> Scrubber:
        """What strikes the secrets of the source out of a text."""
        return Scrubber(secrets_of(self))


def secrets_of(source: Source) -> list[str]:
    """Give every secret that ``source`` holds, as it is in its variable and as it is sent."""
    secrets = source.request.secrets
    return [form for secret in secrets for form in (secret.text, secret.value_from.get_secret_value())]
