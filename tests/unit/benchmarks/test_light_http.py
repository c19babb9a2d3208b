"""A client that loads a machine without taking part of it."""

import asyncio

from benchmarks.light_http import Connection, get

ANSWER = b"HTTP/1.1 429 Too Many Requests\r\nContent-Length: 4\r\nX-Other: 1\r\n\r\nbody"


class Wire(asyncio.Transport):
    """Keeps what is sent."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: list[bytes] = []
        self.is_gone = False

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.sent.append(bytes(data))

    def is_closing(self) -> bool:
        return self.is_gone


def opened() -> tuple[Connection, Wire]:
    connection, wire = Connection(), Wire()
    connection.connection_made(wire)
    return connection, wire


async def test_a_request_has_its_status_once_the_whole_answer_came() -> None:
    connection, wire = opened()
    for _ in range(2):
        asked = asyncio.create_task(connection.ask(get("/v1/x?q=a", "cm_live_a")))
        for at in range(len(ANSWER)):
            await asyncio.sleep(0)
            assert not asked.done()
            connection.data_received(ANSWER[at : at + 1])
        assert await asked == "429"
    assert wire.sent[0].startswith(b"GET /v1/x?q=a HTTP/1.1\r\n")
    assert b"\r\nAuthorization: Bearer cm_live_a\r\n" in wire.sent[0]
    assert wire.sent[0].endswith(b"\r\n\r\n")


async def test_who_waits_for_an_answer_is_told_that_the_connection_ended() -> None:
    connection, _ = opened()
    asked = asyncio.create_task(connection.ask(get("/", "a")))
    await asyncio.sleep(0)
    connection.connection_lost(None)
    assert isinstance((await asyncio.gather(asked, return_exceptions=True))[0], OSError)
    assert not connection.is_open
