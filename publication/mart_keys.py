"""The marts' keys, read where dbt tests them: the test ``primary_key`` in ``dbt_project/models/marts``.

Does not belong here: columns, types and comments, which a release's own files tell.
"""

from functools import cache
from pathlib import Path

import yaml  # type: ignore[import-untyped]

MARTS = Path(__file__).resolve().parent.parent / "dbt_project" / "models" / "marts"
KEY_TEST = "primary_key"


@cache
def mart_keys(folder: Path = MARTS) -> dict[str, tuple[str, ...]]:
    """Give the columns of each mart's key, in their order, by the mart's name.

    Reads every ``*.yml`` of ``folder``. A mart without the test has no entry.
    """
    models = [
        model
        for path in sorted(folder.glob("*.yml"))
        for model in yaml.safe_load(path.read_text(encoding="utf-8")).get("models", [])
    ]
    return {
        model["name"]: tuple(test[KEY_TEST]["arguments"]["columns"])
        for model in models
        for test in model.get("data_tests", [])
        if isinstance(test, dict) and KEY_TEST in test
    }
