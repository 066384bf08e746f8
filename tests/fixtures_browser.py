"""One headless Chromium for the whole run: Playwright allows one at a time in a process."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.browsing import CHROMIUM


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    if not CHROMIUM:
        pytest.skip("needs a Chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield running
        running.close()
