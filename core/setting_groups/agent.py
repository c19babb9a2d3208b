"""The conversation, and the worker that holds it."""

from typing import Self

from pydantic import model_validator

from core.setting_groups.group import Group, setting


class TurnSettings(Group):
    """Taking turns: the operator's defaults."""

    min_endpointing_delay_ms: int = setting(
        "MIN_ENDPOINTING_DELAY_MS", 200, "silence after a complete sentence", ge=60, le=5000
    )
    max_endpointing_delay_ms: int = setting(
        "MAX_ENDPOINTING_DELAY_MS", 1200, "silence after an unfinished one", ge=60, le=10000
    )
    early_answers: int = setting(
        "EARLY_ANSWERS",
        3,
        "answers a turn may start before the caller is silent, wrong ones are paid for; 0: none",
        ge=0,
        le=20,
    )
    max_turn_s: float = setting(
        "MAX_TURN_S",
        30.0,
        "of a caller's turn that does not end; it is answered, then asked about, then no_input",
        ge=5,
        le=600,
    )
    acknowledge_after_ms: int = setting(
        "ACKNOWLEDGE_AFTER_MS",
        0,
        'silence after which a late answer is preceded by a short "hmm"; 0: never',
        ge=0,
        le=10000,
    )
    idle_prompt_s: float = setting(
        "IDLE_PROMPT_S", 20.0, "silence before a caller is asked if they are there; 0: never", ge=0
    )

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.max_endpointing_delay_ms < self.min_endpointing_delay_ms:
            raise ValueError("MAX_ENDPOINTING_DELAY_MS is below MIN_ENDPOINTING_DELAY_MS")
        return self


class AgentSettings(Group):
    """The worker."""

    capacity: int = setting("AGENT_CAPACITY", 8, "sessions one worker takes at once", ge=1, le=1000)
    idle_processes: int = setting(
        "AGENT_IDLE_PROCESSES", 2, "warm processes waiting for a session, at least", ge=0, le=64
    )
    idle_processes_most: int = setting(
        "AGENT_IDLE_PROCESSES_MOST",
        8,
        "the most of them, where as many sessions come at once",
        ge=0,
        le=64,
    )
    host: str = setting("AGENT_HOST", "127.0.0.1", "address of the worker's health page")
    port: int = setting(
        "AGENT_PORT", 8081, "port of the worker's health page; 0: any", ge=0, le=65535
    )
    metrics_port: int = setting(
        "AGENT_METRICS_PORT", 9091, "port of the worker's /metrics; 0: any", ge=0, le=65535
    )
    drain_s: float = setting(
        "DRAIN_S",
        30.0,
        "seconds a stopping worker's sessions go on before they are handed to another worker",
        ge=0,
    )
    drain_timeout_s: int = setting(
        "AGENT_DRAIN_TIMEOUT_S",
        3700,
        "seconds a stopping worker waits for sessions that no other worker takes",
        ge=0,
    )
    start_timeout_s: float = setting(
        "AGENT_START_TIMEOUT_S", 15.0, "seconds from the caller's joining to the first word", gt=0
    )
    rejoin_grace_s: float = setting(
        "REJOIN_GRACE_S", 20.0, "seconds a caller who dropped off may come back in", ge=0, le=3600
    )
    joins_ahead_s: int = setting(
        "AGENT_JOINS_AHEAD_S",
        0,
        "seconds for which a create has an agent wait for its caller in the room; 0: the caller's "
        "connection sends for it",
        ge=0,
        le=60,
    )
    journal_dir: str = setting(
        "AGENT_JOURNAL_DIR",
        ".data/journal",
        "folder for rows that Postgres is away for, on a volume that outlives the worker; "
        "empty: none",
    )
    journal_max_mb: int = setting(
        "AGENT_JOURNAL_MAX_MB", 256, "megabytes that this folder may hold", ge=1
    )
    repertoire_dir: str = setting(
        "AGENT_REPERTOIRE_DIR",
        ".data/repertoire",
        "folder for the sound of clauses that recur, shared by a machine's workers; empty: none",
    )
    repertoire_max_mb: int = setting(
        "AGENT_REPERTOIRE_MAX_MB", 64, "megabytes that this folder may hold", ge=1
    )
