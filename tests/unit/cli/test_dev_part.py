import asyncio
import signal

from cli.dev.part import LINE_BYTES, TAIL_LINES, Part, PartDied, PartSpec
from cli.dev.supervisor import STOP_ORDER, stop_rank


async def lines_of(*chunks: bytes, is_quiet: bool = False) -> tuple[Part, list[str]]:
    """A part that has said `chunks`, and what reached the log."""
    said: list[str] = []
    spec = PartSpec("api", ("api",), {}, is_quiet=is_quiet)
    part = Part(spec, lambda name, line: said.append(line))
    stream = asyncio.StreamReader()
    for chunk in chunks:
        stream.feed_data(chunk)
    stream.feed_eof()
    await part.pump(stream)
    return part, said


async def test_lines_are_cut_at_their_ends_not_at_the_chunks() -> None:
    _, said = await lines_of(b"one\ntw", b"o\n\nthree")
    assert said == ["one", "two", "three"]


async def test_a_line_without_end_is_cut_rather_than_kept() -> None:
    _, said = await lines_of(b"x" * (3 * LINE_BYTES))
    assert sum(map(len, said)) == 3 * LINE_BYTES
    assert max(map(len, said)) <= 2 * LINE_BYTES


async def test_bytes_that_are_no_text_do_not_stop_the_stream() -> None:
    _, said = await lines_of(b"\xff\xfe\nnext\n")
    assert said[-1] == "next"


async def test_only_the_last_lines_are_kept_for_the_report() -> None:
    part, _ = await lines_of(b"".join(b"%d\n" % n for n in range(TAIL_LINES + 5)))
    assert (part.tail[0], part.tail[-1], len(part.tail)) == ("5", str(TAIL_LINES + 4), TAIL_LINES)


async def test_a_quiet_part_is_heard_only_in_its_report() -> None:
    part, said = await lines_of(b"creating files\n", is_quiet=True)
    assert said == []
    assert list(part.tail) == ["creating files"]


def test_a_death_tells_exit_code_and_last_lines() -> None:
    assert str(PartDied("api", 3, ("boom",))) == (
        "api ended by itself (exit code 3); its last lines:\n    boom"
    )


def test_a_death_by_a_signal_names_it() -> None:
    assert "signal SIGKILL" in str(PartDied("worker", -signal.SIGKILL, ()))


def test_parts_end_before_what_they_use() -> None:
    assert sorted(["postgres", "api", "livekit", "worker", "sandbox"], key=stop_rank) == [
        *STOP_ORDER
    ]


def test_all_workers_end_together() -> None:
    assert stop_rank("worker-2") == stop_rank("worker")


def test_tools_end_before_every_part() -> None:
    assert sorted(["worker", "go"], key=stop_rank) == ["go", "worker"]
