"""dbt's documentation in a release: one page that opens from a disk and asks nothing of the network.

dbt left its page, its manifest and its catalogue of the night's own warehouse; here they become one file.
Left out: macros of dbt's own, unit tests (the repository has them), what tells of the machine or the run.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ingestion.seeds import SEEDS
from publication.errors import IncompleteReleaseError

FOLDER = "dbt_docs"
PAGE, MANIFEST, CATALOG = "index.html", "manifest.json", "catalog.json"

PLACES = {MANIFEST: '"MANIFEST.JSON INLINE DATA"', CATALOG: '"CATALOG.JSON INLINE DATA"'}
"""Where dbt's page takes up what would else be asked for."""

POLICY = (
    '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
    "script-src 'unsafe-inline' 'unsafe-eval'; style-src 'unsafe-inline'; img-src data:; font-src data:; "
    "base-uri 'none'; form-action 'none'\">"
)
"""The page brings its scripts and styles itself and builds templates at run time; nothing may be fetched."""

NOT_THERE = {
    'xlink:href="{{': 'ng-attr-href="{{',
    "${require('./assets/favicons/favicon.ico')}": "data:,",
}
"""What dbt's page would ask for in vain: templates as addresses before they are filled in, an icon."""

OF_THE_MACHINE = frozenset(
    {"root_path", "build_path", "compiled_path", "created_at", "checksum", "unrendered_config"}
)
KEPT_METADATA = ("dbt_schema_version", "dbt_version", "project_name", "adapter_type")


def write_dbt_docs(artifacts: Path, folder: Path, home: Path) -> None:
    """Write ``dbt_docs/index.html`` into the release at ``folder`` from what dbt left at ``artifacts``.

    Paths below ``home`` and in this repository are told without the machine's own. Raises
    ``IncompleteReleaseError`` when dbt left no documentation.
    """
    missing = [name for name in (PAGE, MANIFEST, CATALOG) if not (artifacts / name).is_file()]
    if missing:
        raise IncompleteReleaseError(
            f"{artifacts} 中缺少 dbt 文档 {', '.join(missing)}，未制作发布。请先运行数据转换。",
            f"dbt's documentation lacks {', '.join(missing)} in {artifacts}; no release was made. "
            "Run the transformations first.",
        )
    manifest = _without_the_machine(json.loads((artifacts / MANIFEST).read_text(encoding="utf-8")))
    catalog = json.loads((artifacts / CATALOG).read_text(encoding="utf-8"))
    catalog["metadata"] = _metadata(catalog["metadata"])
    page = (artifacts / PAGE).read_text(encoding="utf-8").replace("<head>", f"<head>{POLICY}", 1)
    for asked, instead in NOT_THERE.items():
        page = page.replace(asked, instead)
    for name, content in ((MANIFEST, manifest), (CATALOG, catalog)):
        page = page.replace(PLACES[name], _inlined(content, home))
    (folder / FOLDER).mkdir()
    (folder / FOLDER / PAGE).write_text(page, encoding="utf-8")


def _without_the_machine(manifest: dict[str, Any]) -> dict[str, Any]:
    """Give the manifest with what a reader needs and nothing of the machine or the run."""
    project = manifest["metadata"]["project_name"]
    own_macros = {
        name: macro for name, macro in manifest["macros"].items() if macro["package_name"] == project
    }
    told = manifest | {"macros": own_macros, "unit_tests": {}, "disabled": {}}
    for kind in ("nodes", "sources", "exposures", "macros"):
        told[kind] = {
            name: {key: value for key, value in node.items() if key not in OF_THE_MACHINE}
            for name, node in told[kind].items()
        }
    return told | {"metadata": _metadata(manifest["metadata"])}


def _metadata(metadata: Mapping[str, Any]) -> dict[str, Any]:
    return {key: metadata[key] for key in KEPT_METADATA if key in metadata}


def _inlined(content: object, home: Path) -> str:
    """Give ``content`` as JSON that may stand in a script, the machine's folders named by what they are."""
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":")).replace("</", "<\\/")
    folders = {
        str(home): "$COOPZONES_HOME",
        str(home.resolve()): "$COOPZONES_HOME",
        str(SEEDS.parent.parent): ".",
    }
    for path, name in folders.items():
        text = text.replace(json.dumps(path, ensure_ascii=False)[1:-1], name)
    return text
