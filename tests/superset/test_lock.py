"""Superset's environment: a lock with hashes and no address, within pins that each have a reason."""

import re
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

HERE = Path(__file__).parent
LOCK = (HERE / "requirements.lock").read_text(encoding="utf-8")
PINS = (HERE / "requirements.in").read_text(encoding="utf-8")


def test_the_lock_carries_a_hash_for_each_package_and_no_address() -> None:
    entries = re.split(r"\n(?=\S)", LOCK.strip())
    assert [entry.split(maxsplit=1)[0] for entry in entries if "--hash=sha256:" not in entry] == []
    assert not re.search(r"https?:|file:|--index-url|--find-links", LOCK)


def test_the_lock_is_within_the_pins() -> None:
    locked = dict(re.findall(r"^([a-z0-9.-]+)(?:\[[^]]*])?==([^ ;\\]+)", LOCK, re.MULTILINE))
    for pin in (Requirement(line) for line in PINS.splitlines() if line and not line.startswith("#")):
        assert pin.specifier.contains(locked[canonicalize_name(pin.name)]), "run make lock-superset"


def test_a_pin_has_its_reason_above_it() -> None:
    paragraphs = PINS.split("\n\n", maxsplit=1)[1]
    for group in re.findall(r"(?:^#.*\n)*(?:^[^#\n].*\n)+", paragraphs, re.MULTILINE):
        assert group.startswith("#"), group
