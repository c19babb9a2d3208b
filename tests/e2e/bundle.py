"""A page made of one script, built by the console's Vite and served from an origin of its own."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from aiohttp import web

from tests.servers import ROOT

_BUILD_S: Final = 120.0
_PAGE: Final = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><link rel="icon" href="data:,"></head>
<body><script type="module" src="./main.js"></script></body></html>
"""


async def build(script: str, folder: Path) -> Path:
    """The folder of the built page. Raises `AssertionError` with what Vite said."""
    (folder / "index.html").write_text(_PAGE, encoding="utf-8")
    (folder / "main.js").write_text(script, encoding="utf-8")
    # Stands for the `npm install` of whoever writes such a page.
    (folder / "node_modules").symlink_to(ROOT / "console/node_modules")
    command = (ROOT / "scripts/npm", "exec", "--", "vite", "build", folder, "--logLevel", "warn")
    process = await asyncio.create_subprocess_exec(
        *command, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    try:
        async with asyncio.timeout(_BUILD_S):
            output, _ = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
    assert process.returncode == 0, output.decode(errors="replace")
    return folder / "dist"


@asynccontextmanager
async def served(folder: Path) -> AsyncIterator[str]:
    """The address of the page."""
    app = web.Application()
    app.router.add_static("/", folder)
    runner = web.AppRunner(app)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        host, port = runner.addresses[0]
        yield f"http://{host}:{port}/index.html"
    finally:
        await runner.cleanup()
