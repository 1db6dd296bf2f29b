"""The judging room: Great Expectations over lake and warehouse, the verdict on the night, Data Docs.

Belongs here: suites, the one module that makes Great Expectations work on DuckDB, Data Docs that open
without a network. Does not belong here: Dagster, and finding single failing rows (pandera and dbt do).
"""
