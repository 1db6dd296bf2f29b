"""Secrets are struck out of texts, also in parts and in the forms in which they travel."""

import base64
from urllib.parse import quote

import pytest

from ingestion.secrecy import Scrubber

KEY = "693a91f6-7f9c-4bc4-97a0-0ec2/sifa5=aaa"
ADDRESS = f"https://user:pa55word@chat.example.cn/open-apis/hook/8f14e45f-ceea-467f?key={quote(KEY, safe='')}"


@pytest.mark.parametrize(
    "leak",
    [
        ADDRESS,
        KEY,
        quote(KEY, safe=""),
        "8f14e45f-ceea-467f",
        "pa55word",
        base64.b64encode(KEY.encode()).decode(),
        f'{{"key": "{KEY}"}}',
    ],
)
def test_no_part_of_an_address_shows(leak: str) -> None:
    told = Scrubber([ADDRESS])(f"connection to {leak} failed")
    assert leak not in told
    assert KEY not in told
    assert "***" in told
    assert told.startswith("connection to ")
    assert told.endswith(" failed")


def test_words_of_an_address_that_are_no_secret_stay() -> None:
    assert Scrubber([ADDRESS])("the hook of open-apis answered") == "the hook of open-apis answered"


def test_a_short_secret_is_struck_out_as_a_whole() -> None:
    assert Scrubber(["abc"])("535 abc is wrong") == "535 *** is wrong"


def test_of_two_secrets_the_longer_goes_first() -> None:
    assert Scrubber(["abcdef", "abcdefghi"])("abcdefghi") == "***"


@pytest.mark.parametrize(
    ("length", "told"), [(6, "key ***"), (5, "key 12345"), (9, "key ***"), (10, "key ***")]
)
def test_a_secret_that_was_cut_off_is_struck_out_from_six_characters_on(length: int, told: str) -> None:
    assert Scrubber(["1234567890"])("key 1234567890"[: 4 + length]) == told


def test_without_secrets_a_text_stays() -> None:
    assert Scrubber([])("HTTP 500") == "HTTP 500"


@pytest.mark.parametrize("leak", ["pass%20word%21", "pass+word%21"])
def test_a_space_hides_nothing(leak: str) -> None:
    assert Scrubber(["pass word!"])(f"user={leak}") == "user=***"
