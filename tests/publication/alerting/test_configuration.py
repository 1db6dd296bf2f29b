"""The file of notifiers: what it may say, that it holds no secret, that all that is wrong is told at once."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from publication.alerting.addressing import recipients
from publication.alerting.configuration import Notifiers, load_notifiers
from publication.alerting.errors import NotifierConfigurationError

SECRET = "s3cret-value"
ROBOT = f"https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key={SECRET}"

EVERY_CHANNEL = """
[[notifier]]
name = "部内系统"
channel = "webhook"
audience = ["ministry", "authority:*"]
url = "https://alerts.example.cn/coopzones"
signing_secret_from = "ALERTS_SIGNING_SECRET"
bearer_token_from = "ALERTS_TOKEN"
also_raised_since = 2026-01-01

[[notifier]]
name = "liaoning-mail"
channel = "email"
audience = "authority:210000"
host = "mail.example.cn"
security = "starttls"
username = "coopzones"
password_from = "MAIL_PASSWORD"
sender = "coopzones@example.cn"
to = ["one@example.cn", "two@example.cn"]

[[notifier]]
name = "wecom"
channel = "wecom"
audience = "zone:*"
address_from = "WECOM_ADDRESS"

[[notifier]]
name = "dingtalk"
channel = "dingtalk"
audience = "zone:HZ21020001"
address_from = "WECOM_ADDRESS"
signing_secret_from = "ALERTS_SIGNING_SECRET"

[[notifier]]
name = "feishu"
channel = "feishu"
audience = "ministry"
address_from = "WECOM_ADDRESS"

[delivery]
first_retry_seconds = 5
"""
ENVIRONMENT = {
    "ALERTS_SIGNING_SECRET": SECRET,
    "ALERTS_TOKEN": SECRET,
    "MAIL_PASSWORD": SECRET,
    "WECOM_ADDRESS": ROBOT,
}


def refusal(notifiers: Callable[..., Notifiers], text: str, **environment: str) -> str:
    with pytest.raises(NotifierConfigurationError) as refused:
        notifiers(text, **environment)
    told = str(refused.value)
    assert SECRET not in told
    return told


def entry(**changes: Any) -> str:
    """Give the text of a webhook's entry with ``changes``; a key that is None is left out."""
    stated = {
        "name": '"hook"',
        "channel": '"webhook"',
        "audience": '"ministry"',
        "url": '"https://alerts.example.cn/"',
        "signing_secret_from": '"ALERTS_SIGNING_SECRET"',
    }
    lines = [f"{key} = {value}" for key, value in (stated | changes).items() if value is not None]
    return "\n".join(["[[notifier]]", *lines, ""])


def mail(**changes: str | None) -> str:
    stated = {"host": '"h"', "sender": '"a@example.cn"', "to": '"b@example.cn"'}
    return entry(**({"channel": '"email"', "url": None, "signing_secret_from": None} | stated | changes))


def test_without_a_file_nobody_is_notified() -> None:
    assert load_notifiers(None).entries == ()


def test_every_channel_is_read_and_each_addressee_of_mail_is_a_recipient(
    notifiers: Callable[..., Notifiers],
) -> None:
    read = notifiers(EVERY_CHANNEL, **ENVIRONMENT)
    assert [recipient.name for recipient in recipients(read.entries)] == [
        "部内系统",
        "liaoning-mail/one@example.cn",
        "liaoning-mail/two@example.cn",
        "wecom",
        "dingtalk",
        "feishu",
    ]
    assert read.pace.first_retry_seconds == 5
    assert read.pace.retry_factor == load_notifiers(None).pace.retry_factor


def test_no_secret_shows_when_the_configuration_is_printed(notifiers: Callable[..., Notifiers]) -> None:
    read = notifiers(EVERY_CHANNEL, **ENVIRONMENT)
    shown = f"{read!r} {read} {[recipients(read.entries)]!r} {read.entries[0].model_dump_json()}"
    assert SECRET not in shown


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (entry(signing_secret=f'"{SECRET}"'), "signing_secret_from"),
        (entry(channel='"wecom"', url=f'"{ROBOT}"', signing_secret_from=None), "address_from"),
        (entry(channel='"dingtalk"', url=None, access_token=f'"{SECRET}"'), "address_from"),
        (mail(password=f'"{SECRET}"'), "password_from"),
        (entry(signing_secret_from=f'"{SECRET}"'), "the name of an environment variable"),
        (entry(signing_secret_from='"HUNTERTWO"'), "the name of an environment variable"),
        (entry(url=f'"https://u:{SECRET}@example.cn/"'), "url_from"),
        (entry(url=f'"https://example.cn/?token={SECRET}"'), "url_from"),
        (entry(url=f'"https://example.cn/#{SECRET}"'), "url_from"),
        (entry(url=None, url_from=f'"https://example.cn/{SECRET}"'), "the name of an environment variable"),
    ],
)
def test_a_secret_in_the_file_is_refused_and_not_repeated(
    notifiers: Callable[..., Notifiers], text: str, told: str
) -> None:
    message = refusal(notifiers, text, ALERTS_SIGNING_SECRET="x")
    assert told in message
    assert "秘密" in message


