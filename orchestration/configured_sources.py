"""The outside sources that are configured, and what they have brought: light to import.

Belongs here: what the commands and the night share. Does not belong here: assets (``outside_sources``).
"""

from pathlib import Path
from typing import TYPE_CHECKING

from orchestration.errors import SettingsError
from orchestration.night import OutsideSources
from orchestration.settings import Settings

if TYPE_CHECKING:
    from ingestion.progress import Progress
    from ingestion.sources.configuration import Sources


def load_outside_sources(settings: Settings) -> "Sources":
    """Give the sources that are switched on; raise ``SettingsError`` naming all that can't be followed."""
    from ingestion.sources.configuration import load_sources  # noqa: PLC0415 (only who has sources pays)
    from ingestion.sources.errors import SourceConfigurationError  # noqa: PLC0415

    try:
        return load_sources(settings.sources)
    except SourceConfigurationError as error:
        raise SettingsError(str(error)) from error


def translated(sources: "Sources", home: Path, progress: "Progress") -> OutsideSources:
    """Give what ``sources`` have brought so far, translated where it is new; the network is not asked."""
    from ingestion.receive import no_files  # noqa: PLC0415
    from ingestion.sources.tonight import SourcesTonight  # noqa: PLC0415

    if not sources.entries:
        return OutsideSources(no_files(), SourcesTonight())
    from ingestion.sources.standing import sources_tonight  # noqa: PLC0415
    from ingestion.sources.translation import translate  # noqa: PLC0415

    done = translate(sources, home, progress)
    return OutsideSources(done.files, sources_tonight(sources, home, done.problems))
