"""Delivery: to whom, once, again until it arrives, and nobody held up by anybody else."""

import logging
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from publication.alerting import delivery, waiting
from publication.alerting.configuration import Notifiers, load_notifiers
from publication.alerting.delivery import DeliveryReport, deliver
from publication.alerting.errors import NotifierCrashedError
from publication.alerting.outbox import Alert, Outbox

SECRET = "the-shared-secret-7"
PACE = """
[delivery]
first_retry_seconds = 60
retry_factor = 2
longest_retry_seconds = 3600
jitter_share = 0
attempt_seconds = 30
network_seconds = 30
claim_seconds = 300
"""
QUICK = PACE.replace("_seconds = 30\n", "_seconds = 0.7\n")
"""Times that let a test wait for a slow receiver."""


def hook(name: str, address: str, audience: str = "authority:*", more: str = "") -> str:
    return (
        f'[[notifier]]\nname = "{name}"\nchannel = "webhook"\naudience = "{audience}"\n'
        f'url = "{address}/{name}"\n'
        f'signing_secret_from = "SIGNING_SECRET"\n{more}\n'
    )


@dataclass
class Office:
    """An outbox, the test's clock, a log, and the file of notifiers."""

    outbox: Outbox
    clock: Any
    alert: Callable[..., Alert]
    notifiers: Callable[..., Notifiers]
    lines: list[str] = field(default_factory=list)

    def raised(self, *arguments: Any, **values: Any) -> Alert:
        """Raise one alert, made of the arguments."""
        made = self.alert(*arguments, **values)
        self.outbox.raise_alerts([made], raised_at=self.clock(), raised_by="missing_reports")
        return made

    def configured(self, *entries: str, pace: str = PACE, **environment: str) -> Notifiers:
        """Read the text of ``entries`` as a file of notifiers, at the pace of these tests."""
        return self.notifiers("".join(entries) + pace, SIGNING_SECRET=SECRET, **environment)

    def delivered(self, notifiers: Notifiers) -> DeliveryReport:
        """Deliver what is in the outbox."""
        return deliver(self.outbox, notifiers, now=self.clock, log=self.lines.append)


@pytest.fixture
def office(
    outbox: Outbox, clock: Any, alert: Callable[..., Alert], notifiers: Callable[..., Notifiers]
) -> Office:
    return Office(outbox, clock, alert, notifiers)


def told(receiver: Any) -> list[str]:
    """Give the keys of the alerts that arrived, in their order, however often."""
    return [one["alert_key"] for request in receiver.requests for one in request.json["alerts"]]


def test_what_was_raised_arrives_once_in_one_message(office: Office, receiver: Any) -> None:
    alerts = [office.raised("HZ21020001"), office.raised("HZ21120006")]
    hooks = office.configured(hook("a", receiver.url))
    assert office.delivered(hooks) == DeliveryReport(delivered=1, undelivered=(), unaddressed=())
    assert office.delivered(hooks) == DeliveryReport(delivered=0, undelivered=(), unaddressed=())
    assert told(receiver) == [one.alert_key for one in alerts]
    assert office.outbox.next_attempt_at() is None
    assert all(one.recipients == {"a"} for one in office.outbox.alerts())


@pytest.mark.parametrize(
    ("audience", "hears"),
    [
        ("ministry", ["ministry"]),
        ("authority:210000", ["authority of Liaoning"]),
        ("authority:440000", []),
        ("authority:*", ["authority of Liaoning"]),
        ("zone:HZ21020001", ["zone"]),
        ("zone:HZ2102", []),
        ("zone:*", ["zone"]),
    ],
)
def test_an_audience_hears_what_is_for_it(
    office: Office, receiver: Any, audience: str, hears: list[str]
) -> None:
    office.raised(alert_key="zone", audiences=("zone",))
    office.raised(alert_key="authority of Liaoning", audiences=("authority",))
    office.raised(alert_key="ministry", audiences=("ministry",), authority_code="000000")
    office.delivered(office.configured(hook("a", receiver.url, audience)))
    assert told(receiver) == hears


