"""Commands about workbooks: what a zone or an officer types at a desk, away from the night.

Belongs here: arguments and what is printed. Imports of the rooms stand in the commands that need them.
"""

import tempfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from orchestration.errors import CoopzonesError
from orchestration.settings import SHANGHAI, Settings

if TYPE_CHECKING:
    from publication.answers.completed import CompletedAnswers

GUIDE_SUFFIX = "_填报说明"


class DeskError(CoopzonesError):
    """What was asked for at the desk cannot be done; exit code 2."""

    exit_code = 2


class AnswersRefusedError(CoopzonesError):
    """A completed answer sheet holds something that the ledger would not take; exit code 1."""


def add_commands(app: typer.Typer) -> None:
    """Give ``app`` the commands of this module."""
    commands: list[Callable[..., None]] = [template, check, answers]
    for command in commands:
        app.command()(command)


def template(  # noqa: PLR0913, PLR0917 (a command is told by its options)
    file: Annotated[Path, typer.Argument(help="Where the blank workbook is written (.xlsx).")],
    zone: Annotated[str | None, typer.Option(help="Code of the zone, to fill in its cover.")] = None,
    authority: Annotated[str | None, typer.Option(help="Code of the provincial authority.")] = None,
    type_: Annotated[
        str | None, typer.Option("--type", help="application, annual_report or re_review.")
    ] = None,
    year: Annotated[int | None, typer.Option(min=1, max=9999, help="The report year.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Write over files that are there.")] = False,
) -> None:
    """写空白模板及填报说明 / Write the workbook that zones fill in, and the guide beside it."""
    from publication.errors import UnknownCodeError  # noqa: PLC0415
    from publication.template.guide import write_guide  # noqa: PLC0415
    from publication.template.prefill import prefill  # noqa: PLC0415
    from publication.template.workbook import write_template  # noqa: PLC0415

    guide = file.with_name(f"{file.stem}{GUIDE_SUFFIX}.xlsx")
    if file.suffix.lower() != ".xlsx":
        raise DeskError(f"文件名须以 .xlsx 结尾：{file}\n  The file's name must end in .xlsx: {file}")
    hold_free([file, guide], is_forced=force)
    try:
        known = prefill(
            Settings.load().home,
            zone_id=zone,
            authority_code=authority,
            submission_type=type_,
            report_year=year,
        )
    except UnknownCodeError as error:
        raise DeskError(str(error)) from error
    write_or_tell(file, lambda: write_template(file, known))
    write_or_tell(guide, lambda: write_guide(guide))
    typer.echo(f"模板 template  {file}\n说明 guide     {guide}")


def hold_free(files: list[Path], *, is_forced: bool) -> None:
    """Raise ``DeskError`` when one of ``files`` is there already and nobody said to write over it."""
    standing = [str(file) for file in files if file.exists()]
    if standing and not is_forced:
        raise DeskError(
            f"文件已存在：{'、'.join(standing)}。请换一个文件名，或加 --force 覆盖。\n"
            f"  Already there: {', '.join(standing)}. Choose another name, or add --force to write over it."
        )


def hold_apart(output: Path, inputs: list[Path]) -> None:
    """Raise ``DeskError`` when ``output`` is one of ``inputs``, by whatever name or link."""
    same = next((file for file in inputs if output.exists() and output.samefile(file)), None)
    if same is not None:
        raise DeskError(
            f"{output} 就是被检查的工作簿 {same}，不能覆盖（--force 也不行）。请换一个文件名。\n"
            f"  {output} is the workbook {same} itself and is never written over, not even with --force."
            " Choose another name."
        )


def hold_writable(file: Path) -> None:
    """Raise ``DeskError`` when ``file`` can't be written, before any work is done for it."""
    was_there = file.exists()
    write_or_tell(file, file.touch)
    if not was_there:
        file.unlink()


def write_or_tell(file: Path, write: Callable[[], object]) -> None:
    """Run ``write``; raise ``DeskError`` when ``file`` can't be written."""
    from xlsxwriter.exceptions import FileCreateError  # noqa: PLC0415

    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        write()
    except (OSError, FileCreateError) as error:
        raise DeskError(f"不能写入 {file}：{error}\n  {file} cannot be written: {error}") from error


