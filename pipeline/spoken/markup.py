"""What a model writes, without what is only for eyes: the text that is recorded.

    ## Plans                          Plans
    - **Basic**, `first_last@x.in`    Basic, first_last@x.in
    ```json {"id": 1} ```
    See [the menu](https://x.y)!      See the menu!

A stream is read word by word: a sign is markup or not by what stands on both sides of it. What is
open at its end (a word, a tag, a link) is held back, up to a bound; a code block is left out, and
ends of lines stay, as the voice makes a pause there.
"""

import re
from typing import Final

from pipeline.spoken.emphasis import Emphasis, is_letter

MOST_HELD: Final = 300
"""Characters that wait for the end of a word, a tag or a link; then they are text."""
CELL: Final = "\t"
"""Between the cells of a table: white space in the record, a pause for the voice."""
READABLE_FENCES: Final = frozenset(("text", "txt", "plaintext", "markdown", "md"))
"""Blocks that hold no code: what is in them is said."""

_SIGN: Final = re.compile(r"[^\w .,?!;:'\"।॥…’‘“”()₹%@/\u0900-\u0dff\u200c\u200d]|_")
"""What markup begins with, and some more."""
_SPACE: Final = re.compile(r"\s+")
_WORD: Final = re.compile(r"[^\s<\[`【]+")
_FENCE: Final = re.compile(r"```+([\w+-]*)")
_TAG: Final = re.compile(
    r"""<(?:!--.*?--|/?([A-Za-z][\w:-]*)(?:\s+[\w:@.-]+\s*=\s*(?:"[^"<>]*"|'[^'<>]*'|[^\s"'<>=]+))*\s*/?)>""",
    re.DOTALL,
)
_TAG_BEGUN: Final = re.compile(r"<(?:[A-Za-z/][^<>]*|!(?:-[^>]*)?)?\Z")
_ADDRESS: Final = re.compile(r"<((?:https?://|mailto:)?[^\s<>]*[@:][^\s<>]+)>")
_LINE_TAGS: Final = frozenset("br p li ul ol div tr table h1 h2 h3 h4 h5 h6 hr".split())
_TAGS: Final = _LINE_TAGS | set(
    "a b i u s em strong del ins mark small big sub sup span font code pre q td th img".split()
)
"""Also right after a letter, where others are no tags: List<int>."""
_LINK: Final = re.compile(
    r"""\[([^\[\]\n]{0,300})\]\(<?[^()\s<>]{0,2000}(?:\([^()\s]{0,200}\)[^()\s]{0,200})?>?"""
    r"""(?:\s+(?:"[^"\n]{0,200}"|'[^'\n]{0,200}'))?\)"""
)
_LINK_BEGUN: Final = re.compile(
    r"\[[^\[\]\n]*(?:\](?:\((?:[^()\n]|\([^()\n]*\))*(?:\([^()\n]*)?|\[[^\[\]\n]{0,80})?)?\Z"
)
_REFERRING: Final = re.compile(r"\[(?!\d+\])([^\[\]\n]{1,300})\]\[[^\[\]\n]{0,80}\]")
_NOTE: Final = re.compile(r"\[\^[^\]\s]{1,20}\]|【[^】\n]{0,60}】")
_NOTE_BEGUN: Final = re.compile(r"【[^】\n]{0,60}\Z")
_BOX: Final = re.compile(r"\[[ xX]\]")
_BULLETS: Final = frozenset("-*+•‣◦▪")
_RULE: Final = re.compile(r"[-*_=]{3,}|[-:|]*-{3,}[-:|]*")
_HEADING: Final = re.compile(r"#{1,6}")


def as_written(text: str) -> str:
    """All of a text without its markup, white space folded."""
    markup = Markup()
    return " ".join((markup.push(text) + markup.end()).split())


