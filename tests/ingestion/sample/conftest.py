"""The bundled sample made anew, once a run."""

from pathlib import Path

import pytest

from ingestion.progress import SilentProgress
from ingestion.sample import SampleShape, write_sample_inbox
from ingestion.sample.dirt import Spread, spread_dirt
from ingestion.sample.draft import Draft, make_draft


@pytest.fixture(scope="session")
def made_inbox(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sample") / "inbox"
    write_sample_inbox(folder, SampleShape(), SilentProgress())
    return folder


@pytest.fixture(scope="session")
def clean_draft() -> Draft:
    return make_draft(SampleShape())


@pytest.fixture(scope="session")
def spread() -> list[Spread]:
    return spread_dirt(make_draft(SampleShape()))
