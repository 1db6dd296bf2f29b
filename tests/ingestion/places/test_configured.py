"""What is configured for a back end: numbers that are secrets stay as they were written."""

import subprocess
import sys

import pytest

from ingestion.places.configured import configured_options
from ingestion.places.limits import InboxLimits, Reason
from ingestion.seeds import load_seed

ASK = "from ingestion.places.configured import configured_options; print(configured_options('sftp'))"


def test_variables_are_read_and_a_password_of_digits_is_no_number(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "PASSWORD": "1e5",
        "PASSPHRASE": "0123",
        "PORT": "2222",
        "CLIENT_KEYS": '["/srv/key"]',
    }.items():
        monkeypatch.setenv(f"FSSPEC_SFTP_{name}", value)
    said = subprocess.run([sys.executable, "-c", ASK], capture_output=True, text=True, check=True).stdout  # noqa: S603
    options = {"password": "1e5", "passphrase": "0123", "port": 2222, "client_keys": ["/srv/key"]}
    assert dict(eval(said)) == options  # noqa: S307 (our own words)


def test_nothing_is_configured_unless_somebody_did() -> None:
    assert configured_options("of nobody") == {}


def test_the_seed_has_every_limit_and_every_reason_both_languages(seed_limits: InboxLimits) -> None:
    assert all(value > 0 for value in vars(seed_limits).values())
    for case_id in load_seed("inbox_messages")["case_id"]:
        reason = Reason.of(case_id, "detail")
        assert reason.zh
        assert reason.en.isascii()
    assert set(load_seed("inbox_names")["case_id"]) <= set(load_seed("inbox_messages")["case_id"])
