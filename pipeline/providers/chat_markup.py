"""What models write that is not to be said, though their hosts pass it on as text: data.

A model's template marks thoughts and calls in its own way, and a host that does not know the
template leaves the marks in the answer. A passage runs from a mark to the next one that closes it;
where nothing does, to the end of the answer.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final


class Kind(Enum):
    """What a passage is."""

    THOUGHT = auto()
    """Or something else that nobody is to hear."""
    CALLS = auto()
    DOUBTFUL = auto()
    """Calls if it can be read as such, or else words like all others."""
    HEADER = auto()
    """Of a message within the answer (gpt-oss): its channel, and whom it is for."""


@dataclass(frozen=True, slots=True)
class Passage:
    """From `opens` to the first of `closes`, or to the bracket that closes all of its brackets
    where it `is_balanced`. One that `is_whole` is read together with its marks. `name` is the tool
    that all of it calls; `at_edge`: only where a word begins, `at_start`: only where a line does.
    """

    opens: str
    closes: tuple[str, ...] = ()
    kind: Kind = Kind.CALLS
    is_whole: bool = False
    is_balanced: bool = False
    at_edge: bool = False
    at_start: bool = False
    name: str = ""


def _tagged(kind: Kind, *names: str) -> Iterator[Passage]:
    return (Passage(f"<{name}>", (f"</{name}>",), kind) for name in names)


_THOUGHTS: Final = (
    *_tagged(Kind.THOUGHT, "think", "thinking", "thought", "thoughts", "reasoning", "seed:think"),
    Passage("[THINK]", ("[/THINK]",), Kind.THOUGHT),
    Passage("◁think▷", ("◁/think▷",), Kind.THOUGHT),
    Passage("<|START_THINKING|>", ("<|END_THINKING|>",), Kind.THOUGHT),
)
THOUGHT_ENDS: Final = tuple(passage.closes[0] for passage in _THOUGHTS)
"""Found alone, one ends a thought that the template had opened before the answer began."""
_UNSAID: Final = (
    *_tagged(Kind.THOUGHT, "tool_response", "tool_result", "tool_output"),
    Passage("<|channel>", ("<channel|>",), Kind.THOUGHT),
    Passage("<|start_header_id|>", ("<|end_header_id|>",), Kind.THOUGHT),
    Passage("<|im_start|>", ("\n",), Kind.THOUGHT),
    Passage("<start_of_turn>", ("\n",), Kind.THOUGHT),
)
_CALLS: Final = (
    # Kimi: with and without a section, which is spelt in two ways; K3's own.
    Passage("<|tool_calls_section_begin|>", ("<|tool_calls_section_end|>",)),
    Passage("<|tool_call_section_begin|>", ("<|tool_call_section_end|>",)),
    Passage("<|tool_call_begin|>", ("<|tool_call_end|>",), is_whole=True),
    Passage("<|open|>tools", ("<|close|>tools",)),
    # Hermes, Qwen, GLM, Sarvam; MiniMax, Nemotron, and those who copy them.
    *_tagged(Kind.CALLS, "tool_call", "tool_calls", "function_call", "function_calls", "tool_code"),
    *_tagged(Kind.CALLS, "minimax:tool_call", "TOOLCALL"),
    Passage("<function=", ("</function>",), is_whole=True),
    Passage("<invoke name=", ("</invoke>",), is_whole=True),
    # Llama; Mistral, whose calls come last; Granite, Phi; Cohere; LM Studio.
    Passage("<|python_tag|>", ("<|eom_id|>", "<|eot_id|>")),
    Passage("[TOOL_CALLS]", ("</s>",)),
    Passage("<|tool_call|>", ("<|/tool_call|>", "<tool_call|>")),
    Passage("functools[", (), is_whole=True, is_balanced=True, at_edge=True),
    Passage("<|START_ACTION|>", ("<|END_ACTION|>",)),
    Passage("[TOOL_REQUEST]", ("[END_TOOL_REQUEST]",)),
    # DeepSeek.
    Passage("<｜tool▁calls▁begin｜>", ("<｜tool▁calls▁end｜>",)),
    Passage("<｜tool▁call▁begin｜>", ("<｜tool▁call▁end｜>",), is_whole=True),
    *_tagged(Kind.CALLS, "｜DSML｜function_calls", "｜DSML｜tool_calls"),
    # Gemma.
    Passage("<|tool_call>", ("<tool_call|>",)),
    Passage("<start_function_call>", ("<end_function_call>",)),
)
_DOUBTFUL: Final = (
    Passage("```", ("```",), Kind.DOUBTFUL, is_whole=True),
    Passage("{", (), Kind.DOUBTFUL, is_whole=True, is_balanced=True),
    Passage("[", (), Kind.DOUBTFUL, is_whole=True, is_balanced=True, at_start=True),
)
HEADER_MARKS: Final = ("<|start|>", "<|channel|>")
_HEADERS: Final = tuple(Passage(mark, ("<|message|>",), Kind.HEADER) for mark in HEADER_MARKS)
MESSAGE_ENDS: Final = ("<|end|>", "<|call|>", "<|return|>", *HEADER_MARKS)
STRAY: Final = (
    "</tool_call>",
    "</tool_calls>",
    "</function_calls>",
    "</function>",
    "</parameter>",
    "</invoke>",
    "<tool_call|>",
    "<channel|>",
    "<end_of_turn>",
    "</s>",
    "<s>",
    "<eos>",
    "<bos>",
)
"""Marks that close nothing and that nobody says."""


def passages(tool_names: Iterable[str]) -> list[Passage]:
    """All kinds of passages, also such as begin with the name of one of the tools: what is left of
    a call where its marks were taken away."""
    found = [*_THOUGHTS, *_UNSAID, *_CALLS, *_DOUBTFUL, *_HEADERS]
    for name in tool_names:
        heads = (f"{before}{name}" for before in ("", "functions.", "default_api.", "call:"))
        opens = [f"{head}{bracket}" for head in heads for bracket in "({"]
        opens += [f"[{name}(", f"functions.{name}:", f"{name}[ARGS]"]
        found += (Passage(one, is_whole=True, is_balanced=True, at_edge=True) for one in opens)
        found.append(Passage(f"to=functions.{name}", is_balanced=True, name=name, at_edge=True))
    return found
