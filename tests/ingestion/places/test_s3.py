"""An inbox in an S3-compatible store, moto's server: listed by the page, one request a new file."""

import hashlib
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import fsspec
import pytest

from ingestion.archive import Archive
from ingestion.errors import InboxUnavailableError
from ingestion.receive import Reception


def reasons(reception: Reception) -> dict[str, str]:
    return dict(reception.ignored.select("path", "reason_en").iter_rows())


@pytest.fixture
def send(s3, bucket: str) -> Callable[[str, bytes], None]:
    """Put an object into the store, as its senders do."""
    client = s3.client()

    def put_object(key: str, content: bytes = b"x") -> None:
        client.put_object(Bucket=bucket, Key=key, Body=content)

    return put_object


def gets(s3) -> list[str]:
    return [path for method, path, query in s3.asked if method == "GET" and "list-type" not in query]


def test_objects_below_a_prefix_are_the_files(bucket, send, night) -> None:
    contents = {
        "submissions/广东 省/二〇二五 年/深圳 (终稿).xlsx": b"b",
        "submissions/50%23#a&b+c.xlsx": b"c",
        "ledgers/honours/2025.csv": b"",
        "statistics/nbs.csv": b"e" * 100_000,
    }
    for path, content in contents.items():
        send(f"zones/收件/{path}", content)
    for mark in ("zones/收件/", "zones/收件/submissions/"):  # what some programs leave for a folder
        send(mark, b"")
    send("zones/other/submissions/z.xlsx", b"another inbox")
    send("zones/收件/submissions/x.xlsx.filepart")
    reception = night(f"s3://{bucket}/zones/收件")
    found = dict(reception.files.select("path", "sha256").iter_rows())
    assert found == {path: hashlib.sha256(content).hexdigest() for path, content in contents.items()}
    assert reasons(reception) == {
        "submissions/x.xlsx.filepart": "its name says that it is still being transferred"
    }
    assert reception.files["modified_at"].null_count() == 0


def test_a_new_file_is_one_request_and_a_known_one_is_none(s3, bucket, send, night) -> None:
    for number in range(30):
        send(f"submissions/{number % 3}/{number}.xlsx", b"%d" % number)
    s3.asked.clear()
    first = night(f"s3://{bucket}")
    assert len(gets(s3)) == 30
    assert len(s3.asked) <= 30 + 3
    send("submissions/1/new.xlsx", b"new")
    s3.asked.clear()
    assert night(f"s3://{bucket}").new_files == 1
    assert len(gets(s3)) == 1
    assert len(s3.asked) <= 4
    assert {method for method, _, _ in s3.asked} <= {"GET", "HEAD"}
    s3.asked.clear()
    assert night(f"s3://{bucket}").files.height == first.files.height + 1
    assert gets(s3) == []


@pytest.mark.slow
def test_objects_are_listed_by_the_page(s3, bucket, send, night) -> None:
    for number in range(1_100):
        send(f"submissions/{number % 20}/{number}.xlsx", b"%d" % number)
    assert night(f"s3://{bucket}").files.height == 1_100
    s3.asked.clear()
    assert night(f"s3://{bucket}").new_files == 0
    assert len(s3.asked) <= 2 + 2  # a page tells a thousand


@pytest.mark.slow
def test_other_bytes_of_the_same_size_and_second_are_known_by_their_tag(bucket, send, night) -> None:
    send("ledgers/honours.csv", b"one")
    night(f"s3://{bucket}")
    send("ledgers/honours.csv", b"two")
    reception = night(f"s3://{bucket}")
    assert reception.files["sha256"].to_list() == [hashlib.sha256(b"two").hexdigest()]
    assert reception.new_files == 1


def test_what_changes_or_goes_after_it_was_listed_is_not_taken(s3, bucket, send, night, home) -> None:
    for name in ("stays", "same size", "longer", "goes"):
        send(f"submissions/{name}.xlsx", b"1234")

    def meanwhile(_: Any) -> None:
        send("submissions/same size.xlsx", b"abcd")
        send("submissions/longer.xlsx", b"12345")
        s3.client().delete_object(Bucket=bucket, Key="submissions/goes.xlsx")

    reception = night(f"s3://{bucket}", tell_listing=meanwhile)
    assert reception.files["file_name"].to_list() == ["stays.xlsx"]
    assert set(reasons(reception)) == {"submissions/same size.xlsx", "submissions/longer.xlsx"}
    assert set(Archive(home).read_arrivals()["path"]) == {"submissions/stays.xlsx"}
    assert night(f"s3://{bucket}").files.height == 3


