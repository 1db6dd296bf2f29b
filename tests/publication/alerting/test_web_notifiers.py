"""Webhook and group robots against a real web server: what arrives, and what each answer means."""

import base64
import hashlib
import hmac
import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import trustme

from publication.alerting.addressing import recipients
from publication.alerting.configuration import Notifiers
from publication.alerting.notifiers import send
from publication.alerting.notifiers.outcome import Outcome
from publication.alerting.outbox import Message

AT = datetime(2026, 4, 1, tzinfo=UTC)
MESSAGE = Message("key-1", "hook", "合作区提醒", '{"alerts": ["提醒"]}', AT)
SECRET = "a-shared-secret-7"
TOKEN = "a-bearer-token-8"
QUICK = "[delivery]\nattempt_seconds = 0.4\nnetwork_seconds = 0.3\n"
"""Times that let a test wait for a slow receiver."""


@pytest.fixture
def attempt(notifiers: Callable[..., Notifiers]) -> Callable[..., Outcome]:
    """Give an attempt to send the message to the address of a channel."""

    def make(address: str, channel: str = "webhook", options: str = "") -> Outcome:
        where = "url_from" if channel == "webhook" else "address_from"
        signing = "" if channel == "wecom" else 'signing_secret_from = "SIGNING_SECRET"'
        read = notifiers(
            f'[[notifier]]\nname = "hook"\nchannel = "{channel}"\naudience = "ministry"\n'
            f'{where} = "THE_ADDRESS"\n'
            f"{signing}\n{options}\n{QUICK}",
            THE_ADDRESS=address,
            SIGNING_SECRET=SECRET,
            BEARER_TOKEN=TOKEN,
        )
        (recipient,) = recipients(read.entries)
        return send(MESSAGE, recipient, at=AT, pace=read.pace)

    return make


def test_a_webhook_gets_the_body_signed_under_its_key(receiver: Any, attempt: Callable[..., Outcome]) -> None:
    assert attempt(f"{receiver.url}/in?x=1", options='bearer_token_from = "BEARER_TOKEN"').is_accepted
    (request,) = receiver.requests
    assert request.path == "/in?x=1"
    assert request.body == MESSAGE.body.encode()
    assert request.headers["Idempotency-Key"] == "key-1"
    assert request.headers["Authorization"] == f"Bearer {TOKEN}"
    assert request.headers["Content-Type"] == "application/json; charset=utf-8"
    timestamp = request.headers["Coopzones-Timestamp"]
    assert int(timestamp) == AT.timestamp()
    signed = hmac.new(SECRET.encode(), timestamp.encode() + b"." + request.body, hashlib.sha256)
    assert request.headers["Coopzones-Signature"] == f"sha256={signed.hexdigest()}"


@pytest.mark.parametrize("status", [200, 201, 202, 204])
def test_every_2xx_accepts(receiver: Any, attempt: Callable[..., Outcome], status: int) -> None:
    receiver.otherwise.status = status
    assert attempt(receiver.url).is_accepted


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
def test_a_status_that_passes_is_tried_again_soon(
    receiver: Any, attempt: Callable[..., Outcome], status: int
) -> None:
    receiver.otherwise.status = status
    outcome = attempt(receiver.url)
    assert (outcome.is_accepted, outcome.is_refused, outcome.retry_after) == (False, False, None)
    assert f"HTTP {status}" in outcome.reason


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 410, 413, 422])
def test_a_4xx_refuses(receiver: Any, attempt: Callable[..., Outcome], status: int) -> None:
    receiver.otherwise.status, receiver.otherwise.body = status, "  字段\n不对 ".encode()
    outcome = attempt(receiver.url)
    assert outcome.is_refused
    assert f"HTTP {status}) 字段 不对" in outcome.reason


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(receiver: Any, attempt: Callable[..., Outcome], status: int) -> None:
    receiver.otherwise.status, receiver.otherwise.headers = status, {"Location": f"{receiver.url}/elsewhere"}
    assert attempt(receiver.url).is_refused
    assert len(receiver.requests) == 1


