"""`python -m cli.caller WS_URL [FILE…]`: be a caller in a process of one's own.

Reads its token from standard input, joins, plays the files, and stays. Each thing that happens
is one JSON line. It leaves properly when standard input closes; killed instead, it drops off
without a goodbye, as a caller does whose battery dies.
"""

import asyncio
import json
import sys
from pathlib import Path

from cli.caller.caller import Caller
from cli.caller.clip import read_clip


def _tell(event: str, **values: object) -> None:
    print(json.dumps({"event": event, **values}), flush=True)


async def _call(ws_url: str, files: list[str]) -> None:
    clips = [read_clip(Path(name)) for name in files]
    token = await asyncio.to_thread(sys.stdin.readline)
    async with Caller(ws_url, token.strip()) as caller:
        _tell("joined")
        for clip in clips:
            await caller.play(clip)
            _tell("played", clip=clip.name)
        await asyncio.to_thread(sys.stdin.read)
    _tell("left", reason=caller.disconnect_reason)


if __name__ == "__main__":
    asyncio.run(_call(sys.argv[1], sys.argv[2:]))
