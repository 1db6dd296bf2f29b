"""Schedules: when the night runs by itself."""

import dagster as dg

from orchestration.jobs import nightly

at_two = dg.ScheduleDefinition(
    name="nightly_at_two",
    job=nightly,
    cron_schedule="0 2 * * *",
    execution_timezone="Asia/Shanghai",
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="每日 02:00（北京时间） / Every day at 02:00 in Shanghai.",
)