class Markup:
    """Feed it a stream; it gives back the text in it, and `end` what was held back."""

    def __init__(self) -> None:
        self._held = self._before = ""
        self._is_end = False
        self._is_line_start = True
        self._is_item = self._is_row = self._is_heading = False
        self._is_code = self._is_block = self._is_readable_block = False
        self._emphasis = Emphasis()

    @property
    def next_sign(self) -> str:
        """The first character that is held back, empty where none is."""
        return self._held[:1]

    def push(self, text: str) -> str:
        """More of the stream."""
        self._held += text
        return self._read()

    def end(self) -> str:
        """There is no more."""
        self._is_end = True
        return self._read()

    def _read(self) -> str:
        if (plain := self._plain()) is not None:
            return plain
        out: list[str] = []
        at = 0
        while at < len(self._held):
            step = self._step(self._held, at)
            if step is None:
                break
            at, text = step
            self._before = self._held[at - 1]
            out.append(text)
        self._held = self._held[at:]
        return "".join(out)

    def _plain(self) -> str | None:
        """The words that are whole, where nothing can be markup, as it mostly is."""
        is_long = len(self._held) >= MOST_HELD
        if self._is_block or self._is_end or is_long or _SIGN.search(self._held):
            return None
        cut = self._held.rfind(" ") + 1
        text, self._held = self._held[:cut], self._held[cut:]
        if text.strip():
            self._before = " "
            self._is_line_start = self._is_item = False
        return text

    def _step(self, text: str, at: int) -> tuple[int, str] | None:
        """Where the next part of `text` ends and what it says; None to wait for its end."""
        if self._is_block:
            return self._skip_block(text, at)
        if space := _SPACE.match(text, at):
            return space.end(), self._space(space.group())
        match text[at]:
            case "`":
                return self._ticks(text, at)
            case "<":
                return self._angle(text, at)
            case "[" | "【":
                return self._bracket(text, at)
        word = _WORD.match(text, at)
        assert word is not None
        if word.end() == len(text) and self._may_wait(at):
            return None
        following = text[word.end() : word.end() + 1] or " "
        return word.end(), self._word(word.group(), following)

    def _may_wait(self, at: int) -> bool:
        return not self._is_end and len(self._held) - at < MOST_HELD

    def _skip_block(self, text: str, at: int) -> tuple[int, str] | None:
        end = text.find("```", at)
        if end < 0:
            kept = 0 if self._is_end else len(text) - len(text.rstrip("`"))
            return (len(text) - kept, "") if len(text) - kept > at else None
        self._is_block = False
        while text.startswith("`", end):
            end += 1
        return end, "\n"

    def _space(self, space: str) -> str:
        if "\n" not in space:
            return " "
        self._is_line_start = True
        self._is_item = self._is_row = self._is_heading = self._is_code = False
        self._emphasis = Emphasis()
        return "\n"

    def _ticks(self, text: str, at: int) -> tuple[int, str] | None:
        """A code block begins or ends, or a few words of code, which are said."""
        end = at
        while text.startswith("`", end):
            end += 1
        if fence := _FENCE.match(text, at):
            if fence.end() == len(text) and self._may_wait(at):
                return None
            is_end = self._is_readable_block
            self._is_readable_block = not is_end and fence[1].casefold() in READABLE_FENCES
            self._is_block = not is_end and not self._is_readable_block
            return (end if is_end else fence.end()), "\n"
        if end == len(text) and self._may_wait(at):
            return None
        if not self._is_code and end < len(text) and is_letter(self._before):
            return end, text[at:end]
        self._is_code = not self._is_code
        self._is_line_start = False
        return end, ""

    def _angle(self, text: str, at: int) -> tuple[int, str] | None:
        if address := _ADDRESS.match(text, at):
            return address.end(), address[1]
        if (tag := _TAG.match(text, at)) and not self._is_type(tag):
            return tag.end(), "\n" if (tag[1] or "").casefold() in _LINE_TAGS else ""
        if _TAG_BEGUN.match(text, at) and self._may_wait(at):
            return None
        return at + 1, self._literal("<")

    def _is_type(self, tag: re.Match[str]) -> bool:
        """List<int> is no tag."""
        is_bare = tag[1] is not None and tag.group() == f"<{tag[1]}>"
        return is_bare and is_letter(self._before) and tag[1].casefold() not in _TAGS

    def _bracket(self, text: str, at: int) -> tuple[int, str] | None:
        if (box := _BOX.match(text, at)) and self._is_item:
            return box.end(), ""
        if note := _NOTE.match(text, at):
            return note.end(), ""
        if link := _LINK.match(text, at) or _REFERRING.match(text, at):
            self._is_line_start = False
            inner = Markup()
            return link.end(), inner.push(link[1]) + inner.end()
        begun = _LINK_BEGUN.match(text, at) or _NOTE_BEGUN.match(text, at)
        if begun and self._may_wait(at):
            return None
        return at + 1, self._literal(text[at])

    def _literal(self, sign: str) -> str:
        self._is_line_start = self._is_item = False
        return sign

    def _word(self, word: str, following: str) -> str:
        """A run of signs without white space; `following` is what comes after it."""
        if self._is_line_start and (begun := self._line_begun(word, following)) is not None:
            return begun
        self._is_line_start = self._is_item = False
        if self._is_code:
            return word
        if self._is_row:
            return CELL.join(
                self._emphasis.without(one, " ") for one in word.split("|") if not _is_ruling(one)
            )
        if word == "!" and following == "[":
            return ""
        if self._is_heading and _HEADING.fullmatch(word):
            return ""
        return self._emphasis.without(word, following)

    def _line_begun(self, word: str, following: str) -> str | None:
        """What the first word of a line says where it is markup; None where it is a word."""
        if _RULE.fullmatch(word) and following.isspace():
            return ""
        if word.startswith("|"):
            self._is_row, self._is_line_start = True, False
            return self._word(word, following)
        if word in _BULLETS and following.isspace():
            self._is_item = True
            return ""
        if _HEADING.fullmatch(word) and following.isspace():
            self._is_heading, self._is_line_start = True, False
            return ""
        if word.startswith(">") and not word[1:2].isdigit():
            rest = word.lstrip(">")
            return self._word(rest, following) if rest else ""
        return None


def _is_ruling(cell: str) -> bool:
    """Whether it is a part of the line between a table's head and body."""
    return bool(cell) and not cell.strip("-:") and "-" in cell
