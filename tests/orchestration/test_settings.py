"""Settings: each variable's default and what it allows; a wrong value is one message, not a stack trace."""

import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from ingestion.sample import SAMPLE_AS_OF
from orchestration.errors import SettingsError
from orchestration.settings import BUNDLED_SAMPLE, SHANGHAI, Settings

COOPZONES = Path(sys.executable).parent / "coopzones"


def test_without_variables_the_bundled_sample_runs_at_its_own_moment_below_var(tmp_path: Path) -> None:
    settings = Settings.load()
    assert settings.inbox == str(BUNDLED_SAMPLE)
    assert settings.moment() == SAMPLE_AS_OF
    assert settings.home == tmp_path / "var"
    assert settings.target == "duckdb"
    assert settings.parameters == {}


def test_an_inbox_of_ones_own_is_evaluated_now(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("COOPZONES_INBOX", str(tmp_path))
    before = datetime.now(SHANGHAI).replace(microsecond=0)
    moment = Settings.load().moment()
    assert before <= moment <= before + timedelta(seconds=30)
    assert moment.utcoffset() == timedelta(hours=8)


def test_an_empty_variable_is_no_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COOPZONES_INBOX", "")
    assert Settings.load().inbox == str(BUNDLED_SAMPLE)


def test_an_address_of_fsspec_stays_as_it_is_and_a_folder_becomes_absolute(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("COOPZONES_INBOX", "s3://bucket/inbox")
    assert Settings.load().inbox == "s3://bucket/inbox"
    monkeypatch.setenv("COOPZONES_INBOX", "my/inbox")
    assert Settings.load().inbox == str(tmp_path / "my" / "inbox")


def test_a_password_in_the_inbox_s_address_is_refused_and_not_repeated(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COOPZONES_INBOX", "sftp://officer:invented@registry/inbox")
    with pytest.raises(SettingsError) as raised:
        Settings.load()
    assert "invented" not in str(raised.value)
    assert '"sftp://officer:***@registry/inbox"' in str(raised.value)
    assert "网址中不得写入密码" in str(raised.value)
    assert "expected no password in the URL" in str(raised.value)


@pytest.mark.parametrize(
    ("written", "wall_clock"),
    [
        ("2026-06-30", "2026-06-30T00:00:00"),
        ("2026-06-30T08:30:00", "2026-06-30T08:30:00"),
        ("2026-06-30T08:30:00+08:00", "2026-06-30T08:30:00"),
        ("2026-06-30T00:30:00Z", "2026-06-30T08:30:00"),
        ("2026-03-31T23:59:59.999999", "2026-03-31T23:59:59.999999"),
    ],
)
def test_a_moment_without_an_offset_is_shanghai_and_one_with_an_offset_is_brought_there(
    monkeypatch: pytest.MonkeyPatch, written: str, wall_clock: str
) -> None:
    monkeypatch.setenv("COOPZONES_AS_OF", written)
    moment = Settings.load().moment()
    assert moment.replace(tzinfo=None).isoformat() == wall_clock
    assert moment.utcoffset() == timedelta(hours=8)


def test_a_file_of_notifiers_is_found_from_anywhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert Settings.load().notifiers is None
    monkeypatch.setenv("COOPZONES_NOTIFIERS", "my/notifiers.toml")
    assert Settings.load().notifiers == tmp_path / "my" / "notifiers.toml"


def test_the_sample_follows_a_moment_that_is_stated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COOPZONES_AS_OF", "2030-01-15")
    assert Settings.load().moment() == datetime(2030, 1, 15, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("variable", "value", "allowed"),
    [
        ("COOPZONES_AS_OF", "yesterday", "ISO 8601"),
        ("COOPZONES_AS_OF", "1750000000", "ISO 8601"),
        ("COOPZONES_AS_OF", "2026-02-30", "ISO 8601"),
        ("COOPZONES_TARGET", "spark", "duckdb"),
        ("COOPZONES_TARGET", "DuckDB", "duckdb"),
        ("COOPZONES_WORKERS", "0", "from 1 to 256"),
        ("COOPZONES_WORKERS", "many", "from 1 to 256"),
        ("COOPZONES_READER_MEMORY_MIB", "255", "at least 256"),
        ("COOPZONES_READER_TIMEOUT_SECONDS", "0", "above 0"),
        ("COOPZONES_READER_TIMEOUT_SECONDS", "inf", "above 0"),
        ("COOPZONES_RELEASES_KEPT", "0", "at least 1"),
        ("COOPZONES_PARAMETERS", "no_such=1", "there are: hmt_counts_as_foreign"),
        ("COOPZONES_PARAMETERS", "hmt_counts_as_foreign", "is not name=value"),
        ("COOPZONES_PARAMETERS", "hmt_counts_as_foreign=maybe", "allows: yes; no"),
        ("COOPZONES_PARAMETERS", "panel_minimum=3,panel_minimum=2", "given twice"),
        ("COOPZONES_PARAMETERS", "panel_minimum=three", "allows: 3"),
        ("COOPZONES_PARAMETERS", "growth_convention=another", "allows: years T-2..T on base T-3"),
    ],
)
def test_a_wrong_value_is_named_with_what_is_allowed(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str, allowed: str
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(SettingsError) as caught:
        Settings.load()
    chinese, english = str(caught.value).split("\n", 1)
    assert f"环境变量 {variable} 的值“{value}”不可用" in chinese
    assert f'{variable}="{value}" cannot be used' in english
    assert allowed in english


def test_every_wrong_value_is_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COOPZONES_TARGET", "spark")
    monkeypatch.setenv("COOPZONES_WORKERS", "0")
    with pytest.raises(SettingsError) as caught:
        Settings.load()
    assert "COOPZONES_TARGET" in str(caught.value)
    assert "COOPZONES_WORKERS" in str(caught.value)


@pytest.mark.parametrize(
    ("written", "parameters"),
    [
        ("hmt_counts_as_foreign=no", {"hmt_counts_as_foreign": "no"}),
        (" panel_minimum = 2 ，report_due=04-30;", {"panel_minimum": "2", "report_due": "04-30"}),
        ("self_report_tolerance=0.02", {"self_report_tolerance": "0.02"}),
        ("legacy_term_starts_on=designated_on", {"legacy_term_starts_on": "designated_on"}),
        ("hmt_counts_as_foreign=yes", {}),
    ],
)
def test_parameters_are_those_that_differ_from_their_default(
    monkeypatch: pytest.MonkeyPatch, written: str, parameters: dict[str, str]
) -> None:
    monkeypatch.setenv("COOPZONES_PARAMETERS", written)
    assert Settings.load().parameters == parameters


def test_the_command_line_says_a_wrong_value_and_leaves_with_2_before_anything_is_written(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("COOPZONES_TARGET", "spark")
    monkeypatch.setenv("COOPZONES_HOME", str(tmp_path / "home"))
    done = subprocess.run([COOPZONES, "run"], capture_output=True, text=True, check=False)  # noqa: S603
    assert done.returncode == 2
    assert 'COOPZONES_TARGET="spark" cannot be used: expected duckdb' in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "home").exists()
