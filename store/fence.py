"""What keeps a job that was replaced from writing: every statement of a job begins with this."""


def held(epoch_argument: int) -> str:
    """The CTE `held (id, tenant_id)`: the session `$1`, locked, if its epoch is `$n`, else empty.

    A claim takes the same lock before it raises the epoch, so it waits for what was written under
    the old one, and what comes after it sees the new one.
    """
    return f"""held AS (
    SELECT id, tenant_id FROM sessions WHERE id = $1 AND epoch = ${epoch_argument}
    FOR NO KEY UPDATE
)"""  # noqa: S608 - a number is filled in
