"""What the pages for analysts tell one to type does what they say."""

import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
MARTS = ROOT / "dbt_project" / "models" / "marts"
BLOCK = re.compile(r"^( *)```python\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)


def typed(page: str, written: str, releases: Path) -> dict[str, Any]:
    """Run the Python of a page in order, with ``releases`` where it says ``written``; give its names."""
    text = (DOCS / page).read_text(encoding="utf-8")
    assert written in text
    names: dict[str, Any] = {}
    for indent, block in BLOCK.findall(text):
        lines = [line.removeprefix(indent) for line in block.splitlines()]
        exec("\n".join(lines).replace(written, str(releases)), names)  # noqa: S102 (our own page)
    return names


WORDY = "一份报送每个条件一行，" * 6 + "one row a submission and criterion, " * 2
"""A comment as long as the marts have them."""


def contract_columns(mart: str) -> str:
    """Give the columns of a mart as its contract says them, in SQL."""
    (told,) = yaml.safe_load((MARTS / f"{mart}.yml").read_text(encoding="utf-8"))["models"]
    return ", ".join(f'"{column["name"]}" {column["data_type"]}' for column in told["columns"])


@pytest.fixture
def releases(night) -> Path:
    """Give the releases of a home in which one was published."""
    night.zones = [
        night.zone("HZ32050001", "苏州合作区"),
        night.zone("HZ32050002", "昆山合作区", designated=False),
    ]
    night.enterprises = [("HZ32050001", 2025, "91" + "0" * 16, "某公司", Decimal("0.100000000000000001"))]
    night.quality_failures = [night.finding("f" * 32, "V01"), night.finding("e" * 32, "V01")]
    columns = contract_columns("annual_reports")
    night.extra_sql = f"create table marts.annual_reports ({columns});"
    night.extra_sql += "insert into marts.annual_reports (zone_id, report_year) values ('HZ32050001', 2025);"
    night.extra_sql += "".join(
        f"create table marts.mart_of_many_{number} (zone_id varchar);"
        f"comment on table marts.mart_of_many_{number} is '{WORDY}';"
        for number in range(1, 31)
    )
    night.publish()
    folder: Path = night.home / "releases"
    return folder


def test_the_five_steps_end_in_a_chart(releases: Path, capsys: pytest.CaptureFixture[str]) -> None:
    typed("bi.md", "var/releases", releases)
    said = capsys.readouterr().out
    assert "quality_failures" in said
    assert "mart_of_many_30" in said
    assert "…" not in said
    assert re.search(r"east\s+│\s+2 │ ████", said)


def test_the_page_about_python_does_what_it_says(releases: Path) -> None:
    names = typed("bi/python.md", "/srv/coopzones/releases", releases)
    assert names["release"] == (releases / "current").resolve()
    assert names["manifest"]["release_id"] == 1
    assert names["by_rule"].rows() == [("V01", 2)]
    assert names["zones"]["is_designated"].to_list() == [True, False]
    assert names["columns"].columns == ["column_name", "data_type", "comment"]
    assert names["exact"] == Decimal("0.100000000000000001")
    assert isinstance(names["exact"], Decimal)
    assert isinstance(names["rough"], float)
    assert names["marts"].sql(names["revenue"]).pl().item() == names["exact"]


def test_the_files_that_the_page_about_excel_names_are_there(releases: Path) -> None:
    text = (DOCS / "bi" / "excel.md").read_text(encoding="utf-8")
    named = re.findall(r"releases\\current\\(exports\\\d{6}\\\w+\.csv)", text)
    assert named
    for path in named:
        file = (releases / "current").joinpath(*path.split("\\"))
        header = file.read_text(encoding="utf-8-sig").splitlines()[0].split(",")
        assert set(re.findall(r'\{"(\w+)", ', text)) <= set(header)


@pytest.mark.parametrize(
    "page", ["bi.md", *(f"bi/{file.name}" for file in sorted((DOCS / "bi").glob("*.md")))]
)
def test_what_a_page_links_to_is_there(page: str) -> None:
    links = re.findall(r"\]\((?!http)([^)#]+)\)", (DOCS / page).read_text(encoding="utf-8"))
    assert [link for link in links if not ((DOCS / page).parent / link).exists()] == []
