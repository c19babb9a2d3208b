"""The fleet that has to have a place for a session, as the settings have it."""

from core.settings import Settings
from store.admission import Fleet


def fleet_of(settings: Settings) -> Fleet:
    """The workers that the API sends for."""
    return Fleet(settings.livekit.agent_name, settings.admission.hold_s)
