"""That the limit made the same marts as the night: a limit that does less work would prove nothing."""

from pathlib import Path

import duckdb

TOLERANCE = 1e-6

FLOATING_ERROR = 1e-12
"""Relative. Doubles can't tell a sum of exactly 1,000,000 from one just below it; the marts can."""

ENTERPRISES = """
select count(*) from limits.enterprises as bare
full join released.marts.enterprises as mart using (zone_id, year, uscc)
where bare.size is distinct from mart.size or bare.is_sme is distinct from mart.is_sme
"""

INDICATORS = f"""
select count(*) from limits.indicators as bare
join released.marts.indicators as mart
    on bare.zone_id = mart.zone_id and bare.year = mart.year
    and upper(bare.indicator_code) = mart.indicator_code
where abs(bare.value - mart.value::double) > {TOLERANCE} * greatest(1, abs(bare.value))
    or (bare.value is null) <> (mart.value is null)
"""  # noqa: S608  the only value put in is a number of this module

CRITERIA = f"""
select count(*) from limits.eligibility_criteria as bare
full join released.marts.eligibility_criteria as mart using (assessment_id, criterion_id)
where bare.result is distinct from mart.result and not coalesce(
    bare.observed <> mart.threshold::double
    and abs(bare.observed - mart.threshold::double) <= {FLOATING_ERROR} * greatest(1, mart.threshold::double),
    false
)
"""  # noqa: S608  likewise


def check_same_marts(limit: Path, release: Path) -> None:
    """Raise ``AssertionError`` when enterprises, indicators or criteria of the two files differ."""
    with duckdb.connect() as connection:
        connection.execute(f"attach '{limit}' as limits (read_only)")
        connection.execute(f"attach '{release}' as released (read_only)")
        for name, query in {
            "enterprises": ENTERPRISES,
            "indicators": INDICATORS,
            "criteria": CRITERIA,
        }.items():
            row = connection.execute(query).fetchone()
            if row is None or row[0]:
                raise AssertionError(f"{name}: {row and row[0]} rows of the limit differ from the release")
