"""Addresses of inboxes: which are taken, and that no password in one is ever told."""

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingestion.errors import InboxUnavailableError
from ingestion.inbox import Inbox
from ingestion.places.address import check_address, strike_out


@pytest.mark.parametrize(
    "address",
    [
        "/srv/inbox",
        "收件箱/2026 年",
        "file:///srv/inbox",
        "sftp://registry/收件 箱",
        "sftp://officer@registry.example:2222/srv/inbox",
        "sftp://officer@[::1]:22/srv/inbox",
        "ssh://registry/a@b",
        "s3://bucket",
        "s3://bucket/zones/收件",
        "memory://inbox?query",
    ],
)
def test_an_address_without_secrets_is_taken_and_told_as_far_as_its_query(address: str) -> None:
    check_address(address)
    assert strike_out(address) == address.replace("?query", "?***")


@pytest.mark.parametrize(
    "address",
    [
        "sftp://officer:invented@registry/inbox",
        "sftp://officer:inv/en@ted@registry/inbox",
        "sftp://officer:@registry/inbox",
        "s3://key:invented@bucket/inbox",
        "https://officer:invented@registry/inbox",
        "simplecache::sftp://officer:invented@registry/inbox",
        "sftp://registry/inbox?password=invented",
        "s3://bucket/inbox?versionId=1",
        "sftp:///inbox",
        "s3://",
        "sftp://registry:invented/inbox",
        "sftp://registry:0/inbox",
    ],
)
def test_a_password_a_query_and_an_address_without_a_host_are_refused(address: str) -> None:
    with pytest.raises(ValueError, match=r"docs/inbox.md|s3://bucket/folder") as raised:
        check_address(address)
    assert "invented" not in str(raised.value)
    chinese, english = str(raised.value).split("\n")
    assert "网址" in chinese or "应为" in chinese
    assert english.startswith("expected")


@given(
    password=st.text(
        st.characters(categories=("L", "N", "P", "S"), exclude_characters="*"), min_size=1, max_size=30
    ),
    scheme=st.sampled_from(["sftp", "s3", "https", "x::sftp"]),
)
def test_no_password_survives_striking_out(password: str, scheme: str) -> None:
    said = strike_out(f"can't open {scheme}://officer:{password}@registry/inbox today")
    assert said == f"can't open {scheme}://officer:***@registry/inbox today"


def test_an_inbox_with_a_password_in_its_address_is_refused_without_telling_it() -> None:
    with pytest.raises(InboxUnavailableError, match="no password in the URL") as raised:
        Inbox("sftp://officer:invented@registry/inbox")
    assert "invented" not in str(raised.value)
    assert "sftp://officer:***@registry/inbox" in raised.value.en


@pytest.mark.parametrize(
    ("address", "package", "extra"),
    [
        ("sftp://registry/inbox", "sshfs", "sftp"),
        ("ssh://registry/inbox", "asyncssh", "sftp"),
        ("s3://bucket/inbox", "s3fs", "s3"),
    ],
)
def test_a_back_end_that_is_not_installed_names_its_extra(
    monkeypatch: pytest.MonkeyPatch, address: str, package: str, extra: str
) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(InboxUnavailableError) as raised:
        Inbox(address)
    assert f"需要安装附加组件 {extra}" in raised.value.zh
    assert f"needs the extra {extra}: pip install 'coopzones[{extra}]'" in raised.value.en
