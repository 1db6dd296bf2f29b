"""What a release holds for the desk beside marts and site: what goes back, is answered, is exported."""

from datetime import datetime
from pathlib import Path

from ingestion.child_limits import ChildLimits
from ingestion.progress import Progress
from publication.answers.offer import write_answers
from publication.desk import open_desk
from publication.exports import write_exports
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
    """Write ``returned/``, ``answers/`` and ``exports/`` into the release at ``folder``.

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
        progress.step("答复表 answer sheets")
        write_answers(desk, folder, night=night)
        progress.step("导出 exports")
        write_exports(desk, folder, as_of=as_of)