def test_an_audience_may_be_an_address_other_than_who_has_to_act(office: Office, receiver: Any) -> None:
    office.raised(audiences=("authority:210000", "ministry"), authority_code="000000")
    office.delivered(office.configured(hook("a", receiver.url, "authority:210000")))
    assert len(told(receiver)) == 1


def test_a_recipient_for_several_audiences_hears_an_alert_once(office: Office, receiver: Any) -> None:
    office.raised(audiences=("zone", "authority", "ministry"))
    entry = hook("a", receiver.url).replace('"authority:*"', '["zone:*", "authority:210000", "ministry"]')
    office.delivered(office.configured(entry))
    assert len(told(receiver)) == 1


def test_nobody_configured_leaves_alerts_in_the_outbox_and_in_the_log(office: Office) -> None:
    alert = office.raised(audiences=("zone", "authority"))
    report = office.delivered(load_notifiers(None))
    assert report.unaddressed == (
        (alert.alert_key, "zone:HZ21020001"),
        (alert.alert_key, "authority:210000"),
    )
    assert [alert.message_zh in line and alert.message_en in line for line in office.lines] == [True, True]
    assert office.outbox.alerts()[0].unaddressed == {"zone:HZ21020001", "authority:210000"}
    assert office.outbox.next_attempt_at() is None
    assert office.delivered(load_notifiers(None)).unaddressed == ()
    assert len(office.lines) == 2


def test_a_notifier_that_is_switched_on_later_hears_what_is_raised_from_then_on(
    office: Office, receiver: Any
) -> None:
    office.raised("HZ21020001")
    office.delivered(load_notifiers(None))
    new = office.raised("HZ21120006")
    office.delivered(office.configured(hook("a", receiver.url)))
    assert told(receiver) == [new.alert_key]


def test_it_also_hears_what_was_raised_since_the_day_it_asks_for_once(office: Office, receiver: Any) -> None:
    office.raised("A")
    office.clock.move(days=1)
    wanted = office.raised("B")
    first = office.configured(hook("early", receiver.url, "ministry"))
    office.delivered(first)
    hooks = office.configured(hook("a", receiver.url, more=f"also_raised_since = {office.clock():%Y-%m-%d}"))
    assert office.delivered(hooks).unaddressed == ()
    office.delivered(hooks)
    assert told(receiver) == [wanted.alert_key]
    assert {one.alert.zone_id: one.unaddressed for one in office.outbox.alerts()} == {
        "A": {"authority:210000"},
        "B": set(),
    }


@pytest.mark.parametrize("status", [500, 503, 429, 408])
def test_a_failure_that_passes_is_tried_again_with_growing_waits_under_the_same_key(
    office: Office, receiver: Any, status: int
) -> None:
    office.raised()
    hooks = office.configured(hook("a", receiver.url))
    receiver.otherwise.status = status
    for wait in (60, 120, 240):
        report = office.delivered(hooks)
        assert report.delivered == 0
        ((recipient, reason, next_attempt_at),) = report.undelivered
        assert recipient == "a"
        assert f"HTTP {status}" in reason
        assert next_attempt_at == office.outbox.next_attempt_at() == office.clock() + timedelta(seconds=wait)
        office.clock.move(seconds=wait - 0.001)
        assert office.delivered(hooks).undelivered == report.undelivered
        office.clock.move(seconds=0.001)
    receiver.otherwise.status = 200
    assert office.delivered(hooks) == DeliveryReport(1, (), ())
    assert len({(request.key, request.body) for request in receiver.requests}) == 1
    assert len(receiver.requests) == 4


def test_a_refusal_waits_longest_and_is_shown(office: Office, receiver: Any) -> None:
    office.raised()
    receiver.otherwise.status = 403
    ((_, reason, next_attempt_at),) = office.delivered(office.configured(hook("a", receiver.url))).undelivered
    assert "HTTP 403" in reason
    assert next_attempt_at == office.clock() + timedelta(seconds=3600)


