"""A real Chromium with a microphone that speaks a clip, and tabs that note what goes wrong."""

import os
import shutil
import wave
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import numpy as np
from playwright.async_api import Browser, ConsoleMessage, Page, async_playwright, expect

from cli.caller.clip import Clip, Samples
from tests.servers import MissingServer

DEADLINE_MS: Final = 60_000
_NAMES: Final = ("chromium", "chromium-browser", "google-chrome")
_SILENCE_S: Final = 0.5
"""Around the clip: a voice does not start with the microphone."""
_FLAGS: Final = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--allow-loopback-in-peer-connection",
    "--use-fake-device-for-media-stream",
    "--autoplay-policy=no-user-gesture-required",
)
# The page asks for its microphone as ever; the browser's question is answered by the test.
_ASK_FIRST: Final = """
const devices = navigator.mediaDevices;
const open = devices.getUserMedia.bind(devices);
const allowed = new Promise((allow) => {
  window.allowMicrophone = allow;
});
devices.getUserMedia = async (wanted) => {
  await allowed;
  return open(wanted);
};
"""
_VOICE_SOUNDS: Final = """async () => {
  const widgets = [...document.querySelectorAll("vaarta-call")];
  const roots = [document, ...widgets.map(({ shadowRoot }) => shadowRoot)];
  const played = roots.flatMap((root) => [...root.querySelectorAll("audio")]).filter(
    ({ srcObject, paused, currentTime }) => srcObject && !paused && currentTime > 0,
  );
  window.listening ??= new AudioContext();
  for (const audio of played) {
    audio.listener ??= Object.assign(listening.createAnalyser(), { fftSize: 2048 });
    if (audio.heard !== audio.srcObject) {
      audio.heard = audio.srcObject;
      listening.createMediaStreamSource(audio.heard).connect(audio.listener);
    }
    const samples = new Float32Array(audio.listener.fftSize);
    audio.listener.getFloatTimeDomainData(samples);
    if (samples.some((sample) => Math.abs(sample) > 0.05)) return true;
  }
  return false;
}"""


@dataclass
class Tab:
    """One page.

    `said` is what it printed with `console.log`. `problems` are its errors: refused by a policy,
    failed to load, never caught. `hosts` is everything that it sent a request to.
    """

    page: Page
    said: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    hosts: set[str] = field(default_factory=set)

    async def allow_microphone(self) -> None:
        """Answer the browser's question; the microphone that the page wanted speaks."""
        await self.page.evaluate("allowMicrophone()")

    async def agent_is_heard(self) -> None:
        """Until an audio element of the page plays the agent's voice."""
        await self.page.wait_for_function(_VOICE_SOUNDS, polling=50, timeout=DEADLINE_MS)

    def watch(self) -> None:
        """Note what the page says, does wrong and connects to."""
        self.page.on("console", self._note)
        self.page.on("pageerror", lambda error: self.problems.append(str(error)))
        self.page.on("request", lambda request: self._note_host(request.url))
        self.page.on("websocket", lambda socket: self._note_host(socket.url))

    def _note(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.problems.append(message.text)
        elif message.type == "log":
            self.said.append(message.text)

    def _note_host(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in {"blob", "data"}:
            self.hosts.add(parts.netloc)


@asynccontextmanager
async def launched(clip: Clip, folder: Path) -> AsyncIterator[Browser]:
    """A browser whose microphone speaks the clip once, each time that it is opened.

    Raises `MissingServer`.
    """
    executable = chromium()
    microphone = folder / "microphone.wav"
    _write(microphone, clip)
    flags = [*_FLAGS, f"--use-file-for-fake-audio-capture={microphone}%noloop"]
    expect.set_options(timeout=DEADLINE_MS)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=executable, args=flags, chromium_sandbox=os.geteuid() != 0
        )
        try:
            yield browser
        finally:
            await browser.close()


def chromium() -> str:
    """Where the browser is. Raises `MissingServer`."""
    for name in _NAMES:
        if found := shutil.which(name):
            return found
    raise MissingServer("Chromium: run `scripts/chromium`")


@asynccontextmanager
async def opened_tab(browser: Browser, *, has_microphone: bool = True) -> AsyncIterator[Tab]:
    """A tab of its own. Its microphone waits for `allow_microphone`, or is refused at once."""
    permissions = ["microphone"] if has_microphone else []
    context = await browser.new_context(permissions=permissions, accept_downloads=True)
    context.set_default_timeout(DEADLINE_MS)
    try:
        tab = Tab(await context.new_page())
        tab.watch()
        if has_microphone:
            await tab.page.add_init_script(_ASK_FIRST)
        yield tab
    finally:
        await context.close()


def _write(path: Path, clip: Clip) -> None:
    silence: Samples = np.zeros(int(_SILENCE_S * clip.rate_hz), np.int16)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(clip.rate_hz)
        file.writeframes(np.concatenate((silence, clip.samples, silence)).tobytes())
