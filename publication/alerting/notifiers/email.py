"""E-mail: one addressee a message, over SMTP; TLS verified, and no password without it."""

import smtplib
import socket
import ssl
import threading
from contextlib import suppress
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as MAIL_POLICY
from typing import Any

from ingestion.web import LONGEST_TOLD, tls_context
from publication.alerting.entries import EmailEntry
from publication.alerting.notifiers.outcome import ACCEPTED, Outcome, failed, refused
from publication.alerting.outbox import Message
from publication.alerting.pace import Pace

USUAL_PORTS = {"starttls_if_offered": 25, "starttls": 587, "implicit_tls": 465}


class _WithinBoundedTime:
    """Cuts the connection when the attempt has lasted too long, however slowly the server still talks."""

    sock: socket.socket | None

    def __init__(self, *arguments: Any, attempt_seconds: float, **options: Any) -> None:
        self.watch = threading.Timer(attempt_seconds, self._cut)
        self.watch.daemon = True
        self.watch.start()
        try:
            super().__init__(*arguments, **options)
        except BaseException:
            self.watch.cancel()
            raise

    def _cut(self) -> None:
        if self.sock is not None:
            with suppress(OSError):
                self.sock.shutdown(socket.SHUT_RDWR)


class _PlainSmtp(_WithinBoundedTime, smtplib.SMTP):
    """SMTP that may turn to TLS."""


class _TlsSmtp(_WithinBoundedTime, smtplib.SMTP_SSL):
    """SMTP that is TLS from its first byte."""


def send(message: Message, entry: EmailEntry, addressee: str, *, pace: Pace) -> Outcome:
    """Hand ``message`` for ``addressee`` to the server; it has accepted it when it answers 250 after DATA."""
    try:
        smtp = _connect(entry, pace)
    except (OSError, smtplib.SMTPException) as error:
        return _judge(error)
    try:
        _log_in(smtp, entry)
        smtp.send_message(written(message, entry, addressee), entry.sender, [addressee])
    except (OSError, smtplib.SMTPException) as error:
        return _judge(error)
    else:
        # It is accepted; whether the server says goodbye changes nothing.
        with suppress(OSError, smtplib.SMTPException):
            smtp.quit()
        return ACCEPTED
    finally:
        smtp.watch.cancel()
        smtp.close()


def written(message: Message, entry: EmailEntry, addressee: str) -> EmailMessage:
    """Give ``message`` as mail: the same at every attempt, named by the idempotency key."""
    domain = entry.sender.rpartition("@")[2]
    mail = EmailMessage(policy=MAIL_POLICY)
    mail["Subject"] = message.subject
    mail["From"] = Address(entry.sender_name, addr_spec=entry.sender)
    mail["To"] = Address(addr_spec=addressee)
    mail["Date"] = message.composed_at
    mail["Message-ID"] = f"<{message.idempotency_key}@{domain}>"
    mail["Idempotency-Key"] = message.idempotency_key
    mail["Auto-Submitted"] = "auto-generated"
    # Base64 passes every server unchanged, whatever bytes and lengths of lines it takes.
    mail.set_content(message.body, cte="base64")
    return mail


def _connect(entry: EmailEntry, pace: Pace) -> _PlainSmtp | _TlsSmtp:
    port = entry.port or USUAL_PORTS[entry.security]
    options: dict[str, Any] = {
        "local_hostname": entry.sender.rpartition("@")[2],
        "timeout": min(pace.network_seconds, pace.attempt_seconds),
        "attempt_seconds": pace.attempt_seconds,
    }
    if entry.security == "implicit_tls":
        return _TlsSmtp(entry.host, port, context=tls_context(entry.ca_file), **options)
    return _PlainSmtp(entry.host, port, **options)


def _log_in(smtp: smtplib.SMTP, entry: EmailEntry) -> None:
    """Turn to TLS where it is offered, always where it is asked for or a password follows; log in."""
    smtp.ehlo_or_helo_if_needed()
    needs_tls = entry.security == "starttls" or entry.password_from is not None
    if entry.security != "implicit_tls" and (needs_tls or smtp.has_extn("starttls")):
        smtp.starttls(context=tls_context(entry.ca_file))
        smtp.ehlo_or_helo_if_needed()
    if entry.password_from is not None:
        smtp.login(entry.username or "", entry.password_from.get_secret_value())


def _judge(error: Exception) -> Outcome:
    """Give what ``error`` says of the attempt: a server's 5xx is for good, everything else for now."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return _judge(smtplib.SMTPResponseException(*next(iter(error.recipients.values()))))
    if isinstance(error, smtplib.SMTPResponseException):
        words = error.smtp_error
        text = words.decode(errors="replace") if isinstance(words, bytes) else words
        told = f"SMTP {error.smtp_code} {' '.join(text.split())[:LONGEST_TOLD]}"
        if 500 <= error.smtp_code < 600:
            return refused("邮件服务器拒收", f"refused: {told}")
        return failed("邮件服务器暂不受理", f"not taken for now: {told}")
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return refused("邮件服务器不支持所需功能，未发送", f"the server lacks what is needed: {error}")
    if isinstance(error, ssl.SSLError):
        return failed("TLS 无法建立", f"TLS failed ({type(error).__name__}: {error.reason})")
    return failed("连接失败", f"the connection failed ({type(error).__name__}: {error})")
