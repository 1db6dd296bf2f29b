"""Is an answer what it should be before anybody reads it: there, of an agreed type, in a known encoding.

Belongs here: what headers say, held against the bytes. Does not belong here: what stands in the answer
(``formats``).
"""

import codecs
from collections.abc import Mapping
from email.message import Message

from ingestion.sources.entries import Source
from ingestion.sources.errors import AnswerUnreadableError
from ingestion.web import words_of

ENCODINGS = ("utf-8", "gb18030")
"""Tried in this order: what is valid UTF-8 is not GB18030 by accident, the other way round it often is."""

CONTAINED = {"ascii": "utf-8", "utf-8-sig": "utf-8", "gb2312": "gb18030", "gbk": "gb18030"}
"""Encodings that another one contains, by Python's names."""


def media_type_of(headers: Mapping[str, str]) -> str:
    """Give the media type that ``headers`` (names in lower case) state, without parameters; empty if none."""
    return headers.get("content-type", "").partition(";")[0].strip().lower()


def check_content(source: Source, headers: Mapping[str, str], body: bytes) -> str:
    """Give the encoding that ``body`` is in, empty when the format of ``source`` is not text.

    Raises ``AnswerUnreadableError``: empty, wrong_media_type, wrong_encoding.
    """
    if not body.strip():
        raise AnswerUnreadableError("empty", f"{len(body)} bytes")
    media_type = media_type_of(headers)
    if media_type and media_type not in source.accepts:
        expected = ", ".join(source.accepts)
        raise AnswerUnreadableError(
            "wrong_media_type", f"{media_type}, expected {expected}; begins with: {words_of(body)}"
        )
    if not source.format.is_text:
        return ""
    stated = source.request.encoding or _stated(headers)
    return _encoding(body, stated)


def _stated(headers: Mapping[str, str]) -> str:
    """Give the charset that ``headers`` state, in lower case; empty if none."""
    message = Message()
    message["Content-Type"] = headers.get("content-type", "")
    return message.get_content_charset() or ""


def _encoding(body: bytes, stated: str) -> str:
    """Give the encoding of ``body`` if it agrees with what is ``stated``."""
    found = next((encoding for encoding in ENCODINGS if _is_valid(body, encoding)), None)
    if found is None:
        raise AnswerUnreadableError("wrong_encoding", f"not in {' or '.join(ENCODINGS)}")
    if not stated or body.isascii() or found == _normalised(stated):
        return found
    raise AnswerUnreadableError("wrong_encoding", f"in {found}, though it says {stated}")


def _is_valid(body: bytes, encoding: str) -> bool:
    try:
        body.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _normalised(stated: str) -> str | None:
    """Give the encoding of ours that contains ``stated``; None when there is none."""
    try:
        name = codecs.lookup(stated).name
    except (LookupError, ValueError):  # no such name; no name at all
        return None
    return CONTAINED.get(name, name)
