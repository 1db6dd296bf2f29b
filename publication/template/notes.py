"""What the template says of a field: the note on its header and the message beside its cell.

Belongs here: putting words of the seeds together. Does not belong here: the words.
"""

from functools import cache

from ingestion.judging.contract import Field, Table
from ingestion.seeds import load_seed
from publication.articles import article_text
from publication.workbook_limits import workbook_limit

REQUIRED = {True: "必填", False: "选填"}


@cache
def note_parts(table_name: str, field_name: str) -> tuple[str, str | None, str | None]:
    """Give what a field asks, its unit and its article; raise ``ValueError`` where no note is written."""
    found = load_seed("workbook_notes").filter(table_name=table_name, field=field_name)
    if found.height != 1:
        raise ValueError(f"workbook_notes has {found.height} rows of {table_name}.{field_name}, expected one")
    asks, unit, article = found.select("asks_zh", "unit_zh", "article").row(0)
    return asks, unit, article


def allowed_values(field: Field) -> str:
    """Give the values that ``field`` lists, as a person writes them; nothing when it lists none."""
    return "、".join(value.text for value in field.values)


def header_note(table: Table, field: Field) -> str:
    """Give the note on the header of ``field``: required or not, what is asked, unit, values, article."""
    asks, unit, article = note_parts(table.name, field.name)
    lines = [
        f"{field.header}（{REQUIRED[field.required]}）",
        asks,
        f"单位：{unit}" if unit else "",
        f"可填：{allowed_values(field)}" if field.values else "",
        f"依据：{article_text(article)}" if article else "",
    ]
    return "\n".join(line for line in lines if line)


def cell_message(table: Table, field: Field) -> str:
    """Give what shows beside a cell of ``field`` that is chosen or refused: at most what xlsx allows."""
    asks, unit, _ = note_parts(table.name, field.name)
    said = f"{asks}（单位：{unit}）" if unit else asks
    return said[: workbook_limit("max_validation_message")]
