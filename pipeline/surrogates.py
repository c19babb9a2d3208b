"""Text with halves of characters in it: JSON can hold them, UTF-8 cannot."""

import re
from typing import Final

_HALF: Final = re.compile("[\ud800-\udfff]")
_FIRST_HALF: Final = re.compile("[\ud800-\udbff]\\Z")


def whole(text: str) -> str:
    """The text with halves that meet made one, and others replaced."""
    if not _HALF.search(text):
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def parted(text: str) -> tuple[str, str]:
    """The text that is whole, and the half at its end that may meet its other one."""
    end = len(text) - bool(_FIRST_HALF.search(text))
    return whole(text[:end]), text[end:]
