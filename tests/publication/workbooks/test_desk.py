"""Whose a submission is: its zone's authority, else its cover's, else the sender, else the ministry."""

from collections.abc import Callable
from typing import Any

import polars as pl
import pytest

from publication.desk import MINISTRY, open_desk
from publication.tables import copy_marts


@pytest.fixture
def authority_of(make_night: Callable[..., Any]) -> Callable[..., str]:
    """Give the authority of a submission by what is known of its zone, its cover and its sender."""

    def authority(zone: str | None = None, cover: str | None = None, sender: str | None = None) -> str:
        night = make_night()
        night.zones = []
        if zone is not None:
            own = night.zone("HZ32050001", "苏州")
            night.zones = [(*own[:2], zone, *own[3:])]
        stated = "null" if cover is None else f"'{cover}'"
        night.extra_sql = (
            f"insert into intermediate.int_submissions_versioned values ('{night.ACCEPTED}', {stated})"
        )
        received = night.scratch / "night" / "submissions.parquet"
        pl.DataFrame(
            {"submission_id": [night.ACCEPTED], "sent_by": [sender]}, schema_overrides={"sent_by": pl.String}
        ).write_parquet(received)
        folder = night.scratch / "release"
        folder.mkdir()
        warehouse = night.warehouse()
        copy_marts(warehouse, folder)
        with open_desk(folder, warehouse, night.scratch / "night") as desk:
            ((found,),) = desk.execute("select authority_code from authority_of_submission").fetchall()
        return str(found)

    return authority


@pytest.mark.parametrize(
    ("known", "authority"),
    [
        ({"zone": "320000", "cover": "110000", "sender": "120000"}, "320000"),
        ({"cover": "110000", "sender": "120000"}, "110000"),
        ({"sender": "120000"}, "120000"),
        ({}, MINISTRY),
        ({"zone": "999999", "cover": "110000"}, "110000"),
        ({"cover": "999999", "sender": "120000"}, "120000"),
        ({"sender": "../.."}, MINISTRY),
    ],
)
def test_the_first_that_is_known_counts(
    authority_of: Callable[..., str], known: dict[str, str], authority: str
) -> None:
    assert authority_of(**known) == authority
