"""One Postgres server for all samples."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from wfc.backends.dbos.run import POSTGRES_URL, postgres


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[None]:
    """The server at ``WFC_POSTGRES_URL``; one is started when that is not set. Run as root it
    becomes another user, who may not enter pytest's own folders."""
    before = os.environ.get(POSTGRES_URL)
    with tempfile.TemporaryDirectory(prefix="wfc-test-") as folder, postgres(Path(folder)) as url:
        os.environ[POSTGRES_URL] = before or url
        try:
            yield
        finally:
            if before is None:
                del os.environ[POSTGRES_URL]
