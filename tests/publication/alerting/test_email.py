"""E-mail against a real mail server: what arrives, with TLS and login, and what each reply means."""

import ssl
import time
from collections.abc import Callable
from datetime import UTC, datetime
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest
import trustme

from publication.alerting.addressing import recipients
from publication.alerting.configuration import Notifiers
from publication.alerting.notifiers import send
from publication.alerting.notifiers.outcome import Outcome
from publication.alerting.outbox import Message

AT = datetime(2026, 4, 1, tzinfo=UTC)
MESSAGE = Message(
    "0123abc",
    "mail/one@example.cn",
    "合作区提醒 1 件 / zone alerts: 1",
    "第一行\n.\nFrom here\n" + "长" * 2000,
    AT,
)
PASSWORD = "mail-password-1"
LOGIN = 'username = "coopzones"\npassword_from = "MAIL_PASSWORD"\n'


@pytest.fixture
def attempt(
    notifiers: Callable[..., Notifiers], authority: tuple[trustme.CA, Path]
) -> Callable[..., Outcome]:
    """Give an attempt to send the message over the server at a port; the authority is trusted unless not."""

    def make(port: int, options: str = "", *, is_trusted: bool = True, password: str = PASSWORD) -> Outcome:
        trusted = f'ca_file = "{authority[1]}"' if is_trusted else ""
        read = notifiers(
            f'[[notifier]]\nname = "mail"\nchannel = "email"\naudience = "ministry"\nhost = "127.0.0.1"\n'
            f'port = {port}\nsender = "coopzones@example.cn"\nsender_name = "合作区平台"\n'
            'to = "one@example.cn"\n'
            f"{options}\n{trusted}\n[delivery]\nattempt_seconds = 0.6\nnetwork_seconds = 0.4\n",
            MAIL_PASSWORD=password,
        )
        (recipient,) = recipients(read.entries)
        return send(MESSAGE, recipient, at=AT, pace=read.pace)

    return make


def test_a_mail_arrives_as_it_was_written(mail_server: Any, attempt: Callable[..., Outcome]) -> None:
    mailbox, port = mail_server()
    assert attempt(port).is_accepted
    (envelope,) = mailbox.mails
    assert (envelope.mail_from, envelope.rcpt_tos) == ("coopzones@example.cn", ["one@example.cn"])
    mail = message_from_bytes(envelope.content, policy=policy.default)
    assert mail["Subject"] == MESSAGE.subject
    assert mail["From"].addresses[0].display_name == "合作区平台"
    assert mail["To"] == "one@example.cn"
    assert mail["Message-ID"] == "<0123abc@example.cn>"
    assert mail["Idempotency-Key"] == "0123abc"
    assert mail["Date"].datetime == AT
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail.get_content_type() == "text/plain"
    assert mail.get_content().splitlines() == MESSAGE.body.splitlines()
    assert envelope.content.isascii()


def test_a_retry_sends_the_very_same_mail(mail_server: Any, attempt: Callable[..., Outcome]) -> None:
    mailbox, port = mail_server()
    mailbox.after_data = ["drop"]
    assert not attempt(port).is_accepted
    assert attempt(port).is_accepted
    first, second = mailbox.mails
    assert first.content == second.content


def test_tls_is_used_where_it_is_offered(
    mail_server: Any, attempt: Callable[..., Outcome], server_context: ssl.SSLContext
) -> None:
    mailbox, port = mail_server(tls_context=server_context)
    assert attempt(port).is_accepted
    assert mailbox.used_tls == [True]


def test_without_tls_on_offer_mail_goes_as_it_is_unless_tls_is_asked_for(
    mail_server: Any, attempt: Callable[..., Outcome]
) -> None:
    mailbox, port = mail_server()
    assert attempt(port).is_accepted
    outcome = attempt(port, 'security = "starttls"')
    assert outcome.is_refused
    assert "STARTTLS" in outcome.reason
    assert mailbox.used_tls == [False]


def test_no_password_goes_without_tls(mail_server: Any, attempt: Callable[..., Outcome]) -> None:
    mailbox, port = mail_server(auth_require_tls=False)
    assert attempt(port, LOGIN).is_refused
    assert mailbox.logins == []
    assert mailbox.mails == []


