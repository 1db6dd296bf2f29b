"""What a Parquet file says of itself: the mart's comment, and every column's, where readers look for them.

Parquet has no place for a column's comment; Arrow has one, and keeps its schema in the file's metadata
(``ARROW:schema``). Whoever reads through Arrow sees the comments on the fields; whoever does not, the mart's.
"""

import base64
from collections.abc import Mapping

import pyarrow as pa

COMMENT = "comment"
ARROW_SCHEMA = "ARROW:schema"


def file_metadata(schema: pa.Schema, comment: str | None, columns: Mapping[str, str]) -> dict[str, str]:
    """Give the metadata of a file with the columns of ``schema``: its ``comment``, those of ``columns``.

    The same schema and comments give the same text. A column without a comment has no metadata.
    """
    about_table = {COMMENT: comment} if comment else {}
    fields = [
        field.with_metadata({COMMENT: columns[field.name]}) if field.name in columns else field
        for field in schema
    ]
    described = pa.schema(fields, metadata=about_table)
    return about_table | {ARROW_SCHEMA: base64.b64encode(described.serialize().to_pybytes()).decode()}