def test_what_the_receiver_asks_for_is_waited(office: Office, receiver: Any) -> None:
    office.raised("HZ21020001")
    hooks = office.configured(hook("a", receiver.url))
    receiver.otherwise.status, receiver.otherwise.headers = 429, {"Retry-After": "900"}
    office.delivered(hooks)
    office.raised("HZ21120006")
    ((_, _, next_attempt_at),) = office.delivered(hooks).undelivered
    assert next_attempt_at == office.clock() + timedelta(seconds=900)


def test_waits_outlast_the_process(office: Office, receiver: Any, tmp_path: Path) -> None:
    office.raised()
    hooks = office.configured(hook("a", receiver.url))
    receiver.answers = [receiver.otherwise.__class__(status=500)]
    office.delivered(hooks)
    office.outbox.close()
    with Outbox.open(tmp_path) as again:
        assert deliver(again, hooks, now=office.clock, log=print).delivered == 0
        office.clock.move(seconds=60)
        assert deliver(again, hooks, now=office.clock, log=print).delivered == 1


def test_a_connection_dropped_after_acceptance_ends_in_one_message_by_its_key(
    office: Office, receiver: Any
) -> None:
    office.raised()
    hooks = office.configured(hook("a", receiver.url))
    receiver.answers = [receiver.otherwise.__class__(drops=True)]
    assert office.delivered(hooks).delivered == 0
    office.clock.move(seconds=60)
    assert office.delivered(hooks).delivered == 1
    first, second = receiver.requests
    assert first.key == second.key
    assert first.body == second.body
    assert first.headers["Coopzones-Timestamp"] != second.headers["Coopzones-Timestamp"]


