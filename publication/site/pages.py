"""Pages: where they stand, how one leads to another, and writing each in both languages."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from publication.site import figures
from publication.site.language import LANGUAGES, Language, other_language
from publication.wording import LONGEST, LONGEST_MESSAGE, site_text

HANDBOOK = "handbook"
"""The folder of the marts handbook beside the site."""

PLAIN_NAME = re.compile(r"[A-Z0-9]{1,64}")
"""Capitals only: two names that differ in case are one file on some systems."""


@dataclass(frozen=True)
class Frame:
    """What every page of one release shares: the release, its moment, its pages, its returned workbooks.

    ``documents`` are what stands in folders beside the site; ``site`` is the way to the site's folder from
    the folder of these pages, empty or ending in a slash.
    """

    facts: Any
    navigation: tuple[str, ...]
    zones: frozenset[str] = frozenset()
    rules: frozenset[str] = frozenset()
    returned: Mapping[str, str] = field(default_factory=dict)
    documents: tuple[str, ...] = ()
    site: str = ""


@dataclass
class Pages:
    """The pages of one site, written below ``folder``."""

    folder: Path
    frame: Frame
    written: list[str] = field(default_factory=list)

    def write(self, stem: str, template: str, **values: Any) -> None:
        """Write the page ``stem`` (a path without its suffix) in every language from ``template``."""
        target = self.folder / stem
        target.parent.mkdir(exist_ok=True)
        for language in LANGUAGES:
            html = (
                environment()
                .get_template(template)
                .render(
                    values,
                    frame=self.frame,
                    facts=self.frame.facts,
                    at=Place(stem, language, self.frame),
                    language=language,
                    say=language.say,
                    word=language.word,
                    name=language.name,
                    cite=language.cite,
                    pick=language.pick,
                )
            )
            target.with_name(target.name + language.suffix).write_text(html, encoding="utf-8")
        self.written.append(stem)


@dataclass(frozen=True)
class Place:
    """Where a page stands, and so how it leads to the others."""

    stem: str
    language: Language
    frame: Frame

    @property
    def root(self) -> str:
        """Give the way from this page to the folder of the site, empty or ending in a slash."""
        return self.top + self.frame.site

    @property
    def top(self) -> str:
        """Give the way from this page to the folder that it is written below, empty or ending in a slash."""
        return "../" * self.stem.count("/")

    @property
    def release(self) -> str:
        """Give the way from this page to the folder of the release."""
        return self.top + "../"

    def to(self, stem: str, anchor: str = "") -> str:
        """Give the way to another page in the same language."""
        return f"{self.root}{stem}{self.language.suffix}{'#' if anchor else ''}{anchor}"

    @property
    def other(self) -> Language:
        """Give the other language."""
        return other_language(self.language)

    @property
    def in_other(self) -> str:
        """Give the way to the same page in the other language."""
        return f"{self.top}{self.stem}{self.other.suffix}"

    def current(self, stem: str) -> str | None:
        """Say whether this is the page ``stem`` of the site (page), one below it (true), or neither."""
        if self.frame.site:
            return None
        if self.stem == stem:
            return "page"
        return "true" if self.stem.startswith(f"{stem}/") else None

    def document(self, name: str) -> str:
        """Give the way to a document beside the site, in this language where it is in both."""
        suffix = self.language.suffix if name == HANDBOOK else ".html"
        return f"{self.release}{name}/index{suffix}"

    def zone(self, zone_id: str | None) -> str | None:
        """Give the way to a zone's page; ``None`` where it has none."""
        return self.to(zone_page(zone_id)) if zone_id in self.frame.zones and zone_id else None

    def workbook(self, submission_id: str | None) -> str | None:
        """Give the way to what goes back of a submission; ``None`` where nothing does."""
        path = self.frame.returned.get(submission_id or "")
        return None if path is None else self.release + quote(path)

    def rule(self, rule_id: str) -> str | None:
        """Give the way to a rule's page; ``None`` where it has none."""
        return self.to(rule_page(rule_id)) if rule_id in self.frame.rules else None


def zone_page(zone_id: str) -> str:
    """Give the stem of a zone's page."""
    return f"zones/{file_name(zone_id)}"


def rule_page(rule_id: str) -> str:
    """Give the stem of a rule's page."""
    return f"rules/{file_name(rule_id)}"


def file_name(identifier: str) -> str:
    """Give a file name for ``identifier``: itself when it is plain, else its hash; never another's name."""
    if PLAIN_NAME.fullmatch(identifier):
        return identifier
    return "_" + hashlib.sha256(identifier.encode()).hexdigest()[:32]


@cache
def environment() -> Environment:
    """Give the templates' environment: everything escaped, an unknown name an error."""
    templates = Environment(
        loader=PackageLoader("publication.site"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.filters["told"] = lambda text: site_text(text) or figures.NOTHING
    templates.filters["told_whole"] = lambda text: site_text(text, LONGEST_MESSAGE)
    templates.filters["figure"] = figures.figure
    templates.filters["day"] = figures.day
    templates.filters["clock"] = figures.clock
    templates.filters["row_ranges"] = figures.row_ranges
    templates.filters["trusted"] = Markup
    templates.globals["longest"] = LONGEST
    templates.globals["nothing"] = figures.NOTHING
    return templates
