"""The sample's outside sources: what is bundled is recorded today; the server answers as HTTP has it."""

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import httpx
import pytest

from ingestion.sample.answering import DEFAULT_PORT, SAMPLE_SOURCES, SOURCES_FOLDER, sample_server
from ingestion.sample.recorded import Recorded, recorded_answers, write_recorded_answers
from ingestion.sources.configuration import load_sources

WEEK_BEFORE = "Wed, 13 May 2026 02:00:00 GMT"
DAY_AFTER = "Thu, 21 May 2026 02:00:00 GMT"


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Give the address of a running server."""
    with sample_server() as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


def said(content: bytes) -> object:
    """Give what a file says, whatever the version of the library that compressed it."""
    if not zipfile.is_zipfile(io.BytesIO(content)):
        return content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return [(part.filename, part.CRC, part.file_size) for part in archive.infolist()]


def test_the_bundled_answers_are_those_recorded_today(tmp_path: Path) -> None:
    write_recorded_answers(tmp_path)
    bundled = {path.name: said(path.read_bytes()) for path in SOURCES_FOLDER.iterdir()}
    recorded = {path.name: said(path.read_bytes()) for path in tmp_path.iterdir()}
    assert bundled == recorded | {SAMPLE_SOURCES.name: SAMPLE_SOURCES.read_bytes()}


def test_the_file_of_sources_asks_the_server_in_every_format() -> None:
    entries = load_sources(SAMPLE_SOURCES).entries
    kinds = {entry.format.kind for entry in entries}
    assert kinds == {"csv_table", "xlsx_table", "json_table", "easyquery", "es_data", "ledger_csv"}
    assert {entry.ledger for entry in entries} == {
        *("provincial_statistics", "honours", "incidents", "credit_records", "supervision")
    }
    assert all(entry.request.url.startswith(f"http://127.0.0.1:{DEFAULT_PORT}/") for entry in entries)


@pytest.mark.parametrize("answer", recorded_answers(), ids=lambda answer: answer.file_name)
def test_every_answer_is_given_to_its_question(address: str, answer: Recorded) -> None:
    method = "GET" if answer.body is None else "POST"
    reply = httpx.request(
        method, f"{address}{answer.path}", params=dict(answer.query), json=answer.body, trust_env=False
    )
    assert (reply.status_code, reply.headers["content-type"]) == (200, answer.media_type)
    assert said(reply.content) == said(answer.content)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"If-None-Match": "the tag"}, 304),
        ({"If-None-Match": "another"}, 200),
        ({"If-Modified-Since": DAY_AFTER}, 304),
        ({"If-Modified-Since": WEEK_BEFORE}, 200),
        ({"If-None-Match": "another", "If-Modified-Since": DAY_AFTER}, 200),
    ],
)
def test_who_has_the_answer_is_not_sent_it_again(address: str, headers: dict[str, str], status: int) -> None:
    url = f"{address}/api/exports"
    tag = httpx.get(url, trust_env=False).headers["etag"]
    asked = {name: tag if value == "the tag" else value for name, value in headers.items()}
    reply = httpx.get(url, headers=asked, trust_env=False)
    assert (reply.status_code, bool(reply.content)) == (status, status == 200)


def test_another_question_has_no_answer(address: str) -> None:
    assert httpx.get(f"{address}/api/imports", trust_env=False).status_code == 404
    assert httpx.post(f"{address}/stream/esData", json={"dts": []}, trust_env=False).status_code == 404
    assert httpx.post(f"{address}/stream/esData", content=b"{", trust_env=False).status_code == 400
