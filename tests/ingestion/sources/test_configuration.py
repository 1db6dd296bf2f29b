"""The file of sources: what it may say, that it holds no secret, that all that is wrong is told at once."""

from collections.abc import Callable
from pathlib import Path

import pytest

from ingestion.seeds import load_seed
from ingestion.sources.configuration import Limits, Source, Sources, load_sources
from ingestion.sources.errors import SourceConfigurationError
from tests.ingestion.sources.conftest import KEYED, SECRET, source_text

URL = "https://statistics.example.cn/exports.csv"
Load = Callable[..., tuple[Source, ...]]


def told(load: Load, *texts: str) -> str:
    """Give what is told of a file that can't be followed."""
    with pytest.raises(SourceConfigurationError) as caught:
        load(*texts)
    assert caught.value.zh
    return str(caught.value)


def test_without_a_file_there_is_no_source() -> None:
    assert load_sources(None) == Sources()


def test_an_empty_file_is_told_so_that_nobody_believes_a_source_to_be_on(load: Load) -> None:
    assert "there is no source in it" in told(load, "")


def test_an_entry_is_read_whole(load: Load) -> None:
    (source,) = load(source_text(URL, request=KEYED))
    assert (source.name, source.ledger, source.request.url) == ("exports", "honours", URL)
    assert source.accepts == source.format.media_types


def test_limits_are_the_seeds_unless_the_entry_says_otherwise(load: Load) -> None:
    text = source_text(URL)
    start, end = text.index("[source.limits]"), text.index("[source.format]")
    (usual,) = load(text[:start] + text[end:])
    (changed,) = load(text[:start] + "[source.limits]\nattempts = 9\n" + text[end:])
    seed = dict(load_seed("source_limits").select("limit_name", "value").iter_rows())
    assert {name: float(seed[name]) for name in Limits.model_fields} == usual.limits.model_dump()
    assert changed.limits.model_dump() == usual.limits.model_dump() | {"attempts": 9}


def test_the_secret_is_struck_out_of_everything(load: Load) -> None:
    (source,) = load(source_text(URL, request=KEYED))
    assert SECRET not in repr(source)
    assert source.scrub(f"key={SECRET}") == "key=***"


@pytest.mark.parametrize(
    ("request_lines", "key", "problem"),
    [
        ('headers = { Authorization = "Bearer abc" }', "request.headers", "is a secret"),
        ('headers = { Cookie = "abc" }', "request.headers", "is a secret"),
        ('parameters = { access_token = "abc" }', "request.parameters", "is a secret"),
        ('parameters = { key = "abc" }', "request.parameters", "is a secret"),
        ('parameters = { secret_key = "abc" }', "request.parameters", "is a secret"),
        ('parameters = { pwd = "abc" }', "request.parameters", "is a secret"),
        ('headers = { Ocp-Apim-Subscription-Key = "abc" }', "request.headers", "is a secret"),
        ('method = "POST"\njson = { a = [{ token = "abc" }] }', "request.json", "is a secret"),
        ('headers = { Host = "abc" }', "request.headers", "set by the program itself"),
        ('headers = { "A b" = "abc" }', "request.headers", "printable ASCII"),
        ('headers = { A = "a\\nb" }', "request.headers", "printable ASCII"),
        (
            'secrets = [{ header = "X", value_from = "plain secret" }]',
            "request.secrets.1.value_from",
            "never the secret",
        ),
        (
            'secrets = [{ header = "X", value_from = "NOT_SET" }]',
            "request.secrets.1.value_from",
            "is not set",
        ),
        (
            'secrets = [{ value_from = "SOURCE_KEY" }]',
            "request.secrets.1",
            "exactly one of header and parameter",
        ),
        ('method = "PUT"', "request.method", "'GET' or 'POST'"),
        ("json = { a = 1 }", "request", "json goes with"),
        ('parameters = { year = "{year}" }', "request", "go together"),
        ("years = { first = 2020, count = 2 }", "request", "go together"),
        (
            'parameters = { y = "{jahr}" }\nyears = { first = 2020, count = 2 }',
            "request",
            "no such placeholder: jahr",
        ),
        ("years = { first = 2020, count = 0 }", "request.years.count", "greater than or equal to 1"),
        ('redirects_to = ["https://a.example.cn/"]', "request.redirects_to.1", "name of a host"),
        ('accepts = ["csv"]', "request.accepts.1", "media type"),
        ("accepts = []", "request.accepts", "may not be empty"),
        ('ca_file = "/nowhere/authority.pem"', "request.ca_file", "there is no file"),
        (f'ca_file = "{__file__}"', "request.ca_file", "holds no certificate"),
        ('encoding = "latin-1"', "request.encoding", "'utf-8' or 'gb18030'"),
        ('user = "x"', "request.user", "no such key"),
    ],
)
def test_what_a_request_may_not_say(load: Load, request_lines: str, key: str, problem: str) -> None:
    message = told(load, source_text(URL, request=request_lines))
    assert f"source 1 (exports), {key}: " in message
    assert problem in message
    assert "abc" not in message.replace("/nowhere", "")


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("http://statistics.example.cn/", "expected https"),
        ("ftp://statistics.example.cn/", "starts with https://"),
        ("https:///exports", "starts with https://"),
        (f"https://user:{SECRET}@statistics.example.cn/", "https://"),
        ("https://statistics.example.cn/?key=abc", "parameters go under"),
        ("https://statistics.example.cn/#abc", "parameters go under"),
        ("file://fileserver/share/register.csv", "names no host"),
    ],
)
def test_what_is_no_address(load: Load, url: str, problem: str) -> None:
    message = told(load, source_text(url))
    assert "source 1 (exports), request.url: " in message
    assert problem in message
    assert SECRET not in message


