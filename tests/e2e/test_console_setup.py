"""People set a tenant up in the console: keys, webhooks, bots with what they know."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, FilePayload, expect

from tests.e2e.accessibility import barriers
from tests.e2e.browser import Tab, opened_tab
from tests.e2e.setup_page import SetupPage, owned
from tests.e2e.system import System
from tests.integration.receiver import running_receiver

pytestmark = pytest.mark.asyncio(loop_scope="session")

HOURS = FilePayload(
    name="hours.md", mimeType="text/markdown", buffer="# समय\nNine to five.".encode()
)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def url(system: System) -> AsyncIterator[str]:
    async with owned(system) as url:
        yield url


@pytest_asyncio.fixture(loop_scope="session")
async def tab(browser: Browser) -> AsyncIterator[Tab]:
    async with opened_tab(browser, has_microphone=False) as tab:
        yield tab


@pytest.fixture
def setup(tab: Tab, url: str) -> SetupPage:
    return SetupPage(tab.page, url)


async def test_a_key_is_shown_until_it_is_stored_works_and_is_revoked(
    setup: SetupPage, tab: Tab
) -> None:
    await setup.open("setup/webhooks")
    await setup.go_to("API keys")
    await setup.button("New key").first.click()
    await tab.page.get_by_label("Name").fill("Shop")
    await setup.button("Create key").click()
    key = await setup.secret()
    await tab.page.keyboard.press("Escape")
    await tab.page.keyboard.press("Escape")
    await tab.page.go_back()
    await expect(setup.title("Webhooks")).to_be_attached()
    assert await setup.secret() == key
    assert await setup.status_with(key) == 200

    await setup.confirm("I have stored it")
    await setup.go_to("API keys")
    assert key not in await tab.page.content()
    await expect(setup.row("Shop")).to_contain_text("stt, llm, tts")
    await setup.button("Revoke: Shop").click()
    await setup.confirm("Revoke")
    await expect(setup.row("Shop")).to_have_count(0)
    await expect(setup.title("API keys")).to_be_focused()
    assert await setup.status_with(key) == 401
    assert tab.problems == []


async def test_an_endpoint_is_registered_tested_and_deleted(setup: SetupPage, tab: Tab) -> None:
    async with running_receiver() as receiver:
        await setup.open("setup/webhooks")
        await setup.button("New endpoint").first.click()
        field = tab.page.get_by_label("URL")
        await field.fill("ftp://shop.example")
        await setup.button("Register").click()
        await expect(tab.page.get_by_role("alert")).to_contain_text("invalid_webhook_url")
        await expect(field).to_have_value("ftp://shop.example")
        await expect(field).to_have_attribute("aria-invalid", "true")

        await field.fill(receiver.url)
        await setup.button("Register").click()
        assert (await setup.secret()).startswith("whsec_")
        await setup.confirm("I have stored it")
        await setup.button(f"Test: {receiver.url}").click()
        await expect(setup.status("The test event was accepted: 200")).to_be_visible()
        assert [one.event for one in receiver.received] == ["test"]
        receiver.answer(503)
        await setup.button(f"Test: {receiver.url}").click()
        await expect(setup.status("The test event was refused: 503")).to_be_visible()

        await setup.button(f"Delete: {receiver.url}").click()
        await setup.confirm("Delete")
        await expect(setup.row(receiver.url)).to_have_count(0)
    assert all("400" in problem for problem in tab.problems)


async def test_a_bot_is_made_given_a_document_and_switched_off(setup: SetupPage, tab: Tab) -> None:
    page = tab.page
    await setup.open("bots")
    await page.get_by_role("link", name="New bot").first.click()
    await page.get_by_label("Name", exact=True).fill("Front desk")
    await page.get_by_label("System prompt").fill("You answer for {{shop}}.")
    await page.get_by_label("Language", exact=True).select_option("hi-IN")
    await setup.button("Create bot").click()
    await expect(setup.title("Front desk")).to_be_attached()

    await setup.button("Add a document").click()
    await page.get_by_label("From a file").set_input_files(HOURS)
    await expect(page.get_by_label("Text", exact=True)).to_have_value("# समय\nNine to five.")
    await setup.confirm("Add")
    await expect(setup.row("hours.md")).to_contain_text("25 bytes")
    await setup.button("Read: hours.md").click()
    await expect(page.get_by_role("dialog")).to_contain_text("Nine to five.")
    await setup.button("Close").click()
    await page.get_by_role("link", name="Talk to this bot").click()
    await expect(page.get_by_text("begins with the bot “Front desk”")).to_be_visible()
    await expect(page.get_by_label("Language", exact=True)).to_have_value("hi-IN")

    await setup.open("bots")
    await expect(setup.row("Front desk")).to_contain_text("hi-IN")
    await setup.button("Switch off: Front desk").click()
    await expect(setup.row("Front desk")).to_contain_text("switched off")
    assert tab.problems == []


@pytest.mark.usefixtures("providers")
async def test_a_draft_is_compared_tried_published_and_gone_back_from(
    setup: SetupPage, tab: Tab
) -> None:
    page = tab.page
    await setup.open("bots/new")
    await page.get_by_label("Name", exact=True).fill("Reception")
    prompt = page.get_by_label("System prompt")
    await prompt.fill("You keep a shop.")
    await page.get_by_label("Model", exact=True).select_option(label="A server of your own")
    await setup.button("Create bot").click()
    await expect(setup.row("Version 1")).to_contain_text("serves")
    address = page.url

    await prompt.fill("You keep a farm.")
    await setup.button("Save").click()
    await setup.button("Compare: Draft").click()
    await expect(page.get_by_role("deletion")).to_contain_text("You keep a shop.")
    await expect(page.get_by_role("insertion")).to_contain_text("You keep a farm.")
    found = await barriers(tab)
    await setup.button("Close").click()

    await setup.button("Save and try the draft").click()
    await expect(page.get_by_text("It is as its draft says")).to_be_visible()
    async with page.expect_response("**/v1/voice/sessions") as created:
        await setup.button("Write instead").click()
    config = (await (await created.value).json())["config"]
    assert (config["bot_version"], config["system_prompt"]) == ("draft", "You keep a farm.")
    await page.get_by_label("Write to the agent").fill("When are your opening hours?")
    await setup.button("Send").click()
    await expect(page.locator("li[data-turn='1']")).to_be_visible()
    await setup.button("Hang up").click()

    await page.goto(address)
    await page.get_by_label("Why, in a line").fill("The shop moved to a farm")
    await setup.button("Publish").click()
    await expect(setup.row("Version 2")).to_contain_text("serves")
    await expect(setup.row("Version 2")).to_contain_text("The shop moved to a farm")
    await setup.button("Restore: Version 1").click()
    await page.get_by_label("Publish it at once").check()
    await setup.confirm("Restore")
    await expect(setup.row("Version 3")).to_contain_text("serves")
    await expect(prompt).to_have_value("You keep a shop.")
    await page.get_by_label("Language of this console").select_option("hi")
    await page.set_viewport_size({"width": 360, "height": 740})
    assert found + await barriers(tab) == []
    assert tab.problems == []


async def test_every_page_of_the_set_up_can_be_used_by_everyone(setup: SetupPage, tab: Tab) -> None:
    await setup.open("setup/keys")
    await setup.button("New key").first.click()
    await expect(tab.page.get_by_role("dialog")).to_be_visible()
    found = await barriers(tab)
    await tab.page.keyboard.press("Escape")
    for name in ("Webhooks", "Credits and usage", "Doctor", "API keys"):
        await setup.go_to(name)
        await expect(tab.page.get_by_role("status", name="Loading")).to_have_count(0)
        found += await barriers(tab)
    await setup.open("bots")
    await expect(tab.page.get_by_role("status", name="Loading")).to_have_count(0)
    found += await barriers(tab)
    await setup.open("bots/new")
    await setup.button("Add a tool").click()
    found += await barriers(tab)
    assert found == []