@pytest.mark.parametrize(
    ("header", "seconds"), [("120", 120), ("0", 0), ("soon", None), ("", None), ("-5", None)]
)
def test_retry_after_in_seconds_is_read(
    receiver: Any, attempt: Callable[..., Outcome], header: str, seconds: int | None
) -> None:
    receiver.otherwise.status, receiver.otherwise.headers = 429, {"Retry-After": header}
    asked = attempt(receiver.url).retry_after
    assert asked == (None if seconds is None else timedelta(seconds=seconds))


def test_retry_after_as_a_date_is_held_against_the_receivers_clock(
    receiver: Any, attempt: Callable[..., Outcome]
) -> None:
    until = format_datetime(datetime.now(UTC) + timedelta(seconds=600), usegmt=True)
    receiver.otherwise.status, receiver.otherwise.headers = 503, {"Retry-After": until}
    asked = attempt(receiver.url).retry_after
    assert asked is not None
    assert 590 <= asked.total_seconds() <= 601


def test_a_receiver_that_is_down_is_tried_again(receiver: Any, attempt: Callable[..., Outcome]) -> None:
    receiver.close()
    outcome = attempt(receiver.url)
    assert (outcome.is_accepted, outcome.is_refused) == (False, False)
    assert "连接失败" in outcome.reason


def test_a_connection_dropped_after_the_request_is_tried_again(
    receiver: Any, attempt: Callable[..., Outcome]
) -> None:
    receiver.otherwise.drops = True
    outcome = attempt(receiver.url)
    assert (outcome.is_accepted, outcome.is_refused) == (False, False)


def test_a_receiver_that_does_not_answer_takes_bounded_time(
    receiver: Any, attempt: Callable[..., Outcome]
) -> None:
    receiver.otherwise.after_seconds = 0.9
    started = time.monotonic()
    outcome = attempt(receiver.url)
    assert time.monotonic() - started < 0.85
    assert not outcome.is_accepted


def test_a_receiver_that_answers_drop_by_drop_takes_bounded_time(
    drop_by_drop: int, attempt: Callable[..., Outcome]
) -> None:
    started = time.monotonic()
    outcome = attempt(f"http://127.0.0.1:{drop_by_drop}/")
    assert time.monotonic() - started < 0.85
    assert "0.4 seconds" in outcome.reason


def test_an_endless_answer_is_not_read_to_its_end(receiver: Any, attempt: Callable[..., Outcome]) -> None:
    receiver.otherwise.status, receiver.otherwise.body = 400, b"x" * 30_000_000
    outcome = attempt(receiver.url)
    assert outcome.is_refused
    assert len(outcome.reason) < 400


def test_a_certificate_that_nobody_vouches_for_gets_nothing(
    secure_receiver: Any, attempt: Callable[..., Outcome]
) -> None:
    outcome = attempt(secure_receiver.url)
    assert "CERTIFICATE_VERIFY_FAILED" in outcome.reason
    assert secure_receiver.requests == []


def test_a_certificate_of_the_configured_authority_will_do(
    secure_receiver: Any, attempt: Callable[..., Outcome], authority: tuple[trustme.CA, Path]
) -> None:
    assert attempt(secure_receiver.url, options=f'ca_file = "{authority[1]}"').is_accepted


def test_wecom_gets_a_text(receiver: Any, attempt: Callable[..., Outcome]) -> None:
    receiver.otherwise.body = b'{"errcode": 0, "errmsg": "ok"}'
    assert attempt(f"{receiver.url}/cgi-bin/webhook/send?key=K", "wecom").is_accepted
    assert receiver.requests[0].json == {"msgtype": "text", "text": {"content": MESSAGE.body}}
    assert receiver.requests[0].path == "/cgi-bin/webhook/send?key=K"


def test_dingtalk_gets_a_text_signed_in_the_address(receiver: Any, attempt: Callable[..., Outcome]) -> None:
    receiver.otherwise.body = b'{"errcode": 0, "errmsg": "ok"}'
    assert attempt(f"{receiver.url}/robot/send?access_token=T", "dingtalk").is_accepted
    (request,) = receiver.requests
    assert request.json["text"] == {"content": MESSAGE.body}
    assert request.json["at"] == {"isAtAll": False}
    query = parse_qs(urlsplit(request.path).query, strict_parsing=True)
    milliseconds = int(AT.timestamp()) * 1000
    signed = hmac.new(SECRET.encode(), f"{milliseconds}\n{SECRET}".encode(), hashlib.sha256).digest()
    assert query == {
        "access_token": ["T"],
        "timestamp": [str(milliseconds)],
        "sign": [base64.b64encode(signed).decode()],
    }


