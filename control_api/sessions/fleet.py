"""The fleet that has to have a place for a session, as the settings have it."""

from core.setting_groups import CONNECTIONS_A_CALL
from core.settings import Settings
from store.admission import Fleet


def fleet_of(settings: Settings) -> Fleet:
    """The workers that the API sends for, and the calls that the speech service's sockets bear."""
    sockets = settings.sarvam.connections.items()
    calls = {service: n // CONNECTIONS_A_CALL[service] for service, n in sockets}
    return Fleet(settings.livekit.agent_name, settings.admission.hold_s, calls)
