"""Answers as models write them where their host reads no template: data for tests."""

from typing import Final

from pipeline.ports import Tool

TOOLS: Final = (
    Tool(
        "find_hours",
        "Finds hours.",
        {
            "type": "object",
            "properties": {"day": {"type": "string"}, "weeks": {"type": "integer"}},
            "required": ["day"],
        },
    ),
    Tool("end_call", "Hangs up.", {"type": "object", "properties": {}}),
)
Calls = tuple[tuple[str, dict[str, object]], ...]
HOURS: Final[Calls] = (("find_hours", {"day": "sunday"}),)
BOTH: Final[Calls] = (("find_hours", {"day": "sunday"}), ("end_call", {}))
LEAVE: Final[Calls] = (("end_call", {}),)

WRITTEN: Final[dict[str, tuple[str, str, Calls]]] = {
    "kimi": (
        "Let me see.<|tool_calls_section_begin|><|tool_call_begin|>functions.find_hours:0"
        '<|tool_call_argument_begin|>{"day": "sunday"}<|tool_call_end|><|tool_call_begin|>'
        "functions.end_call:1<|tool_call_argument_begin|>{}<|tool_call_end|>"
        "<|tool_calls_section_end|>",
        "Let me see.",
        BOTH,
    ),
    "kimi, no section": (
        "<|tool_call_begin|>functions.end_call:0<|tool_call_argument_begin|>{}<|tool_call_end|>",
        "",
        LEAVE,
    ),
    "kimi, unended": (
        "<|tool_calls_section_begin|><|tool_call_begin|>functions.end_call:0"
        "<|tool_call_argument_begin|>{}",
        "",
        LEAVE,
    ),
    "kimi, marks taken away": ("Goodbye! functions.end_call:0{}", "Goodbye! ", LEAVE),
    "kimi k3": (
        '<|open|>tools<|sep|><|open|>call tool="find_hours" index="1"<|sep|><|open|>argument '
        'key="day" type="string"<|sep|>sunday<|close|>argument<|sep|><|close|>call<|sep|>'
        "<|close|>tools<|sep|>",
        "",
        HOURS,
    ),
    "hermes, qwen, sarvam": (
        '<tool_call>\n{"name": "find_hours", "arguments": {"day": "sunday"}}\n</tool_call>'
        '<tool_call>\n{"name": "end_call", "arguments": {}}\n</tool_call>',
        "",
        BOTH,
    ),
    "hermes, unended": (
        'Wait.<tool_call>{"name": "find_hours", "arguments": {"day": "sunday"}}',
        "Wait.",
        HOURS,
    ),
    "qwen coder": (
        "<tool_call>\n<function=find_hours>\n<parameter=day>\nsunday\n</parameter>\n"
        "<parameter=weeks>\n2\n</parameter>\n</function>\n</tool_call>",
        "",
        (("find_hours", {"day": "sunday", "weeks": 2}),),
    ),
    "qwen coder, half of its marks": (
        "<function=find_hours>\n<parameter=day>\nsunday\n</parameter>\n</function>\n</tool_call>",
        "\n",
        HOURS,
    ),
    "glm": (
        "<tool_call>find_hours\n<arg_key>day</arg_key>\n<arg_value>sunday</arg_value></tool_call>",
        "",
        HOURS,
    ),
    "llama, custom": ('<function=find_hours>{"day": "sunday"}</function>', "", HOURS),
    "llama": (
        '<|python_tag|>{"name": "find_hours", "parameters": {"day": "sunday"}}<|eom_id|>',
        "",
        HOURS,
    ),
    "llama, bare": ('{"name": "find_hours", "parameters": {"day": "sunday"}}', "", HOURS),
    "llama, bare, several": (
        'Wait. {"name": "find_hours", "parameters": {"day": "sunday"}}; '
        '{"name": "end_call", "parameters": {}}',
        "Wait.  ",
        BOTH,
    ),
    "llama, in python": ('[find_hours(day="sunday"), end_call()]', "", BOTH),
    "mistral": (
        '[TOOL_CALLS] [{"name": "find_hours", "arguments": {"day": "sunday"}}]',
        "",
        HOURS,
    ),
    "mistral, newer": (
        'Wait.[TOOL_CALLS]find_hours[ARGS]{"day": "sunday"}[TOOL_CALLS]end_call[ARGS]{}</s>',
        "Wait.",
        BOTH,
    ),
    "deepseek": (
        "<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>function<｜tool▁sep｜>find_hours\n```json\n"
        '{"day": "sunday"}\n```<｜tool▁call▁end｜><｜tool▁call▁begin｜>function<｜tool▁sep｜>'
        "end_call\n```json\n{}\n```<｜tool▁call▁end｜><｜tool▁calls▁end｜>",
        "",
        BOTH,
    ),
    "deepseek, newer": (
        "<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>find_hours<｜tool▁sep｜>"
        '{"day": "sunday"}<｜tool▁call▁end｜><｜tool▁calls▁end｜><｜end▁of▁sentence｜>',
        "",
        HOURS,
    ),
    "deepseek, newest": (
        '<｜DSML｜function_calls>\n<｜DSML｜invoke name="find_hours">\n'
        '<｜DSML｜parameter name="day" string="true">sunday</｜DSML｜parameter>\n'
        "</｜DSML｜invoke>\n</｜DSML｜function_calls>",
        "",
        HOURS,
    ),
    "gemma": ('```tool_code\nfind_hours(day="sunday")\n```', "", HOURS),
    "gemma, printed": ('```tool_code\nprint(default_api.find_hours("sunday"))\n```', "", HOURS),
    "gemma, json": (
        '```json\n{"name": "find_hours", "parameters": {"day": "sunday"}}\n```',
        "",
        HOURS,
    ),
    "gemma 4": (
        '<|tool_call>call:find_hours{day:<|"|>sun, {day}<|"|>,weeks:2}<tool_call|>',
        "",
        (("find_hours", {"day": "sun, {day}", "weeks": 2}),),
    ),
    "gemma, small": (
        "<start_function_call>call:find_hours{day:<escape>sunday<escape>}<end_function_call>",
        "",
        HOURS,
    ),
    "gpt-oss": (
        "<|channel|>analysis<|message|>They want hours.<|end|><|start|>assistant<|channel|>"
        'commentary to=functions.find_hours <|constrain|>json<|message|>{"day":"sunday"}<|call|>',
        "",
        HOURS,
    ),
    "gpt-oss, named first": (
        "<|start|>assistant to=functions.find_hours<|channel|>commentary json<|message|>"
        '{"day":"sunday"}',
        "",
        HOURS,
    ),
    "gpt-oss, an answer": (
        "<|channel|>analysis<|message|>Hm.<|end|><|start|>assistant<|channel|>final<|message|>"
        "We open at nine.<|return|>",
        "We open at nine.",
        (),
    ),
    "minimax": (
        '<minimax:tool_call>\n<invoke name="find_hours">\n<parameter name="day">sunday'
        "</parameter>\n</invoke>\n</minimax:tool_call>",
        "",
        HOURS,
    ),
    "nemotron": (
        '<TOOLCALL>[{"name": "find_hours", "arguments": {"day": "sunday"}}]</TOOLCALL>',
        "",
        HOURS,
    ),
    "phi": ('functools[{"name": "find_hours", "arguments": {"day": "sunday"}}]', "", HOURS),
    "granite": (
        '<|tool_call|>[{"name": "find_hours", "arguments": {"day": "sunday"}}]',
        "",
        HOURS,
    ),
    "cohere": (
        '<|START_ACTION|>[{"tool_call_id": "0", "tool_name": "find_hours", "parameters": '
        '{"day": "sunday"}}]<|END_ACTION|>',
        "",
        HOURS,
    ),
    "vendor's own, as text": (
        '{"type": "function", "function": {"name": "find_hours", "arguments": '
        '"{\\"day\\": \\"sunday\\"}"}}',
        "",
        HOURS,
    ),
    "a thought": ("<think>The user asks.</think>We open at nine.", "We open at nine.", ()),
    "an empty thought": ("<think>\n\n</think>\n\nYes.", "\n\nYes.", ()),
    "a thought without an end": ("<think>The user asks when we open", "", ()),
    "a thought without a beginning": ("Nine, I believe.</think>At nine.", "At nine.", ()),
    "a musing": ("Okay, so the user asks.\n</think>\n\nAt nine.", "\n\nAt nine.", ()),
    "a musing that ends in a call": (
        'The user asks for hours.\n<tool_call>{"name": "end_call", "arguments": {}}</tool_call>',
        "",
        LEAVE,
    ),
    "what only looks like one": ("The user menu is open.", "The user menu is open.", ()),
    "tokens of the template": ("Yes.<|im_end|>", "Yes.", ()),
    "the next turn's head": (
        "Yes.<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\nNo.",
        "Yes.\n\nNo.",
        (),
    ),
    "a result made up": ("<tool_response>nine</tool_response>At nine.", "At nine.", ()),
    "signs that mean something else": (
        "9 < 10, [laughs] {x} `code` a_b, the functions end",
        "9 < 10, [laughs] {x} `code` a_b, the functions end",
        (),
    ),
    "brackets at the start": ("[sighs] Well. (Yes.)", "[sighs] Well. (Yes.)", ()),
    "a fence around something else": ("```\nx = 1\n```", "```\nx = 1\n```", ()),
}
"""A text, the words of it that are to be said, and the calls in it."""

UNREADABLE: Final = (
    '<tool_call>{"name": "find_hours", "argu',
    "<|tool_calls_section_begin|><|tool_call_begin|>functions.find_hours:0",
    '{"name": "find_hours", "parameters": {"da',
    "```tool_code\nfind_hours(day=\n```",
    "<tool_call>with nothing that makes sense in it!</tool_call>",
)
