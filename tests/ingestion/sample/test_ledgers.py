"""The sample's ledgers: all of them, in every state, encoding and layout that the contract allows."""

from pathlib import Path

import polars as pl
import pytest

from ingestion.sample import SAMPLE_AS_OF
from ingestion.sample.draft import Draft
from ingestion.sample.facts import ledger_fields, ledger_values
from ingestion.seeds import load_seed


def rows(draft: Draft, ledger: str) -> list[dict[str, str]]:
    return [row for file in draft.ledgers[ledger] for row in file.rows]


def test_every_ledger_is_there(made_inbox: Path) -> None:
    files = [path.relative_to(made_inbox) for path in made_inbox.rglob("*.csv")]
    kept = {path.parts[1].removesuffix(".csv") for path in files if path.parts[0] == "ledgers"}
    assert kept == set(ledger_fields())
    assert any(path.parts[0] == "statistics" for path in files)


@pytest.mark.parametrize(
    ("ledger", "field"),
    [
        (ledger, field)
        for ledger, field in load_seed("ledger_values")
        .select("ledger", "field")
        .unique(maintain_order=True)
        .iter_rows()
        if ledger != "dispositions"
    ],
)
def test_every_listed_value_occurs(clean_draft: Draft, ledger: str, field: str) -> None:
    assert {row.get(field) for row in rows(clean_draft, ledger)} >= set(ledger_values(ledger, field))


def test_every_file_of_the_inbox_has_a_receipt(made_inbox: Path) -> None:
    receipts = pl.read_csv(made_inbox / "ledgers" / "receipts.csv", infer_schema=False)
    folder = made_inbox / "submissions"
    files = {path.relative_to(folder).as_posix() for path in folder.rglob("*.xlsx")}
    assert files <= set(receipts["file_name"])


def test_everything_is_recorded_before_the_moment_of_the_sample(clean_draft: Draft) -> None:
    moments = {row["recorded_at"] for ledger in clean_draft.ledgers for row in rows(clean_draft, ledger)}
    assert max(moments) < SAMPLE_AS_OF.isoformat()


def test_ledgers_come_in_every_encoding(made_inbox: Path) -> None:
    folder = made_inbox / "ledgers"
    chinese = (folder / "designations.csv").read_bytes()
    with pytest.raises(UnicodeDecodeError):
        chinese.decode("utf-8")
    assert "样例" in chinese.decode("gb18030")
    assert (folder / "changes.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    assert b"\r\n" in (folder / "promotion.csv").read_bytes()
    assert len(list((folder / "honours").glob("*.csv"))) > 1


def test_some_keys_are_corrected_and_some_withdrawn(clean_draft: Draft) -> None:
    designated = [(row["zone_id"], row["designated_on"]) for row in rows(clean_draft, "designations")]
    assert len(designated) > len(set(designated))
    withdrawn = [row for row in rows(clean_draft, "honours") if row.get("void") == "true"]
    assert withdrawn
    assert all(set(row) == {"uscc", "tier", "valid_from", "void", "recorded_at"} for row in withdrawn)


def test_the_newest_year_of_statistics_has_two_vintages(clean_draft: Draft) -> None:
    vintages: dict[tuple[str, str, str], set[str]] = {}
    for row in rows(clean_draft, "provincial_statistics"):
        key = (row["region_code"], row["year"], row["indicator"])
        vintages.setdefault(key, set()).add(row["published_on"])
    assert max(len(published) for published in vintages.values()) == 2


def test_designations_are_legacy_and_new(clean_draft: Draft) -> None:
    assert {row["legacy"] for row in rows(clean_draft, "designations")} == {"true", "false"}