def check(  # noqa: PLR0913, PLR0917 (a command is told by its options)
    files: Annotated[list[Path], typer.Argument(help="Workbooks to check before they are sent.")],
    english: Annotated[bool, typer.Option("--english", help="English only.")] = False,
    both: Annotated[bool, typer.Option("--both", help="Chinese and English.")] = False,
    received: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"], help="Judge as if received then (Asia/Shanghai)."
        ),
    ] = None,
    all_rules: Annotated[
        bool, typer.Option("--all", help="Ask the rules over the warehouse too; takes longer.")
    ] = False,
    output: Annotated[
        Path | None, typer.Option(help="Write the workbook with its cells marked (one FILE only).")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Write over OUTPUT.")] = False,
) -> None:
    """报送前检查工作簿 / Check workbooks before they are sent: 0 accepted, 1 returned, 2 no such file."""
    from rich.console import Console  # noqa: PLC0415

    from orchestration.check_before_sending import CheckOrder, check_before_sending  # noqa: PLC0415
    from orchestration.check_report import CheckReport  # noqa: PLC0415

    absent = [str(file) for file in files if not file.is_file()]
    if absent:
        raise DeskError(f"没有这样的文件：{'、'.join(absent)}\n  No such file: {', '.join(absent)}")
    if output is not None:
        if len(files) != 1:
            raise DeskError("--output 只用于一个文件。\n  --output goes with one file.")
        hold_apart(output, files)
        hold_free([output], is_forced=force)
        hold_writable(output)
    languages = ("zh", "en") if both else ("en",) if english else ("zh",)
    moment = datetime.now(SHANGHAI) if received is None else received.replace(tzinfo=SHANGHAI)
    order = CheckOrder(files, moment.replace(microsecond=0), all_rules, output)
    console = Console(soft_wrap=True, highlight=False, markup=False, emoji=False)
    is_accepted = check_before_sending(order, Settings.load(), CheckReport(console, languages))
    raise typer.Exit(0 if is_accepted else 1)


def answers(
    file: Annotated[Path, typer.Argument(help="A completed answer sheet of a release (.xlsx).")],
    output: Annotated[
        Path | None, typer.Option(help="The CSV file to write; in the inbox's ledgers when left out.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Write over OUTPUT.")] = False,
) -> None:
    """核对处理意见表并写入台账 / Check a completed answer sheet and write it as a file of the ledger."""
    from publication.answers.completed import UnreadableAnswersError, read_answers  # noqa: PLC0415
    from publication.answers.known import known_failures  # noqa: PLC0415

    if not file.is_file():
        raise DeskError(f"没有这样的文件：{file}\n  No such file: {file}")
    settings, now = Settings.load(), datetime.now(SHANGHAI).replace(microsecond=0)
    target = output or _ledger_file(settings, file, now)
    hold_apart(target, [file])
    with tempfile.TemporaryDirectory(prefix="coopzones-answers-") as scratch:
        try:
            completed = read_answers(
                file, known_ids=known_failures(settings.home), recorded_at=now, scratch=Path(scratch)
            )
        except UnreadableAnswersError as error:
            raise DeskError(str(error)) from error
    for objection in completed.objections:
        typer.echo(f"{objection.cell}  {objection.message_zh}\n      {objection.message_en}")
    if completed.objections:
        count = len(completed.objections)
        raise AnswersRefusedError(
            f"有 {count} 处不能登记，未写任何文件。\n  {count} objections; nothing was written."
        )
    if not completed.rows:
        raise AnswersRefusedError("没有填写任何处理意见。\n  No answer was filled in.")
    if _has_ledgers(settings) and _stand_already(completed, settings, now):
        typer.echo(
            f"本表 {len(completed.rows)} 条答复均已登记且未改动，未写任何文件。\n"
            f"  All {len(completed.rows)} answers of the sheet stand already, unchanged; nothing was written."
        )
        return
    hold_free([target], is_forced=force)
    write_or_tell(target, lambda: target.write_bytes(completed.as_csv()))
    typer.echo(f"答复 answers {len(completed.rows)}，未答复 left open {completed.unanswered}：{target}")


def _stand_already(completed: "CompletedAnswers", settings: Settings, now: datetime) -> bool:
    from publication.answers.standing import stand_already  # noqa: PLC0415

    with tempfile.TemporaryDirectory(prefix="coopzones-answers-") as scratch:
        return stand_already(completed, Path(settings.inbox), moment=now, scratch=Path(scratch))


def _has_ledgers(settings: Settings) -> bool:
    """Tell whether the inbox is a folder of this machine that officers' answers may go to."""
    return not settings.is_sample and Path(settings.inbox).is_dir()


def _ledger_file(settings: Settings, file: Path, now: datetime) -> Path:
    """Give the file of the inbox's ledger that answers go to; later ones sort after earlier ones."""
    if not _has_ledgers(settings):
        raise DeskError(
            "收件箱不是本机上的真实文件夹，请用 --output 指定 CSV 文件。\n"
            "  The inbox is no folder of this machine, or the sample: name the CSV file with --output."
        )
    name = f"{now:%Y%m%dT%H%M%S}_{file.stem}.csv"
    return Path(settings.inbox) / "ledgers" / "dispositions" / name
