"""Assessments of the zones: scorecard, criteria with the distance to pass, and how each number came about."""

from decimal import Decimal
from functools import cache

from ingestion.seeds import load_seed
from publication.site.marts import Marts, Row, grouped

ASSESSMENTS = """
select eligibility.*, scorecards.* exclude (assessment_id),
    submissions.submission_id, submissions.file_name, submissions.received_at
from eligibility
left join scorecards using (assessment_id)
left join submissions
    on eligibility.zone_id = submissions.zone_id
    and eligibility.submission_type = submissions.submission_type
    and eligibility.report_year = submissions.report_year
    and submissions.in_force
order by eligibility.zone_id, eligibility.report_year desc, eligibility.submission_type
"""

INDICATORS = """
select indicators.*, submissions.file_name
from indicators left join submissions using (submission_id)
order by zone_id, year desc, indicator_code
"""

ROWS_COUNTED = """
select *
from indicator_sources
order by evaluation_id, indicator_code, source_year desc nulls last, sheet
"""

NEEDED = ("scorecards", "scorecard_dimensions", "eligibility_criteria", "indicators", "submissions")


class Assessments:
    """The assessments of a release by zone; none where the release lacks a mart that they need."""

    def __init__(self, marts: Marts) -> None:
        has_all = marts.has(*NEEDED)
        self._assessments = grouped(marts.rows(ASSESSMENTS), "zone_id") if has_all else {}
        self._dimensions = grouped(
            marts.rows("select * from scorecard_dimensions order by assessment_id") if has_all else [],
            "assessment_id",
        )
        self._criteria = grouped(
            marts.rows("select * from eligibility_criteria order by assessment_id, criterion_id")
            if has_all
            else [],
            "assessment_id",
        )
        indicators = marts.rows(INDICATORS) if has_all else []
        self._indicators = grouped(indicators, "zone_id")
        self._figures = {(row["zone_id"], row["year"], row["indicator_code"]) for row in indicators}
        counted = marts.rows(ROWS_COUNTED) if marts.has("indicator_sources") else []
        for row in counted:
            row["row_numbers"] = [int(number) for number in row["row_numbers"].split(", ")]
        self._counted = grouped(counted, "evaluation_id", "indicator_code")

    def of_zone(self, zone_id: str) -> list[Row]:
        """Give a zone's assessments, newest first, each with its ``dimensions`` and their ``criteria``.

        ``is_newest`` says whether it is the newest of its type: only its numbers are traced on the page.
        """
        assessments = self._assessments.get(zone_id, [])
        newest = {row["submission_type"]: row["assessment_id"] for row in reversed(assessments)}
        return [
            self._told(row) | {"is_newest": newest[row["submission_type"]] == row["assessment_id"]}
            for row in assessments
        ]

    def indicators_of(self, zone_id: str) -> dict[int, list[Row]]:
        """Give a zone's indicators by year, newest first, each with the ``sources`` it was counted from."""
        indicators = [
            indicator
            | {"sources": self._sources(f"{zone_id}|{indicator['year']}", indicator["indicator_code"])}
            for indicator in self._indicators.get(zone_id, [])
        ]
        return grouped(indicators, "year")

    def _told(self, assessment: Row) -> Row:
        assessment_id = assessment["assessment_id"]
        criteria = [
            criterion
            | distance(criterion)
            | {"unit": _units().get(criterion["indicator_code"])}
            | {"binding": _bindings().get(criterion["criterion_id"])}
            | {"sources": self._sources(assessment_id, criterion["indicator_code"])}
            | {
                "has_figure": (assessment["zone_id"], assessment["report_year"], criterion["indicator_code"])
                in self._figures
            }
            for criterion in self._criteria.get(assessment_id, [])
        ]
        by_dimension = grouped(criteria, "dimension")
        scored = {row["dimension"]: row for row in self._dimensions.get(assessment_id, [])}
        return assessment | {
            "gates": by_dimension.get("gate", []),
            "dimensions": [
                scored[name] | dimension | {"criteria": by_dimension.get(name, [])}
                for name, dimension in _dimensions().items()
                if name in scored
            ],
            "total": _dimensions()["total"],
        }

    def _sources(self, evaluation_id: str, indicator_code: str) -> list[Row]:
        return self._counted.get((evaluation_id, indicator_code), [])


def distance(criterion: Row) -> Row:
    """Give how far a criterion is from passing: ``short`` (exact, in its unit) and ``how``.

    ``how`` is ``met``, ``unknown``, or what is lacking: ``at_least`` ``short`` more, ``more_than`` ``short``
    more, ``fewer`` by ``short``. A criterion that is unknown though a value stands there is unknown.
    """
    if criterion["result"] != "not_met" or criterion["gap"] is None:
        how = "met" if criterion["result"] == "met" else "unknown"
        return {"how": how, "short": None}
    short = abs(criterion["gap"])
    if criterion["gap"] > 0:
        return {"how": "fewer", "short": short}
    return {"how": "more_than" if criterion["operator"] == ">" else "at_least", "short": short}


@cache
def _dimensions() -> dict[str, Row]:
    """Give article, points and minimum of the dimensions and of the total, in the order of the standard."""
    return {
        row["dimension"]: {
            "article": row["article"],
            "points": Decimal(row["points"]),
            "minimum": None if row["minimum"] is None else Decimal(row["minimum"]),
        }
        for row in load_seed("dimensions").rows(named=True)
    }


@cache
def _units() -> dict[str, str]:
    rows = load_seed("indicator_definitions").select("indicator_code", "unit").iter_rows()
    return dict(rows)


@cache
def _bindings() -> dict[str, str]:
    return dict(load_seed("criteria").select("criterion_id", "binding").iter_rows())
