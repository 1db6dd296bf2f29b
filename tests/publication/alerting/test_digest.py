"""The digest: grouped for reading, within what a channel takes, nothing lost and nothing told twice."""

import json
import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingestion.seeds import load_seed
from publication.alerting.digest import compose
from publication.alerting.outbox import Alert

AT = datetime(2026, 4, 1, 8, tzinfo=ZoneInfo("Asia/Shanghai"))
LONGEST = {
    row["channel"]: int(row["longest_message_bytes"]) for row in load_seed("alert_channels").to_dicts()
}
WORDS = st.text(st.characters(exclude_categories=("Cs",)), max_size=120)


@st.composite
def many_alerts(draw: Any) -> list[Alert]:
    number = draw(st.integers(0, 25))
    return [
        Alert(
            alert_key=f"missing_report|Z{index}|T+1",
            kind=draw(st.sampled_from(["missing_report", "report_due", "of another version"])),
            stage="T+1",
            zone_id=draw(st.sampled_from([None, "HZ21020001", "HZ21120006"])),
            authority_code=draw(st.sampled_from([None, "210000", "000000", "999999"])),
            audiences=("authority",),
            due_on=draw(st.sampled_from([None, date(2026, 3, 31)])),
            message_zh=f"第{index}件。" + draw(WORDS) * draw(st.sampled_from([1, 1, 1, 40])),
            message_en=f"No. {index}. " + draw(WORDS),
        )
        for index in range(number)
    ]


@settings(max_examples=60, deadline=None)
@given(alerts=many_alerts(), channel=st.sampled_from(sorted(LONGEST)))
def test_nothing_is_lost_nothing_is_twice_and_every_message_fits(alerts: list[Alert], channel: str) -> None:
    messages = compose("r", channel, alerts, AT)
    told = [key for message in messages for key in message.alert_keys]
    assert sorted(told) == sorted(alert.alert_key for alert in alerts)
    for message in messages:
        assert len(message.body.encode()) <= LONGEST[channel]
        for key in message.alert_keys:
            index = key.split("|")[1].removeprefix("Z")
            assert message.body.count(f"第{index}件。") == 1
            assert message.body.count(f"No. {index}. ") == 1
    assert len({message.idempotency_key for message in messages}) == len(messages)


@settings(max_examples=30, deadline=None)
@given(alerts=many_alerts(), channel=st.sampled_from(["wecom", "webhook"]))
def test_the_same_alerts_in_any_order_give_the_same_messages(alerts: list[Alert], channel: str) -> None:
    assert compose("r", channel, alerts, AT) == compose("r", channel, alerts[::-1], AT)


def test_alerts_stand_by_authority_kind_and_zone_chinese_above_english(alert: Callable[..., Alert]) -> None:
    alerts = [
        alert("HZ21120006"),
        alert("HZ44030009", authority_code="440000"),
        alert("HZ21020001"),
        alert("HZ21020001", kind="report_due", stage="T-7", message_zh="即将到期", message_en="due soon"),
    ]
    (message,) = compose("辽宁", "email", alerts, AT)
    assert message.subject == "合作区提醒 4 件 / zone alerts: 4"
    assert message.body.splitlines()[:-2] == [
        "中外中小企业合作区提醒，共 4 件",
        "【辽宁省】",
        "■ 年度发展报告即将到期",
        "HZ21020001",
        "· 即将到期",
        "■ 年度发展报告未报送",
        "HZ21020001",
        "· HZ21020001 2025 年度发展报告未报送",
        "HZ21120006",
        "· HZ21120006 2025 年度发展报告未报送",
        "【广东省】",
        "■ 年度发展报告未报送",
        "HZ44030009",
        "· HZ44030009 2025 年度发展报告未报送",
        "",
        "Sino-foreign SME cooperation zones, alerts: 4",
        "[Liaoning]",
        "■ annual report due soon",
        "HZ21020001",
        "· due soon",
        "■ annual report missing",
        "HZ21020001",
        "· HZ21020001 has not sent its annual report of 2025",
        "HZ21120006",
        "· HZ21120006 has not sent its annual report of 2025",
        "[Guangdong]",
        "■ annual report missing",
        "HZ44030009",
        "· HZ44030009 has not sent its annual report of 2025",
    ]
    assert message.body.splitlines()[-1] == f"消息编号 / message id: {message.idempotency_key}"


def test_what_is_too_long_is_numbered_and_each_message_starts_with_its_headings(
    alert: Callable[..., Alert],
) -> None:
    messages = compose("r", "wecom", [alert(f"HZ2102{number:04}") for number in range(30)], AT)
    assert len(messages) > 2
    for number, message in enumerate(messages, start=1):
        assert f"（第 {number}/{len(messages)} 条）" in message.body.splitlines()[0]
        assert f"(message {number} of {len(messages)})" in message.body
        assert message.body.splitlines()[1:3] == ["【辽宁省】", "■ 年度发展报告未报送"]
        assert f"{number}/{len(messages)}" in message.subject


def test_messages_are_as_full_as_the_channel_takes(alert: Callable[..., Alert]) -> None:
    messages = compose("r", "wecom", [alert(f"HZ2102{number:04}") for number in range(30)], AT)
    first, second = messages[0], messages[1]
    one_alert = len(second.body.encode()) // len(second.alert_keys)
    assert LONGEST["wecom"] - len(first.body.encode()) < 2 * one_alert


def test_an_alert_longer_than_a_message_says_that_it_was_shortened(alert: Callable[..., Alert]) -> None:
    (message,) = compose("r", "wecom", [alert(message_zh="长" * 5000)], AT)
    assert re.search("· 长{20,}……（文字过长，全文见提醒清单）", message.body)
    assert "has not sent its annual report" in message.body
    assert len(message.body.encode()) <= LONGEST["wecom"]


def test_the_text_calls_nobody_and_forges_no_line(alert: Callable[..., Alert]) -> None:
    typed = 'A<at user_id="all">所有人</at>\n■ 已报送\u202e'
    (message,) = compose("r", "feishu", [alert(message_zh=typed)], AT)
    assert "<at" not in message.body
    assert "■ 已报送" not in message.body.splitlines()
    assert "\u202e" not in message.body


def test_a_webhook_gets_json_that_says_who_what_and_how_much(alert: Callable[..., Alert]) -> None:
    (message,) = compose("hook", "webhook", [alert()], AT)
    assert json.loads(message.body) == {
        "idempotency_key": message.idempotency_key,
        "recipient": "hook",
        "subject": "合作区提醒 1 件 / zone alerts: 1",
        "part": 1,
        "parts": 1,
        "alerts": [
            {
                "alert_key": "missing_report|HZ21020001|2025|T+1",
                "kind": "missing_report",
                "stage": "T+1",
                "zone_id": "HZ21020001",
                "authority_code": "210000",
                "audiences": ["authority"],
                "due_on": "2026-03-31",
                "message_zh": "HZ21020001 2025 年度发展报告未报送",
                "message_en": "HZ21020001 has not sent its annual report of 2025",
            }
        ],
    }


@pytest.mark.parametrize("change", [{"message_zh": "别的话"}, {"zone_id": "HZ21120006"}])
def test_other_alerts_or_words_or_recipients_have_another_key(
    alert: Callable[..., Alert], change: dict[str, str]
) -> None:
    (message,) = compose("r", "email", [alert()], AT)
    (other_recipient,) = compose("s", "email", [alert()], AT)
    (other_alert,) = compose("r", "email", [alert(**change)], AT)
    assert len({message.idempotency_key, other_recipient.idempotency_key, other_alert.idempotency_key}) == 3
