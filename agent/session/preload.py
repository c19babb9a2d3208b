"""Imported once in the fork server: what every session needs and would pay for at first use."""

from livekit.agents.utils import http_context

import agent.session.entrypoint  # noqa: F401
from pipeline import detector
from pipeline.providers import chat_marks, openai_warm_up, sarvam_wire, tls
from pipeline.tool_use import END_CALL

detector.preload()
openai_warm_up.run()
sarvam_wire.preload()
chat_marks.marks_of([END_CALL])
tls.trust()
tls.socket_trust()
http_context._create_ssl_context()
