"""Loaded by Schemathesis: what keeps its requests from being refused before they are looked at.

It makes the same few idempotency keys up again and again, and a key that comes with another body
is a 409. Addresses for webhooks become one on this machine where nobody listens: names that it
makes up would be looked up, and somebody might be there.
"""

import re
from typing import Any, Final
from uuid import uuid4

import schemathesis

_NAME: Final = "Idempotency-Key"
_GOOD: Final = re.compile(r"[!-~]([ -~]{0,253}[!-~])?")
_URL: Final = re.compile(r"https?://[!-~]+")
_URL_FIELDS: Final = ("url", "webhook_url")
_NOBODY: Final = "http://127.0.0.1:9/webhooks"


@schemathesis.hook
def before_call(context: schemathesis.HookContext, case: Any, kwargs: dict[str, Any]) -> None:
    """Replace header and addresses, unless they are bad ones on purpose."""
    headers: dict[str, Any] = case.headers or {}
    if isinstance(given := headers.get(_NAME), str) and _GOOD.fullmatch(given):
        headers[_NAME] = str(uuid4())
    body = case.body if isinstance(case.body, dict) else {}
    for name in _URL_FIELDS:
        if isinstance(url := body.get(name), str) and _URL.fullmatch(url):
            body[name] = _NOBODY
