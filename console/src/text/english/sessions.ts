/** The list of sessions, and one of them. */
export const sessions = {
  title: "Sessions",
  lead: "Every conversation of this tenant, newest first.",
  empty: {
    title: "No sessions yet",
    body: "A session appears here as soon as it is created: from the Talk page, or by your own code.",
    action: "Start a session",
  },
  noMatch: {
    title: "No sessions match",
    body: "Nothing matches all of these filters. Remove one, or look further back.",
  },
  search: "Search transcripts",
  searchHint: "Finds turns that hold all of these words; the last one may be incomplete.",
  columns: {
    created: "Created",
    status: "Status",
    ended: "Ended",
    bot: "Bot",
    language: "Language",
    voice: "Voice",
    model: "Model",
    turns: "Turns",
    duration: "Duration",
  },
  statuses: {
    created: "created",
    active: "live",
    completed: "completed",
    failed: "failed",
    timeout: "timed out",
  },
  /** Why it ended, in a table's cell. */
  reasons: {
    caller_hangup: "caller hung up",
    agent_closed: "agent ended it",
    max_duration: "longest duration",
    no_input: "caller was silent",
    budget_exhausted: "credits ran out",
    api_delete: "through the API",
    agent_error: "agent failed",
    start_failed: "agent never spoke",
    concurrency_limit: "too many sessions",
    timeout: "out of time",
    token_expired: "nobody joined",
  },
  /** The API counts up to ten thousand of what a filter matches. */
  count: (total: number, figure: string) =>
    total === 1 ? "1 session" : `${figure}${total === 10_000 ? " or more" : ""} sessions`,
  turnCount: (count: number) => (count === 1 ? "1 turn" : `${count} turns`),
};
