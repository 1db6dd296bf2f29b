"""Which shelf, who reads it, how long it waits: what a load is told before it begins.

The waits are rows of the seed ``shelf_limits``. Importing this module needs nothing of the extra.
"""

from dataclasses import dataclass, field
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from ingestion.seeds import load_seed


class ShelfLimits(BaseModel):
    """The figures of the seed; what each is for is told there."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    connect_seconds: int = Field(ge=1)
    silence_seconds: int = Field(ge=1)
    turn_seconds: int = Field(ge=1)
    swap_lock_milliseconds: int = Field(ge=1)
    swap_attempts: int = Field(ge=1)
    swap_pause_milliseconds: int = Field(ge=0)

    @classmethod
    def of_seed(cls) -> Self:
        """Give the figures as the seed states them."""
        return cls.model_validate(dict(load_seed("shelf_limits").select("limit_name", "value").iter_rows()))


@dataclass(frozen=True)
class Shelf:
    """A database that holds the marts once more.

    ``url`` is its address; ``readers`` a role that may read it, if any; ``grace_minutes`` how long marts
    that were replaced stay for readers who still hold them.
    """

    url: SecretStr
    readers: str | None
    grace_minutes: int
    limits: ShelfLimits = field(default_factory=ShelfLimits.of_seed)
