"""What another process does with an outbox: waits for a line on its input, then does as it is told.

Usage: another_process.py raise HOME KEY..., or another_process.py deliver HOME NOTIFIERS MOMENT.
Prints how many alerts were raised or messages delivered.
"""

import sys
from datetime import UTC, datetime
from pathlib import Path

from publication.alerting.outbox import Alert, Outbox


def raise_alerts(home: str, *keys: str) -> int:
    with Outbox.open(Path(home)) as outbox:
        alerts = [Alert(key, "missing_report", "T+1", None, None, (), None, "", "") for key in keys]
        at = datetime(2026, 4, 1, tzinfo=UTC)
        return sum(outbox.raise_alerts([alert], raised_at=at, raised_by="x") for alert in alerts)


def deliver_once(home: str, notifiers: str, moment: str) -> int:
    with Outbox.open(Path(home)) as outbox:
        at = datetime.fromisoformat(moment)
        return deliver(outbox, load_notifiers(Path(notifiers)), now=lambda: at, log=lambda _: None).delivered


if __name__ == "__main__":
    what, *arguments = sys.argv[1:]
    if what == "deliver":
        from publication.alerting.configuration import load_notifiers
        from publication.alerting.delivery import deliver
    print("ready", flush=True)
    sys.stdin.readline()
    print({"raise": raise_alerts, "deliver": deliver_once}[what](*arguments), flush=True)
