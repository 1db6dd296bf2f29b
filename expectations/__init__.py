"""The judging room: Great Expectations over lake and warehouse, the verdict on the night, Data Docs.

Belongs here: suites, the one module that makes Great Expectations work on DuckDB, Data Docs that open
without a network. Does not belong here: Dagster, and finding single failing rows (pandera and dbt do).
"""


def warm_up() -> None:
    """Import Great Expectations, which takes seconds, so that a later ``judge_warehouse`` need not wait."""
    from expectations.great_expectations_on_duckdb import load_great_expectations  # noqa: PLC0415

    load_great_expectations()
