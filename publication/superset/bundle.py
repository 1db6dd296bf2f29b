"""Make the bundle that Superset imports: the dashboard's YAML for one shelf of the marts, in a zip.

The YAML is what Superset exports, with places that are filled here:

- ``${state(kind, expression)}`` in SQL: a state's wording by the seed ``messages``, Chinese and English.
- ``${name(kind, expression)}`` in SQL: the name of what a code names, Chinese and English.
- ``${chinese(kind, expression)}`` in SQL: its Chinese name alone, where both would not fit beside a chart.
- ``${word(kind, code)}``: one state's wording.
- ``${uri}``, ``${shelf}``, ``${shelf_code}``: where the shelf is, what people and addresses call it.

The two shelves have the same charts under other ids, so that one Superset can hold both; the ids in the files
are those of the DuckDB shelf. The same files and shelf give the same bytes at any moment.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID, uuid5

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from publication.errors import UnusableAddressError
from publication.superset.wording import as_case, chinese_names, name_wordings, state_wordings

HERE = Path(__file__).parent
FOLDERS = ("datasets", "charts", "dashboards")
METADATA = "version: 1.0.0\ntype: Dashboard\n"

PLACE = re.compile(r"\$\{(?P<what>[a-z_]+)(?:\((?P<kind>[a-z_]+), (?P<of>[^()]+)\))?\}")
ID = re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b")

NO_ADDRESS = (
    "不是 PostgreSQL 的地址，应如 postgresql://reader@host:5432/database",
    "Not an address of PostgreSQL; it should be like postgresql://reader@host:5432/database",
)
MISPLACED_PASSWORD = (
    "密码只能写在用户之后（postgresql://reader:…@host），其中的 @ 须写作 %40，不得写作参数（password= 等）",
    "A password goes behind the user (postgresql://reader:…@host), an @ in it as %40, never into a parameter",
)
SAFEGUARDS = "access_mode=read_only&enable_external_access=false&lock_configuration=true"
"""DuckDB's options under which a statement reads the marts, and no other file or address of the machine."""

MASKED = "X" * 10
"""What Superset writes in place of a password; it asks for the password when it imports one."""


@dataclass(frozen=True)
class Shelf:
    """A shelf as Superset sees it: ``code`` names its file in ``databases/``, ``uri`` is SQLAlchemy's."""

    code: str
    label: str
    uri: str


def duckdb_shelf(home: Path) -> Shelf:
    """Give the shelf that every release brings: ``home``'s current DuckDB file, under ``SAFEGUARDS``.

    The file need not be there yet. The path must be the one that the machine which runs Superset sees.
    """
    database = home.absolute() / "releases" / "current" / "coopzones.duckdb"
    return Shelf("duckdb", "DuckDB", f"duckdb:///{database}?{SAFEGUARDS}")


def postgres_shelf(url: str) -> Shelf:
    """Give the PostgreSQL shelf at ``url`` (``postgresql://reader@host:5432/database``), its password masked.

    Superset's driver is psycopg2, whatever driver ``url`` names. Anything but an address of a PostgreSQL
    database raises ``UnusableAddressError``, and so does one with a password where it can't be masked.
    """
    try:
        address = make_url(url)
    except (ArgumentError, ValueError) as error:
        raise UnusableAddressError(*NO_ADDRESS) from error
    if address.get_backend_name() not in {"postgresql", "postgres"} or not address.database:
        raise UnusableAddressError(*NO_ADDRESS)
    if url.count("@") > 1 or any("password" in name.lower() for name in address.query):
        raise UnusableAddressError(*MISPLACED_PASSWORD)
    masked = address.set(drivername="postgresql+psycopg2", password=MASKED if address.password else None)
    return Shelf("postgres", "PostgreSQL", masked.render_as_string(hide_password=False))


def bundle_bytes(shelf: Shelf) -> bytes:
    """Give the bundle for ``shelf``, a zip."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as bundle:
        for path, text in bundle_files(shelf):
            entry = zipfile.ZipInfo(f"coopzones/{path}")
            entry.compress_type = zipfile.ZIP_DEFLATED
            bundle.writestr(entry, text)
    return held.getvalue()


def bundle_files(shelf: Shelf) -> Iterator[tuple[str, str]]:
    """Give each file of the bundle for ``shelf``: its path in the bundle and its text."""
    yield "metadata.yaml", METADATA
    yield "databases/coopzones.yaml", _filled(HERE / "databases" / f"{shelf.code}.yaml", shelf)
    for folder in FOLDERS:
        for file in sorted((HERE / folder).glob("*.yaml")):
            yield f"{folder}/{file.name}", _filled(file, shelf)


def _filled(file: Path, shelf: Shelf) -> str:
    """Fill the places of ``file``; one that nobody knows is a ``KeyError`` that names it."""
    text = PLACE.sub(lambda place: _text_of(place, shelf), file.read_text(encoding="utf-8"))
    if shelf.code == "duckdb":
        return text
    return ID.sub(lambda found: str(uuid5(UUID(found[0]), shelf.code)), text)


def _text_of(place: re.Match[str], shelf: Shelf) -> str:
    """Give what stands in ``place``."""
    kind, of = place["kind"], place["of"]
    if kind is None:
        return {"uri": shelf.uri, "shelf": shelf.label, "shelf_code": shelf.code}[place["what"]]
    if place["what"] == "word":
        return state_wordings(kind)[of]
    wordings = {"state": state_wordings, "name": name_wordings, "chinese": chinese_names}[place["what"]]
    return as_case(of, wordings(kind))
