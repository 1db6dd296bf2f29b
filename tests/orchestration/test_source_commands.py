"""What a person types about outside sources, as the command line answers it: real commands, a real server."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner, Result

from ingestion.sources.answers import attempts
from orchestration.command_line import app
from orchestration.settings import BUNDLED_SAMPLE, BUNDLED_SOURCES, SHANGHAI, Settings
from tests.ingestion.sources import fault_server as faults
from tests.ingestion.sources.fault_server import FaultServer, Handler, says

COOPZONES = Path(sys.executable).parent / "coopzones"
REGISTER = """
[[source]]
name = "exports"
title_zh = "各省出口额"
title_en = "Exports by province"
ledger = "provincial_statistics"
schedule = "0 1 * * *"
fresh_within_days = 1
may_fail_for_hours = 72
request.url = "{url}"
request.parameters = {{ year = "{{year}}" }}
request.years = {{ first = 2023, count = 2 }}
format.kind = "json_table"
format.columns = {{ region = "region", year = "year", value = "value" }}
limits.attempts = 1
[source.mapping]
region_code = "region"
year = "year"
indicator.constant = "export_cny"
value = "value"
unit.constant = "万元"
published_on.taken_from = "fetched_on"

[[source]]
name = "register"
title_zh = "荣誉名录"
title_en = "Register of honours"
ledger = "honours"
schedule = "0 1 * * *"
fresh_within_days = 1
may_fail_for_hours = 72
request.url = "honours.csv"
format.kind = "ledger_csv"
"""


def figures_of_the_year(handler: Handler) -> None:
    """Give one province's figure of the year that is asked for."""
    year = handler.path.rpartition("year=")[2]
    says(f'[{{"region":"河北","year":"{year}","value":"{year}5"}}]'.encode(), "application/json")(handler)


@pytest.fixture
def server() -> Iterator[FaultServer]:
    with faults.running() as started:
        started.answer(figures_of_the_year)
        yield started


Command = Callable[..., Result]


@pytest.fixture
def command(server: FaultServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Command:
    """Give the command line over a home and two sources, one of them a file."""
    (tmp_path / "sources.toml").write_text(REGISTER.format(url=server.url), encoding="utf-8")
    (tmp_path / "honours.csv").write_text(
        "uscc,tier,valid_from\nY1130100YL00200344,champion,2022-07-01\n", encoding="utf-8"
    )
    monkeypatch.setenv("COOPZONES_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("COOPZONES_INBOX", str(tmp_path))
    monkeypatch.setenv("COOPZONES_SOURCES", str(tmp_path / "sources.toml"))
    return lambda *arguments: CliRunner().invoke(app, arguments)


def requests(home: Path) -> list[tuple[str, str, str]]:
    return attempts(home).select("source", "request", "outcome").rows()


def test_sources_that_were_never_asked_are_listed_as_due(command: Command) -> None:
    done = command("sources")
    assert done.exit_code == 0
    assert "… exports  各省出口额 / Exports by province  → provincial_statistics" in done.output
    assert done.output.count("已到时 due now") == 2


def test_fetching_asks_all_sources_and_the_list_tells_what_became_of_it(
    command: Command, tmp_path: Path
) -> None:
    assert command("fetch").exit_code == 0
    assert sorted(requests(tmp_path / "home")) == [
        ("exports", "2023", "changed"),
        ("exports", "2024", "changed"),
        ("register", "", "changed"),
    ]
    listed = command("sources").output
    assert listed.count("✓") == 2
    assert listed.count("下次 next") == 2


def test_years_gone_by_are_fetched_in_one_command(
    command: Command, server: FaultServer, tmp_path: Path
) -> None:
    done = command("fetch", "exports", "--years", "2019-2022")
    assert done.exit_code == 0, done.output
    assert requests(tmp_path / "home") == [("exports", str(year), "changed") for year in range(2019, 2023)]
    assert [asked.path.rpartition("year=")[2] for asked in server.asked] == ["2019", "2020", "2021", "2022"]


def test_a_source_that_fails_is_told_in_both_languages_and_listed(
    command: Command, server: FaultServer
) -> None:
    server.answer(faults.a_page(403))
    done = command("fetch", "exports")
    assert done.exit_code == 1
    assert "对方拒绝访问" in str(done.exception)
    assert "2023 对方" in str(done.exception)
    assert "access was refused" in str(done.exception)
    listed = command("sources").output
    assert "✗ exports" in listed
    assert "access was refused" in listed


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["no_such"], "No such sources: no_such; configured: exports, register"),
        (["register", "--years", "2019"], "not asked by years, --years means nothing to them: register"),
        (["exports", "--years", "2024-2019"], "--years is a year or a span"),
        (["exports", "--years", "lately"], "--years is a year or a span"),
    ],
)
def test_what_can_not_be_asked_is_said_and_nothing_is(
    command: Command, server: FaultServer, arguments: list[str], said: str
) -> None:
    done = command("fetch", *arguments)
    assert said in str(done.exception)
    assert getattr(done.exception, "exit_code", None) == 2
    assert server.asked == []


def test_a_replay_needs_no_network_and_gives_the_same_bytes(
    command: Command, server: FaultServer, tmp_path: Path
) -> None:
    command("fetch")
    first = command("replay").output
    assert first.count("sources/") == 3
    server.close()
    (tmp_path / "honours.csv").unlink()
    assert ledger_files(command("replay").output) == ledger_files(first)


def ledger_files(output: str) -> list[str]:
    return [line for line in output.splitlines() if "  sources/" in line]


def test_without_sources_the_commands_say_how_to_switch_them_on(
    command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("COOPZONES_SOURCES")
    assert "COOPZONES_SOURCES" in command("sources").output
    assert "COOPZONES_SOURCES" in str(command("fetch").exception)


def test_a_night_tells_what_is_wrong_with_the_file_of_sources_before_it_begins(
    tmp_path: Path,
) -> None:
    path = tmp_path / "sources.toml"
    path.write_text('[[source]]\nname = "exports"\ntoken = "s3cret"\n', encoding="utf-8")
    environment = {**os.environ, "COOPZONES_SOURCES": str(path), "COOPZONES_HOME": str(tmp_path / "home")}
    done = subprocess.run(  # noqa: S603
        [COOPZONES, "run"], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "第 1 个来源（exports）" in done.stderr
    assert "source 1 (exports)" in done.stderr
    assert "s3cret" not in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "home").exists()


def test_the_samples_server_is_started_by_its_command() -> None:
    command = [str(COOPZONES), "sample-sources", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as server:  # noqa: S603
        try:
            assert server.stdout is not None
            address, said = server.stdout.readline().strip(), server.stdout.readline()
            assert said == f"COOPZONES_SOURCES={BUNDLED_SOURCES} make run\n"
            reply = httpx.get(f"{address}/registers/honours.csv", trust_env=False)
        finally:
            server.terminate()
    assert reply.text.startswith("uscc,tier")


def test_only_the_samples_own_sources_over_the_sample_answer_at_the_samples_moment(tmp_path: Path) -> None:
    sample = Settings(sources=BUNDLED_SOURCES)
    assert sample.clock() == sample.moment()
    others = [
        Settings(sources=tmp_path / "mine.toml"),
        Settings(sources=BUNDLED_SOURCES, inbox=str(tmp_path)),
        Settings(sources=BUNDLED_SOURCES, as_of=datetime(2026, 6, 30, tzinfo=SHANGHAI)),
        Settings(inbox=str(BUNDLED_SAMPLE)),
    ]
    before = datetime.now(SHANGHAI).replace(microsecond=0)
    assert all(settings.clock() >= before for settings in others)
