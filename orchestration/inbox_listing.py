"""The inbox's listing as one short text: what the sensor compares, and what a run says it began with."""

import hashlib
from collections.abc import Iterable

import dagster as dg

from ingestion.inbox import Inbox, InboxFile

LISTING_TAG = "coopzones/inbox_listing"


def list_arrivals(inbox: str) -> list[InboxFile]:
    """List submissions and ledgers, fetching nothing; raise ``InboxUnavailableError`` where there is none."""
    return [file for file in Inbox(inbox).list_files() if file.ignored is None]


def digest_of(file: InboxFile) -> str:
    """Give 12 hex digits of what the listing says of one file: path, size, modification time."""
    return hashlib.sha256(f"{file.path}\0{file.size_bytes}\0{file.modified_at}".encode()).hexdigest()[:12]


def listing_key(digests: Iterable[str]) -> str:
    """Give 24 hex digits of a whole listing, the same in whatever order the files were listed."""
    return hashlib.sha256("\n".join(sorted(digests)).encode()).hexdigest()[:24]


def tag_run_with_listing(context: dg.AssetExecutionContext, inbox: str) -> None:
    """Write on the run which listing it began with, so that the sensor asks for no second run of the same."""
    key = listing_key(map(digest_of, list_arrivals(inbox)))
    context.instance.add_run_tags(context.run.run_id, {LISTING_TAG: key})
