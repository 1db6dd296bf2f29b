"""How the text of a cell becomes a value: numbers, dates, moments, listed values; whole columns at once.

Belongs here: the spellings that the contract admits. Does not belong here: whether a value is right.
An error cell and a cell that can't be read give null; so does a blank one: the rules tell them apart.
"""

import polars as pl

from ingestion.judging.contract import DECIMAL, MOMENT, Field, limits
from ingestion.reading.lake import ERROR_MARK

NUMBER = r"^-?(?:[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)(?:\.[0-9]+)?$"
WHOLE_NUMBER = r"^-?[0-9,]+(?:\.0+)?$"
PLAIN_NUMBERS = {
    "integer": r"^-?[0-9]{{1,{digits}}}$",
    "decimal": r"^-?[0-9]{{1,{digits}}}(?:\.[0-9]{{1,{places}}})?$",
}
"""How nearly every number stands in a workbook; what is written otherwise is looked at more closely."""

DATE = r"^[0-9]{4}(?:-[0-9]{2}-[0-9]{2}|/[0-9]{1,2}/[0-9]{1,2}|年[0-9]{1,2}月[0-9]{1,2}日)$"
MOMENT_PARTS = (
    r"^(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})[T ](?P<minute>(?:[01][0-9]|2[0-3]):[0-5][0-9])"
    r"(?::(?P<second>[0-5][0-9])(?:[.,](?P<fraction>[0-9]+))?)?"
    r"(?:Z|(?P<sign>[+-])(?P<offset_hours>[01][0-9]|2[0-3])(?::?(?P<offset_minutes>[0-5][0-9]))?)?$"
)
"""ISO 8601 with the date and at least hours and minutes: a bare day is no moment."""

HAS_OFFSET = r"(?:Z|[+-][0-9]{2}(?::?[0-9]{2})?)$"
NO_YEAR = "0000"
LIST_SEPARATORS = r"\s*[;、,]\s*"
"""After NFKC, which makes ； and ， the first and the last of them."""

MICROSECOND_DIGITS = 6
SHANGHAI = "Asia/Shanghai"


def trimmed(cells: pl.Series) -> pl.Series:
    """Give the cells without Unicode white space at their ends; what is then empty is null."""
    texts = cells.str.strip_chars()
    return texts.set(texts == "", None)


def folded(texts: pl.Series) -> pl.Series:
    """Give trimmed texts after NFKC; only the distinct texts beyond ASCII are looked at."""
    beyond_ascii = (texts.str.len_bytes() != texts.str.len_chars()).fill_null(value=False)
    if not beyond_ascii.any():
        return texts
    distinct = texts.filter(beyond_ascii).unique()
    return texts.replace(distinct, trimmed(distinct.str.normalize("NFKC")))


def is_folded(field: Field) -> bool:
    """Tell whether ``field`` is read after NFKC: codes, numbers, dates and listed values are."""
    return field.is_code or field.type != "text"


def values_of(field: Field, texts: pl.Series) -> pl.Series:
    """Give the values of ``field`` from its cells ``texts`` (trimmed, folded where ``is_folded``).

    Only the distinct texts are looked at, and of numbers only those that are not plainly written.
    """
    if field.type == "text":
        return _parsed(field, texts)
    if field.type not in PLAIN_NUMBERS:
        return _looked_up(field, texts, texts.drop_nulls().unique())
    is_plain = texts.str.contains(_plain_number(field))
    if is_plain.all():
        return texts.cast(field.stored_type)
    odd = texts.filter(~is_plain).unique()
    plain, others = texts.set(~is_plain, None).cast(field.stored_type), _looked_up(field, texts, odd)
    return pl.select(pl.coalesce(plain, others).alias(texts.name)).to_series()


def _looked_up(field: Field, texts: pl.Series, distinct: pl.Series) -> pl.Series:
    """Give the values of those cells that hold one of the ``distinct`` texts, null for the others."""
    if distinct.is_empty():
        return pl.Series(texts.name, [None], dtype=field.stored_type).new_from_index(0, len(texts))
    return texts.replace_strict(
        distinct, _parsed(field, distinct), default=None, return_dtype=field.stored_type
    )


def _parsed(field: Field, texts: pl.Series) -> pl.Series:
    readers = {
        "text": _text,
        "integer": _integer,
        "decimal": _decimal,
        "date": _date,
        "timestamp": _moment,
        "enum": _listed,
        "boolean": _boolean,
        "list": _list,
    }
    return texts.to_frame("cell").select(readers[field.type](field, pl.col("cell"))).to_series()


def _plain_number(field: Field) -> str:
    """Give the pattern of the numbers of ``field`` that a cast reads exactly as they are meant."""
    digits = limits()["max_year_digits" if field.is_year else "max_integer_digits"]
    return PLAIN_NUMBERS[field.type].format(digits=digits, places=limits()["max_decimal_digits"])


