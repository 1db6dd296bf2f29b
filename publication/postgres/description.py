"""What the shelf says of itself, to be held against the contract: columns, types, keys, comments."""

import polars as pl

from publication.postgres.address import Address
from publication.postgres.configuration import Shelf
from publication.tables import SCHEMA

TYPES = {
    "character varying": "varchar",
    "timestamp without time zone": "timestamp",
    "numeric": "decimal",
}
"""PostgreSQL's name of a type beside the contract's, where they differ."""

COLUMNS = """
select
    relation.relname as mart,
    attribute.attnum as position,
    attribute.attname as column_name,
    format_type(attribute.atttypid, attribute.atttypmod) as data_type,
    attribute.attnotnull as is_required,
    array_position(key.indkey::int2[], attribute.attnum) as key_position,
    col_description(relation.oid, attribute.attnum) as comment,
    obj_description(relation.oid, 'pg_class') as mart_comment
from pg_class as relation
join pg_attribute as attribute on attribute.attrelid = relation.oid
left join pg_index as key on key.indrelid = relation.oid and key.indisprimary
where relation.relnamespace = to_regnamespace(%s)
    and relation.relkind = 'r' and attribute.attnum > 0 and not attribute.attisdropped
order by relation.relname, attribute.attnum
"""

SHAPE = {
    "mart": pl.String,
    "position": pl.Int64,
    "column_name": pl.String,
    "data_type": pl.String,
    "is_required": pl.Boolean,
    "key_position": pl.Int64,
    "comment": pl.String,
    "mart_comment": pl.String,
}


def describe_shelf(shelf: Shelf) -> pl.DataFrame:
    """Give a row a column of the marts that readers find on ``shelf``.

    ``mart``, ``position`` (from 1), ``column_name``, ``data_type`` (spelled as in the dbt contracts, such as
    ``decimal(38, 18)``), ``is_required`` (not null), ``key_position`` (from 0, null outside the key),
    ``comment``, ``mart_comment``; sorted by mart and position. Raises a ``ShelfError``.
    """
    address = Address.of(shelf)
    with address.in_clear_words(), address.connect() as connection:
        rows = connection.execute(COLUMNS, [SCHEMA]).fetchall()
    described = pl.DataFrame(rows, schema=SHAPE, orient="row")
    return described.with_columns(pl.col("data_type").map_elements(_contract_type, return_dtype=pl.String))


def _contract_type(type_name: str) -> str:
    """Give the contract's name of PostgreSQL's ``type_name``."""
    name, bracket, rest = type_name.partition("(")
    return TYPES.get(name, name) + bracket + rest.replace(",", ", ")