def test_a_process_that_died_while_sending_is_followed_under_the_same_key(
    office: Office, receiver: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.raised()
    hooks = office.configured(hook("a", receiver.url))
    with monkeypatch.context() as patched:
        patched.setattr(Outbox, "record_delivered", _die)
        patched.setattr(Outbox, "release", lambda *_: None)
        with pytest.raises(_Died):
            office.delivered(hooks)
    assert office.delivered(hooks).delivered == 0
    office.clock.move(seconds=301)
    assert office.delivered(hooks).delivered == 1
    assert len({request.key for request in receiver.requests}) == 1


class _Died(BaseException):
    """Stands for the end of the process."""


def _die(*_: Any, **__: Any) -> None:
    raise _Died


def test_a_slow_recipient_holds_up_nobody_and_takes_bounded_time(
    office: Office, receiver: Any, drop_by_drop: int
) -> None:
    for number in range(3):
        office.raised(f"HZ2102000{number}")
    slow = [hook(f"slow-{number}", f"http://127.0.0.1:{drop_by_drop}") for number in range(2)]
    started = time.monotonic()
    report = office.delivered(office.configured(*slow, hook("quick", receiver.url), pace=QUICK))
    assert time.monotonic() - started < 1.5
    assert report.delivered == 1
    assert [one.recipient for one in report.undelivered] == ["slow-0", "slow-1"]
    assert len(told(receiver)) == 3


def test_a_poisoned_message_holds_up_the_recipients_next_one_only_shortly(
    office: Office, receiver: Any
) -> None:
    poisoned = office.raised("POISON")
    hooks = office.configured(hook("a", receiver.url))
    whole = receiver.answer

    def refuse_poison(request: Any) -> Any:
        answer = whole(request)
        return answer.__class__(status=500) if b"POISON" in request.body else answer

    receiver.answer = refuse_poison
    for _ in range(3):
        office.delivered(hooks)
        office.clock.move(hours=1)
    office.raised("HZ21020001")
    reports = []
    for _ in range(2):
        reports.append(office.delivered(hooks))
        office.clock.move(seconds=60)
    assert sum(report.delivered for report in reports) == 1
    assert told(receiver).count(poisoned.alert_key) == 4


def test_a_recipient_taken_out_of_the_configuration_is_shown_and_waits(office: Office, receiver: Any) -> None:
    office.raised()
    receiver.answers = [receiver.otherwise.__class__(status=500)]
    hooks = office.configured(hook("a", receiver.url))
    office.delivered(hooks)
    office.clock.move(hours=1)
    ((recipient, reason, next_attempt_at),) = office.delivered(load_notifiers(None)).undelivered
    assert (recipient, reason) == ("a", waiting.NOT_CONFIGURED)
    assert office.outbox.next_attempt_at() == next_attempt_at > office.clock()
    office.clock.moment = next_attempt_at
    assert office.delivered(hooks).delivered == 1


def test_a_recipient_taken_out_before_the_next_attempt_is_shown_at_once(
    office: Office, receiver: Any
) -> None:
    office.raised()
    receiver.otherwise.status = 500
    (failed,) = office.delivered(office.configured(hook("a", receiver.url))).undelivered
    (shown,) = office.delivered(load_notifiers(None)).undelivered
    assert shown == failed._replace(reason=waiting.NOT_CONFIGURED)


def test_a_robot_gets_no_more_a_minute_than_it_takes(office: Office, receiver: Any) -> None:
    for number in range(25):
        office.raised(f"Z{number:02}", message_zh="长" * 400, message_en="long" * 100)
    receiver.otherwise.body = b'{"errcode": 0, "errmsg": "ok"}'
    robots = office.configured(
        '[[notifier]]\nname = "r"\nchannel = "wecom"\naudience = "authority:*"\n'
        'address_from = "ROBOT_ADDRESS"\n',
        ROBOT_ADDRESS=f"{receiver.url}/send?key=K",
    )
    report = office.delivered(robots)
    assert report.delivered == 20
    assert report.undelivered == (("r", delivery.ENOUGH_FOR_NOW, office.clock() + timedelta(minutes=1)),)
    office.clock.move(minutes=1)
    report = office.delivered(robots)
    assert 0 < report.delivered <= 20
    assert report.undelivered == ()
    numbers = [request.json["text"]["content"].splitlines()[0] for request in receiver.requests]
    parts = len(numbers)
    assert numbers == [line for number, line in enumerate(numbers, 1) if f"第 {number}/{parts} 条" in line]


def test_mail_goes_to_each_addressee_by_itself(office: Office, mail_server: Any) -> None:
    office.raised()
    mailbox, port = mail_server()
    mailbox.to_addressees["one@example.cn"] = "451 greylisted"
    mail = office.configured(
        f'[[notifier]]\nname = "mail"\nchannel = "email"\naudience = "authority:*"\nhost = "127.0.0.1"\n'
        f'port = {port}\nsender = "coopzones@example.cn"\nto = ["one@example.cn", "two@example.cn"]\n'
    )
    report = office.delivered(mail)
    assert report.delivered == 1
    assert [one.recipient for one in report.undelivered] == ["mail/one@example.cn"]
    mailbox.to_addressees.clear()
    office.clock.move(seconds=60)
    assert office.delivered(mail).delivered == 1
    assert sorted(tuple(mail.rcpt_tos) for mail in mailbox.mails) == [
        ("one@example.cn",),
        ("two@example.cn",),
    ]


def test_deliveries_at_once_never_send_the_same_message_at_once(
    office: Office, receiver: Any, tmp_path: Path, in_processes: Any
) -> None:
    for number in range(10):
        office.raised(f"Z{number}")
    receiver.otherwise.after_seconds = 0.2
    office.configured(hook("a", receiver.url), hook("b", receiver.url))
    moment = office.clock().isoformat()
    counts = in_processes(2, "deliver", tmp_path, tmp_path / "notifiers.toml", moment, SIGNING_SECRET=SECRET)
    assert sum(counts) == 2
    assert Counter(request.path for request in receiver.requests) == {"/a": 1, "/b": 1}


def test_a_claim_that_outlasts_its_holder_ends(office: Office, receiver: Any) -> None:
    office.raised()
    hooks = office.configured(hook("a", receiver.url))
    office.outbox.claim("a", "another", at=office.clock(), until=office.clock() + timedelta(minutes=5))
    ((_, reason, next_attempt_at),) = office.delivered(hooks).undelivered
    assert reason == "另一次送达正占用此收件方，至 08:05:00 / another delivery holds them until 08:05:00"
    assert next_attempt_at == office.clock() + timedelta(minutes=5)
    office.clock.move(minutes=5)
    assert office.delivered(hooks).delivered == 1


@pytest.mark.parametrize("status", [200, 400, 500])
def test_no_secret_stands_in_log_outbox_or_report(
    office: Office, receiver: Any, caplog: pytest.LogCaptureFixture, tmp_path: Path, status: int
) -> None:
    caplog.set_level(logging.DEBUG)
    office.raised()
    echo = f'{{"errcode": 1, "errmsg": "bad hidden-k3y-77, {SECRET}"}}'.encode()
    receiver.otherwise.status, receiver.otherwise.body = status, echo
    secret_url = f"http://user:pa55-w0rd@127.0.0.1:{receiver.port}/in?key=hidden-k3y-77"
    notifiers = office.configured(
        hook("a", receiver.url).replace(f'url = "{receiver.url}/a"', 'url_from = "HOOK_ADDRESS"'),
        '[[notifier]]\nname = "r"\nchannel = "dingtalk"\naudience = "authority:*"\n'
        'address_from = "HOOK_ADDRESS"\nsigning_secret_from = "SIGNING_SECRET"\n',
        HOOK_ADDRESS=secret_url,
    )
    report = office.delivered(notifiers)
    assert any(one.recipient == "r" for one in report.undelivered)
    kept = "".join(path.read_bytes().decode(errors="replace") for path in (tmp_path / "outbox").iterdir())
    for secret in ("hidden-k3y-77", "pa55-w0rd", SECRET):
        for place in (
            repr(report),
            "\n".join(office.lines),
            kept,
            caplog.text,
            repr(office.outbox.messages()),
        ):
            assert secret not in place


def test_a_fault_of_the_program_crashes_the_run_after_the_others_were_served_without_a_secret(
    office: Office, receiver: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.raised()
    sends = delivery.send

    def faulty(message: Any, recipient: Any, **options: Any) -> Any:
        if recipient.name == "faulty":
            raise KeyError(f"no such thing at http://x/?key={SECRET}")
        return sends(message, recipient, **options)

    monkeypatch.setattr(delivery, "send", faulty)
    with pytest.raises(NotifierCrashedError, match="KeyError") as crashed:
        office.delivered(office.configured(hook("faulty", receiver.url), hook("well", receiver.url)))
    assert SECRET not in str(crashed.value)
    assert crashed.value.__cause__ is None
    assert crashed.value.__context__ is None
    assert [request.path for request in receiver.requests] == ["/well"]
    ((recipient, reason, _),) = office.outbox.undelivered()
    assert recipient == "faulty"
    assert SECRET not in reason


def test_a_delivery_serves_several_recipients_at_the_same_time(office: Office, receiver: Any) -> None:
    office.raised()
    receiver.otherwise.after_seconds = 0.2
    office.delivered(office.configured(*(hook(f"r{number}", receiver.url) for number in range(4))))
    assert receiver.most_at_once > 1


def test_many_alerts_are_composed_and_delivered_quickly(office: Office, receiver: Any) -> None:
    alerts = [office.alert(f"Z{number}") for number in range(3000)]
    office.outbox.raise_alerts(alerts, raised_at=datetime.now(UTC), raised_by="x")
    started = time.monotonic()
    office.delivered(office.configured(hook("a", receiver.url)))
    assert time.monotonic() - started < 10
    assert len(set(told(receiver))) == 3000
