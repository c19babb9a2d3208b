"""How a recogniser sets its marks: vendors differ, and a turn's end must not rest on it."""

import re

HABITS = ("vendor", "never", "always")
"""``vendor``: as the entry is written, so full stops stand at the ends of sentences, and a final
cut out of one has none. ``never``: no mark anywhere. ``always``: a full stop after each pause, in
the middle of a sentence as at its end."""

_STOPS = ".?!।"
_MARKS = re.compile(r"[.,?!;:।]+(?=\s|$)")


def punctuate(text: str, habit: str, *, is_pause: bool) -> str:
    """``is_pause``: the text goes to a pause of the speaker, not into the midst of words."""
    if habit == "never":
        return _MARKS.sub("", text)
    if habit == "always" and is_pause and text.strip() and text[-1] not in _STOPS:
        return f"{text.rstrip(',;:')}."
    return text
