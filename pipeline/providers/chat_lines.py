"""The lines of a streamed completion → its events, as hosts write them.

data: {…}  data: [DONE]     events            data:   data: ping   data: null   nothing: life
event: error, data: {…}     an error, whether or not its object says so
"""

import json

from openai import AsyncOpenAI
from openai._streaming import ServerSentEvent, SSEDecoder


class PatientOpenAI(AsyncOpenAI):
    """The vendor's client, which takes each event for a chunk: others keep a connection alive with
    events that are none."""

    def _make_sse_decoder(self) -> SSEDecoder:
        return ChatLines()


class ChatLines(SSEDecoder):
    """Gives only what may be a chunk, an error or the end."""

    def decode(self, line: str) -> ServerSentEvent | None:
        """Take a line; the event that it ends."""
        event = super().decode(line.removeprefix("\ufeff"))
        if event is None:
            return None
        data = event.data.lstrip()
        if event.event == "error" and '"error"' not in data:
            return ServerSentEvent(data=json.dumps({"error": data or event.event}))
        return event if data.startswith(("{", "[DONE]")) else None
