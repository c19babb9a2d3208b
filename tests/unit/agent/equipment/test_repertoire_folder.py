"""The folder is asked and told without holding up a reply."""

import asyncio
import threading
from pathlib import Path

import pytest

from agent.equipment.clause_folder import ClauseFolder
from agent.equipment.repertoire_folder import RepertoireFolder
from core.setting_groups import AgentSettings
from pipeline.repertoire import Clause

HELLO = Clause("kavya", "Hello there.")
SOUND = b"\1\2" * 24_000


async def twice(repertoire: RepertoireFolder) -> None:
    await repertoire.hear(HELLO, SOUND)
    await repertoire.hear(HELLO, SOUND)


def test_a_session_that_leaves_no_words_uses_what_others_left(tmp_path: Path) -> None:
    settings = AgentSettings(repertoire_dir=str(tmp_path))
    quiet = RepertoireFolder.named(settings, {"store_transcript": False})
    other = RepertoireFolder.named(settings, {})
    assert quiet is not None
    assert other is not None
    asyncio.run(twice(quiet))
    assert list(tmp_path.iterdir()) == []
    asyncio.run(twice(other))
    assert asyncio.run(quiet.sound_of(HELLO)) == SOUND


def test_a_disk_that_hangs_is_waited_for_once_and_briefly(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    is_free = threading.Event()
    n_asked = 0

    def hang(*_: object) -> bytes:
        nonlocal n_asked
        n_asked += 1
        is_free.wait(10)
        return SOUND

    async def ask() -> list[bytes | None]:
        repertoire = RepertoireFolder(ClauseFolder(tmp_path, 1024 * 1024), is_told=True)
        answers = [await repertoire.sound_of(HELLO) for _ in range(3)]
        is_free.set()
        assert repertoire._busy is not None
        await repertoire._busy
        return [*answers, await repertoire.sound_of(HELLO)]

    monkeypatch.setattr(ClauseFolder, "read", hang)
    assert asyncio.run(ask()) == [None, None, None, SOUND]
    assert n_asked == 2


def test_without_a_folder_there_is_none() -> None:
    assert RepertoireFolder.named(AgentSettings(repertoire_dir=""), {}) is None
