"""The version of the code that made a release."""

import hashlib
from functools import cache
from importlib.metadata import version
from pathlib import Path

ROOMS = ("ingestion", "dbt_project", "expectations", "publication", "orchestration")
SOURCES = {".py", ".sql", ".yml", ".yaml", ".csv", ".html", ".jinja", ".j2", ".css"}
_ROOT = Path(__file__).resolve().parent.parent
_NOT_CODE = {"inbox", "target", "logs", "dbt_packages", "node_modules", "__pycache__"}


@cache
def code_version() -> str:
    """Give the package's version and a hash of its sources: an edited copy has a version of its own."""
    digest = hashlib.sha256()
    for room in ROOMS:
        for path in sorted((_ROOT / room).rglob("*")):
            relative = path.relative_to(_ROOT)
            if path.suffix in SOURCES and not _NOT_CODE.intersection(relative.parts):
                digest.update(str(relative).encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return f"{version('coopzones')}+{digest.hexdigest()[:12]}"
