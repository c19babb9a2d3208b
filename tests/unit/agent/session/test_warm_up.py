"""What a first session, or a first request to a model, would load is loaded before the fork."""

import subprocess
import sys

PROGRAM = """
import sys, threading
from pipeline.providers import openai_warm_up
openai_warm_up.run()
loaded = set(sys.modules)
assert "openai.resources.chat.completions" in loaded
openai_warm_up.run()
print(sorted(set(sys.modules) - loaded), threading.active_count())
"""

SESSION = """
import asyncio, sys, threading
from types import SimpleNamespace
import agent.session.preload
from agent.equipment.parts import SessionSide, opened_parts
from core.catalog import Catalog
from core.settings import Settings
n_threads, loaded = threading.active_count(), set(sys.modules)

async def open_parts():
    nowhere = {"SARVAM_WS_URL": "ws://127.0.0.1:1", "LLM_SARVAM_URL": "http://127.0.0.1:1/v1"}
    settings, catalog = Settings.from_env(nowhere), Catalog.load()
    config = {"language": "en-IN", "voice": "shubh", "stt_model": "saaras:v3", "greeting": "Hi.",
              "tts_model": "bulbul:v3", "llm_model": "sarvam-30b", "system_prompt": "Be brief."}
    side = SessionSide(None, None, None, SimpleNamespace(of=print, keep=print), print, print)
    tools = SimpleNamespace(tools=())
    async with opened_parts(settings, catalog, config, side, tools) as parts:
        await asyncio.sleep(0.2)

asyncio.run(open_parts())
print(sorted(set(sys.modules) - loaded), n_threads)
"""


def said_by(program: str) -> str:
    done = subprocess.run(
        (sys.executable, "-W", "ignore", "-c", program), capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()[-1]


def test_a_second_request_loads_nothing_and_no_thread_is_left() -> None:
    assert said_by(PROGRAM) == "[] 1"


def test_a_sessions_parts_are_loaded_before_processes_are_forked() -> None:
    assert said_by(SESSION) == "[] 1"


def test_whom_a_sessions_requests_to_livekit_trust_is_read_before_the_fork() -> None:
    program = """
import agent.session.preload
from livekit.agents.utils import http_context
before = http_context._ssl_context_for.cache_info().misses
http_context._create_ssl_context()
print(before, http_context._ssl_context_for.cache_info().misses)
"""
    assert said_by(program) == "1 1"
