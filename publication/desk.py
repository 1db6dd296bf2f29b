"""The desk's view of a release in the making: its marts, with the authority that each row belongs to.

Belongs here: what returned workbooks, answer sheets and exports share: one connection and who looks after
what. Does not belong here: what any of them writes.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from ingestion.seeds import load_seed
from publication.tables import DATABASE

MINISTRY = "000000"
"""Whose everything is that belongs to no provincial authority."""

AUTHORITY_OF_ZONE = """
create temp table authority_of_zone as
select zones.zone_id, coalesce(known.authority_code, $ministry) as authority_code
from release.marts.zones as zones
left join known_authorities as known on zones.authority_code = known.authority_code
"""

AUTHORITY_OF_SUBMISSION = """
create temp table authority_of_submission as
select
    submissions.submission_id,
    coalesce(
        nullif(zones.authority_code, $ministry), stated.authority_code, senders.authority_code, $ministry
    ) as authority_code
from release.marts.submissions as submissions
left join authority_of_zone as zones on submissions.zone_id = zones.zone_id
left join warehouse.intermediate.int_submissions_versioned as covers
    on submissions.submission_id = covers.submission_id
left join known_authorities as stated on covers.authority_code = stated.authority_code
left join read_parquet($night_submissions) as received on submissions.submission_id = received.submission_id
left join known_authorities as senders on received.sent_by = senders.authority_code
"""


@contextmanager
def open_desk(folder: Path, warehouse: Path, night: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the marts of the release at ``folder`` as ``release``, and the run's warehouse as ``warehouse``.

    An authority that nobody knows, as a ledger may state one, is none: codes become names of folders.
    Temporary tables: ``authority_of_zone`` (``zone_id``, ``authority_code``) and ``authority_of_submission``
    (``submission_id``, ``authority_code``). A submission belongs to its zone's authority, else to the one
    that its cover states, else to the one that sent it, else to the ministry.
    """
    with duckdb.connect(config={"autoinstall_known_extensions": False}) as desk:
        desk.execute(f"attach '{_quoted(folder / DATABASE)}' as release (read_only)")
        desk.execute(f"attach '{_quoted(warehouse)}' as warehouse (read_only)")
        codes = load_seed("provincial_authorities")["authority_code"].to_list()
        desk.execute(
            "create temp table known_authorities as select unnest($codes) as authority_code", {"codes": codes}
        )
        desk.execute(AUTHORITY_OF_ZONE, {"ministry": MINISTRY})
        desk.execute(
            AUTHORITY_OF_SUBMISSION,
            {"ministry": MINISTRY, "night_submissions": str(night / "submissions.parquet")},
        )
        yield desk


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
