"""What the pages of Data Docs need is pinned, installed at set-up, and known by name."""

import json
import re
from pathlib import Path

import pytest

from expectations.data_docs import assets
from expectations.data_docs.assets import (
    HERE,
    AssetsInstallError,
    AssetsMissingError,
    copy_asset,
    install_assets,
    is_installed,
    package_files,
    require_assets,
)
from expectations.data_docs.site import UnknownLinkError, build_site

PINNED = re.compile(r"\d+\.\d+\.\d+")


def lock() -> dict:
    return json.loads((HERE / "package-lock.json").read_text(encoding="utf-8"))


def test_every_package_is_pinned_exactly_and_checked() -> None:
    wanted = json.loads((HERE / "package.json").read_text(encoding="utf-8"))["dependencies"]
    assert all(PINNED.fullmatch(version) for version in wanted.values())
    locked = {path: package for path, package in lock()["packages"].items() if path}
    assert {path.removeprefix("node_modules/") for path in locked} >= set(wanted)
    assert all(package["integrity"].startswith("sha512-") for package in locked.values())


def test_the_lock_names_no_registry() -> None:
    assert not [path for path, package in lock()["packages"].items() if "resolved" in package]


def test_every_named_file_is_in_its_package() -> None:
    require_assets()
    for package_file in package_files().values():
        assert (HERE / "node_modules" / package_file).is_file(), package_file


def test_installing_again_does_nothing() -> None:
    assert is_installed()
    assert install_assets() is False


def test_another_lock_file_asks_for_another_installation(tmp_path: Path) -> None:
    (tmp_path / "package-lock.json").write_text("{}", encoding="utf-8")
    (tmp_path / "node_modules").mkdir()
    (tmp_path / "node_modules" / ".installed-from").write_text("another", encoding="ascii")
    assert not is_installed(tmp_path)
    with pytest.raises(AssetsMissingError, match="make setup"):
        require_assets(tmp_path)


def test_a_failed_installation_says_what_to_do_in_both_languages(tmp_path: Path) -> None:
    (tmp_path / "package-lock.json").write_text("no lock file", encoding="utf-8")
    with pytest.raises(AssetsInstallError, match=r"安装失败.*make setup.*npm:") as problem:
        install_assets(tmp_path)
    assert "make setup again" in str(problem.value)
    assert not is_installed(tmp_path)


def test_a_style_sheet_brings_the_files_that_it_names(tmp_path: Path) -> None:
    copied = copy_asset(package_files()["all.min.css"], tmp_path)
    fonts = assets.CSS_URL.findall(copied.read_text(encoding="utf-8"))
    assert fonts
    assert all((copied.parent / font).is_file() for font in fonts)


class OnePageContext:
    """Stands for what renders the pages: it writes one that names a file nobody knows."""

    def add_data_docs_site(self, site_name: str, site_config: dict) -> None:
        """Remember where the pages go."""
        self.folder = Path(site_config["store_backend"]["base_directory"])
        self.site_name = site_name

    def build_data_docs(self, site_names: list[str]) -> None:
        """Write the page."""
        assert site_names == [self.site_name]
        page = '<script src="https://somewhere.example/new-library@1.js"></script>'
        (self.folder / "index.html").write_text(page, encoding="utf-8")


def test_a_page_that_names_an_unknown_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnknownLinkError, match=r"index.html names .*new-library@1.js"):
        build_site(OnePageContext(), tmp_path / "data_docs")
