"""Which sessions are taken while others are there."""

from core.setting_groups.group import Group, setting


class AdmissionSettings(Group):
    """Places for sessions in the workers that there are."""

    hold_s: float = setting(
        "ADMISSION_HOLD_S",
        15.0,
        "seconds that a created session keeps its place in a worker until its caller comes",
        ge=1,
        le=3600,
    )
    wait_s: float = setting(
        "ADMISSION_WAIT_S",
        2.0,
        "seconds that a create waits for a place before it is refused; 0: not at all",
        ge=0,
        le=5,
    )
    waiters: int = setting(
        "ADMISSION_WAITERS", 100, "creates that may wait in one process; more are refused", ge=0
    )
