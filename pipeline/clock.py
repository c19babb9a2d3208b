"""The one clock of a conversation: the event loop's, which is monotonic, and virtual in tests."""

import asyncio


def now() -> float:
    """Seconds; only differences mean anything. Needs a running loop."""
    return asyncio.get_running_loop().time()
