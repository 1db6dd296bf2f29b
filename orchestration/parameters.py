"""The parameters of the standard as a setting: ``name=value,name=value``, held to the seed ``parameters``.

Belongs here: reading and checking what a person wrote. What a parameter means, its default and its
alternatives stand in the seed; what follows from it is computed in the rooms that use it.
"""

import re
from collections.abc import Mapping

PARAMETERS_ALLOWED = (
    "“参数=取值”，多个用逗号分隔，如 hmt_counts_as_foreign=no",
    "name=value, several joined by commas, such as hmt_counts_as_foreign=no",
)
# The shapes of a default that stand for "any value of this shape" where the seed lists no alternatives.
_OPEN_SHAPES = (re.compile(r"\d+"), re.compile(r"0?\.\d+|0\.\d+|1(\.0+)?"), re.compile(r"\d\d-\d\d"))


def split_parameters(text: str) -> dict[str, str]:
    """Split ``name=value,name=value``; raise ``ValueError`` (Chinese, newline, English) on another shape."""
    parameters: dict[str, str] = {}
    for part in filter(None, (piece.strip() for piece in re.split("[,，;；]", text))):
        name, equals, value = (piece.strip() for piece in part.partition("="))
        if not (name and equals and value):
            raise ValueError(f"“{part}”不是 参数=取值\n{part!r} is not name=value")
        if name in parameters:
            raise ValueError(f"参数 {name} 写了两次\nparameter {name} is given twice")
        parameters[name] = value
    return parameters


def check_parameters(parameters: Mapping[str, str]) -> dict[str, str]:
    """Hold names and values to the seed; give those that differ from their default, in the order of names.

    Raises ``ValueError`` (Chinese, newline, English) for an unknown name or a value that is not allowed.
    """
    if not parameters:
        return {}
    from ingestion.seeds import load_seed  # noqa: PLC0415 (a start without parameters needs no table)

    known = {row["parameter"]: row for row in load_seed("parameters").iter_rows(named=True)}
    for name, value in parameters.items():
        if name not in known:
            names = ", ".join(known)
            raise ValueError(f"没有参数 {name}；现有：{names}\nno parameter {name}; there are: {names}")
        _check_value(name, value, known[name]["default_value"], known[name]["alternatives"])
    return {
        name: parameters[name]
        for name in sorted(parameters)
        if parameters[name] != known[name]["default_value"]
    }


def _check_value(name: str, value: str, default: str, alternatives: str | None) -> None:
    allowed = [
        default,
        *(alternative.strip() for alternative in (alternatives or "").split(";") if alternative),
    ]
    if value in allowed:
        return
    shape = next((shape for shape in _OPEN_SHAPES if shape.fullmatch(default)), None)
    if alternatives is None and shape is not None and shape.fullmatch(value):
        return
    like = f"，或同样写法的值 / or a value written like {default}" if alternatives is None and shape else ""
    listed = "; ".join(allowed) + like
    raise ValueError(f"参数 {name} 可取：{listed}\nparameter {name} allows: {listed}")
