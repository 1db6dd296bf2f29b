"""How long, how often and for how much a source is asked: the seed ``source_limits``, or an entry's own."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from ingestion.seeds import load_seed


class Limits(BaseModel):
    """The limits of one source; the seed says what each is for and its unit."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    total_seconds: float = Field(gt=0, allow_inf_nan=False)
    network_seconds: float = Field(gt=0, allow_inf_nan=False)
    attempts: int = Field(ge=1, le=100)
    first_wait_seconds: float = Field(gt=0, allow_inf_nan=False)
    wait_factor: float = Field(ge=1, le=100)
    longest_wait_seconds: float = Field(gt=0, allow_inf_nan=False)
    jitter_share: float = Field(ge=0, le=1)
    longest_retry_after_seconds: float = Field(ge=0, allow_inf_nan=False)
    longest_respite_seconds: float = Field(ge=0, le=10**8)
    largest_bytes: int = Field(ge=1)
    redirects: int = Field(ge=0, le=20)


def default_limits() -> dict[str, Any]:
    """Give the limits of an entry that states none, by name."""
    return {name: value for name, value in _rows() if name in Limits.model_fields}


def sources_at_once() -> int:
    """Give how many sources are asked side by side."""
    return int(dict(_rows())["sources_at_once"])


def _rows() -> list[tuple[str, str]]:
    return load_seed("source_limits").select("limit_name", "value").rows()
