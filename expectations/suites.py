"""Great Expectations' part: suites from the catalogue, one run over the evidence, the results by name.

Belongs here: everything that touches Great Expectations' objects. Does not belong here: what is expected
(``catalogue``) and what a result means for the night (``verdict``).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from expectations.expected import Expected, Findings, Range, Truth, ValueSet
from expectations.great_expectations_on_duckdb import load_great_expectations

RESULT_FORMAT = {"result_format": "SUMMARY", "partial_unexpected_count": 20}
NIGHT = "night"
WHOLE = "whole"

SEVERITY = {"error": "critical", "warn": "warning"}
"""What Great Expectations calls our severities."""


class ExpectationCrashedError(RuntimeError):
    """An expectation ended in an error, so nothing is known of what it would have found."""


@dataclass(frozen=True)
class Measured:
    """What an expectation measured: whether it passed, the rows that did not, of how many (if counted)."""

    passed: bool
    unexpected: int
    rows: int | None


def run_suites(catalogue: Sequence[Expected], address: str) -> tuple[Any, dict[str, Measured]]:
    """Run every expectation over the database at ``address``.

    Gives Great Expectations' context, which holds suites and results for Data Docs, and the measurements by
    name. Raises ``ExpectationCrashedError`` when one of them errs: Great Expectations itself only calls that
    a failure.
    """
    gx = load_great_expectations()
    context = _quiet_context(gx)
    tables = sorted({expected.table for expected in catalogue})
    source = context.data_sources.add_sql(
        name="coopzones", connection_string=address, assets=[_asset(table) for table in tables]
    )
    definitions = [
        _definition(gx, context, source, suite, [about for about in catalogue if _suite(about) == suite])
        for suite in sorted({_suite(expected) for expected in catalogue})
    ]
    checkpoint = context.checkpoints.add(
        gx.Checkpoint(name=NIGHT, validation_definitions=definitions, result_format=RESULT_FORMAT)
    )
    run = checkpoint.run(run_id=gx.RunIdentifier(run_name=NIGHT, run_time=datetime.now(UTC)))
    source.get_execution_engine().close()
    source.get_engine().dispose()
    results = {
        result.expectation_config.meta["name"]: result
        for suite_result in run.run_results.values()
        for result in suite_result.results
    }
    return context, {expected.name: _measured(expected, results[expected.name]) for expected in catalogue}


def _quiet_context(gx: Any) -> Any:
    """Give a context that lives in memory, tells nobody, shows no progress and has no site of its own."""
    from great_expectations.data_context.types.base import (  # noqa: PLC0415
        DataContextConfig,
        InMemoryStoreBackendDefaults,
        ProgressBarsConfig,
    )

    config = DataContextConfig(
        store_backend_defaults=InMemoryStoreBackendDefaults(init_temp_docs_sites=False),
        analytics_enabled=False,
        progress_bars=ProgressBarsConfig(globally=False),
    )
    return gx.get_context(mode="ephemeral", project_config=config)


def _asset(table: str) -> dict[str, Any]:
    """Give the table as Great Expectations reads it; all of them at once, for it saves itself at each."""
    return {
        "name": _named(table),
        "type": "query",
        "query": f"select * from {table}",  # noqa: S608 - the name stands in the seed
        "batch_definitions": [{"name": WHOLE}],
    }


def _named(table: str) -> str:
    return table.replace(".", "_")


def _suite(expected: Expected) -> str:
    return expected.suite or _named(expected.table)


def _definition(gx: Any, context: Any, source: Any, name: str, group: list[Expected]) -> Any:
    """Give the validation of one table by a suite of expectations that are about it."""
    (table,) = {expected.table for expected in group}
    batch = source.get_asset(_named(table)).get_batch_definition(WHOLE)
    suite = gx.ExpectationSuite(name=name, expectations=[_expectation(gx, expected) for expected in group])
    definition = gx.ValidationDefinition(name=name, data=batch, suite=context.suites.add(suite))
    return context.validation_definitions.add(definition)


def _expectation(gx: Any, expected: Expected) -> Any:
    measure = expected.measure
    place = f"{expected.name}; 条款 article {expected.article}" if expected.article else expected.name
    meta = {
        "name": expected.name,
        "description_zh": expected.description_zh,
        "description_en": expected.description_en,
    }
    if isinstance(measure, Findings):
        meta |= {
            "rule_id": expected.name,
            "article": expected.article or "",
            "tolerated": measure.tolerated,
        }
    told = {
        "description": f"{expected.description_zh} / {expected.description_en} ({place})",
        "severity": SEVERITY[expected.severity],
        "meta": meta,
    }
    match measure:
        case Truth(query):
            return gx.expectations.UnexpectedRowsExpectation(unexpected_rows_query=query, **told)
        case Findings():
            return gx.expectations.UnexpectedRowsExpectation(unexpected_rows_query=measure.excess, **told)
        case ValueSet(column, values):
            return gx.expectations.ExpectColumnValuesToBeInSet(column=column, value_set=list(values), **told)
        case Range(column, minimum, maximum):
            return gx.expectations.ExpectColumnValuesToBeBetween(
                column=column, min_value=minimum, max_value=maximum, **told
            )


def _measured(expected: Expected, result: Any) -> Measured:
    crashes = list(_crashes(result.exception_info))
    if crashes:
        raise ExpectationCrashedError(
            f"期望未能执行（不是数据问题）：{expected.name}，{expected.table}。 / "
            f"An expectation could not run (no finding): {expected.name}, {expected.table}: {crashes[0]}"
        )
    outcome = result.result
    if isinstance(expected.measure, Truth | Findings):
        return Measured(bool(result.success), int(outcome["observed_value"]), None)
    rows = int(outcome["element_count"])
    # Of a table without rows Great Expectations counts nothing, not even 0.
    return Measured(bool(result.success), int(outcome["unexpected_count"]) if rows else 0, rows)


def _crashes(information: dict[str, Any]) -> Iterator[str]:
    """Give the messages of what went wrong, from either shape in which Great Expectations tells it."""
    flat = "raised_exception" in information
    for told in [information] if flat else information.values():
        if told["raised_exception"]:
            yield str(told["exception_message"])
