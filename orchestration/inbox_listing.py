"""The inbox's listing as one short text: what the sensor compares, and what a run says it began with."""

import hashlib
from collections.abc import Iterable
from dataclasses import replace

import dagster as dg

from ingestion.inbox import Inbox
from ingestion.inbox_entries import InboxFile
from ingestion.places.limits import InboxLimits

LISTING_TAG = "coopzones/inbox_listing"


def list_quiet_arrivals(inbox: str) -> list[InboxFile]:
    """List submissions and ledgers that nobody is writing any more, fetching nothing.

    Raises ``InboxUnavailableError`` where there is no inbox, at the first attempt: who asks comes again.
    """
    with Inbox(inbox, replace(InboxLimits.of_the_seed(), attempts=1)) as source:
        return [file for file in source.list_files() if not file.ignored and source.is_quiet(file)]


def digest_of(file: InboxFile) -> str:
    """Give 12 hex digits of what the listing says of one file: path, size, modification time, entity tag."""
    stated = (file.path, file.size_bytes, file.modified_at, file.entity_tag or "")
    return hashlib.sha256("\0".join(map(str, stated)).encode()).hexdigest()[:12]


def listing_key(digests: Iterable[str]) -> str:
    """Give 24 hex digits of a whole listing, the same in whatever order the files were listed."""
    return hashlib.sha256("\n".join(sorted(digests)).encode()).hexdigest()[:24]


def tag_run_with_listing(context: dg.AssetExecutionContext, listed: Iterable[InboxFile]) -> None:
    """Write on the run which listing it began with, so that the sensor asks for no second run of the same."""
    key = listing_key(digest_of(file) for file in listed if not file.ignored)
    context.instance.add_run_tags(context.run.run_id, {LISTING_TAG: key})
