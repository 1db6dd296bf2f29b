"""``coopzones deliver`` and ``coopzones alerts``: for offices that run cron, and to see what was told."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from orchestration.command_line import app
from orchestration.errors import CoopzonesError, HomeNotWritableError, SettingsError
from orchestration.settings import SHANGHAI
from publication.alerting.outbox import Outbox
from publication.alerting.raising import SCHEDULE

Stage = Callable[..., dict[str, Any]]


@pytest.fixture
def coopzones(office: Any, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Give a caller of the command line over the office's home and notifiers."""

    def call(*arguments: str) -> Result:
        monkeypatch.setenv("COOPZONES_HOME", str(office.home))
        monkeypatch.setenv("COOPZONES_INBOX", office.settings.inbox)
        monkeypatch.setenv("COOPZONES_AS_OF", office.settings.as_of.isoformat())
        if office.settings.notifiers:
            monkeypatch.setenv("COOPZONES_NOTIFIERS", str(office.settings.notifiers))
        return CliRunner().invoke(app, arguments)

    return call


def test_deliver_tells_what_all_sensors_would_and_once(
    office: Any, receiver: Any, stage: Stage, coopzones: Callable[..., Result]
) -> None:
    office.notify(receiver)
    office.release(1, stage("a"), stage("b", kind="change_filing"), stage("c", kind="revocation_ground"))
    first = coopzones("deliver")
    assert first.exit_code == 0
    assert "new alerts 3" in first.output
    assert office.delivered() == ["a", "b", "c"]
    assert "new alerts 0" in coopzones("deliver").output
    assert len(receiver.keys) == 1


def test_deliver_says_who_was_not_reached_and_the_next_run_tries_again(
    office: Any, receiver: Any, stage: Stage, coopzones: Callable[..., Result]
) -> None:
    office.notify(receiver, retry_seconds=0.01)
    office.release(1, stage("a"))
    receiver.status = 500
    failed = coopzones("deliver")
    assert isinstance(failed.exception, CoopzonesError)
    assert failed.exception.exit_code == 1
    assert "hook" in str(failed.exception)
    receiver.status = 200
    office.wait_until_due()
    assert coopzones("deliver").exit_code == 0
    assert office.delivered() == ["a"]


def test_what_deliver_told_no_sensor_tells_again(
    office: Any, receiver: Any, stage: Stage, coopzones: Callable[..., Result]
) -> None:
    office.notify(receiver)
    office.release(1, stage("a"))
    coopzones("deliver")
    assert "nothing new to tell" in office.skipped()


def test_deliver_without_a_release_and_from_one_that_looks_ahead_tells_nothing(
    office: Any, stage: Stage, coopzones: Callable[..., Result]
) -> None:
    assert "No release yet" in coopzones("deliver").output
    office.release(1, stage("a"), as_of="2030-01-15T00:00:00+08:00")
    assert "looks ahead, to 2030-01-15" in coopzones("deliver").output
    assert office.raised() == frozenset()


def test_deliver_names_what_a_release_lacks(
    office: Any, stage: Stage, coopzones: Callable[..., Result]
) -> None:
    (office.release(1, stage("a")) / SCHEDULE).unlink()
    assert "Run a night" in str(coopzones("deliver").exception)


