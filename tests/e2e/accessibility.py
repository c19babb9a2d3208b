"""What keeps people with a screen reader or a keyboard out of a page."""

from typing import Any, Final, Literal, TypeAlias

from playwright.async_api import expect

from tests.e2e.browser import Tab
from tests.servers import ROOT

Shade: TypeAlias = Literal["light", "dark"]
SHADES: Final[tuple[Shade, ...]] = ("light", "dark")
_TRANSITIONS_ARE_OVER: Final = """Promise.allSettled(
  document.getAnimations()
    .filter((animation) => animation instanceof CSSTransition)
    .map(({ finished }) => finished),
)"""
AXE: Final = ROOT / "console/node_modules/axe-core/axe.min.js"


async def barriers(tab: Tab) -> list[str]:
    """What axe finds wrong with the page as it is now, in light and in dark."""
    await tab.page.evaluate(AXE.read_text(encoding="utf-8"))
    return [f"{shade}: {found}" for shade in SHADES for found in await barriers_in(tab, shade)]


async def barriers_in_plain(tab: Tab) -> list[str]:
    """The same of a page whose style alone follows the system."""
    await tab.page.evaluate(AXE.read_text(encoding="utf-8"))
    barriers: list[str] = []
    for shade in SHADES:
        await tab.page.emulate_media(color_scheme=shade, reduced_motion="reduce")
        barriers += [f"{shade}: {found}" for found in await _found(tab)]
    return barriers


async def barriers_in(tab: Tab, shade: Shade) -> list[str]:
    """What axe finds wrong when the system is light or dark, once no colour changes any more."""
    await tab.page.emulate_media(color_scheme=shade, reduced_motion="reduce")
    await expect(tab.page.locator(f"html[data-shade={shade}]")).to_be_attached()
    return await _found(tab)


async def _found(tab: Tab) -> list[str]:
    await tab.page.evaluate(_TRANSITIONS_ARE_OVER)
    result: dict[str, Any] = await tab.page.evaluate("axe.run()")
    return [
        f"{found['id']}: {node['html']}"
        for found in result["violations"]
        for node in found["nodes"]
    ]
