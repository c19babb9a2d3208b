"""Pictures of an eval's report, green and red: `scripts/screenshots`.

The suite that ships is held twice with a development system and its sandbox's own model, the second
time with a prompt that lacks what one case asks for.
"""

import asyncio
import os
import sys
import tempfile
from pathlib import Path
from typing import Any, Final

from playwright.async_api import Page

from tests.e2e.browser import launched, opened_tab
from tests.e2e.console_pictures import FOLDER, development_system
from tests.e2e.speech import OPENING_HOURS, spoken
from tests.servers import ROOT

SUITE: Final = ROOT / "evals/demo.toml"
FACT: Final = "We open from nine in the morning to seven in the evening, Monday to Saturday.\n"
WIDTH, HEIGHT = 720, 400
RUN_S: Final = 300.0
RED: Final = 1


async def report(suite: Path, system: dict[str, Any], page: Path) -> int:
    """Hold the suite and write its page; the exit code."""
    address = {"VAARTA_API_URL": system["api_url"], "VAARTA_API_KEY": system["api_key"]}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "cli.main", "eval", suite, "--html", page),
        cwd=ROOT,
        env={**os.environ, **address},
    )
    async with asyncio.timeout(RUN_S):
        return await process.wait()


async def take(page: Page, report: Path, name: str) -> None:
    """All of a report, light."""
    await page.emulate_media(color_scheme="light")
    await page.set_viewport_size({"width": WIDTH, "height": HEIGHT})
    await page.goto(report.as_uri())
    await page.screenshot(path=FOLDER / f"{name}.png", full_page=True)


async def take_all() -> None:
    """Both."""
    FOLDER.mkdir(exist_ok=True)
    text = SUITE.read_text(encoding="utf-8")
    assert FACT in text
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        broken = folder / "broken.toml"
        broken.write_text(text.replace(FACT, ""), encoding="utf-8")
        green, red = folder / "green.html", folder / "red.html"
        async with development_system(folder) as system:
            assert await report(SUITE, system, green) == 0
            assert await report(broken, system, red) == RED
        async with launched(spoken(OPENING_HOURS), folder) as browser, opened_tab(browser) as tab:
            await take(tab.page, green, "eval-green")
            await take(tab.page, red, "eval-red")


if __name__ == "__main__":
    asyncio.run(take_all())
