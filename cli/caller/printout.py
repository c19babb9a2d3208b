"""A call as text for a terminal."""

from collections.abc import Sequence
from typing import Final

from cli.caller.caller import Segment
from cli.caller.turn import Turn

_COLUMNS: Final = (
    ("eou", "eou_delay_ms"),
    ("stt", "stt_ms"),
    ("first token", "first_token_ms"),
    ("tts first byte", "tts_ttfb_ms"),
    ("first audio", "first_audio_ms"),
    ("total", "total_ms"),
)


def spoken_line(segment: Segment) -> str:
    """`You: …` or `Agent: …`."""
    return f"{'You' if segment.who == 'caller' else 'Agent'}: {segment.text.strip()}"


def latency_table(turns: Sequence[Turn]) -> str:
    """One row a turn, milliseconds; `-` where a stage was not measured."""
    rows = [["turn", *(title for title, _ in _COLUMNS), ""]]
    rows += [_row(turn) for turn in sorted(turns, key=lambda turn: turn.turn_index)]
    return text_table(rows)


def text_table(rows: Sequence[Sequence[str]]) -> str:
    """Columns aligned to the right, the first and the last to the left."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    last = len(widths) - 1
    lines = []
    for row in rows:
        cells = [
            cell.ljust(width) if i in (0, last) else cell.rjust(width)
            for i, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines)


def _row(turn: Turn) -> list[str]:
    values = [getattr(turn, name) for _, name in _COLUMNS]
    cells = ["-" if value is None else str(value) for value in values]
    return [str(turn.turn_index), *cells, "interrupted" if turn.interrupted else ""]
