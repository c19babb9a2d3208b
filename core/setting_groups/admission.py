"""Which sessions are taken while others are there."""

from core.setting_groups.group import Group, setting


class AdmissionSettings(Group):
    """Places for sessions in the workers that there are."""

    hold_s: float = setting(
        "ADMISSION_HOLD_S",
        60.0,
        "seconds that a created session keeps its place in a worker until its caller comes",
        ge=1,
        le=3600,
    )
