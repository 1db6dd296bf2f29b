"""What holds of the repository as a whole: the lock file, the pins' reasons, the README's promises."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
LOCKED = re.compile(r"^(?P<name>[a-z0-9.-]+)(\[[^]]*])?==(?P<version>[^ ;\\]+)", re.MULTILINE)


def _pyproject() -> dict[str, object]:
    project: dict[str, object] = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    return project


def _requirements() -> list[Requirement]:
    project = _pyproject()
    extras = [text for group in project["optional-dependencies"].values() for text in group]  # type: ignore[attr-defined]
    return [Requirement(text) for text in [*project["dependencies"], *extras]]  # type: ignore[misc]


def _lock() -> str:
    return (ROOT / "requirements.lock").read_text()


def test_the_lock_carries_a_hash_for_each_package_and_no_address() -> None:
    entries = [entry for entry in re.split(r"\n(?=\S)", _lock().strip()) if not entry.startswith("#")]
    without_hash = [entry.split(maxsplit=1)[0] for entry in entries if "--hash=sha256:" not in entry]
    assert without_hash == []
    assert not re.search(r"https?:|file:|--index-url|--find-links", _lock())


@pytest.mark.parametrize("requirement", _requirements(), ids=str)
def test_the_lock_is_within_the_bounds_of_the_project(requirement: Requirement) -> None:
    locked = {canonicalize_name(match["name"]): match["version"] for match in LOCKED.finditer(_lock())}
    name = canonicalize_name(requirement.name)
    assert name in locked, "run make lock"
    assert requirement.specifier.contains(locked[name]), "run make lock"


@pytest.mark.parametrize(
    "requirement",
    [r for r in _requirements() if any(s.operator in {"==", "<"} for s in r.specifier)],
    ids=str,
)
def test_a_bound_has_its_reason(requirement: Requirement) -> None:
    assert requirement.name in (ROOT / "docs" / "stack.md").read_text()


def test_what_the_readme_links_to_is_there() -> None:
    links = re.findall(r"\]\((?!http)([^)#]+)\)", (ROOT / "README.md").read_text())
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_make_knows_every_command_of_the_readme() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert set(re.findall(r"make ([a-z-]+)", (ROOT / "README.md").read_text())) <= targets
