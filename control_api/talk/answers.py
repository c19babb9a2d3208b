"""What came of a talk as the API shows it."""

from typing import Literal

from pydantic import Field

from control_api.request.shown import Moment, Shown


class Talked(Shown):
    """One short conversation with the configured providers; a stage is null where it was not
    come to."""

    ok: bool
    model: str
    """The chat model, and whose host answered."""
    stand_ins: list[Literal["recognition", "voice", "model"]]
    """Who served in place of a vendor."""
    heard: str | None
    """What recognition made of the question."""
    answer: str | None
    recognition_ms: int | None = Field(ge=0)
    """From the last sample to the final words."""
    first_token_ms: int | None = Field(ge=0)
    voice_ms: int | None = Field(ge=0)
    """From the answer's text to its first sound."""
    total_ms: int | None = Field(ge=0)
    """From the last sample to the first sound, one step after the other."""
    punctuation: Literal["sentences", "end", "none"] | None
    """Where recognition sets full stops: behind each sentence, only at the end, nowhere."""
    quirks: list[str]
    """What is odd about the model."""
    advice: list[str]
    """What to set, or to do."""
    held_at: Moment
