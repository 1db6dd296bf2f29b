"""The command that renews the working-day calendar: what a maintainer types once a year.

Belongs here: arguments and what is printed. The work is done by ``ingestion.calendar_renewal``.
"""

from typing import Annotated

import typer

from orchestration.errors import CoopzonesError


class CalendarCommandError(CoopzonesError):
    """The calendar could not be renewed; exit code 2."""

    exit_code = 2


def calendar(
    years: Annotated[list[int], typer.Argument(min=1, max=9999, help="The years to renew, e.g. 2027.")],
) -> None:
    """更新工作日历 / Renew the working-day calendar of years that the State Council has published."""
    from ingestion.calendar_renewal import CALENDAR, CalendarError, renew_calendar  # noqa: PLC0415

    try:
        renewed = renew_calendar(years)
    except CalendarError as error:
        raise CalendarCommandError(str(error)) from error
    for found in renewed:
        state = "已更新 renewed" if found.is_changed else "未变 unchanged"
        days_off, make_up_days = (
            f"放假 days off {found.days_off}",
            f"调休上班 make-up days {found.make_up_days}",
        )
        typer.echo(f"{found.year}  {state}  {days_off}  {make_up_days}")
    typer.echo(CALENDAR)
