"""What the browser tests do with the page: open it under watch, paste, answer, look, save."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from desk_cases import TEXT, TITLE

WIDE = {"width": 1360, "height": 900}
PHONE = {"width": 390, "height": 844}
EDITOR = "Maren Ilves"
PATIENCE_MS = 15_000


@contextmanager
def opened(browser, address: str, *, expected: str = "nothing", **options) -> Iterator:
    """Open the desk and watch over it: no request may leave it, nothing may go wrong unseen."""
    context = browser.new_context(**{"viewport": WIDE, "reduced_motion": "reduce"} | options)
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    asked, wrong = [], []
    context.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: wrong.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.goto(address)
    yield page
    context.close()
    assert [url for url in asked if not url.startswith((address, f"blob:{address}"))] == []
    assert [text for text in wrong if expected not in text] == []


def paste(page, text: str = TEXT) -> None:
    page.locator("#title").fill(TITLE)
    page.locator("#text").fill(text)
    page.get_by_role("button", name="Write the brief").click()
    page.get_by_role("heading", name=TITLE).wait_for()


def answer(page, topic: str, said: str) -> None:
    page.get_by_role("group", name=topic).get_by_role("radio", name=said).check()


def lit(page, where: str) -> list[str]:
    return [
        re.sub(r"^\d+", "", text).split(" (evidence")[0] for text in page.locator(f"{where} .lit").all_text_contents()
    ]


def exported(page, name: str, folder: Path) -> Path:
    with page.expect_download() as download:
        page.get_by_role("button", name=name).click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path


def shot(page, name: str) -> None:
    """Keep a picture where somebody asked for them."""
    if folder := os.environ.get("DESK_SCREENSHOTS"):
        page.screenshot(path=Path(folder, f"{name}.png"))
