"""Group robots of enterprise chats (WeCom, DingTalk, Feishu): a text message to a group.

All three answer HTTP 200 also when they refuse and say so in a code; which codes pass by themselves is the
seed ``alert_reply_codes``. They know no idempotency key: after a connection lost at the wrong moment the
group reads a message twice, under the same number.
"""

import base64
import hashlib
import hmac
import json
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import httpx

from ingestion.seeds import load_seed
from ingestion.web import LONGEST_TOLD, words_of
from publication.alerting.entries import DingTalkEntry, FeishuEntry, RobotEntry, SignedRobotEntry
from publication.alerting.notifiers.http import Reply, judge_status, post
from publication.alerting.notifiers.outcome import ACCEPTED, Outcome, failed, refused
from publication.alerting.outbox import Message
from publication.alerting.pace import Pace
from publication.moments import in_shanghai


def send(message: Message, entry: RobotEntry, *, at: datetime, pace: Pace) -> Outcome:
    """Post ``message`` as text; the robot has accepted it when the code in its answer is 0."""
    address = entry.address_from.get_secret_value()
    moment = in_shanghai(at)
    payload: dict[str, Any] = {"msgtype": "text", "text": {"content": message.body}}
    secret = _signing_secret(entry)
    match entry:
        case DingTalkEntry():
            payload["at"] = {"isAtAll": False}
            if secret:
                address = _signed_for_dingtalk(address, secret, moment)
        case FeishuEntry():
            payload = {"msg_type": "text", "content": {"text": message.body}}
            if secret:
                payload |= _signature_for_feishu(secret, moment)
    reply = post(address, json.dumps(payload, ensure_ascii=False).encode(), {}, pace=pace)
    return reply if isinstance(reply, Outcome) else judge_reply(reply, entry.channel)


def judge_reply(reply: Reply, channel: str) -> Outcome:
    """Give what ``reply`` says: its status, and if that is well the code in its body."""
    by_status = judge_status(reply)
    if not by_status.is_accepted:
        return by_status
    code, words = _code(reply.body)
    if code is None:
        return failed("应答无法理解", f"the answer is not understood: {words_of(reply.body)}")
    if code == 0:
        return ACCEPTED
    passing = _passing_codes().get((channel, str(code)))
    if passing is None:
        return refused(f"机器人拒收（返回码 {code}）", f"refused by the robot (code {code}): {words}")
    wait = timedelta(seconds=float(passing["wait_seconds"]))
    return failed(
        f"{passing['meaning_zh']}（返回码 {code}）",
        f"{passing['meaning_en']} (code {code}): {words}",
        retry_after=max(wait, reply.retry_after or wait),
    )


def _code(body: bytes) -> tuple[int | None, str]:
    """Give the code of an answer, ``errcode`` or Feishu's ``code``, and its words; None: there is none."""
    try:
        answer = json.loads(body)
    except ValueError:
        return None, ""
    if not isinstance(answer, dict):
        return None, ""
    code = answer.get("errcode", answer.get("code"))
    words = " ".join(str(answer.get("errmsg", answer.get("msg", ""))).split())[:LONGEST_TOLD]
    return (code if isinstance(code, int) else None), words


def _signing_secret(entry: RobotEntry) -> str | None:
    if isinstance(entry, SignedRobotEntry) and entry.signing_secret_from is not None:
        return entry.signing_secret_from.get_secret_value()
    return None


def _signed_for_dingtalk(address: str, secret: str, at: datetime) -> str:
    """Give ``address`` with timestamp (milliseconds) and signature among its query parameters."""
    timestamp = str(int(at.timestamp() * 1000))
    signature = _hmac(secret.encode(), f"{timestamp}\n{secret}".encode())
    return str(httpx.URL(address).copy_merge_params({"timestamp": timestamp, "sign": signature}))


def _signature_for_feishu(secret: str, at: datetime) -> dict[str, str]:
    """Give the keys of the body that sign it: the timestamp (seconds) and secret are the HMAC's key."""
    timestamp = str(int(at.timestamp()))
    return {"timestamp": timestamp, "sign": _hmac(f"{timestamp}\n{secret}".encode(), b"")}


def _hmac(key: bytes, text: bytes) -> str:
    return base64.b64encode(hmac.new(key, text, hashlib.sha256).digest()).decode()


@cache
def _passing_codes() -> dict[tuple[str, str], dict[str, str]]:
    return {(row["channel"], row["code"]): row for row in load_seed("alert_reply_codes").rows(named=True)}