def test_login_follows_tls(
    mail_server: Any, attempt: Callable[..., Outcome], server_context: ssl.SSLContext
) -> None:
    mailbox, port = mail_server(tls_context=server_context, require_starttls=True, auth_required=True)
    assert attempt(port, LOGIN).is_accepted
    assert mailbox.logins == ["coopzones"]
    assert mailbox.used_tls == [True]


def test_implicit_tls(
    mail_server: Any, attempt: Callable[..., Outcome], server_context: ssl.SSLContext
) -> None:
    mailbox, port = mail_server(ssl_context=server_context)
    assert attempt(port, 'security = "implicit_tls"').is_accepted
    assert len(mailbox.mails) == 1


@pytest.mark.parametrize("security", ["starttls_if_offered", "starttls", "implicit_tls"])
def test_a_certificate_that_nobody_vouches_for_gets_nothing(
    mail_server: Any, attempt: Callable[..., Outcome], server_context: ssl.SSLContext, security: str
) -> None:
    offered = "ssl_context" if security == "implicit_tls" else "tls_context"
    mailbox, port = mail_server(**{offered: server_context})
    outcome = attempt(port, f'security = "{security}"', is_trusted=False)
    assert "CERTIFICATE_VERIFY_FAILED" in outcome.reason
    assert mailbox.mails == []


def test_a_wrong_password_refuses_and_is_not_repeated(
    mail_server: Any, attempt: Callable[..., Outcome], server_context: ssl.SSLContext
) -> None:
    _, port = mail_server(tls_context=server_context, auth_required=True)
    outcome = attempt(port, LOGIN, password="wrong-password-2")
    assert outcome.is_refused
    assert "SMTP 535" in outcome.reason
    assert "wrong-password-2" not in outcome.reason


@pytest.mark.parametrize(
    ("reply", "is_refused"),
    [("550 no such user", True), ("451 greylisted, come back", False), ("452 mailbox full", False)],
)
def test_a_5xx_for_the_addressee_refuses_and_a_4xx_passes(
    mail_server: Any, attempt: Callable[..., Outcome], reply: str, is_refused: bool
) -> None:
    mailbox, port = mail_server()
    mailbox.to_addressees["one@example.cn"] = reply
    outcome = attempt(port)
    assert (outcome.is_accepted, outcome.is_refused) == (False, is_refused)
    assert f"SMTP {reply}" in outcome.reason


@pytest.mark.parametrize(("reply", "is_refused"), [("554 spam", True), ("451 try later", False)])
def test_a_reply_after_data_counts_likewise(
    mail_server: Any, attempt: Callable[..., Outcome], reply: str, is_refused: bool
) -> None:
    mailbox, port = mail_server()
    mailbox.after_data = [reply]
    outcome = attempt(port)
    assert (outcome.is_accepted, outcome.is_refused) == (False, is_refused)
    assert f"SMTP {reply}" in outcome.reason


def test_a_server_that_is_down_is_tried_again(attempt: Callable[..., Outcome]) -> None:
    outcome = attempt(1)
    assert (outcome.is_accepted, outcome.is_refused) == (False, False)
    assert "连接失败" in outcome.reason


def test_a_server_that_talks_drop_by_drop_takes_bounded_time(
    drop_by_drop: int, attempt: Callable[..., Outcome]
) -> None:
    started = time.monotonic()
    outcome = attempt(drop_by_drop)
    assert time.monotonic() - started < 1
    assert (outcome.is_accepted, outcome.is_refused) == (False, False)


def test_a_mail_is_accepted_also_when_the_server_does_not_say_goodbye(
    mail_server: Any, attempt: Callable[..., Outcome]
) -> None:
    mailbox, port = mail_server()

    async def hang_up(server: Any, _session: Any, _envelope: Any) -> str:
        server.transport.abort()
        return "221 Bye"

    mailbox.handle_QUIT = hang_up
    assert attempt(port).is_accepted
    assert len(mailbox.mails) == 1