def test_a_file_is_asked_for_nothing(load: Load) -> None:
    assert "years and encoding only" in told(load, source_text("register.csv", request=KEYED))


@pytest.mark.parametrize("url", ["register.csv", "./register.csv"])
def test_a_relative_path_starts_at_the_file_of_sources(load: Load, tmp_path: Path, url: str) -> None:
    (source,) = load(source_text(url))
    assert Path(source.request.url) == tmp_path / "register.csv"


def test_a_file_address_may_hold_chinese_and_years(load: Load) -> None:
    request = "years = { first = 2023, count = 2 }"
    (source,) = load(source_text("file:///srv/%E5%90%8D%E5%BD%95/{year}.csv", request=request))
    assert source.request.url == "/srv/名录/{year}.csv"


@pytest.mark.parametrize(
    ("old", "new", "key", "problem"),
    [
        ('name = "exports"', 'name = "Exports"', "name", "lower-case letters"),
        ('ledger = "honours"', 'ledger = "nothing"', "ledger", "no such ledger"),
        ('schedule = "0 1 * * *"', 'schedule = "daily"', "schedule", "five fields"),
        ("fresh_within_days = 1", "", "fresh_within_days", "missing"),
        ("fresh_within_days = 1", "fresh_within_days = 0", "fresh_within_days", "greater than 0"),
        ("attempts = 3", "attempts = 0", "limits.attempts", "greater than or equal to 1"),
        ("attempts = 3", "attempt = 3", "limits.attempt", "no such key"),
        ("total_seconds = 5", "total_seconds = inf", "limits.total_seconds", "finite"),
        ('kind = "ledger_csv"', 'kind = "pdf"', "format", "kind is one of"),
        ('kind = "ledger_csv"', "", "format", "kind is missing"),
    ],
)
def test_what_an_entry_may_not_say(load: Load, old: str, new: str, key: str, problem: str) -> None:
    text = source_text(URL)
    assert old in text
    message = told(load, text.replace(old, new))
    assert f", {key}: " in message
    assert problem in message


def test_names_differ(load: Load) -> None:
    assert "the name exports stands there 2 times" in told(load, source_text(URL), source_text(URL))


def test_all_that_is_wrong_is_told_at_once_in_both_languages(load: Load) -> None:
    wrong = source_text(URL, name="second", request='method = "PUT"\nuser = 1').replace(
        'ledger = "honours"', ""
    )
    message = told(load, source_text(URL), wrong)
    assert "有 3 处不可用" in message
    assert "第 2 个来源（second） request.user：不认识此项" in message
    assert "source 2 (second), ledger: this key is missing" in message


@pytest.mark.parametrize("content", [b"[[source]\n", "名".encode("gb18030")])
def test_a_file_that_is_no_toml(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "sources.toml"
    path.write_bytes(content)
    with pytest.raises(SourceConfigurationError, match="COOPZONES_SOURCES"):
        load_sources(path, {})


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(SourceConfigurationError, match="No such file"):
        load_sources(tmp_path / "sources.toml", {})
