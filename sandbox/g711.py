"""G.711 mu-law and A-law, both ways, as table lookups (ITU-T G.711)."""

import numpy as np
from numpy.typing import NDArray

from sandbox.ports import Samples

_MULAW_BIAS = 0x84


def _decode_mulaw_table() -> Samples:
    code = ~np.arange(256, dtype=np.int32) & 0xFF
    magnitude = (((code & 0x0F) << 3) + _MULAW_BIAS) << ((code >> 4) & 7)
    return np.where(code & 0x80, _MULAW_BIAS - magnitude, magnitude - _MULAW_BIAS).astype(np.int16)


def _decode_alaw_table() -> Samples:
    code = np.arange(256, dtype=np.int32) ^ 0x55
    exponent = (code >> 4) & 7
    magnitude = ((code & 0x0F) << 4) + 8
    magnitude = np.where(
        exponent > 0, (magnitude + 0x100) << np.maximum(exponent - 1, 0), magnitude
    )
    return np.where(code & 0x80, magnitude, -magnitude).astype(np.int16)


_MULAW = _decode_mulaw_table()
_ALAW = _decode_alaw_table()


def _nearest_codes(table: Samples) -> NDArray[np.uint8]:
    """For every 16-bit value the code whose value lies nearest, indexed by value + 32768."""
    order = np.argsort(table, kind="stable")
    values = table[order].astype(np.int32)
    between = (values[1:] + values[:-1] + 1) // 2
    return order[np.searchsorted(between, np.arange(-32768, 32768), side="right")].astype(np.uint8)


_TO_MULAW = _nearest_codes(_MULAW)
_TO_ALAW = _nearest_codes(_ALAW)


def decode_mulaw(data: bytes) -> Samples:
    return _MULAW[np.frombuffer(data, np.uint8)]


def decode_alaw(data: bytes) -> Samples:
    return _ALAW[np.frombuffer(data, np.uint8)]


def encode_mulaw(samples: Samples) -> bytes:
    return _TO_MULAW[samples.astype(np.int32) + 32768].tobytes()


def encode_alaw(samples: Samples) -> bytes:
    return _TO_ALAW[samples.astype(np.int32) + 32768].tobytes()
