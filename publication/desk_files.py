"""What a release holds for the desk beside marts and site: what goes back, is answered, is exported."""

from datetime import datetime
from pathlib import Path

from ingestion.child_limits import ChildLimits
from ingestion.progress import Progress
from publication.desk import open_desk
from publication.returned.release import write_returned


def write_desk_files(  # noqa: PLR0913  what a release gives each of its writers
    folder: Path,
    *,
    home: Path,
    warehouse: Path,
    night: Path,
    previous: Path | None,
    as_of: datetime,
    limits: ChildLimits,
    progress: Progress,
) -> None:
    """Write ``returned/`` into the release at ``folder``, whose database stands there already.

    ``previous`` is the release whose returned workbooks may be taken over; ``as_of`` the moment.
    """
    with open_desk(folder, warehouse, night) as desk:
        write_returned(
            desk,
            folder,
            home=home,
            previous=previous,
            today=as_of.date(),
            limits=limits,
            progress=progress,
        )
