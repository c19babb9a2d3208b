"""A scripted caller: joins a session as any LiveKit client would, speaks clips, hears the agent.

`vaarta say`, the end-to-end tests and the benchmarks share it. All of its stamps are seconds of
one monotonic clock (`time.monotonic`), so that what was sent and what was heard compare.
"""
