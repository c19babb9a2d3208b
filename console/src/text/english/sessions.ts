/** The list of sessions, and one of them. */
export const sessions = {
  title: "Sessions",
  lead: "Every conversation of this tenant, the newest first.",
  empty: {
    title: "No sessions yet",
    body: "A session appears here as soon as it is created: from the Talk page, or by your own code.",
    action: "Start one",
  },
  noMatch: {
    title: "No session is like that",
    body: "Nothing matches all of these filters. Take one away, or look further back.",
  },
  search: "Words that were said",
  searchHint: "All words of one exchange; the last may be only begun.",
  columns: {
    created: "Created",
    status: "Status",
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
  /** The API counts up to ten thousand of what a filter matches. */
  count: (total: number, figure: string) =>
    total === 1 ? "1 session" : `${figure}${total === 10_000 ? " or more" : ""} sessions`,
  turnCount: (count: number) => (count === 1 ? "1 turn" : `${count} turns`),
};
