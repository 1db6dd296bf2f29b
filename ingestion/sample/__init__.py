"""The sample inbox: invented zones, workbooks and ledgers, the same bytes for the same seed.

Belongs here: a generator that follows the contract's seeds, and a small inbox made by it (``inbox/``), on
which a first run works. Does not belong here: anything that reads an inbox.
"""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from ingestion.progress import Progress
from ingestion.sample.shape import BUNDLED_SEED, SampleShape, SampleSummary

SAMPLE_INBOX = Path(__file__).resolve().parent / "inbox"
"""The bundled inbox: the sample of ``SampleShape()``."""

SAMPLE_AS_OF = datetime(2026, 6, 30, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
"""The moment at which the bundled inbox is evaluated: terms, reports and applications in every state."""

__all__ = [
    "BUNDLED_SEED",
    "SAMPLE_AS_OF",
    "SAMPLE_INBOX",
    "SampleShape",
    "SampleSummary",
    "write_sample_inbox",
]


def write_sample_inbox(folder: Path, shape: SampleShape, progress: Progress) -> SampleSummary:
    """Write the sample of ``shape`` into ``folder``, which must be empty or absent; say what was written.

    Raises ``FileExistsError`` when something already stands there.
    """
    from ingestion.sample.writing import write_sample_inbox as write  # noqa: PLC0415 - only who writes pays

    return write(folder, shape, progress)
