"""Who is to hear of an alert: its audiences as addresses, and the recipients configured for them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from publication.alerting.entries import EmailEntry, Entry
from publication.alerting.outbox import Alert, RaisedAlert


@dataclass(frozen=True)
class Recipient:
    """Somebody who gets messages of their own: an entry, or one addressee of an e-mail entry.

    ``name`` is how outbox, log and Dagster know them; ``address`` is the addressee, empty for other channels.
    """

    name: str
    entry: Entry
    address: str = ""

    def listens_to(self, address: str) -> bool:
        """Say whether the recipient is configured for ``address``, such as ``zone:HZ21020001``."""
        kind, _, _ = address.partition(":")
        return address in self.entry.audience or f"{kind}:*" in self.entry.audience

    def also_wants(self, raised: RaisedAlert) -> bool:
        """Say whether an alert that an earlier delivery has looked at is still for this recipient."""
        since: date | None = self.entry.also_raised_since
        return since is not None and raised.raised_at.date() >= since


def recipients(entries: Iterable[Entry]) -> list[Recipient]:
    """Give the recipients of all ``entries``, in their order."""
    found: list[Recipient] = []
    for entry in entries:
        if isinstance(entry, EmailEntry):
            found += [Recipient(f"{entry.name}/{address}", entry, address) for address in entry.to]
        else:
            found.append(Recipient(entry.name, entry))
    return found


def addresses(alert: Alert) -> list[str]:
    """Give where ``alert`` is to go: ``ministry``, ``authority:210000``, ``zone:HZ21020001``.

    An audience may be a full address itself. The authority is the one that has to act.
    """
    parts = {"zone": alert.zone_id, "authority": alert.authority_code}
    return [
        f"{audience}:{parts[audience] or ''}" if audience in parts else audience
        for audience in alert.audiences
    ]