def is_error(cell: pl.Expr) -> pl.Expr:
    """Tell whether a filled cell is an error cell such as ``#DIV/0!``; null for a blank one."""
    return cell.str.starts_with(ERROR_MARK)


def shown(cell: pl.Expr) -> pl.Expr:
    """Give a cell's text as a person sees it."""
    return cell.str.strip_prefix(ERROR_MARK)


def _text(field: Field, cell: pl.Expr) -> pl.Expr:
    readable = ~is_error(cell)
    if field.pattern is not None:
        readable &= cell.str.contains(field.pattern)
    return pl.when(readable).then(cell)


def _plain(cell: pl.Expr) -> pl.Expr:
    """Give the digits of a number with at most ``max_integer_digits`` before the point; else null."""
    plain = cell.str.replace_all(",", "", literal=True)
    bounded = plain.str.contains(rf"^-?0*[0-9]{{0,{limits()['max_integer_digits']}}}(?:\.|$)")
    return pl.when(cell.str.contains(NUMBER) & bounded).then(plain)


def _decimal(field: Field, cell: pl.Expr) -> pl.Expr:
    del field
    plain = _plain(cell)
    places = limits()["max_decimal_digits"]
    last = pl.lit("0." + "1".zfill(places)).cast(DECIMAL)
    away_from_zero = pl.when(plain.str.starts_with("-")).then(-last).otherwise(last)
    # The cast would round half to even.
    cut = plain.str.replace(rf"(\.[0-9]{{{places}}})[0-9]+$", "${1}").cast(DECIMAL)
    rounds_up = plain.str.contains(rf"\.[0-9]{{{places}}}[5-9]")
    return pl.when(rounds_up).then(cut + away_from_zero).otherwise(cut)


def _integer(field: Field, cell: pl.Expr) -> pl.Expr:
    whole = pl.when(cell.str.contains(WHOLE_NUMBER)).then(_plain(cell)).str.extract(r"^(-?[0-9]+)")
    if field.is_year:
        whole = pl.when(whole.str.contains(rf"^-?0*[0-9]{{0,{limits()['max_year_digits']}}}$")).then(whole)
    return whole.cast(field.stored_type, strict=False)


def _date(field: Field, cell: pl.Expr) -> pl.Expr:
    del field
    written = pl.when(cell.str.contains(DATE) & ~cell.str.starts_with(NO_YEAR)).then(cell)
    return (
        written.str.strip_suffix("日").str.replace_all("[/年月]", "-").str.to_date("%Y-%m-%d", strict=False)
    )


def _moment(field: Field, cell: pl.Expr) -> pl.Expr:
    del field
    parts = cell.str.extract_groups(MOMENT_PARTS).struct
    readable = parts.field("day").is_not_null() & ~cell.str.starts_with(NO_YEAR)
    clock = pl.concat_str(
        parts.field("day"),
        pl.lit(" "),
        parts.field("minute"),
        pl.lit(":"),
        parts.field("second").fill_null("00"),
        pl.lit("."),
        parts.field("fraction").str.slice(0, MICROSECOND_DIGITS).fill_null("0"),
    ).str.to_datetime("%Y-%m-%d %H:%M:%S%.f", time_unit="us", strict=False)
    hours = parts.field("offset_hours").cast(pl.Int64).fill_null(0)
    minutes = parts.field("offset_minutes").cast(pl.Int64).fill_null(0)
    sign = pl.when(parts.field("sign") == "-").then(-1).otherwise(1)
    instant = clock - pl.duration(minutes=sign * (hours * 60 + minutes))
    in_shanghai = (
        instant.dt.replace_time_zone("UTC").dt.convert_time_zone(SHANGHAI).dt.replace_time_zone(None)
    )
    wall_clock = pl.when(cell.str.contains(HAS_OFFSET)).then(in_shanghai).otherwise(clock)
    return pl.when(readable).then(wall_clock).cast(MOMENT)


def _listed(field: Field, cell: pl.Expr) -> pl.Expr:
    codes = {value.text: value.code for value in field.values}
    return cell.replace_strict(list(codes), list(codes.values()), default=None, return_dtype=pl.String)


def _boolean(field: Field, cell: pl.Expr) -> pl.Expr:
    yes = {value.text: value.code == "true" for value in field.values}
    return cell.replace_strict(list(yes), list(yes.values()), default=None, return_dtype=pl.Boolean)


def _list(field: Field, cell: pl.Expr) -> pl.Expr:
    """Give the codes of a list in the order in which the contract lists them, or null when one is unknown.

    Nothing stands between two separators, or behind the last one: a list of separators alone is empty.
    """
    codes = {value.text: value.code for value in field.values}
    items = cell.str.replace_all(LIST_SEPARATORS, ",").str.split(",").list.filter(pl.element() != "")
    known = items.list.eval(pl.element().is_in(list(codes))).list.all()
    in_order = pl.concat_str(
        [pl.when(items.list.contains(text)).then(pl.lit(code)) for text, code in codes.items()],
        separator=",",
        ignore_nulls=True,
    )
    return pl.when(known).then(in_order)
