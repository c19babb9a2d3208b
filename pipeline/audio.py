"""The two kinds of sound that flow through a conversation: both mono, 16-bit, little-endian.

The caller's comes in windows of the voice activity model, the agent's as the voice provider
streams it, so that no resampler and no decoder stands in the way of either.
"""

from typing import Final

CALLER_RATE_HZ: Final = 16_000
WINDOW_SAMPLES: Final = 512
WINDOW_BYTES: Final = 2 * WINDOW_SAMPLES
WINDOW_S: Final = WINDOW_SAMPLES / CALLER_RATE_HZ

AGENT_RATE_HZ: Final = 24_000
AGENT_BYTES_PER_S: Final = 2 * AGENT_RATE_HZ


def agent_seconds(n_bytes: int) -> float:
    """Duration of `n_bytes` of the agent's sound."""
    return n_bytes / AGENT_BYTES_PER_S
