"""Addresses of inboxes: what one may say, and how it is told to people.

A secret never stands in an address: it would travel into logs, metadata and manifests. Whatever looks like
one is refused, and struck out of every text that tells an address.
"""

import re
from urllib.parse import SplitResult, urlsplit

STRUCK_OUT = "***"

_PASSWORD = re.compile(r"(?P<before>://[^/@:\s]*:)[^\s]*(?=@)")
_QUERY = re.compile(r"(?P<before>\w+://[^\s?]*\?)\S+")

REMOTE = {"sftp": "sftp", "ssh": "sftp", "s3": "s3", "s3a": "s3"}
"""The schemes of places reached over a network, and the extra of this package that opens each."""


def strike_out(text: str) -> str:
    """Give ``text`` without the passwords and queries of the addresses in it."""
    without_passwords = _PASSWORD.sub(rf"\g<before>{STRUCK_OUT}", text)
    return _QUERY.sub(rf"\g<before>{STRUCK_OUT}", without_passwords)


def scheme_of(address: str) -> str:
    """Give the scheme of ``address`` in small letters; ``file`` of a path."""
    scheme, separator, _ = address.partition("://")
    return scheme.lower() if separator else "file"


def check_address(address: str) -> None:
    """Raise ``ValueError`` (Chinese, newline, English; no secret in it) where ``address`` can't be one."""
    if "://" not in address:
        return
    if _PASSWORD.search(address):
        raise ValueError(
            "网址中不得写入密码；密码和密钥的写法见 docs/inbox.md"
            "\nexpected no password in the URL; docs/inbox.md tells where passwords and keys go"
        )
    if scheme_of(address) not in REMOTE:
        return
    if "?" in address:
        raise ValueError(
            "网址中不得有问号；选项的写法见 docs/inbox.md"
            "\nexpected no question mark in the URL; docs/inbox.md tells where options go"
        )
    if not _is_whole(address):
        raise ValueError(
            "应为 sftp://用户@主机:端口/文件夹 或 s3://存储桶/文件夹"
            "\nexpected sftp://user@host:port/folder or s3://bucket/folder"
        )


def split_address(address: str) -> SplitResult:
    """Give the parts of a URL that ``check_address`` lets through."""
    return urlsplit(address)


def _is_whole(address: str) -> bool:
    try:
        parts = urlsplit(address)
        return bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        return False
