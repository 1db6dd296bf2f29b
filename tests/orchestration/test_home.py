"""The home: made when absent, and a clear message when it cannot be written."""

import subprocess
import sys
from pathlib import Path

import pytest

from orchestration.errors import HomeNotWritableError, SettingsError
from orchestration.home import Home
from orchestration.settings import Settings

COOPZONES = Path(sys.executable).parent / "coopzones"


def test_a_new_home_gets_dagsters_configuration_with_telemetry_off(tmp_path: Path) -> None:
    home = Home(tmp_path / "new" / "home")
    home.prepare()
    for name in ("dagster.yaml", "terminal.yaml"):
        assert "telemetry:\n  enabled: false" in (home.dagster / name).read_text(encoding="utf-8")


def test_a_configuration_that_is_there_stays(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.dagster.mkdir()
    (home.dagster / "dagster.yaml").write_text("# mine\n", encoding="utf-8")
    home.prepare()
    assert (home.dagster / "dagster.yaml").read_text(encoding="utf-8") == "# mine\n"


def test_a_home_below_a_file_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(HomeNotWritableError, match="cannot be written"):
        Home(tmp_path / "file" / "home").prepare()


def test_a_home_on_a_file_system_that_refuses_cannot_be_written() -> None:
    with pytest.raises(HomeNotWritableError, match="cannot be written"):
        Home(Path("/proc/coopzones")).prepare()


def test_the_command_line_says_so_and_leaves_with_2(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    monkeypatch.setenv("COOPZONES_HOME", str(tmp_path / "file"))
    done = subprocess.run([COOPZONES, "run"], capture_output=True, text=True, check=False)  # noqa: S603
    assert done.returncode == 2
    assert f'COOPZONES_HOME="{tmp_path / "file"}" cannot be written' in done.stderr
    assert "Traceback" not in done.stderr


def test_the_sample_does_not_replace_a_release_of_another_inbox(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = Home(tmp_path)
    monkeypatch.setenv("COOPZONES_INBOX", "/srv/inbox")
    home.remember_inbox(Settings.load())
    monkeypatch.delenv("COOPZONES_INBOX")
    with pytest.raises(SettingsError, match="/srv/inbox"):
        home.hold_to_inbox(Settings.load())


def test_a_password_that_an_older_version_remembered_is_not_told(tmp_path: Path) -> None:
    (tmp_path / "inbox.txt").write_text("sftp://officer:invented@registry/inbox", encoding="utf-8")
    with pytest.raises(SettingsError, match=r"officer:\*\*\*@registry") as raised:
        Home(tmp_path).hold_to_inbox(Settings.load())
    assert "invented" not in str(raised.value)


@pytest.mark.parametrize("named", [True, False], ids=["an inbox is named", "the home had the sample"])
def test_a_named_inbox_and_the_sample_after_the_sample_may_be_published(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, named: bool
) -> None:
    home = Home(tmp_path)
    monkeypatch.delenv("COOPZONES_INBOX", raising=False)
    home.remember_inbox(Settings.load())
    if named:
        monkeypatch.setenv("COOPZONES_INBOX", "/srv/other")
    home.hold_to_inbox(Settings.load())
