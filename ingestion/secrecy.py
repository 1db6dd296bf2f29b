"""Secrets: taken from the environment by name, and struck out of every text that leaves.

Telling (``publication.alerting``) and asking (``ingestion.sources``) both need them. An address may be
a secret as a whole (whoever knows a chat robot's address can write to the group), so its parts are struck out
too, in the forms in which they travel.
"""

import base64
import json
import re
from collections.abc import Iterable
from typing import Annotated, Any
from urllib.parse import parse_qsl, quote, quote_plus, urlsplit

from pydantic import AfterValidator, BeforeValidator, SecretStr, ValidationInfo

STRUCK_OUT = "***"
SHORTEST_PART = 6
"""Parts of a secret shorter than this are common words; the whole of it is struck out at any length."""

LONGEST_WORD = 16
"""A part of an address's path that is as long, or has a digit, may be a token."""

VARIABLE = re.compile(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)+")
"""The name of an environment variable, with an underscore: so that a secret is not taken for one."""


class Scrubber:
    """Strikes the secrets it was given out of texts."""

    def __init__(self, secrets: Iterable[str]) -> None:
        forms = {form for secret in secrets for form in _forms(secret)}
        self._forms = sorted(forms, key=len, reverse=True)
        self._pattern = "|".join(map(re.escape, self._forms))

    def __call__(self, text: str) -> str:
        """Give ``text`` with every secret in it struck out, also one that was cut off at its end."""
        if not self._pattern:
            return text
        whole = re.sub(self._pattern, STRUCK_OUT, text)
        beginnings = (
            form[:length] for form in self._forms for length in range(len(form) - 1, SHORTEST_PART - 1, -1)
        )
        cut = max((beginning for beginning in beginnings if whole.endswith(beginning)), key=len, default="")
        return whole.removesuffix(cut) + STRUCK_OUT if cut else whole


def _forms(secret: str) -> set[str]:
    """Give ``secret`` and what of it, or made of it, would give it away."""
    parts = {secret}
    if "://" in secret:
        address = urlsplit(secret)
        parts |= {value for _, value in parse_qsl(address.query)} | {address.query, address.password or ""}
        parts |= {part for part in (address.path, *address.path.split("/")) if _is_telling(part)}
    encoded = {form for part in parts for form in _encodings(part) if len(form) >= SHORTEST_PART}
    return encoded | {secret}


def _is_telling(part: str) -> bool:
    """Say whether a part of a path may be a token rather than a word."""
    return len(part) >= LONGEST_WORD or any(character.isdigit() for character in part)


def _encodings(part: str) -> tuple[str, ...]:
    """Give ``part`` as addresses, JSON and the login of SMTP carry it."""
    return (
        part,
        quote(part, safe=""),
        quote_plus(part),
        json.dumps(part)[1:-1],
        base64.b64encode(part.encode()).decode().rstrip("="),
    )


def _read(value: Any, info: ValidationInfo) -> SecretStr:
    """Give the secret in the environment variable named ``value``; never tell what the file says there."""
    if not isinstance(value, str) or not VARIABLE.fullmatch(value):
        raise ValueError(
            "应为环境变量名（大写字母、数字和下划线，至少一个下划线），不得直接写入秘密"
            "\nexpected the name of an environment variable (capitals, digits, at least one underscore), "
            "never the secret itself"
        )
    secret = (info.context or {}).get("environment", {}).get(value, "").strip()
    if not secret:
        raise ValueError(
            f"环境变量 {value} 未设置或为空\nthe environment variable {value} is not set or is empty"
        )
    return SecretStr(secret)


def _check_ascii(secret: SecretStr) -> SecretStr:
    text = secret.get_secret_value()
    if not text.isascii() or not text.isprintable():
        raise ValueError("只能含可见的 ASCII 字符\nonly printable ASCII characters can be sent")
    return secret


EnvironmentSecret = Annotated[SecretStr, BeforeValidator(_read), AfterValidator(_check_ascii)]
"""A secret; the file holds the name of the environment variable that it is in."""
