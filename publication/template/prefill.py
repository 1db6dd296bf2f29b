"""What a template can know beforehand: the zone's cover as the current release has it, or what was asked for.

Belongs here: choosing values for cover cells, and refusing codes that nobody knows. Does not belong here:
writing them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from ingestion.judging.contract import COVER, workbook_tables
from ingestion.seeds import load_seed
from publication.errors import UnknownCodeError
from publication.releases import current_release
from publication.tables import DATABASE

KNOWN_OF_A_ZONE = ("zone_id", "zone_name", "authority_code", "prefecture_code")

ZONES = "select zone_id, zone_name, authority_code, prefecture_code from marts.zones order by zone_id"


@dataclass(frozen=True)
class Prefilled:
    """``cover``: value by field, as a person writes it; ``zones``: codes that the zone's cell may list."""

    cover: Mapping[str, str | int] = field(default_factory=dict)
    zones: tuple[str, ...] = ()


def prefill(
    home: Path,
    *,
    zone_id: str | None = None,
    authority_code: str | None = None,
    submission_type: str | None = None,
    report_year: int | None = None,
) -> Prefilled:
    """Give what is known of the cover: from the arguments and from the current release below ``home``.

    Without a release nothing is known of zones, so any zone's code is taken. Raises ``UnknownCodeError`` for
    a zone that the release does not list, for an authority or a type that the seeds do not, and for a zone of
    another authority.
    """
    zones = _zones(home)
    known: dict[str, str | int | None] = {"zone_id": zone_id, "authority_code": authority_code}
    if authority_code is not None:
        _hold("主管部门", "authority", authority_code, load_seed("provincial_authorities")["authority_code"])
    if zone_id is not None and zones:
        _hold("合作区", "zone", zone_id, list(zones))
        own = zones[zone_id]["authority_code"]
        if authority_code not in (None, own):
            raise UnknownCodeError(
                f"合作区 {zone_id} 属于主管部门 {own}，不属于 {authority_code}。",
                f"The zone {zone_id} belongs to the authority {own}, not to {authority_code}.",
            )
        known |= zones[zone_id]
    if submission_type is not None:
        known["submission_type"] = _type_in_chinese(submission_type)
    known["report_year"] = report_year
    of_authority = [code for code, zone in zones.items() if authority_code in (None, zone["authority_code"])]
    return Prefilled({name: value for name, value in known.items() if value is not None}, tuple(of_authority))


def _zones(home: Path) -> dict[str, dict[str, str | None]]:
    folder = current_release(home)
    if folder is None:
        return {}
    with duckdb.connect(str(folder / DATABASE), read_only=True) as release:
        rows = release.execute(ZONES).fetchall()
    return {row[0]: dict(zip(KNOWN_OF_A_ZONE, row, strict=True)) for row in rows}


def _type_in_chinese(code: str) -> str:
    values = workbook_tables()[COVER].field("submission_type").values
    _hold("报送类型", "submission type", code, [value.code for value in values])
    return next(value.text for value in values if value.code == code)


def _hold(zh: str, en: str, code: str, known: object) -> None:
    codes = list(known)  # type: ignore[call-overload]
    if code not in codes:
        raise UnknownCodeError(
            f"没有代码为“{code}”的{zh}。可用：{'、'.join(codes)}。",
            f"No {en} has the code {code!r}. Known: {', '.join(codes)}.",
        )
