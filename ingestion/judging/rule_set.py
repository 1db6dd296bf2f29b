"""The rules of tonight: the parameters in force and the version that every verdict carries.

Belongs here: what makes two verdicts comparable. Does not belong here: the rules themselves.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from hashlib import sha256
from pathlib import Path

from ingestion.errors import IngestionError
from ingestion.reading.lake import READER_VERSION
from ingestion.seeds import load_seed, seed_path

SEEDS = (
    "countries",
    "criteria",
    "dimensions",
    "incident_levels",
    "indicator_definitions",
    "industry_divisions",
    "ledger_fields",
    "ledger_values",
    "prefectures",
    "promotion_articles",
    "provincial_authorities",
    "quality_rules",
    "reading_limits",
    "revocation_grounds",
    "rule_messages",
    "statistic_indicators",
    "statistic_units",
    "value_types",
    "workbook_fields",
    "workbook_sheets",
    "workbook_values",
)
"""The seeds that judging uses: another word in one of them is another version."""

VERSION_LENGTH = 12


class ParameterError(IngestionError):
    """A parameter is unknown or its value can't be used."""


@dataclass(frozen=True)
class SharesAllowed:
    """What share of rows and of revenue may be quarantined (S08): exact, and as it is written."""

    rows: Fraction
    rows_text: str
    revenue: Fraction
    revenue_text: str


@dataclass(frozen=True)
class RuleSet:
    """The rules in force: their ``version`` and the shares of S08."""

    version: str
    shares_allowed: SharesAllowed


def rules_in_force(parameters: Mapping[str, str]) -> RuleSet:
    """Give the rules under ``parameters``, those that differ from their default.

    Raises ``ParameterError`` for a parameter that the contract does not know and for a share that is no
    decimal from 0 to 1.
    """
    in_force = dict(load_seed("parameters").select("parameter", "default_value").iter_rows())
    unknown = sorted(set(parameters) - set(in_force))
    if unknown:
        raise ParameterError(
            f"没有名为 {'、'.join(unknown)} 的参数；可用的参数见 parameters.csv。",
            f"unknown parameter {', '.join(unknown)}; parameters.csv lists those that exist.",
        )
    in_force |= parameters
    rows, revenue = in_force["max_invalid_row_share"], in_force["max_invalid_revenue_share"]
    allowed = SharesAllowed(
        _share("max_invalid_row_share", rows), rows, _share("max_invalid_revenue_share", revenue), revenue
    )
    return RuleSet(_version(in_force), allowed)


def _share(name: str, text: str) -> Fraction:
    try:
        share = Fraction(Decimal(text))
    except (InvalidOperation, ValueError, OverflowError):
        share = Fraction(-1)
    if not 0 <= share <= 1:
        raise ParameterError(
            f"参数 {name} 的值“{text}”不是 0 至 1 之间的小数。",
            f"the parameter {name} is {text!r}; it must be a decimal from 0 to 1.",
        )
    return share


def _version(in_force: Mapping[str, str]) -> str:
    digest = sha256(READER_VERSION.encode())
    for name in SEEDS:
        digest.update(seed_path(name).read_bytes())
    for source in _sources():
        digest.update(source.read_bytes())
    digest.update(repr(sorted(in_force.items())).encode())
    return digest.hexdigest()[:VERSION_LENGTH]


def _sources() -> list[Path]:
    here = Path(__file__).resolve().parent
    return [*sorted(here.glob("*.py")), here.parent / "uscc.py"]