def test_deliver_never_takes_the_samples_moment_for_another_inbox(
    office: Any, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.release(1, stage("a"))
    (office.home / "inbox.txt").write_text("/srv/inbox", encoding="utf-8")
    monkeypatch.setenv("COOPZONES_HOME", str(office.home))
    assert isinstance(CliRunner().invoke(app, ["deliver"]).exception, SettingsError)


def test_alerts_lists_to_whom_each_went_and_who_waits_since_when_and_why(
    office: Any, receiver: Any, stage: Stage, coopzones: Callable[..., Result]
) -> None:
    assert "No alerts" in coopzones("alerts").output
    office.notify(receiver)
    office.release(1, stage("old", audiences="authority,ministry"))
    coopzones("deliver")
    receiver.status = 503
    office.release(2, stage("new"))
    coopzones("deliver")

    lines = coopzones("alerts").output.splitlines()
    new, old = (next(n for n, line in enumerate(lines) if f"  {key}  (" in line) for key in ("new", "old"))
    assert new < old, "the newest first"
    assert "未报送" in lines[old + 1]
    assert "missing" in lines[old + 2]
    told_old, told_new = "\n".join(lines[old:]), "\n".join(lines[new:old])
    assert "✓ hook  送达 / delivered" in told_old
    assert "– ministry  未配置通知 / no notifier configured" in told_old
    assert "✗ hook  等待自 / waiting since" in told_new
    assert "503" in told_new

    waiting = coopzones("alerts", "--waiting").output
    assert "new" in waiting
    assert "old" not in waiting
    assert "1 more: --limit" in coopzones("alerts", "--limit", "1").output


def test_alerts_shows_what_no_delivery_has_looked_at(
    office: Any, stage: Stage, coopzones: Callable[..., Result]
) -> None:
    office.release(1, stage("a", due_on=date(2027, 3, 31)))
    office.asked()
    assert "waiting for a delivery since" in coopzones("alerts").output


@pytest.mark.parametrize("command", ["alerts", "deliver"])
def test_a_home_that_is_a_file_ends_clearly(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "file"
    home.write_text("x", encoding="utf-8")
    monkeypatch.setenv("COOPZONES_HOME", str(home))
    ended = CliRunner().invoke(app, [command]).exception
    assert isinstance(ended, HomeNotWritableError)
    assert ended.exit_code == 2
    assert "不能写入" in str(ended)


@pytest.mark.parametrize("command", ["alerts", "deliver"])
@pytest.mark.parametrize("kept", [0, 4096])
def test_a_damaged_outbox_ends_clearly(
    office: Any, stage: Stage, coopzones: Callable[..., Result], command: str, kept: int
) -> None:
    office.release(1, stage("a"))
    Outbox.open(office.home).close()
    path = office.home / "outbox" / "outbox.sqlite"
    whole = path.read_bytes()
    path.write_bytes(whole[:kept] + b"\xff" * (len(whole) - kept))
    ended = coopzones(command).exception
    assert isinstance(ended, CoopzonesError)
    assert ended.exit_code == 1
    assert "无法使用" in str(ended)


def test_an_invalid_file_of_notifiers_is_a_wrong_setting_to_deliver_and_no_hindrance_to_the_list(
    office: Any, receiver: Any, coopzones: Callable[..., Result]
) -> None:
    office.notify(receiver)
    office.settings.notifiers.write_text("[[notifier", encoding="utf-8")
    ended = coopzones("deliver").exception
    assert isinstance(ended, SettingsError)
    assert ended.exit_code == 2
    assert "通知配置文件" in str(ended)
    assert coopzones("alerts").exit_code == 0


def test_alerts_and_deliver_say_who_is_no_longer_configured(
    office: Any, receiver: Any, stage: Stage, coopzones: Callable[..., Result]
) -> None:
    office.notify(receiver)
    office.release(1, stage("a"))
    receiver.status = 500
    coopzones("deliver")
    office.settings.notifiers.write_text("", encoding="utf-8")
    assert "hook: 已不在通知配置中 / no longer configured" in str(coopzones("deliver").exception)
    assert "已不在通知配置中 / no longer configured" in coopzones("alerts", "--waiting").output


def test_alerts_and_deliver_say_until_when_another_delivery_holds_a_recipient(
    office: Any, receiver: Any, stage: Stage, coopzones: Callable[..., Result]
) -> None:
    office.notify(receiver)
    office.release(1, stage("a"))
    now = datetime.now(SHANGHAI)
    until = now + timedelta(minutes=5)
    with Outbox.open(office.home) as outbox:
        outbox.claim("hook", "a delivery that was killed", at=now, until=until)
    told = f"another delivery holds them until {until:%H:%M:%S}"
    failed = str(coopzones("deliver").exception)
    assert told in failed
    assert f"{until:%Y-%m-%d %H:%M:%S} 再试" in failed
    assert told in coopzones("alerts", "--waiting").output
