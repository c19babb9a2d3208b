"""People use the console in a real browser: they talk, write, speak over the agent, look back."""

import time
from collections.abc import AsyncIterator
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from tests.e2e.accessibility import barriers
from tests.e2e.account import Account, Json
from tests.e2e.browser import Tab, opened_tab
from tests.e2e.console_page import ConsolePage, Figures
from tests.e2e.scripts import GREETING, HOURS, STORY, TABLE
from tests.e2e.speech import BOOK_TABLE, OPENING_HOURS
from tests.e2e.system import System

pytestmark = [
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.usefixtures("providers"),
    pytest.mark.lengthy,
]

STAGES: Final = ("eou_delay_ms", "stt_ms", "first_token_ms", "tts_ttfb_ms", "first_audio_ms")


@pytest_asyncio.fixture(loop_scope="session")
async def tab(browser: Browser) -> AsyncIterator[Tab]:
    """A tab whose microphone is allowed when the test says so."""
    async with opened_tab(browser) as tab:
        yield tab


@pytest.fixture
def console(tab: Tab, account: Account) -> ConsolePage:
    """The console in the tab, for the test's own account."""
    return ConsolePage(tab.page, account)


async def test_a_person_talks_reads_along_and_hangs_up(
    console: ConsolePage, tab: Tab, account: Account, system: System
) -> None:
    await console.start()
    await expect(console.status("asking whether this page may use")).to_be_visible()
    await console.turn_is_over(0)
    await console.agent_is("listening")
    await tab.allow_microphone()
    await tab.agent_is_heard()
    await console.turn_is_over(1)
    session_id = (await account.listed())[0]["id"]
    turns = await account.turns_stored(session_id, 2)
    said = [("agent", GREETING), ("you", OPENING_HOURS.text), ("agent", HOURS)]
    assert await console.said(3) == said
    assert await console.figures() == told(turns)

    await console.button("Hang up").click()
    await expect(console.status("You hung up")).to_be_visible()
    await expect(tab.page.get_by_text("completed", exact=True)).to_be_visible()
    assert (await account.ended(session_id))["end_reason"] == "caller_hangup"
    assert await console.said(3) == said
    assert await console.figures() == told(await account.turns(session_id))
    table = tab.page.get_by_role("region", name="Turns")
    await expect(table.get_by_role("row")).to_have_count(3)
    await expect(table).to_contain_text(OPENING_HOURS.text)

    assert tab.problems == []
    assert tab.hosts == {urlsplit(url).netloc for url in (account.url, system.livekit.url)}


async def test_the_transcript_is_taken_along_and_a_new_conversation_begins(
    console: ConsolePage, tab: Tab, account: Account
) -> None:
    await console.start()
    await console.turn_is_over(0)
    await console.button("Hang up").click()
    session_id = (await account.listed())[0]["id"]
    await account.ended(session_id)
    for text_format in ("json", "txt", "srt"):
        async with tab.page.expect_download() as download:
            await console.button(text_format.upper()).click()
        saved = await download.value
        assert saved.suggested_filename == f"transcript-{session_id}.{text_format}"
        content = await account.transcript(session_id, text_format)
        assert read(await saved.path()) == content
        assert GREETING in content

    await console.button("New conversation").click()
    await expect(tab.page.get_by_label("Greeting (optional)")).to_have_value(GREETING)
    await console.button("Start talking").click()
    await console.turn_is_over(0)
    assert await console.said(1) == [("agent", GREETING)]
    assert len(await account.listed()) == 2
    assert tab.problems == []


async def test_without_a_microphone_people_write_and_hear_the_answer(
    browser: Browser, account: Account
) -> None:
    async with opened_tab(browser, has_microphone=False) as tab:
        console = ConsolePage(tab.page, account)
        await console.start()
        await expect(console.status("keeps the microphone from this page")).to_be_visible()
        await console.turn_is_over(0)
        await tab.page.get_by_role("link", name="Sessions").click()
        await expect(tab.page.get_by_role("heading", name="Sessions", level=1)).to_be_focused()
        await tab.page.get_by_role("link", name="Talk").click()
        await console.write("When are your opening hours?")
        await tab.agent_is_heard()
        await console.turn_is_over(1)
        said = await console.said(3)
        figures = await console.figures()
        assert tab.problems == []
    assert said == [("agent", GREETING), ("you", "When are your opening hours?"), ("agent", HOURS)]
    assert figures[1]["stt_ms"] == "–"
    assert figures[1]["first_audio_ms"] != "–"


async def test_a_reply_that_is_spoken_over_is_marked_and_cut_where_it_was_heard(
    console: ConsolePage, tab: Tab
) -> None:
    await console.start()
    await console.turn_is_over(0)
    await console.write("Tell me a story.")
    await tab.agent_is_heard()
    await tab.allow_microphone()
    await console.turn_is_over(2)
    story = console.lines("agent").nth(1)
    await expect(story).to_contain_text("interrupted")
    words = (await story.locator("p").inner_text()).split()
    assert 0 < len(words) < len(STORY.split())
    assert words == STORY.split()[: len(words)]
    who, said = (await console.said(5))[3]
    assert who == "you"
    # A browser that is held up plays the question with holes, each of which may end a turn.
    assert OPENING_HOURS.text.startswith(said)
    await expect(console.lines("agent").nth(2)).not_to_contain_text("interrupted")
    assert tab.problems == []


