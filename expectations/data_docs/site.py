"""The site of Data Docs: rendered by Great Expectations, then made whole so that it opens from a disk.

Belongs here: the site's settings, and pointing every link of its pages at a file beside them. Does not belong
here: where the third-party files come from (``assets``).
"""

import os
import re
import shutil
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from expectations.data_docs.assets import copy_asset, package_files

SITE = "night"
ASSETS = "static/assets"
LOGO = "static/images/logo-long.png"
FAVICON = "static/images/favicon.ico"
"""Both come with Great Expectations; the site builder copies them."""

IN_PAGE_IMAGES = frozenset({"logo-long.png", "full_logo_dark.png"})
RESOURCE = re.compile(r"<(?:script|link|img)\b[^>]*>")
LINK = re.compile(r"""(\b(?:src|href)=)(["'])(https?://[^"']*)\2""")
MISPLACED_FAVICON = re.compile(rf"""\bhref=(["'])[./]*{re.escape(FAVICON)}\1""")
"""Great Expectations names it a folder too low on the pages of results."""

CHECKED_BY_THE_BROWSER = re.compile(r"""\s(?:integrity|crossorigin)=(["'])[^"']*\1""")
CSS_OUTSIDE = re.compile(r"""url\((["']?)(https?://[^"')]*)\1\)""")
PAGED = "'pagination': 'true'"
ROWS_A_PAGE = 50
"""More than there are tables, so that no failed one hides on a second page."""

NEWSLETTER = re.compile(r"<footer\b.*?</footer>", re.DOTALL)
OUTSIDE_ANCHOR = re.compile(r"""<a\b[^>]*\bhref=["']https?://[^>]*>(.*?)</a>""", re.DOTALL)


class UnknownLinkError(RuntimeError):
    """A page of Data Docs names a file on the network that no installed asset stands for."""


def build_site(context: Any, folder: Path) -> Path:
    """Render Great Expectations' ``context`` into ``folder`` and give its ``index.html``.

    What stood in ``folder`` before is replaced. Raises ``UnknownLinkError`` when a page needs something
    that is not among the assets.
    """
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    context.add_data_docs_site(
        site_name=SITE,
        site_config={
            "class_name": "SiteBuilder",
            "show_how_to_buttons": False,
            "store_backend": {"class_name": "TupleFilesystemStoreBackend", "base_directory": str(folder)},
            "site_index_builder": {"class_name": "DefaultSiteIndexBuilder", "show_cta_footer": False},
        },
    )
    context.build_data_docs(site_names=[SITE])
    _drop_static_files(folder, kept=(LOGO, FAVICON))
    for page in sorted(folder.rglob("*.html")):
        page.write_text(_made_whole(page.read_text(encoding="utf-8"), page, folder), encoding="utf-8")
    return folder / "index.html"


def _drop_static_files(folder: Path, kept: tuple[str, ...]) -> None:
    """Drop what the site builder copies (fonts, films, templates) and no page names."""
    needed = {folder / path for path in kept}
    for path in sorted((folder / "static").rglob("*"), reverse=True):
        if path.is_file() and path not in needed:
            path.unlink()
        elif path.is_dir() and not any(path.iterdir()):
            path.rmdir()


def _made_whole(text: str, page: Path, folder: Path) -> str:
    """Give the page with every link to the network replaced by one to a file of the site."""

    def beside(file: Path) -> str:
        return Path(os.path.relpath(file, page.parent)).as_posix()

    def local(address: str) -> str:
        return beside(_stands_for(address, page, folder))

    def resource(tag: re.Match[str]) -> str:
        linked = LINK.sub(lambda link: f'{link[1]}"{local(link[3])}"', tag[0])
        linked = MISPLACED_FAVICON.sub(f'href="{beside(folder / FAVICON)}"', linked)
        return CHECKED_BY_THE_BROWSER.sub("", linked)

    text = NEWSLETTER.sub("", text.replace(PAGED, f"{PAGED}, 'pageSize': {ROWS_A_PAGE}"))
    text = OUTSIDE_ANCHOR.sub(lambda anchor: anchor[1], text)
    text = RESOURCE.sub(resource, text)
    return CSS_OUTSIDE.sub(lambda link: f"url('{local(link[2])}')", text)


def _stands_for(address: str, page: Path, folder: Path) -> Path:
    name = urlsplit(address).path.rsplit("/", maxsplit=1)[-1]
    if name in IN_PAGE_IMAGES:
        return folder / LOGO
    if name not in package_files():
        raise UnknownLinkError(
            f"{page.relative_to(folder)} names {address}, for which assets.csv has no file: "
            "add the package to package.json and the file to assets.csv"
        )
    return copy_asset(package_files()[name], folder / ASSETS)
