"""Imported once in the fork server: what every session needs and would pay for at first use."""

import openai.resources  # noqa: F401

import agent.entrypoint  # noqa: F401
from pipeline import detector

detector.preload()