def test_feishu_gets_a_text_signed_in_the_body(receiver: Any, attempt: Callable[..., Outcome]) -> None:
    receiver.otherwise.body = b'{"code": 0, "msg": "success", "data": {}, "StatusCode": 0}'
    assert attempt(f"{receiver.url}/open-apis/bot/v2/hook/H", "feishu").is_accepted
    seconds = int(AT.timestamp())
    signed = hmac.new(f"{seconds}\n{SECRET}".encode(), b"", hashlib.sha256).digest()
    assert receiver.requests[0].json == {
        "msg_type": "text",
        "content": {"text": MESSAGE.body},
        "timestamp": str(seconds),
        "sign": base64.b64encode(signed).decode(),
    }


@pytest.mark.parametrize(
    ("channel", "answer", "waits"),
    [
        ("wecom", b'{"errcode": 45009, "errmsg": "api freq out of limit"}', 60),
        ("wecom", b'{"errcode": -1, "errmsg": "system busy"}', 60),
        ("dingtalk", b'{"errcode": 130101, "errmsg": "send too fast, exceed 20 times per minute"}', 600),
        ("feishu", b'{"code": 11232, "msg": "frequency limited", "data": {}}', 60),
    ],
)
def test_a_robot_that_is_busy_is_tried_again_after_its_time(
    receiver: Any, attempt: Callable[..., Outcome], channel: str, answer: bytes, waits: int
) -> None:
    receiver.otherwise.body = answer
    outcome = attempt(receiver.url, channel)
    assert (outcome.is_accepted, outcome.is_refused) == (False, False)
    assert outcome.retry_after == timedelta(seconds=waits)


@pytest.mark.parametrize(
    ("channel", "answer", "told"),
    [
        ("wecom", b'{"errcode": 93000, "errmsg": "invalid webhook url"}', "code 93000): invalid webhook url"),
        ("dingtalk", b'{"errcode": 310000, "errmsg": "sign not match"}', "code 310000): sign not match"),
        ("feishu", b'{"code": 19024, "msg": "Key Words Not Found", "data": {}}', "code 19024): Key Words"),
    ],
)
def test_a_robot_that_refuses_in_its_answer_has_not_accepted(
    receiver: Any, attempt: Callable[..., Outcome], channel: str, answer: bytes, told: str
) -> None:
    receiver.otherwise.body = answer
    outcome = attempt(receiver.url, channel)
    assert outcome.is_refused
    assert told in outcome.reason


@pytest.mark.parametrize("answer", [b"", b"<html>", b"[]", b"null", b"{}", b'{"errcode": "0"}', b"\xff\xfe"])
def test_an_answer_that_is_no_robots_is_not_taken_for_accepted(
    receiver: Any, attempt: Callable[..., Outcome], answer: bytes
) -> None:
    receiver.otherwise.body = answer
    outcome = attempt(receiver.url, "wecom")
    assert (outcome.is_accepted, outcome.is_refused) == (False, False)


@pytest.mark.parametrize(
    "disturbance",
    [{}, {"status": 500}, {"status": 302, "headers": {"Location": "/?key=hidden-k3y"}}, {"drops": True}],
)
@pytest.mark.parametrize("channel", ["webhook", "dingtalk", "feishu"])
def test_no_secret_is_logged(
    receiver: Any,
    attempt: Callable[..., Outcome],
    caplog: pytest.LogCaptureFixture,
    disturbance: dict[str, Any],
    channel: str,
) -> None:
    caplog.set_level(logging.DEBUG)
    for name, value in disturbance.items():
        setattr(receiver.otherwise, name, value)
    attempt(f"{receiver.url}/hook?key=hidden-k3y", channel)
    attempt("http://127.0.0.1:1/hook?key=hidden-k3y", channel)
    for secret in ("hidden-k3y", SECRET, TOKEN):
        assert secret not in caplog.text


def test_other_requests_are_logged_as_ever(receiver: Any, caplog: pytest.LogCaptureFixture) -> None:
    import httpx  # noqa: PLC0415 (it costs half a second)

    caplog.set_level(logging.INFO)
    httpx.post(receiver.url)
    assert "HTTP Request: POST" in caplog.text
