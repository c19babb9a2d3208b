"""Spoken sums: "what is twelve times seven" -> 84."""

import ast
import operator
import re
from collections.abc import Callable

_UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen"
).split()
_TENS = dict(
    zip("twenty thirty forty fifty sixty seventy eighty ninety".split(), range(20, 100, 10),
        strict=True)
)  # fmt: skip
_NUMBERS = {word: value for value, word in enumerate(_UNITS)} | _TENS
_SCALES = {"hundred": 100, "thousand": 1000}
_SIGNS = (
    (r"multiplied by|times|into|\bx\b|×", "*"),
    (r"divided by|over|÷", "/"),
    (r"plus|added to", "+"),
    (r"minus|take away", "-"),
    (r"(?:percent|per cent|%) of", "/100*"),
)
_LEAD_IN = re.compile(
    r"^(?:.*\b)?(?:what(?:'s| is| are)|how much(?: is|'s)|calculate|compute|work out)\s+"
)
_SUM = re.compile(r"^[\d.]+(?:[*/+-]+[\d.]+)+$")
_OPERATIONS: dict[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}


def answer_sum(question: str) -> str | None:
    """A spoken answer, or None when the question is no sum."""
    text = _LEAD_IN.sub("", question.lower()).strip(" ?.!=")
    for pattern, sign in _SIGNS:
        text = re.sub(pattern, sign, text)
    text = _read_number_words(text.replace(",", "").replace("-", " - "))
    formula = text.replace(" ", "")
    if not _SUM.match(formula):
        return None
    try:
        value = _evaluate(ast.parse(formula, mode="eval").body)
    except ZeroDivisionError:
        return "Nothing can be divided by zero."
    except SyntaxError:
        return None
    return f"That is {value:,.0f}." if value == int(value) else f"That is {value:.2f}."


def _evaluate(node: ast.expr) -> float:
    if isinstance(node, ast.BinOp) and type(node.op) in _OPERATIONS:
        return _OPERATIONS[type(node.op)](_evaluate(node.left), _evaluate(node.right))
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        return float(node.value)
    raise SyntaxError("not a sum")


def _read_number_words(text: str) -> str:
    """ "two hundred and five + 3" -> "205 + 3"."""
    out: list[str] = []
    number: int | None = None
    for word in text.split():
        if word in _NUMBERS:
            number = (number or 0) + _NUMBERS[word]
        elif word in _SCALES and number is not None:
            number *= _SCALES[word]
        elif not (word == "and" and number is not None):
            out += [word] if number is None else [str(number), word]
            number = None
    return " ".join(out if number is None else [*out, str(number)])
