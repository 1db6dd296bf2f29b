"""States and names in the dashboard: the seeds' own wording, Chinese with English beside, as SQL.

The marts hold codes. A BI tool shows what a query gives, so the wording is put into the query, from the seeds
and from nowhere else; any engine runs a ``case``.
"""

from functools import cache

from ingestion.seeds import load_seed
from publication.site.language import names


@cache
def state_wordings(kind: str) -> dict[str, str]:
    """Give the wording of each code of a ``kind`` of states; ``KeyError`` when the seed has none of it."""
    found = {
        row["code"]: f"{row['zh']} {row['en']}"
        for row in load_seed("messages").iter_rows(named=True)
        if row["kind"] == kind
    }
    if not found:
        raise KeyError(kind)
    return found


@cache
def name_wordings(kind: str) -> dict[str, str]:
    """Give the name of each code of a ``kind`` of named things; ``KeyError`` when nothing of it has names."""
    return {code: f"{name['zh']} {name['en']}" for code, name in _names_of(kind).items()}


@cache
def chinese_names(kind: str) -> dict[str, str]:
    """Give the Chinese name of each code of a ``kind``; ``KeyError`` when nothing of it has names."""
    return {code: name["zh"] for code, name in _names_of(kind).items()}


def _names_of(kind: str) -> dict[str, dict[str, str]]:
    found = {code: name for (of, code), name in names().items() if of == kind}
    if not found:
        raise KeyError(kind)
    return found


def as_case(expression: str, wordings: dict[str, str]) -> str:
    """Give SQL for the wording of ``expression``, text or number; a code without wording stays as it is."""
    code = f"cast({expression} as varchar)"
    branches = " ".join(f"when '{key}' then {_quoted(text)}" for key, text in wordings.items())
    return f"case {code} {branches} else {code} end"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