@pytest.mark.parametrize("environment", [{}, {"ALERTS_SIGNING_SECRET": ""}, {"ALERTS_SIGNING_SECRET": " \n"}])
def test_a_variable_that_is_missing_or_empty_is_named(
    notifiers: Callable[..., Notifiers], environment: dict[str, str]
) -> None:
    told = refusal(notifiers, entry(), **environment)
    assert "环境变量 ALERTS_SIGNING_SECRET 未设置或为空" in told
    assert "ALERTS_SIGNING_SECRET is not set or is empty" in told


@pytest.mark.parametrize(
    "address",
    [f"ftp://example.cn/{SECRET}", f"http://example.cn/{SECRET}", f"https:// {SECRET}", SECRET, "https://[x"],
)
def test_an_address_in_a_variable_must_be_https_and_is_not_repeated(
    notifiers: Callable[..., Notifiers], address: str
) -> None:
    told = refusal(
        notifiers, entry(url=None, url_from='"HOOK_ADDRESS"'), HOOK_ADDRESS=address, ALERTS_SIGNING_SECRET="x"
    )
    assert "https" in told
    assert address not in told


def test_a_secret_that_no_header_can_carry_is_refused(notifiers: Callable[..., Notifiers]) -> None:
    assert "ASCII" in refusal(notifiers, entry(), ALERTS_SIGNING_SECRET=f"{SECRET}密")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (entry(audience='"authority:21"'), "audience: expected ministry, authority:<six digits>"),
        (entry(audience="[]"), "audience: this may not be empty"),
        (
            entry(channel='"pigeon"'),
            "channel: no such channel, expected webhook, email, wecom, dingtalk, feishu",
        ),
        (entry(channel=None), "channel: this key is missing"),
        (entry(colour='"blue"'), "colour: no such key"),
        (entry(name='"a b"'), "name: expected 1 to 64 letters"),
        (entry(name=None), "name: this key is missing"),
        (entry(url=None), "exactly one of url and url_from"),
        (entry(url_from='"HOOK_ADDRESS"'), "exactly one of url and url_from"),
        (entry(url='"http://example.cn/"'), "expected https"),
        (entry(ca_file='"nowhere.pem"'), "there is no file nowhere.pem"),
        (entry() + entry(), "the name hook stands there 2 times"),
        (mail(username='"u"'), "username and password_from go together"),
        (mail(password_from='"HOOK_ADDRESS"'), "username and password_from go together"),
        (mail(to='["b@example.cn", "B@example.cn"]'), "an address stands there twice"),
        (mail(to='"b@example.cn\\nBcc: c@example.cn"'), "expected an e-mail address"),
        (mail(sender='"nobody"'), "expected an e-mail address"),
        (mail(port="0"), "port"),
        (mail(security='"none"'), "security"),
        ("notifier = 3\n", "notifier: expected a list"),
        ("colour = 1\n", "colour: no such key"),
        ("[delivery]\nclaim_seconds = 10\n", "claim_seconds must be above attempt_seconds"),
        ("[delivery]\nretry_factor = 0.5\n", "retry_factor"),
        ("[delivery]\nflavour = 1\n", "flavour: no such key"),
        ("delivery = 1\n", "delivery"),
        ("[[notifier", "can't be read"),
    ],
)
def test_what_cannot_be_followed_is_told(notifiers: Callable[..., Notifiers], text: str, told: str) -> None:
    message = refusal(notifiers, text, ALERTS_SIGNING_SECRET="x", HOOK_ADDRESS="https://example.cn/")
    assert told in message
    assert "通知配置文件" in message


def test_everything_wrong_is_told_at_once(notifiers: Callable[..., Notifiers]) -> None:
    told = refusal(
        notifiers, entry(audience='"x"', url=None) + mail(to='"x"', password='"x"') + entry(name="3")
    )
    assert "8 places" in told
    for place in ("audience", "url_from", "signing_secret_from", "notifier 2 (hook), to", "password", "name"):
        assert place in told


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(NotifierConfigurationError, match="COOPZONES_NOTIFIERS"):
        load_notifiers(tmp_path / "none.toml")


def test_a_file_that_begins_with_a_byte_order_mark_is_read(notifiers: Callable[..., Notifiers]) -> None:
    assert len(notifiers("\ufeff" + entry(), ALERTS_SIGNING_SECRET="x").entries) == 1


def test_plain_http_is_for_this_machine(notifiers: Callable[..., Notifiers]) -> None:
    for host in ("127.0.0.1:8080", "localhost", "[::1]:1"):
        notifiers(entry(url=f'"http://{host}/x"'), ALERTS_SIGNING_SECRET="x")
