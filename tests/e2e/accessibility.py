"""What keeps people with a screen reader or a keyboard out of a page."""

from typing import Any, Final

from tests.e2e.browser import Tab
from tests.servers import ROOT

AXE: Final = ROOT / "console/node_modules/axe-core/axe.min.js"


async def barriers(tab: Tab) -> list[str]:
    """What axe finds wrong with the page as it is now."""
    await tab.page.evaluate(AXE.read_text(encoding="utf-8"))
    result: dict[str, Any] = await tab.page.evaluate("axe.run()")
    return [
        f"{found['id']}: {node['html']}"
        for found in result["violations"]
        for node in found["nodes"]
    ]


async def barriers_in_both_shades(tab: Tab) -> list[str]:
    """The same in light and in dark colours."""
    found = []
    for shade in ("light", "dark"):
        await tab.page.emulate_media(color_scheme=shade)
        await tab.page.locator(f"html[data-shade={shade}]").wait_for()
        found += [f"{shade}: {one}" for one in await barriers(tab)]
    return found
