"""How large a sample is, what of it is written, and what was written."""

from dataclasses import dataclass
from pathlib import Path
from typing import Self

BUNDLED_SEED = 20240903
MAX_ZONES = 999
MAX_ENTERPRISES = 9999


@dataclass(frozen=True)
class SampleShape:
    """The size of a sample; one shape always gives the same bytes.

    ``zones`` and ``enterprises`` (a zone and year) count what is invented; ``dirt`` adds a case of every
    rule; ``histories`` tells the zones' whole stories. Without histories every zone sends one annual
    report, and one zone in ``application_interval`` a four-year application besides.
    """

    zones: int = 26
    enterprises: int = 40
    seed: int = BUNDLED_SEED
    dirt: bool = True
    histories: bool = True
    application_interval: int = 4

    def __post_init__(self) -> None:
        if not 1 <= self.zones <= MAX_ZONES:
            raise ValueError(f"zones: expected 1 to {MAX_ZONES}, got {self.zones}")
        if not 1 <= self.enterprises <= MAX_ENTERPRISES:
            raise ValueError(f"enterprises: expected 1 to {MAX_ENTERPRISES}, got {self.enterprises}")
        if self.application_interval < 1:
            raise ValueError(f"application_interval: expected 1 or more, got {self.application_interval}")
        if self.dirt and not self.histories:
            raise ValueError("dirt needs histories: it grows on submissions of every type")

    @classmethod
    def large(cls, zones: int = 200, enterprises: int = 2500, seed: int = BUNDLED_SEED) -> Self:
        """Give the shape of a benchmark inbox, clean and without histories.

        Each zone's annual report and each fourth zone's four-year application hold as many roster rows:
        200 zones of 2,500 enterprises make 500,000 + 50 × 4 × 2,500 = 1,000,000 rows.
        """
        return cls(zones=zones, enterprises=enterprises, seed=seed, dirt=False, histories=False)


@dataclass(frozen=True)
class SampleSummary:
    """What was written: files, the roster rows in them as planned, and bytes."""

    folder: Path
    workbooks: int
    ledger_files: int
    roster_rows: int
    size_bytes: int