async def test_a_microphone_is_muted_and_changed_and_heard_again(
    console: ConsolePage, tab: Tab
) -> None:
    await console.start()
    await console.turn_is_over(0)
    await tab.allow_microphone()
    await console.turn_is_over(1)
    await console.button("Mute").click()
    await tab.page.get_by_label("Microphone").select_option(index=1)
    await console.write("When are your opening hours?")
    await console.turn_is_over(2)
    await console.button("Unmute").click()
    await console.turn_is_over(3)
    *_, wrote, answer, again, last = await console.said(7)
    assert (wrote, answer) == (("you", "When are your opening hours?"), ("agent", HOURS))
    # The stand-in hears its own next text, whatever is said.
    assert again[1].startswith(BOOK_TABLE.text)
    assert last == ("agent", TABLE)
    assert tab.problems == []


async def test_a_wrong_key_is_refused_in_the_words_of_the_api(
    console: ConsolePage, tab: Tab, account: Account
) -> None:
    async with account.http.get("/v1/voice/sessions", headers=bearer("cm_wrong")) as response:
        message = (await response.json())["error"]["message"]
    await console.open()
    await console.sign_in("cm_wrong")
    await expect(console.alert()).to_contain_text(message)
    await expect(console.alert()).to_contain_text("invalid_api_key")
    assert tab.problems
    assert all("401" in problem for problem in tab.problems)
    await console.sign_in(account.key)
    await expect(console.button("Start talking")).to_be_enabled()


async def test_every_view_can_be_used_by_everyone(console: ConsolePage, tab: Tab) -> None:
    await console.open()
    await expect(console.button("Sign in")).to_be_visible()
    assert await barriers(tab) == []
    await console.start()
    await console.turn_is_over(0)
    await expect(console.status("asking whether this page may use")).to_be_visible()
    assert await barriers(tab) == []
    await console.button("Hang up").click()
    await expect(console.button("JSON")).to_be_visible()
    assert await barriers(tab) == []
    await console.button("New conversation").click()
    await expect(console.button("Start talking")).to_be_enabled()
    assert await barriers(tab) == []
    await tab.page.get_by_role("button", name="Voice: ").click()
    await expect(tab.page.get_by_role("dialog")).to_be_visible()
    assert await barriers(tab) == []


async def test_a_phone_has_hanging_up_in_reach(console: ConsolePage, tab: Tab) -> None:
    await tab.page.set_viewport_size({"width": 360, "height": 640})
    await console.start()
    await console.turn_is_over(0)
    for end in ("0", "document.body.scrollHeight"):
        await tab.page.evaluate(f"scrollTo(0, {end})")
        await expect(console.button("Hang up")).to_be_in_viewport(ratio=1)
    await console.button("Hang up").click()
    await expect(console.status("You hung up")).to_be_visible()


async def test_a_conversation_is_begun_with_keys_alone(
    console: ConsolePage, tab: Tab, account: Account
) -> None:
    await console.open_signed_in()
    began = time.monotonic()
    await tab.page.reload()
    await expect(console.button("Start talking")).to_be_enabled()
    await console.press_by_keys("Start talking")
    await tab.agent_is_heard()
    print(f"page load to first heard greeting: {time.monotonic() - began:.2f} s")  # noqa: T201
    await console.agent_is("listening")
    await console.press_by_keys("Hang up")
    await expect(console.status("You hung up")).to_be_visible()
    session_id = (await account.listed())[0]["id"]
    assert (await account.ended(session_id))["end_reason"] == "caller_hangup"
    assert tab.problems == []


async def test_a_voice_is_heard_and_a_microphone_checked_before_the_call(
    console: ConsolePage, tab: Tab, account: Account
) -> None:
    await console.open_signed_in()
    await console.button("Check").click()
    await tab.allow_microphone()
    await expect(console.status("Your microphone works")).to_be_visible()
    await tab.page.get_by_role("button", name="Voice: ").click()
    voices = tab.page.get_by_role("dialog", name="Voice")
    await expect(voices.get_by_role("radio")).to_have_count(39)
    asked = f"{account.url}/api/v1/voices/priya/sample?language=en-IN"
    async with tab.page.expect_response(asked) as response:
        await voices.get_by_role("button", name="Hear Priya").click()
    assert (await response.value).headers["content-type"] == "audio/wav"
    await expect(voices.get_by_role("button", name="Stop Priya")).to_be_visible()
    await expect(voices.get_by_role("button", name="Hear Priya")).to_be_visible()
    assert tab.problems == []


def read(saved: Path) -> str:
    """What a download holds."""
    return saved.read_text(encoding="utf-8")


def bearer(key: str) -> dict[str, str]:
    """The header that carries a key."""
    return {"Authorization": f"Bearer {key}"}


def told(turns: list[Json]) -> Figures:
    """The transcript's latencies as the page writes them: a greeting shows what was measured."""
    return {
        turn["turn_index"]: {
            stage: written(duration_ms)
            for stage, duration_ms in measured(turn).items()
            if turn["user_transcript"] or duration_ms is not None
        }
        for turn in turns
    }


def measured(turn: Json) -> dict[str, int | None]:
    """The stages of a turn, and how long its reply was played."""
    is_answer = turn["user_transcript"] != ""
    began, ended = (
        (turn["first_audio_ms"], turn["total_ms"])
        if is_answer
        else (turn["started_at_ms"], turn["ended_at_ms"])
    )
    playing = None if began is None or ended is None else ended - began
    return {**{stage: turn[stage] for stage in STAGES}, "playing": playing}


def written(duration_ms: int | None) -> str:
    """A duration in the page's words."""
    if duration_ms is None:
        return "–"
    if duration_ms < 1000:
        return f"{duration_ms} ms"
    seconds = Decimal(duration_ms / 1000).quantize(Decimal("0.01"), ROUND_HALF_UP)
    return f"{seconds} s"
