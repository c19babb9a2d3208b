"""`vaarta say`: be a caller from the terminal.

Exit codes: 0 every file and text was answered; 1 the call could not be made, broke off, or
something was not answered; 2 wrong use: options, files, no address or key; 130 Ctrl-C.
"""

import argparse
import asyncio
import os
import sys
from pathlib import Path
from typing import Any, Final

from cli.dev.state import load_dev_state
from core.errors import ConfigError

UNANSWERED: Final = 1
WRONG_USE: Final = 2
INTERRUPTED: Final = 130

_SESSION_OPTIONS: Final = {
    "voice": "voice",
    "language": "language",
    "model": "llm_model",
    "prompt": "system_prompt",
    "greeting": "greeting",
}


def add_parser(subparsers: Any) -> None:
    parser = subparsers.add_parser(
        "say",
        help="call an agent: play sound files or send text, and read the answers",
        description="Creates a session, speaks each file (or sends each text) when the agent has"
        " finished, prints both transcripts as they happen and each turn's latencies in ms.",
    )
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE.wav", help="sound to speak")
    parser.add_argument("--text", action="append", default=[], help="send text instead; repeatable")
    parser.add_argument("--api-url", help="default: VAARTA_API_URL, else the `vaarta dev` here")
    parser.add_argument("--key", help="default: VAARTA_API_KEY, else that of `vaarta dev`")
    parser.add_argument("--record", type=Path, metavar="OUT.wav", help="write what the agent said")
    for name, field in _SESSION_OPTIONS.items():
        parser.add_argument(f"--{name}", help=f"the session's {field}")
    parser.add_argument(
        "--format", choices=("json", "txt", "srt"), help="end with the stored transcript"
    )
    parser.add_argument("--json", action="store_true", help="one JSON object instead of text")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Make the call; returns an exit code."""
    from cli.caller.errors import CallerError, ClipError
    from cli.caller.say_call import SayPlan, make_call

    if not args.files and not args.text:
        return _fail("say: name a sound file, or give --text", WRONG_USE)
    try:
        api_url, api_key = find_address(args.api_url, args.key)
        plan = SayPlan(
            api_url=api_url,
            api_key=api_key,
            files=tuple(args.files),
            texts=tuple(args.text),
            body=session_body(args),
            record=args.record,
            transcript_format=args.format,
            as_json=args.json,
        )
        return 0 if asyncio.run(make_call(plan)) else UNANSWERED
    except (ConfigError, ClipError) as exc:
        return _fail(str(exc), WRONG_USE)
    except (CallerError, OSError) as exc:
        return _fail(str(exc), UNANSWERED)
    except KeyboardInterrupt:
        return INTERRUPTED


def find_address(api_url: str | None, api_key: str | None) -> tuple[str, str]:
    """Options, then the environment, then the running `vaarta dev`. Raises ConfigError."""
    api_url = api_url or os.environ.get("VAARTA_API_URL")
    api_key = api_key or os.environ.get("VAARTA_API_KEY")
    if api_url and api_key:
        return api_url, api_key
    state = load_dev_state()
    if state is not None and state.running is not None:
        api_url = api_url or state.running.api_url
        api_key = api_key or state.api_key
    if not api_url:
        raise ConfigError("no API: start `vaarta dev` in this folder, or give --api-url")
    if not api_key:
        raise ConfigError(f"no key for {api_url}: give --key or VAARTA_API_KEY")
    return api_url, api_key


def session_body(args: argparse.Namespace) -> dict[str, str]:
    given = {field: getattr(args, name) for name, field in _SESSION_OPTIONS.items()}
    return {field: value for field, value in given.items() if value is not None}


def _fail(message: str, code: int) -> int:
    print(message, file=sys.stderr)
    return code
