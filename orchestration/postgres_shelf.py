"""The PostgreSQL shelf's step in a night; it exists where ``COOPZONES_POSTGRES_URL`` is set.

It comes after the release: whatever it ends in, the release stands published. Does not belong here: how a
release gets onto the shelf (``publication.postgres``).
"""

import dagster as dg

from ingestion.progress import Progress
from orchestration.home import Home
from publication.postgres.configuration import Shelf
from publication.postgres.shelf import Shelved, shelve_current

ASSET = "postgres_shelf"


def build_shelf_asset(shelf: Shelf) -> dg.AssetsDefinition:
    """Give the step that brings the current release onto ``shelf``."""

    @dg.asset(
        name=ASSET,
        group_name="publication",
        kinds={"postgres"},
        owners=["team:policy"],
        deps=[dg.AssetKey("release")],
        description=(
            "上架：当前发布的集市装入 PostgreSQL，一步换入 / "
            "The marts of the current release in PostgreSQL, swapped in by one transaction."
        ),
    )
    def postgres_shelf(
        home: dg.ResourceParam[Home],
        progress: dg.ResourceParam[Progress],
    ) -> dg.MaterializeResult[Shelved]:
        shelved = shelve_current(home.root, shelf, progress)
        return dg.MaterializeResult(
            value=shelved,
            metadata={
                "release": shelved.release_id,
                "as_of": shelved.as_of.isoformat(),
                "marts": len(shelved.rows),
                "dagster/row_count": sum(shelved.rows.values()),
                "seconds": shelved.seconds,
                "is_seamless": shelved.is_seamless,
                "passed_by": [str(holder) for holder in shelved.passed_by],
                "kept": [f"{kept.schema_name}: {kept.why}" for kept in shelved.kept],
            },
        )

    return postgres_shelf
