"""Imported once in the fork server: what every session needs and would pay for at first use."""

import agent.entrypoint  # noqa: F401
from pipeline import detector
from pipeline.providers import openai_warm_up, tls

detector.preload()
openai_warm_up.run()
tls.trust()
