"""Every metric of both processes: name, unit, labels, meaning.

Labels hold catalog ids and outcomes only, never text, ids of sessions or keys.
"""

from typing import Final

from prometheus_client import Counter, Gauge, Histogram

from core.setting_groups import CONNECTIONS_A_CALL, UPSTREAMS

# 50 ms steps where people notice, coarser where the answer is late anyway.
LATENCY_BUCKETS_S: Final = (
    *(step / 1000 for step in range(50, 1001, 50)),
    1.25,
    1.5,
    2.0,
    3.0,
    5.0,
    10.0,
)

HTTP_REQUESTS: Final = Counter(
    "vaarta_http_requests_total", "Answered API requests.", ["route", "method", "status"]
)
HTTP_SECONDS: Final = Histogram(
    "vaarta_http_request_seconds",
    "Seconds from a request's head to its answer's end.",
    ["route", "method"],
    buckets=(0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0),
)
REFUSALS: Final = Counter(
    "vaarta_refusals_total", "Errors that the API answered with, by their code.", ["code"]
)
EVENT_STREAMS: Final = Gauge("vaarta_event_streams", "Streams of events that are open right now.")
DATABASE_WAIT_SECONDS: Final = Histogram(
    "vaarta_database_wait_seconds",
    "Seconds that a piece of work waits for a connection to Postgres, connecting included.",
    ["pool"],
    buckets=(0.0005, 0.001, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0),
)
DATABASE_WAITS_FAILED: Final = Counter(
    "vaarta_database_waits_failed_total", "Pieces of work that got no connection in time.", ["pool"]
)
TASKS_ENDED: Final = Counter(
    "vaarta_tasks_ended_total", "Ends of background tasks that nobody asked for.", ["task"]
)
LISTENER_HEARD: Final = Gauge(
    "vaarta_listener_heard_timestamp_seconds",
    "When a listener, the API's for live events, last heard the notification that it sends itself "
    "every five seconds, as Unix time; 0: never. No listener, as in a worker: no value.",
    ["listener"],
)
LISTENER_LOSSES: Final = Counter(
    "vaarta_listener_losses_total",
    "Times that the listener for live events began anew: its connection was lost, or it was deaf "
    "on one that stood.",
    ["reason"],
)
TASKS_DOWN: Final = Gauge(
    "vaarta_tasks_down",
    "Background tasks that ended and have not run well since: 1, else 0.",
    ["task"],
    multiprocess_mode="livesum",
)
TASK_LOOKED: Final = Gauge(
    "vaarta_task_last_look_timestamp_seconds",
    "When a background loop was last done with a look, in seconds since 1970.",
    ["task"],
    multiprocess_mode="max",
)
SPANS_LOST: Final = Counter(
    "vaarta_spans_lost_total", "Spans that the collector of traces did not take in time."
)
SESSIONS_CREATED: Final = Counter("vaarta_sessions_created_total", "Sessions created.")
SESSIONS_REFUSED: Final = Counter(
    "vaarta_sessions_refused_total",
    "Sessions that were not created: a tenant's own rate, credits, budget, places or suspension; "
    "every place of the fleet taken, no worker that takes sessions, or every socket of the speech "
    "service (`stt-ws`, `tts-ws`) that it allows.",
    ["reason"],
)
SESSIONS_WAITING: Final = Gauge(
    "vaarta_sessions_waiting", "Creates that wait in this process for a place in the fleet."
)
SESSIONS_ACTIVE: Final = Gauge(
    "vaarta_sessions_active",
    "Sessions that this worker is holding right now.",
    multiprocess_mode="livesum",
)
SESSIONS_CAPACITY: Final = Gauge(
    "vaarta_sessions_capacity", "Sessions that this worker takes at once.", multiprocess_mode="max"
)
WARM_PROCESSES: Final = Gauge(
    "vaarta_warm_processes",
    "Processes of this worker that wait warm for a session.",
    multiprocess_mode="livesum",
)
WARM_PROCESSES_WANTED: Final = Gauge(
    "vaarta_warm_processes_wanted",
    "Processes of this worker that should, by how many sessions came at once of late.",
    multiprocess_mode="livesum",
)
FLEET_WORKERS: Final = Gauge(
    "vaarta_fleet_workers",
    "Workers that are there, taking sessions or draining. As one API process sees it.",
    ["state"],
)
FLEET_SESSIONS: Final = Gauge(
    "vaarta_fleet_sessions", "Sessions that all workers hold. As one API process sees it."
)
FLEET_CAPACITY: Final = Gauge(
    "vaarta_fleet_capacity",
    "Sessions that all workers take that do not drain. As one API process sees it.",
)
FLEET_PLACES_USED: Final = Gauge(
    "vaarta_fleet_places_used",
    "Places of that capacity that are taken: by sessions there, by those that move there, and by "
    "created ones whose caller has yet to come. Creates are refused by it. As one API process "
    "sees it.",
)
SPEECH_SOCKETS: Final = Gauge(
    "vaarta_fleet_speech_sockets",
    "Sockets of the speech service that calls have, or will have once their caller comes. As one "
    "API process sees it.",
    ["service"],
)
SPEECH_SOCKETS_ALLOWED: Final = Gauge(
    "vaarta_fleet_speech_sockets_allowed",
    "Those that the account may hold at once, as the settings say; without a limit not there.",
    ["service"],
)
JOBS_REFUSED: Final = Counter(
    "vaarta_jobs_refused_total",
    "Jobs that were not taken: their session is over, this worker has one for it that waits for a "
    "process (doubled), or its agent has renewed its lease (held).",
    ["reason"],
)
SESSIONS_ENDED: Final = Counter(
    "vaarta_sessions_ended_total", "Sessions ended by this process.", ["end_reason"]
)
ROWS_LOST: Final = Counter(
    "vaarta_rows_lost_total",
    "Rows of sessions that nobody will write any more: turn, charges, substitution, end.",
    ["row"],
)
RECORDINGS: Final = Counter(
    "vaarta_recordings_total",
    "Pieces of recordings: stored, or refused as their session was erased or is not known.",
    ["outcome"],
)
RECORDING_SECONDS_LOST: Final = Counter(
    "vaarta_recording_seconds_lost_total",
    "Seconds of sound that were to be recorded and are in no recording.",
)
SUCCESSORS_SENT: Final = Counter(
    "vaarta_successors_sent_total", "Agents sent for in the place of one whose lease ran out."
)
RECOVERIES: Final = Counter(
    "vaarta_recoveries_total", "Sessions taken over from a worker that was gone."
)
START_SECONDS: Final = Histogram(
    "vaarta_start_seconds",
    "Seconds from the offer of a session's job to a worker until each moment of its start; "
    "`sounded`: the greeting's first sound left.",
    ["moment"],
    buckets=LATENCY_BUCKETS_S,
)
TURN_SECONDS: Final = Histogram(
    "vaarta_turn_seconds",
    "Seconds of one stage of a turn; stages as in the transcript, and `acknowledged`.",
    ["stage", "language"],
    buckets=LATENCY_BUCKETS_S,
)
TURNS: Final = Counter("vaarta_turns_total", "Turns by how they ended.", ["interrupted"])
ANSWERS_DISCARDED: Final = Counter(
    "vaarta_answers_discarded_total",
    "Answers that were prepared before the caller's turn was over, and thrown away.",
)
TURN_TOKENS: Final = Counter(
    "vaarta_turn_tokens_total",
    "Tokens that models read (input) and wrote (output) for turns: used in an answer that was "
    "heard, or discarded with one that nobody heard.",
    ["direction", "fate"],
)
TURN_CHARACTERS: Final = Counter(
    "vaarta_turn_characters_total",
    "Characters that voices were given for turns: used or discarded, as tokens are.",
    ["fate"],
)
PRUNED: Final = Counter(
    "vaarta_pruned_total",
    "Rows that had been kept for long enough: transcripts erased, deliveries and audit deleted.",
    ["kind"],
)
TOOL_CALLS: Final = Counter(
    "vaarta_tool_calls_total", "Calls of tools: succeeded, failed or cancelled.", ["outcome"]
)
TOOL_SECONDS: Final = Histogram(
    "vaarta_tool_call_seconds",
    "Seconds from a call's check to its answer's end, or to its failure.",
    buckets=(0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 30.0),
)
LLM_REQUESTS: Final = Counter(
    "vaarta_llm_requests_total",
    "Requests to language models: answered, failed, outrun by another's answer, or left as nobody "
    "wanted (more of) the answer.",
    ["upstream", "outcome"],
)
LLM_HEDGES: Final = Counter(
    "vaarta_llm_hedges_total",
    "Requests made beside one that was late, stalled or raced: won, lost or failed.",
    ["outcome"],
)
LLM_BREAKERS: Final = Counter(
    "vaarta_llm_breaker_openings_total",
    "Times that a route was left alone for a while, as it failed too often or denied everything.",
    ["upstream"],
)
LLM_SUBSTITUTIONS: Final = Counter(
    "vaarta_llm_substitutions_total",
    "Answers by another upstream than the model's first, by who gave them.",
    ["upstream"],
)
VOICE_CLAUSES: Final = Counter(
    "vaarta_voice_clauses_total",
    "Texts spoken on their own: made by the voice, or kept from an earlier reply and not charged.",
    ["source"],
)
# A count that was never made is not there, and the first one would be no increase to an alert.
for _reason in ("rate", "credits", "budget", "places", "suspended"):
    SESSIONS_REFUSED.labels(_reason)
