"""A job that keeps two turns and its end in the journal, says so, and stays: to be killed.

python -m tests.integration.keeping_job FOLDER SESSION EPOCH
"""

import asyncio
import sys
from pathlib import Path
from uuid import UUID, uuid4

from agent.records.journal import Journal, JournalFolder
from agent.records.rows import EndRow, Mandate, Row, TurnRow
from store.records import EndReason, NewTurn, SessionId, TurnId


async def _keep(folder: str, session: str, epoch: str) -> None:
    journal = Journal(
        JournalFolder(Path(folder), 1024 * 1024), Mandate(SessionId(UUID(session)), int(epoch))
    )
    rows: list[Row] = [TurnRow(_turn(index), []) for index in range(2)]
    rows.append(EndRow(EndReason.CALLER_HANGUP, asyncio.get_running_loop().time()))
    assert len(await journal.keep(rows)) == 3
    print("kept", flush=True)  # noqa: T201
    await asyncio.sleep(3600)


def _turn(index: int) -> NewTurn:
    return NewTurn(id=TurnId(uuid4()), turn_index=index, user_transcript="", agent_response="")


if __name__ == "__main__":
    asyncio.run(_keep(*sys.argv[1:]))
