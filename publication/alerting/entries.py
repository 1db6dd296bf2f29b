"""What one entry of the file of notifiers may say, a model a channel.

Belongs here: keys, their types and what they may hold. Does not belong here: wording of what is wrong
(``configuration.py``) and sending (``notifiers/``).
"""

import re
from datetime import date
from email.errors import HeaderParseError
from email.headerregistry import Address
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationInfo,
    field_validator,
)

from ingestion.secrecy import EnvironmentSecret
from ingestion.web import CertificateFile, check_web_address

AUDIENCE = re.compile(r"ministry|authority:(\*|\d{6})|zone:(\*|[A-Z0-9]+)")
NAME = re.compile(r"[\w.-]{1,64}")


def _check_name(name: str) -> str:
    if not NAME.fullmatch(name):
        raise ValueError(
            "应为 1 至 64 个字母、汉字、数字、点、下划线或连字符"
            "\nexpected 1 to 64 letters, digits, dots, underscores or hyphens"
        )
    return name


def _check_audience(audience: str) -> str:
    if not AUDIENCE.fullmatch(audience):
        raise ValueError(
            "应为 ministry、authority:<六位代码>、authority:*、zone:<合作区编号> 或 zone:*"
            "\nexpected ministry, authority:<six digits>, authority:*, zone:<zone id> or zone:*"
        )
    return audience


def _check_mail_address(address: str) -> str:
    try:
        parsed = Address(addr_spec=address)
    except (HeaderParseError, ValueError, IndexError):
        parsed = Address()
    if not parsed.username or not parsed.domain or not address.isascii() or not address.isprintable():
        raise ValueError("应为电子邮件地址\nexpected an e-mail address")
    return address


def _check_secret_web_address(address: SecretStr) -> SecretStr:
    check_web_address(address.get_secret_value())
    return address


def _check_open_web_address(address: str) -> str:
    parts = urlsplit(check_web_address(address))
    if parts.username or parts.password or parts.query or parts.fragment:
        raise ValueError(
            "含有用户信息或查询参数的网址是秘密：请改用 url_from 指明环境变量"
            "\nan address with user information or a query is a secret: name its variable in url_from instead"
        )
    return address


def _as_list(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


SecretWebAddress = Annotated[EnvironmentSecret, AfterValidator(_check_secret_web_address)]
MailAddress = Annotated[str, AfterValidator(_check_mail_address)]


class Entry(BaseModel):
    """What every entry says: its name, whom it tells, and from which day on it also tells what is older."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    name: Annotated[str, AfterValidator(_check_name)]
    audience: Annotated[
        tuple[Annotated[str, AfterValidator(_check_audience)], ...],
        BeforeValidator(_as_list),
        Field(min_length=1),
    ]
    also_raised_since: date | None = None
    channel: str


class WebhookEntry(Entry):
    """A receiver of JSON over HTTP that checks a signature."""

    channel: Literal["webhook"]
    url: Annotated[str, AfterValidator(_check_open_web_address)] | None = None
    url_from: SecretWebAddress | None = Field(default=None, validate_default=True)
    signing_secret_from: EnvironmentSecret
    bearer_token_from: EnvironmentSecret | None = None
    ca_file: CertificateFile | None = None

    @field_validator("url_from")
    @classmethod
    def _one_address(cls, url_from: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        if "url" in info.data and (url_from is None) == (info.data["url"] is None):
            raise ValueError("url 与 url_from 应写且只写其一\nexactly one of url and url_from is expected")
        return url_from

    @property
    def address(self) -> str:
        """The address, wherever it was stated."""
        return self.url if self.url_from is None else self.url_from.get_secret_value()  # type: ignore[return-value]


class EmailEntry(Entry):
    """Addressees of e-mail and the server that takes it; each addressee is a recipient."""

    channel: Literal["email"]
    host: Annotated[str, Field(min_length=1, pattern=r"^[A-Za-z0-9.:_-]+$")]
    port: Annotated[int, Field(ge=1, le=65535)] | None = None
    security: Literal["starttls_if_offered", "starttls", "implicit_tls"] = "starttls_if_offered"
    username: Annotated[str, Field(min_length=1, pattern=r"^[\x20-\x7e]+$")] | None = None
    password_from: EnvironmentSecret | None = Field(default=None, validate_default=True)
    sender: MailAddress
    sender_name: Annotated[str, Field(max_length=100, pattern=r"^[^\x00-\x1f\x7f]*$")] = ""
    to: Annotated[tuple[MailAddress, ...], BeforeValidator(_as_list), Field(min_length=1)]
    ca_file: CertificateFile | None = None

    @field_validator("password_from")
    @classmethod
    def _login_is_whole(cls, password: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        if "username" in info.data and (password is None) != (info.data["username"] is None):
            raise ValueError(
                "username 与 password_from 应同时写或都不写\nusername and password_from go together"
            )
        return password

    @field_validator("to")
    @classmethod
    def _addressees_differ(cls, to: tuple[str, ...]) -> tuple[str, ...]:
        if len({address.casefold() for address in to}) < len(to):
            raise ValueError("收件地址重复\nan address stands there twice")
        return to


class RobotEntry(Entry):
    """A group robot of an enterprise chat; whoever knows its address can write to the group."""

    address_from: SecretWebAddress


class WeComEntry(RobotEntry):
    """A group robot of WeCom."""

    channel: Literal["wecom"]


class SignedRobotEntry(RobotEntry):
    """A group robot that may ask for signatures; without a secret it checks words or senders."""

    signing_secret_from: EnvironmentSecret | None = None


class DingTalkEntry(SignedRobotEntry):
    """A group robot of DingTalk."""

    channel: Literal["dingtalk"]


class FeishuEntry(SignedRobotEntry):
    """A group robot of Feishu."""

    channel: Literal["feishu"]


AnyEntry = Annotated[
    WebhookEntry | EmailEntry | WeComEntry | DingTalkEntry | FeishuEntry, Field(discriminator="channel")
]


def secrets_of(entry: Entry) -> list[str]:
    """Give every secret that ``entry`` holds."""
    values = [getattr(entry, field) for field in type(entry).model_fields]
    return [value.get_secret_value() for value in values if isinstance(value, SecretStr)]