for _reason in ("fleet", "no_worker", *CONNECTIONS_A_CALL):
    SESSIONS_REFUSED.labels(_reason)
for _reason in ("over", "doubled", "held"):
    JOBS_REFUSED.labels(_reason)
for _end_reason in ("agent_error", "start_failed"):
    SESSIONS_ENDED.labels(_end_reason)
for _row in ("turn", "charges", "substitution", "end", "unknown"):
    ROWS_LOST.labels(_row)
for _upstream in UPSTREAMS:
    LLM_BREAKERS.labels(_upstream)

ANALYSES: Final = Counter(
    "vaarta_analyses_total",
    "Analyses of sessions that are over: ready, or why they failed.",
    ["outcome"],
)
WEBHOOK_ATTEMPTS: Final = Counter(
    "vaarta_webhook_attempts_total", "Webhook attempts: succeeded, retried or failed.", ["outcome"]
)
WEBHOOKS_DUE: Final = Gauge(
    "vaarta_webhooks_due",
    "Deliveries that are due and not under way, counted to 10,000. As one API process sees it.",
)
WEBHOOK_OLDEST_DUE_SECONDS: Final = Gauge(
    "vaarta_webhook_oldest_due_seconds",
    "Seconds since the oldest of them was due. As one API process sees it.",
)
WEBHOOK_SECONDS: Final = Histogram(
    "vaarta_webhook_attempt_seconds",
    "Seconds of one attempt, from the look at the name to the answer's head.",
    buckets=(0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0),
)
