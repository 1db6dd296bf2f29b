"""What is configured for a back end: fsspec's configuration, from its files and ``FSSPEC_…`` variables."""

import os
from typing import Any

import fsspec

TEXTS = {"username", "password", "passphrase", "key", "secret", "token"}
"""Options that are texts even where they look like numbers; fsspec reads its variables as JSON."""


def configured_options(protocol: str) -> dict[str, Any]:
    """Give the options configured for ``protocol``."""
    options = dict(fsspec.config.conf.get(protocol, {}))
    for name in TEXTS & options.keys():
        if not isinstance(options[name], str):
            variable = f"FSSPEC_{protocol}_{name}".upper()
            options[name] = os.environ.get(variable, str(options[name]))
    return options
