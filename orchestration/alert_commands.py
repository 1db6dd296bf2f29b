"""Commands about alerts: what was raised and became of it, and a delivery for those who run cron.

Belongs here: arguments and what is printed. Imports of the rooms stand in the commands that need them.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from orchestration.errors import CoopzonesError, SettingsError
from orchestration.home import Home
from orchestration.run_lock import share_lock
from orchestration.settings import SHANGHAI, Settings

if TYPE_CHECKING:
    from publication.alerting.outbox import MessageState, Outbox, RaisedAlert

RAISED_BY = "coopzones deliver"


class UndeliveredError(CoopzonesError):
    """Somebody has yet to get what was raised; the same command tries again."""


def add_commands(app: typer.Typer) -> None:
    """Give ``app`` the commands of this module."""
    commands: list[Callable[..., None]] = [alerts, deliver]
    for command in commands:
        app.command()(command)


def alerts(
    limit: Annotated[int, typer.Option(min=1, help="How many, the newest first.")] = 50,
    waiting: Annotated[bool, typer.Option("--waiting", help="Only what somebody has yet to get.")] = False,
) -> None:
    """列出提醒及送达情况 / List the alerts raised: to whom, delivered or waiting since when, and why."""
    from publication.alerting.outbox import Outbox  # noqa: PLC0415

    settings = Settings.load()
    home = Home(settings.home)
    home.prepare_outbox()
    with _ends_clearly(), Outbox.open(home.root) as outbox:
        raised, messages, held = outbox.alerts(), outbox.messages(), outbox.claims(_now())
    configured = _configured(settings)
    by_alert: dict[str, list[MessageState]] = {}
    for message in messages:
        for key in message.alert_keys:
            by_alert.setdefault(key, []).append(message)
    if waiting:
        raised = [one for one in raised if _is_waiting(one, by_alert.get(one.alert.alert_key, []))]
    if not raised:
        typer.echo("没有提醒 / No alerts.")
    for one in raised[:limit]:
        for line in _described(one, by_alert.get(one.alert.alert_key, []), held, configured):
            typer.echo(line)
    if len(raised) > limit:
        typer.echo(f"另有 {len(raised) - limit} 条，见 --limit / {len(raised) - limit} more: --limit")


def deliver() -> None:
    """提醒并送达一次 / Raise what is to be told now and deliver it: what sensors do, once, for cron."""
    from publication.alerting.configuration import load_notifiers  # noqa: PLC0415
    from publication.alerting.delivery import deliver as deliver_once  # noqa: PLC0415
    from publication.alerting.outbox import Outbox  # noqa: PLC0415

    settings = Settings.load()
    home = Home(settings.home)
    home.hold_to_inbox(settings)
    with _ends_clearly():
        notifiers = load_notifiers(settings.notifiers)
        home.prepare_outbox()
        with share_lock(home.delivery_lock), Outbox.open(home.root) as outbox:
            typer.echo(_raise_all(outbox, settings))
            report = deliver_once(outbox, notifiers, now=_now, log=typer.echo)
    typer.echo(f"送达消息 {report.delivered} 条 / Messages delivered: {report.delivered}")
    if report.undelivered:
        listed = "\n".join(
            f"  {one.recipient}: {one.reason}；{_told(one.next_attempt_at)} 再试 / next attempt"
            for one in report.undelivered
        )
        raise UndeliveredError(
            f"{len(report.undelivered)} 个收件方尚未收到，下次执行时再试 / "
            f"Recipients not reached yet, tried again by the next run:\n{listed}"
        )


@contextmanager
def _ends_clearly() -> Iterator[None]:
    """Let what a person can mend about alerts end the command with its message and exit code."""
    from publication.alerting.errors import NotifierConfigurationError, OutboxUnusableError  # noqa: PLC0415
    from publication.errors import ReleaseError  # noqa: PLC0415

    try:
        yield
    except NotifierConfigurationError as error:
        raise SettingsError(str(error)) from error
    except (OutboxUnusableError, ReleaseError) as error:
        raise CoopzonesError(str(error)) from error


def _configured(settings: Settings) -> frozenset[str] | None:
    """Give the names of the recipients configured; None where they can't be known.

    Whoever lists alerts need not have the deliverer's variables: a file that can't be followed is no error.
    """
    from publication.alerting.addressing import recipients  # noqa: PLC0415
    from publication.alerting.configuration import load_notifiers  # noqa: PLC0415
    from publication.alerting.errors import NotifierConfigurationError  # noqa: PLC0415

    if settings.notifiers is None:
        return None
    try:
        return frozenset(one.name for one in recipients(load_notifiers(settings.notifiers).entries))
    except NotifierConfigurationError as error:
        typer.echo(error, err=True)
        return None


def _raise_all(outbox: "Outbox", settings: Settings) -> str:
    """Raise what the current release has to tell of all kinds; give a line that says how much."""
    from publication.alerting.raising import current_schedule, raise_new, watched_kinds  # noqa: PLC0415

    schedule = current_schedule(settings.home)
    if schedule is None:
        return "尚无发布，没有新的提醒 / No release yet, nothing new to tell."
    moment = settings.moment()
    if schedule.looks_ahead_of(moment):
        return (
            f"发布 {schedule.release} 的截至日 {schedule.as_of:%Y-%m-%d} 在今日之后，不据以提醒 / "
            f"Release {schedule.release} looks ahead, to {schedule.as_of:%Y-%m-%d}: nothing is told from it."
        )
    kinds = [kind for watched in watched_kinds().values() for kind in watched]
    new = raise_new(outbox, schedule, kinds=kinds, moment=moment, raised_at=_now(), raised_by=RAISED_BY)
    return (
        f"发布 {schedule.release}：新的提醒 {len(new)} 条 / Release {schedule.release}: new alerts {len(new)}"
    )


def _is_waiting(raised: "RaisedAlert", messages: "list[MessageState]") -> bool:
    return not raised.is_addressed or any(message.delivered_at is None for message in messages)


def _described(
    raised: "RaisedAlert",
    messages: "list[MessageState]",
    held: dict[str, datetime],
    configured: frozenset[str] | None,
) -> Iterator[str]:
    """Give the lines that tell of one alert: when and what, in both languages, and to whom."""
    from publication.alerting.waiting import explained  # noqa: PLC0415

    alert = raised.alert
    yield f"{_told(raised.raised_at)}  {alert.alert_key}  ({alert.authority_code or '-'})"
    yield f"    {alert.message_zh}"
    yield f"    {alert.message_en}"
    if not raised.is_addressed:
        yield f"  … 尚未发送，等待自 / waiting for a delivery since {_told(raised.raised_at)}"
    for message in messages:
        if message.delivered_at is not None:
            yield f"  ✓ {message.recipient}  送达 / delivered {_told(message.delivered_at)}"
        elif message.next_attempt_at is not None:
            why, again = explained(
                message.recipient, message.reason, message.next_attempt_at, held=held, configured=configured
            )
            yield (
                f"  ✗ {message.recipient}  等待自 / waiting since {_told(message.composed_at)}，"
                f"{_told(again)} 再试 / next attempt：{why}"
            )
    for address in sorted(raised.unaddressed):
        yield f"  – {address}  未配置通知 / no notifier configured"


def _told(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S}"


def _now() -> datetime:
    return datetime.now(SHANGHAI)
