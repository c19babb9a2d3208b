"""A picture of a session whose caller has a bad network: `scripts/screenshots`. Needs root.

The whole process is on the caller's side of a link that loses 2 % of the packets and delays each by
up to 60 ms: its browser sees the page over it too. In the middle of the last question the link
loses all packets for a while.
"""

import asyncio
import json
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Final

from benchmarks.network import Place, network
from benchmarks.rig import open_call
from benchmarks.scenario import load_scenario
from benchmarks.system import System, scripted_system
from cli.caller.session_api import SessionApi
from tests.e2e.browser import launched, opened_tab
from tests.e2e.console_pictures import FOLDER, Pictures
from tests.e2e.speech import OPENING_HOURS, spoken

QUESTIONS: Final = 3
CUT_IN: Final = QUESTIONS - 1
"""The last one: scripted recognition tells words that it missed in the next."""
CUT_AFTER_S, CUT_FOR_S = 0.9, 0.8
_SIGN_IN: Final = "sessionStorage.setItem('vaarta.credential', {key})"


async def hold(system: System, place: Place) -> str:
    """A session with some questions, once its recording is stored; its id."""
    scenario = load_scenario("recorded_calls")
    recorded = replace(scenario, session={**scenario.session, "record": True})
    async with open_call(system, recorded) as call:
        for number in range(QUESTIONS):
            async with asyncio.TaskGroup() as group:
                speaking = group.create_task(call.caller.play(call.clip(number)))
                if number == CUT_IN:
                    group.create_task(lose_all_for_a_while(place))
            await call.dialogue.hear_answer(speaking.result().last_speech_at)
    async with SessionApi(system.api_url, system.api_key) as api:
        await api.recording(call.session_id)
    return call.session_id


async def lose_all_for_a_while(place: Place) -> None:
    """In the middle of what is being said."""
    await asyncio.sleep(CUT_AFTER_S)
    place.cut()
    await asyncio.sleep(CUT_FOR_S)
    place.mend()


async def take(place: Place) -> None:
    """Hold it and take its page."""
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        async with (
            scripted_system(load_scenario("recorded_calls"), place) as system,
            launched(spoken(OPENING_HOURS), Path(folder)) as browser,
            opened_tab(browser) as tab,
        ):
            session_id = await hold(system, place)
            await tab.page.add_init_script(_SIGN_IN.format(key=json.dumps(system.api_key)))
            pictures = Pictures(tab.page, system.api_url)
            await pictures.open(f"sessions/{session_id}")
            await pictures.take_whole("session-lossy-network", "wide")


if __name__ == "__main__":
    with network("lossy") as place:
        asyncio.run(take(place))
