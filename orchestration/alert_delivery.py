"""The delivering job: one step that sends what the outbox holds and fails while somebody has yet to get it.

It holds a lock meanwhile, by which the sensors see that it is alive. Does not belong here: what is raised
(``alert_sensors``), how it is sent (publication).
"""

from datetime import datetime

import dagster as dg

from orchestration.home import Home
from orchestration.run_lock import share_lock
from orchestration.settings import SHANGHAI, Settings
from publication.alerting.outbox import Undelivered


def now_in_shanghai() -> datetime:
    """Give the clock's moment: deliveries are tried by the clock, whatever moment is evaluated."""
    return datetime.now(SHANGHAI)


def in_words(undelivered: tuple[Undelivered, ...]) -> str:
    """Give a line a recipient who has yet to get something: why, and when it is tried again."""
    return "\n".join(
        f"{one.recipient}: {one.reason} ({one.next_attempt_at:%Y-%m-%d %H:%M:%S} 再试 / next attempt)"
        for one in undelivered
    )


@dg.op(
    out=dg.Out(dg.Nothing),
    description=(
        "送达：发送发件箱中到时的提醒；仍有未送达者即为失败 / Sends what is due in the outbox; fails while a "
        "recipient has yet to get something."
    ),
)
def send_raised_alerts(context: dg.OpExecutionContext, settings: dg.ResourceParam[Settings]) -> None:
    """Deliver; raise ``dagster.Failure`` naming the recipients who have yet to get something."""
    from publication.alerting.configuration import load_notifiers  # noqa: PLC0415
    from publication.alerting.delivery import deliver  # noqa: PLC0415
    from publication.alerting.outbox import Outbox  # noqa: PLC0415

    home = Home(settings.home)
    with share_lock(home.delivery_lock), Outbox.open(home.root) as outbox:
        report = deliver(
            outbox, load_notifiers(settings.notifiers), now=now_in_shanghai, log=context.log.info
        )
    counts = {"delivered": report.delivered, "unaddressed": len(report.unaddressed)}
    if report.undelivered:
        raise dg.Failure(
            f"{len(report.undelivered)} 个收件方尚未收到 / recipients not reached yet:\n"
            f"{in_words(report.undelivered)}",
            metadata={**counts, "undelivered": len(report.undelivered)},
            allow_retries=False,
        )
    context.log.info("送达 %d 条消息 / messages delivered.", report.delivered)
    context.add_output_metadata(counts)


@dg.job(
    executor_def=dg.in_process_executor,
    tags={"dagster/max_retries": "0"},
    description="送达提醒：由提醒传感器请求 / Delivers alerts; asked for by the alert sensors.",
)
def deliver_alerts() -> None:
    """Deliver what is raised."""
    send_raised_alerts()
