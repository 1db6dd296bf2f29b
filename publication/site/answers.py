"""Answers to findings: the sheets to complete, by authority, and every answer given so far."""

from publication.site.pages import Pages
from publication.site.spreadsheets import Spreadsheets
from publication.site.tables import LISTED


def write(pages: Pages, spreadsheets: Spreadsheets) -> None:
    """Write the page on answers."""
    pages.write(
        "answers",
        "answers.html.j2",
        spreadsheets=spreadsheets,
        history=spreadsheets.history[:LISTED],
        in_all=len(spreadsheets.history),
    )
