"""What a host of language models does in its own way, as people have reported of theirs: data."""

from dataclasses import dataclass, field

from sandbox.script_reader import Rule

_MS = {"rule": Rule(least=0, most=600_000)}
TEMPLATES = (
    "kimi",
    "hermes",
    "qwen_coder",
    "llama",
    "llama_bare",
    "mistral",
    "deepseek",
    "gemma",
    "gpt_oss",
    "glm",
)


@dataclass(frozen=True)
class ChatHabit:
    """The way of one ``upstream``, or of all; the first that fits a request counts.

    ``template``: calls are written into the text as that model writes them, and not read.
    ``finish``: what the end of an answer with calls is called; ``null`` for none.
    ``indexes`` of parallel calls: ``own``, ``one`` for all, ``none``. ``ids``: ``own``, ``empty``,
    ``none``, ``anew`` counts from 0 in each answer.
    ``tools`` ``refused``: a request with tools gets 400; ``unfit`` says so without a reason.
    ``alternate``: roles must, user first, as templates without tools check it. ``system`` false:
    a system message is refused.
    ``thinks_ms``: it reasons before it answers, unless asked not to, or also then where it
    ``thinks_anyway``; told in a ``field`` of its own, in ``tags``, or with an ``end`` tag only.
    ``load_ms``: the first request loads the model; one that is dropped by then has loaded nothing.
    ``serves``: the only model that it lists and answers for.
    ``idle_lines``: what it writes before each chunk to keep the connection alive.
    ``micro_usd``: what OpenRouter says that each answer costs.
    """

    upstream: str = ""
    template: str = field(default="", metadata={"rule": Rule(choices=("", *TEMPLATES))})
    finish: str = ""
    indexes: str = field(default="own", metadata={"rule": Rule(choices=("own", "one", "none"))})
    ids: str = field(
        default="own", metadata={"rule": Rule(choices=("own", "empty", "none", "anew"))}
    )
    tools: str = field(
        default="taken", metadata={"rule": Rule(choices=("taken", "refused", "unfit"))}
    )
    alternate: bool = False
    system: bool = True
    thinks_ms: int = field(default=0, metadata=_MS)
    thinks_in: str = field(
        default="field", metadata={"rule": Rule(choices=("field", "tags", "end"))}
    )
    thinks_anyway: bool = False
    load_ms: int = field(default=0, metadata=_MS)
    serves: str = ""
    idle_lines: str = ""
    micro_usd: int = field(default=0, metadata={"rule": Rule(least=0, most=1_000_000)})


PROPER = ChatHabit()