@pytest.mark.slow
def test_an_unfinished_multipart_upload_is_not_there_yet(s3, bucket, send, night) -> None:
    send("submissions/a.xlsx")
    client, key = s3.client(), "submissions/large.xlsx"
    upload = client.create_multipart_upload(Bucket=bucket, Key=key)["UploadId"]
    parts = [os.urandom(5 << 20), b"the end"]
    tags = []
    for number, part in enumerate(parts, 1):
        sent = client.upload_part(Bucket=bucket, Key=key, UploadId=upload, PartNumber=number, Body=part)
        tags.append({"PartNumber": number, "ETag": sent["ETag"]})
    assert night(f"s3://{bucket}").files.height == 1
    client.complete_multipart_upload(Bucket=bucket, Key=key, UploadId=upload, MultipartUpload={"Parts": tags})
    whole = hashlib.sha256(b"".join(parts)).hexdigest()
    assert night(f"s3://{bucket}").files["sha256"].to_list()[1] == whole


@pytest.mark.slow
def test_an_object_just_put_is_whole_and_waited_for_by_nobody(bucket, send, night, limits) -> None:
    send("submissions/a.xlsx")
    reception = night(f"s3://{bucket}", limits=replace(limits, quiet_seconds=600))
    assert reception.files.height == 1


@pytest.mark.slow
def test_several_files_are_fetched_at_once(s3, bucket, send, night, limits) -> None:
    for number in range(12):
        send(f"submissions/{number}.xlsx", b"%d" % number)
    s3.most_at_once, s3.answers_after = 0, 0.05
    assert night(f"s3://{bucket}", limits=replace(limits, copies_at_once=4)).files.height == 12
    assert s3.most_at_once == 4


@pytest.mark.slow
def test_an_empty_bucket_or_marked_prefix_is_an_empty_inbox_and_an_empty_prefix_is_none(
    bucket, send, night
) -> None:
    assert night(f"s3://{bucket}").files.is_empty()
    send("marked/", b"")
    assert night(f"s3://{bucket}/marked").files.is_empty()
    with pytest.raises(InboxUnavailableError, match=f"s3://{bucket}/nowhere"):
        night(f"s3://{bucket}/nowhere")
    with pytest.raises(InboxUnavailableError, match="can't be read"):
        night("s3://no-such-bucket-anywhere")


@pytest.mark.slow
def test_an_object_that_may_not_be_read_costs_nothing_but_itself(s3, bucket, send, night) -> None:
    send("submissions/a.xlsx", b"a")
    send("ledgers/honours.csv", b"one")
    first = night(f"s3://{bucket}")
    send("ledgers/honours.csv", b"changed")
    s3.denies = "honours"
    second = night(f"s3://{bucket}")
    assert "may not be read" in reasons(second)["ledgers/honours.csv"]
    assert second.files.equals(first.files)


@pytest.mark.slow
def test_a_store_that_lets_nobody_in_is_told_at_once(s3, bucket, night, monkeypatch) -> None:
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    s3.denies = bucket
    with pytest.raises(InboxUnavailableError) as raised:
        night(f"s3://{bucket}")
    assert "invented too" not in str(raised.value)
    assert len(s3.asked) <= 2
    monkeypatch.setitem(fsspec.config.conf, "s3", {"endpoint_url": s3.endpoint})
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    for name in ("AWS_SHARED_CREDENTIALS_FILE", "AWS_CONFIG_FILE"):
        monkeypatch.setenv(name, os.devnull)
    with pytest.raises(InboxUnavailableError, match="Unable to locate credentials"):
        night(f"s3://{bucket}")


@pytest.mark.slow
def test_a_store_that_does_not_answer_ends_the_night(s3, bucket, night, monkeypatch) -> None:
    away = {**s3.options(), "endpoint_url": "http://127.0.0.1:1"}
    monkeypatch.setitem(fsspec.config.conf, "s3", away)
    with pytest.raises(InboxUnavailableError, match=r"127\.0\.0\.1:1"):
        night(f"s3://{bucket}")


@pytest.mark.slow
def test_a_connection_that_breaks_midway_costs_nothing(
    s3, bucket, send, night, breaking, home, monkeypatch
) -> None:
    contents = [os.urandom(300_000) for _ in range(6)]
    for number, content in enumerate(contents):
        send(f"submissions/{number}.xlsx", content)
    proxy = breaking(s3.port, [None, None, 100_000, 50_000, 200])
    through = {**s3.options(), "endpoint_url": f"http://127.0.0.1:{proxy.port}"}
    monkeypatch.setitem(fsspec.config.conf, "s3", through)
    reception = night(f"s3://{bucket}")
    assert reception.ignored.is_empty()
    digests = {hashlib.sha256(content).hexdigest() for content in contents}
    assert set(reception.files["sha256"]) == digests
    assert not list(Path(home / "archive").glob("*.unfinished"))
    assert proxy.connections > 5
